"""Adds to the training data the same sentences as typed in a hurry, and scraps of them.

Nothing of this happens when a message is read. Every change is drawn from a generator seeded with
the sentence itself, so that the same data always trains the same model.
"""

import random
import unicodedata
from pathlib import Path
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rights_nlu.language_folders import COPY, language_of, read_yaml
from rights_nlu.normal_form import bare, split_han, words

Shorthand = Dict[str, List[str]]

# A slip about every 14 letters is what a thumb does on a phone in a hurry; more made held-out
# accuracy fall.
LETTERS_PER_SLIP = 14


def _is_simple_letter(char: str) -> bool:
    """Whether a slip may touch `char`: a letter that stands alone, as in the Latin, Cyrillic and
    Arabic scripts.

    Chinese characters, and letters of scripts whose vowel signs are characters of their own, are
    left alone.
    """
    name = unicodedata.name(char, "")
    return name.startswith(("LATIN", "CYRILLIC", "ARABIC LETTER"))


def slip(word: str, draw: random.Random) -> str:
    """Return `word` with one letter left out, doubled or swapped with the next; words under 4
    letters stay.
    """
    if len(word) < 4 or not all(_is_simple_letter(char) for char in word):
        return word
    place = draw.randrange(1, len(word) - 1)
    kind = draw.choice(("leave out", "double", "swap"))
    if kind == "leave out":
        return word[:place] + word[place + 1 :]
    if kind == "double":
        return word[:place] + word[place] + word[place:]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def hurried(text: str, shorthand: Shorthand, draw: random.Random) -> str:
    """Return `text` without punctuation, with some shorthand, perhaps without accents, and with a
    slip or two.
    """
    drop_accents = draw.random() < 0.5
    typed: List[str] = []
    for word in words(text):
        if word == "?" and draw.random() < 0.7:
            continue
        short = shorthand.get(word)
        if short and draw.random() < 0.5:
            word = draw.choice(short)
        elif draw.random() < len(word) / LETTERS_PER_SLIP / 2:
            word = slip(word, draw)
        typed.append(bare(word) if drop_accents else word)
    return " ".join(typed)


def scrap(text: str, draw: random.Random) -> str:
    """Return 1 to 3 neighbouring words of `text` (of Chinese: up to 4 characters); "" when it has
    no words.
    """
    pieces = [piece for word in words(text) for piece in split_han(word) if piece != "?"]
    if not pieces:
        return ""
    length = draw.choice((1, 1, 2, 3))
    start = draw.randrange(max(1, len(pieces) - length + 1))
    chosen = pieces[start : start + length]
    return (
        "".join(chosen)
        if all(len(piece) == 1 and not piece.isascii() for piece in chosen)
        else " ".join(chosen)
    )


# Rasa knows no kind for what only changes training data; of those it knows, featurizers see all of
# it.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class NoiseAugmenter(GraphComponent):
    """Rasa component: adds `copies` hurried copies of every example and, without an intent,
    `scraps` scraps.

    Scraps teach that one short word is weak evidence of a language: "ok" and "no" occur in several.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the settings that config.yml may override; `shorthand` is a file beside
        config.yml.
        """
        return {"seed": 20221128, "copies": 1, "scraps": 1, "shorthand": "shorthand.yml"}

    def __init__(self, config: Dict[Text, Any]) -> None:
        self._config = config
        folder = Path(__file__).resolve().parents[2]
        tables = read_yaml(folder / config["shorthand"])
        self._shorthand: Dict[str, Shorthand] = {
            language: {
                words(str(full))[0]: [
                    str(short) for short in (shorts if isinstance(shorts, list) else [shorts])
                ]
                for full, shorts in table.items()
            }
            for language, table in tables.items()
        }

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        context: ExecutionContext,
    ) -> "NoiseAugmenter":
        """Make the component; called by Rasa. Raises OSError when the shorthand file is missing."""
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return `training_data` with the added messages behind the original ones."""
        added: List[Message] = []
        for message in training_data.intent_examples:
            text, language = message.get(TEXT), language_of(message)
            draw = random.Random(f"{self._config['seed']} {language} {text}")
            # An example's own metadata, so that a copy is held out together with its sentence.
            metadata = dict((message.get(METADATA) or {}).get(INTENT) or {})
            metadata = {"origin": text, **metadata, "language": language, "source": COPY}
            for _ in range(self._config["copies"]):
                copy = hurried(text, self._shorthand.get(language, {}), draw)
                if copy and copy != text:
                    added.append(
                        Message(
                            {TEXT: copy, INTENT: message.get(INTENT), METADATA: {INTENT: metadata}}
                        )
                    )
            for _ in range(self._config["scraps"]):
                piece = scrap(text, draw)
                if piece:
                    added.append(Message({TEXT: piece, METADATA: {INTENT: metadata}}))
        # Rasa's TrainingData drops messages that are equal, as a short sentence and its scrap can
        # be.
        return TrainingData(training_data.training_examples + added)

    def process(self, messages: List[Message]) -> List[Message]:
        """Return `messages` as they are: what people write is never changed."""
        return messages
