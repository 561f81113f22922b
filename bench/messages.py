"""The texts that are sent, the same to every contender, in the same order on every machine."""

from __future__ import annotations

import random
from itertools import cycle

from ruamel.yaml import YAML

from bench.peer_project import data_files
from simulator.carrier import KEYWORDS

#: The reserved numbers +1 555 01xx, but for the bot's own.
PHONES = [f"+155501{n:02d}" for n in range(99)]
#: What brings a new person past the greeting, in the language of the text that is measured.
BEGINNING = {"en": "english", "es": "español"}
SEED = 20221128


def sample(count: int) -> list[tuple[str, str]]:
    """`count` pairs of language and text: one example of each intent and language in turn,
    chosen with a fixed seed. Words that the carrier acts on are left out: nobody answers STOP."""
    chance = random.Random(SEED)  # noqa: S311 - a sample, no secret
    pools = _examples()
    order = sorted(pools)
    chance.shuffle(order)
    found: list[tuple[str, str]] = []
    for key in cycle(order):
        if len(found) == count:
            return found
        found.append((key[0], chance.choice(pools[key])))
    return found


def _examples() -> dict[tuple[str, str], list[str]]:
    """Language and intent → texts."""
    reader = YAML(typ="safe", pure=True)
    pools: dict[tuple[str, str], list[str]] = {}
    for file in data_files():
        for part in reader.load(file)["nlu"]:
            texts = [line[2:].strip() for line in part["examples"].splitlines()]
            kept = [text for text in texts if text and text.upper() not in KEYWORDS]
            pools.setdefault((file.parent.name, part["intent"]), []).extend(kept)
    return pools


def passes(texts: list[tuple[str, str]]) -> list[list[tuple[str, str, str]]]:
    """Cut into parts in which every text has a phone of its own: phone, language, text."""
    size = len(PHONES)
    parts = -(-len(texts) // size)
    return [
        [
            (phone, language, text)
            for phone, (language, text) in zip(PHONES, texts[n::parts], strict=False)
        ]
        for n in range(parts)
    ]
