"""Turns examples into the rows that heads learn from, on all processors."""

from collections import Counter
from typing import Dict, Iterable, List, NamedTuple, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix, vstack

from rights_nlu.at_once import each_at_once, shares_of
from rights_nlu.concepts import Concepts
from rights_nlu.example import Example
from rights_nlu.ngrams import Vocabulary, Weighed, features_of, plain_words

# From so many examples on, another process is started faster than one could have read them.
WORTH_A_PROCESS = 3_000
#: Places and values of a message's features; the values have length 1 when all were known.
Vector = Tuple[np.ndarray, np.ndarray]
_NOTHING_KNOWN: Vector = (np.array([], dtype=np.int32), np.array([], dtype=np.float32))


class Rows(NamedTuple):
    """Feature rows and the examples that they stand for."""

    rows: csr_matrix
    examples: List[Example]


def unit(weighed: Weighed, more: "Weighed | None" = None, offset: int = 0) -> Vector:
    """Return features as places and values, of length 1 when all were known; `more` ones stand
    `offset` places further on.
    """
    places, values, squares = weighed
    if more is not None:
        places = np.concatenate([places, more.places + np.int32(offset)])
        values = np.concatenate([values, more.weights])
        squares += more.squares
    if not squares or not len(places):
        return _NOTHING_KNOWN
    return places, values / np.float32(squares**0.5)


def learn_vocabularies(
    examples: Sequence[Example], concepts: Concepts, rarest: int
) -> Tuple[Vocabulary, "Vocabulary | None"]:
    """Return the features that occur in at least `rarest` examples, and of the concepts in those
    that have an intent; None when no concept is frequent enough.
    """

    def count(share: Sequence[Example]) -> Tuple[Dict[str, int], Dict[str, int]]:
        spelt: "Counter[str]" = Counter()
        meant: "Counter[str]" = Counter()
        for example in share:
            spelt.update(features_of(example.text).keys())
            if example.intent is not None:
                meant.update(_meant(example, concepts).keys())
        return spelt, meant

    worth = len(examples) >= WORTH_A_PROCESS
    counts = each_at_once(count, shares_of(examples), worth)
    spelling = Vocabulary.of_counts(_sum(one for one, _ in counts), len(examples), rarest)
    meant = _sum(other for _, other in counts)
    if max(meant.values(), default=0) < rarest:
        return spelling, None
    asking = sum(example.intent is not None for example in examples)
    return spelling, Vocabulary.of_counts(meant, asking, rarest)


def rows_of(
    examples: Sequence[Example],
    spelling: Vocabulary,
    meaning: "Vocabulary | None",
    concepts: Concepts,
) -> Tuple[Rows, Rows]:
    """Return the rows that teach the language (spelling alone, every example), and those that teach
    the intent (spelling and meaning, those examples that have one).
    """
    width = len(spelling) + (len(meaning) if meaning else 0)

    def read(share: Sequence[Example]) -> Tuple[csr_matrix, csr_matrix]:
        told: List[Vector] = []
        asked: List[Vector] = []
        for example in share:
            weighed = spelling.weigh(features_of(example.text))
            told.append(unit(weighed))
            if example.intent is not None:
                more = meaning.weigh(_meant(example, concepts)) if meaning else None
                asked.append(unit(weighed, more, len(spelling)))
        return _matrix(told, len(spelling)), _matrix(asked, width)

    worth = len(examples) >= WORTH_A_PROCESS
    found = each_at_once(read, shares_of(examples), worth)
    asking = [example for example in examples if example.intent is not None]
    return (
        Rows(vstack([one for one, _ in found], format="csr"), list(examples)),
        Rows(vstack([other for _, other in found], format="csr"), asking),
    )


def _meant(example: Example, concepts: Concepts) -> Dict[str, float]:
    return concepts.features(plain_words(example.text), [example.language])


def _sum(counts: Iterable[Dict[str, int]]) -> "Counter[str]":
    total: "Counter[str]" = Counter()
    for one in counts:
        total.update(one)
    return total


def _matrix(vectors: Sequence[Vector], width: int) -> csr_matrix:
    bounds = np.cumsum([0, *(len(places) for places, _ in vectors)])
    places = np.concatenate([_NOTHING_KNOWN[0], *(places for places, _ in vectors)])
    values = np.concatenate([_NOTHING_KNOWN[1], *(values for _, values in vectors)])
    return csr_matrix((values, places, bounds), shape=(len(vectors), width))
