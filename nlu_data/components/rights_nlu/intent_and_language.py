"""Rasa component that reads a message's intent and its language off the same features.

The language is learned from the examples instead of being asked of a general detector: those fail
on messages of a few words, know no Haitian Creole and mistake Russian or Hindi in Latin letters.
"""

import re
from typing import Any, Dict, List, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from rights_nlu.fitting import fit_head
from rights_nlu.language_folders import ExamplesError, language_of
from rights_nlu.linear_head import LinearHead
from rights_nlu.normal_form import words
from rights_nlu.sentence_featurizer import CONCEPTS, SPELLING, SentenceFeaturizer, feature_row

LANGUAGE = "language"
_COMMAND_MARKS = re.compile(rf"^[\s{INTENT_MESSAGE_PREFIX}]+")
FOR_INTENT, FOR_LANGUAGE = (SPELLING, CONCEPTS), (SPELLING,)
NOTHING = {"name": None, "confidence": 0.0}


def _origin(message: Message) -> str:
    """Return the sentence that `message` is, or is a hurried copy or a scrap of."""
    return str((message.get(METADATA) or {}).get(INTENT, {}).get("origin") or message.get(TEXT))


def fit_heads(messages: List[Message], config: Dict[Text, Any]) -> Tuple[LinearHead, LinearHead]:
    """Return the heads for intent and language, fitted to `messages` that carry features.

    All messages teach the language; those with an intent teach the intent. Raises ExamplesError for
    a message without a language, FittingError when there are too few.
    """
    origins = [_origin(message) for message in messages]
    languages = [language_of(message) for message in messages]
    if None in languages:
        raise ExamplesError(
            "An example is in no language folder: " + str(messages[languages.index(None)].get(TEXT))
        )
    rows = vstack([feature_row(message, FOR_LANGUAGE) for message in messages], format="csr")
    language_head = fit_head(rows, languages, origins, config["language_strength"], config["seed"])
    asking = [message for message in messages if message.get(INTENT)]
    rows = vstack([feature_row(message, FOR_INTENT) for message in asking], format="csr")
    intents, origins = (
        [message.get(INTENT) for message in asking],
        [_origin(message) for message in asking],
    )
    intent_head = fit_head(rows, intents, origins, config["intent_strength"], config["seed"])
    return intent_head, language_head


def _fits(head: LinearHead, row: csr_matrix) -> None:
    if row.shape[1] != len(head.weights):
        raise RuntimeError("the features are not those that the weights were trained on")


def rank_intents(head: LinearHead, row: csr_matrix, length: int) -> List[Dict[Text, Any]]:
    """Return the `length` likeliest intents, best first; none for a row without a single known
    feature.
    """
    _fits(head, row)
    if row.nnz == 0:
        return []
    return [
        {"name": name, "confidence": share}
        for name, share in head.ranking(row.indices, row.data, length)
    ]


def tell_language(
    head: LinearHead, row: csr_matrix, text: Text, familiar: float
) -> Dict[Text, Any]:
    """Return name and confidence of the language; no name for a text without letters or known
    features.

    The confidence falls in proportion when less than `familiar` of the text's weight was ever seen
    in training: a language without examples must not pass for the nearest one that has some.
    """
    _fits(head, row)
    if row.nnz == 0 or not any(char.isalpha() for word in words(text) for char in word):
        return dict(NOTHING)
    name, confidence = head.ranking(row.indices, row.data, 1)[0]
    seen = float(row.data @ row.data)
    return {"name": name, "confidence": confidence * min(1.0, seen / familiar)}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentAndLanguage(IntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking` and `language` ({"name": "es", "confidence": 0.98}) on each
    message.
    """

    @classmethod
    def required_components(cls) -> List[type]:
        """Return what has to stand before this component in config.yml."""
        return [SentenceFeaturizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the settings that config.yml may override; strengths are inverse
        regularisations.
        """
        return {
            "ranking_length": 10,
            "intent_strength": 10.0,
            "language_strength": 10.0,
            "familiar": 0.55,
            "seed": 20221128,
        }

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._heads: "Tuple[LinearHead, LinearHead] | None" = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentAndLanguage":
        """Make an untrained component for training; called by Rasa."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "IntentAndLanguage":
        """Make a trained component. Raises whatever is wrong with its files: it never works
        untrained.
        """
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._heads = (
                LinearHead.load(folder, "intent"),
                LinearHead.load(folder, "language"),
            )
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Fit both heads and store them. Raises ExamplesError or FittingError when the examples do
        not suffice.
        """
        self._heads = fit_heads(training_data.training_examples, self._config)
        with self._storage.write_to(self._resource) as folder:
            for head, name in zip(self._heads, ("intent", "language")):
                head.save(folder, name)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the predictions to `messages`; one without a single known feature gets no name and
        confidence 0.
        """
        if self._heads is None:
            raise RuntimeError("the classifier was asked before it was trained or loaded")
        intent_head, language_head = self._heads
        for message in messages:
            row, spelling = feature_row(message, FOR_INTENT), feature_row(message, FOR_LANGUAGE)
            ranking = rank_intents(intent_head, row, self._config["ranking_length"])
            language = tell_language(
                language_head, spelling, message.get(TEXT) or "", self._config["familiar"]
            )
            message.set(INTENT, dict(ranking[0] if ranking else NOTHING), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            message.set(LANGUAGE, language, add_to_output=True)
            # Rasa's last step takes "/greet" for a command to itself: it would believe it without a
            # look at the words, drop the language, and write into the log what it cannot read.
            message.set(TEXT, _COMMAND_MARKS.sub("", message.get(TEXT) or ""), add_to_output=True)
        return messages
