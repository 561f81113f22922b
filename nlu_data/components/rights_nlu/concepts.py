"""Words that mean the same to us, in every language: "wife" and "esposo" are both relatives.

A few dozen examples of an intent cannot name every relative, officer or sum of money. With
concepts, what one word has taught holds for the others, and what one language has taught holds for
the rest.

A spelling means different things in different languages ("son", "para", "die"), so the words of a
message are looked up in the language that it is in, and in English, which people everywhere mix
in; but not in English where the language itself has that word.
"""

from collections import Counter
from functools import lru_cache
from typing import Dict, FrozenSet, Iterable, List, Mapping, Sequence, Set, Tuple

from rights_nlu.ngrams import plain_words

STAR = "*"
# A star after a single letter would match a good part of all words.
SHORTEST_BEGINNING = 2
REMEMBERED_WORDS = 20_000
#: The language that is mixed into all others.
COMMON = "en"
CONCEPT_MARK = "\u0002"  # cannot occur in a normal form, so a concept never collides with a word
# A concept weighs more than one of the hundred pieces of a sentence. Doubling or halving these
# changes held-out accuracy by less than a point; leaving concepts out costs four.
CONCEPT_WEIGHT, CONCEPT_PAIR_WEIGHT = 2.5, 1.25
#: language → concept → words and phrases.
Table = Mapping[str, Mapping[str, Sequence[str]]]


class _Dictionary:
    """The concepts of one language."""

    def __init__(self, entries: Mapping[str, Sequence[str]]) -> None:
        self._whole: Dict[str, Set[str]] = {}
        self._beginnings: Dict[str, Set[str]] = {}
        self._phrases: Dict[str, List[Tuple[List[str], bool, str]]] = {}
        for concept, found in entries.items():
            for entry in found:
                self._add(concept, entry)
        self._longest = max((len(start) for start in self._beginnings), default=0)
        self._of_word = lru_cache(maxsize=REMEMBERED_WORDS)(self._look_up)

    def _add(self, concept: str, entry: str) -> None:
        starred = entry.endswith(STAR)
        pieces = plain_words(entry)
        if not pieces or (starred and len(pieces[-1]) < SHORTEST_BEGINNING):
            raise ValueError(f"{entry!r} of {concept} in the concepts is too little to go by")
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

    def found_in(self, plain: Sequence[str]) -> Set[str]:
        found: Set[str] = set()
        for place, word in enumerate(plain):
            found |= self._of_word(word)
            for pieces, starred, concept in self._phrases.get(word, ()):
                if _matches(plain[place : place + len(pieces)], pieces, starred):
                    found.add(concept)
        return found


class Concepts:
    """Finds the concepts in a message. Made from language → concept → words and phrases, and from
    the English words that each language has itself (see `borrowed_words`).
    """

    def __init__(
        self, table: Table, own_words: "Mapping[str, Sequence[str]] | None" = None
    ) -> None:
        """Raises ValueError naming the entry when one is empty or begins with too little before its
        star.
        """
        self.table = {
            language: {concept: [str(e) for e in entries] for concept, entries in concepts.items()}
            for language, concepts in table.items()
        }
        self.own_words = {language: sorted(found) for language, found in (own_words or {}).items()}
        self._of_language = {language: _Dictionary(found) for language, found in self.table.items()}
        self._common = {
            language: _Dictionary(_except(self.table.get(COMMON, {}), set(found)))
            for language, found in self.own_words.items()
        }

    def found_in(self, plain: Sequence[str], languages: Sequence[str]) -> List[str]:
        """Return the concepts in a message given as `plain_words`, each once, in the order of the
        alphabet. `languages` are those it may be in, the likeliest first.
        """
        found: Set[str] = set()
        for language in languages:
            if language in self._of_language:
                found |= self._of_language[language].found_in(plain)
        if languages and COMMON not in languages:
            common = self._common.get(languages[0]) or self._of_language.get(COMMON)
            found |= common.found_in(plain) if common else set()
        return sorted(found)

    def features(self, plain: Sequence[str], languages: Sequence[str]) -> Dict[str, float]:
        """Return the concepts of a message, and every two of them, as features with weights."""
        found = self.found_in(plain, languages)
        weights = {CONCEPT_MARK + concept: CONCEPT_WEIGHT for concept in found}
        for one, other in _pairs(found):
            weights[f"{CONCEPT_MARK}{one} {other}"] = CONCEPT_PAIR_WEIGHT
        return weights


def _except(concepts: Mapping[str, Sequence[str]], left_out: Set[str]) -> Dict[str, List[str]]:
    return {c: [e for e in entries if e not in left_out] for c, entries in concepts.items()}


def _matches(seen: Sequence[str], pieces: Sequence[str], starred: bool) -> bool:
    if not starred:
        return list(seen) == list(pieces)
    return len(seen) == len(pieces) and seen[:-1] == pieces[:-1] and seen[-1].startswith(pieces[-1])


def _pairs(found: Sequence[str]) -> Iterable[Tuple[str, str]]:
    """Yield every two concepts of one message: a relative and a place of detention say more than
    either.
    """
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            yield one, other


def own_words(
    table: Table, messages: Mapping[str, Sequence[Sequence[str]]]
) -> Dict[str, List[str]]:
    """Return for each language the English entries that are a word of its own: more frequent in its
    own messages than in English ones, like Spanish "son". `messages`: language → plain words of
    each.
    """
    entries = sorted({str(e) for found in table.get(COMMON, {}).values() for e in found})
    each = _Dictionary({entry: [entry] for entry in entries})
    shares: Dict[str, Dict[str, float]] = {}
    for language, found in messages.items():
        counts = Counter(entry for plain in found for entry in each.found_in(plain))
        shares[language] = {entry: counts[entry] / max(1, len(found)) for entry in entries}
    english = shares.get(COMMON, {})
    return {
        language: [entry for entry in entries if share[entry] > english.get(entry, 0.0)]
        for language, share in sorted(shares.items())
        if language != COMMON
    }
