"""Rasa component that adds the entities found by `entities.EntityFinder` to each message.

It learns nothing. Training reads nlu_data/entities/ and stores what it read in the model, so that a
model that is served does not change with the files.
"""

import json
from pathlib import Path
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, EXTRACTOR, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rights_nlu.entities import EntityFinder
from rights_nlu.language_folders import read_yaml

LANGUAGE, FILE = "language", "entities.json"
_PROJECT = Path(__file__).resolve().parents[2]

#: What config.yml may override: the folder of the words, and from which confidence on the language
#: of a message is believed.
DEFAULTS: Dict[Text, Any] = {"words": "entities", "sure": 0.7}


def read_words(folder: Path) -> Dict[str, Any]:
    """Return the content of every file of `folder`. Raises FileNotFoundError when there is none."""
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise FileNotFoundError(f"{folder} has no file of entities")
    return {file.stem: read_yaml(file) for file in files}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntitiesByLookup(GraphComponent, EntityExtractorMixin):
    """Sets `entities` on each message. Stands behind IntentAndLanguage in config.yml, whose
    `language` says which words count; without that, words of all languages do.
    """

    @classmethod
    def required_components(cls) -> List[type]:
        """Return what has to stand before this component: nothing."""
        return []

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the settings that config.yml may override."""
        return dict(DEFAULTS)

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._finder: "EntityFinder | None" = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EntitiesByLookup":
        """Make an empty component for training; called by Rasa."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "EntitiesByLookup":
        """Make a component from a model. Raises whatever is wrong with its file: it never works
        without words.
        """
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / FILE).read_text(encoding="utf-8"))
        component._finder = EntityFinder(words)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Read the words and store them. Raises ValueError when an entry is wrong, OSError without
        a file; `training_data` is unused.
        """
        found = read_words(_PROJECT / self._config["words"])
        text = json.dumps(found, ensure_ascii=False)
        self._finder = EntityFinder(json.loads(text))
        with self._storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(text, encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return `training_data` as it is: nothing after this component needs the entities."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entities to `messages`, after those that another component has found."""
        if self._finder is None:
            raise RuntimeError("entities were asked for before the component was trained or loaded")
        for message in messages:
            language = message.get(LANGUAGE) or {}
            sure = (language.get("confidence") or 0.0) >= self._config["sure"]
            found = [
                {**entity.as_dict(), EXTRACTOR: self.name}
                for entity in self._finder.find(message.get(TEXT) or "", language.get("name"), sure)
            ]
            known = message.get(ENTITIES) or []
            message.set(ENTITIES, [*known, *found], add_to_output=True)
        return messages
