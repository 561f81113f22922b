"""The content folder → the Library the bot works with, once at boot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.content.fact_sheet import read_sources
from bot.content.flow_file import FlowFile, parse_flow
from bot.content.page import Page, nearest
from bot.content.places import (
    PLACEHOLDER_FIELDS,
    LanguageEntry,
    ResourceEntry,
    Term,
    parse_glossary,
    parse_languages,
    parse_resources,
)
from bot.content.signatures import ATTORNEY, Signature, is_signed, read_signatures, valid
from bot.content.signatures import FILE as SIGNATURES
from bot.content.wording_file import WordingFile, parse_wording
from bot.content.yaml_file import ContentError, Node, Problem, load
from bot.core.compare import words
from bot.core.library import (
    AnswerWording,
    Language,
    Library,
    Resource,
    Source,
    Vocabulary,
    Wording,
)
from bot.core.model import SHARED
from bot.core.script import Flow

BASE = "en"
GLOSSARY = "glossary.yaml"
#: Files beside the wording that are named after no language.
NO_LANGUAGES = ("flow", "resources")
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
        signatures: who has signed what, of today or outdated.
        glossary: words that have to be the same everywhere in a language.
    """

    name: str
    languages: Mapping[str, LanguageEntry]
    flows: Mapping[str, FlowFile]
    wording: Mapping[str, Mapping[str, WordingFile]]
    resources: Mapping[str, ResourceEntry]
    signatures: tuple[Signature, ...] = ()
    glossary: Mapping[str, Term] = field(default_factory=dict)

    @property
    def shared(self) -> FlowFile:
        return self.flows[SHARED]

    @property
    def topics(self) -> Mapping[str, FlowFile]:
        """The flows that are walked."""
        return {topic: flow for topic, flow in self.flows.items() if topic != SHARED}


def load_library(folder: Path, facts: Path | None = None) -> Library:
    """Everything the bot can say, from the content folder (flows/) and the fact sheet.

    Raises ContentError with all problems that keep the content from being loaded; what is
    loadable but unwise is found by `bot.content.checks`.
    """
    return library(read_content(folder), read_sources(facts) if facts else {})


def read_content(folder: Path) -> Content:
    """All files of the folder. Raises ContentError with the problems of all of them."""
    reader = _Reader(folder, folder.resolve().name)
    languages = reader.read("languages.yaml", parse_languages)
    resources = reader.read(f"{SHARED}/resources.yaml", parse_resources) or {}
    if languages is not None and BASE not in languages:
        reader.note("languages.yaml", "English is missing", f"add '{BASE}:' with its name")
    flows: dict[str, FlowFile] = {}
    wording: dict[str, dict[str, WordingFile]] = {}
    for topic in [SHARED, *_topics(folder)]:
        flow = reader.read(f"{topic}/flow.yaml", partial(parse_flow, topic=topic))
        if flow is not None:
            flows[topic] = flow
        wording[topic] = _wording_of(reader, topic, languages)
    signed = (folder / SIGNATURES).is_file()
    signatures = reader.read(SIGNATURES, read_signatures) if signed else ()
    has_terms = (folder / GLOSSARY).is_file()
    glossary = reader.read(GLOSSARY, parse_glossary) if has_terms else {}
    if reader.problems:
        raise ContentError(reader.problems)
    return Content(
        reader.name, languages or {}, flows, wording, resources, signatures or (), glossary or {}
    )


@dataclass
class _Reader:
    """Reads file after file and keeps the problems of all."""

    folder: Path
    name: str
    problems: list[Problem] = field(default_factory=list)

    def note(self, file: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(f"{self.name}/{file}", 0, message, remedy))

    def read(self, file: str, parser: Callable[[Page, Node], T]) -> T | None:
        """What the parser makes of a file; None when it is no YAML."""
        page = Page(f"{self.name}/{file}")
        try:
            result = parser(page, load(self.folder / file, page.file))
        except ContentError as error:
            self.problems.extend(error.problems)
            return None
        self.problems.extend(page.problems)
        return result


def _wording_of(
    reader: _Reader, topic: str, languages: Mapping[str, LanguageEntry] | None
) -> dict[str, WordingFile]:
    """The wording of one topic by language; `languages` is None when they could not be read."""
    found: dict[str, WordingFile] = {}
    for path in sorted((reader.folder / topic).glob("*.yaml")):
        code, file = path.stem, f"{topic}/{path.name}"
        if code in NO_LANGUAGES:
            continue
        if languages is not None and code not in languages and code != BASE:
            reader.note(
                file,
                f"'{code}' is not a language of {reader.name}/languages.yaml",
                nearest(code, languages) or "add it there, or remove this file",
            )
            continue
        words = reader.read(file, partial(parse_wording, topic=topic, language=code))
        if words is not None:
            found[code] = words
    if not (reader.folder / topic / f"{BASE}.yaml").is_file():
        reader.note(
            f"{topic}/{BASE}.yaml",
            "this topic has no English wording",
            "write this file first; translations are made from it",
        )
    return found


def _topics(folder: Path) -> list[str]:
    """Folders with content, in the order of the alphabet."""
    if not folder.is_dir():
        return []
    return sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.is_dir() and entry.name != SHARED and any(entry.glob("*.yaml"))
    )


def library(content: Content, sources: Mapping[str, tuple[Source, ...]] | None = None) -> Library:
    """The same content as the bot uses it, frozen; `sources` by fact number."""
    return Library(
        languages={code: _language(entry) for code, entry in content.languages.items()},
        flows={topic: _flow(content, flow) for topic, flow in content.topics.items()},
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
        is_draft=not all(
            is_signed(content, topic, code, BASE)
            for topic in content.flows
            for code in content.languages
        ),
        base=BASE,
        shared_facts=_facts(content.shared),
        listed=tuple(_resource(key, entry) for key, entry in content.resources.items()),
        sources=sources or {},
    )


def _language(entry: LanguageEntry) -> Language:
    return Language(
        code=entry.code,
        name=entry.name,
        english_name=entry.english_name,
        direction=entry.direction,
        script=entry.script,
        max_segments=entry.max_segments,
        words=frozenset(part for word in entry.words for part in words(word.text)),
        aliases=frozenset(alias.text for alias in entry.aliases),
    )


def _resource(key: str, entry: ResourceEntry) -> Resource:
    reach = (entry.values[part].text for part in PLACEHOLDER_FIELDS if part in entry.values)
    return Resource(
        key=key,
        reach=next(reach, ""),
        names={code: name.text for code, name in entry.names.items()},
        hours={code: hours.text for code, hours in entry.hours.items()},
        needs=frozenset(need.text for need in entry.needs),
        places=frozenset(place.text for place in entry.places),
        languages=frozenset(code.text for code in entry.languages),
        verified=entry.verified_on is not None,
    )


def _facts(flow: FlowFile) -> dict[str, tuple[str, ...]]:
    return {name: tuple(fact.text for fact in cited.facts) for name, cited in flow.messages.items()}


def _flow(content: Content, flow: FlowFile) -> Flow:
    return Flow(
        topic=flow.topic,
        intents=tuple(intent.text for intent in flow.intents),
        start=flow.start.text,
        steps={name: step.step for name, step in flow.steps.items()},
        facts=_facts(flow),
        urgency=flow.urgency,
        owner=flow.owner,
        reviewed=valid(content, flow.topic, BASE, ATTORNEY) is not None,
        starts={intent: step.text for intent, step in flow.starts.items()},
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
