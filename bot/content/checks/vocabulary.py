"""Words that steer: no phrase means two things, and every language has them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.content.checks.subject import Subject
from bot.content.load import BASE
from bot.content.page import meant
from bot.content.wording_file import VocabularyWords, WordingFile
from bot.content.yaml_file import Level, Problem, Text
from bot.core.compare import Spoken, contains, plain, words
from bot.core.model import SHARED, Urgency
from bot.core.replies import Command


def _vocabularies(subject: Subject) -> Iterable[tuple[str, WordingFile, VocabularyWords]]:
    for code, file in subject.content.wording[SHARED].items():
        if file.vocabulary:
            yield code, file, file.vocabulary


def _whole_messages(vocabulary: VocabularyWords) -> Iterable[tuple[str, Text]]:
    """What a whole message may mean, with its phrases."""
    for command, phrases in vocabulary.commands.items():
        for phrase in phrases:
            yield f"the command '{command}'", phrase
    for meaning, replies in (("'yes'", vocabulary.yes), ("'no'", vocabulary.no)):
        for reply in replies:
            yield meaning, reply


def two_meanings(subject: Subject) -> Iterable[Problem]:
    """A phrase means the same wherever it is understood.

    Commands are understood in every language at once; yes and no in the person's language
    and in English (bot.core.replies).
    """
    commands: dict[str, tuple[str, str]] = {}
    english: dict[str, str] = {}
    for code, _, vocabulary in _vocabularies(subject):
        if code == BASE:
            english = {plain(p.text): m for m, p in _whole_messages(vocabulary)}
    for code, file, vocabulary in _vocabularies(subject):
        own: dict[str, str] = {}
        for meaning, phrase in _whole_messages(vocabulary):
            said = plain(phrase.text)
            if not said:
                yield Problem(
                    file.file, phrase.line, f"'{phrase}' has no letters", "write a word or more"
                )
                continue
            other = own.setdefault(said, meaning)
            if other != meaning:
                yield Problem(
                    file.file,
                    phrase.line,
                    f"'{phrase}' means both {other} and {meaning}",
                    "let it mean one of them",
                )
                continue
            if meaning.startswith("the command"):
                first_code, first = commands.setdefault(said, (code, meaning))
            else:
                first_code, first = BASE, english.get(said, meaning)
            if first != meaning and first_code != code:
                yield Problem(
                    file.file,
                    phrase.line,
                    f"'{phrase}' means {meaning} here, but {first} in "
                    f"{subject.content.languages[first_code].english_name}",
                    "use a phrase that cannot be confused",
                )


def complete(subject: Subject) -> Iterable[Problem]:
    """English has every command; every language has the commands and words that English has."""
    file = subject.english(SHARED)
    english = file.vocabulary
    if english is None:
        return
    for command in Command:
        if not english.commands.get(command.value):
            yield Problem(
                file.file,
                english.line,
                f"the command '{command.value}' has no phrases",
                f"write them under commands: '{command.value}: [...]'",
            )
    for code, file, vocabulary in _vocabularies(subject):
        if code == BASE:
            continue
        language = subject.content.languages[code].english_name
        for what, base, mine in (
            ("the command", english.commands, vocabulary.commands),
            ("the emergency", english.emergency, vocabulary.emergency),
        ):
            for name, phrases in base.items():
                if phrases and not mine.get(name):
                    yield Problem(
                        file.file,
                        vocabulary.line,
                        f"{what} '{name}' has no phrases in {language}",
                        "write how people would say it",
                    )
        for name, of_english, own in (
            ("yes", english.yes, vocabulary.yes),
            ("no", english.no, vocabulary.no),
            ("relatives", english.relatives, vocabulary.relatives),
        ):
            if of_english and not own:
                yield Problem(
                    file.file,
                    vocabulary.line,
                    f"'{name}' has no words in {language}",
                    "write how people would say it",
                )


def emergencies(subject: Subject) -> Iterable[Problem]:
    """Words of emergency lead to an urgent topic and are not ordinary words of another one."""
    urgent = {
        intent.text: flow.topic
        for flow in subject.content.topics.values()
        if flow.urgency is Urgency.URGENT
        for intent in flow.intents
    }
    ordinary = [
        (file, keyword)
        for topic, by_language in subject.content.wording.items()
        if topic != SHARED and topic not in urgent.values()
        for file in by_language.values()
        for keyword in file.keywords
    ]
    # nearly no phrase is in any keyword, so all are searched at once before each is
    all_ordinary = Spoken(" . ".join(keyword.text for _, keyword in ordinary))
    english = subject.english(SHARED)
    if english.vocabulary:
        for intent in urgent:
            if not english.vocabulary.emergency.get(intent):
                yield Problem(
                    english.file,
                    english.vocabulary.line,
                    f"the urgent question '{intent}' has no words of emergency",
                    f"write under emergency: '{intent}: [...]' how people cry for help",
                )
    seen: dict[str, str] = {}
    for _, file, vocabulary in _vocabularies(subject):
        for intent, phrases in vocabulary.emergency.items():
            if intent not in urgent:
                yield Problem(
                    file.file,
                    vocabulary.emergency_lines[intent],
                    f"the emergency '{intent}' is not an intent of an urgent topic",
                    meant(intent, urgent),
                )
            for phrase in phrases:
                said = plain(phrase.text)
                if seen.setdefault(said, intent) != intent:
                    yield Problem(
                        file.file,
                        phrase.line,
                        f"'{phrase}' stands for two emergencies: '{seen[said]}' and '{intent}'",
                        "let it stand for one",
                    )
                for other, keyword in ordinary if all_ordinary.has(phrase.text) else ():
                    if contains(keyword.text, phrase.text):
                        yield Problem(
                            file.file,
                            phrase.line,
                            f"the emergency '{phrase}' is also in the keyword '{keyword}' "
                            f"({other.file}, line {keyword.line})",
                            "use a longer phrase here, or remove the keyword there",
                        )


def keywords(subject: Subject) -> Iterable[Problem]:
    """A topic is found by its keywords when the language model is down."""
    for topic, by_language in subject.content.wording.items():
        flow = subject.content.topics.get(topic)
        for file in by_language.values():
            if flow and flow.intents and not file.keywords:
                yield Problem(
                    file.file,
                    0,
                    "this topic has no keywords; it is not found when the language model is down",
                    "add 'keywords: [...]'",
                    Level.WARNING,
                )
            for keyword in file.keywords:
                if not words(keyword.text):
                    yield Problem(
                        file.file, keyword.line, f"the keyword '{keyword}' has no letters"
                    )
    for code in subject.content.languages:
        seen: dict[str, str] = {}
        for topic, by_language in subject.content.wording.items():
            for keyword in by_language[code].keywords if code in by_language else ():
                other = seen.setdefault(plain(keyword.text), topic)
                if other != topic:
                    yield Problem(
                        by_language[code].file,
                        keyword.line,
                        f"the keyword '{keyword}' also leads to the topic '{other}'",
                        "keep it where it helps most",
                        Level.WARNING,
                    )


CHECKS = (two_meanings, complete, emergencies, keywords)
