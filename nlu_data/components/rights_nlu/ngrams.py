"""Turns a message into weighted features: pieces of words, words, pairs of words, and their sounds.

The weight is TF-IDF with a damped count. A piece that training never saw still counts in the length
of the vector: a message in unknown words then gets a short vector, and with it an unsure
prediction, instead of a bold one from the two pieces that happened to be known.
"""

import json
import math
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Dict, Iterable, List, Mapping, NamedTuple, Sequence, Tuple

import numpy as np

from rights_nlu.normal_form import bare, split_han, words
from rights_nlu.sound import sound

# Measured on short texts in 12 languages: 2-5 was as good as or better than 1-4 in 9 of them.
SHORTEST, LONGEST = 2, 5
# These cannot occur in a normal form, so a word never collides with a piece of one.
WORD_MARK, SOUND_MARK = "\u0001", "\u0003"
START, END, GAP = "<", ">", "_"
# What a word and a sound weigh beside a piece, and two sounds in a row (docs/decisions/0009).
WORD_WEIGHT, SOUND_WEIGHT, SOUND_PAIR_WEIGHT = 1.5, 1.5, 1.0
_REMEMBERED = 50_000


class Weighed(NamedTuple):
    """Known features of one text: places in the vocabulary, weights, and how long the whole is."""

    places: np.ndarray
    weights: np.ndarray
    squares: float


class _Word(NamedTuple):
    """What one word contributes wherever it occurs."""

    pieces: Tuple[str, ...]
    plain: Tuple[str, ...]
    sound: str


def _pieces(word: str) -> List[str]:
    padded = f" {word} "
    size = len(padded)
    return [
        padded[start : start + length]
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(size - length + 1)
    ]


@lru_cache(maxsize=_REMEMBERED)
def _of_word(word: str) -> _Word:
    """Every word gives its accent-free pieces; a word typed with accents gives the accented ones on
    top, which tell languages apart and cost nothing to those who leave accents out.
    """
    simple = bare(word)
    pieces = _pieces(simple)
    if simple != word:
        known = set(pieces)
        pieces += [piece for piece in _pieces(word) if piece not in known]
    return _Word(tuple(pieces), tuple(split_han(simple)), sound(simple))


def plain_words(text: str) -> List[str]:
    """Return the words of `text` without accents, Chinese ones cut into characters."""
    return [piece for word in words(text) for piece in _of_word(word).plain]


def _neighbours(pieces: Sequence[str], mark: str) -> List[str]:
    edged = [START, *pieces, END]
    return [f"{mark}{left} {right}" for left, right in zip(edged, edged[1:])]


def _damped(counts: "Counter[str]", weight: float) -> Dict[str, float]:
    return {
        feature: weight if count == 1 else weight * (1.0 + math.log(count))
        for feature, count in counts.items()
    }


def features_of(text: str) -> Dict[str, float]:
    """Return the features of `text`, each with its weight: empty for a text without letters, digits
    or emoji.
    """
    pieces: "Counter[str]" = Counter()
    plain: List[str] = []
    sounds: List[str] = []
    for word in words(text):
        found = _of_word(word)
        pieces.update(found.pieces)
        plain.extend(found.plain)
        if found.sound:
            sounds.append(found.sound)
    if not plain:
        return {}
    whole = Counter(WORD_MARK + word for word in plain)
    whole.update(_neighbours(plain, WORD_MARK))
    edged = [START, *plain, END]
    whole.update(f"{WORD_MARK}{left} {GAP} {right}" for left, right in zip(edged, edged[2:]))
    weights = _damped(pieces, 1.0)
    weights.update(_damped(whole, WORD_WEIGHT))
    weights.update((SOUND_MARK + heard, SOUND_WEIGHT) for heard in sounds)
    if sounds:
        weights.update((pair, SOUND_PAIR_WEIGHT) for pair in _neighbours(sounds, SOUND_MARK))
    return weights


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
    def learn(cls, documents: Iterable[Iterable[str]], rarest: int) -> "Vocabulary":
        """Return the vocabulary of `documents`, each the features of one text: those that occur in
        at least `rarest` of them.
        """
        seen_in: "Counter[str]" = Counter()
        total = 0
        for features in documents:
            seen_in.update(features)
            total += 1
        return cls.of_counts(seen_in, total, rarest)

    @classmethod
    def of_counts(cls, seen_in: Mapping[str, int], total: int, rarest: int) -> "Vocabulary":
        """Return the vocabulary of `total` texts, when it is known in how many of them each feature
        occurs.
        """
        kept = sorted(feature for feature, count in seen_in.items() if count >= rarest)
        idf = np.array([1.0 + math.log((1 + total) / (1 + seen_in[feature])) for feature in kept])
        return cls(kept, idf, 1.0 + math.log((1 + total) / (1 + rarest)))

    def weigh(self, features: Dict[str, float]) -> Weighed:
        """Return the places (int32, rising) and weights (float32, not yet of length 1) of those
        `features` that are known, and the sum of the squares of all of them.
        """
        idf, unknown = self._idf, self.unknown_idf
        places: List[int] = []
        weights: List[float] = []
        squares = 0.0
        for place, share in zip(map(self.index.get, features), features.values()):
            if place is None:
                weight = share * unknown
            else:
                weight = share * idf[place]
                places.append(place)
                weights.append(weight)
            squares += weight * weight
        where = np.array(places, dtype=np.int32)
        how_much = np.array(weights, dtype=np.float32)
        order = np.argsort(where)
        return Weighed(where[order], how_much[order], squares)

    def save(self, folder: Path, name: str) -> None:
        """Write `name`.json and `name`.npz into `folder`."""
        document = {"unknown_idf": self.unknown_idf, "features": list(self.index)}
        text = json.dumps(document, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
        np.savez_compressed(folder / f"{name}.npz", idf=self.idf)

    @classmethod
    def load(cls, folder: Path, name: str) -> "Vocabulary":
        """Read what `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile when it is
        missing or broken.
        """
        document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
            return cls(document["features"], arrays["idf"], document["unknown_idf"])
