"""Keys and values that the format does not know."""

from __future__ import annotations

from tests.content.mistake import ContentFolder, Mistake, each

PAUSED = "flows/removal_paused/flow.yaml"
ENGLISH = "flows/removal_paused/en.yaml"
SHARED = "flows/shared/en.yaml"


@each(
    Mistake(
        "misspelt key of a step",
        PAUSED,
        "    next: order",
        "    nxt: order",
        "Step 'then' has the unknown key 'nxt'. Did you mean 'next'?",
        at="nxt:",
    ),
    Mistake(
        "misspelt kind of step",
        PAUSED,
        "lawyer: {go: find_lawyer}",
        "lawyer: {goto: find_lawyer}",
        "Step 'lawyer' has the unknown key 'goto'. Did you mean 'go'?",
        at="goto:",
    ),
    Mistake(
        "unknown key of a file",
        PAUSED,
        "start: whose",
        "start: whose\ncolour: red",
        "This file has the unknown key 'colour'. Possible are: topic, owner, good_until, start, "
        "messages, steps, intents, urgency, starts.",
        at="colour:",
    ),
    Mistake(
        "prose in the shape",
        PAUSED,
        "start: whose",
        "start: whose\ntitle: Is it on hold?",
        "This file has the unknown key 'title'. Possible are: topic, owner, good_until, start, "
        "messages, steps, intents, urgency, starts.",
        at="title:",
    ),
    Mistake(
        "missing key",
        PAUSED,
        "owner: content team\n",
        "",
        "This file lacks 'owner'. Add a line 'owner: ...'.",
        at="topic:",
    ),
    Mistake(
        "step that does two things",
        PAUSED,
        "done: {end: [find_lawyer, talk_to_person]}",
        "done: {end: [find_lawyer], go: find_lawyer}",
        "Step 'done' has go and end, but a step does one thing only. Make two steps of it.",
        at="done: {end",
    ),
    Mistake(
        "step that does nothing",
        PAUSED,
        "  lawyer: {go: find_lawyer}",
        "  lawyer: {next: done}",
        "Step 'lawyer' does nothing. Give it one of: say, ask, date, list, branch, escalate, go, "
        "do, end.",
        at="  lawyer:",
    ),
    Mistake(
        "step that says nothing",
        PAUSED,
        "say: [pause_then]",
        "say: []",
        "'say' of step 'then' is empty. Write at least one between [ and ].",
        at="say:",
    ),
    Mistake(
        "step without a next one",
        PAUSED,
        "    next: order\n",
        "",
        "Step 'then' lacks 'next'. Add a line 'next: ...'.",
        at="say:",
    ),
    Mistake(
        "question without answers",
        PAUSED,
        "    answers: {yes: lawyer, no: by_person, not_sure: done}\n",
        "",
        "Step 'order' lacks 'answers'. Add a line 'answers: ...'.",
        at="ask: order",
    ),
    Mistake(
        "question with no answer in it",
        PAUSED,
        "answers: {yes: lawyer, no: by_person, not_sure: done}",
        "answers: {}",
        "'answers' of step 'order' is empty. Write at least one 'name: value'.",
        at="answers: {}",
    ),
    Mistake(
        "asked once but not remembered",
        PAUSED,
        "    remember: about\n",
        "",
        "Step 'whose' is asked once but its answer is not remembered. "
        "Add 'remember: NAME', or remove 'once'.",
        at="ask: shared/whose",
    ),
    Mistake(
        "unknown reason",
        "flows/danger/flow.yaml",
        "escalate: urgent",
        "escalate: quickly",
        "'escalate' of step 'person' cannot be 'quickly'. Possible are: asked, urgent.",
        at="escalate:",
    ),
    Mistake(
        "unknown urgency",
        "flows/danger/flow.yaml",
        "urgency: urgent",
        "urgency: urgnt",
        "'urgency' cannot be 'urgnt'. Did you mean 'urgent'?",
        at="urgency:",
    ),
    Mistake(
        "no day",
        PAUSED,
        '"2027-05-31"',
        '"May 2027"',
        "'good_until' is not a day: 'May 2027'. Write year-month-day: \"2027-05-31\".",
        at="good_until:",
    ),
    Mistake(
        "other topic than the folder",
        PAUSED,
        "topic: removal_paused",
        "topic: removal_on_hold",
        "'topic' says 'removal_on_hold' but the folder is called 'removal_paused'. "
        "Make them the same.",
        at="topic:",
    ),
    Mistake(
        "unknown command",
        SHARED,
        "    person: [agent]",
        "    human: [agent]",
        "'commands' has the unknown key 'human'. Possible are: menu, language, person, delete, "
        "repeat, restart, leave, stop, help, source.",
        at="human:",
    ),
    Mistake(
        "only one of two wordings",
        ENGLISH,
        "    relative: |-\n      In January 2023 ICE said it would not deport your relative "
        "for 30 days.\n      That time is over. Ask a lawyer what is true today.\n",
        "",
        "Message 'pause_then' lacks 'relative'. Add a line 'relative: ...'.",
        at="self: |-",
    ),
    Mistake(
        "budget that is no number",
        "flows/languages.yaml",
        "max_segments: 5",
        "max_segments: five",
        "'max_segments' of language 'es' has to be a whole number from 1 to 999, not 'five'.",
        at="es: {",
    ),
    Mistake(
        "no English",
        "flows/languages.yaml",
        "en: {name: English,",
        "eng: {name: English,",
        "English is missing. Add 'en:' with its name.",
    ),
    Mistake(
        "wording in a language that is not offered",
        "flows/danger/fr.yaml",
        "",
        "title: Danger\nmessages: {}\n",
        "'fr' is not a language of flows/languages.yaml. Add it there, or remove this file.",
    ),
)
def test_keys_and_values(folder: ContentFolder, mistake: Mistake) -> None:
    printed, expected = mistake.found_in(folder)
    assert printed == expected
