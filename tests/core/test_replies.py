"""What a short reply means: a command, a number, an answer, or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.library import Library
from bot.core.model import (
    Channel,
    Choice,
    Conversation,
    Kind,
    MessageRef,
    OptOut,
    Prediction,
    Question,
)
from bot.core.replies import (
    CARRIER_START,
    CARRIER_STOP,
    Command,
    OutOfRange,
    asks_for_relative,
    carrier_word,
    command,
    emergency,
    read,
)
from bot.core.script import AskStep


def question(library: Library, topic: str, step: str) -> Question:
    asked = library.flows[topic].steps[step]
    assert isinstance(asked, AskStep)
    return Question(
        choices=tuple(Choice(Kind.ANSWER, key) for key in asked.answers),
        message=asked.message, topic=topic, step=step, expects_answer=True,
    )  # fmt: skip


def asked(question: Question | None, language: str | None = "en") -> Conversation:
    return Conversation(Channel.SMS, language=language, question=question)


def chosen(library: Library, here: Conversation, text: str, prediction: Any = None) -> Any:
    found = read(library, here, text, prediction)
    return found.value if isinstance(found, Choice) else found


# --- the carrier's words --------------------------------------------------------------------------


@pytest.mark.parametrize("word", sorted(CARRIER_STOP))
def test_what_carriers_take_for_stop(word: str) -> None:
    for typed in (word, word.lower(), f" {word.title()}\n"):
        assert carrier_word(typed, None) is OptOut.STOP
    for typed in (f"{word}!", f"{word} it", f"please {word}", ""):
        assert carrier_word(typed, None) is None


@pytest.mark.parametrize("word", sorted(CARRIER_START))
def test_what_carriers_take_for_start(word: str) -> None:
    assert carrier_word(word.lower(), None) is OptOut.START


def test_yes_is_an_answer_and_no_start() -> None:
    assert carrier_word("YES", None) is None


@pytest.mark.parametrize("opt_out", list(OptOut))
def test_the_carriers_own_reading_goes_first(opt_out: OptOut) -> None:
    assert carrier_word("STOP", opt_out) is opt_out
    assert carrier_word("anything", opt_out) is opt_out


# --- commands -------------------------------------------------------------------------------------


def test_every_phrase_of_every_language_is_its_command(library: Library) -> None:
    for code, vocabulary in library.vocabulary.items():
        for name, phrases in vocabulary.commands.items():
            for phrase in phrases:
                for typed in (phrase, phrase.upper(), f"  {phrase}! "):
                    assert command(library, code, typed) == name, (code, typed)


@pytest.mark.parametrize("name", list(Command))
def test_every_command_has_words_in_every_language(library: Library, name: Command) -> None:
    for vocabulary in library.vocabulary.values():
        assert vocabulary.commands[name]


@pytest.mark.parametrize("language", [None, "en", "es", "xx"])
def test_commands_are_known_in_any_language(library: Library, language: str | None) -> None:
    assert command(library, language, "menú") is Command.MENU
    assert command(library, language, "borrar todo") is Command.DELETE
    assert command(library, language, "start over") is Command.RESTART


@pytest.mark.parametrize(
    "text", ["", "!", "show me the menu of the day", "i am a person", "help my brother", "deleted"]
)
def test_a_command_is_the_whole_message(library: Library, text: str) -> None:
    assert command(library, "en", text) is None


# --- emergencies ----------------------------------------------------------------------------------


def test_every_phrase_of_emergency_is_found_within_a_sentence(library: Library) -> None:
    for code, vocabulary in library.vocabulary.items():
        for intent, phrases in vocabulary.emergency.items():
            assert intent in library.urgent_intents
            for phrase in phrases:
                found = emergency(library, f"Oh... {phrase.upper()}, 🙏")
                assert found is not None and found[0] in library.urgent_intents, (code, phrase)
                assert emergency(library, phrase) is not None


@pytest.mark.parametrize("text", ["", "kill", "my skill set", "the police found my car", "kilo"])
def test_a_part_of_a_phrase_is_no_emergency(library: Library, text: str) -> None:
    assert emergency(library, text) is None


# --- answers --------------------------------------------------------------------------------------


def test_every_number_label_and_word_of_every_question_is_its_answer(library: Library) -> None:
    for topic, flow in library.flows.items():
        for name, step in flow.steps.items():
            if not isinstance(step, AskStep):
                continue
            open_one = question(library, topic, name)
            for code in library.languages:
                here = asked(open_one, code)
                wording = library.answers_to(step.message, code)
                for place, key in enumerate(step.answers, 1):
                    where = (topic, name, code, key)
                    assert chosen(library, here, str(place)) == key, where
                    assert chosen(library, here, wording[key].label) == key, where
                    for word in wording[key].words:
                        assert chosen(library, here, word) == key, (*where, word)


@pytest.mark.parametrize("text", ["0", "4", "99", "999"])
def test_a_number_that_no_choice_has(library: Library, text: str) -> None:
    here = asked(question(library, "am_i_affected", "custody"))
    assert read(library, here, text, None) == OutOfRange(3)


def test_without_a_question_nothing_is_chosen(library: Library) -> None:
    assert read(library, asked(None), "1", None) is None


YES_NO = ("am_i_affected", "cuba_too")


@pytest.mark.parametrize(
    ("text", "language", "answer"),
    [
        ("yes", "en", "yes"), ("Yeah!", "en", "yes"), ("ok", "en", "yes"), ("y", "en", "yes"),
        ("no", "en", "no"), ("nope", "en", "no"), ("sí", "es", "yes"), ("si", "es", "yes"),
        ("claro que sí", "es", "yes"), ("claro que no", "es", "no"), ("yes", "es", "yes"),
        ("yes i want to", "en", "yes"), ("no thank you", "en", "no"), ("No, por favor", "es", "no"),
        ("no i want to talk about something else entirely", "en", None),
        ("maybe", "en", None), ("", "en", None), ("yesterday", "en", None), ("🙂", "en", None),
    ],
)  # fmt: skip
def test_yes_and_no(library: Library, text: str, language: str, answer: str | None) -> None:
    here = asked(question(library, *YES_NO), language)
    assert chosen(library, here, text) == answer


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "answer"),
    [
        ("wi", "affirm", 0.5, "yes"), ("wi", "affirm", 0.49, None), ("non", "deny", 0.9, "no"),
        ("wi", "thanks", 0.9, None),
        ("a long sentence that is no short reply", "affirm", 0.9, None),
    ],
)  # fmt: skip
def test_the_model_knows_more_ways_to_say_yes(
    library: Library, text: str, intent: str, confidence: float, answer: str | None
) -> None:
    prediction = Prediction(((intent, confidence),))
    here = asked(question(library, *YES_NO))
    assert chosen(library, here, text, prediction) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [("my brother", "relative"), ("it is for my wife", "relative"), ("me", "self"),
     ("the weather", None)],
)  # fmt: skip
def test_whom_it_is_about(library: Library, text: str, answer: str | None) -> None:
    assert chosen(library, asked(question(library, "am_i_affected", "whose")), text) == answer


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [("can they deport my son", "en", True), ("my sonata", "en", False), ("mi mamá", "es", True),
     ("mi mamá", "en", False), ("my son", None, True), ("my son", "xx", False), ("", "en", False)],
)  # fmt: skip
def test_who_asks_for_a_relative(
    library: Library, text: str, language: str | None, told: bool
) -> None:
    assert asks_for_relative(library, language, text) is told


def test_menus_are_answered_by_title_too(library: Library) -> None:
    topics = tuple(Choice(Kind.TOPIC, topic) for topic in library.menu)
    here = asked(Question(topics, MessageRef("shared/menu")), "es")
    for topic in library.menu:
        for code in ("es", "en"):
            assert chosen(library, here, library.title(topic, code)) == topic


def test_languages_are_answered_by_name_alias_and_number(library: Library) -> None:
    languages = tuple(Choice(Kind.LANGUAGE, code) for code in library.languages)
    here = asked(Question(languages, MessageRef("shared/languages")), None)
    for place, (code, language) in enumerate(library.languages.items(), 1):
        for typed in (str(place), language.name, language.english_name, *language.aliases):
            assert chosen(library, here, typed) == code


def test_a_question_whose_words_are_gone_still_takes_numbers(library: Library) -> None:
    gone = Question((Choice(Kind.ANSWER, "a"), Choice(Kind.TOPIC, "b")), MessageRef("gone/gone"))
    assert chosen(library, asked(gone), "2") == "b"
    assert chosen(library, asked(gone), "zzz") is None


@given(text=st.text(max_size=60), language=st.sampled_from([None, "en", "es", "xx"]))
def test_whatever_is_typed_can_be_read(library: Library, text: str, language: str | None) -> None:
    command(library, language, text)
    emergency(library, text)
    for topic, step in (("am_i_affected", "whose"), ("am_i_affected", "custody")):
        found = read(library, asked(question(library, topic, step), language), text, None)
        assert found is None or isinstance(found, (Choice, OutOfRange))
