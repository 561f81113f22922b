"""Reads nlu_data/data/<language>/*.yml; the folder tells the language.

Rasa loads this as an importer (see `importers` in config.yml), so `rasa train nlu` works as
anywhere else.
"""

from pathlib import Path
from typing import Any, Dict, List, Optional, Set, Text, Union

import rasa.shared.nlu.training_data.loading
import rasa.shared.utils.io
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class ExamplesError(RasaException):
    """The examples cannot be trained on; the message says which and why."""


def read_yaml(path: Path) -> Dict[str, Any]:
    """Return the mapping in a YAML file. Raises OSError without the file, RasaException when it is
    no YAML.
    """
    document = rasa.shared.utils.io.read_yaml(path.read_text(encoding="utf-8"))
    return dict(document or {})


def language_of(message: Message) -> Optional[str]:
    """Return the language that the folder of this training example named, such as "es"."""
    language = (message.get(METADATA) or {}).get(INTENT, {}).get("language")
    return str(language) if language else None


def check_intents(found: Set[str], taxonomy: Set[str]) -> None:
    """Raise ExamplesError unless the intents that have examples are exactly those of
    intents.yml.
    """
    unknown, missing = sorted(found - taxonomy), sorted(taxonomy - found)
    problems = []
    if unknown:
        problems.append("not in intents.yml: " + ", ".join(unknown))
    if missing:
        problems.append(
            "in intents.yml, but without an example in any language: " + ", ".join(missing)
        )
    if problems:
        raise ExamplesError("Intents and examples differ; " + "; ".join(problems))


class LanguageFolders(TrainingDataImporter):
    """Rasa importer: the examples of every language folder, each marked with its language."""

    def __init__(
        self,
        config_file: Optional[Text] = None,
        domain_path: Optional[Text] = None,
        training_data_paths: Optional[Union[List[Text], Text]] = None,
        intents: Text = "intents.yml",
    ) -> None:
        """Take what Rasa hands in; `intents` names the taxonomy, relative to the configuration's
        folder.
        """
        if config_file is None or not training_data_paths:
            raise ExamplesError(
                "The importer needs a configuration file and a folder of language folders."
            )
        paths = (
            [training_data_paths]
            if isinstance(training_data_paths, str)
            else list(training_data_paths)
        )
        self._config_file = Path(config_file)
        self._folder = Path(paths[0])
        self._intents_file = self._config_file.parent / intents

    def get_nlu_data(self, language: Optional[Text] = "en") -> TrainingData:
        """Return all examples in the order of folder, file and line. Raises ExamplesError;
        `language` is unused.
        """
        taxonomy = read_yaml(self._intents_file)
        allowed = {str(code) for code in taxonomy["languages"]}
        messages: List[Message] = []
        for folder in sorted(path for path in self._folder.iterdir() if path.is_dir()):
            if folder.name not in allowed:
                raise ExamplesError(
                    f"The folder {folder.name} is no language of {self._intents_file.name}."
                )
            for file in sorted(folder.glob("*.yml")):
                part = rasa.shared.nlu.training_data.loading.load_data(str(file), folder.name)
                for message in part.intent_examples:
                    messages.append(
                        Message(
                            {
                                TEXT: message.get(TEXT),
                                INTENT: message.get_full_intent(),
                                METADATA: {
                                    INTENT: {"language": folder.name, "origin": message.get(TEXT)}
                                },
                            }
                        )
                    )
        if not messages:
            raise ExamplesError(f"No examples in the language folders of {self._folder}.")
        check_intents(
            {message.get(INTENT) for message in messages},
            {str(name) for name in taxonomy["intents"]},
        )
        return TrainingData(messages)

    def get_config(self) -> Dict[Text, Any]:
        """Return the content of config.yml."""
        return dict(rasa.shared.utils.io.read_model_configuration(str(self._config_file)))

    def get_config_file_for_auto_config(self) -> Optional[Text]:
        """Return None: everything is said in config.yml, so Rasa must not write suggestions into
        it.
        """
        return None

    def get_domain(self) -> Domain:
        """Return an empty domain: conversations are not Rasa's business here."""
        return Domain.empty()

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        """Return no stories."""
        return StoryGraph([])

    def get_conversation_tests(self) -> StoryGraph:
        """Return no conversation tests."""
        return StoryGraph([])
