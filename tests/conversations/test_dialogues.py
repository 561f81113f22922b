"""Every golden dialogue goes as it is written, and every flow step is walked by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.library import Library
from tests.conversations.dialogue import FOLDER, dialogues, play, read


@pytest.mark.parametrize("path", dialogues(), ids=lambda p: str(p.relative_to(FOLDER)))
def test_dialogue(library: Library, path: Path) -> None:
    dialogue = read(path)
    told = [turn for turn in dialogue["turns"] if "we" in turn]
    played = [turn for turn in play(library, dialogue) if "we" in turn and not _is_advocates(turn)]
    assert [turn["we"] for turn in played] == [turn["we"] for turn in told]
    for really, written in zip(played, told, strict=True):
        assert really["status"] == written.get("status", really["status"])


def _is_advocates(turn: dict[str, object]) -> bool:
    return turn.get("by") == "advocate"


def test_every_topic_is_walked_in_every_language(library: Library) -> None:
    walked: dict[str, set[str]] = {code: set() for code in library.languages}
    for path in dialogues():
        dialogue = read(path)
        code = dialogue.get("language")
        for turn in dialogue["turns"]:
            for name in turn.get("we", ()):
                if code:
                    walked[code].add(name.partition("/")[0])
    for code, topics in walked.items():
        own = {topic for topic in library.flows if library.wording[topic][code].messages}
        assert own <= topics, code
