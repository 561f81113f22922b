"""What reads a message: its features, its language, its concepts in that language, its intent.

Learned from examples and stored in a folder; knows nothing of Rasa.
"""

import json
from pathlib import Path
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple

from rights_nlu.concepts import Concepts, Table, own_words
from rights_nlu.example import COMPOSED, PATTERN, Example
from rights_nlu.fitting import FittingError, Task, fit_heads
from rights_nlu.head import Head
from rights_nlu.ngrams import Vocabulary, Weighed, features_of, plain_words
from rights_nlu.normal_form import words
from rights_nlu.rows import Rows, Vector, learn_vocabularies, rows_of, unit

# The concepts of a language that has this share are looked up too: "no" may be in any of several.
POSSIBLE, MOST_LANGUAGES = 0.25, 2


class Reading(NamedTuple):
    """What a message was understood to be: likeliest intents with their probabilities, and the
    language with its own; no language where there is nothing to tell it by.
    """

    ranking: List[Tuple[str, float]]
    language: Optional[str]
    language_confidence: float


class Reader:
    """Reads messages. Made by `learn` or `load`."""

    def __init__(
        self,
        spelling: Vocabulary,
        meaning: "Vocabulary | None",
        concepts: Concepts,
        languages: "Head | None",
        intents: Head,
        settings: Dict[str, Any],
    ) -> None:
        self.spelling, self.meaning, self.concepts = spelling, meaning, concepts
        self.languages, self.intents, self.settings = languages, intents, settings
        width = len(spelling) + (len(meaning) if meaning else 0)
        if len(intents) != width:
            raise ValueError("the weights of the intents were not trained on these features")
        if languages is not None and len(languages) != len(spelling):
            raise ValueError("the weights of the languages were not trained on these features")

    @classmethod
    def learn(cls, examples: Sequence[Example], table: Table, settings: Dict[str, Any]) -> "Reader":
        """Return a reader of what `examples` (with their copies and scraps) teach.

        `table` are the concepts; `settings` are those of config.yml. Raises FittingError when there are
        too few examples, ValueError when the concepts are faulty.
        """
        settings = dict(settings)
        if not examples:
            raise FittingError("There are no examples.")
        concepts = Concepts(table, _own_words(table, examples))
        spelling, meaning = learn_vocabularies(examples, concepts, settings["rarest"])
        told, asked = rows_of(examples, spelling, meaning, concepts)
        intent_task = _task(asked, [str(one.intent) for one in asked.examples], settings)
        tasks = [intent_task._replace(width=settings["width"], members=settings["members"])]
        names = sorted({example.language for example in examples})
        if len(names) == 1:
            settings["only_language"] = names[0]
        else:
            tasks.append(_task(told, [one.language for one in told.examples], settings))
        intents, *languages = fit_heads(tasks)
        return cls(spelling, meaning, concepts, languages[0] if languages else None, intents, settings)

    def read(self, text: str, length: int) -> Reading:
        """Return what `text` is, with its `length` likeliest intents; none of them for a text
        without a single known feature.
        """
        weighed = self.spelling.weigh(features_of(text))
        shares = self._language_shares(weighed)
        language, confidence = self._language(text, weighed, shares)
        places, values = self._vector(text, weighed, shares)
        ranking = (
            self.intents.ranking(places, values, length, self._familiarity(weighed))
            if len(places)
            else []
        )
        return Reading(ranking, language, confidence)

    def _familiarity(self, weighed: Weighed) -> float:
        """Return 1 for a text of which at least `familiar` of its weight was seen in training, less
        in proportion for others.

        A hidden layer levels what it is given, so that the two pieces of a Thai message that happen
        to be known would speak as loudly as a whole sentence.
        """
        seen = float(weighed.weights @ weighed.weights) / weighed.squares if weighed.squares else 0.0
        return min(1.0, seen / self.settings["familiar"])

    def _vector(self, text: str, weighed: Weighed, shares: List[Tuple[str, float]]) -> Vector:
        if self.meaning is None:
            return unit(weighed)
        told = [name for name, share in shares[:MOST_LANGUAGES] if share >= POSSIBLE]
        found = self.concepts.features(plain_words(text), told or [name for name, _ in shares[:1]])
        return unit(weighed, self.meaning.weigh(found), len(self.spelling))

    def _language_shares(self, weighed: Weighed) -> List[Tuple[str, float]]:
        if self.languages is None:
            return [(self.settings["only_language"], 1.0)]
        places, values = unit(weighed)
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
        return name, share * self._familiarity(weighed)

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
            Head.load(folder, "language") if "languages" in document["has"] else None,
            Head.load(folder, "intent"),
            document["settings"],
        )


def _task(rows: Rows, labels: List[str], settings: Dict[str, Any]) -> Task:
    return Task(
        rows.rows,
        labels,
        [one.origin for one in rows.examples],
        [one.source != PATTERN for one in rows.examples],
        balance=settings["balance"],
        seed=settings["seed"],
    )


def _own_words(table: Table, examples: Iterable[Example]) -> Dict[str, List[str]]:
    messages: Dict[str, List[List[str]]] = {}
    for example in examples:
        if example.source == COMPOSED:
            messages.setdefault(example.language, []).append(plain_words(example.text))
    return own_words(table, messages)
