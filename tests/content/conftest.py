"""A small good content folder that tests damage, one thing at a time."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.content.checks import Report, check

GOOD = Path(__file__).parent / "good"
TODAY = date(2026, 11, 25)


@dataclass(frozen=True)
class ContentFolder:
    """A copy of the good content, its fact sheet and its intents."""

    home: Path

    @property
    def flows(self) -> Path:
        return self.home / "flows"

    @property
    def facts(self) -> Path:
        return self.home / "docs" / "facts.md"

    def change(self, file: str, old: str, new: str) -> None:
        """Replace text that must stand in the file."""
        path = self.home / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} does not stand in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def add(self, file: str, text: str) -> None:
        """Put text at the end of a file, which is made if need be."""
        path = self.home / file
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as out:
            out.write(text)

    def line(self, file: str, marker: str) -> int:
        """The line on which a text stands first; 0 for no marker."""
        if not marker:
            return 0
        lines = (self.home / file).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if marker in line)

    def check(self, release: bool = False, today: date = TODAY) -> Report:
        return check(self.flows, self.facts, today, release)


@pytest.fixture
def folder(tmp_path: Path) -> ContentFolder:
    shutil.copytree(GOOD, tmp_path / "content")
    return ContentFolder(tmp_path / "content")
