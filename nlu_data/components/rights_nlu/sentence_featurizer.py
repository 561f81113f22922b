"""Rasa component that gives every message its sparse features (see ngrams.py)."""

from pathlib import Path
from typing import Any, Dict, List, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack

from rights_nlu.concepts import Concepts
from rights_nlu.language_folders import read_yaml
from rights_nlu.ngrams import Vocabulary

# Where features come from. Concepts are the same in all languages, so that they say nothing of the
# language.
SPELLING, CONCEPTS = "spelling", "concepts"


def learn_vocabulary(texts: List[Text], config: Dict[Text, Any]) -> Vocabulary:
    """Return the vocabulary of `texts`. Raises OSError or ValueError when the concepts are missing
    or faulty.
    """
    concepts = Concepts(read_yaml(Path(__file__).resolve().parents[2] / config["concepts"]))
    return Vocabulary.learn(texts, config["rarest"], concepts)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceFeaturizer(GraphComponent):
    """Learns the vocabulary in training; then turns text into its features. No tokenizer is needed
    before it.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the settings that config.yml may override: a feature must occur in `rarest`
        examples to count.

        `concepts` is a file beside config.yml.
        """
        return {"rarest": 3, "concepts": "concepts.yml"}

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._vocabulary: "Vocabulary | None" = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceFeaturizer":
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
    ) -> "SentenceFeaturizer":
        """Make a trained component. Raises whatever is wrong with its files: it never works
        untrained.
        """
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._vocabulary = Vocabulary.load(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the vocabulary and store it."""
        texts = [message.get(TEXT) for message in training_data.training_examples]
        self._vocabulary = learn_vocabulary(texts, self._config)
        with self._storage.write_to(self._resource) as folder:
            self._vocabulary.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to all training examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add features to `messages`; empty text gets an empty row."""
        if self._vocabulary is None:
            raise RuntimeError("the featurizer was asked before it was trained or loaded")
        for message in messages:
            add_features(message, self._vocabulary)
        return messages


def add_features(message: Message, vocabulary: Vocabulary) -> None:
    """Add to `message` the features of its text: spelling, then concepts."""
    for row, origin in zip(vocabulary.rows(message.get(TEXT) or ""), (SPELLING, CONCEPTS)):
        message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, origin))


def feature_row(message: Message, origins: Tuple[Text, ...]) -> csr_matrix:
    """Return the features of `message` of those origins side by side. Raises RuntimeError without
    them.
    """
    found = [features.features for features in message.features if features.origin in origins]
    if len(found) != len(origins):
        raise RuntimeError("SentenceFeaturizer has to come before this component, once")
    return found[0] if len(found) == 1 else hstack(found, format="csr")
