"""Adds to the training data the same sentences as typed in a hurry, and scraps of them.

Nothing of this happens when a message is read. Every change is drawn from a generator seeded with
the sentence itself, so that the same data always trains the same model.
"""

import random
import unicodedata
from typing import Any, Dict, List, Mapping, Sequence

from rights_nlu.example import COPY, PATTERN, Example
from rights_nlu.normal_form import bare, split_han, words

Shorthand = Dict[str, List[str]]

# A slip about every 14 letters is what a thumb does on a phone in a hurry; more made held-out
# accuracy fall.
LETTERS_PER_SLIP = 14


def _is_simple_letter(char: str) -> bool:
    """Whether a slip may touch `char`: a letter that stands alone, as in the Latin, Cyrillic and
    Arabic scripts.

    Chinese characters, and letters of scripts whose vowel signs are characters of their own, are
    left alone.
    """
    name = unicodedata.name(char, "")
    return name.startswith(("LATIN", "CYRILLIC", "ARABIC LETTER"))


def slip(word: str, draw: random.Random) -> str:
    """Return `word` with one letter left out, doubled or swapped with the next; words under 4
    letters stay.
    """
    if len(word) < 4 or not all(_is_simple_letter(char) for char in word):
        return word
    place = draw.randrange(1, len(word) - 1)
    kind = draw.choice(("leave out", "double", "swap"))
    if kind == "leave out":
        return word[:place] + word[place + 1 :]
    if kind == "double":
        return word[:place] + word[place] + word[place:]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def hurried(text: str, shorthand: Shorthand, draw: random.Random) -> str:
    """Return `text` without punctuation, with some shorthand, perhaps without accents, and with a
    slip or two.
    """
    drop_accents = draw.random() < 0.5
    typed: List[str] = []
    for word in words(text):
        if word == "?" and draw.random() < 0.7:
            continue
        short = shorthand.get(word)
        if short and draw.random() < 0.5:
            word = draw.choice(short)
        elif draw.random() < len(word) / LETTERS_PER_SLIP / 2:
            word = slip(word, draw)
        typed.append(bare(word) if drop_accents else word)
    return " ".join(typed)


def scrap(text: str, draw: random.Random) -> str:
    """Return 1 to 3 neighbouring words of `text` (of Chinese: up to 4 characters); "" when it has
    no words.
    """
    pieces = [piece for word in words(text) for piece in split_han(word) if piece != "?"]
    if not pieces:
        return ""
    length = draw.choice((1, 1, 2, 3))
    start = draw.randrange(max(1, len(pieces) - length + 1))
    chosen = pieces[start : start + length]
    return (
        "".join(chosen)
        if all(len(piece) == 1 and not piece.isascii() for piece in chosen)
        else " ".join(chosen)
    )


def shorthand_of(table: Mapping[str, Mapping[str, Any]]) -> Dict[str, Shorthand]:
    """Return what shorthand.yml says, by language and word."""
    return {
        language: {
            words(str(full))[0]: [
                str(short) for short in (shorts if isinstance(shorts, list) else [shorts])
            ]
            for full, shorts in found.items()
        }
        for language, found in table.items()
    }


def with_noise(
    examples: Sequence[Example],
    shorthand: Mapping[str, Shorthand],
    copies: int,
    scraps: int,
    seed: int,
) -> List[Example]:
    """Return `examples`, and behind them `copies` hurried copies of each and, without an intent,
    `scraps` scraps.

    Scraps teach that one short word is weak evidence of a language: "ok" and "no" occur in several.
    """
    added: List[Example] = []
    for example in examples:
        draw = random.Random(f"{seed} {example.language} {example.text}")
        more = example._replace(source=PATTERN if example.source == PATTERN else COPY)
        for _ in range(copies):
            copy = hurried(example.text, shorthand.get(example.language, {}), draw)
            if copy and copy != example.text:
                added.append(more._replace(text=copy))
        for _ in range(scraps):
            piece = scrap(example.text, draw)
            if piece:
                added.append(more._replace(text=piece, intent=None))
    return [*examples, *added]
