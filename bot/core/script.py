"""What authors wrote, without a word of prose: steps, time limits, flows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.model import MessageRef, Reason, Urgency


@dataclass(frozen=True)
class SayStep:
    """Send messages, go on."""

    messages: tuple[MessageRef, ...]
    next: str


@dataclass(frozen=True)
class Answer:
    next: str


@dataclass(frozen=True)
class AskStep:
    """Send a question and wait.

    Attributes:
        answers: answer key → where it leads, in the order in which they are numbered.
        remember: the name under which the answer's key is kept, if it is.
        once: the question is skipped while its answer is remembered.
    """

    message: MessageRef
    answers: Mapping[str, Answer]
    remember: str | None = None
    once: bool = False


@dataclass(frozen=True)
class BranchStep:
    """Go on by a remembered answer."""

    on: str
    cases: Mapping[str, str]
    otherwise: str


class Unit(StrEnum):
    """What a time limit is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working days"
    YEARS = "years"


@dataclass(frozen=True)
class Limit:
    """A time limit as a rule states it: "30 days", "5 working days", "1 year"."""

    amount: int
    unit: Unit


@dataclass(frozen=True)
class DayStep:
    """Ask for a day, tell the last day of a time limit that begins with it, go on.

    The day is used for the answer and not remembered.

    Attributes:
        message: the question.
        counted: what is said while the last day is ahead; takes ((day)) and ((last_day)).
        passed: what is said when it is over; takes the same.
        unclear: where it goes on when the person does not know the day, or none was read.
    """

    message: MessageRef
    limit: Limit
    counted: MessageRef
    passed: MessageRef
    next: str
    unclear: str


@dataclass(frozen=True)
class ListStep:
    """Name those of the resources that fit a need, and the person's place and language.

    Attributes:
        message: what stands above the list.
        need: one of a resource's needs.
        place: the remembered answer that says where the person is; None for any place.
    """

    message: MessageRef
    need: str
    place: str | None
    next: str


@dataclass(frozen=True)
class EscalateStep:
    """Put the person in the advocates' queue; the flow ends."""

    reason: Reason
    urgency: Urgency


@dataclass(frozen=True)
class GoStep:
    """Go on with another topic from its start."""

    topic: str


class Deed(StrEnum):
    """What a flow can have done besides talking."""

    FORGET = "forget"
    LANGUAGES = "languages"
    MENU = "menu"
    REPEAT = "repeat"


@dataclass(frozen=True)
class DoStep:
    deed: Deed


@dataclass(frozen=True)
class EndStep:
    """The flow is over; these topics are offered by number."""

    follow_up: tuple[str, ...] = ()


Step = (
    SayStep | AskStep | DayStep | ListStep | BranchStep | EscalateStep | GoStep | DoStep | EndStep
)


@dataclass(frozen=True)
class Flow:
    """The shape of one topic, without a word of prose.

    Attributes:
        starts: intent → step, for questions that enter the topic further on than `start`.
    """

    topic: str
    intents: tuple[str, ...]
    start: str
    steps: Mapping[str, Step]
    facts: Mapping[str, tuple[str, ...]]
    urgency: Urgency
    owner: str
    reviewed: bool
    good_until: datetime | None
    starts: Mapping[str, str] = field(default_factory=dict)
