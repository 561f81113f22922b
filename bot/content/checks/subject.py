"""What the checks look at: the content, the library made of it, and what it must agree with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from bot.content.fact_sheet import Fact, named
from bot.content.flow_file import FlowFile
from bot.content.flow_steps import FlowStep
from bot.content.load import BASE, Content, library
from bot.content.page import Page
from bot.content.wording_file import AnswerSet, Prose, WordingFile
from bot.content.yaml_file import ContentError, Level, Problem, Text, load
from bot.core.library import Library
from bot.core.model import MessageRef
from bot.core.script import AskStep, DayStep, GoStep, ListStep, SayStep, Step

#: Messages of shared that the program sends by itself → what it fills in. A test holds this
#: against the program.
SPOKEN_BY_THE_BOT: Mapping[str, tuple[str, ...]] = {
    "advocate_closed": (),
    "advocate_here": (),
    "answer_with_number": (),
    "back_in_line": (),
    "choose_number": ("count",),
    "day_not_known": (),
    "details_hidden": (),
    "did_you_mean": (),
    "draft_notice": (),
    "empty_text": (),
    "escalated_misunderstood": (),
    "expired_topic": (),
    "failure": (),
    "fallback": (),
    "follow_up": (),
    "forgotten": (),
    "goodbye": (),
    "greeting": (),
    "language_changed": (),
    "language_not_offered": (),
    "languages": (),
    "last_day_not_worked": (),
    "left_line": (),
    "media_not_read": (),
    "menu": (),
    "no_script": ("title",),
    "not_understood": (),
    "not_verified": (),
    "nothing_to_repeat": (),
    "offer_person": (),
    "out_of_scope": (),
    "resumed": (),
    "slow_down": (),
    "something_else": (),
    "source_age": (),
    "source_general": (),
    "source_government": (),
    "source_heading": (),
    "source_none": (),
    "source_other": (),
    "source_undated": (),
    "still_waiting": (),
    "stopped": (),
    "thanks": (),
    "waiting_absent": (),
    "waiting_present": (),
    "write_the_day": (),
}
#: Answers of shared messages that the program asks by itself.
ASKED_BY_THE_BOT: Mapping[str, tuple[str, ...]] = {"offer_person": ("person", "menu")}


@dataclass(frozen=True)
class Intents:
    """The taxonomy of nlu_data/intents.yml."""

    names: frozenset[str]
    urgent: frozenset[str]


@dataclass(frozen=True)
class Said:
    """One variant of one message in one language."""

    file: str
    topic: str
    name: str
    language: str
    variant: str
    text: str
    line: int

    @property
    def ref(self) -> MessageRef:
        return MessageRef(f"{self.topic}/{self.name}")

    @property
    def called(self) -> str:
        """How problems name it."""
        return f"message '{self.name}'" + (f" ({self.variant})" if self.variant else "")

    def problem(self, message: str, remedy: str = "", level: Level = Level.ERROR) -> Problem:
        return Problem(self.file, self.line, f"{self.called} {message}", remedy, level)


@dataclass(frozen=True)
class Subject:
    """Everything a check may look at.

    Attributes:
        facts: by number; None when there is no fact sheet.
        intents: None when there is no taxonomy.
        release: stricter: what is meant to be served.
        directory: the fact sheet as it is written, with the numbers and links it has seen.
    """

    content: Content
    facts: Mapping[str, Fact] | None
    intents: Intents | None
    today: date
    release: bool = False
    directory: str | None = None

    @cached_property
    def library(self) -> Library:
        return library(self.content)

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """Every variant of every message, in every language."""
        return tuple(
            Said(file.file, topic, name, code, variant, text.text, text.line)
            for topic, by_language in self.content.wording.items()
            for code, file in by_language.items()
            for name, prose in file.messages.items()
            for variant, text in prose.variants.items()
        )

    def steps(self) -> Iterator[tuple[FlowFile, str, FlowStep]]:
        for flow in self.content.topics.values():
            for name, step in flow.steps.items():
                yield flow, name, step

    def asks(self) -> Iterator[tuple[FlowFile, FlowStep, AskStep]]:
        for flow, _, step in self.steps():
            if isinstance(step.step, AskStep):
                yield flow, step, step.step

    @cached_property
    def steps_of(self) -> Mapping[MessageRef, tuple[Step, ...]]:
        """The steps that show choices or a list under a message."""
        found: dict[MessageRef, list[Step]] = {}
        for _, _, step in self.steps():
            if isinstance(step.step, AskStep | DayStep | ListStep):
                found.setdefault(step.step.message, []).append(step.step)
        return {ref: tuple(steps) for ref, steps in found.items()}

    def uses(self) -> Iterator[tuple[FlowFile, FlowStep, MessageRef]]:
        """Every message that a step sends or asks."""
        for flow, _, step in self.steps():
            if isinstance(step.step, SayStep):
                for ref in step.step.messages:
                    yield flow, step, ref
            elif isinstance(step.step, AskStep | ListStep):
                yield flow, step, step.step.message
            elif isinstance(step.step, DayStep):
                for ref in (step.step.message, step.step.counted, step.step.passed):
                    yield flow, step, ref

    @cached_property
    def with_days(self) -> frozenset[MessageRef]:
        """Messages into which the program fills a day and the last day of its time limit."""
        return frozenset(
            ref
            for _, _, step in self.steps()
            if isinstance(step.step, DayStep)
            for ref in (step.step.counted, step.step.passed)
        )

    def prose(self, ref: MessageRef, language: str) -> Prose | None:
        topic, _, name = ref.partition("/")
        file = self.wording(topic, language)
        return file.messages.get(name) if file else None

    def answer_set(self, ref: MessageRef, language: str) -> AnswerSet | None:
        topic, _, name = ref.partition("/")
        file = self.wording(topic, language)
        return file.answers.get(name) if file else None

    def wording(self, topic: str, language: str) -> WordingFile | None:
        return self.content.wording.get(topic, {}).get(language)

    def english(self, topic: str) -> WordingFile:
        """Loading has made sure that it exists."""
        return self.content.wording[topic][BASE]

    def translations(self) -> Iterator[tuple[WordingFile, WordingFile]]:
        """(English, translation) of every topic."""
        for by_language in self.content.wording.values():
            for code, file in by_language.items():
                if code != BASE and BASE in by_language:
                    yield by_language[BASE], file

    def leads_out(self, topic: str) -> Iterator[str]:
        """Topics that a topic goes on with."""
        flow = self.content.topics.get(topic)
        for step in flow.steps.values() if flow else ():
            if isinstance(step.step, GoStep):
                yield step.step.topic


Check = Callable[[Subject], Iterable[Problem]]


def ref_of(topic: str, name: str) -> MessageRef:
    return MessageRef(f"{topic}/{name}")


def read_intents(taxonomy: Path) -> Intents | None:
    """The intents, from nlu_data/intents.yml; None without the file.

    Raises ContentError when it cannot be read.
    """
    if not taxonomy.is_file():
        return None
    page = Page(named(taxonomy))
    top = page.entries(load(taxonomy, page.file), "this file", needs=("intents",))
    found = {
        name: page.entries(node, f"intent '{name}'").entries
        for name, node in page.entries(top.entries.get("intents"), "'intents'")
    }

    urgent = frozenset(
        name
        for name, entry in found.items()
        if isinstance(said := entry.get("urgent"), Text) and said.text == "true"
    )
    if page.problems:
        raise ContentError(page.problems)
    return Intents(frozenset(found), urgent)
