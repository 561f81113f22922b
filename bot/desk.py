"""The verbs of the advocates' side: see the queue, claim, read, reply, give back, close."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core import escalation as moves
from bot.core import sms
from bot.core.escalation import Escalation, IllegalMove
from bot.core.library import Library
from bot.core.model import SHARED, MessageRef, Status
from bot.ports import (
    Change,
    Clock,
    Jobs,
    Meter,
    Outgoing,
    Snapshot,
    Store,
    ThreadEntry,
    Who,
    Work,
)
from bot.service import COMMIT_TRIES, PRESENCE, Conflict

#: Twilio refuses a body of more characters (error 21617).
LONGEST_REPLY = 1600
DRAFT_LIFETIME = timedelta(days=7)


class UnknownEscalation(LookupError):
    """No such escalation, or its records have expired."""


class Unreachable(UnknownEscalation):
    """The person opted out, or their address has expired; nothing can be sent."""


class EmptyReply(ValueError):
    pass


class TooLong(ValueError):
    pass


@dataclass(frozen=True)
class ApprovedReply:
    """One of the flows' own messages, to send in the person's language."""

    message: MessageRef
    title: str
    text: str
    english: str


Move = Callable[[Escalation], Escalation]


class Desk:
    """Built once by `wiring`; holds no state of any person or request."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        jobs: Jobs,
        meter: Meter,
        library: Library,
        new_id: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._store = store
        self._clock = clock
        self._jobs = jobs
        self._meter = meter
        self._library = library
        self._new_id = new_id

    # --- looking ------------------------------------------------------------------------------

    def queue(self) -> Sequence[Escalation]:
        """Open escalations in the order in which they should be taken; claimed ones too."""
        return self._store.queue()

    def find(self, escalation_id: str) -> Escalation | None:
        texter = self._store.texter_of(escalation_id)
        found = self._store.load(texter).escalation if texter else None
        return found if found is not None and found.id == escalation_id else None

    def thread(self, escalation_id: str, advocate: str, fence: int) -> Sequence[ThreadEntry]:
        """The recent conversation, for its holder only. Raises IllegalMove, UnknownEscalation."""
        snapshot = self._snapshot(escalation_id)
        moves.check_holder(_open(snapshot), advocate, fence, self._clock.now())
        return self._store.thread(snapshot.texter)

    def approved_replies(self, language: str) -> Sequence[ApprovedReply]:
        """All messages of the topics that stand by themselves, in this language and in
        English."""
        found: list[ApprovedReply] = []
        for topic in self._library.flows:
            wording = self._library.wording[topic].get(language)
            base = self._library.wording[topic][self._library.base]
            for name in wording.messages if wording else ():
                ref = MessageRef(f"{topic}/{name}")
                if ref in self._library.incomplete:
                    continue
                found.append(
                    ApprovedReply(
                        message=ref,
                        title=f"{base.title}: {name.replace('_', ' ')}",
                        text=self._library.text(ref, language),
                        english=self._library.text(ref, self._library.base),
                    )
                )
        return found

    # --- moves ----------------------------------------------------------------------------------

    def claim(self, escalation_id: str, advocate: str) -> Escalation:
        """Take it; the person is told. Raises IllegalMove "taken" or "closed"."""
        now = self._clock.now()
        return self._move(
            escalation_id,
            lambda e: moves.claim(e, advocate, now),
            event="claimed",
            status=Status.ADVOCATE,
            tell="advocate_here",
            author=advocate,
        )

    def renew(self, escalation_id: str, advocate: str, fence: int) -> Escalation:
        """The thread is still open in front of its holder."""
        now = self._clock.now()
        return self._move(escalation_id, lambda e: moves.renew(e, advocate, fence, now))

    def release(self, escalation_id: str, advocate: str, fence: int) -> Escalation:
        """Give it back; the person keeps the place and is told."""
        now = self._clock.now()
        return self._move(
            escalation_id,
            lambda e: moves.release(e, advocate, fence, now),
            event="released",
            status=Status.WAITING,
            tell="back_in_line",
            author=advocate,
        )

    def transfer(self, escalation_id: str, advocate: str, fence: int, to: str) -> Escalation:
        """Hand it to another advocate; the person notices nothing."""
        now = self._clock.now()
        if self._store.advocate(to) is None:
            raise UnknownEscalation(to)
        return self._move(
            escalation_id,
            lambda e: moves.transfer(e, advocate, fence, to, now),
            event="transferred",
            author=advocate,
        )

    def close(self, escalation_id: str, advocate: str, fence: int) -> Escalation:
        """Done; the person is told that the bot is back."""
        now = self._clock.now()
        return self._move(
            escalation_id,
            lambda e: moves.close(e, advocate, fence, now),
            event="closed",
            status=Status.BOT,
            tell="advocate_closed",
            author=advocate,
        )

    def give_back_lapsed(self) -> int:
        """Return the claims of silent advocates to the queue; how many there were."""
        now, lapsed = self._clock.now(), 0
        for waiting in self._store.queue():
            if not moves.lapsed(waiting, now):
                continue
            try:
                self._move(
                    waiting.id,
                    lambda e: moves.lapse(e, now),
                    event="lapsed",
                    status=Status.WAITING,
                    tell="back_in_line",
                )
                lapsed += 1
            except (IllegalMove, UnknownEscalation):
                continue  # renewed, closed or forgotten in the meantime
        return lapsed

    def reply(self, escalation_id: str, advocate: str, fence: int, text: str) -> None:
        """Text the person, by the same outbox as the bot's answers.

        Raises EmptyReply, TooLong, UnknownEscalation, and IllegalMove when the claim is no
        longer this advocate's; then the text is kept as a draft, not sent.
        """
        words = sms.tidy(text).strip()
        if not words:
            raise EmptyReply
        if len(words) > LONGEST_REPLY:
            raise TooLong
        now = self._clock.now()
        try:
            self._move(
                escalation_id,
                lambda e: moves.renew(e, advocate, fence, now),
                author=advocate,
                words=words,
            )
        except (IllegalMove, UnknownEscalation):
            self._store.put_record(
                "draft", f"{escalation_id}:{advocate}", {"text": text}, DRAFT_LIFETIME
            )
            self._meter.count("reply_refused")
            raise
        self._store.drop_record("draft", f"{escalation_id}:{advocate}")
        self._meter.count("reply")

    def draft(self, escalation_id: str, advocate: str) -> str:
        """What this advocate tried to send too late; empty when there is nothing."""
        kept = self._store.get_record("draft", f"{escalation_id}:{advocate}")
        return kept["text"] if kept else ""

    # --- who is on shift --------------------------------------------------------------------------

    def seen(self, advocate: str) -> None:
        self._store.note_presence(advocate, self._clock.now())

    def gone(self, advocate: str) -> None:
        self._store.drop_presence(advocate)

    def present(self) -> Sequence[str]:
        return self._store.present(self._clock.now() - PRESENCE)

    # --- how a move is written ---------------------------------------------------------------

    def _snapshot(self, escalation_id: str) -> Snapshot:
        texter = self._store.texter_of(escalation_id)
        snapshot = self._store.load(texter) if texter else None
        if snapshot is None or snapshot.escalation is None:
            raise UnknownEscalation(escalation_id)
        if snapshot.escalation.id != escalation_id or snapshot.conversation is None:
            raise UnknownEscalation(escalation_id)
        return snapshot

    def _move(
        self,
        escalation_id: str,
        move: Move,
        *,
        event: str | None = None,
        status: Status | None = None,
        tell: str | None = None,
        author: str | None = None,
        words: str | None = None,
    ) -> Escalation:
        """One move, with what it says and does, as one write against what was read."""
        for _ in range(COMMIT_TRIES):
            snapshot = self._snapshot(escalation_id)
            moved = move(_open(snapshot))
            change = self._change(snapshot, moved, event, status, tell, author, words)
            if self._store.commit(snapshot, change):
                if change.outgoing:
                    self._jobs.enqueue(snapshot.texter, Work.DELIVERY)
                if event:
                    self._meter.count("escalation_move", move=event)
                return moved
        raise Conflict

    def _change(
        self,
        snapshot: Snapshot,
        moved: Escalation,
        event: str | None,
        status: Status | None,
        tell: str | None,
        author: str | None,
        words: str | None,
    ) -> Change:
        now, here = self._clock.now(), snapshot.conversation
        assert here is not None  # noqa: S101 - _snapshot has made sure
        thread: list[ThreadEntry] = []
        outgoing: list[Outgoing] = []
        if event:
            thread.append(ThreadEntry(Who.EVENT, event, now, author=author))
        text = self._library.shared(tell, moved.language) if tell else words
        reachable = snapshot.address and here.status is not Status.STOPPED
        if words and not reachable:
            raise Unreachable(moved.id)
        if text and snapshot.address and reachable:
            ref = MessageRef(f"{SHARED}/{tell}") if tell else None
            out = Outgoing(
                self._new_id(), snapshot.address, sms.tidy(text), ref, author or "bot", now
            )
            outgoing.append(out)
            who = Who.BOT if tell else Who.ADVOCATE
            thread.append(
                ThreadEntry(who, out.text, now, author=author, message=ref, outgoing=out.id)
            )
        if status is not None:
            open_id = moved.id if moved.is_open else None
            here = replace(here, status=status, escalation=open_id, question=None)
        return Change(here, None, tuple(outgoing), tuple(thread), moved)


def _open(snapshot: Snapshot) -> Escalation:
    assert snapshot.escalation is not None  # noqa: S101 - _snapshot has made sure
    return snapshot.escalation
