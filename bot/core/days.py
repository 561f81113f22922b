"""Days: read from what a person texts, counted to the end of a time limit, told in words.

A day that could be two days is not guessed: 3/5/2026 is March in the United States and May
nearly everywhere else, and a time limit counted from the wrong one could cost a case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

import holidays
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_month_names

from bot.core.compare import plain, words
from bot.core.script import Limit, Unit

#: Unicode's CLDR, from which Babel knows the months of a language, has no Haitian Creole.
CREOLE = (
    *("janvye", "fevriye", "mas", "avril", "me", "jen"),
    *("jiyè", "out", "septanm", "oktòb", "novanm", "desanm"),
)
#: Shorter pieces of month names ("ma", "me") could be any word.
SHORTEST_MONTH = 3
#: Years that a paper of a case may bear in our calendar; the Persian year 1405 is none.
_YEARS = range(1980, 2080)
#: "5th" and "3月5日" are figures and words without a space between.
_PART = re.compile(r"\d+月?|[^\d]+")
#: How people spell months besides what CLDR has: Hindi without the modern dot, Dari months.
_SPELT = {
    "hi": {"सितम्बर": 9, "अक्तूबर": 10, "नवम्बर": 11, "दिसम्बर": 12},
    "fa": {"جنوری": 1, "فبروری": 2, "مارچ": 3, "اپریل": 4, "می": 5, "جون": 6, "جولای": 7,
           "آگست": 8, "اگست": 8, "سپتمبر": 9, "اکتوبر": 10, "نومبر": 11, "دسمبر": 12},
}  # fmt: skip
#: In Persian a month within a date may carry this mark.
_EZAFE = "\u0654"
#: Locales whose names of months count for a language besides its own: in Syria and Iraq
#: March is not called as in Egypt.
_ALSO = {"ar": ("ar_SY",)}


def read_day(text: str, language: str, today: date) -> date | None:
    """The day that a short text names; None when it names none, two, or one to come.

    Understood are year-month-day in this order, days with the month as a word (of the
    language, of English or of Spanish), and days in numbers that can be read in one way only.
    Without a year the last such day is meant.
    """
    said = _western_digits(text).replace(_EZAFE, "")
    parts = [part for word in words(said) for part in _PART.findall(word)]
    figures = [int(part) for part in parts if part.isdecimal()]
    months = [month for part in parts if (month := _month(part, language))]
    years = [figure for figure in figures if figure in _YEARS]
    rest = [figure for figure in figures if figure not in _YEARS]
    if len(years) > 1 or len(months) > 1 or any(figure > 31 for figure in rest):
        return None
    if months and len(rest) == 1:
        return _past(years, months[0], rest[0], today)
    if not months and len(rest) == 2 and years:
        return _in_figures(figures, rest, years[0], today)
    return None


def _in_figures(figures: list[int], rest: list[int], year: int, today: date) -> date | None:
    first, second = rest
    if figures[0] == year:  # 2026-03-05; nobody writes the day before the month here
        return _past([year], first, second, today)
    if first != second and first <= 12 and second <= 12:
        return None
    month, day = (first, second) if first <= 12 else (second, first)
    return _past([year], month, day, today)


def _past(years: list[int], month: int, day: int, today: date) -> date | None:
    for year in years or (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None


def _western_digits(text: str) -> str:
    return "".join(
        str(unicodedata.digit(char)) if unicodedata.category(char) == "Nd" else char
        for char in text
    )


def _month(word: str, language: str) -> int | None:
    if word.endswith("月") and word[:-1].isdecimal() and 1 <= int(word[:-1]) <= 12:
        return int(word[:-1])
    for code in (language, "en", "es"):
        if month := month_names(code).get(word):
            return month
    return None


@cache
def month_names(language: str) -> Mapping[str, int]:
    """Every way in which the months of a language are written, to compare with."""
    found: dict[str, int] = {}
    if language == "ht":
        found = {plain(name): month for month, name in enumerate(CREOLE, 1)}
        found |= {plain(name)[:3]: month for month, name in enumerate(CREOLE, 1) if len(name) > 3}
        return found
    for locale in (language, *_ALSO.get(language, ())):
        for width in ("wide", "abbreviated"):
            for month, name in get_month_names(width, locale=locale).items():
                if len(plain(name)) >= SHORTEST_MONTH or not name.isascii():
                    found[plain(name).removesuffix(_EZAFE)] = month
    if language == "ru":  # elsewhere a month that stands alone is called as within a date
        for month, name in get_month_names("wide", "stand-alone", locale="ru").items():
            found.setdefault(plain(name), month)
    found |= {plain(name): month for name, month in _SPELT.get(language, {}).items()}
    return {name: month for name, month in found.items() if not name[0].isdecimal()}


def day_in_words(day: date, language: str) -> str:
    """The day as the language writes it, the month as a word, digits 0-9."""
    if language == "ht":
        return f"{day.day} {CREOLE[day.month - 1]} {day.year}"
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return day.isoformat()
    return _western_digits(format_date(day, format="long", locale=locale))


def in_words(when: str, language: str) -> str:
    """A day, month or year ("2023-03-05", "2023-03", "2023") as the language writes it."""
    year, *rest = (int(part) for part in when.split("-"))
    if not rest:
        return str(year)
    if len(rest) == 2:
        return day_in_words(date(year, *rest), language)
    if language == "ht":
        return f"{CREOLE[rest[0] - 1]} {year}"
    return _western_digits(format_skeleton("yMMMM", date(year, rest[0], 1), locale=language))


def last_day(begins: date, limit: Limit) -> date:
    """The last day of a time limit; the day on which it begins is not counted.

    Working days leave out weekends and the holidays of the federal government.
    """
    if limit.unit is Unit.YEARS:
        return _same_day(begins, begins.year + limit.amount)
    if limit.unit is Unit.DAYS:
        return begins + timedelta(days=limit.amount)
    day, left = begins, limit.amount
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def _same_day(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # February 29: the day before is the safe one
        return day.replace(year=year, day=28)


def is_working_day(day: date) -> bool:
    """Neither a weekend nor a federal holiday, or the day on which one is kept."""
    return day.weekday() < 5 and day not in _holidays()


@cache
def _holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("US")
