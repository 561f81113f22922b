"""The content folder → the Library the bot works with, once at boot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.content.page import Page
from bot.content.schema import (
    FlowFile,
    LanguageEntry,
    Resource,
    WordingFile,
    flow_file,
    languages_file,
    resources_file,
    wording_file,
)
from bot.content.yaml_file import ContentError, Node, Problem, load
from bot.core.library import AnswerWording, Language, Library, Vocabulary, Wording
from bot.core.model import SHARED, Flow

BASE = "en"
T = TypeVar("T")


@dataclass(frozen=True)
class Content:
    """All files of the content folder, as their authors wrote them.

    Attributes:
        name: the folder's name, with which problems name a file.
        languages: code → entry, in the order of the menu.
        flows: topic → flow.yaml, "shared" among them.
        wording: topic → language → file, "shared" among them.
        resources: name → phone numbers and addresses.
    """

    name: str
    languages: Mapping[str, LanguageEntry]
    flows: Mapping[str, FlowFile]
    wording: Mapping[str, Mapping[str, WordingFile]]
    resources: Mapping[str, Resource]

    @property
    def shared(self) -> FlowFile:
        return self.flows[SHARED]

    @property
    def topics(self) -> Mapping[str, FlowFile]:
        """The flows that are walked."""
        return {topic: flow for topic, flow in self.flows.items() if topic != SHARED}


def load_library(folder: Path) -> Library:
    """Everything the bot can say, from the content folder (flows/).

    Raises ContentError with all problems that keep the content from being loaded; what is
    loadable but unwise is found by `bot.content.checks`.
    """
    return library(read_content(folder))


def read_content(folder: Path) -> Content:
    """All files of the folder. Raises ContentError with the problems of all of them."""
    name = folder.resolve().name
    problems: list[Problem] = []

    def read(parts: str, parser: Callable[[Page, Node], T]) -> T | None:
        page = Page(f"{name}/{parts}")
        try:
            result = parser(page, load(folder / parts, page.file))
        except ContentError as error:
            problems.extend(error.problems)
            return None
        problems.extend(page.problems)
        return result

    languages = read("languages.yaml", languages_file) or {}
    resources = read(f"{SHARED}/resources.yaml", resources_file) or {}
    flows: dict[str, FlowFile] = {}
    wording: dict[str, dict[str, WordingFile]] = {}
    for topic in [SHARED, *_topics(folder)]:
        flow = read(f"{topic}/flow.yaml", partial(flow_file, topic=topic))
        if flow is not None:
            flows[topic] = flow
        wording[topic] = {}
        for file in sorted((folder / topic).glob("*.yaml")):
            code = file.stem
            if code in ("flow", "resources"):
                continue
            if languages and code not in languages:
                problems.append(
                    Problem(
                        f"{name}/{topic}/{file.name}",
                        0,
                        f"'{code}' is not a language of {name}/languages.yaml",
                        "add it there, or remove this file",
                    )
                )
                continue
            words = read(f"{topic}/{file.name}", partial(wording_file, topic=topic, language=code))
            if words is not None:
                wording[topic][code] = words
        if not (folder / topic / f"{BASE}.yaml").is_file():
            problems.append(
                Problem(
                    f"{name}/{topic}/{BASE}.yaml",
                    0,
                    "this topic has no English wording",
                    "write this file first; translations are made from it",
                )
            )
    if languages and BASE not in languages:
        problems.append(
            Problem(f"{name}/languages.yaml", 0, "English is missing", f"add '{BASE}:'")
        )
    if problems:
        raise ContentError(problems)
    return Content(name, languages, flows, wording, resources)


def _topics(folder: Path) -> list[str]:
    """Folders with content, in the order of the alphabet."""
    if not folder.is_dir():
        return []
    return sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.is_dir() and entry.name != SHARED and any(entry.glob("*.yaml"))
    )


def library(content: Content) -> Library:
    """The same content as the bot uses it, frozen."""
    return Library(
        languages={code: _language(entry) for code, entry in content.languages.items()},
        flows={topic: _flow(flow) for topic, flow in content.topics.items()},
        wording={
            topic: {code: _wording(file) for code, file in by_language.items()}
            for topic, by_language in content.wording.items()
        },
        vocabulary={
            code: _vocabulary(file)
            for code in content.languages
            if (file := content.wording[SHARED].get(code)) is not None
        },
        menu=tuple(topic.text for topic in content.shared.menu),
        resources={
            f"{key}.{part}": text.text
            for key, resource in content.resources.items()
            for part, text in resource.values.items()
        },
        is_draft=not all(flow.review.is_done for flow in content.flows.values()),
        base=BASE,
        shared_facts=_facts(content.shared),
    )


def _language(entry: LanguageEntry) -> Language:
    return Language(
        code=entry.code,
        name=entry.name,
        english_name=entry.english_name,
        direction=entry.direction,
        script=entry.script,
        max_segments=entry.max_segments,
        words=frozenset(word.text for word in entry.words),
        aliases=frozenset(alias.text for alias in entry.aliases),
    )


def _facts(flow: FlowFile) -> dict[str, tuple[str, ...]]:
    return {name: tuple(fact.text for fact in cited.facts) for name, cited in flow.messages.items()}


def _flow(flow: FlowFile) -> Flow:
    return Flow(
        topic=flow.topic,
        intents=tuple(intent.text for intent in flow.intents),
        start=flow.start.text,
        steps={name: step.step for name, step in flow.steps.items()},
        facts=_facts(flow),
        urgency=flow.urgency,
        owner=flow.owner,
        reviewed=flow.review.is_done,
        good_until=(
            datetime.combine(flow.last_day, time.max, UTC) if flow.last_day is not None else None
        ),
    )


def _wording(file: WordingFile) -> Wording:
    return Wording(
        language=file.language,
        title=file.title.text if file.title is not None else "",
        messages={
            name: {variant: text.text for variant, text in prose.variants.items()}
            for name, prose in file.messages.items()
        },
        answers={
            name: {
                key: AnswerWording(words.label.text, tuple(word.text for word in words.words))
                for key, words in answers.answers.items()
            }
            for name, answers in file.answers.items()
        },
        keywords=tuple(keyword.text for keyword in file.keywords),
        sources={name: mark.text for name, mark in file.made_from.items()},
    )


def _vocabulary(file: WordingFile) -> Vocabulary:
    words = file.vocabulary
    if words is None:
        return Vocabulary({}, {}, (), (), ())
    return Vocabulary(
        commands={name: tuple(p.text for p in found) for name, found in words.commands.items()},
        emergency={name: tuple(p.text for p in found) for name, found in words.emergency.items()},
        yes=tuple(word.text for word in words.yes),
        no=tuple(word.text for word in words.no),
        relatives=tuple(word.text for word in words.relatives),
        titles={name: title.text for name, title in words.titles.items()},
    )
