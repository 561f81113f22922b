"""Cuts a message into words of one spelling, each with its place in the message as it was typed.

`normal_form.words` gives the spelling but not the place; so the message is cut first, and each cut
is then brought to its spelling. Standard library only.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Dict, List, NamedTuple, Optional, Tuple

from rights_nlu.normal_form import bare, words

# What bot/core/pii.py puts where it hid something, and anything that looks like it.
_MASK = re.compile(r"\[[^\W\d_][^\W\d_ -]*(?:[ -][^\W\d_]+)?\]")
# Classes of characters: letter, Han, joiner (seen inside a word only); "-" is anything else.
_CUT = re.compile("l[lj]*|h")
_GAP = re.compile(r"[ \t\u00a0'’ʼ‘`´＇.,/_\-–—]{0,3}")
_TATWEEL = 0x640
_REMEMBERED, _LONGEST_REMEMBERED, _LONGEST_NUMBER = 20_000, 40, 4


class Token(NamedTuple):
    """One word: its spelling without accents and with those typed, where it stands, its number if
    it is one, and whether only a space, a hyphen or an apostrophe stands between it and the word
    before.
    """

    word: str
    typed: str
    start: int
    end: int
    number: Optional[int]
    near: bool


class _Classes(Dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = answer = self._answer(code)
        return answer

    @staticmethod
    def _answer(code: int) -> str:
        if (
            0x3400 <= code <= 0x4DBF
            or 0x4E00 <= code <= 0x9FFF
            or 0xF900 <= code <= 0xFAFF
            or 0x20000 <= code <= 0x2FA1F
        ):
            return "h"
        category = unicodedata.category(chr(code))
        if 0xFE00 <= code <= 0xFE0F or category == "Cf" or code == _TATWEEL:
            return "j"
        return "l" if category[0] in "LMN" else "-"


_CLASSES = _Classes()


def without_masks(text: str) -> str:
    """Return `text` as long as before, with line ends where something was masked: no word is found
    there, and no phrase reaches across.
    """
    return _MASK.sub(lambda match: "\n" * len(match.group()), text) if "[" in text else text


def _spell(piece: str) -> Tuple[Tuple[str, str], ...]:
    return tuple((bare(word), word) for word in words(piece))


_spell_remembered = lru_cache(maxsize=_REMEMBERED)(_spell)


def _number(piece: str) -> Optional[int]:
    return int(piece) if len(piece) <= _LONGEST_NUMBER else None


def tokens_of(text: str) -> List[Token]:
    """Return the words of `text` in order, Chinese ones cut into characters; never raises."""
    found: List[Token] = []
    before = 0
    for match in _CUT.finditer(text.translate(_CLASSES)):
        start, end = match.span()
        piece = text[start:end]
        spelled = _spell_remembered(piece) if end - start <= _LONGEST_REMEMBERED else _spell(piece)
        near = bool(found) and (
            text[before:start] == " " or _GAP.fullmatch(text, before, start) is not None
        )
        number = _number(piece) if piece.isdecimal() else None
        for word, typed in spelled:
            found.append(Token(word, typed, start, end, number, near))
            near = True
        before = end if spelled else before
    return found
