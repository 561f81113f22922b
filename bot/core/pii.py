"""Finds and hides what could identify a person, before anything is classified or stored.

People were harmed by a list of names, numbers and birth dates. This bot needs none of them;
what is sent anyway is replaced by a word that says what kind of thing stood there. It errs
on the side of hiding too much: a hidden year costs a little, a kept number could cost a lot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Detail(StrEnum):
    """What was hidden; the value stands in its place."""

    EMAIL = "[e-mail]"
    A_NUMBER = "[A-number]"
    BIRTH_DATE = "[birth date]"
    PHONE = "[phone]"
    ADDRESS = "[address]"
    NUMBER = "[number]"


@dataclass(frozen=True)
class Masked:
    """A text without identifying details, and which kinds were found, in order of finding."""

    text: str
    found: tuple[Detail, ...]


def _any(*words: str) -> str:
    return "(?:" + "|".join(words) + ")"


# Between digits people put one or two of these; \d covers the digits of every script.
_GAP = r"[\s.\-–—_/()*#\u00a0\u200b]{0,3}"

_EMAIL = re.compile(r"[\w.+%-]+\s?@\s?[\w-]+(?:\s?\.\s?[\w-]+)+", re.IGNORECASE)

# An A-number is the letter A and 7 to 9 digits (USCIS glossary); some write it in Cyrillic.
_A_NUMBER = re.compile(
    rf"(?<![^\W\d_])[aа](?:lien)?{_GAP}(?:(?:number|num|no|nr|file|is|es|:)\.?{_GAP}){{0,3}}"
    rf"(?:\d{_GAP}){{6,8}}\d(?!\d)",
    re.IGNORECASE,
)

_MONTHS = _any(
    *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    *("ene", "abr", "ago", "dic", "fev", "mai", "set", "out", "dez", "janv", "févr", "fevr"),
    *("avr", "juin", "juil", "août", "aout", "déc", "янв", "фев", "мар", "апр", "ма[йя]", "июн"),
    *("июл", "авг", "сен", "окт", "ноя", "дек", "oca", "şub", "nis", "haz", "tem", "ağu", "eyl"),
    *("eki", "kas", "ara", "जनवरी", "फ़?रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त"),
    *("सितंबर", "अक्टूबर", "नवंबर", "दिसंबर", "ਜਨਵਰੀ", "ਮਾਰਚ", "ਅਪ੍ਰੈਲ", "ਮਈ", "ਜੂਨ", "ਅਗਸਤ"),
    *("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر"),
    *("أكتوبر", "نوفمبر", "ديسمبر", "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
    *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
)
_DATE_GAP = r"[\s.\-–/,]{1,3}"
_OF = r"(?:\s?(?:de|of|del|di)\s)?"
# a date written in numbers is no part of a longer row of digits
_JOINT = r"[./\-– ()]"
_BEFORE = rf"(?<!\d)(?<!\d{_JOINT})(?<!\d{_JOINT}{{2}})"
_AFTER = r"(?![./\-–()]{0,2}\d)"
_DATES = (
    # 03/14/1985, 14-3-85, 1985.03.14, 1985年3月14日
    re.compile(
        rf"{_BEFORE}\d{{1,2}}\s?[./\-–]\s?\d{{1,2}}\s?[./\-–]\s?(?P<year>\d{{4}}|\d{{2}}){_AFTER}"
    ),
    re.compile(
        rf"{_BEFORE}(?P<year>\d{{4}})\s?[./\-–年]\s?\d{{1,2}}\s?[./\-–月]\s?\d{{1,2}}日?{_AFTER}"
    ),
    # 14 de marzo de 1985, March 14th, 1985
    re.compile(
        rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th|er|º|°|\.)?{_OF}{_DATE_GAP}?{_OF}{_MONTHS}\w*"
        rf"{_OF}{_DATE_GAP}{_OF}(?P<year>\d{{4}}|\d{{2}})(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\w){_MONTHS}\w*{_DATE_GAP}\d{{1,2}}(?:st|nd|rd|th)?{_OF}{_DATE_GAP}{_OF}"
        r"(?P<year>\d{4}|\d{2})(?!\d)",
        re.IGNORECASE,
    ),
)
#: From this year on a date is more likely about the leak or a hearing than a birth: the
#: people of the list were adults or came with children, and the leak was in 2022.
_RECENT = range(2020, 2040)
_BIRTH = re.compile(
    _any(
        *("born", "birth", "dob", "nac[ií]", "cumplea", "fet nan", "nesans", "nasci", "né[e]? le"),
        *("naiss", "родил", "рожд", "出生", "生日", "ولد", "مولد", "ميلاد", "متولد", "تولد"),
        *("जन्म", "ਜਨਮ", "doğum", "dogum", "doğdu"),
    ),
    re.IGNORECASE,
)
#: How far from a word of birth a date still counts as that birth's, in characters.
_NEAR = 24

# 7 or more digits in groups: telephone numbers of all countries (ITU-T E.164: at most 15).
_DIGITS = re.compile(rf"(?:\+\s?)?\(?\d(?:{_GAP}\d){{6,}}")
# Passports and case numbers: one to three letters and 6 or more digits.
_LETTERED = re.compile(r"(?<![^\W\d_])[A-Z]{1,3}[\s-]?\d{6,}", re.IGNORECASE)

_STREET = _any(
    *("street", "str", "st", "avenue", "ave", "road", "rd", "boulevard", "blvd", "drive", "lane"),
    *(
        "ln",
        "highway",
        "hwy",
        "parkway",
        "pkwy",
        "sokak",
        "sokağı",
        "cadde",
        "caddesi",
        "mahallesi",
    ),
)
_NOT_A_STREET = _any(
    *("days?", "months?", "weeks?", "years?", "hours?", "minutes?", "times?", "kids?", "children"),
    *("people", "men", "am", "pm", "to", "the", "of", "in", "and", "for", "ago", "or", "on", "at"),
)
_NAME = rf"(?!{_NOT_A_STREET}\b)[^\W\d_][\w'.-]*"
_ADDRESSES = (
    # 123 North Main Street, apt 4B
    re.compile(
        rf"(?<![\d.])\d{{1,6}}[A-Z]?,?\s+(?:(?:\d{{1,3}}(?:st|nd|rd|th)|{_NAME})\s+){{1,4}}?"
        rf"{_STREET}\b\.?(?:,?\s*(?:apt|apartment|unit|suite|#)\.?\s*#?\w+)?",
        re.IGNORECASE,
    ),
    # calle 8 número 120, avenida Bolívar 45, rue Capois 12, ул. Ленина 5
    re.compile(
        r"\b(?:calle|avenida|avda|carrera|cra|rua|rue|ulitsa|улица|ул|шоссе|проспект|शारع|شارع|خیابان)"
        r"\.?\s+(?:[^\W_][\w'.-]*,?\s+){0,4}?(?:#|n[oº°]\.?|n[úu]m(?:ero)?\.?|д\.?|дом)?\s*\d{1,6}\b"
        r"(?:\s*(?:#|n[oº°]\.?|n[úu]m(?:ero)?\.?|-)\s*\d{1,6})*",
        re.IGNORECASE,
    ),
    re.compile(r"[\u4e00-\u9fff]{2,8}[路街道巷]\s?\d{1,6}\s?[号號弄]?"),
    re.compile(r"\b(?:apt|apartment|apto|apartamento)\.?\s*#?\s*\d\w*", re.IGNORECASE),
    re.compile(r"\bp\.?\s?o\.?\s?box\s+\d+", re.IGNORECASE),
    # two capital letters of a state, and a ZIP code
    re.compile(r"\b[A-Z]{2}\s+\d{5}(?:-\d{4})?\b"),
)


def mask(text: str) -> Masked:
    """Hide e-mail addresses, A-numbers, birth dates, phone numbers, addresses and other long
    numbers. A text without them comes back as it was; masking twice changes nothing more.
    """
    found: list[Detail] = []

    def hide(pattern: re.Pattern[str], detail: Detail, here: str) -> str:
        hidden, times = pattern.subn(detail.value, here)
        if times and detail not in found:
            found.append(detail)
        return hidden

    text = hide(_EMAIL, Detail.EMAIL, text)
    text, dates = _hide_births(text)
    if dates.births:
        found.append(Detail.BIRTH_DATE)
    text = hide(_A_NUMBER, Detail.A_NUMBER, text)
    text = hide(_LETTERED, Detail.NUMBER, text)
    text = hide(_DIGITS, Detail.PHONE, text)
    for pattern in _ADDRESSES:
        text = hide(pattern, Detail.ADDRESS, text)
    return Masked(dates.put_back(text), tuple(found))


class _Dates:
    """Recent dates, set aside while other numbers are hidden, so that they are not taken
    for parts of a telephone number."""

    def __init__(self) -> None:
        self.births = 0
        self.kept: list[str] = []

    def set_aside(self, date: str) -> str:
        self.kept.append(date)
        return _aside(len(self.kept) - 1)

    def put_back(self, text: str) -> str:
        for index, date in enumerate(self.kept):
            text = text.replace(_aside(index), date)
        return text


def _aside(index: int) -> str:
    # a private-use character is no digit, no letter and in no text (it is removed at first)
    return chr(0xF0000 + index)


_PRIVATE = re.compile("[\U000f0000-\U000ffffd]")


def _hide_births(text: str) -> tuple[str, _Dates]:
    dates = _Dates()
    text = _PRIVATE.sub("", text)
    for pattern in _DATES:

        def decide(match: re.Match[str], text: str = text) -> str:
            if not _is_date(match):
                return match[0]
            around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            if _BIRTH.search(around) or not _is_recent(match["year"]):
                dates.births += 1
                return Detail.BIRTH_DATE.value
            return dates.set_aside(match[0])

        text = pattern.sub(decide, text)
    return text, dates


def _is_date(match: re.Match[str]) -> bool:
    """Whether days and months are possible ones."""
    parts = [int(part) for part in re.findall(r"\d+", match[0].replace(match["year"], "", 1))]
    return all(1 <= part <= 31 for part in parts)


def _is_recent(year: str) -> bool:
    number = int(year)
    return (number if number > 99 else 2000 + number) in _RECENT
