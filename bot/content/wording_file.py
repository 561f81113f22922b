"""<language>.yaml: the words of a topic in one language, without shape (flows/README.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.page import Page
from bot.content.yaml_file import Entries, Node, Text
from bot.core.model import SHARED
from bot.core.replies import Command

VARIANTS = ("self", "relative")
_KEYS = ("title", "keywords", "messages", "answers", "made_from")
_SHARED_KEYS = ("messages", "answers", "made_from", "vocabulary")
_VOCABULARY_NEEDS = ("commands", "yes", "no")
_VOCABULARY_KEYS = (*_VOCABULARY_NEEDS, "emergency", "relatives", "titles")


@dataclass(frozen=True)
class Prose:
    """One message: its variants ("" or "self" and "relative") and the line it begins on."""

    variants: Mapping[str, Text]
    line: int


@dataclass(frozen=True)
class AnswerWords:
    label: Text
    words: tuple[Text, ...]
    line: int


@dataclass(frozen=True)
class AnswerSet:
    """The answers to one question, by key."""

    answers: Mapping[str, AnswerWords]
    line: int


@dataclass(frozen=True)
class VocabularyWords:
    """The words with which people steer the bot."""

    commands: Mapping[str, tuple[Text, ...]]
    emergency: Mapping[str, tuple[Text, ...]]
    yes: tuple[Text, ...]
    no: tuple[Text, ...]
    relatives: tuple[Text, ...]
    titles: Mapping[str, Text]
    emergency_lines: Mapping[str, int]
    line: int


@dataclass(frozen=True)
class WordingFile:
    """flows/<topic>/<language>.yaml. Only flows/shared/<language>.yaml has a vocabulary."""

    file: str
    topic: str
    language: str
    title: Text | None
    keywords: tuple[Text, ...]
    messages: Mapping[str, Prose]
    answers: Mapping[str, AnswerSet]
    made_from: Mapping[str, Text]
    vocabulary: VocabularyWords | None = None


def parse_wording(page: Page, root: Node, topic: str, language: str) -> WordingFile:
    """The words of one topic, or of shared, in one language."""
    shared = topic == SHARED
    top = page.entries(
        root,
        "this file",
        _SHARED_KEYS if shared else _KEYS,
        ("messages", "vocabulary") if shared else ("title", "messages"),
    )
    get = top.entries.get
    made_from = page.entries(get("made_from"), "'made_from'")
    return WordingFile(
        file=page.file,
        topic=topic,
        language=language,
        title=page.text(get("title"), "'title'"),
        keywords=page.texts(get("keywords"), "'keywords'"),
        messages={
            name: _prose(page, node, name, line)
            for name, node, line in page.entries(get("messages"), "'messages'").rows()
        },
        answers={
            name: _answer_set(page, node, name, line)
            for name, node, line in page.entries(get("answers"), "'answers'").rows()
        },
        made_from={
            key: mark
            for key, node in made_from
            if (mark := page.text(node, f"the fingerprint of '{key}'")) is not None
        },
        vocabulary=_vocabulary(page, get("vocabulary")) if "vocabulary" in top.entries else None,
    )


def _prose(page: Page, node: Node, name: str, line: int) -> Prose:
    what = f"message '{name}'"
    if not isinstance(node, Entries):
        text = page.text(node, what)
        return Prose({"": text} if text else {}, line)
    top = page.entries(node, what, VARIANTS, VARIANTS)
    variants = {key: page.text(value, f"'{key}' of {what}") for key, value in top}
    return Prose({key: text for key, text in variants.items() if text is not None}, line)


def _answer_set(page: Page, node: Node, name: str, line: int) -> AnswerSet:
    answers: dict[str, AnswerWords] = {}
    for key, value, at in page.entries(node, f"'answers' to '{name}'").rows():
        what = f"answer '{key}' to '{name}'"
        top = page.entries(value, what, ("label", "words"), ("label",))
        label = page.text(top.entries.get("label"), f"the label of {what}")
        words = page.texts(top.entries.get("words"), f"'words' of {what}")
        if label is not None:
            answers[key] = AnswerWords(label, words, at)
    return AnswerSet(answers, line)


def _vocabulary(page: Page, node: Node | None) -> VocabularyWords:
    top = page.entries(node, "'vocabulary'", _VOCABULARY_KEYS, _VOCABULARY_NEEDS)
    get = top.entries.get
    known = [command.value for command in Command]
    commands = page.entries(get("commands"), "'commands'", known)
    emergency = page.entries(get("emergency"), "'emergency'")
    titles = page.entries(get("titles"), "'titles'")
    return VocabularyWords(
        commands={
            k: page.texts(v, f"the phrases of command '{k}'", filled=True) for k, v in commands
        },
        emergency={
            k: page.texts(v, f"the phrases of emergency '{k}'", filled=True) for k, v in emergency
        },
        yes=page.texts(get("yes"), "'yes'", filled=True),
        no=page.texts(get("no"), "'no'", filled=True),
        relatives=page.texts(get("relatives"), "'relatives'"),
        titles={
            key: title
            for key, value in titles
            if (title := page.text(value, f"the title of '{key}'")) is not None
        },
        emergency_lines=emergency.lines,
        line=top.line,
    )
