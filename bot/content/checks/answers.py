"""Answers to questions: each has a label in every language, and can be chosen."""

from __future__ import annotations

from collections.abc import Iterable

from bot.content.checks.subject import ASKED_BY_THE_BOT, Subject, ref_of
from bot.content.load import BASE
from bot.content.page import nearest
from bot.content.wording_file import WordingFile
from bot.content.yaml_file import Level, Problem
from bot.core.compare import number, plain
from bot.core.model import SHARED, MessageRef

#: Commands that are obeyed even where an answer of the same words is open (bot.core.turn).
BEFORE_ANSWERS = frozenset({"delete", "language", "stop"})


def labels(subject: Subject) -> Iterable[Problem]:
    """Each answer of a question has a label, in every language, and each label an answer."""
    wanted: dict[MessageRef, set[str]] = {
        ref_of(SHARED, name): set(keys) for name, keys in ASKED_BY_THE_BOT.items()
    }
    for flow, step, ask in subject.asks():
        known = wanted.setdefault(ask.message, set())
        known.update(ask.answers)
        topic, _, name = ask.message.partition("/")
        for code in subject.content.languages:
            file = subject.wording(topic, code)
            if file is None or (code != BASE and name not in file.messages):
                continue
            written = file.answers.get(name)
            if written is None:
                yield Problem(
                    file.file,
                    file.messages[name].line if name in file.messages else 0,
                    f"the question '{name}' has no answers here",
                    f"write the labels of {', '.join(ask.answers)} under 'answers: {name}:'",
                )
                continue
            for key in ask.answers:
                if key not in written.answers:
                    yield Problem(
                        file.file,
                        written.line,
                        f"the answer '{key}' to '{name}' has no label "
                        f"({flow.file}, line {step.at(key)})",
                        nearest(key, written.answers) or f"write '{key}: {{label: ...}}'",
                    )
    for by_language in subject.content.wording.values():
        for file in by_language.values():
            yield from _left_over_answers(file, wanted)


def _left_over_answers(file: WordingFile, wanted: dict[MessageRef, set[str]]) -> Iterable[Problem]:
    for name, written in file.answers.items():
        asked = wanted.get(ref_of(file.topic, name))
        if asked is None:
            yield Problem(
                file.file,
                written.line,
                f"there are answers to '{name}', but no step asks it",
                "ask it in flow.yaml, or remove them",
            )
            continue
        for key, words in written.answers.items():
            if key not in asked:
                yield Problem(
                    file.file,
                    words.line,
                    f"no step expects the answer '{key}' to '{name}'",
                    nearest(key, asked) or "remove it",
                )


def same_answers_twice(subject: Subject) -> Iterable[Problem]:
    """Two answers to a question cannot be chosen by the same word."""
    for by_language in subject.content.wording.values():
        for file in by_language.values():
            for name, written in file.answers.items():
                seen: dict[str, str] = {}
                for key, words in written.answers.items():
                    for text in (words.label, *words.words):
                        other = seen.setdefault(plain(text.text), key)
                        if other != key:
                            yield Problem(
                                file.file,
                                text.line,
                                f"'{text}' means both '{other}' and '{key}' as an answer to "
                                f"'{name}'",
                                "let it mean one of them",
                            )


def answers_never_heard(subject: Subject) -> Iterable[Problem]:
    """Numbers choose by place, and some commands go before answers."""
    for by_language in subject.content.wording.values():
        for code, file in by_language.items():
            commands = _commands(subject, code)
            for name, written in file.answers.items():
                for key, words in written.answers.items():
                    for text in (words.label, *words.words):
                        command = commands.get(plain(text.text), key)
                        if number(text.text) is not None:
                            yield Problem(
                                file.file,
                                text.line,
                                f"the answer '{key}' to '{name}' is the number '{text}', but a "
                                "number always chooses by its place in the list",
                                "use a word; the bot adds the numbers",
                            )
                        elif command in BEFORE_ANSWERS and command != key:
                            yield Problem(
                                file.file,
                                text.line,
                                f"whoever answers '{text}' to the question '{name}' gets the "
                                f"command '{command}', not the answer '{key}'",
                                "use another word, or let it be if that does the same",
                                Level.WARNING,
                            )


def _commands(subject: Subject, code: str) -> dict[str, str]:
    """Phrase → command, as bot.core.replies compares them."""
    shared = subject.wording(SHARED, code)
    vocabulary = shared.vocabulary if shared else None
    return {
        plain(phrase.text): command
        for command, phrases in (vocabulary.commands if vocabulary else {}).items()
        for phrase in phrases
    }


def yes_and_no(subject: Subject) -> Iterable[Problem]:
    """Who can say yes can say no."""
    for flow, step, ask in subject.asks():
        for key, other in (("yes", "no"), ("no", "yes")):
            if key in ask.answers and other not in ask.answers:
                yield Problem(
                    flow.file,
                    step.at(key),
                    f"the question '{ask.message.partition('/')[2]}' can be answered '{key}' "
                    f"but not '{other}'",
                    f"add '{other}' to its answers",
                )


CHECKS = (
    labels,
    same_answers_twice,
    answers_never_heard,
    yes_and_no,
)
