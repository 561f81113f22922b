"""Everything in memory: for the terminal chat and for fast tests, under the same contract
(tests/adapters/test_store_contract.py) as the real store. Records are kept serialised, so
that what cannot be stored fails here too."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.adapters.records import decode, encode
from bot.core.escalation import Escalation, place
from bot.core.model import Conversation, Inbound, Status, TexterId
from bot.ports import (
    THREAD_LENGTH,
    Advocate,
    Change,
    Delivery,
    DeliveryState,
    Outgoing,
    Snapshot,
    ThreadEntry,
    Work,
    advanced,
)


class ManualClock:
    """A clock that is moved by hand. Starts on a fixed day unless told otherwise."""

    def __init__(self, start: datetime = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def forward(self, **delta: float) -> None:
        self._now += timedelta(**delta)


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class QuietMeter:
    """Counts in a dictionary and keeps the failures; says nothing."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, tuple[tuple[str, str], ...]], int] = defaultdict(int)
        self.failures: list[tuple[str, BaseException]] = []

    def count(self, name: str, **labels: str) -> None:
        self.counts[name, tuple(sorted(labels.items()))] += 1

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        pass

    def failure(self, name: str, error: BaseException) -> None:
        self.failures.append((name, error))

    def total(self, name: str) -> int:
        return sum(n for (found, _), n in self.counts.items() if found == name)


class RecordingJobs:
    """Keeps what was enqueued, in order, until somebody takes it."""

    def __init__(self) -> None:
        self.waiting: list[tuple[TexterId, Work, timedelta]] = []

    def enqueue(self, texter: TexterId, work: Work, delay: timedelta = timedelta(0)) -> None:
        self.waiting.append((texter, work, delay))


class RecordingMessenger:
    """Takes every text. `fail_with` makes the next sends fail, in order."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.fail_with: list[Exception] = []

    def send(self, address: str, text: str) -> str:
        if self.fail_with:
            raise self.fail_with.pop(0)
        self.sent.append((address, text))
        return f"SM{len(self.sent):032x}"

    def find(self, address: str, text: str, since: datetime) -> Sequence[str]:
        return [f"SM{n:032x}" for n, sent in enumerate(self.sent, 1) if sent == (address, text)]


@dataclass
class _Person:
    """One texter's records."""

    revision: int = 0
    conversation: bytes | None = None
    escalation: bytes | None = None
    address: str | None = None
    inbox: list[bytes] = field(default_factory=list)
    outbox: list[bytes] = field(default_factory=list)
    thread: list[bytes] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    deliveries: dict[str, str] = field(default_factory=dict)
    arrivals: list[datetime] = field(default_factory=list)


class MemoryStore:
    """The Store port over dictionaries, safe between threads of one process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._people: dict[TexterId, _Person] = defaultdict(_Person)
        self._busy: set[tuple[TexterId, Work]] = set()
        self._due: dict[Work, dict[TexterId, datetime]] = {work: {} for work in Work}
        self._texter_of: dict[str, TexterId] = {}
        self._deliveries: dict[str, Delivery] = {}
        self._advocates: dict[str, bytes] = {}
        self._presence: dict[str, datetime] = {}
        self._records: dict[tuple[str, str], dict[str, str]] = {}

    def ping(self) -> None:
        pass

    def append(self, texter: TexterId, inbound: Inbound) -> None:
        with self._lock:
            self.note_due(texter, Work.TURN, inbound.received_at)
            person = self._people[texter]
            person.inbox.append(encode(inbound))

    def count_inbound(self, texter: TexterId, window: timedelta, now: datetime) -> int:
        with self._lock:
            person = self._people[texter]
            person.arrivals = [at for at in person.arrivals if at > now - window] + [now]
            return len(person.arrivals)

    def load(self, texter: TexterId) -> Snapshot:
        with self._lock:
            person = self._people[texter]
            return Snapshot(
                texter,
                decode(Conversation, person.conversation) if person.conversation else None,
                decode(Escalation, person.escalation) if person.escalation else None,
                person.address,
                person.revision,
            )

    def commit(self, snapshot: Snapshot, change: Change) -> bool:
        with self._lock:
            person = self._people[snapshot.texter]
            if person.revision != snapshot.revision:
                return False
            if change.forget:
                person = self._forgotten(snapshot.texter)
            elif change.conversation.status is Status.STOPPED:
                person.address = None
            elif change.address is not None:
                person.address = change.address
            person.revision = snapshot.revision + 1
            person.conversation = encode(change.conversation)
            if change.escalation is not None:
                if change.forget:
                    self._texter_of.pop(change.escalation.id, None)
                else:
                    self._texter_of[change.escalation.id] = snapshot.texter
                    person.escalation = encode(change.escalation)
            if change.answered is not None:
                person.answered.add(change.answered)
                if person.inbox:
                    person.inbox.pop(0)
            person.thread = (person.thread + [encode(e) for e in change.thread])[-THREAD_LENGTH:]
            for outgoing in change.outgoing:
                person.outbox.append(encode(outgoing))
                self.note_due(snapshot.texter, Work.DELIVERY, outgoing.created_at)
            return True

    def _forgotten(self, texter: TexterId) -> _Person:
        """A blank person that still knows which messages were answered and what is yet to be
        read."""
        old = self._people[texter]
        blank = _Person(inbox=old.inbox, answered=old.answered)
        self._people[texter] = blank
        return blank

    @contextmanager
    def drainer(self, texter: TexterId, work: Work) -> Iterator[bool]:
        with self._lock:
            free = (texter, work) not in self._busy
            if free:
                self._busy.add((texter, work))
        try:
            yield free
        finally:
            if free:
                self._busy.discard((texter, work))

    def next_inbound(self, texter: TexterId) -> Inbound | None:
        with self._lock:
            inbox = self._people[texter].inbox
            return decode(Inbound, inbox[0]) if inbox else None

    def drop_inbound(self, texter: TexterId, provider_id: str) -> None:
        with self._lock:
            first = self.next_inbound(texter)
            if first is not None and first.provider_id == provider_id:
                self._people[texter].inbox.pop(0)

    def was_answered(self, texter: TexterId, provider_id: str) -> bool:
        return provider_id in self._people[texter].answered

    def thread(self, texter: TexterId) -> Sequence[ThreadEntry]:
        with self._lock:
            person = self._people[texter]
            entries = [decode(ThreadEntry, data) for data in person.thread]
            return [
                replace(e, delivery=self._delivery_of(person, e.outgoing)) if e.outgoing else e
                for e in entries
            ]

    def _delivery_of(self, person: _Person, outgoing: str) -> Delivery | None:
        return self._deliveries.get(person.deliveries.get(outgoing, ""))

    def next_outgoing(self, texter: TexterId) -> Outgoing | None:
        with self._lock:
            outbox = self._people[texter].outbox
            return decode(Outgoing, outbox[0]) if outbox else None

    def update_outgoing(self, texter: TexterId, outgoing: Outgoing) -> None:
        with self._lock:
            first = self.next_outgoing(texter)
            if first is not None and first.id == outgoing.id:
                self._people[texter].outbox[0] = encode(outgoing)

    def settle_outgoing(
        self,
        texter: TexterId,
        outgoing: Outgoing,
        provider_id: str | None,
        state: DeliveryState,
        error: int | None = None,
    ) -> None:
        with self._lock:
            person = self._people[texter]
            first = self.next_outgoing(texter)
            if first is not None and first.id == outgoing.id:
                person.outbox.pop(0)
            key = provider_id or outgoing.id
            person.deliveries[outgoing.id] = key
            early = self._deliveries.get(key)
            settled = Delivery(texter, outgoing.id, state, error)
            self._deliveries[key] = (
                advanced(settled, early.state, early.error) if early else settled
            )

    def settled_as(self, provider_id: str) -> str | None:
        known = self._deliveries.get(provider_id)
        return known.outgoing if known is not None else None

    def note_delivery(
        self, provider_id: str, state: DeliveryState, error: int | None
    ) -> Delivery | None:
        with self._lock:
            known = self._deliveries.get(provider_id)
            if known is None:
                self._deliveries[provider_id] = Delivery(None, None, state, error)
                return None
            self._deliveries[provider_id] = advanced(known, state, error)
            return self._deliveries[provider_id] if known.texter else None

    def note_due(self, texter: TexterId, work: Work, at: datetime) -> None:
        with self._lock:
            self._due[work][texter] = at

    def clear_due(self, texter: TexterId, work: Work) -> bool:
        with self._lock:
            person = self._people[texter]
            if person.inbox if work is Work.TURN else person.outbox:
                return False
            self._due[work].pop(texter, None)
            return True

    def due(self, work: Work, before: datetime) -> Sequence[TexterId]:
        with self._lock:
            return [texter for texter, at in self._due[work].items() if at <= before]

    def queue(self) -> Sequence[Escalation]:
        with self._lock:
            found = [
                decode(Escalation, person.escalation)
                for person in self._people.values()
                if person.escalation
            ]
            return sorted((e for e in found if e.is_open), key=place)

    def texter_of(self, escalation_id: str) -> TexterId | None:
        return self._texter_of.get(escalation_id)

    def advocates(self) -> Sequence[Advocate]:
        return [decode(Advocate, data) for _, data in sorted(self._advocates.items())]

    def advocate(self, name: str) -> Advocate | None:
        data = self._advocates.get(name)
        return decode(Advocate, data) if data else None

    def save_advocate(self, advocate: Advocate) -> None:
        self._advocates[advocate.name] = encode(advocate)

    def remove_advocate(self, name: str) -> bool:
        self.drop_presence(name)
        return self._advocates.pop(name, None) is not None

    def note_presence(self, name: str, at: datetime) -> None:
        self._presence[name] = at

    def present(self, since: datetime) -> Sequence[str]:
        return sorted(name for name, at in self._presence.items() if at >= since)

    def drop_presence(self, name: str) -> None:
        self._presence.pop(name, None)

    def put_record(self, kind: str, key: str, value: Mapping[str, str], ttl: timedelta) -> None:
        self._records[kind, key] = dict(value)

    def get_record(self, kind: str, key: str) -> Mapping[str, str] | None:
        return self._records.get((kind, key))

    def take_record(self, kind: str, key: str) -> Mapping[str, str] | None:
        with self._lock:
            return self._records.pop((kind, key), None)

    def drop_record(self, kind: str, key: str) -> None:
        self._records.pop((kind, key), None)

    def inventory(self) -> Mapping[str, int]:
        people = self._people.values()
        return {
            "conversations": sum(1 for p in people if p.conversation),
            "unread texts": sum(len(p.inbox) for p in people),
            "unsent texts": sum(len(p.outbox) for p in people),
            "thread lines": sum(len(p.thread) for p in people),
            "open escalations": len(self.queue()),
            "advocates": len(self._advocates),
        }
