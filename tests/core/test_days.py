"""Days: read when they can be read in one way, counted as the rule says, told in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.days import day_in_words, in_words, is_working_day, last_day, read_day
from bot.core.script import Limit, Unit

TODAY = date(2026, 11, 27)
LANGUAGES = ("en", "es", "ht", "pt", "fr", "ru", "zh", "ar", "fa", "hi", "pa", "tr")
OVER = st.dates(date(2000, 1, 1), TODAY)


@given(day=OVER, language=st.sampled_from(LANGUAGES))
def test_what_we_write_we_read(day: date, language: str) -> None:
    assert read_day(day_in_words(day, language), language, TODAY) == day


@given(day=OVER, language=st.sampled_from(LANGUAGES))
def test_digits_are_those_of_everybody(day: date, language: str) -> None:
    told = day_in_words(day, language)
    assert str(day.year) in told and str(day.day) in told


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("March 5, 2026", "en", date(2026, 3, 5)),
        ("5th of march 2026", "en", date(2026, 3, 5)),
        ("mar 5 2026", "en", date(2026, 3, 5)),
        ("it was on march 5, 2026", "en", date(2026, 3, 5)),
        ("2026-03-05", "fa", date(2026, 3, 5)),
        ("3/25/2026", "en", date(2026, 3, 25)),
        ("25.3.2026", "ru", date(2026, 3, 25)),
        ("5/5/2026", "es", date(2026, 5, 5)),
        ("march 5", "en", date(2026, 3, 5)),
        ("december 24", "en", date(2025, 12, 24)),
        ("5 de marzo de 2026", "es", date(2026, 3, 5)),
        ("5 de marzo 2026", "en", date(2026, 3, 5)),
        ("5 mas 2026", "ht", date(2026, 3, 5)),
        ("1 août 2026", "fr", date(2026, 8, 1)),
        ("1 aout 2026", "fr", date(2026, 8, 1)),
        ("5 март 2026", "ru", date(2026, 3, 5)),
        ("2026年3月5日", "zh", date(2026, 3, 5)),
        ("3月5日", "zh", date(2026, 3, 5)),
        ("٥ مارس ٢٠٢٦", "ar", date(2026, 3, 5)),
        ("5 آذار 2026", "ar", date(2026, 3, 5)),
        ("5 جنوری 2026", "fa", date(2026, 1, 5)),
        ("५ मार्च २०२६", "hi", date(2026, 3, 5)),
        ("5 सितम्बर 2026", "hi", date(2026, 9, 5)),
        ("5 फरवरी 2026", "hi", date(2026, 2, 5)),
        ("5 march 2026", "pa", date(2026, 3, 5)),
        ("5 kasim 2026", "tr", date(2026, 11, 5)),
        ("5 KASIM 2026", "tr", date(2026, 11, 5)),
    ],
)
def test_ways_to_write_a_day(text: str, language: str, day: date) -> None:
    assert read_day(text, language, TODAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "3/5/2026", "05-03-2026", "30 february 2026", "march 2026", "march", "5", "1", "2026", "",
        "yesterday", "march 5 or march 6, 2026", "march 5 2025 and 2026", "14 اسفند 1404",
        "december 24, 2026", "99 march 2026", "may i ask you", "12 25", "9:30",
    ],
)  # fmt: skip
def test_what_is_no_day_or_two(text: str) -> None:
    for language in LANGUAGES:
        assert read_day(text, language, TODAY) is None


@given(text=st.text(max_size=40), language=st.sampled_from(LANGUAGES))
def test_whatever_comes_is_a_day_that_is_over_or_none(text: str, language: str) -> None:
    found = read_day(text, language, TODAY)
    assert found is None or found <= TODAY


@pytest.mark.parametrize(
    ("begins", "limit", "last"),
    [
        (date(2026, 3, 5), Limit(30, Unit.DAYS), date(2026, 4, 4)),
        (date(2026, 12, 15), Limit(30, Unit.DAYS), date(2027, 1, 14)),
        (date(2024, 2, 29), Limit(1, Unit.YEARS), date(2025, 2, 28)),
        (date(2026, 3, 5), Limit(2, Unit.YEARS), date(2028, 3, 5)),
        # Thanksgiving (Thursday) and a weekend lie between
        (date(2026, 11, 25), Limit(5, Unit.WORKING_DAYS), date(2026, 12, 3)),
        (date(2026, 6, 1), Limit(5, Unit.WORKING_DAYS), date(2026, 6, 8)),
    ],
)
def test_last_days(begins: date, limit: Limit, last: date) -> None:
    assert last_day(begins, limit) == last


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 26), False),  # Thanksgiving
        (date(2026, 7, 3), False),  # July 4 is a Saturday: kept the day before
        (date(2026, 11, 28), False),  # Saturday
        (date(2026, 11, 27), True),
        (date(2026, 6, 19), False),  # Juneteenth
    ],
)
def test_days_on_which_offices_work(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@given(begins=st.dates(date(2015, 1, 1), date(2035, 1, 1)), amount=st.integers(1, 30))
def test_working_days_never_end_on_a_free_day(begins: date, amount: int) -> None:
    last = last_day(begins, Limit(amount, Unit.WORKING_DAYS))
    assert is_working_day(last) and last >= begins + timedelta(days=amount)


@pytest.mark.parametrize(
    ("when", "language", "told"),
    [
        ("2023", "hi", "2023"), ("2023-03", "en", "March 2023"), ("2023-03", "ht", "mas 2023"),
        ("2023-12-13", "en", "December 13, 2023"), ("2023-12-13", "zh", "2023年12月13日"),
        ("2023-03", "es", "marzo de 2023"),
    ],
)  # fmt: skip
def test_days_of_sources_in_words(when: str, language: str, told: str) -> None:
    assert in_words(when, language) == told
