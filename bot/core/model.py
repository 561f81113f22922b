"""The nouns of the bot: frozen values that every other part passes around.

Nothing here does anything: no network, files, clock, randomness or settings.
Times are aware datetimes in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NewType

#: Keyed HMAC of a person's address; the only name a person has inside the bot.
TexterId = NewType("TexterId", str)
#: "topic/message", for example "removal_paused/pause_then".
MessageRef = NewType("MessageRef", str)

PERSON_TOPIC = "talk_to_person"
SHARED = "shared"


class Channel(StrEnum):
    SMS = "sms"
    WHATSAPP = "whatsapp"
    MESSENGER = "messenger"


class Status(StrEnum):
    """Who may speak in a conversation. This one field decides it."""

    BOT = "bot"
    WAITING = "waiting"
    ADVOCATE = "advocate"
    STOPPED = "stopped"


class Urgency(IntEnum):
    """The band of an escalation in the queue; a higher one goes first."""

    NORMAL = 0
    SOON = 1
    URGENT = 2


class Reason(StrEnum):
    """Why a conversation was handed to a person."""

    ASKED = "asked"
    URGENT = "urgent"
    MISUNDERSTOOD = "misunderstood"
    BOT_FAILED = "bot_failed"


class OptOut(StrEnum):
    """Twilio's OptOutType, sent when Advanced Opt-Out has already answered."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


# --- what a person sends ----------------------------------------------------------------


@dataclass(frozen=True)
class Inbound:
    """One message as it arrived: the few fields that are needed, and no others.

    Attributes:
        provider_id: the provider's message id, by which repeats are recognised.
        address: where to answer, as the provider writes it ("whatsapp:+15550100").
        text: what the person wrote; never altered but for hidden details.
        masked: personal details were found in it and hidden.
        media: how many pictures or recordings came with it (never fetched).
        over_limit: 0, or how many messages over the rate limit this one is (1 = the first).
    """

    provider_id: str
    address: str
    text: str
    channel: Channel
    received_at: datetime
    media: int = 0
    opt_out: OptOut | None = None
    masked: bool = False
    over_limit: int = 0


@dataclass(frozen=True)
class Prediction:
    """What a classifier made of one text.

    `ranking` holds (intent, confidence) pairs, best first, confidences in 0..1.
    `language` is None when the classifier has nothing to say about it.
    """

    ranking: tuple[tuple[str, float], ...]
    language: str | None = None
    language_confidence: float = 0.0
    source: str = "nlu"

    @property
    def intent(self) -> str | None:
        return self.ranking[0][0] if self.ranking else None

    @property
    def confidence(self) -> float:
        return self.ranking[0][1] if self.ranking else 0.0


@dataclass(frozen=True)
class Thresholds:
    """When a prediction counts as sure.

    Attributes:
        sure: least confidence of the first intent.
        gap: least distance between first and second intent.
        offer: least confidence of a runner-up that is worth offering by number.
        urgent: least confidence of the urgent intents among the first three, taken
            together, at which an emergency is assumed.
        calm: confidence of another intent from which no emergency is assumed.

    Chosen by `dev/nlu_report.py --thresholds` on rounds 1 and 2. On rounds 3 and 4, which it had
    not seen, 96.6 and 97.0 % are right or offered, 97.9 and 98.5 % of the sure answers are right,
    and 99.4 % of the urgent messages are caught at 1.6 and 2.3 % needless safety answers.
    """

    sure: float = 0.5
    gap: float = 0.3
    offer: float = 0.06
    urgent: float = 0.14
    calm: float = 0.8


# --- where a conversation stands ----------------------------------------------------------


class Kind(StrEnum):
    """What a numbered choice does when it is chosen."""

    ANSWER = "answer"
    TOPIC = "topic"
    LANGUAGE = "language"
    PERSON = "person"
    MENU = "menu"
    #: A day that was asked for; its value as read by bot.core.days.
    DAY = "day"


@dataclass(frozen=True)
class Choice:
    kind: Kind
    value: str


@dataclass(frozen=True)
class Question:
    """What was last asked by number; `choices[0]` answers to "1"."""

    choices: tuple[Choice, ...]
    message: MessageRef | None = None
    topic: str | None = None
    step: str | None = None
    tries: int = 0
    #: With an open question (a step's) a reply is expected; a menu may also be ignored.
    expects_answer: bool = False
    #: A day is asked for, to be written as a date.
    wants_day: bool = False


@dataclass(frozen=True)
class Conversation:
    """All that is remembered of one person between two messages.

    Attributes:
        language: None until there is evidence for one.
        chosen: the person named the language; only then is it never switched by a guess.
        answers: remembered answers: choices only, never words.
        question: what a number would answer now.
        misunderstood: messages not understood in a row.
        escalation: id of the open escalation, if there is one.
        safety_given: urgent topics whose safety answer was sent during this escalation.
        said: messages of the last answer, for "repeat".
        parked: the topic asked for while the language was not known yet.
    """

    channel: Channel
    language: str | None = None
    chosen: bool = False
    status: Status = Status.BOT
    greeted: bool = False
    topic: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    question: Question | None = None
    misunderstood: int = 0
    escalation: str | None = None
    safety_given: tuple[str, ...] = ()
    said: tuple[MessageRef, ...] = ()
    parked: str | None = None
    last_at: datetime | None = None


@dataclass(frozen=True)
class Moment:
    """What a turn must know besides the text.

    Attributes:
        advocates_present: somebody is on shift in the console now.
        masked: personal details were found and hidden in this text.
    """

    now: datetime
    advocates_present: bool = False
    thresholds: Thresholds = Thresholds()
    media: int = 0
    opt_out: OptOut | None = None
    masked: bool = False
    over_limit: int = 0


# --- what a turn brings about --------------------------------------------------------------


@dataclass(frozen=True)
class Send:
    """Text the person. `message` names the wording; several refs when they were joined."""

    message: MessageRef
    text: str


@dataclass(frozen=True)
class OpenEscalation:
    """Put the person in the advocates' queue."""

    reason: Reason
    urgency: Urgency
    topic: str | None


@dataclass(frozen=True)
class RaiseUrgency:
    urgency: Urgency


@dataclass(frozen=True)
class CloseEscalation:
    """The person left: "withdrew", "stopped" or "forgot"."""

    how: str


@dataclass(frozen=True)
class Forget:
    """Delete everything about this person after the receipt went out."""


Effect = Send | OpenEscalation | RaiseUrgency | CloseEscalation | Forget


@dataclass(frozen=True)
class Outcome:
    """What one message led to: the conversation after it and the effects, in order.

    `rule` names the rule that matched (a closed set, for metrics and tests);
    `intent` and `confidence` what was acted on; `hidden` are words of this turn that are sent
    but not stored in the thread: a day that was counted with.
    """

    conversation: Conversation
    effects: tuple[Effect, ...]
    rule: str
    intent: str | None = None
    confidence: float = 0.0
    hidden: tuple[str, ...] = ()

    @property
    def sends(self) -> tuple[Send, ...]:
        return tuple(e for e in self.effects if isinstance(e, Send))
