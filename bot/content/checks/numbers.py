"""What must be the same in every language: numbers, dates, phone numbers, links, placeholders."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from bot.content.checks.subject import SPOKEN_BY_THE_BOT, Said, Subject
from bot.content.load import BASE
from bot.content.page import nearest
from bot.content.places import PLACEHOLDER_FIELDS
from bot.content.yaml_file import Problem
from bot.core.model import SHARED
from bot.core.wording import placeholders

#: What the program fills into the answer to a question for a day.
DAYS = ("day", "last_day")
PLACEHOLDER = re.compile(r"\(\(\s*[^()]+?\s*\)\)")
#: What is left of one with a bracket too few, or with other brackets.
_BROKEN = re.compile(r"\(\([^()]*\)?|[^\s()]*\)\)|[({\[]+\w+\.(?:phone|text|url|email)\b[)}\]]*")
URL = re.compile(
    r"(?:https?://|www\.)[^\s()<>\"']+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:gov|org|com|net|edu|info)\b"
    r"(?:/[^\s()<>\"']*)?",
    re.IGNORECASE,
)
#: North American numbers, international ones, and the short ones for emergencies.
PHONE = re.compile(
    r"(?<![\w-])(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?![\w-])"
    r"|\+\d[\d\s.-]{6,}\d|(?<!\d)\d{10,11}(?!\d)"
    r"|(?<![\d,.-])(?:911|988|741741|233733)(?![\d,-])"
)
_DIGITS = re.compile(r"\d+")
#: In Chinese a month is a number ("2023年1月"), elsewhere a name.
_NUMBERED_MONTH = re.compile(r"\d{1,2}\s*月")


def plain_digits(text: str) -> str:
    """Digits of any script as 0-9."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.digit(char)) if unicodedata.category(char) == "Nd" else char
        for char in text
    )


def numbers(text: str) -> Counter[str]:
    """Groups of digits outside placeholders, links and phone numbers; "6,252" counts as "6252"."""
    bare = PHONE.sub(" ", plain_digits(URL.sub(" ", PLACEHOLDER.sub(" ", text))))
    bare = re.sub(r"(?<=\d)[.,\u00a0\u202f\u066c'’](?=\d{3}(?!\d))", "", bare)
    return Counter(_DIGITS.findall(_NUMBERED_MONTH.sub(" ", bare)))


def links(text: str) -> Counter[str]:
    return Counter(URL.findall(text))


def phones(text: str) -> Counter[str]:
    """Phone numbers that are written out, by their digits."""
    bare = plain_digits(URL.sub(" ", PLACEHOLDER.sub(" ", text)))
    return Counter("".join(_DIGITS.findall(found)) for found in PHONE.findall(bare))


def has_phone(text: str) -> bool:
    """Whether a number to call or text stands in it, written out or as a placeholder."""
    named = any(name.rpartition(".")[2] in ("phone", "text") for name in placeholders(text))
    return named or PHONE.search(plain_digits(text)) is not None


def same_numbers(subject: Subject) -> Iterable[Problem]:
    """Numbers, links and placeholders of a translation are those of the English wording."""
    known = _known_placeholders(subject)
    for said in subject.said:
        prose = subject.prose(said.ref, BASE) if said.language != BASE else None
        english = prose.variants.get(said.variant) if prose else None
        if english is None:
            continue
        for what, find in (("number", numbers), ("phone number", phones), ("link", links)):
            yield from _differences(said, what, find(said.text), find(english.text), english.line)
        mine, base = placeholders(said.text), placeholders(english.text)
        if known.issuperset((*mine, *base)):  # unknown ones are a problem of their own
            here, there = (Counter(f"(({name}))" for name in names) for names in (mine, base))
            yield from _differences(said, "placeholder", here, there, english.line)
    yield from _same_numbers_in_labels(subject)


def _differences(
    said: Said, what: str, mine: Counter[str], base: Counter[str], line: int
) -> Iterable[Problem]:
    here, there = (", ".join(sorted(more.elements())) for more in (mine - base, base - mine))
    if not here and not there:
        return
    if here and there:
        told = f"has other {what}s than English: {here} here, {there} there"
    elif here:
        told = f"has the {what} {here} that English lacks"
    else:
        told = f"lacks the {what} {there} that English has"
    yield said.problem(told, f"compare it with line {line} of the English file")


def _same_numbers_in_labels(subject: Subject) -> Iterable[Problem]:
    for english, file in subject.translations():
        for name, answers in file.answers.items():
            base = english.answers.get(name)
            for key, words in answers.answers.items():
                theirs = base.answers.get(key) if base else None
                if theirs and numbers(words.label.text) != numbers(theirs.label.text):
                    yield Problem(
                        file.file,
                        words.label.line,
                        f"the label of answer '{key}' to '{name}' has other numbers than in "
                        f"English: '{words.label}', '{theirs.label}'",
                        "make them the same",
                    )


def _known_placeholders(subject: Subject) -> set[str]:
    filled = {name for names in SPOKEN_BY_THE_BOT.values() for name in names}
    return filled | set(DAYS) | {name.casefold() for name in subject.library.resources}


def unknown_placeholders(subject: Subject) -> Iterable[Problem]:
    """Every placeholder has a value: a resource's, or one that the program fills in."""
    resources = {name.casefold() for name in subject.library.resources}
    for said in subject.said:
        filled = SPOKEN_BY_THE_BOT.get(said.name, ()) if said.topic == SHARED else ()
        if said.ref in subject.with_days:
            filled = DAYS
        for name in dict.fromkeys(placeholders(said.text)):
            if name in resources or name in filled:
                continue
            resource, _, part = name.partition(".")
            if resource in subject.content.resources and part not in PLACEHOLDER_FIELDS:
                yield said.problem(
                    f"has the placeholder (({name})), but '{part}' differs by language",
                    f"write it out; only {', '.join(PLACEHOLDER_FIELDS)} can be filled in",
                )
            else:
                yield said.problem(
                    f"has the placeholder (({name})), which nothing fills in",
                    nearest(name, resources) or "add it to shared/resources.yaml",
                )


def numbers_written_out(subject: Subject) -> Iterable[Problem]:
    """Phone numbers and links come from shared/resources.yaml, so that they change in one place."""
    for said in subject.said:
        bare = plain_digits(PLACEHOLDER.sub(" ", said.text))
        for what, pattern in (("phone number", PHONE), ("link", URL)):
            for found in dict.fromkeys(match.group() for match in pattern.finditer(bare)):
                yield said.problem(
                    f"has the {what} {found} written out",
                    "put it into shared/resources.yaml and write ((name.phone)) or ((name.url))",
                )


def broken_placeholders(subject: Subject) -> Iterable[Problem]:
    """Brackets that were meant as a placeholder would be sent as they stand."""
    for said in subject.said:
        found = _BROKEN.search(PLACEHOLDER.sub(" ", said.text))
        if found:
            yield said.problem(
                f"has '{found.group().strip()}', which nothing fills in",
                "write two brackets on both sides: ((name.phone))",
            )


CHECKS = (same_numbers, unknown_placeholders, broken_placeholders, numbers_written_out)
