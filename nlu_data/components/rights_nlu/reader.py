"""What reads a message: its features, its language, its concepts in that language, its intent.

Learned from examples and stored in a folder; knows nothing of Rasa.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix

from rights_nlu.concepts import Concepts, Table, own_words
from rights_nlu.example import COMPOSED, PATTERN, Example
from rights_nlu.fitting import FittingError, fit_head
from rights_nlu.linear_head import LinearHead
from rights_nlu.ngrams import Vocabulary, Weighed, features_of, plain_words
from rights_nlu.normal_form import words

# The concepts of a language that has this share are looked up too: "no" may be in any of several.
POSSIBLE, MOST_LANGUAGES = 0.25, 2
_Vector = Tuple[np.ndarray, np.ndarray]
_NOTHING_KNOWN: _Vector = (np.array([], dtype=np.int32), np.array([], dtype=np.float32))


class Reading(NamedTuple):
    """What a message was understood to be: likeliest intents with their probabilities, and the
    language with its own; no language where there is nothing to tell it by.
    """

    ranking: List[Tuple[str, float]]
    language: Optional[str]
    language_confidence: float


def _unit(weighed: Weighed, more: "Weighed | None" = None, offset: int = 0) -> _Vector:
    """Return features as places and values, of length 1 when all were known."""
    places, values, squares = weighed
    if more is not None:
        places = np.concatenate([places, more.places + np.int32(offset)])
        values = np.concatenate([values, more.weights])
        squares += more.squares
    if not squares or not len(places):
        return _NOTHING_KNOWN
    return places, values / np.float32(squares**0.5)


def _rows(vectors: Sequence[_Vector], width: int) -> csr_matrix:
    bounds = np.cumsum([0, *(len(places) for places, _ in vectors)])
    places = np.concatenate([places for places, _ in vectors])
    values = np.concatenate([values for _, values in vectors])
    return csr_matrix((values, places, bounds), shape=(len(vectors), width))


class Reader:
    """Reads messages. Made by `learn` or `load`."""

    def __init__(
        self,
        spelling: Vocabulary,
        meaning: "Vocabulary | None",
        concepts: Concepts,
        languages: "LinearHead | None",
        intents: LinearHead,
        settings: Dict[str, Any],
    ) -> None:
        self.spelling, self.meaning, self.concepts = spelling, meaning, concepts
        self.languages, self.intents, self.settings = languages, intents, settings
        width = len(spelling) + (len(meaning) if meaning else 0)
        if len(intents.weights) != width:
            raise ValueError("the weights of the intents were not trained on these features")
        if languages is not None and len(languages.weights) != len(spelling):
            raise ValueError("the weights of the languages were not trained on these features")

    @classmethod
    def learn(cls, examples: Sequence[Example], table: Table, settings: Dict[str, Any]) -> "Reader":
        """Return a reader of what `examples` (with their copies and scraps) teach.

        `table` are the concepts; `settings` are those of config.yml. Raises FittingError when there are
        too few examples, ValueError when the concepts are faulty.
        """
        settings = dict(settings)
        features = [features_of(example.text) for example in examples]
        spelling = Vocabulary.learn(features, settings["rarest"])
        weighed = [spelling.weigh(found) for found in features]
        del features
        languages = _language_head(examples, weighed, len(spelling), settings)
        concepts = Concepts(table, _own_words(table, examples))
        asking = [place for place, example in enumerate(examples) if example.intent is not None]
        meant = [
            concepts.features(plain_words(examples[place].text), [examples[place].language])
            for place in asking
        ]
        meaning = _meaning(meant, settings["rarest"])
        offset = len(spelling)
        vectors = [
            _unit(weighed[place], meaning.weigh(found) if meaning else None, offset)
            for place, found in zip(asking, meant)
        ]
        intents = fit_head(
            _rows(vectors, offset + (len(meaning) if meaning else 0)),
            [str(examples[place].intent) for place in asking],
            [examples[place].origin for place in asking],
            [examples[place].source != PATTERN for place in asking],
            settings["intent_strength"],
            settings["seed"],
        )
        return cls(spelling, meaning, concepts, languages, intents, settings)

    def read(self, text: str, length: int) -> Reading:
        """Return what `text` is, with its `length` likeliest intents; none of them for a text
        without a single known feature.
        """
        weighed = self.spelling.weigh(features_of(text))
        shares = self._language_shares(weighed)
        language, confidence = self._language(text, weighed, shares)
        vector = self._vector(text, weighed, shares)
        return Reading(self._ranking(vector, length), language, confidence)

    def _ranking(self, vector: _Vector, length: int) -> List[Tuple[str, float]]:
        places, values = vector
        return self.intents.ranking(places, values, length) if len(places) else []

    def _vector(self, text: str, weighed: Weighed, shares: List[Tuple[str, float]]) -> _Vector:
        if self.meaning is None:
            return _unit(weighed)
        told = [name for name, share in shares[:MOST_LANGUAGES] if share >= POSSIBLE]
        found = self.concepts.features(plain_words(text), told or [name for name, _ in shares[:1]])
        return _unit(weighed, self.meaning.weigh(found), len(self.spelling))

    def _language_shares(self, weighed: Weighed) -> List[Tuple[str, float]]:
        if self.languages is None:
            return [(self.settings["only_language"], 1.0)]
        places, values = _unit(weighed)
        return self.languages.ranking(places, values, MOST_LANGUAGES) if len(places) else []

    def _language(
        self, text: str, weighed: Weighed, shares: List[Tuple[str, float]]
    ) -> Tuple[Optional[str], float]:
        """Return the language, None for a text without letters or known features.

        The confidence falls in proportion when less than `familiar` of the text's weight was ever
        seen in training: a language without examples must not pass for the nearest one that has
        some.
        """
        if not shares or not len(weighed.places):
            return None, 0.0
        if not any(char.isalpha() for word in words(text) for char in word):
            return None, 0.0
        name, share = shares[0]
        seen = float(weighed.weights @ weighed.weights) / weighed.squares
        return name, share * min(1.0, seen / self.settings["familiar"])

    def save(self, folder: Path) -> None:
        """Write everything into `folder`."""
        self.spelling.save(folder, "vocabulary")
        if self.meaning is not None:
            self.meaning.save(folder, "meaning")
        if self.languages is not None:
            self.languages.save(folder, "language")
        self.intents.save(folder, "intent")
        document = {
            "settings": self.settings,
            "concepts": self.concepts.table,
            "own_words": self.concepts.own_words,
            "has": [name for name in ("meaning", "languages") if getattr(self, name) is not None],
        }
        text = json.dumps(document, ensure_ascii=False)
        (folder / "reader.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Reader":
        """Read what `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile when anything
        is missing or broken.
        """
        document = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        return cls(
            Vocabulary.load(folder, "vocabulary"),
            Vocabulary.load(folder, "meaning") if "meaning" in document["has"] else None,
            Concepts(document["concepts"], document["own_words"]),
            LinearHead.load(folder, "language") if "languages" in document["has"] else None,
            LinearHead.load(folder, "intent"),
            document["settings"],
        )


def _language_head(
    examples: Sequence[Example], weighed: Sequence[Weighed], width: int, settings: Dict[str, Any]
) -> "LinearHead | None":
    """Return the head for the language; None, and its name in `settings`, when there is but one."""
    names = sorted({example.language for example in examples})
    if not names:
        raise FittingError("There are no examples.")
    if len(names) == 1:
        settings["only_language"] = names[0]
        return None
    return fit_head(
        _rows([_unit(found) for found in weighed], width),
        [example.language for example in examples],
        [example.origin for example in examples],
        [example.source != PATTERN for example in examples],
        settings["language_strength"],
        settings["seed"],
    )


def _meaning(meant: Sequence[Dict[str, float]], rarest: int) -> "Vocabulary | None":
    """Return the vocabulary of the concepts; None when none is frequent enough."""
    counts = Counter(concept for found in meant for concept in found)
    return Vocabulary.learn(meant, rarest) if max(counts.values(), default=0) >= rarest else None


def _own_words(table: Table, examples: Iterable[Example]) -> Dict[str, List[str]]:
    messages: Dict[str, List[List[str]]] = {}
    for example in examples:
        if example.source == COMPOSED:
            messages.setdefault(example.language, []).append(plain_words(example.text))
    return own_words(table, messages)
