"""The legal moves of an escalation: waiting → claimed → closed, with release and transfer.

Pure: each move takes an escalation and gives the next one, or raises IllegalMove.
Whoever stores the result must do so atomically against the one that was read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.model import Channel, Reason, TexterId, Urgency

#: How long a claim lasts without a sign of life from the advocate's open thread.
LEASE = timedelta(minutes=10)
#: How much older a normal escalation must be to go before one of this urgency. Being
#: finite, it is also the bound after which nobody is overtaken any more.
HEAD_START = {
    Urgency.NORMAL: timedelta(0),
    Urgency.SOON: timedelta(hours=4),
    Urgency.URGENT: timedelta(hours=48),
}


class IllegalMove(Exception):
    """The move is not allowed now. `code` says why, from a closed set:
    "closed", "taken", "not_yours", "not_claimed"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class State(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    CLOSED = "closed"


@dataclass(frozen=True)
class Escalation:
    """One hand-over of one person's conversation to the advocates.

    Attributes:
        pseudonym: two words; the only name of the person that advocates see.
        topic: the topic the person was at, None when there was none.
        fence: grows with every claim; a holder with an older one is refused.
        waiting_since: when the person last began to wait; kept through release and a
            lapsed lease, so that nobody loses a place in the queue.
    """

    id: str
    texter: TexterId
    pseudonym: str
    channel: Channel
    language: str
    topic: str | None
    urgency: Urgency
    reason: Reason
    waiting_since: datetime
    state: State = State.WAITING
    holder: str | None = None
    fence: int = 0
    lease_until: datetime | None = None
    closed_at: datetime | None = None
    closed_how: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state is not State.CLOSED


def place(escalation: Escalation) -> float:
    """Where it stands in the queue, as a POSIX time in seconds: smaller goes first."""
    return (escalation.waiting_since - HEAD_START[escalation.urgency]).timestamp()


def lapsed(escalation: Escalation, now: datetime) -> bool:
    """Whether its holder has gone silent for longer than the lease."""
    return (
        escalation.state is State.CLAIMED
        and escalation.lease_until is not None
        and escalation.lease_until <= now
    )


def claim(escalation: Escalation, advocate: str, now: datetime) -> Escalation:
    """The advocate takes it. Raises IllegalMove "closed" or "taken"."""
    if escalation.state is State.CLOSED:
        raise IllegalMove("closed")
    if escalation.state is State.CLAIMED and not lapsed(escalation, now):
        raise IllegalMove("taken")
    return replace(
        escalation,
        state=State.CLAIMED,
        holder=advocate,
        fence=escalation.fence + 1,
        lease_until=now + LEASE,
    )


def check_holder(escalation: Escalation, advocate: str, fence: int, now: datetime) -> None:
    """Raises IllegalMove unless this advocate holds this very claim, and still does."""
    if escalation.state is State.CLOSED:
        raise IllegalMove("closed")
    if escalation.state is not State.CLAIMED:
        raise IllegalMove("not_claimed")
    if escalation.holder != advocate or escalation.fence != fence or lapsed(escalation, now):
        raise IllegalMove("not_yours")


def renew(escalation: Escalation, advocate: str, fence: int, now: datetime) -> Escalation:
    check_holder(escalation, advocate, fence, now)
    return replace(escalation, lease_until=now + LEASE)


def release(escalation: Escalation, advocate: str, fence: int, now: datetime) -> Escalation:
    """Give it back; the person keeps the place in the queue."""
    check_holder(escalation, advocate, fence, now)
    return _unclaimed(escalation)


def transfer(
    escalation: Escalation, advocate: str, fence: int, to: str, now: datetime
) -> Escalation:
    """Hand it to another advocate, who gets a claim of their own."""
    check_holder(escalation, advocate, fence, now)
    return replace(escalation, holder=to, fence=escalation.fence + 1, lease_until=now + LEASE)


def close(escalation: Escalation, advocate: str, fence: int, now: datetime) -> Escalation:
    check_holder(escalation, advocate, fence, now)
    return closed(escalation, "closed", now)


def closed(escalation: Escalation, how: str, now: datetime) -> Escalation:
    """Ended by the person or the service ("withdrew", "stopped", "forgot"), or by `close`."""
    return replace(
        escalation,
        state=State.CLOSED,
        holder=None,
        lease_until=None,
        closed_at=now,
        closed_how=how,
    )


def lapse(escalation: Escalation, now: datetime) -> Escalation:
    """Back to waiting when the lease ran out. Raises IllegalMove when it has not."""
    if not lapsed(escalation, now):
        raise IllegalMove("not_claimed")
    return _unclaimed(escalation)


def raised(escalation: Escalation, urgency: Urgency) -> Escalation:
    """With at least this urgency; never lowered."""
    return replace(escalation, urgency=max(escalation.urgency, urgency))


def _unclaimed(escalation: Escalation) -> Escalation:
    return replace(escalation, state=State.WAITING, holder=None, lease_until=None)
