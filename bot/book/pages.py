"""What stands on the pages of the review book, gathered from content, facts and signatures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.book.graph import drawing
from bot.content.fact_sheet import Fact
from bot.content.load import BASE, Content
from bot.content.signatures import (
    ATTORNEY,
    TRANSLATOR,
    Signature,
    changed_since,
    topics_to_sign,
    valid,
)
from bot.content.stamp import fingerprint
from bot.core.model import SHARED
from bot.core.wording import placeholders

#: The variants of a message as a reader calls them.
CALLED = {"": "", "self": "about the person", "relative": "about a relative"}


@dataclass(frozen=True)
class Side:
    """One variant of a message, in English and in the chosen language."""

    variant: str
    english: str
    other: str


@dataclass(frozen=True)
class MessagePage:
    """One message with all that is needed to judge it.

    Attributes:
        answers: (English label, label in the chosen language) of its choices.
        facts: those it states.
        named: (placeholder, value, what has to be checked) of the numbers and links in it.
        stale: the English wording changed since it was translated.
    """

    name: str
    sides: tuple[Side, ...]
    answers: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]
    named: tuple[tuple[str, str], ...]
    stale: bool


@dataclass(frozen=True)
class Standing:
    """Where the review of a topic stands for one role and language.

    `changed` are the parts that changed since an older signature.
    """

    role: str
    language: str
    signed: Signature | None
    outdated: Signature | None
    changed: tuple[str, ...]


@dataclass(frozen=True)
class TopicPage:
    """One topic of the book."""

    topic: str
    title: str
    other_title: str
    intents: tuple[str, ...]
    urgency: str
    owner: str
    good_until: date | None
    expired: bool
    graph: str
    messages: tuple[MessagePage, ...]
    standings: tuple[Standing, ...]


def pages(
    content: Content, facts: Mapping[str, Fact], language: str, today: date
) -> list[TopicPage]:
    """All topics, the shared messages first, English beside `language`."""
    return [_page(content, facts, topic, language, today) for topic in topics_to_sign(content)]


def _page(
    content: Content, facts: Mapping[str, Fact], topic: str, language: str, today: date
) -> TopicPage:
    flow, english = content.flows[topic], content.wording[topic][BASE]
    other = content.wording[topic].get(language)
    return TopicPage(
        topic=topic,
        title=english.title.text if english.title else "Messages of no topic",
        other_title=other.title.text if other and other.title else "",
        intents=tuple(intent.text for intent in flow.intents),
        urgency=flow.urgency.name.lower(),
        owner=flow.owner,
        good_until=flow.last_day,
        expired=flow.last_day is not None and flow.last_day < today,
        graph=drawing(flow) if topic != SHARED else "",
        messages=tuple(_messages(content, facts, topic, language)),
        standings=tuple(standings(content, topic, language)),
    )


def standings(content: Content, topic: str, language: str) -> Iterable[Standing]:
    """The signatures that a topic needs to be served in a language."""
    needed = [(ATTORNEY, BASE)]
    if language != BASE:
        needed += [(TRANSLATOR, language)]
    for role, code in needed:
        signed = valid(content, topic, code, role)
        old = next((s for s in content.signatures if s.place == (topic, code, role)), None)
        outdated = old if signed is None else None
        changed = tuple(changed_since(content, outdated)) if outdated else ()
        yield Standing(role, code, signed, outdated, changed)


def _messages(
    content: Content, facts: Mapping[str, Fact], topic: str, language: str
) -> Iterable[MessagePage]:
    flow, english = content.flows[topic], content.wording[topic][BASE]
    other = content.wording[topic].get(language)
    for name, prose in english.messages.items():
        theirs = other.messages.get(name) if other else None
        mark = other.made_from.get(name) if other else None
        cited = flow.messages.get(name)
        choices = english.answers.get(name)
        labels = other.answers.get(name) if other else None
        texts = [text.text for text in prose.variants.values()]
        yield MessagePage(
            name=name,
            sides=tuple(
                Side(
                    CALLED.get(variant, variant),
                    text.text,
                    theirs.variants[variant].text if theirs and variant in theirs.variants else "",
                )
                for variant, text in prose.variants.items()
            ),
            answers=tuple(
                (
                    answer.label.text,
                    labels.answers[key].label.text if labels and key in labels.answers else "",
                )
                for key, answer in (choices.answers.items() if choices else ())
            ),
            facts=tuple(
                facts[fact.text] for fact in (cited.facts if cited else ()) if fact.text in facts
            ),
            named=tuple(_named(content, texts)),
            stale=theirs is not None and (mark is None or mark.text != fingerprint(prose)),
        )


def _named(content: Content, texts: Iterable[str]) -> Iterable[tuple[str, str]]:
    for place in dict.fromkeys(name for text in texts for name in placeholders(text)):
        name, _, part = place.partition(".")
        resource = content.resources.get(name)
        value = resource.values.get(part) if resource else None
        if value is not None:
            checked = resource.verified_on if resource else None
            yield (
                f"(({place})) = {value.text}",
                f"checked on {checked}" if checked else "not called or opened by anybody yet",
            )
