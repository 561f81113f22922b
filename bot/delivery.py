"""The outbox: texts go out in order, are tried again when that can help, and their fate is
noted where an advocate sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core import escalation as moves
from bot.core.model import Status, TexterId
from bot.ports import (
    Change,
    Clock,
    DeliveryState,
    Jobs,
    Messenger,
    Meter,
    Outgoing,
    PersonStopped,
    Refused,
    Store,
    ThreadEntry,
    TryAgain,
    Who,
    Work,
)

#: Pauses between tries. Quick at first, since most failures pass in seconds; then up to
#: half an hour, for three hours in all: a legal answer that comes later confuses.
BACKOFF = tuple(timedelta(seconds=s) for s in (2, 5, 15, 60, 180, 600, 1200, 1800, 3600, 3600))
#: Twilio error 21610: "Attempt to send to unsubscribed recipient".
STOPPED_CODE = 21610
#: Providers' clocks and ours may disagree by this much when a text is looked up.
CLOCK_SKEW = timedelta(minutes=2)
#: The one text that may follow an opt-out: its confirmation, for words carriers do not know.
CONFIRMATION = "shared/stopped"


class Delivery:
    """Built once by `wiring`; holds no state of any person."""

    def __init__(
        self, store: Store, messenger: Messenger, clock: Clock, jobs: Jobs, meter: Meter
    ) -> None:
        self._store = store
        self._messenger = messenger
        self._clock = clock
        self._jobs = jobs
        self._meter = meter

    def deliver(self, texter: TexterId) -> None:
        """Send what is in this person's outbox, in order, one sender at a time."""
        with self._store.drainer(texter, Work.DELIVERY) as mine:
            if not mine:
                return
            while outgoing := self._store.next_outgoing(texter):
                wait = self._wait_of(outgoing) or self._send(texter, outgoing)
                if wait:
                    self._store.note_due(texter, Work.DELIVERY, self._clock.now() + wait)
                    self._jobs.enqueue(texter, Work.DELIVERY, wait)
                    return
        if not self._store.clear_due(texter, Work.DELIVERY):
            self._jobs.enqueue(texter, Work.DELIVERY)

    def _wait_of(self, outgoing: Outgoing) -> timedelta | None:
        now = self._clock.now()
        if outgoing.not_before is None or outgoing.not_before <= now:
            return None
        return outgoing.not_before - now

    def _send(self, texter: TexterId, outgoing: Outgoing) -> timedelta | None:
        """Try one text; the pause before the next try, or None when it is settled."""
        snapshot = self._store.load(texter)
        here = snapshot.conversation
        if here and here.status is Status.STOPPED and outgoing.message != CONFIRMATION:
            self._settle(texter, outgoing, None, DeliveryState.FAILED, STOPPED_CODE)
            return None
        try:
            if outgoing.attempted_at is not None:
                # an earlier try ended without an answer: the provider may have the text
                since = outgoing.attempted_at - CLOCK_SKEW
                found = self._messenger.find(outgoing.address, outgoing.text, since)
                # the same words may have been sent before: those are known as another text. This
                # one may be known as itself, when we died between its two notes.
                lost = [s for s in found if self._store.settled_as(s) in (None, outgoing.id)]
                if lost:
                    self._meter.count("found_after_crash")
                    self._settle(texter, outgoing, lost[0], DeliveryState.QUEUED)
                    return None
            trying = replace(outgoing, attempted_at=self._clock.now())
            self._store.update_outgoing(texter, trying)
            provider_id = self._messenger.send(trying.address, trying.text)
        except TryAgain as error:
            return self._later(texter, outgoing, error)
        except PersonStopped as error:
            self._settle(texter, outgoing, None, DeliveryState.FAILED, error.code)
            self.person_stopped(texter)
            return None
        except Refused as error:
            self._settle(texter, outgoing, None, DeliveryState.FAILED, error.code)
            return None
        self._settle(texter, trying, provider_id, DeliveryState.QUEUED)
        return None

    def _later(self, texter: TexterId, outgoing: Outgoing, error: TryAgain) -> timedelta | None:
        self._meter.count("send_retry", code=str(error.code))
        if outgoing.attempts >= len(BACKOFF):
            self._settle(texter, outgoing, None, DeliveryState.FAILED, error.code)
            return None
        wait = max(BACKOFF[outgoing.attempts], error.after or timedelta(0))
        now = self._clock.now()
        tried = replace(
            outgoing,
            attempts=outgoing.attempts + 1,
            # a clear "no" means that it was not taken; no answer may mean anything
            attempted_at=None if error.refused else outgoing.attempted_at or now,
            not_before=now + wait,
        )
        self._store.update_outgoing(texter, tried)
        return wait

    def _settle(
        self,
        texter: TexterId,
        outgoing: Outgoing,
        provider_id: str | None,
        state: DeliveryState,
        error: int | None = None,
    ) -> None:
        self._store.settle_outgoing(texter, outgoing, provider_id, state, error)
        self._meter.count("sent" if error is None else "send_failed", code=str(error or 0))

    def note_status(self, provider_id: str, state: DeliveryState, error: int | None) -> None:
        """A status callback: forward only; an opt-out that the carrier reports is obeyed."""
        delivery = self._store.note_delivery(provider_id, state, error)
        if delivery is None:
            self._meter.count("status_unknown")
            return
        self._meter.count("status", state=state)
        if error == STOPPED_CODE and delivery.texter is not None:
            self.person_stopped(delivery.texter)

    def person_stopped(self, texter: TexterId) -> None:
        """The carrier says that this person opted out: nothing is sent until START."""
        for _ in range(5):
            snapshot = self._store.load(texter)
            here, now = snapshot.conversation, self._clock.now()
            if here is None or here.status is Status.STOPPED:
                return
            silent = replace(
                here, status=Status.STOPPED, question=None, escalation=None, safety_given=()
            )
            open_one = snapshot.escalation
            closed = (
                moves.closed(open_one, "stopped", now) if open_one and open_one.is_open else None
            )
            event = (ThreadEntry(Who.EVENT, "stopped", now),)
            if self._store.commit(snapshot, Change(silent, thread=event, escalation=closed)):
                return
