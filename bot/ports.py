"""What the bot needs from outside, as Protocols; `adapters` holds one file for each thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.escalation import Escalation
from bot.core.model import Conversation, Inbound, MessageRef, Prediction, TexterId


class Unavailable(Exception):
    """The outside thing cannot be reached now. Carries its name, never content."""


# --- texts on their way out -----------------------------------------------------------------


class DeliveryState(StrEnum):
    """Twilio's message statuses, reduced to what an advocate needs to know."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True)
class Outgoing:
    """One text in a person's outbox.

    Attributes:
        id: our own random id; the thread refers to it.
        author: "bot", or the advocate's sign-in name.
        attempted_at: set just before the provider is called, so that after a crash the
            provider can be asked whether it has the text already.
        not_before: earliest time of the next try.
    """

    id: str
    address: str
    text: str
    message: MessageRef | None
    author: str
    created_at: datetime
    attempts: int = 0
    attempted_at: datetime | None = None
    not_before: datetime | None = None


@dataclass(frozen=True)
class Delivery:
    """What became of one text: the furthest state seen, and the provider's error code."""

    texter: TexterId | None
    outgoing: str | None
    state: DeliveryState
    error: int | None = None


#: How far along each state is; a delivery never moves to a smaller one. A final failure is
#: as far as arrival: whichever was reported first stays.
_PROGRESS = {
    DeliveryState.QUEUED: 0,
    DeliveryState.SENT: 1,
    DeliveryState.FAILED: 2,
    DeliveryState.DELIVERED: 2,
    DeliveryState.READ: 3,
}


def advanced(known: Delivery, state: DeliveryState, error: int | None) -> Delivery:
    """The delivery after one more report: moved forward, or unchanged."""
    if known.state is DeliveryState.FAILED or _PROGRESS[state] <= _PROGRESS[known.state]:
        return known
    return replace(known, state=state, error=error)


class SendFailed(Exception):
    """The provider did not take a text. `code` is the provider's error number or an HTTP
    status; never a message text, which could quote the person's number."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class TryAgain(SendFailed):
    """Busy, broken or unreachable.

    Attributes:
        after: the pause that the provider asked for, if it named one.
        refused: it said clearly that it did not take the text (HTTP 429); otherwise
            nobody knows, and it must be asked before the text is sent again.
    """

    def __init__(self, code: int, after: timedelta | None = None, refused: bool = False) -> None:
        super().__init__(code)
        self.after = after
        self.refused = refused


class Refused(SendFailed):
    """Final: this text to this address will never be taken."""


class PersonStopped(SendFailed):
    """Final: the person opted out with the carrier (Twilio error 21610)."""


class Messenger(Protocol):
    def send(self, address: str, text: str) -> str:
        """Hand one text to the provider; returns its message id. Raises SendFailed."""

    def find(self, address: str, text: str, since: datetime) -> Sequence[str]:
        """The ids of that text as the provider has taken it since then. Raises SendFailed."""


# --- understanding ---------------------------------------------------------------------------


class Classifier(Protocol):
    def classify(self, text: str) -> Prediction:
        """The intent and language of one masked text. Raises Unavailable."""


# --- the store ---------------------------------------------------------------------------------


class Who(StrEnum):
    PERSON = "person"
    BOT = "bot"
    ADVOCATE = "advocate"
    EVENT = "event"


@dataclass(frozen=True)
class ThreadEntry:
    """One line of a conversation as an advocate sees it.

    For an EVENT, `text` is a word of a closed set ("opened", "claimed", "released",
    "lapsed", "closed", "withdrew", "stopped", "forgot", "language", "transferred").
    """

    who: Who
    text: str
    at: datetime
    author: str | None = None
    message: MessageRef | None = None
    outgoing: str | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True)
class Snapshot:
    """All that is stored of one person, as one consistent read.

    `revision` must be given back to `commit`, which refuses when it is no longer true.
    """

    texter: TexterId
    conversation: Conversation | None
    escalation: Escalation | None
    address: str | None
    revision: int


@dataclass(frozen=True)
class Change:
    """All that one turn, or one move of an advocate, writes: together or not at all.

    Attributes:
        answered: the provider id of the inbound message that is hereby done with.
        forget: delete everything of this person first (an opt-out is kept).
        address: where this person can be answered from now on. Kept until it is deleted,
            by `forget` and by an opt-out, or expires.
    """

    conversation: Conversation
    answered: str | None = None
    outgoing: tuple[Outgoing, ...] = ()
    thread: tuple[ThreadEntry, ...] = ()
    escalation: Escalation | None = None
    forget: bool = False
    address: str | None = None


class Work(StrEnum):
    """The two kinds of work that a person's records can be waiting for."""

    TURN = "turn"
    DELIVERY = "delivery"


@dataclass(frozen=True)
class Advocate:
    """Somebody who may sign in to the console.

    Attributes:
        name: sign-in name, also the name in the audit trail; never shown to people.
        password_hash: Argon2id, encoded.
        totp_secret: base32; sealed by the store.
        last_totp: counter of the last accepted code, so that none is used twice.
    """

    name: str
    password_hash: str
    totp_secret: str
    languages: tuple[str, ...]
    last_totp: int = 0


#: Lines of a thread that are kept; older ones fall off.
THREAD_LENGTH = 60


class Store(Protocol):
    """Where everything is kept. Every method may raise Unavailable."""

    def ping(self) -> None: ...

    # the door
    def append(self, texter: TexterId, inbound: Inbound) -> None:
        """Keep an inbound message safely, in order of arrival, and note that work is due."""

    def count_inbound(self, texter: TexterId, window: timedelta, now: datetime) -> int:
        """Count this message; how many came within the window, this one included."""

    # one person's records
    def load(self, texter: TexterId) -> Snapshot: ...

    def commit(self, snapshot: Snapshot, change: Change) -> bool:
        """Write all of `change` or nothing; False when somebody else wrote since `snapshot`."""

    def drainer(self, texter: TexterId, work: Work) -> AbstractContextManager[bool]:
        """Yields True to one holder at a time for this person and kind of work."""

    def next_inbound(self, texter: TexterId) -> Inbound | None: ...

    def drop_inbound(self, texter: TexterId, provider_id: str) -> None:
        """Take an already answered message from the front of the inbox."""

    def was_answered(self, texter: TexterId, provider_id: str) -> bool: ...

    def thread(self, texter: TexterId) -> Sequence[ThreadEntry]:
        """The recent conversation, oldest first, with what became of each text."""

    # the outbox
    def next_outgoing(self, texter: TexterId) -> Outgoing | None: ...

    def update_outgoing(self, texter: TexterId, outgoing: Outgoing) -> None:
        """Replace the first text of the outbox by this version of itself."""

    def settle_outgoing(
        self,
        texter: TexterId,
        outgoing: Outgoing,
        provider_id: str | None,
        state: DeliveryState,
        error: int | None = None,
    ) -> None:
        """Take the first text from the outbox and note what became of it."""

    def settled_as(self, provider_id: str) -> str | None:
        """The id of our text that this message of the provider is known to be."""

    def note_delivery(
        self, provider_id: str, state: DeliveryState, error: int | None
    ) -> Delivery | None:
        """Move a delivery forward, never back; None when this message is unknown (its
        state is kept for a while, since the provider may be faster than our own note)."""

    # due work
    def note_due(self, texter: TexterId, work: Work, at: datetime) -> None: ...

    def clear_due(self, texter: TexterId, work: Work) -> bool:
        """Forget the note if nothing is left to do; False when there is."""

    def due(self, work: Work, before: datetime) -> Sequence[TexterId]: ...

    # the advocates' queue
    def queue(self) -> Sequence[Escalation]:
        """Open escalations, the first to be taken first."""

    def texter_of(self, escalation_id: str) -> TexterId | None: ...

    # advocates
    def advocates(self) -> Sequence[Advocate]: ...

    def advocate(self, name: str) -> Advocate | None: ...

    def save_advocate(self, advocate: Advocate) -> None: ...

    def remove_advocate(self, name: str) -> bool:
        """Let somebody in no more; whether there was such an advocate."""

    def note_presence(self, name: str, at: datetime) -> None: ...

    def present(self, since: datetime) -> Sequence[str]:
        """Names of advocates seen in the console since then."""

    def drop_presence(self, name: str) -> None: ...

    # small records of the doors, with a lifetime: sessions, one-time links, attempts
    def put_record(self, kind: str, key: str, value: Mapping[str, str], ttl: timedelta) -> None: ...

    def get_record(self, kind: str, key: str) -> Mapping[str, str] | None: ...

    def take_record(self, kind: str, key: str) -> Mapping[str, str] | None:
        """Read and delete at once: a one-time link works once."""

    def drop_record(self, kind: str, key: str) -> None: ...

    # privacy
    def inventory(self) -> Mapping[str, int]:
        """How many records of each kind are stored; counts only."""


# --- the rest --------------------------------------------------------------------------------


class Jobs(Protocol):
    """Where work is handed to the worker. Arguments are references, never content."""

    def enqueue(self, texter: TexterId, work: Work, delay: timedelta = timedelta(0)) -> None: ...


class Clock(Protocol):
    def now(self) -> datetime: ...


class Vault(Protocol):
    """Names and seals. Knows the keys; nobody else does."""

    def texter_id(self, address: str) -> TexterId: ...

    def digest(self, purpose: str, value: str) -> str:
        """A keyed digest, for ids that must not be reversible."""

    def seal(self, purpose: str, plain: bytes) -> bytes: ...

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """Raises ValueError when the seal is broken or was made for another purpose."""


class Meter(Protocol):
    """Counters and logs. Names and labels come from closed sets; never content."""

    def count(self, name: str, **labels: str) -> None: ...

    def observe(self, name: str, seconds: float, **labels: str) -> None: ...

    def failure(self, name: str, error: BaseException) -> None: ...
