"""Proves a loaded model on plain sentences: a failed load can look like a quiet success."""

import asyncio
import time
from pathlib import Path
from typing import Any, Dict, List, Text

import rasa.shared.utils.io
from rasa.core.agent import Agent

# A known sentence is a plain one; a sound model is not in doubt about it. The bot acts from 0.5 up.
LEAST_CONFIDENCE = 0.5


class BrokenModel(Exception):
    """The model does not know the known sentences; the message lists them."""


def known_sentences(project: Path) -> List[Dict[Text, Any]]:
    """Return the entries of known_sentences.yml in the folder `project`: text, intent, language
    each.
    """
    text = (project / "known_sentences.yml").read_text(encoding="utf-8")
    return [dict(entry) for entry in rasa.shared.utils.io.read_yaml(text)]


def prove(agent: Agent, sentences: List[Dict[Text, Any]]) -> float:
    """Parse `sentences` and return the mean time of a parse in milliseconds.

    Raises BrokenModel when the agent has no model, an answer is wrong or doubtful, or there are no
    sentences.
    """
    if not agent.is_ready():
        raise BrokenModel("Rasa found no model in the file.")
    if not sentences:
        raise BrokenModel("known_sentences.yml is empty, so nothing proves the model.")
    return asyncio.run(_ask_all(agent, sentences))


async def _ask_all(agent: Agent, sentences: List[Dict[Text, Any]]) -> float:
    wrong: List[str] = []
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
    if wrong:
        raise BrokenModel("\n".join(["Known sentences that it gets wrong or doubts:", *wrong]))
    return (time.perf_counter() - started) * 1000 / len(sentences)
