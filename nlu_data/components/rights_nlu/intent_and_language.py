"""Rasa component that reads a message's intent and its language off the same features.

The language is learned from the examples instead of being asked of a general detector: those fail
on messages of a few words, know no Haitian Creole and mistake Russian or Hindi in Latin letters.
"""

import re
from pathlib import Path
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rights_nlu.example import Example
from rights_nlu.language_folders import as_example, read_concepts, read_yaml
from rights_nlu.noise import shorthand_of, with_noise
from rights_nlu.reader import Reader

LANGUAGE = "language"
NOTHING = {"name": None, "confidence": 0.0}
_COMMAND_MARKS = re.compile(rf"^[\s{INTENT_MESSAGE_PREFIX}]+")
_PROJECT = Path(__file__).resolve().parents[2]

#: What config.yml may override and says what it means; files and folders are beside it, and "concepts"
#: may be none.
DEFAULTS: Dict[Text, Any] = {
    "ranking_length": 10,
    "copies": 1,
    "scraps": 1,
    "rarest": 3,
    "width": 64,
    "members": 2,
    "balance": 0.0,
    "familiar": 0.55,
    "shorthand": "shorthand.yml",
    "concepts": "concepts",
    "seed": 20221128,
}


def learn_reader(examples: List[Example], settings: Dict[Text, Any], project: Path) -> Reader:
    """Return a reader of `examples`, learned as config.yml says (`settings`; what they leave out is
    as in DEFAULTS).

    Raises FittingError or ValueError when examples or concepts do not suffice, OSError when a file of
    `project` is missing.
    """
    settings = {**DEFAULTS, **settings}
    shorthand = shorthand_of(read_yaml(project / settings["shorthand"]))
    noisy = with_noise(
        examples, shorthand, settings["copies"], settings["scraps"], settings["seed"]
    )
    concepts = read_concepts(project / settings["concepts"]) if settings["concepts"] else {}
    return Reader.learn(noisy, concepts, settings)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentAndLanguage(IntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking` and `language` ({"name": "es", "confidence": 0.98}) on each
    message. Needs nothing before it in config.yml.
    """

    @classmethod
    def required_components(cls) -> List[type]:
        """Return what has to stand before this component in config.yml: nothing."""
        return []

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the settings that config.yml may override."""
        return dict(DEFAULTS)

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._reader: "Reader | None" = None

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
            component._reader = Reader.load(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn and store. Raises ExamplesError or FittingError when the examples do not suffice."""
        examples = [as_example(message) for message in training_data.intent_examples]
        self._reader = learn_reader(examples, self._config, _PROJECT)
        with self._storage.write_to(self._resource) as folder:
            self._reader.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return `training_data` as it is: nothing after this component needs the answers."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the predictions to `messages`; one without a single known feature gets no name and
        confidence 0.
        """
        if self._reader is None:
            raise RuntimeError("the classifier was asked before it was trained or loaded")
        for message in messages:
            text = message.get(TEXT) or ""
            reading = self._reader.read(text, self._config["ranking_length"])
            ranking = [{"name": name, "confidence": share} for name, share in reading.ranking]
            language = {"name": reading.language, "confidence": reading.language_confidence}
            message.set(INTENT, dict(ranking[0] if ranking else NOTHING), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            message.set(LANGUAGE, language, add_to_output=True)
            # Rasa's last step takes "/greet" for a command to itself: it would believe it without a
            # look at the words, drop the language, and write into the log what it cannot read.
            message.set(TEXT, _COMMAND_MARKS.sub("", text), add_to_output=True)
        return messages
