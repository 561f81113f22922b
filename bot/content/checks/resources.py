"""Resources: numbers and links are those of the fact sheet, and lists find what they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.content.checks.subject import Subject
from bot.content.load import BASE
from bot.content.page import meant
from bot.content.yaml_file import Problem, Text
from bot.core.model import SHARED
from bot.core.script import AskStep, ListStep

_DIGITS = re.compile(r"\d+")
_NOT_DIGITS = re.compile(r"[()\s.\-]")


def _file(subject: Subject) -> str:
    return f"{subject.content.name}/{SHARED}/resources.yaml"


def as_in_the_fact_sheet(subject: Subject) -> Iterable[Problem]:
    """Each phone number and address stands in section 4 of docs/facts.md: nobody types a number
    from memory, and a slip in one digit is found."""
    if subject.directory is None:
        return
    numbers = set(_DIGITS.findall(_NOT_DIGITS.sub("", subject.directory)))
    for key, resource in subject.content.resources.items():
        for part, value in resource.values.items():
            if not _known(part, value, numbers, subject.directory):
                yield Problem(
                    _file(subject),
                    value.line,
                    f"the {part} of '{key}' is {value}, which the fact sheet does not have",
                    "compare it with the directory of docs/facts.md",
                )


def _known(part: str, value: Text, numbers: set[str], directory: str) -> bool:
    if part in ("phone", "text"):
        digits = _NOT_DIGITS.sub("", value.text)
        return any(digits in number for number in numbers)
    bare = value.text.removeprefix("https://").removeprefix("www.").rstrip("/")
    return bare.casefold() in directory.casefold()


def lists(subject: Subject) -> Iterable[Problem]:
    """A list asks for a need that some resource has, and for a place that a question remembers."""
    needs = {need.text for r in subject.content.resources.values() for need in r.needs}
    remembered = {ask.remember for _, _, ask in subject.asks() if ask.remember}
    for flow, name, step in subject.steps():
        if not isinstance(step.step, ListStep):
            continue
        if step.step.need not in needs:
            yield Problem(
                flow.file,
                step.at(step.step.need),
                f"step '{name}' lists resources for '{step.step.need}', but none has that need",
                meant(step.step.need, needs),
            )
        if step.step.place is not None and step.step.place not in remembered:
            yield Problem(
                flow.file,
                step.at(step.step.place),
                f"step '{name}' goes by the place '{step.step.place}', which no question remembers",
                meant(step.step.place, remembered),
            )


def places_and_languages(subject: Subject) -> Iterable[Problem]:
    """Places are answers that somebody can give, languages are codes that are offered."""
    answers = {
        key for _, _, ask in subject.asks() if isinstance(ask, AskStep) for key in ask.answers
    }
    for key, resource in subject.content.resources.items():
        for place in resource.places:
            if place.text not in answers:
                yield Problem(
                    _file(subject), place.line,
                    f"'{key}' serves the place '{place}', which no question asks for",
                    meant(place.text, answers),
                )  # fmt: skip
        for code in resource.languages:
            if code.text not in subject.content.languages:
                yield Problem(
                    _file(subject), code.line,
                    f"'{key}' speaks '{code}', which is no language of languages.yaml",
                    meant(code.text, subject.content.languages),
                )  # fmt: skip
        if resource.needs and (BASE not in resource.names or not resource.values):
            yield Problem(
                _file(subject), resource.line,
                f"'{key}' stands in lists, but has no English name or nothing to reach it by",
                "add 'name: {en: ...}' and a phone or url",
            )  # fmt: skip


CHECKS = (as_in_the_fact_sheet, lists, places_and_languages)
