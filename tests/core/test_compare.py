"""What counts as the same words, in the ways in which people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.compare import Spoken, contains, number, plain, plain_phrase, words


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("¡Sí, Señor!", "si, senor"),
        ("  MENU. ", "menu"),
        ("«menu»", "menu"),
        ("main\n\t menu", "main menu"),
        ("don’t", "don't"),
        ("Straße", "strasse"),
        ("É", "e"),
        ("e\u0301", "é"),
        ("ｍｅｎｕ", "menu"),
        ("МЕНЮ", "меню"),
        ("Ёлка", "елка"),
        ("Ναί", "ναι"),
        ("\u200bmenu", "menu"),
        ("...", ""),
        ("", ""),
        ("🙂", ""),
    ],
)
def test_the_same_words(typed: str, same: str) -> None:
    assert plain(typed) == plain(same)
    assert plain(plain(typed)) == plain(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("की", "का"),  # Hindi: the vowel sign is the meaning
        ("ਕੀ", "ਕਾ"),
        ("آب", "اب"),
        ("كلب", "قلب"),
        ("año", "ano x"),
        ("menu", "menus"),
    ],
)
def test_not_the_same_words(one: str, other: str) -> None:
    assert plain(one) != plain(other)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("¿Dónde está mi hijo?", ("donde", "esta", "mi", "hijo")),
        ("don't, can't", ("don't", "can't")),
        ("a/b_c-d", ("a", "b_c", "d")),
        ("मेरा बेटा कहाँ है।", ("मेरा", "बेटा", "कहां", "है")),
        ("ਮੇਰਾ ਪੁੱਤਰ ਕਿੱਥੇ ਹੈ?", ("ਮੇਰਾ", "ਪੁੱਤਰ", "ਕਿੱਥੇ", "ਹੈ")),
        ("أينَ ابني؟", ("این", "ابنی")),
        ("menu ❤️", ("menu",)),
        ("می‌خواهم بدانم", ("میخواهم", "بدانم")),
        ("1 2", ("1", "2")),
        ("", ()),
    ],
)
def test_words(text: str, found: tuple[str, ...]) -> None:
    assert words(text) == tuple(plain(word) for word in found) == found


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("They want to KILL me!!", "want to kill me"),
        ("help,i want to die", "want to die"),
        ("want\nto   die", "want to die"),
        ("me quieren matár", "me quieren matar"),
        ("ICE está en mi casa", "ice esta en mi casa"),
        ("我想自杀了", "自杀"),
        ("don’t want to live", "don't want to live"),
    ],
)
def test_a_phrase_is_found(text: str, phrase: str) -> None:
    assert contains(text, phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("skilled", "kill"),
        ("the policeman", "ice"),
        ("want to", "want to die"),
        ("want to be die", "want to die"),
        ("anything", ""),
        ("anything", "!!"),
        ("", "want to die"),
        ("", ""),
    ],
)
def test_a_phrase_is_not_found(text: str, phrase: str) -> None:
    assert not contains(text, phrase)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2", 2), (" 2 ", 2), ("2.", 2), ("#2", 2), ("(2)", 2), ("2)", 2), ('"2"', 2), ("2!", 2),
        ("12", 12), ("007", 7), ("2️⃣", 2), ("٢", 2), ("۲", 2), ("२", 2), ("２", 2), ("-2", 2),
        ("", None), ("two", None), ("2 3", None), ("1.5", None), ("2nd", None), ("1234", None),
        ("no. 2", None), ("²", None), ("½", None), ("Ⅱ", None), ("🙂", None),
    ],
)  # fmt: skip
def test_a_number_is_the_whole_message(text: str, meant: int | None) -> None:
    assert number(text) == meant


@given(st.text(), st.text(max_size=10))
def test_whatever_is_typed_can_be_compared(text: str, other: str) -> None:
    assert plain(text) == plain(text).strip()
    assert all(word for word in words(text))
    number(text)
    assert contains(text, other) is Spoken(text).has(other)
    if words(other):
        assert contains(f"{text} {other} {text}", other)


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_the_short_way_for_plain_letters_is_the_same(text: str) -> None:
    """ASCII needs no decomposition; one other letter makes it go the long way."""
    assert plain(f"x{text}x é") == f"{plain(f'x{text}x')} e"
    assert plain_phrase(text) == plain(text)
