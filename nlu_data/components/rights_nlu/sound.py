"""Writes a word as it roughly sounds, so that spellings and alphabets meet.

`nesesito` and `necesito`, `вакил` and `vakeel`, `وكيل` and `wakil` come out the same: the consonants
in Latin letters, similar ones made one, vowels left out. That is where hurried and romanised
spellings agree with the proper ones. Nothing is lost by it, since a word's letters are features too.
"""

import re
import unicodedata
from functools import lru_cache
from typing import List, Pattern, Tuple

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        "a b v g d e e j z i i k l m n o p r s t u f h s C s s - i - e u a i i e g".split(),
    )
)
_ARABIC = {
    **dict.fromkeys("اأإآعىةٱ", "a"),
    **dict.fromkeys("وؤ", "u"),
    **dict.fromkeys("يیئ", "i"),
    **dict.fromkeys("ذزسشصضظث", "s"),
    **dict.fromkeys("تط", "t"),
    **dict.fromkeys("حخه", "H"),
    **dict.fromkeys("قكک", "k"),
    **dict.fromkeys("گغ", "g"),
    **{"ب": "b", "پ": "p", "ج": "j", "ژ": "j", "چ": "C", "د": "d", "ر": "r", "ض": "d"},
    **{"ف": "f", "ل": "l", "م": "m", "ن": "n", "ء": "-"},
}
# How Arabic is texted in Latin letters: digits stand for the letters that look like them.
_DIGIT_LETTERS = str.maketrans({"2": "", "3": "a", "5": "H", "6": "t", "7": "H", "9": "s"})
_INDIC = re.compile(r"(?:DEVANAGARI|GURMUKHI) (?:LETTER|VOWEL SIGN|SIGN) (\w+)$")
_NASAL = {"ANUSVARA", "BINDI", "TIPPI", "CANDRABINDU"}
_SILENT = {"VIRAMA", "NUKTA", "ADDAK"}
_ALIKE: List[Tuple[Pattern[str], str]] = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ph", "f"),
        ("qu", "k"),
        ("tch|ch|tsh", "C"),
        ("sch|sh", "s"),
        ("kh|gh", "k"),
        ("c(?=[eiy])|ci(?=[oa])", "s"),
        ("t(?=i[oa])|[ck]s|[xz]", "s"),
        ("[cq]", "k"),
        ("w", "v"),
        ("(?<=[bdgjkpt])h", ""),
        ("(?<=[aeiou])h(?=[aeiou])", "H"),
    )
]
_NOT_HEARD, _TWICE = re.compile("[aeiouyh]"), re.compile(r"(.)\1+")
_LETTERS = re.compile("[a-z]")
_REMEMBERED = 50_000


@lru_cache(maxsize=None)
def _letter(char: str) -> str:
    """Return the sound of one character: "" for what is neither a letter nor one of our scripts."""
    if char in _CYRILLIC:
        return _CYRILLIC[char].replace("-", "")
    if char in _ARABIC:
        return _ARABIC[char].replace("-", "")
    if char.isascii():
        return char
    named = _INDIC.match(unicodedata.name(char, ""))
    if not named or named.group(1) in _SILENT:
        return ""
    return "n" if named.group(1) in _NASAL else named.group(1).lower()


@lru_cache(maxsize=_REMEMBERED)
def sound(word: str) -> str:
    """Return the sound of a bare word (see normal_form); "" when fewer than two sounds are left, as
    of "a", of numbers, and of Chinese.
    """
    if not word.isdigit():
        word = word.translate(_DIGIT_LETTERS)
    heard = "".join(_letter(char) for char in word)
    if not _LETTERS.search(heard):
        return ""
    for pattern, alike in _ALIKE:
        heard = pattern.sub(alike, heard)
    start = "a" if heard[0] in "aeiouyhH" else ""
    rest = heard[1:] if heard[0] == "H" else heard
    found = start + _TWICE.sub(r"\1", _NOT_HEARD.sub("", rest))
    return found if len(found) > 1 else ""
