"""The content as the bot uses it: flows, wording, languages; read-only after boot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.core.model import SHARED, MessageRef
from bot.core.phrases import PhraseIndex
from bot.core.script import DayStep, Flow, ListStep
from bot.core.wording import fill

LEFT_TO_RIGHT = "\u200e"
#: Remembered answer that picks a message's variant: "self" or "relative".
ABOUT = "about"


class MissingWording(LookupError):
    """No language has this message. Raised with the message's name only."""


@dataclass(frozen=True)
class Language:
    """One language that is offered.

    Attributes:
        name: in the language itself, as the menu of languages shows it.
        scripts: Unicode script names that prove this language when no other offered one uses them.
        words: frequent short words that hardly occur in the other languages: evidence.
        max_segments: budget for one message.
    """

    code: str
    name: str
    english_name: str
    direction: str
    script: str
    max_segments: int
    words: frozenset[str]
    aliases: frozenset[str]


@dataclass(frozen=True)
class AnswerWording:
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """The prose of one topic in one language.

    `messages` maps a message's name to its variants: {"": text} or
    {"self": text, "relative": text}.
    """

    language: str
    title: str
    messages: Mapping[str, Mapping[str, str]]
    answers: Mapping[str, Mapping[str, AnswerWording]]
    keywords: tuple[str, ...]
    sources: Mapping[str, str]


@dataclass(frozen=True)
class Vocabulary:
    """The words a language's speakers use to steer the bot.

    Attributes:
        commands: command name → phrases that are the whole message.
        emergency: urgent intent → phrases that occur anywhere in a message.
        yes, no: short replies.
        relatives: words that show that somebody asks for another person.
        titles: menu titles of intents that have no topic of their own yet.
    """

    commands: Mapping[str, tuple[str, ...]]
    emergency: Mapping[str, tuple[str, ...]]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    relatives: tuple[str, ...]
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Resource:
    """A place that helps, as lists of them show it.

    Attributes:
        reach: phone, text, e-mail or link, the first of these that it has.
        names: language → name; every one has an English name.
        hours: language → when it can be reached; empty when no source says so.
        needs: what it helps with; a list step asks for one of them.
        places: remembered answers that mean its region; empty for all places.
        languages: languages it is known to speak; empty when no source says so.
        verified: somebody called or opened it, on `verified_on`.
    """

    key: str
    reach: str
    names: Mapping[str, str]
    hours: Mapping[str, str]
    needs: frozenset[str]
    places: frozenset[str]
    languages: frozenset[str]
    verified: bool


@dataclass(frozen=True)
class Source:
    """Where a fact comes from.

    Attributes:
        kind: "government", "other", or "general" when no written source was seen.
        where: site and page, short enough for a text; empty without one.
        when: the day, month or year of the source ("2023-03"); empty when it bears none.
    """

    kind: str
    where: str
    when: str


@dataclass(frozen=True)
class Library:
    """Everything the bot can say and everything it recognises without a model.

    Attributes:
        languages: in the order of the language menu.
        wording: topic → language → its prose; the topic "shared" holds what belongs to none.
        menu: topics of the main menu in order.
        resources: flat values for placeholders: "988.phone" → "988".
        is_draft: no attorney has reviewed this content.
        base: the language whose wording the others are made from.
        shared_facts: message of "shared" → the facts it states.
        listed: resources that list steps choose from, in the order in which they are named.
        sources: fact number → where it comes from.
    """

    languages: Mapping[str, Language]
    flows: Mapping[str, Flow]
    wording: Mapping[str, Mapping[str, Wording]]
    vocabulary: Mapping[str, Vocabulary]
    menu: tuple[str, ...]
    resources: Mapping[str, str]
    is_draft: bool
    base: str = "en"
    shared_facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    listed: tuple[Resource, ...] = ()
    sources: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)

    @cached_property
    def topic_of_intent(self) -> Mapping[str, str]:
        return {intent: flow.topic for flow in self.flows.values() for intent in flow.intents}

    @cached_property
    def emergencies(self) -> PhraseIndex[tuple[str, str]]:
        """Words of emergency → (urgent intent, language)."""
        return PhraseIndex(
            (phrase, (intent, code))
            for code, vocabulary in self.vocabulary.items()
            for intent, phrases in vocabulary.emergency.items()
            for phrase in phrases
        )

    @cached_property
    def keywords(self) -> PhraseIndex[tuple[str, str]]:
        """Keywords of topics → (the topic's first intent, language)."""
        return PhraseIndex(
            (phrase, (flow.intents[0], code))
            for topic, flow in self.flows.items()
            if flow.intents
            for code, wording in self.wording.get(topic, {}).items()
            for phrase in wording.keywords
        )

    @cached_property
    def incomplete(self) -> frozenset[MessageRef]:
        """Messages that say nothing without what a step adds: a day, or a list of places."""
        found: set[MessageRef] = set()
        for flow in self.flows.values():
            for step in flow.steps.values():
                match step:
                    case DayStep(_, _, counted, passed):
                        found |= {counted, passed}
                    case ListStep(message):
                        found.add(message)
        return frozenset(found)

    def prepare(self) -> None:
        """Make what every text is searched with (half a second of work with twelve languages),
        so that nobody's first text waits for it."""
        _ = self.emergencies, self.keywords

    @cached_property
    def urgent_intents(self) -> frozenset[str]:
        return frozenset(
            intent for flow in self.flows.values() if flow.urgency == 2 for intent in flow.intents
        )

    def facts_of(self, message: MessageRef) -> tuple[str, ...]:
        """The facts that a message states."""
        topic, _, name = message.partition("/")
        if topic == SHARED:
            return tuple(self.shared_facts.get(name, ()))
        flow = self.flows.get(topic)
        return tuple(flow.facts.get(name, ())) if flow else ()

    def text(
        self,
        message: MessageRef,
        language: str | None,
        about: str | None = None,
        values: Mapping[str, str] | None = None,
    ) -> str:
        """The message as it is sent: variant chosen, placeholders filled.

        Falls back to the base language when the language lacks the message (the content
        checks forbid it, but a person must never get silence).
        Raises MissingWording when the base language lacks it too.
        """
        topic, _, name = message.partition("/")
        by_language = self.wording.get(topic, {})
        for code in (language, self.base):
            wording = by_language.get(code or "")
            if wording and name in wording.messages:
                variants = wording.messages[name]
                template = (
                    variants.get(about or "self")
                    or variants.get("")
                    or next(iter(variants.values()))
                )
                values = {**self.resources, **(values or {})}
                return fill(template, self._in_order_of_reading(values, wording.language))
        raise MissingWording(message)

    def reads_from_right(self, language: str | None) -> bool:
        """Whether the language is written from right to left."""
        spoken = self.languages.get(language or self.base)
        return spoken is not None and spoken.direction == "rtl"

    def _in_order_of_reading(self, values: Mapping[str, str], language: str) -> Mapping[str, str]:
        """Numbers and links, kept from being turned round: after Arabic letters a phone shows
        "1-888" as "888-1" unless a mark says that it reads from left to right (Unicode
        Standard Annex 9, rule W2)."""
        if not self.reads_from_right(language):
            return values
        return {
            name: f"{LEFT_TO_RIGHT}{value}" if value[:1].isascii() else value
            for name, value in values.items()
        }

    def shared(
        self, name: str, language: str | None, values: Mapping[str, str] | None = None
    ) -> str:
        return self.text(MessageRef(f"{SHARED}/{name}"), language, values=values)

    def title(self, topic: str, language: str | None) -> str:
        """How a topic is named in menus."""
        for code in (language or "", self.base):
            if wording := self.wording.get(topic, {}).get(code):
                return wording.title
            if (words := self.vocabulary.get(code)) and topic in words.titles:
                return words.titles[topic]
        raise MissingWording(topic)

    def answers_to(self, message: MessageRef, language: str | None) -> Mapping[str, AnswerWording]:
        """Answer key → label and accepted words of a question."""
        topic, _, name = message.partition("/")
        by_language = self.wording.get(topic, {})
        for code in (language, self.base):
            wording = by_language.get(code or "")
            if wording and name in wording.answers:
                return wording.answers[name]
        raise MissingWording(message)
