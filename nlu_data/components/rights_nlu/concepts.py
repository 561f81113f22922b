"""Words that mean the same to us, in every language: "wife" and "esposo" are both relatives.

A few dozen examples of an intent cannot name every relative, officer or sum of money. With
concepts, what one word has taught holds for the others, and what one language has taught holds for
the rest.
"""

from functools import lru_cache
from typing import Dict, FrozenSet, Iterable, List, Mapping, Sequence, Set, Tuple

from rights_nlu.normal_form import bare, split_han, words

STAR = "*"
# A star after a single letter would match a good part of all words.
SHORTEST_BEGINNING = 2
REMEMBERED_WORDS = 20_000
Table = Mapping[str, Mapping[str, Sequence[str]]]


def plain_words(text: str) -> List[str]:
    """Return the words of `text` without accents, Chinese ones cut into characters."""
    return [piece for word in words(text) for piece in split_han(bare(word))]


class Concepts:
    """Finds the concepts in a message. Made from concept -> language -> words and phrases."""

    def __init__(self, table: Table) -> None:
        """Raises ValueError naming the entry when one is empty or begins with too little before its
        star.
        """
        self.table = {
            concept: {
                language: [str(entry) for entry in entries]
                for language, entries in languages.items()
            }
            for concept, languages in table.items()
        }
        self._whole: Dict[str, Set[str]] = {}
        self._beginnings: Dict[str, Set[str]] = {}
        self._phrases: Dict[str, List[Tuple[List[str], bool, str]]] = {}
        for concept, languages in self.table.items():
            for entry in (entry for entries in languages.values() for entry in entries):
                self._add(concept, entry)
        self._longest = max((len(start) for start in self._beginnings), default=0)
        self._of_word = lru_cache(maxsize=REMEMBERED_WORDS)(self._look_up)

    def _add(self, concept: str, entry: str) -> None:
        starred = entry.endswith(STAR)
        pieces = plain_words(entry)
        if not pieces or (starred and len(pieces[-1]) < SHORTEST_BEGINNING):
            raise ValueError(f"{entry!r} of {concept} in concepts.yml is too little to go by")
        if len(pieces) > 1:
            self._phrases.setdefault(pieces[0], []).append((pieces, starred, concept))
        else:
            home = self._beginnings if starred else self._whole
            home.setdefault(pieces[0], set()).add(concept)

    def _look_up(self, word: str) -> FrozenSet[str]:
        found = set(self._whole.get(word, ()))
        for length in range(SHORTEST_BEGINNING, min(len(word), self._longest) + 1):
            found |= self._beginnings.get(word[:length], set())
        return frozenset(found)

    def found_in(self, plain: Sequence[str]) -> List[str]:
        """Return the concepts in a message given as `plain_words`, each once, in the order of the
        alphabet.
        """
        found: Set[str] = set()
        for place, word in enumerate(plain):
            found |= self._of_word(word)
            for pieces, starred, concept in self._phrases.get(word, ()):
                if _matches(plain[place : place + len(pieces)], pieces, starred):
                    found.add(concept)
        return sorted(found)


def _matches(seen: Sequence[str], pieces: Sequence[str], starred: bool) -> bool:
    if not starred:
        return list(seen) == list(pieces)
    return len(seen) == len(pieces) and seen[:-1] == pieces[:-1] and seen[-1].startswith(pieces[-1])


def pairs(found: Sequence[str]) -> Iterable[Tuple[str, str]]:
    """Yield every two concepts of one message: a relative and a place of detention say more than
    either.
    """
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            yield one, other
