"""Topics: which questions lead to them, who keeps them, and what an urgent one must do."""

from __future__ import annotations

from collections.abc import Iterable

from bot.content.checks.numbers import has_phone
from bot.content.checks.subject import Subject
from bot.content.flow_file import FlowFile
from bot.content.load import BASE
from bot.content.page import meant
from bot.content.signatures import ATTORNEY, TRANSLATOR, changed_since, valid
from bot.content.signatures import FILE as SIGNATURES
from bot.content.yaml_file import Level, Problem
from bot.core.model import PERSON_TOPIC, SHARED, Urgency
from bot.core.script import EscalateStep, SayStep
from bot.core.turn import TALK

#: Intents that the program answers by itself (bot.core.turn.sure_topic).
ANSWERED_BY_THE_BOT = TALK | {"show_menu", "ask_to_explain", "change_language"}
MAX_TITLE = 32


def intents(subject: Subject) -> Iterable[Problem]:
    """Each intent is known and leads to one topic."""
    claimed: dict[str, str] = {}
    for flow in subject.content.topics.values():
        for intent in flow.intents:
            if subject.intents and intent.text not in subject.intents.names:
                yield Problem(
                    flow.file,
                    intent.line,
                    f"there is no intent '{intent}' in nlu_data/intents.yml",
                    meant(intent.text, subject.intents.names),
                )
            if intent.text in claimed:
                yield Problem(
                    flow.file,
                    intent.line,
                    f"the intent '{intent}' also leads to the topic '{claimed[intent.text]}'",
                    "let it lead to one of them",
                )
            claimed.setdefault(intent.text, flow.topic)
            urgent = subject.intents and intent.text in subject.intents.urgent
            if urgent and flow.urgency is not Urgency.URGENT:
                yield Problem(
                    flow.file,
                    intent.line,
                    f"the intent '{intent}' is urgent, but this topic is not",
                    "write urgency: urgent",
                )


def unanswered_intents(subject: Subject) -> Iterable[Problem]:
    """An intent without a topic needs a title, so that it can be named when a person is offered."""
    if subject.intents is None:
        return
    claimed = {i.text for flow in subject.content.topics.values() for i in flow.intents}
    for code, file in subject.content.wording[SHARED].items():
        titles = file.vocabulary.titles if file.vocabulary else {}
        line = file.vocabulary.line if file.vocabulary else 0
        language = subject.content.languages[code].english_name
        for intent in sorted(subject.intents.names - claimed - ANSWERED_BY_THE_BOT):
            if intent not in titles:
                yield Problem(
                    file.file,
                    line,
                    f"no topic answers the intent '{intent}', and it has no title in {language}",
                    "write a topic for it, or its name under vocabulary: titles:",
                )
        for intent, title in titles.items():
            if intent in claimed or intent not in subject.intents.names:
                yield Problem(
                    file.file,
                    title.line,
                    f"the title of '{intent}' is not used: "
                    + ("a topic answers it" if intent in claimed else "there is no such intent"),
                    "remove it",
                    Level.WARNING,
                )


def a_person(subject: Subject) -> Iterable[Problem]:
    """Asking for a person has to lead somewhere (the command and follow-ups name this topic)."""
    if PERSON_TOPIC not in subject.content.topics:
        yield Problem(
            f"{subject.content.name}/{PERSON_TOPIC}/flow.yaml",
            0,
            f"the topic '{PERSON_TOPIC}' is missing",
            "write it; everybody may ask for a person",
        )


def urgent_topics(subject: Subject) -> Iterable[Problem]:
    """Safety first: the first words of an urgent topic name a number to call, and a person is
    offered (design, rule 3 of a turn)."""
    for flow in subject.content.topics.values():
        if flow.urgency is not Urgency.URGENT:
            continue
        first = flow.steps.get(flow.start.text)
        if first is None:
            continue
        if not isinstance(first.step, SayStep):
            yield Problem(
                flow.file,
                first.line,
                "an urgent topic has to begin with safety information, not with a question",
                "let it start with a 'say' step",
            )
        else:
            for code, language in subject.content.languages.items():
                texts = [
                    text.text
                    for ref in first.step.messages
                    if (prose := subject.prose(ref, code))
                    for text in prose.variants.values()
                ]
                if texts and not any(has_phone(text) for text in texts):
                    yield Problem(
                        flow.file,
                        first.line,
                        f"the first words of this urgent topic name no number to call "
                        f"({language.english_name})",
                        "put one in, for example ((emergency.phone))",
                    )
        if not _reaches_a_person(subject, flow):
            yield Problem(
                flow.file,
                flow.line,
                "this urgent topic never offers an advocate",
                "add a step with 'escalate: urgent'",
            )


def _reaches_a_person(subject: Subject, flow: FlowFile) -> bool:
    seen: set[str] = set()
    waiting = [flow.topic]
    while waiting:
        topic = waiting.pop()
        if topic in seen or topic not in subject.content.topics:
            continue
        seen.add(topic)
        steps = subject.content.topics[topic].steps.values()
        if any(isinstance(step.step, EscalateStep) for step in steps):
            return True
        waiting += subject.leads_out(topic)
    return False


def titles(subject: Subject) -> Iterable[Problem]:
    """Titles stand in menus beside a number: short, and no two the same."""
    seen: dict[tuple[str, str], str] = {}
    for topic, by_language in subject.content.wording.items():
        for code, file in by_language.items():
            named = [(topic, file.title)] if file.title and topic != SHARED else []
            if file.vocabulary:
                named += list(file.vocabulary.titles.items())
            for name, title in named:
                if title is None:
                    continue
                if len(title.text) > MAX_TITLE:
                    yield Problem(
                        file.file,
                        title.line,
                        f"the title has {len(title.text)} characters: '{title}'",
                        f"use at most {MAX_TITLE}",
                    )
                same = seen.setdefault((code, title.text.casefold()), name)
                if same != name:
                    yield Problem(
                        file.file,
                        title.line,
                        f"the title '{title}' is also that of '{same}'",
                        "say how they differ",
                    )


def dates(subject: Subject) -> Iterable[Problem]:
    """`good_until` lies ahead; past it only stops a release."""
    level = Level.ERROR if subject.release else Level.WARNING
    for flow in subject.content.flows.values():
        if flow.last_day and flow.last_day < subject.today and flow.good_until:
            yield Problem(
                flow.file,
                flow.good_until.line,
                f"this was good until {flow.last_day}, which is over",
                "have it checked against the facts, then write a new day",
                level,
            )


def signatures(subject: Subject) -> Iterable[Problem]:
    """A release is signed: English by an attorney, each translation by a translator too. A
    signature that a change has outdated is told always."""
    content = subject.content
    for signature in content.signatures:
        if changed := changed_since(content, signature):
            yield Problem(
                f"{content.name}/{SIGNATURES}",
                0,
                f"{signature.by} signed '{signature.topic}' in '{signature.language}' on "
                f"{signature.on} as {signature.role}, but it has changed since: "
                + ", ".join(changed),
                "have it read again, then sign it again",
                Level.WARNING,
            )
    for topic, flow in content.flows.items() if subject.release else ():
        if valid(content, topic, BASE, ATTORNEY) is None:
            yield Problem(
                flow.file,
                flow.line,
                "this is a draft; no attorney has signed it",
                f"python -m bot sign-off {topic} --role attorney --language en --by INITIALS",
            )
        for code, file in content.wording[topic].items():
            if code != BASE and valid(content, topic, code, TRANSLATOR) is None:
                yield Problem(
                    file.file,
                    0,
                    "this is a draft; no translator has signed it",
                    f"python -m bot sign-off {topic} --role translator --language {code} "
                    "--by INITIALS",
                )


CHECKS = (intents, unanswered_intents, a_person, urgent_topics, titles, dates, signatures)
