"""Trains a model with Rasa and proves it on the known sentences; run by dev/train.py, inside .venv-nlu.

    python -m rights_nlu.train_model --project nlu_data --output some/folder     trains, proves, prints the path
    python -m rights_nlu.train_model --project nlu_data --check some/nlu.tar.gz   proves only
"""

import argparse
import asyncio
import logging
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Text

from rights_nlu.quiet import be_quiet

be_quiet()

from rasa.core.agent import Agent  # noqa: E402
from rasa.model_training import train_nlu  # noqa: E402
from rasa.shared.exceptions import RasaException  # noqa: E402
from rasa.utils.log_utils import configure_structlog  # noqa: E402

from rights_nlu.fitting import FittingError  # noqa: E402
from rights_nlu.language_folders import read_yaml  # noqa: E402

# A known sentence is one that nobody could mistake; a sound model is not in doubt about it.
LEAST_CONFIDENCE = 0.4
NAME = "nlu"


class BrokenModel(Exception):
    """The model does not know the known sentences; the message lists them."""


def train(project: Path, output: Path) -> Path:
    """Train on everything in `project` and return the archive, `output`/nlu.tar.gz.

    Raises RasaException or FittingError when the examples or the configuration are at fault.
    """
    output.mkdir(parents=True, exist_ok=True)
    archive = train_nlu(
        config=str(project / "config.yml"), nlu_data=str(project / "data"), output=str(output), fixed_model_name=NAME
    )
    if not archive:
        raise RasaException("Rasa made no model and did not say why.")
    return Path(archive)


def known_sentences(project: Path) -> List[Dict[Text, Any]]:
    """Return the entries of known_sentences.yml: text, intent, language."""
    return list(read_yaml_list(project / "known_sentences.yml"))


def prove(archive: Path, sentences: List[Dict[Text, Any]]) -> float:
    """Load `archive`, parse `sentences` and return the mean time of a parse in milliseconds.

    Raises BrokenModel when an answer is wrong or doubtful, and whatever Rasa raises when it cannot load.
    """
    agent = Agent.load(str(archive))
    if not agent.is_ready():
        raise BrokenModel(f"{archive.name} could not be loaded.")
    wrong: List[str] = []

    async def ask() -> float:
        await agent.parse_message("warm up")
        started = time.perf_counter()
        for sentence in sentences:
            answer = await agent.parse_message(sentence["text"])
            found, language = answer["intent"], answer["language"]["name"]
            right = found["name"] == sentence["intent"] and found["confidence"] >= LEAST_CONFIDENCE
            if not right or language != sentence["language"]:
                wrong.append(
                    f"  {sentence['text']!r}: {found['name']} {found['confidence']:.2f} in {language}, "
                    f"not {sentence['intent']} in {sentence['language']}"
                )
        return (time.perf_counter() - started) * 1000 / max(1, len(sentences))

    milliseconds = asyncio.run(ask())
    if wrong or not sentences:
        raise BrokenModel("\n".join(["Known sentences that the model gets wrong:", *(wrong or ["  (there are none)"])]))
    return milliseconds


def main() -> None:
    """Train and prove, or only prove; exits with 1 and the reason when that fails."""
    parser = argparse.ArgumentParser(description="Train the NLU model, or check one.")
    parser.add_argument("--project", type=Path, required=True, help="the folder of config.yml")
    parser.add_argument("--output", type=Path, help="where the archive goes")
    parser.add_argument("--check", type=Path, help="an archive to check; nothing is trained")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    configure_structlog(logging.WARNING)
    project = chosen.project.resolve()
    try:
        archive = chosen.check or train(project, chosen.output.resolve())
        milliseconds = prove(archive, known_sentences(project))
    except (RasaException, FittingError, BrokenModel) as problem:
        sys.exit(f"No usable model: {problem}")
    print(f"Known sentences all right; {milliseconds:.1f} ms a message.", file=sys.stderr)
    print(archive)


if __name__ == "__main__":
    main()
