"""Rasa component that gives every message one sparse row of features (see ngrams.py)."""

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rights_nlu.ngrams import Vocabulary


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceFeaturizer(GraphComponent):
    """Learns the vocabulary in training; then turns text into its features. No tokenizer is needed before it."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the settings that config.yml may override: a feature must occur in `rarest` examples to count."""
        return {"rarest": 2}

    def __init__(
        self, config: Dict[Text, Any], name: Text, storage: ModelStorage, resource: Resource
    ) -> None:
        self._config, self._name, self._storage, self._resource = config, name, storage, resource
        self._vocabulary: "Vocabulary | None" = None

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "SentenceFeaturizer":
        """Make an untrained component for training; called by Rasa."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "SentenceFeaturizer":
        """Make a trained component. Raises whatever is wrong with its files: it never works untrained."""
        component = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._vocabulary = Vocabulary.load(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the vocabulary and store it."""
        texts = (message.get(TEXT) for message in training_data.training_examples)
        self._vocabulary = Vocabulary.learn(texts, self._config["rarest"])
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
            row = self._vocabulary.row(message.get(TEXT) or "")
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._name))
        return messages
