"""Has messages judged by readers that were not trained on them."""

import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rights_nlu.quiet import be_quiet

be_quiet()

from rights_nlu.example import Example  # noqa: E402
from rights_nlu.intent_and_language import IntentAndLanguage, learn_reader  # noqa: E402
from rights_nlu.language_folders import LanguageFolders, as_example, read_yaml  # noqa: E402
from rights_nlu.reader import Reader  # noqa: E402

from measure.figures import LOOKED_AT, Judged  # noqa: E402


class Asked(NamedTuple):
    """One message with what is right for it."""

    text: str
    intent: str
    language: str
    style: str = ""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def settings(project: Path) -> dict[str, Any]:
    """Return what config.yml says of the one part of the pipeline."""
    name = f"{IntentAndLanguage.__module__}.{IntentAndLanguage.__name__}"
    config = read_yaml(project / "config.yml")
    return next(dict(entry) for entry in config["pipeline"] if entry["name"] == name)


def all_examples(project: Path) -> list[Example]:
    """Return the examples and patterns of every language folder, of those not offered yet too."""
    importer = LanguageFolders(str(project / "config.yml"), None, [str(project / "data")])
    return [as_example(message) for message in importer.get_nlu_data().intent_examples]


def judge(reader: Reader, asked: Sequence[Asked]) -> list[Judged]:
    """Return what `reader` makes of the messages."""
    judged = []
    for one in asked:
        reading = reader.read(one.text, LOOKED_AT)
        judged.append(
            Judged(*one, tuple(reading.ranking), reading.language, reading.language_confidence)
        )
    return judged


async def ask(model: Path, asked: Sequence[Asked]) -> list[Judged]:
    """Return what a trained model archive makes of the messages, through Rasa as it is served."""
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)  # Rasa would log every message otherwise
    agent = Agent.load(str(model))
    judged = []
    for one in asked:
        answer = await agent.parse_message(one.text)
        ranking = tuple((entry["name"], entry["confidence"]) for entry in answer["intent_ranking"])
        heard = answer["language"]
        judged.append(Judged(*one, ranking[:LOOKED_AT], heard["name"], heard["confidence"]))
    return judged


def learn(examples: Sequence[Example], project: Path) -> Reader:
    """Return a reader trained as the shipped one is, and say how long it took."""
    started = time.monotonic()
    reader = learn_reader(list(examples), settings(project), project)
    say(f"learned {len(examples):,} examples in {time.monotonic() - started:.0f} s")
    return reader


def read_messages(file: Path, intents: Sequence[str], language: str = "") -> list[Asked]:
    """Return the messages of a file of lines text<TAB>intent[<TAB>style], with or without a header.

    The language is the file's name. Raises ValueError naming the line of an unknown intent.
    """
    known, found = set(intents), []
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip() or (number == 1 and len(cells) > 1 and cells[1] not in known):
            continue
        if len(cells) < 2 or cells[1] not in known:
            raise ValueError(f"{file.name}:{number}: no known intent in the second column")
        style = cells[2] if len(cells) > 2 else ""
        found.append(Asked(cells[0], cells[1], language or file.stem, style))
    return found


def read_folder(folder: Path, intents: Sequence[str]) -> list[Asked]:
    """Return the messages of every <language>.tsv of `folder`; none when it does not exist."""
    files = sorted(folder.glob("*.tsv")) if folder.is_dir() else []
    return [one for file in files for one in read_messages(file, intents)]


def read_rounds(project: Path, intents: Sequence[str]) -> dict[int, list[Asked]]:
    """Return the messages of every folder rounds/<number>/, the oldest round first."""
    folders = [one for one in (project / "rounds").iterdir() if one.name.isdigit()]
    return {
        int(folder.name): read_folder(folder, intents)
        for folder in sorted(folders, key=lambda folder: int(folder.name))
    }


def read_taxonomy(project: Path) -> tuple[list[str], frozenset[str]]:
    """Return all intents, and those that are urgent."""
    taxonomy = read_yaml(project / "intents.yml")["intents"]
    urgent = frozenset(str(name) for name, about in taxonomy.items() if about.get("urgent"))
    return [str(name) for name in taxonomy], urgent
