"""Walks every way through every topic with the bot itself, in every language and channel.

The other checks read what authors wrote; this one does what people do: it answers every question in
every possible way until nothing is left to answer, and tries from every question whether the
words for a person, the languages, the menu, deletion and stopping are obeyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.core import flow
from bot.core.library import ABOUT, Library, MissingWording
from bot.core.model import Channel, Conversation, Forget, Kind, Moment, Outcome, Question, Status
from bot.core.replies import Command
from bot.core.script import AskStep, DayStep
from bot.core.turn import take_turn
from bot.core.wording import MissingValue

#: Days that somebody may name: one whose time limit runs, one whose limit is over.
RECENT, LONG_AGO = timedelta(days=1), timedelta(days=4000)
ALWAYS_OBEYED = (
    Command.PERSON,
    Command.LANGUAGE,
    Command.MENU,
    Command.DELETE,
    Command.STOP,
)
ABOUTS = ("self", "relative")


@dataclass
class Walked:
    """How much was walked, and what went wrong, worded for an author."""

    ways: int = 0
    questions: int = 0
    commands: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """One line for the end of `check --walk`."""
        return (
            f"{self.ways} ways walked (topics x languages x self/relative x channels), "
            f"{self.questions} questions with {self.commands} commands tried: "
            f"{len(self.failures)} failures."
        )


@dataclass(frozen=True)
class _Place:
    """Where a walk is: what a failure names."""

    topic: str
    language: str
    about: str
    steps: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.topic}, {self.language}, {self.about}: {' > '.join(self.steps) or 'start'}"


def walk_everything(
    library: Library, now: datetime | None = None, channels: Iterable[Channel] = tuple(Channel)
) -> Walked:
    """Walk all ways. Never raises for what is wrong with the content: it is in `failures`."""
    done = Walked()
    moment = Moment(now or datetime.now(UTC))
    for language in library.languages:
        for channel in channels:
            asked: dict[tuple[str, str, str], Conversation] = {}
            for about in ABOUTS:
                for topic in library.flows:
                    here = Conversation(
                        channel, language, chosen=True, greeted=True,
                        answers={ABOUT: about}, last_at=moment.now,
                    )  # fmt: skip
                    start = _Place(topic, language, about)
                    for question, conversation in _ways(library, here, start, moment, done):
                        asked.setdefault((question.topic or "", question.step or "", about),
                                         conversation)  # fmt: skip
            for (topic, step, about), conversation in asked.items():
                done.questions += 1
                place = _Place(topic, language, about, (step,))
                _try_commands(library, conversation, place, moment, done)
    return done


def _ways(
    library: Library, here: Conversation, start: _Place, moment: Moment, done: Walked
) -> Iterator[tuple[Question, Conversation]]:
    """Walk all ways through one topic; yields each question with the conversation at it."""
    waiting: list[tuple[_Place, flow.Walk]] = []
    _go(done, start, waiting, lambda: flow.walk(library, here, start.topic))
    while waiting:
        place, walked = waiting.pop()
        _look(place, walked, done)
        question = walked.conversation.question
        step = question.step if question else None
        if (
            walked.ending is not None
            or question is None
            or question.topic != start.topic
            or step is None
            or step in place.steps
        ):
            done.ways += 1
            continue
        yield question, walked.conversation
        further = _Place(place.topic, place.language, place.about, (*place.steps, step))
        for answer in _answers(library, walked.conversation, question, moment):
            _go(done, further, waiting, answer)


def _answers(
    library: Library, here: Conversation, question: Question, moment: Moment
) -> Iterator[flow.Answered]:
    asked = library.flows[question.topic or ""].steps[question.step or ""]
    today = moment.now.date()
    if isinstance(asked, AskStep):
        about = here.answers.get(ABOUT)
        known = asked.remember == ABOUT and about in asked.answers
        for key in asked.answers:
            if key == about or not known:
                yield partial(flow.resume, library, here, question, key)
    elif isinstance(asked, DayStep):
        for ago in (RECENT, LONG_AGO):
            yield partial(flow.resume_with_day, library, here, question, today - ago, today)
        yield partial(flow.walk, library, here, question.topic or "", asked.unclear)


def _go(
    done: Walked, place: _Place, waiting: list[tuple[_Place, flow.Walk]], walk: flow.Answered
) -> None:
    try:
        waiting.append((place, walk()))
    except (flow.FlowFailed, MissingWording, MissingValue) as error:
        done.failures.append(f"{place}: {type(error).__name__} {error}")


def _look(place: _Place, walked: flow.Walk, done: Walked) -> None:
    if not walked.sends and walked.ending is None:
        done.failures.append(f"{place}: nothing is said")
    for send in walked.sends:
        if not send.text.strip() or "((" in send.text:
            done.failures.append(f"{place}: {send.message} is sent as {send.text!r}")


def _try_commands(
    library: Library, here: Conversation, place: _Place, moment: Moment, done: Walked
) -> None:
    vocabulary = library.vocabulary.get(place.language)
    for command in ALWAYS_OBEYED:
        for phrase in (vocabulary.commands.get(command, ()) if vocabulary else ())[:1]:
            done.commands += 1
            outcome = take_turn(library, here, phrase, None, moment)
            if not _obeyed(command, outcome):
                done.failures.append(f"{place}: '{phrase}' is not obeyed ({outcome.rule})")
    done.commands += 1
    if take_turn(library, here, "STOP", None, moment).conversation.status is not Status.STOPPED:
        done.failures.append(f"{place}: STOP is not obeyed")


def _obeyed(command: Command, outcome: Outcome) -> bool:
    after = outcome.conversation
    kinds = {choice.kind for choice in after.question.choices} if after.question else set()
    match command:
        case Command.PERSON:
            return after.status is Status.WAITING
        case Command.LANGUAGE:
            return kinds == {Kind.LANGUAGE}
        case Command.MENU:
            # an answer that happens to end in a menu of topics is not the menu
            return kinds == {Kind.TOPIC} and outcome.rule == "command"
        case Command.DELETE:
            return any(isinstance(effect, Forget) for effect in outcome.effects)
        case _:
            return after.status is Status.STOPPED
