"""A normalised copy of what a person wrote, used only to compare; the text itself stays."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

#: What words are made of: to Python the vowel signs of Indic scripts and the marks of Arabic
#: are no parts of words, but they carry the meaning. The danda ends a sentence.
_OF_WORDS = r"\w\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
_EDGES = re.compile(rf"^[^{_OF_WORDS}]+|[^{_OF_WORDS}]+$")
#: An apostrophe joins, as do the joiners of Persian and Hindi.
_WORDS = re.compile(rf"[{_OF_WORDS}'\u200c\u200d]+")
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Case folded, accents and outer punctuation removed, spaces single.

    "¡Sí, Señor!" and "si, senor" become the same. Vowel signs of Indic scripts and
    Arabic letters keep their meaning: only marks that follow a Latin, Greek or Cyrillic
    letter are dropped.
    """
    if text.isascii():
        return _trimmed(text.casefold())
    kept: list[str] = []
    base_takes_accents = False
    for char in unicodedata.normalize("NFKD", text.casefold().replace("’", "'")):
        if unicodedata.combining(char):
            if base_takes_accents:
                continue
        else:
            base_takes_accents = unicodedata.name(char, "").startswith(
                ("LATIN", "GREEK", "CYRILLIC")
            )
        kept.append(char)
    return _trimmed(unicodedata.normalize("NFC", "".join(kept)))


def _trimmed(folded: str) -> str:
    return _SPACES.sub(" ", _EDGES.sub("", folded.strip())).strip()


def words(text: str) -> tuple[str, ...]:
    """The words of the normalised copy, without punctuation."""
    # an apostrophe at a word's edge is a quotation mark: the same word stands without it
    return tuple(word for found in _WORDS.findall(plain(text)) if (word := found.strip("'")))


class Spoken:
    """A text made ready to be searched for many phrases."""

    def __init__(self, text: str) -> None:
        self._spaced = f" {' '.join(words(text))} "

    def has(self, phrase: str) -> bool:
        """Whether an author's phrase stands in the text as whole words.

        In scripts written without spaces a phrase may begin anywhere.
        """
        wanted, unspaced = _searchable(phrase)
        if not wanted:
            return False
        return (wanted if unspaced else f" {wanted} ") in self._spaced


def contains(text: str, phrase: str) -> bool:
    """Whether the phrase stands in the text; see Spoken."""
    return Spoken(text).has(phrase)


# What authors wrote is compared with every text, so its normalised copies are kept. Nothing
# of a person's words may ever be: these two are for phrases only.


@cache
def plain_phrase(phrase: str) -> str:
    """`plain` of a phrase that an author wrote."""
    return plain(phrase)


@cache
def _searchable(phrase: str) -> tuple[str, bool]:
    wanted = " ".join(words(phrase))
    return wanted, any("\u3400" <= char <= "\u9fff" for char in wanted)


def number(text: str) -> int | None:
    """The number when the whole message is one, as people write menu answers.

    Takes "2", "2.", "#2", "(2)", "no. 2"-like forms are not numbers. Digits of any
    script count. None otherwise, and for numbers of more than three digits.
    """
    bare = text.strip().strip("#().:,;!?¡¿\"'[]*-– ").strip()
    # keycap emoji "2️⃣" is a digit followed by two marks
    bare = bare.replace("\ufe0f", "").replace("\u20e3", "")
    if not bare or len(bare) > 3 or not all(unicodedata.category(c) == "Nd" for c in bare):
        return None
    return int("".join(str(unicodedata.digit(c)) for c in bare))
