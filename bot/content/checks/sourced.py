"""Facts: every one exists, says its date, and translations were made from today's wording."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.content.checks.numbers import plain_digits
from bot.content.checks.subject import Subject
from bot.content.stamp import fingerprint
from bot.content.yaml_file import Level, Problem, Text
from bot.core.model import SHARED

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_FACT = re.compile(r"F-\d{3}")


def facts(subject: Subject) -> Iterable[Problem]:
    """Fact numbers are those of docs/facts.md, each cited once."""
    for flow in subject.content.flows.values():
        for name, cited in flow.messages.items():
            yield from _numbers(subject, flow.file, f"message '{name}'", cited.facts)
    file = f"{subject.content.name}/{SHARED}/resources.yaml"
    for name, resource in subject.content.resources.items():
        yield from _numbers(subject, file, f"resource '{name}'", resource.facts)


def _numbers(subject: Subject, file: str, what: str, cited: Iterable[Text]) -> Iterable[Problem]:
    seen: set[str] = set()
    for fact in cited:
        if not _FACT.fullmatch(fact.text):
            message, remedy = f"{what} cites '{fact}', which is no fact number", "write it as F-001"
            yield Problem(file, fact.line, message, remedy)
        elif subject.facts is not None and fact.text not in subject.facts:
            message = f"{what} cites {fact}, but docs/facts.md has no such fact"
            yield Problem(file, fact.line, message, "look up the right number there")
        elif fact.text in seen:
            message = f"{what} cites {fact} twice"
            yield Problem(file, fact.line, message, "remove one", Level.WARNING)
        seen.add(fact.text)


def dated_facts(subject: Subject) -> Iterable[Problem]:
    """What may have changed since is told with its date (docs/facts.md, Time-sensitive)."""
    sensitive = {n for n, fact in (subject.facts or {}).items() if fact.time_sensitive}
    for said in subject.said:
        cited = subject.content.flows[said.topic].messages.get(said.name)
        why = [f.text for f in cited.facts if f.text in sensitive] if cited else []
        if why and not _YEAR.search(plain_digits(said.text)):
            yield said.problem(
                f"states {', '.join(why)}, which may change, without saying of when it is",
                "name the month and year, or the year",
            )


def stale_translations(subject: Subject) -> Iterable[Problem]:
    """The English wording has not changed since the translation was made.

    A warning while work goes on, an error before a release.
    """
    level = Level.ERROR if subject.release else Level.WARNING
    for english, file in subject.translations():
        if not file.made_from and file.messages:
            yield Problem(
                file.file,
                0,
                "nobody noted which English wording this translation was made from",
                f"compare the two, then run: python -m bot stamp {file.language}",
                level,
            )
            continue
        for name, prose in file.messages.items():
            base = english.messages.get(name)
            if base is None:
                continue
            mark = file.made_from.get(name)
            if mark is None:
                yield Problem(
                    file.file,
                    prose.line,
                    f"nobody noted which English wording the translation of '{name}' was made from",
                    f"compare the two, then run: python -m bot stamp {file.language}",
                    level,
                )
            elif mark.text != fingerprint(base):
                yield Problem(
                    file.file,
                    prose.line,
                    f"the English wording of '{name}' has changed since this was translated",
                    f"compare it with line {base.line} of {english.file}, then run: "
                    f"python -m bot stamp {file.language}",
                    level,
                )
        for name, mark in file.made_from.items():
            if name not in file.messages:
                yield Problem(
                    file.file,
                    mark.line,
                    f"there is a fingerprint for '{name}', but no such message",
                    f"run: python -m bot stamp {file.language}",
                    Level.WARNING,
                )


CHECKS = (facts, dated_facts, stale_translations)
