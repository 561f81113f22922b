"""One mistake in the good content, and the one line with which `check` answers it."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.content.checks import Report, check, render, stamp
from bot.content.yaml_file import ContentError

GOOD = Path(__file__).parent / "good"
TODAY = date(2026, 11, 25)


@dataclass(frozen=True)
class ContentFolder:
    """A copy of the good content, its fact sheet and its intents."""

    home: Path

    @classmethod
    def copied_to(cls, home: Path) -> ContentFolder:
        shutil.copytree(GOOD, home)
        return cls(home)

    @property
    def flows(self) -> Path:
        return self.home / "flows"

    @property
    def facts(self) -> Path:
        return self.home / "docs" / "facts.md"

    def read(self, file: str) -> str:
        return (self.home / file).read_text(encoding="utf-8")

    def change(self, file: str, old: str, new: str) -> None:
        """Replace text that stands once in the file."""
        text = self.read(file)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (self.home / file).write_text(text.replace(old, new), encoding="utf-8")

    def add(self, file: str, text: str) -> None:
        """Put text at the end of a file, which is made if need be."""
        path = self.home / file
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as out:
            out.write(text)

    def line(self, file: str, marker: str) -> int:
        """The line that is a text or, if none is, the first that has it."""
        lines = self.read(file).splitlines()
        if marker in lines:
            return lines.index(marker) + 1
        return next(number for number, line in enumerate(lines, 1) if marker in line)

    def check(self, release: bool = False, today: date = TODAY) -> Report:
        return check(self.flows, self.facts, today, release)


@dataclass(frozen=True)
class Mistake:
    """What an author may do wrong.

    Attributes:
        name: the kind of mistake.
        file, old, new: the text that is replaced; an empty `old` adds `new` at the end.
        told: what `check` prints after "file:line: level: ".
        at: a text on the line that is named; "" when no line is. Empty `told` means: nothing.
        told_in: the file that is named, when it is another one than `file`.
    """

    name: str
    file: str
    old: str
    new: str
    told: str
    at: str = ""
    told_in: str = ""
    level: str = "error"
    release: bool = False

    def found_in(self, folder: ContentFolder) -> tuple[list[str], list[str]]:
        """(what `check` prints, what it should print)."""
        if self.old:
            folder.change(self.file, self.old, self.new)
        else:
            folder.add(self.file, self.new)
        with suppress(ContentError):
            stamp(folder.flows, "es")  # the mistake is not that the translation is older
        printed = render(folder.check(self.release).problems).splitlines()
        place = self.told_in or self.file
        if self.at:
            place += f":{folder.line(place, self.at)}"
        return printed, [f"{place}: {self.level}: {self.told}"] if self.told else []


def each(*mistakes: Mistake) -> pytest.MarkDecorator:
    """Runs a test once for each mistake, under its name."""
    names = [re.sub(r"\W+", "-", mistake.name) for mistake in mistakes]
    return pytest.mark.parametrize("mistake", mistakes, ids=names)
