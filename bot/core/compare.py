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
#: The dotless i of Turkish, which phones often lack; the moon dot of Hindi, often typed as a plain
#: dot; yeh and kaf of both Arabic keyboards, alef with and without hamza, final yeh, the stretching
#: line, the short vowels, and the zero-width joiner of Persian.
_ONE_LETTER = {
    **str.maketrans("يىكأإٱ", "ییکااا"),
    0x0901: "\u0902",
    ord("ı"): "i",
    **dict.fromkeys([*range(0x064B, 0x0653), 0x0640, 0x200C]),
}
#: The dot that Hindi and Punjabi put under letters of foreign sounds; most leave it out.
_NUKTA = "\u093c\u0a3c"
#: Between Chinese and Latin letters nobody types a space ("FOIA怎么申请").
_BESIDE_HAN = re.compile(r"(?<=[\u3400-\u9fff])(?=[a-z])|(?<=[a-z])(?=[\u3400-\u9fff])")
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Case folded, accents and outer punctuation removed, spaces single.

    "¡Sí, Señor!" and "si, senor" become the same. Vowel signs of Indic scripts and
    Arabic letters keep their meaning: only marks that follow a Latin, Greek or Cyrillic
    letter are dropped. Letters that keyboards of Arabic and Persian write in several ways
    become one, as do Hindi letters with and without a dot below; the joiner that some put into
    Persian words falls away.
    """
    if text.isascii():
        return _trimmed(text.casefold())
    kept: list[str] = []
    base_takes_accents = False
    folded = text.casefold().replace("’", "'").translate(_ONE_LETTER)
    for char in unicodedata.normalize("NFKD", folded):
        if char in _NUKTA:
            continue
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
    spaced = _BESIDE_HAN.sub(" ", plain(text))
    return tuple(word for found in _WORDS.findall(spaced) if (word := found.strip("'")))


def word_count(text: str) -> int:
    """How many words a text has; of Chinese, which has no spaces, two characters count as one."""
    found = words(text)
    han = sum(len(word) for word in found if is_han(word))
    return sum(1 for word in found if not is_han(word)) + (han + 1) // 2


def is_han(word: str) -> bool:
    """Whether it has Chinese characters."""
    return any("\u3400" <= char <= "\u9fff" for char in word)


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
    return wanted, is_han(wanted)


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
