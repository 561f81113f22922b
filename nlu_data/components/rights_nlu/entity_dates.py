"""Dates in a message: in full, as far as they are written, or by words like "tomorrow".

No year is guessed, nothing is counted from today, and 3/4/2026 stays as it is, since half the world
reads it as April. Standard library only.
"""

import datetime
import re
from typing import Iterator, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

from rights_nlu.entity_lexicon import Hit
from rights_nlu.entity_words import Token

#: Kinds of dates, besides those in the files: the day is known; or only what is told.
FULL, UNCLEAR_ORDER, MONTH_DAY, MONTH, PERSIAN = (
    "full", "unclear_order", "month_day", "month", "persian_date",
)  # fmt: skip
_CENTURY, _RECENT = 2000, range(20, 40)  # two digits are a year when bot/core/pii.py lets them pass
_YEARS, _PERSIAN_YEARS = range(1900, 2100), range(1300, 1500)
_JOINT = r"[./\-–]"
_ALONE = rf"(?<!\d)(?<!\d{_JOINT})"
_END = rf"(?!\d)(?!{_JOINT}\d)"
_YEAR_FIRST = re.compile(
    rf"{_ALONE}(\d{{4}}) ?(?:{_JOINT}|年) ?(\d{{1,2}}) ?(?:{_JOINT}|月) ?(\d{{1,2}}){_END}[日号號]?"
)
_YEAR_LAST = re.compile(rf"{_ALONE}(\d{{1,2}})({_JOINT})(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_END}")
_NO_YEAR = re.compile(rf"{_ALONE}(\d{{1,2}})/(\d{{1,2}}){_END}")
_CHINESE = re.compile(
    r"(?<!\d)(?:\d{1,2} ?月 ?\d{1,2} ?[日号號]"
    r"|[一二三四五六七八九十]{1,2}月[一二三四五六七八九十廿]{1,3}[日号號])"
)
_ANY = re.compile(r"\d|月")
#: Numbers with a stroke that are seldom a date.
_SAYINGS = {(24, 7), (9, 11), (1, 2), (1, 3), (1, 4), (2, 3), (3, 4)}
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|o|a|e|ro|do|го|ого|е|ое|يوم)")


class Found(NamedTuple):
    """A date at `start` to `end`. `value` is the ISO date of a full one, else None."""

    start: int
    end: int
    kind: str
    value: Optional[str]
    number: Optional[int] = None


def _iso(year: int, month: int, day: int) -> Optional[str]:
    try:
        return datetime.date(year, month, day).isoformat() if year in _YEARS else None
    except ValueError:
        return None


def _year_of(digits: str) -> Optional[int]:
    year = int(digits)
    if len(digits) == 4:
        return year
    return _CENTURY + year if year in _RECENT else None


def in_numbers(text: str) -> Iterator[Found]:
    """Yield the dates written in numbers; they do not overlap, but are not in order."""
    if not _ANY.search(text):
        return
    for pattern, read in (
        (_YEAR_FIRST, _year_first), (_YEAR_LAST, _year_last),
        (_CHINESE, _as_told), (_NO_YEAR, _no_year),
    ):  # fmt: skip
        matches = list(pattern.finditer(text))
        yield from (found for found in map(read, matches) if found)
        if matches:  # no part of one is read once more
            text = pattern.sub(lambda match: "\n" * len(match.group()), text)


def _year_first(match: "re.Match[str]") -> Optional[Found]:
    year, month, day = (int(match[group]) for group in (1, 2, 3))
    if year in _PERSIAN_YEARS and 1 <= month <= 12 and 1 <= day <= 31:
        return Found(*match.span(), PERSIAN, None)
    iso = _iso(year, month, day)
    return Found(*match.span(), FULL, iso) if iso else None


def _year_last(match: "re.Match[str]") -> Optional[Found]:
    one, other, year = int(match[1]), int(match[3]), _year_of(match[4])
    if year is None:
        return None
    readings = sorted({iso for iso in (_iso(year, one, other), _iso(year, other, one)) if iso})
    if not readings:
        return None
    if len(readings) > 1:
        return Found(*match.span(), UNCLEAR_ORDER, None)
    return Found(*match.span(), FULL, readings[0])


def _as_told(match: "re.Match[str]") -> Optional[Found]:
    return Found(*match.span(), MONTH_DAY, None)


def _no_year(match: "re.Match[str]") -> Optional[Found]:
    one, other = int(match[1]), int(match[2])
    if (one, other) in _SAYINGS or not 1 <= min(one, other) <= 12 or max(one, other) > 31:
        return None
    return Found(*match.span(), MONTH_DAY, None)


class Months:
    """Reads the numbers around the name of a month. `between`: words that may stand between them.
    """

    def __init__(self, between: Set[str], day_last: Mapping[str, bool]) -> None:
        self._between, self._day_last = between, day_last

    def read(self, hit: Hit, tokens: Sequence[Token]) -> Optional[Found]:
        """Return the date that the month at `hit` is part of; None when the word is weak and has no
        number beside it.
        """
        first, last = self._of_entry(hit)
        before, after = self._day_before(tokens, first), self._number_after(tokens, last)
        day: Optional[int] = None
        if (
            after
            and self._is_day(after[0])
            and (self._day_last.get(hit.entry.language) or not before)
        ):
            day, last = after
        elif before:
            day, first = before
        year = self._number_after(tokens, last)
        if year and year[0] in _YEARS:
            last = year[1]
        else:
            year = None
        start, end = tokens[first].start, tokens[last - 1].end
        if not (day or year or not hit.entry.weak):
            return None
        if not hit.entry.value.isdigit():
            return Found(start, end, PERSIAN, None)
        if day and year:
            iso = _iso(year[0], int(hit.entry.value), day)
            return Found(start, end, FULL, iso) if iso else None
        if day:
            return Found(start, end, MONTH_DAY, None)
        return Found(start, end, MONTH, None)

    @staticmethod
    def _of_entry(hit: Hit) -> Tuple[int, int]:
        return hit.first + hit.entry.before, hit.last - hit.entry.after

    @staticmethod
    def _is_day(number: Optional[int]) -> bool:
        return number is not None and 1 <= number <= 31

    @staticmethod
    def _number(token: Token) -> Optional[int]:
        if token.number is not None:
            return token.number
        ordinal = _ORDINAL.fullmatch(token.word)
        return int(ordinal[1]) if ordinal else None

    def _day_before(self, tokens: Sequence[Token], first: int) -> Optional[Tuple[int, int]]:
        """Return the day before the month, and the place of its token."""
        for place in (first - 1, first - 2):
            if place < 0 or not tokens[place + 1].near:
                return None
            number = self._number(tokens[place])
            if number is not None:
                return (number, place) if 1 <= number <= 31 else None
            if tokens[place].word not in self._between:
                return None
        return None

    def _number_after(self, tokens: Sequence[Token], last: int) -> Optional[Tuple[int, int]]:
        """Return the number after the month or day, and the place behind its token."""
        for place in (last, last + 1):
            if place >= len(tokens) or not tokens[place].near:
                return None
            number = self._number(tokens[place])
            if number is not None:
                return number, place + 1
            if tokens[place].word not in self._between:
                return None
        return None
