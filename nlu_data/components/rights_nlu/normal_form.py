"""Brings a message to one spelling, whatever the script, keyboard or haste it was typed with.

Python's own notion of a word character leaves out the vowel signs of Hindi and Punjabi, and Chinese
puts no spaces; so words are cut here by Unicode category instead of by a pattern. Standard library
only.
"""

import re
import unicodedata
from typing import Dict, List

_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TATWEEL = "\u0640"  # stretches an Arabic word for looks
_APOSTROPHES = "'’ʼ‘`´＇"

# Letters that Unicode does not take apart, and Arabic letters that keyboards interchange.
_BARE_LETTERS = str.maketrans(
    {
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "æ": "ae",
        "œ": "oe",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
    }
)
# Accents of Latin, Greek and Cyrillic; vowel marks and hamza of Arabic. Never the vowel signs of
# Indic scripts: without those a word is another word.
_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")  # "helppp"
_LONG_NUMBER = re.compile(
    r"\d{4,}"
)  # years, file numbers, phones: that there is one matters, not which
_MASK = re.compile(
    r"\[(?:e-mail|A-number|birth date|phone|address|number)\]"
)  # bot/core/pii.py puts these
_CONTRACTION = re.compile(
    r"'(?=\w{1,2}(?:\W|$))"
)  # don't, j'ai, m'ap: often typed without the mark


class _Table(Dict[int, str]):
    """What becomes of each character; found once per character, then remembered (for
    `str.translate`).
    """

    def __missing__(self, code: int) -> str:
        self[code] = answer = self._answer(chr(code))
        return answer

    @staticmethod
    def _answer(char: str) -> str:
        category = unicodedata.category(char)
        if category == "Nd":
            return str(unicodedata.decimal(char))  # Arabic-Indic, Devanagari, Gurmukhi ... digits
        if (
            0xFE00 <= ord(char) <= 0xFE0F
            or ord(char) in _SKIN_TONES
            or category == "Cf"
            or char == _TATWEEL
        ):
            return ""  # variation selectors, invisible joiners and direction marks
        if category[0] in "LMN":
            return char
        if char in _APOSTROPHES:
            return "'"
        if char in "?؟":
            return " ? "
        if category == "So":
            return f" {char} "  # emoji are words
        return " "


_TABLE = _Table()


def words(text: str) -> List[str]:
    """Return the words of `text` in one spelling, accents kept; `?` and each emoji are words of
    their own.
    """
    text = _MASK.sub(" 0000 ", text)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = text.translate(_TABLE)
    text = _CONTRACTION.sub("", text).replace("'", " ")
    text = _LONG_NUMBER.sub("0000", text)
    return _STRETCHED.sub(r"\1\1", text).split()


def bare(word: str) -> str:
    """Return `word` as somebody types it who has no accents on the keyboard; Indic vowel signs
    stay.
    """
    if word.isascii():
        return word
    apart = _ACCENTS.sub("", unicodedata.normalize("NFKD", word))
    return unicodedata.normalize("NFC", apart.translate(_BARE_LETTERS))


def split_han(word: str) -> List[str]:
    """Return `word` cut into single Chinese characters and the rest between them, since Chinese
    writes no spaces.
    """
    if word.isascii() or not _HAN.search(word):
        return [word]
    return _HAN.sub(lambda match: f" {match.group()} ", word).split()
