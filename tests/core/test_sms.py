"""Segments as the networks count them. The figures are those of 3GPP TS 23.038 and 23.040."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import sms

GSM7 = "".join(sorted(sms._BASIC | sms._EXTENSION))


@pytest.mark.parametrize(
    ("text", "encoding", "count"),
    [
        ("", "GSM-7", 0),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("é à ñ ¿ ü", "GSM-7", 1),
        ("á", "UCS-2", 1),
        ("á" * 70, "UCS-2", 1),
        ("á" * 71, "UCS-2", 2),
        ("á" * 134, "UCS-2", 2),
        ("á" * 135, "UCS-2", 3),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("🙂" * 35, "UCS-2", 1),
        ("🙂" * 36, "UCS-2", 2),
        ("Привет", "UCS-2", 1),
    ],
)
def test_segments_and_encoding(text: str, encoding: str, count: int) -> None:
    assert sms.encoding(text) == encoding
    assert sms.segments(text) == count


def test_an_escaped_character_is_never_torn_apart() -> None:
    # 152 letters leave one septet free in the first part; the euro needs two, so it moves on,
    # and what would be 306 septets in two parts needs a third
    text = "a" * 152 + "€" + "a" * 152
    assert sms.size(text) == 306
    assert sms.segments(text) == 3


def test_a_surrogate_pair_is_never_torn_apart() -> None:
    assert sms.segments("я" * 66 + "🙂" + "я" * 66) == 3


@given(st.text(alphabet=GSM7, max_size=700))
def test_a_part_never_holds_more_than_fits(text: str) -> None:
    units = sms.size(text)
    count = sms.segments(text)
    least = (units + sms.GSM7_PART - 1) // sms.GSM7_PART if units > sms.GSM7_ALONE else bool(units)
    assert least <= count <= least + 1 + count // 100


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("“Don’t sign” – wait…", '"Don\'t sign" - wait...'),
        ("one\u00a0two\u2009three", "one two three"),
        ("a\u200bb\ufeffc", "abc"),
        ("line\r\nnext", "line\nnext"),
        ("e\u0301", "é"),
        ("  around  ", "around"),
    ],
)
def test_typography_gives_way(written: str, sent: str) -> None:
    assert sms.tidy(written) == sent


@pytest.mark.parametrize("text", ["“Привет”", "¿Qué pasó…?", "می‌خواهم", "क्‍ष", "«مرحبا»"])
def test_letters_and_the_typography_of_other_scripts_stay(text: str) -> None:
    assert sms.tidy(text) == text


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    once = sms.tidy(text)
    assert sms.tidy(once) == once


def test_a_long_text_is_divided_at_the_authors_blank_line() -> None:
    first, second = "One. " * 150, "Two. " * 250
    assert sms.split(first.strip() + "\n\n" + second.strip()) == [first.strip(), second.strip()]


def test_without_a_blank_line_it_is_divided_after_a_sentence() -> None:
    bodies = sms.split("This is a sentence. " * 200)
    assert len(bodies) == 3
    assert all(body.endswith("sentence.") for body in bodies)


@given(st.text(min_size=1, max_size=300), st.integers(4, 60))
def test_dividing_loses_nothing_but_white_space(text: str, limit: int) -> None:
    bodies = sms.split(text, limit)
    assert "".join("".join(bodies).split()) == "".join(text.split())
    assert all(sum(2 if ord(c) > 0xFFFF else 1 for c in body) <= limit for body in bodies)
