"""How entities are written down: entries, and what a language does to its words.

An entry is a word or a phrase, "mother in law". A star stands for any ending, a tilde for one of
its language's endings (`endings`) or none; words in brackets must stand there but are no part of
what is found, "(my) son"; {n} is a number. A word with an exclamation mark counts with its accents
only: Haitian "sè!" is a sister, "se" is "is". Standard library only.
"""

import re
from typing import Any, Dict, List, Mapping, NamedTuple, Set, Tuple

from rights_nlu.entity_words import tokens_of

#: A language of entries that hold in all of them.
ANY = "*"
#: Entries of this kind are found and left out: "mom and pop", "New Mexico".
NOT = "not"
#: Entries of this kind are weak in a way of their own: see entity_dates.
MONTH = "month"
NUMBER = "{n}"
SHORTEST_BEGINNING = 2
_ENTRY = re.compile(r"(?:\(([^()]*)\))?([^()~*!]+)([~*!]?)(?:\s*\(([^()]*)\))?")


class Entry(NamedTuple):
    """One way to write something. `before` and `after` count the pieces that are no part of it."""

    kind: str
    value: str
    language: str
    pieces: Tuple[str, ...]
    ending: str
    before: int
    after: int
    weak: bool
    #: The word with its accents, where those must be typed.
    typed: str = ""


def pieces_of(text: str) -> List[str]:
    found: List[str] = []
    for part in re.split(r"(\{n\})", text or ""):
        found += [NUMBER] if part == NUMBER else [token.word for token in tokens_of(part)]
    return found


def entry_of(kind: str, value: str, language: str, text: str, weak: bool = False) -> Entry:
    """Return an entry as it is written in the files. Raises ValueError when it says nothing."""
    parts = _ENTRY.fullmatch(text.strip())
    before, own, after = (pieces_of(parts[group]) if parts else [] for group in (1, 2, 4))
    if not own or (parts and parts[3] in ("*", "~") and len(own[-1]) < SHORTEST_BEGINNING):
        raise ValueError(f"{text!r} of {kind} {value} ({language}) is too little to go by")
    ending = parts[3] if parts else ""
    typed = tokens_of(parts[2])[-1].typed if ending == "!" else ""
    return Entry(
        kind, value, language, (*before, *own, *after), ending.strip("!"), len(before), len(after),
        weak, typed,
    )  # fmt: skip


class Rules(NamedTuple):
    """What a language does to its words: see nlu_data/entities/<language>.yml."""

    endings: Set[str]
    prefixes: Tuple[str, ...]
    numbers: Dict[str, int]
    not_english: Set[str]

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Rules":
        """Return the rules in a language's file."""

        def all_words(name: str) -> List[str]:
            return [piece for entry in document.get(name) or () for piece in pieces_of(str(entry))]

        numbers = (document.get("numbers") or {}).items()
        return cls(
            set(all_words("endings")),
            tuple(sorted(all_words("prefixes"), key=len, reverse=True)),
            {piece: int(n) for n, found in numbers for word in found for piece in pieces_of(word)},
            set(all_words("not_english")),
        )
