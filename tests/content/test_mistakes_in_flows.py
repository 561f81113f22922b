"""Content that loads, but whose steps, topics or intents are wrong."""

from __future__ import annotations

from datetime import date

from bot.content.checks import render
from tests.content.mistake import ContentFolder, Mistake, each

PAUSED = "flows/removal_paused/flow.yaml"
DANGER = "flows/danger/flow.yaml"
SHARED = "flows/shared/flow.yaml"
ENGLISH = "flows/shared/en.yaml"
SPANISH = "flows/shared/es.yaml"


@each(
    Mistake(
        "unknown next step",
        PAUSED,
        "not_sure: done}",
        "not_sure: dnoe}",
        "Step 'order' leads to 'dnoe', but there is no such step. Did you mean 'done'?",
        at="dnoe",
    ),
    Mistake(
        "unknown start",
        "flows/talk_to_person/flow.yaml",
        "start: person",
        "start: persn",
        "The flow starts at 'persn', but there is no such step. Did you mean 'person'?",
        at="start:",
    ),
    Mistake(
        "unknown topic to go to",
        PAUSED,
        "{go: find_lawyer}",
        "{go: find_a_lawyer}",
        "Step 'lawyer' names the topic 'find_a_lawyer', but there is no such folder. "
        "Did you mean 'find_lawyer'?",
        at="find_a_lawyer",
    ),
    Mistake(
        "unknown topic at the end",
        PAUSED,
        "{end: [find_lawyer, talk_to_person]}",
        "{end: [find_lawyer, talk_to_persons]}",
        "Step 'done' names the topic 'talk_to_persons', but there is no such folder. "
        "Did you mean 'talk_to_person'?",
        at="talk_to_persons",
    ),
    Mistake(
        "unknown topic in the menu",
        SHARED,
        "menu: [removal_paused,",
        "menu: [removal_pausd,",
        "The menu names the topic 'removal_pausd', but there is no such folder. "
        "Did you mean 'removal_paused'?",
        at="menu:",
    ),
    Mistake(
        "step that nothing leads to",
        PAUSED,
        "",
        "  forgotten: {go: find_lawyer}\n",
        "Nothing leads to step 'forgotten'. Let a step lead to it, or remove it.",
        at="forgotten:",
    ),
    Mistake(
        "round and round without a question",
        "flows/find_lawyer/flow.yaml",
        "done: {end: [talk_to_person]}",
        "done: {say: where, next: where}",
        "These steps go round for ever without a question: where → done. "
        "Let one of them end, or ask something in between.",
        at="where: {say",
    ),
    Mistake(
        "round and round between topics",
        "flows/find_lawyer/flow.yaml",
        "done: {end: [talk_to_person]}",
        "done: {go: find_lawyer}",
        "These steps go round for ever without a question: where → done. "
        "Let one of them end, or ask something in between.",
        at="where: {say",
    ),
    Mistake(
        "a question that never ends",
        PAUSED,
        "answers: {yes: lawyer, no: by_person, not_sure: done}\n"
        "  by_person:\n    branch: about\n    cases: {relative: done}\n    else: lawyer\n"
        "  lawyer: {go: find_lawyer}\n"
        "  done: {end: [find_lawyer, talk_to_person]}\n",
        "answers: {yes: then, no: then, not_sure: then}\n",
        "From step 'whose' no way leads to an end. "
        "Let some step end, escalate or go to another topic.",
        at="whose:",
    ),
    Mistake(
        "an answer that is met with silence",
        PAUSED,
        "{end: [find_lawyer, talk_to_person]}",
        "{end: []}",
        "Whoever answers 'not_sure' in step 'order' hears nothing back. "
        "Say something before the end, or offer topics: end: [find_lawyer].",
        at="not_sure",
    ),
    Mistake(
        "branch by something nobody asks",
        PAUSED,
        "branch: about",
        "branch: whom",
        "Step 'by_person' goes by 'whom', but no question remembers that. Possible are: about.",
        at="branch:",
    ),
    Mistake(
        "case that no answer gives",
        PAUSED,
        "cases: {relative: done}",
        "cases: {relatives: done}",
        "Step 'by_person' has the case 'relatives', which no answer gives. "
        "Did you mean 'relative'?",
        at="relatives",
    ),
    Mistake(
        "deed that does not exist",
        PAUSED,
        "lawyer: {go: find_lawyer}",
        "lawyer: {do: forgt}",
        "'do' of step 'lawyer' cannot be 'forgt'. Did you mean 'forget'?",
        at="forgt",
    ),
)
def test_steps(folder: ContentFolder, mistake: Mistake) -> None:
    printed, expected = mistake.found_in(folder)
    assert printed == expected


@each(
    Mistake(
        "unknown intent",
        PAUSED,
        "intents: [removal_paused]",
        "intents: [removal_paused, removal_pause]",
        "There is no intent 'removal_pause' in nlu_data/intents.yml. "
        "Did you mean 'removal_paused'?",
        at="intents:",
    ),
    Mistake(
        "intent that two topics claim",
        PAUSED,
        "intents: [removal_paused]",
        "intents: [removal_paused, find_lawyer]",
        "The intent 'find_lawyer' also leads to the topic 'find_lawyer'. "
        "Let it lead to one of them.",
        at="intents:",
    ),
    Mistake(
        "urgent topic that begins with a question",
        DANGER,
        "  safe: {say: safe, next: person}\n",
        "  safe: {ask: shared/whose, answers: {self: told, relative: told}}\n"
        "  told: {say: safe, next: person}\n",
        "An urgent topic has to begin with safety information, not with a question. "
        "Let it start with a 'say' step.",
        at="safe: {ask",
    ),
    Mistake(
        "urgent topic without an advocate",
        DANGER,
        "{escalate: urgent}",
        "{end: [find_lawyer]}",
        "This urgent topic never offers an advocate. Add a step with 'escalate: urgent'.",
        at="topic:",
    ),
)
def test_topics(folder: ContentFolder, mistake: Mistake) -> None:
    printed, expected = mistake.found_in(folder)
    assert printed == expected


def test_urgent_intent_in_a_topic_that_is_not(folder: ContentFolder) -> None:
    folder.change(DANGER, "urgency: urgent", "urgency: soon")
    unknown = "error: The emergency 'danger_threats' is not an intent of an urgent topic."
    lines = {f: folder.line(f, "danger_threats:") for f in (ENGLISH, SPANISH)}
    assert render(folder.check().problems).splitlines() == [
        (
            f"{DANGER}:2: error: The intent 'danger_threats' is urgent, but this topic is not. "
            "Write urgency: urgent."
        ),
        *(f"{file}:{line}: {unknown}" for file, line in lines.items()),
    ]


def test_no_way_to_ask_for_a_person(folder: ContentFolder) -> None:
    for name in ("flow", "en", "es"):
        (folder.flows / "talk_to_person" / f"{name}.yaml").unlink()
    told = render(folder.check().problems).splitlines()
    assert (
        "flows/talk_to_person/flow.yaml: error: The topic 'talk_to_person' is missing. "
        "Write it; everybody may ask for a person." in told
    )


def test_content_past_its_day_warns_and_stops_a_release(folder: ContentFolder) -> None:
    folder.change(PAUSED, "2027-05-31", "2026-11-24")
    place = f"{PAUSED}:{folder.line(PAUSED, 'good_until')}"
    told = "This was good until 2026-11-24, which is over. "
    remedy = "Have it checked against the facts, then write a new day."
    assert render(folder.check().problems) == f"{place}: warning: {told}{remedy}"
    assert f"{place}: error: {told}{remedy}" in render(folder.check(release=True).problems)


def test_content_is_good_until_the_end_of_its_day(folder: ContentFolder) -> None:
    assert folder.check(today=date(2027, 5, 31)).problems == ()
    assert len(folder.check(today=date(2027, 6, 1)).problems) == 5


def test_a_missing_list_of_intents_is_told(folder: ContentFolder) -> None:
    (folder.home / "nlu_data" / "intents.yml").unlink()
    report = folder.check()
    assert render(report.problems) == (
        "nlu_data/intents.yml: warning: There is no list of intents, so none was checked."
    )
    assert not report.has_errors


def test_a_missing_fact_sheet_is_told(folder: ContentFolder) -> None:
    folder.facts.unlink()
    assert render(folder.check().problems) == (
        "docs/facts.md: error: There is no fact sheet, so no fact number was checked."
    )
