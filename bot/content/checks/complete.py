"""Nothing is missing and nothing is left over: messages, variants, answers, in every language."""

from __future__ import annotations

from collections.abc import Iterable

from bot.content.checks.subject import (
    ASKED_BY_THE_BOT,
    SPOKEN_BY_THE_BOT,
    Subject,
    ref_of,
)
from bot.content.page import nearest
from bot.content.yaml_file import Level, Problem
from bot.core.model import SHARED


def missing_files(subject: Subject) -> Iterable[Problem]:
    """Every topic is written in every language that is offered."""
    for topic, by_language in subject.content.wording.items():
        for code, language in subject.content.languages.items():
            if code not in by_language:
                yield Problem(
                    f"{subject.content.name}/{topic}/{code}.yaml",
                    0,
                    f"the topic '{topic}' is not written in {language.english_name}",
                    "translate en.yaml into this file",
                )


def messages_sent(subject: Subject) -> Iterable[Problem]:
    """A message that a step sends is declared (with its facts) and has English words."""
    for flow, step, ref in subject.uses():
        topic, _, name = ref.partition("/")
        there = subject.content.flows.get(topic)
        word = name if topic == flow.topic else ref
        if there is None or topic not in subject.content.wording:
            yield Problem(
                flow.file,
                step.at(ref),
                f"the message '{ref}' is sent here, but there is no folder '{topic}'",
                nearest(topic, subject.content.wording) or "make them agree",
            )
            continue
        english = subject.english(topic)
        if name not in english.messages:
            yield Problem(
                flow.file,
                step.at(word),
                f"the message '{word}' is sent here, but has no words in {english.file}",
                nearest(name, english.messages) or "write it there",
            )
        elif name not in there.messages:
            yield Problem(
                flow.file,
                step.at(word),
                f"the message '{word}' is sent here, but not declared"
                + (f" in {there.file}" if there is not flow else ""),
                f"add '{name}: {{facts: [...]}}' under 'messages:'",
            )


def messages_of_the_bot(subject: Subject) -> Iterable[Problem]:
    """What the program says by itself is written, and its answers too."""
    english = subject.english(SHARED)
    for name in SPOKEN_BY_THE_BOT:
        if name not in english.messages:
            yield Problem(
                english.file,
                0,
                f"the message '{name}' is missing; the bot needs it by itself",
                "write it under 'messages:'",
            )
    for name, keys in ASKED_BY_THE_BOT.items():
        for code in subject.content.languages:
            file = subject.wording(SHARED, code)
            if file is None or name not in file.messages:
                continue
            answers = file.answers.get(name)
            for key in keys:
                if answers is None or key not in answers.answers:
                    yield Problem(
                        file.file,
                        answers.line if answers else file.messages[name].line,
                        f"the answer '{key}' to '{name}' is missing; the bot needs it by itself",
                        f"write '{key}: {{label: ...}}' under 'answers:'",
                    )


def unused_messages(subject: Subject) -> Iterable[Problem]:
    """Words that nobody ever gets to read."""
    used = {ref for _, _, ref in subject.uses()}
    used |= {ref_of(SHARED, name) for name in SPOKEN_BY_THE_BOT}
    for topic, flow in subject.content.flows.items():
        english = subject.english(topic)
        for name, cited in flow.messages.items():
            if name not in english.messages:
                yield Problem(
                    flow.file,
                    cited.line,
                    f"the message '{name}' is declared here, but has no words in {english.file}",
                    nearest(name, english.messages) or "write it there, or remove this line",
                )
        for name, prose in english.messages.items():
            if name in flow.messages and ref_of(topic, name) not in used:
                yield Problem(
                    english.file,
                    prose.line,
                    f"no step sends the message '{name}'",
                    "send it in flow.yaml, or remove it",
                    Level.WARNING,
                )


def undeclared_messages(subject: Subject) -> Iterable[Problem]:
    """Every message says in flow.yaml which facts it states, if any."""
    sent = {ref for _, _, ref in subject.uses()}
    for topic, flow in subject.content.flows.items():
        english = subject.english(topic)
        for name, prose in english.messages.items():
            if name not in flow.messages and ref_of(topic, name) not in sent:
                yield Problem(
                    english.file,
                    prose.line,
                    f"the message '{name}' is not declared in {flow.file}",
                    f"add '{name}: {{facts: [...]}}' under 'messages:' there",
                )


def translations(subject: Subject) -> Iterable[Problem]:
    """A translation has the same messages and the same variants as the English wording."""
    for english, file in subject.translations():
        for name, prose in english.messages.items():
            theirs = file.messages.get(name)
            if theirs is None:
                yield Problem(
                    file.file,
                    0,
                    f"the message '{name}' is not translated",
                    f"translate line {prose.line} of {english.file}",
                )
            elif set(theirs.variants) != set(prose.variants):
                has = "two wordings (self, relative)" if "" in theirs.variants else "one wording"
                yield Problem(
                    file.file,
                    theirs.line,
                    f"the message '{name}' has {has} in English, but not here",
                    f"write it as on line {prose.line} of {english.file}",
                )
        for name, prose in file.messages.items():
            if name not in english.messages:
                yield Problem(
                    file.file,
                    prose.line,
                    f"the message '{name}' does not exist in English",
                    nearest(name, english.messages) or "remove it",
                )


CHECKS = (
    missing_files,
    messages_sent,
    messages_of_the_bot,
    unused_messages,
    undeclared_messages,
    translations,
)
