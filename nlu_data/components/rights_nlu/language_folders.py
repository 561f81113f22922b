"""Reads nlu_data/data/<language>/*.yml; the folder tells the language.

Rasa loads this as an importer (see `importers` in config.yml), so `rasa train nlu` works as
anywhere else.
"""

from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Set, Text, Tuple, Union

import rasa.shared.utils.io
import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rights_nlu.example import COMPOSED, PATTERN, Example
from rights_nlu.sentence_grammar import GrammarError, expansions, grammar_files, without

SEED = 20221128


class ExamplesError(RasaException):
    """The examples cannot be trained on; the message says which and why."""


def read_yaml(path: Path) -> Dict[str, Any]:
    """Return the mapping in a YAML file. Raises OSError without the file, RasaException when it is
    no YAML.
    """
    document = rasa.shared.utils.io.read_yaml(path.read_text(encoding="utf-8"))
    return dict(document or {})


def _read_texts(path: Path) -> Dict[str, Any]:
    """Return the mapping in a long YAML file with every scalar as text. Raises ExamplesError when it
    is no YAML.

    Rasa's own reader checks each file against a schema, which takes half a minute for all of ours.
    """
    try:
        # the base loader makes nothing but texts, lists and mappings
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise ExamplesError(f"{path} cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise ExamplesError(f"{path} holds no examples")
    return found


def _examples_of(path: Path) -> Iterator[Tuple[str, str]]:
    """Yield text and intent of every line of a file in Rasa's format."""
    for entry in _read_texts(path).get("nlu") or []:
        try:
            intent, lines = entry["intent"], entry["examples"].splitlines()
        except (AttributeError, KeyError, TypeError):
            raise ExamplesError(f"{path}: needs `intent:` and `examples: |`") from None
        for line in lines:
            text = line.strip()[1:].strip() if line.strip().startswith("-") else ""
            if text:
                yield text, intent


def language_of(message: Message) -> Optional[str]:
    """Return the language that the folder of this training example named, such as "es"."""
    language = (message.get(METADATA) or {}).get(INTENT, {}).get("language")
    return str(language) if language else None


def as_example(message: Message) -> Example:
    """Return `message` apart from Rasa. Raises ExamplesError when it is in no language folder."""
    about = (message.get(METADATA) or {}).get(INTENT, {})
    if not about.get("language"):
        raise ExamplesError(f"An example is in no language folder: {message.get(TEXT)}")
    return Example(
        message.get(TEXT), message.get(INTENT), about["language"], about["origin"], about["source"]
    )


def read_concepts(folder: Path) -> Dict[str, Any]:
    """Return language → concept → words of every file of `folder`. Raises OSError when there is no
    file.
    """
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise FileNotFoundError(f"{folder} has no file of concepts")
    return {file.stem: read_yaml(file) for file in files}


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


def _message(text: str, intent: str, language: str, origin: str, source: str = COMPOSED) -> Message:
    metadata = {"language": language, "origin": origin, "source": source}
    return Message({TEXT: text, INTENT: intent, METADATA: {INTENT: metadata}})


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
        intents = {str(name) for name in taxonomy["intents"]}
        messages = self._composed({str(code) for code in taxonomy["languages"]})
        if not messages:
            raise ExamplesError(f"No examples in the language folders of {self._folder}.")
        check_intents({message.get(INTENT) for message in messages}, intents)
        return TrainingData(messages + self._from_patterns(messages, intents))

    def _composed(self, allowed: Set[str]) -> List[Message]:
        """Return what authors wrote sentence by sentence."""
        messages: List[Message] = []
        for folder in sorted(path for path in self._folder.iterdir() if path.is_dir()):
            if folder.name not in allowed:
                raise ExamplesError(
                    f"The folder {folder.name} is no language of {self._intents_file.name}."
                )
            for file in sorted(folder.glob("*.yml")):
                messages += [
                    _message(text, intent, folder.name, text) for text, intent in _examples_of(file)
                ]
        return messages

    def _from_patterns(self, composed: List[Message], intents: Set[str]) -> List[Message]:
        """Return the expansions of grammar/<language>.yml that nobody has composed already."""
        messages: List[Message] = []
        for file in grammar_files(self._config_file.parent):
            try:
                found = list(expansions(_read_texts(file), file.name, SEED))
            except GrammarError as error:
                raise ExamplesError(str(error)) from None
            unknown = {one.intent for one in found} - intents
            if unknown:
                raise ExamplesError(f"{file.name}: not in intents.yml: " + ", ".join(unknown))
            mine = [m.get(TEXT) for m in composed if language_of(m) == file.stem]
            messages += [
                _message(one.text, one.intent, file.stem, one.pattern, PATTERN)
                for one in without(found, mine)
            ]
        return messages

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
