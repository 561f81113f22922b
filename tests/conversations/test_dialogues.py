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


def spoken() -> dict[str, set[str]]:
    """Language → topics of which a dialogue in that language shows messages."""
    walked: dict[str, set[str]] = {}
    for path in dialogues():
        dialogue = read(path)
        names = {name.partition("/")[0] for t in dialogue["turns"] for name in t.get("we", ())}
        walked.setdefault(dialogue.get("language", ""), set()).update(names)
    return walked


def test_every_topic_is_walked_in_english_and_in_another_language(library: Library) -> None:
    """Every way in every language is walked by tests/content/test_every_walk.py; these are the
    ones that somebody reads."""
    walked = spoken()
    own = {topic for topic in library.flows if library.wording[topic]["en"].messages}
    assert own <= walked["en"]
    assert own <= set().union(*(topics for code, topics in walked.items() if code != "en"))


def test_every_language_has_its_dialogues(library: Library) -> None:
    count = dict.fromkeys(library.languages, 0)
    for path in dialogues():
        if (code := read(path).get("language")) in count:
            count[code] += 1
    assert min(count.values()) >= 7, count


def test_every_leaf_of_my_situation_is_reached_in_two_languages(library: Library) -> None:
    reached: dict[str, set[str]] = {}
    for path in (FOLDER / "situation").glob("*.yaml"):
        dialogue = read(path)
        for turn in dialogue["turns"]:
            for name in turn.get("we", ()):
                topic, _, message = name.partition("/")
                if topic == "my_situation" and message.startswith("now_"):
                    reached.setdefault(message, set()).add(dialogue["language"])
    leaves = {m for m in library.flows["my_situation"].facts if m.startswith("now_")}
    assert set(reached) == leaves
    assert all(len(languages) >= 2 for languages in reached.values()), reached
