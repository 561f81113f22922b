"""The order of the rules is the safety policy: each rule beats all that come after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.records import decode, encode
from bot.content.load import load_library
from bot.core import sms
from bot.core.library import Library
from bot.core.model import (
    Channel,
    Choice,
    CloseEscalation,
    Conversation,
    Forget,
    Kind,
    MessageRef,
    Moment,
    OpenEscalation,
    OptOut,
    Outcome,
    Prediction,
    Question,
    RaiseUrgency,
    Reason,
    Status,
    Urgency,
)
from bot.core.script import AskStep, SayStep
from bot.core.turn import failed_turn, needs_prediction, take_turn

LIBRARY = load_library(Path(__file__).resolve().parents[2] / "flows")
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SURE, URGENT = "find_lawyer", "danger_threats"
WHOSE = Question(
    choices=(Choice(Kind.ANSWER, "self"), Choice(Kind.ANSWER, "relative")),
    message=MessageRef("shared/whose"), topic="am_i_affected", step="whose", expects_answer=True,
)  # fmt: skip
MENU = Question(
    choices=(Choice(Kind.TOPIC, "find_lawyer"), Choice(Kind.TOPIC, "court_date")),
    message=MessageRef("shared/menu"),
)


def here(**more: Any) -> Conversation:
    """Somebody who writes English and has been greeted."""
    return Conversation(**{"channel": Channel.SMS, "language": "en", "greeted": True} | more)


def predicted(intent: str, confidence: float = 0.95, language: str | None = "en") -> Prediction:
    return Prediction(((intent, confidence),), language, 0.95)


def turn(
    library: Library,
    text: str,
    conversation: Conversation | None = None,
    prediction: Prediction | None = None,
    **moment: Any,
) -> Outcome:
    return take_turn(library, conversation or here(), text, prediction, Moment(NOW, **moment))


def names(outcome: Outcome) -> list[str]:
    return [send.message for send in outcome.sends]


WAITING = {"status": Status.WAITING, "escalation": "e"}
ADVOCATE = {"status": Status.ADVOCATE, "escalation": "e"}
STOPPED = {"status": Status.STOPPED}
FLOOD = {"over_limit": 1}
#: what it is about, text, conversation, predicted intent, moment → the rule that must win
ORDER: list[tuple[str, str, dict[str, Any], str | None, dict[str, Any], str]] = [
    ("the carrier's STOP beats an emergency", "they want to kill me", {}, URGENT,
     {"opt_out": OptOut.STOP, **FLOOD}, "carrier_stop"),
    ("STOP beats an advocate", "stop", {**ADVOCATE, "question": WHOSE}, URGENT, FLOOD,
     "carrier_stop"),
    ("silence after STOP beats an emergency", "they want to kill me", STOPPED, URGENT, {},
     "stopped"),
    ("silence after STOP beats every command", "menu", {**STOPPED, "question": MENU}, SURE, {},
     "stopped"),
    ("START ends the silence", "START", STOPPED, URGENT, FLOOD, "carrier_start"),
    ("the carrier's own HELP beats ours", "help", {"question": MENU}, URGENT,
     {"opt_out": OptOut.HELP, **FLOOD}, "carrier_help"),
    ("deletion is possible after STOP", "delete my messages", STOPPED, URGENT, {}, "delete"),
    ("deletion beats waiting", "delete my messages", WAITING, URGENT, FLOOD, "delete"),
    ("deletion beats an advocate", "delete my messages", ADVOCATE, URGENT, FLOOD, "delete"),
    ("deletion beats a question", "delete my messages", {"question": WHOSE}, SURE, {}, "delete"),
    ("words of emergency beat an advocate", "they want to kill me", ADVOCATE, None, FLOOD,
     "urgent"),
    ("words of emergency beat waiting", "they want to kill me", WAITING, None, FLOOD, "urgent"),
    ("words of emergency beat a flood", "they want to kill me", {}, SURE, FLOOD, "urgent"),
    ("words of emergency beat a question", "yes they want to kill me", {"question": WHOSE}, SURE,
     {}, "urgent"),
    ("words of emergency need no language", "they want to kill me", {"language": None}, None, {},
     "urgent"),
    ("with an advocate the bot is silent", "menu", {**ADVOCATE, "question": MENU}, URGENT, FLOOD,
     "with_advocate"),
    ("while waiting an urgent intent counts", "zzz", WAITING, URGENT, FLOOD, "urgent"),
    ("while waiting a language can be named", "español", WAITING, SURE, FLOOD, "language"),
    ("while waiting one can leave", "menu", {**WAITING, "question": MENU}, SURE, FLOOD,
     "withdrew"),
    ("while waiting one can ask how long", "person", WAITING, SURE, FLOOD, "waiting"),
    ("while waiting one can stop", "stop texting me", WAITING, SURE, FLOOD, "own_stop"),
    ("while waiting all else is silence", "1", {**WAITING, "question": MENU}, SURE, FLOOD,
     "waiting"),
    ("a flood beats naming a language", "español", {"question": MENU}, URGENT, FLOOD, "flood"),
    ("a flood beats pictures", "", {}, URGENT, {**FLOOD, "media": 1}, "flood"),
    ("a flood beats commands and answers", "menu", {"question": MENU}, SURE, FLOOD, "flood"),
    ("naming a language beats an urgent intent", "español", {"question": WHOSE}, URGENT, {},
     "language"),
    ("asking for languages beats an answer", "language", {"question": MENU}, SURE, {}, "language"),
    ("no language at all asks for one", "zzz", {"language": None}, None, {}, "language"),
    ("a script that is not offered asks for one", "სად არის ჩემი ძმა", {"question": MENU}, None,
     {}, "language"),
    ("an urgent intent beats a command", "menu", {"question": MENU}, URGENT, {}, "urgent"),
    ("an urgent intent beats an answer", "1", {"question": MENU}, URGENT, {}, "urgent"),
    ("an urgent intent beats an empty text", "", {"question": MENU}, URGENT, {}, "urgent"),
    ("an empty text is no answer", " ", {"question": WHOSE}, SURE, {}, "no_text"),
    ("a picture is no answer", "", {"question": WHOSE}, SURE, {"media": 1}, "no_text"),
    ("a command beats a question", "menu", {"question": WHOSE}, SURE, {}, "command"),
    ("a command beats a sure topic", "menu", {}, SURE, {}, "command"),
    ("repeat beats a question", "repeat", {"question": WHOSE, "said": ("shared/thanks",)}, SURE,
     {}, "repeat"),
    ("an answer beats a sure topic", "1", {"question": MENU}, "court_date", {}, "answer"),
    ("an answer in words beats a sure topic", "my brother", {"question": WHOSE}, SURE, {},
     "answer"),
    ("a wrong number is asked again", "7", {"question": WHOSE}, SURE, {}, "ask_again"),
    ("a new question beats the open one", "where is a lawyer", {"question": WHOSE}, SURE, {},
     "topic"),
    ("nonsense at a question is asked again", "zzz qqq", {"question": WHOSE}, None, {},
     "ask_again"),
    ("nonsense twice at a question offers a person", "zzz qqq",
     {"question": replace(WHOSE, tries=1)}, None, {}, "offer_person"),
    ("a menu may be ignored", "where is a lawyer", {"question": MENU}, SURE, {}, "topic"),
    ("a sure topic", "zzz", {"misunderstood": 5}, SURE, {}, "topic"),
    ("talk", "zzz", {"misunderstood": 5}, "thanks", {}, "talk"),
    ("not understood", "zzz", {}, None, {}, "unclear"),
    ("not understood again", "zzz", {"misunderstood": 1}, None, {}, "offer_person"),
    ("not understood thrice", "zzz", {"misunderstood": 2}, None, {}, "misunderstood"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "conversation", "intent", "moment", "rule"),
    [row[1:] for row in ORDER],
    ids=[row[0] for row in ORDER],
)
def test_each_rule_beats_the_later_ones(
    library: Library,
    text: str,
    conversation: dict[str, Any],
    intent: str | None,
    moment: dict[str, Any],
    rule: str,
) -> None:
    prediction = predicted(intent) if intent else None
    assert turn(library, text, here(**conversation), prediction, **moment).rule == rule


@pytest.mark.parametrize("row", [r for r in ORDER if r[2] != STOPPED], ids=lambda row: row[0])
def test_every_rule_but_silence_loses_to_stop(library: Library, row: Any) -> None:
    _, text, conversation, intent, moment, _ = row
    prediction = predicted(intent) if intent else None
    stopped = {**moment, "opt_out": OptOut.STOP}
    outcome = turn(library, text, here(**conversation), prediction, **stopped)
    assert (outcome.rule, outcome.sends) == ("carrier_stop", ())
    assert outcome.conversation.status is Status.STOPPED


# --- what the rules bring about -----------------------------------------------------------------


def test_stop_closes_what_is_open(library: Library) -> None:
    outcome = turn(library, "STOP", here(**WAITING))
    assert outcome.effects == (CloseEscalation("stopped"),)
    assert outcome.conversation.escalation is None and outcome.conversation.question is None


def test_a_stop_that_no_carrier_knows_is_confirmed(library: Library) -> None:
    outcome = turn(library, "stop texting me")
    assert names(outcome) == ["shared/stopped"]
    assert outcome.conversation.status is Status.STOPPED


def test_delete_leaves_nothing(library: Library) -> None:
    outcome = turn(library, "delete my messages", here(**WAITING, topic="x", answers={"a": "b"}))
    assert outcome.conversation == Conversation(channel=Channel.SMS)
    assert [type(e).__name__ for e in outcome.effects] == ["CloseEscalation", "Forget", "Send"]


@pytest.mark.parametrize("status", [WAITING, ADVOCATE])
def test_safety_is_told_once_while_a_person_is_there(
    library: Library, status: dict[str, Any]
) -> None:
    first = turn(library, "they want to kill me", here(**status))
    assert names(first) == ["danger_threats/safety"]
    assert RaiseUrgency(Urgency.URGENT) in first.effects
    again = turn(library, "they want to kill me", first.conversation)
    assert names(again) == [] and RaiseUrgency(Urgency.URGENT) in again.effects


@pytest.mark.parametrize(("present", "name"), [(True, "present"), (False, "absent")])
def test_who_waits_is_told_the_truth_about_it(library: Library, present: bool, name: str) -> None:
    third = turn(library, "zzz", here(misunderstood=2), advocates_present=present)
    assert names(third) == ["shared/escalated_misunderstood", f"shared/waiting_{name}"]
    assert third.effects[0] == OpenEscalation(Reason.MISUNDERSTOOD, Urgency.NORMAL, None)
    assert third.conversation.status is Status.WAITING


def test_only_the_first_text_of_a_flood_is_answered(library: Library) -> None:
    assert names(turn(library, "menu", over_limit=1)) == ["shared/slow_down"]
    for over in (2, 3, 100):
        assert names(turn(library, "menu", over_limit=over)) == []


def test_what_was_asked_before_the_language_was_known_is_answered_then(library: Library) -> None:
    asked = turn(library, "zzz", here(language=None), predicted(SURE, language=None))
    assert names(asked)[-1] == "shared/languages"
    answer = turn(library, "1", asked.conversation)
    assert answer.conversation.language == next(iter(library.languages))
    assert answer.conversation.topic == SURE and answer.conversation.chosen


def test_who_we_are_is_said_once_and_never_before_an_emergency(library: Library) -> None:
    new = here(greeted=False)
    first = turn(library, "menu", new)
    assert names(first)[0] == "shared/greeting" and first.conversation.greeted
    assert "shared/greeting" not in names(turn(library, "menu", first.conversation))
    urgent = turn(library, "they want to kill me", new)
    assert "shared/greeting" not in names(urgent) and not urgent.conversation.greeted


def test_that_details_were_hidden_is_said(library: Library) -> None:
    assert names(turn(library, "menu", masked=True))[0] == "shared/details_hidden"
    urgent = turn(library, "they want to kill me", masked=True)
    assert names(urgent)[0] == "danger_threats/safety"
    assert names(urgent)[-1] == "shared/details_hidden"
    assert names(turn(library, "menu", here(**ADVOCATE), masked=True)) == []


def test_whom_it_is_about_is_asked_again_after_a_long_silence(library: Library) -> None:
    known = here(answers={"about": "relative"}, last_at=NOW - timedelta(hours=1))
    assert turn(library, "zzz", known).conversation.answers == {"about": "relative"}
    old = replace(known, last_at=NOW - timedelta(hours=3))
    assert turn(library, "zzz", old).conversation.answers == {}


@pytest.mark.parametrize(
    ("ranking", "sure"),
    [
        ([(SURE, 0.5)], True),
        ([(SURE, 0.49)], False),
        ([(SURE, 0.6), ("court_date", 0.29)], True),
        ([(SURE, 0.6), ("court_date", 0.31)], False),
        ([], False),
    ],
)
def test_when_a_prediction_is_sure(
    library: Library, ranking: list[tuple[str, float]], sure: bool
) -> None:
    outcome = turn(library, "zzz", prediction=Prediction(tuple(ranking), "en", 0.9))
    assert (outcome.rule == "topic") is sure


def test_what_is_likely_is_offered_by_number(library: Library) -> None:
    ranking = ((SURE, 0.4), ("greet", 0.3), ("court_date", 0.2), ("what_happened", 0.05))
    outcome = turn(library, "zzz", prediction=Prediction(ranking, "en", 0.9))
    assert outcome.rule == "did_you_mean"
    assert outcome.conversation.question
    values = [choice.value for choice in outcome.conversation.question.choices]
    assert values == [SURE, "court_date", ""]
    assert turn(library, "2", outcome.conversation).conversation.topic == "court_date"
    assert names(turn(library, "3", outcome.conversation)) == ["shared/menu"]


def test_a_topic_without_a_script_and_one_out_of_date_offer_a_person(library: Library) -> None:
    for changed, name in (
        ({k: v for k, v in library.flows.items() if k != SURE}, "no_script"),
        ({**library.flows, SURE: replace(library.flows[SURE], good_until=NOW - timedelta(1))},
         "expired_topic"),
    ):  # fmt: skip
        titled = replace(
            library,
            flows=changed,
            vocabulary={
                code: replace(words, titles={**words.titles, SURE: "Lawyer"})
                for code, words in library.vocabulary.items()
            },
        )
        outcome = turn(titled, "zzz", prediction=predicted(SURE))
        assert names(outcome) == [f"shared/{name}", "shared/offer_person"]
        assert turn(titled, "1", outcome.conversation).conversation.status is Status.WAITING


def test_a_question_that_content_no_longer_has_ends_with_a_person(library: Library) -> None:
    gone = replace(WHOSE, step="renamed")
    outcome = turn(library, "1", here(question=gone))
    assert outcome.rule == "failed" and names(outcome) == ["shared/failure"]
    assert outcome.conversation.status is Status.WAITING


def test_a_circle_ends_with_a_person(library: Library) -> None:
    flow = library.flows[SURE]
    circle = replace(flow, start="a", steps={"a": SayStep((), "b"), "b": SayStep((), "a")})
    broken = replace(library, flows={**library.flows, SURE: circle})
    assert turn(broken, "zzz", prediction=predicted(SURE)).rule == "failed"


@pytest.mark.parametrize("status", list(Status))
def test_a_failed_turn_always_says_a_hotline(library: Library, status: Status) -> None:
    outcome = failed_turn(library, here(status=status), "zzz", Moment(NOW))
    assert names(outcome) == ["shared/failure"]
    opened = any(isinstance(effect, OpenEscalation) for effect in outcome.effects)
    assert opened is (status is Status.BOT)


@pytest.mark.parametrize(
    ("text", "conversation", "moment", "asked"),
    [
        ("why is the sky blue", {}, {}, True),
        ("why is the sky blue", WAITING, {}, True),
        ("why is the sky blue", ADVOCATE, {}, False),
        ("why is the sky blue", STOPPED, {}, False),
        ("why is the sky blue", {}, {"over_limit": 1}, False),
        ("why is the sky blue", {}, {"opt_out": OptOut.HELP}, False),
        ("", {}, {}, False),
        ("menu", {}, {}, False),
        ("STOP", {}, {}, False),
        ("español", {}, {}, False),
        ("they want to kill me", {}, {}, False),
        ("1", {"question": MENU}, {}, False),
        ("9", {"question": MENU}, {}, False),
        ("1", {}, {}, True),
    ],
)
def test_the_model_is_asked_only_when_it_can_matter(
    library: Library, text: str, conversation: dict[str, Any], moment: dict[str, Any], asked: bool
) -> None:
    assert needs_prediction(library, here(**conversation), text, Moment(NOW, **moment)) is asked


# --- whatever comes -----------------------------------------------------------------------------


@st.composite
def situations(draw: st.DrawFn) -> tuple[Conversation, str, Any, Moment]:
    """Any text at any place of any conversation, real and outdated ones."""
    library = LIBRARY
    topics = st.sampled_from([*library.flows, "gone"])
    asks = [
        Question(
            choices=tuple(Choice(Kind.ANSWER, key) for key in step.answers),
            message=step.message, topic=topic, step=name, tries=draw(st.integers(0, 2)),
            expects_answer=True,
        )
        for topic, flow in library.flows.items()
        for name, step in flow.steps.items() if isinstance(step, AskStep)
    ]  # fmt: skip
    choices = st.builds(
        Choice, st.sampled_from(Kind), st.sampled_from(["en", "xx", "gone", "yes", "", SURE])
    )
    messages = st.sampled_from([None, "shared/menu", "shared/whose", "gone/gone"])
    odd = st.builds(
        Question, st.lists(choices, max_size=9).map(tuple), messages, st.none() | topics,
        st.sampled_from([None, "gone"]), st.integers(0, 3), st.booleans(),
    )  # fmt: skip
    said = st.sampled_from(["shared/menu", "shared/thanks", "gone/gone"])
    conversation = Conversation(
        channel=draw(st.sampled_from(Channel)),
        language=draw(st.sampled_from([None, "en", "es", "xx"])),
        chosen=draw(st.booleans()),
        status=draw(st.sampled_from(Status)),
        greeted=draw(st.booleans()),
        topic=draw(st.none() | topics),
        answers=draw(st.sampled_from([{}, {"about": "relative"}, {"about": "gone"}])),
        question=draw(st.none() | st.sampled_from(asks) | odd),
        misunderstood=draw(st.integers(0, 4)),
        escalation=draw(st.sampled_from([None, "e"])),
        safety_given=draw(st.sampled_from([(), (URGENT,)])),
        said=tuple(draw(st.lists(said, max_size=3))),
        parked=draw(st.none() | topics),
        last_at=draw(st.sampled_from([None, NOW, NOW - timedelta(days=9)])),
    )
    phrases = [
        phrase
        for words in library.vocabulary.values()
        for table in (words.commands, words.emergency)
        for group in table.values()
        for phrase in group
    ]
    phrases += ["STOP", "START", "1", "2", "12", "yes", "no", "sí", "english", "español", "٢", "2️⃣"]
    word = st.sampled_from(phrases)
    text = draw(st.text(max_size=40) | word | st.builds("{} {}".format, word, st.text(max_size=20)))
    intents = st.sampled_from([*library.topic_of_intent, "greet", "show_menu", "ask_to_explain",
                               "change_language", "out_of_scope", "affirm", "gone"])  # fmt: skip
    ranking = st.lists(st.tuples(intents, st.floats(0, 1)), max_size=4).map(tuple)
    languages = st.sampled_from([None, "en", "es", "xx"])
    prediction = draw(st.none() | st.builds(Prediction, ranking, languages, st.floats(0, 1)))
    moment = Moment(
        NOW,
        advocates_present=draw(st.booleans()),
        media=draw(st.integers(0, 2)),
        opt_out=draw(st.none() | st.sampled_from(OptOut)),
        masked=draw(st.booleans()),
        over_limit=draw(st.sampled_from([0, 0, 0, 1, 2])),
    )
    return conversation, text, prediction, moment


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(situation=situations())
def test_whatever_comes_has_one_outcome_that_can_be_sent_and_stored(situation: Any) -> None:
    conversation, text, prediction, moment = situation
    library = LIBRARY
    outcome = take_turn(library, conversation, text, prediction, moment)
    assert outcome == take_turn(library, conversation, text, prediction, moment)
    assert len(outcome.sends) <= 10
    for send in outcome.sends:
        assert sms.split(sms.tidy(send.text))
        assert library.text(MessageRef(send.message), "en", values={"count": "1", "title": "x"})
        assert "((" not in send.text
    after = outcome.conversation
    assert decode(Conversation, encode(after)) == after
    if after.question is not None:
        assert after.question.choices or after.question == conversation.question
    if conversation.status is Status.STOPPED and after.status is Status.STOPPED:
        assert outcome.sends == ()
    if any(isinstance(effect, OpenEscalation) for effect in outcome.effects):
        assert after.status is Status.WAITING and outcome.sends
    if any(isinstance(effect, Forget) for effect in outcome.effects):
        assert after.answers == {} and after.topic is None
    assert isinstance(needs_prediction(library, conversation, text, moment), bool)


@pytest.mark.parametrize(
    ("text", "language"),
    [("puede escribir en ingles", "en"), ("quiero en otro idioma", None), ("in spanish now", None)],
)
def test_a_language_asked_for_in_a_sentence(
    library: Library, text: str, language: str | None
) -> None:
    """Only its name names a language; little words beside it do not."""
    outcome = turn(library, text, here(language="es"), predicted("change_language", language="es"))
    assert outcome.conversation.language == (language or "es")
    assert (names(outcome)[0] == "shared/languages") is (language is None)
