"""Which language to answer in: nothing is switched by a single word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.language import SWITCH_WORDS, Guess, guess, named, script_of, settle
from bot.core.library import Language, Library
from bot.core.model import Channel, Conversation, Prediction


@pytest.fixture(scope="module")
def library(library: Library) -> Library:
    """As if only English and Spanish were offered."""
    return replace(library, languages={code: library.languages[code] for code in ("en", "es")})


@pytest.fixture(scope="module")
def many(library: Library) -> Library:
    """English and Spanish, one that has its script for itself, and two that share one."""

    def more(code: str, name: str, script: str, words: str, aliases: str) -> Language:
        return Language(code, name, name, "ltr", script, 5, frozenset(words.split()),
                        frozenset(aliases.split(",")))  # fmt: skip

    return replace(
        library,
        languages={
            **library.languages,
            "ru": more("ru", "Русский", "Cyrillic", "и в не на", "russian,русский"),
            "ar": more("ar", "العربية", "Arabic", "في من على هل", "arabic,العربية"),
            "fa": more("fa", "فارسی", "Arabic", "در از است چه", "farsi,فارسی"),
        },
    )


def talking(language: str | None, chosen: bool = False) -> Conversation:
    return Conversation(Channel.SMS, language=language, chosen=chosen)


def model(language: str | None, confidence: float = 0.95) -> Prediction:
    return Prediction((), language, confidence)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("hello", "LATIN"), ("привет", "CYRILLIC"), ("سلام", "ARABIC"), ("नमस्ते", "DEVANAGARI"),
        ("ਸਤ ਸ੍ਰੀ ਅਕਾਲ", "GURMUKHI"), ("你好", "HAN"), ("ok привет всем", "CYRILLIC"),
        ("ICE у моей двери", "CYRILLIC"), ("123 !?", None), ("🙂", None), ("", None),
    ],
)  # fmt: skip
def test_the_script_of_most_letters(text: str, script: str | None) -> None:
    assert script_of(text) == script


# --- named ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("español", "es"), ("Espanol!", "es"), ("ESPAÑOL POR FAVOR", "es"), ("en español", "es"),
        ("hablo español", "es"), ("i speak spanish", "es"), ("english please", "en"),
        ("English", "en"), ("inglés", "en"), ("русский", "ru"), ("العربية", "ar"),
        ("my lawyer speaks english and russian", None), ("is this in english", None),
        ("spain", None), ("please", None), ("", None), ("en", None), ("in", None), ("speak", None),
        ("no english", None), ("not spanish", None),
    ],
)  # fmt: skip
def test_a_language_is_named_by_the_whole_message(
    many: Library, text: str, code: str | None
) -> None:
    assert named(many, text) == code


# --- a first message ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "prediction", "code"),
    [
        ("hola", None, "es"),
        ("hello", None, "en"),
        ("¿qué puedo hacer por mi esposo?", None, "es"),
        ("what can i do for my son", None, "en"),
        ("necesito abogado", model("es"), "es"),
        ("abogado", model("es"), "es"),
        ("abogado", model("es", 0.6), None),
        ("abogado", None, None),
        ("abogado", model("xx"), None),
        ("ok", None, None),
        ("123", model("es"), None),
        ("hola", model("en"), None),
        ("hola mi", model("en"), "es"),
        ("hola hello", None, None),
        ("hola hello", model("es"), "es"),
        ("где мой брат", None, "ru"),
        ("где мой брат", model("en"), "ru"),
        ("هل أخي في السجن", None, "ar"),
        ("برادرم در زندان است", None, "fa"),
        ("سلام", None, None),
        ("سلام", model("fa"), "fa"),
    ],
)
def test_the_language_of_a_first_message(
    many: Library, text: str, prediction: Prediction | None, code: str | None
) -> None:
    assert guess(many, text, prediction) == Guess(code)
    assert settle(many, talking(None), text, prediction) == Guess(code)


def test_a_script_that_is_not_offered_is_foreign(library: Library) -> None:
    assert guess(library, "где мой брат", model("en")) == Guess(None, foreign=True)


# --- a known language -----------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", [False, True])
@pytest.mark.parametrize("word", ["hola", "gracias", "ok", "sí", "no", "abogado", "hola gracias"])
@pytest.mark.parametrize("prediction", [None, model("es", 1.0)])
def test_one_or_two_words_never_switch(
    library: Library, chosen: bool, word: str, prediction: Prediction | None
) -> None:
    assert settle(library, talking("en", chosen), word, prediction) == Guess("en")


@given(text=st.text(max_size=30))
def test_no_short_text_of_our_scripts_ever_switches(library: Library, text: str) -> None:
    if len(text.split()) < SWITCH_WORDS and script_of(text) in (None, "LATIN"):
        from bot.core.compare import words

        if len(words(text)) < SWITCH_WORDS:
            assert settle(library, talking("en"), text, model("es", 1.0)).language == "en"


@pytest.mark.parametrize(
    ("text", "prediction", "chosen", "code"),
    [
        ("¿dónde está mi hijo ahora?", None, False, "es"),
        ("necesito ayuda por favor", None, False, "es"),
        ("quiero un abogado", model("es"), False, "es"),
        ("quiero un abogado", model("es", 0.79), False, "en"),
        ("quiero un abogado", model("en"), False, "en"),
        ("quiero un abogado", None, False, "en"),
        ("para mi hijo", None, True, "en"),
        ("necesito ayuda para mi hijo", None, True, "es"),
        ("the lawyer said: mi hijo tiene que", None, False, "es"),
        ("my friend says hola and gracias to you", None, False, "en"),
        ("where is my son now", model("es"), False, "en"),
    ],
)
def test_several_words_that_agree_switch(
    library: Library, text: str, prediction: Prediction | None, chosen: bool, code: str
) -> None:
    assert settle(library, talking("en", chosen), text, prediction) == Guess(code)


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("где мой брат", True),
        ("брат", False),
        ("ок да", False),
        ("我弟弟在哪里", True),
        ("你好", True),
    ],
)
def test_a_foreign_script_keeps_the_language_and_says_so_when_it_is_sure(
    library: Library, text: str, foreign: bool
) -> None:
    assert settle(library, talking("es"), text, None) == Guess("es", foreign=foreign)


def test_a_language_that_is_offered_no_more_is_found_anew(library: Library) -> None:
    assert settle(library, talking("xx"), "where is my son", None) == Guess("en")
    assert settle(library, talking("xx", chosen=True), "zzz", None) == Guess(None)


@given(
    text=st.text(max_size=60),
    language=st.sampled_from([None, "en", "es", "xx"]),
    chosen=st.booleans(),
    predicted=st.none() | st.builds(model, st.sampled_from([None, "en", "xx"]), st.floats(0, 1)),
)
def test_whatever_comes_the_language_is_one_that_is_offered(
    library: Library, text: str, language: str | None, chosen: bool, predicted: Prediction | None
) -> None:
    found = settle(library, talking(language, chosen), text, predicted)
    assert found.language is None or found.language in library.languages


def test_words_shared_with_spanish_do_not_make_portuguese_spanish(library):
    text = "quero saber se meu marido pode sair por causa disso e como"
    assert guess(library, text, model("pt", 0.97)) == Guess(None, foreign=True)
    assert guess(library, "para que", model("pt", 0.97)) == Guess(None)
