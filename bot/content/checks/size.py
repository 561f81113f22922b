"""What a message costs and whether it fits: segments, alphabet, typography, length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from bot.content.checks.subject import Said, Subject
from bot.content.load import BASE
from bot.content.yaml_file import Level, Problem
from bot.core import sms
from bot.core.days import day_in_words
from bot.core.flow import numbered
from bot.core.library import ABOUT, MissingWording
from bot.core.listing import list_of_resources
from bot.core.model import SHARED, Channel, Conversation, MessageRef
from bot.core.script import AskStep, DayStep, EndStep, ListStep
from bot.core.wording import MissingValue, fill

#: From this share of plain messages on, a language counts as one that is written without
#: characters that halve the room in a message.
MOSTLY = 0.8


def budgets(subject: Subject) -> Iterable[Problem]:
    """Each message as it is sent, numbered answers and all, within its language's budget
    (flows/languages.yaml, max_segments)."""
    for said in subject.said:
        allowed = subject.content.languages[said.language].max_segments
        try:
            as_sent = list(_as_sent(subject, said))
        except MissingValue:  # found by numbers.unknown_placeholders
            continue
        longest = max(as_sent, key=lambda text: (sms.segments(text), len(text)))
        needed = sms.segments(longest)
        if needed > allowed:
            choices = " with its choices" if longest.count("\n") > said.text.count("\n") else ""
            yield said.problem(
                f"needs {needed} SMS segments{choices} ({len(longest)} characters); "
                f"{allowed} are allowed",
                "shorten it, or make two messages of it",
            )


def _as_sent(subject: Subject, said: Said) -> Iterator[str]:
    text = fill(said.text, {**subject.library.resources, **_fillings(subject, said.language)})
    yield from map(sms.tidy, _lists(subject, said))
    for labels in _choices(subject, said):
        yield sms.tidy(numbered(text, labels))


def _fillings(subject: Subject, language: str) -> dict[str, str]:
    """The longest that the program may fill in."""
    longest = max(_titles(subject, subject.content.topics, language), key=len, default="")
    longest_day = day_in_words(date(2026, 9, 30), language)
    return {"count": "10", "title": longest, "day": longest_day, "last_day": longest_day}


def _lists(subject: Subject, said: Said) -> Iterator[str]:
    """Every list of resources that may stand under a message, as it is sent."""
    for step in subject.steps_of.get(said.ref, ()):
        if not isinstance(step, ListStep):
            continue
        here = Conversation(
            channel=Channel.SMS, language=said.language, answers={ABOUT: said.variant}
        )
        places = {place for resource in subject.library.listed for place in resource.places}
        for place in (None, *sorted(places)):
            yield list_of_resources(subject.library, here, said.ref, step.need, place)


def _titles(subject: Subject, topics: Iterable[str], language: str) -> list[str]:
    found: list[str] = []
    for topic in topics:
        try:
            found.append(subject.library.title(topic, language))
        except MissingWording:
            continue
    return found


def _choices(subject: Subject, said: Said) -> Iterator[list[str]]:
    """Every list of choices that may stand under a message; an empty one when none does."""
    found = False
    for step in subject.steps_of.get(said.ref, ()):
        if isinstance(step, AskStep):
            found = True
            yield _labels(subject, said.ref, said.language, list(step.answers))
        if isinstance(step, DayStep):
            found = True
            yield [subject.library.shared("day_not_known", said.language)]
    if said.topic == SHARED:
        for labels in _choices_of_the_bot(subject, said):
            found = True
            yield labels
    if not found:
        yield []


def _labels(subject: Subject, ref: MessageRef, language: str, keys: Iterable[str]) -> list[str]:
    try:
        wording = subject.library.answers_to(ref, language)
    except MissingWording:
        return list(keys)
    return [wording[key].label if key in wording else key for key in keys]


def _choices_of_the_bot(subject: Subject, said: Said) -> Iterator[list[str]]:
    """The choices that bot.core adds to messages of shared."""
    library, code = subject.library, said.language
    match said.name:
        case "menu":
            yield _titles(subject, library.menu, code)
        case "follow_up":
            for _, _, step in subject.steps():
                if isinstance(step.step, EndStep) and step.step.follow_up:
                    yield _titles(subject, step.step.follow_up, code)
        case "languages" | "language_not_offered":
            yield [language.name for language in library.languages.values()]
        case "did_you_mean":
            longest = sorted(_titles(subject, library.flows, code), key=len)[-2:]
            other = subject.prose(MessageRef(f"{SHARED}/something_else"), code)
            yield [*longest, *(text.text for text in (other.variants.values() if other else ()))]
        case "offer_person":
            yield _labels(subject, said.ref, code, ("person", "menu"))


def typography(subject: Subject) -> Iterable[Problem]:
    """Characters that the bot replaces before it sends (bot.core.sms.tidy)."""
    for said in subject.said:
        tidied = sms.tidy(said.text)
        if tidied != said.text:
            odd = sorted(set(said.text) - set(tidied))
            shown = ", ".join(f"'{char}' (U+{ord(char):04X})" for char in odd)
            yield said.problem(
                f"has typography that is replaced before it is sent: {shown or 'spaces'}",
                "type plain quotes, dashes and spaces",
                Level.WARNING,
            )


def alphabet(subject: Subject) -> Iterable[Problem]:
    """In a language whose messages fit the phone alphabet (GSM-7), one foreign character more
    than halves what fits into a segment."""
    for code in subject.content.languages:
        mine = [(said, _outside(sms.tidy(said.text))) for said in subject.said
                if said.language == code]  # fmt: skip
        plain = sum(1 for _, odd in mine if not odd)
        if not mine or (plain / len(mine) < MOSTLY and code != BASE):
            continue
        for said, odd in mine:
            if odd:
                yield said.problem(
                    "has characters that more than halve the room in an SMS: "
                    + ", ".join(f"'{char}' (U+{ord(char):04X})" for char in odd),
                    "use plain letters and signs",
                )


def _outside(text: str) -> list[str]:
    return sorted({char for char in text if not sms.is_gsm7(char)})


CHECKS = (budgets, typography, alphabet)
