"""Turns a message into weighted features: pieces of words, words, concepts, and pairs of these.

The weight is TF-IDF with a damped count. A piece that training never saw still counts in the length
of the vector: a message in unknown words then gets a short vector, and with it an unsure
prediction, instead of a bold one from the two pieces that happened to be known.
"""

import json
import math
from collections import Counter
from pathlib import Path
from typing import Dict, Iterable, List, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix

from rights_nlu.concepts import Concepts, pairs
from rights_nlu.normal_form import bare, split_han, words

# Measured on short texts in 12 languages: 2-5 was as good as or better than 1-4 in 9 of them.
SHORTEST, LONGEST = 2, 5
WORD_MARK = "\u0001"  # cannot occur in a normal form, so a word never collides with a piece of one
CONCEPT_MARK = "\u0002"
START, END = "<", ">"
# A concept weighs more than one of the hundred pieces of a sentence. Doubling or halving these
# changes held-out accuracy by less than a point; leaving concepts out costs four.
CONCEPT_WEIGHT, CONCEPT_PAIR_WEIGHT = 2.5, 1.25


def _pieces(word: str) -> List[str]:
    padded = f" {word} "
    size = len(padded)
    return [
        padded[start : start + length]
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(size - length + 1)
    ]


def features_of(text: str, concepts: Concepts) -> Dict[str, float]:
    """Return the features of `text`, each with its weight: empty for a text without letters, digits
    or emoji.

    Every word gives its accent-free pieces; a word typed with accents gives the accented ones on
    top, which tell languages apart and cost nothing to those who leave accents out.
    """
    counts: "Counter[str]" = Counter()
    plain: List[str] = []
    for word in words(text):
        simple = bare(word)
        pieces = _pieces(simple)
        counts.update(pieces)
        if simple != word:
            known = set(pieces)
            counts.update(piece for piece in _pieces(word) if piece not in known)
        plain.extend(split_han(simple))
    if not plain:
        return {}
    counts.update(WORD_MARK + word for word in plain)
    edged = [START, *plain, END]
    counts.update(f"{WORD_MARK}{left} {right}" for left, right in zip(edged, edged[1:]))
    weights = {
        feature: 1.0 if count == 1 else 1.0 + math.log(count) for feature, count in counts.items()
    }
    found = concepts.found_in(plain)
    weights.update((CONCEPT_MARK + concept, CONCEPT_WEIGHT) for concept in found)
    weights.update(
        (f"{CONCEPT_MARK}{one} {other}", CONCEPT_PAIR_WEIGHT) for one, other in pairs(found)
    )
    return weights


def _concepts_last(feature: str) -> Tuple[bool, str]:
    return feature.startswith(CONCEPT_MARK), feature


class Vocabulary:
    """The features known from training and how telling each one is; the concepts stand last."""

    def __init__(
        self, features: Sequence[str], idf: np.ndarray, unknown_idf: float, concepts: Concepts
    ) -> None:
        if len(features) == 0 or idf.shape != (len(features),) or not np.isfinite(idf).all():
            raise ValueError("the vocabulary is empty or does not fit its weights")
        self.index: Dict[str, int] = {feature: place for place, feature in enumerate(features)}
        self.spelling = sum(not feature.startswith(CONCEPT_MARK) for feature in features)
        self.idf = idf.astype(np.float32)
        self.unknown_idf = float(unknown_idf)
        self.concepts = concepts
        self._idf: List[float] = self.idf.tolist()  # plain floats: no NumPy call for each feature

    def __len__(self) -> int:
        return len(self.index)

    @classmethod
    def learn(cls, texts: Iterable[str], rarest: int, concepts: Concepts) -> "Vocabulary":
        """Return the vocabulary of `texts`, of features that occur in at least `rarest` of them."""
        seen_in: "Counter[str]" = Counter()
        total = 0
        for text in texts:
            seen_in.update(features_of(text, concepts).keys())
            total += 1
        kept = sorted(
            (feature for feature, count in seen_in.items() if count >= rarest), key=_concepts_last
        )
        idf = np.array([1.0 + math.log((1 + total) / (1 + seen_in[feature])) for feature in kept])
        return cls(kept, idf, 1.0 + math.log((1 + total) / (1 + rarest)), concepts)

    def vector(self, text: str) -> Tuple[np.ndarray, np.ndarray]:
        """Return the places (int32, rising) and weights (float32) of the known features of `text`.

        The vector's length is 1 when every feature is known and shorter when some are not.
        """
        index, idf = self.index, self._idf
        places: List[int] = []
        weights: List[float] = []
        squares = 0.0
        for feature, share in features_of(text, self.concepts).items():
            place = index.get(feature)
            if place is None:
                squares += (share * self.unknown_idf) ** 2
                continue
            weight = share * idf[place]
            squares += weight * weight
            places.append(place)
            weights.append(weight)
        where = np.array(places, dtype=np.int32)
        how_much = np.array(weights, dtype=np.float32)
        if squares:
            how_much /= math.sqrt(squares)
        order = np.argsort(where)
        return where[order], how_much[order]

    def rows(self, text: str) -> Tuple[csr_matrix, csr_matrix]:
        """Return the same as `vector` as two sparse rows, which is what Rasa passes on: spelling
        and concepts.
        """
        places, weights = self.vector(text)
        cut = int(np.searchsorted(places, self.spelling))
        return (
            _row(places[:cut], weights[:cut], self.spelling),
            _row(places[cut:] - self.spelling, weights[cut:], len(self) - self.spelling),
        )

    def save(self, folder: Path) -> None:
        """Write vocabulary.json and vocabulary.npz into `folder`."""
        document = {
            "unknown_idf": self.unknown_idf, "features": list(self.index), "concepts": self.concepts.table
        }  # fmt: skip
        (folder / "vocabulary.json").write_text(
            json.dumps(document, ensure_ascii=False), encoding="utf-8"
        )
        np.savez(folder / "vocabulary.npz", idf=self.idf)

    @classmethod
    def load(cls, folder: Path) -> "Vocabulary":
        """Read what `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile when it is
        missing or broken.
        """
        document = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        with np.load(folder / "vocabulary.npz", allow_pickle=False) as arrays:
            return cls(
                document["features"],
                arrays["idf"],
                document["unknown_idf"],
                Concepts(document["concepts"]),
            )


def _row(places: np.ndarray, weights: np.ndarray, width: int) -> csr_matrix:
    bounds = np.array([0, len(places)], dtype=np.int32)
    return csr_matrix((weights, places, bounds), shape=(1, width), copy=False)
