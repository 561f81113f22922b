"""All checks over one content folder, and the report that an author reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.content.checks import (
    answers,
    careful,
    complete,
    meaning,
    numbers,
    plainness,
    resources,
    shape,
    size,
    sourced,
    topics,
    vocabulary,
)
from bot.content.checks.subject import Check, Subject, read_intents
from bot.content.checks.walks import count_walks
from bot.content.fact_sheet import named, read_fact_sheet
from bot.content.load import read_content
from bot.content.yaml_file import ContentError, Level, Problem, read_text

CHECKS: tuple[Check, ...] = (
    *shape.CHECKS,
    *topics.CHECKS,
    *complete.CHECKS,
    *answers.CHECKS,
    *numbers.CHECKS,
    *sourced.CHECKS,
    *size.CHECKS,
    *careful.CHECKS,
    *plainness.CHECKS,
    *vocabulary.CHECKS,
    *meaning.CHECKS,
    *resources.CHECKS,
)


@dataclass(frozen=True)
class Report:
    """What was found, in the order of the files, and how much was looked at.

    Attributes:
        topics, messages, languages, walks: counts; 0 when the content did not load.
            `messages` are counted once, not once for each language.
    """

    problems: tuple[Problem, ...]
    topics: int = 0
    messages: int = 0
    languages: int = 0
    walks: int = 0
    loaded: bool = True

    def only(self, ending: str) -> Report:
        """The same report with the problems of the files whose names end so."""
        mine = tuple(problem for problem in self.problems if problem.file.endswith(ending))
        return replace(self, problems=mine)

    @property
    def errors(self) -> int:
        return sum(problem.level is Level.ERROR for problem in self.problems)

    @property
    def has_errors(self) -> bool:
        return self.errors > 0

    @property
    def summary(self) -> str:
        """One line for the end of `check`."""
        found = (
            f"{_count(self.errors, 'error')}, {_count(len(self.problems) - self.errors, 'warning')}"
        )
        if not self.loaded:
            return f"{found}. The rest is checked when these are mended."
        return (
            f"{_count(self.topics, 'topic')}, {_count(self.messages, 'message')} in "
            f"{_count(self.languages, 'language')}, {_count(self.walks, 'way')} through them: "
            f"{found}."
        )


def check(
    folder: Path, facts: Path, today: date, release: bool = False, intents: Path | None = None
) -> Report:
    """Everything that is wrong with the content.

    Args:
        folder: the content (flows/).
        facts: the fact sheet (docs/facts.md).
        today: for `good_until`.
        release: drafts, stale translations and past dates are errors too.
        intents: the taxonomy; by default nlu_data/intents.yml beside the folder.

    Content that does not load is reported, not raised.
    """
    try:
        content = read_content(folder)
        taxonomy = read_intents(intents or folder.resolve().parent / "nlu_data" / "intents.yml")
        known = read_fact_sheet(facts)
    except ContentError as error:
        return Report(error.problems, loaded=False)
    subject = Subject(
        content, known, taxonomy, today, release, read_text(facts, named(facts)) if known else None
    )
    problems = {problem for find in CHECKS for problem in find(subject)}
    problems.update(_without_sources(subject, facts))
    return Report(
        problems=tuple(sorted(problems)),
        topics=len(content.topics),
        messages=len({said.ref for said in subject.said}),
        languages=len(content.languages),
        walks=count_walks(subject),
    )


def _without_sources(subject: Subject, facts: Path) -> Iterable[Problem]:
    if subject.facts is None:
        yield Problem(named(facts), 0, "there is no fact sheet, so no fact number was checked")
    if subject.intents is None:
        yield Problem(
            "nlu_data/intents.yml",
            0,
            "there is no list of intents, so none was checked",
            level=Level.WARNING,
        )


def render(problems: Iterable[Problem]) -> str:
    """One line for each problem: "file:line: level: text. remedy." """
    return "\n".join(_line(problem) for problem in problems)


def _line(problem: Problem) -> str:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    told = [
        part[0].upper() + part[1:] + ("" if part.endswith(("?", "!", ".")) else ".")
        for part in (problem.message, problem.remedy)
        if part
    ]
    return f"{place}: {problem.level.value}: {' '.join(told)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
