"""Turns a message into weighted features: pieces of 2 to 5 characters within words, words, pairs of words.

The weight is TF-IDF with a damped count. A piece that training never saw still counts in the length of the
vector: a message in unknown words then gets a short vector, and with it an unsure prediction, instead of a
bold one from the two pieces that happened to be known.
"""

import json
import math
from collections import Counter
from pathlib import Path
from typing import Dict, Iterable, List, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix

from rights_nlu.normal_form import bare, split_han, words

# Measured on short texts in 12 languages: 2-5 was as good as or better than 1-4 in 9 of them.
SHORTEST, LONGEST = 2, 5
WORD_MARK = "\u0001"  # cannot occur in a normal form, so a word never collides with a piece of one
START, END = "<", ">"


def _pieces(word: str) -> List[str]:
    padded = f" {word} "
    size = len(padded)
    return [
        padded[start : start + length]
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(size - length + 1)
    ]


def features_of(text: str) -> "Counter[str]":
    """Return how often each feature occurs in `text`: empty for a text without letters, digits or emoji.

    Every word gives its accent-free pieces; a word typed with accents gives the accented ones on top, which
    tell languages apart and cost nothing to those who leave accents out.
    """
    found: "Counter[str]" = Counter()
    plain: List[str] = [START]
    for word in words(text):
        simple = bare(word)
        pieces = _pieces(simple)
        found.update(pieces)
        if simple != word:
            known = set(pieces)
            found.update(piece for piece in _pieces(word) if piece not in known)
        plain.extend(split_han(simple))
    if len(plain) == 1:
        return found
    plain.append(END)
    found.update(WORD_MARK + word for word in plain[1:-1])
    found.update(f"{WORD_MARK}{left} {right}" for left, right in zip(plain, plain[1:]))
    return found


class Vocabulary:
    """The features known from training and how telling each one is."""

    def __init__(self, features: Sequence[str], idf: np.ndarray, unknown_idf: float) -> None:
        if len(features) == 0 or idf.shape != (len(features),) or not np.isfinite(idf).all():
            raise ValueError("the vocabulary is empty or does not fit its weights")
        self.index: Dict[str, int] = {feature: place for place, feature in enumerate(features)}
        self.idf = idf.astype(np.float32)
        self.unknown_idf = float(unknown_idf)
        self._idf: List[float] = self.idf.tolist()  # plain floats: no NumPy call for each feature

    def __len__(self) -> int:
        return len(self.index)

    @classmethod
    def learn(cls, texts: Iterable[str], rarest: int) -> "Vocabulary":
        """Return the vocabulary of `texts`, of features that occur in at least `rarest` of them."""
        seen_in: "Counter[str]" = Counter()
        total = 0
        for text in texts:
            seen_in.update(features_of(text).keys())
            total += 1
        kept = sorted(feature for feature, count in seen_in.items() if count >= rarest)
        idf = np.array([1.0 + math.log((1 + total) / (1 + seen_in[feature])) for feature in kept])
        return cls(kept, idf, 1.0 + math.log((1 + total) / (1 + rarest)))

    def vector(self, text: str) -> Tuple[np.ndarray, np.ndarray]:
        """Return the places (int32, rising) and weights (float32) of the known features of `text`.

        The vector's length is 1 when every feature is known and shorter when some are not.
        """
        index, idf = self.index, self._idf
        places: List[int] = []
        weights: List[float] = []
        squares = 0.0
        for feature, count in features_of(text).items():
            damped = 1.0 if count == 1 else 1.0 + math.log(count)
            place = index.get(feature)
            if place is None:
                squares += (damped * self.unknown_idf) ** 2
                continue
            weight = damped * idf[place]
            squares += weight * weight
            places.append(place)
            weights.append(weight)
        where = np.array(places, dtype=np.int32)
        how_much = np.array(weights, dtype=np.float32)
        if squares:
            how_much /= math.sqrt(squares)
        order = np.argsort(where)
        return where[order], how_much[order]

    def row(self, text: str) -> csr_matrix:
        """Return the same as `vector` as one sparse row, which is what Rasa passes between components."""
        places, weights = self.vector(text)
        bounds = np.array([0, len(places)], dtype=np.int32)
        return csr_matrix((weights, places, bounds), shape=(1, len(self)), copy=False)

    def save(self, folder: Path) -> None:
        """Write vocabulary.json and vocabulary.npz into `folder`."""
        document = {"unknown_idf": self.unknown_idf, "features": list(self.index)}
        (folder / "vocabulary.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "vocabulary.npz", idf=self.idf)

    @classmethod
    def load(cls, folder: Path) -> "Vocabulary":
        """Read what `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile when it is missing or broken."""
        document = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        with np.load(folder / "vocabulary.npz", allow_pickle=False) as arrays:
            return cls(document["features"], arrays["idf"], document["unknown_idf"])
