"""The Store over Redis. All of a person's records carry one revision: whoever read an older
one is refused, so a turn, an advocate's move and an opt-out can never overwrite each other."""

from __future__ import annotations

import functools
import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar, cast

import redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, TimeoutError, WatchError

from bot.adapters import keys
from bot.adapters.records import decode, encode
from bot.core.escalation import Escalation, place
from bot.core.model import Conversation, Inbound, Status, TexterId
from bot.ports import (
    Advocate,
    Change,
    Delivery,
    DeliveryState,
    Outgoing,
    Snapshot,
    ThreadEntry,
    Unavailable,
    Vault,
    Work,
    advanced,
)

#: Lines of a thread that are kept; older ones fall off.
THREAD_LENGTH = 60
#: Longest wait for Redis before the door tells the provider to try elsewhere.
TIMEOUT_SECONDS = 2.0

P = ParamSpec("P")
R = TypeVar("R")

#: Deletes the lock only for its holder (Redis documentation, "Distributed locks").
RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end"
#: Takes the note of due work away only while there is really nothing to do. The list and
#: the note live in different slots on a cluster, so the list is asked first by the caller.
TAKE_RECORD = (
    "local v = redis.call('get', KEYS[1]); if v then redis.call('del', KEYS[1]) end; return v"
)


def _unavailable_when_down(method: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(method)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except (RedisConnectionError, TimeoutError) as error:
            raise Unavailable("redis") from error
        except RedisError as error:
            # read-only replica, out of memory: just as unable to keep a text safely
            raise Unavailable("redis") from error

    return guarded


def connect(url: str) -> redis.Redis:
    """A client for this URL with timeouts; does not connect yet."""
    return redis.Redis.from_url(
        url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )


class RedisStore:
    """The Store port. Values are sealed by the vault, with the key's purpose bound in."""

    def __init__(self, client: redis.Redis, vault: Vault) -> None:
        self._redis: Any = client
        self._vault = vault
        self._release = client.register_script(RELEASE)
        self._take = client.register_script(TAKE_RECORD)

    # --- sealing ---------------------------------------------------------------------------

    def _seal(self, key: keys.Key, owner: str, value: Any) -> bytes:
        return self._vault.seal(f"{key.pattern}\0{owner}", encode(value))

    def _open(self, key: keys.Key, owner: str, kind: type[R], sealed: bytes) -> R:
        return decode(kind, self._vault.open(f"{key.pattern}\0{owner}", sealed))

    # --- the door ----------------------------------------------------------------------------

    @_unavailable_when_down
    def ping(self) -> None:
        self._redis.ping()

    @_unavailable_when_down
    def append(self, texter: TexterId, inbound: Inbound) -> None:
        # the note first: if we die between the two, the clock finds an empty inbox, no harm
        self._note_due(texter, Work.TURN, inbound.received_at)
        inbox, address = keys.of(keys.INBOX, texter), keys.of(keys.ADDRESS, texter)
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.rpush(inbox, self._seal(keys.INBOX, texter, inbound))
            pipe.expire(inbox, keys.INBOX.lifetime)
            sealed = self._vault.seal(f"{keys.ADDRESS.pattern}\0{texter}", inbound.address.encode())
            pipe.set(address, sealed, ex=keys.ADDRESS.lifetime)
            pipe.execute()

    @_unavailable_when_down
    def count_inbound(self, texter: TexterId, window: timedelta, now: datetime) -> int:
        key, at = keys.of(keys.ARRIVALS, texter), now.timestamp()
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.zremrangebyscore(key, "-inf", at - window.total_seconds())
            pipe.zadd(key, {secrets.token_bytes(6): at})
            pipe.zcard(key)
            pipe.expire(key, keys.ARRIVALS.lifetime)
            return int(pipe.execute()[2])

    # --- one person's records ------------------------------------------------------------------

    @_unavailable_when_down
    def load(self, texter: TexterId) -> Snapshot:
        return self._read(self._redis, texter)

    def _read(self, client: Any, texter: TexterId) -> Snapshot:
        sealed, stopped, escalation, address = client.mget(
            keys.of(keys.CONVERSATION, texter),
            keys.of(keys.STOPPED, texter),
            keys.of(keys.ESCALATION, texter),
            keys.of(keys.ADDRESS, texter),
        )
        here, revision = None, 0
        if sealed:
            head, _, body = sealed.partition(b"\0")
            revision = int(head)
            here = self._open(keys.CONVERSATION, texter, Conversation, body)
        elif stopped:
            here = Conversation(channel=stopped.decode(), status=Status.STOPPED)
        return Snapshot(
            texter,
            here,
            self._open(keys.ESCALATION, texter, Escalation, escalation) if escalation else None,
            self._vault.open(f"{keys.ADDRESS.pattern}\0{texter}", address).decode()
            if address
            else None,
            revision,
        )

    @_unavailable_when_down
    def commit(self, snapshot: Snapshot, change: Change) -> bool:
        texter = snapshot.texter
        conversation = keys.of(keys.CONVERSATION, texter)
        # indexes live in other slots: what they gain is written before, what they lose after,
        # so that a crash leaves at most an entry that points nowhere
        self._index(texter, change)
        with self._redis.pipeline(transaction=True) as pipe:
            try:
                pipe.watch(conversation)
                sealed = pipe.get(conversation)
                revision = int(sealed.partition(b"\0")[0]) if sealed else 0
                if revision != snapshot.revision:
                    return False
                pipe.multi()
                self._write(pipe, texter, revision + 1, change)
                pipe.execute()
            except WatchError:
                return False
        if change.escalation is not None and (change.forget or not change.escalation.is_open):
            self._redis.zrem(keys.QUEUE(), texter)
        return True

    def _index(self, texter: TexterId, change: Change) -> None:
        one = change.escalation
        if one is not None and one.is_open:
            self._redis.set(
                keys.ESCALATION_TEXTER(id=one.id), texter, ex=keys.ESCALATION_TEXTER.lifetime
            )
            self._redis.zadd(keys.QUEUE(), {texter: place(one)})
        if change.outgoing:
            self._note_due(texter, Work.DELIVERY, change.outgoing[0].created_at)

    def _write(self, pipe: Any, texter: TexterId, revision: int, change: Change) -> None:
        if change.forget:
            self._forget(pipe, texter, change)
        if change.answered is not None:
            message = self._vault.digest("message", change.answered)
            pipe.set(keys.of(keys.ANSWERED, texter, message=message), 1, ex=keys.ANSWERED.lifetime)
            pipe.lpop(keys.of(keys.INBOX, texter))
        body = self._seal(keys.CONVERSATION, texter, change.conversation)
        key = keys.of(keys.CONVERSATION, texter)
        pipe.set(key, b"%d\0" % revision + body, ex=keys.CONVERSATION.lifetime)
        if change.conversation.status is Status.STOPPED:
            channel = change.conversation.channel.value
            pipe.set(keys.of(keys.STOPPED, texter), channel, ex=keys.STOPPED.lifetime)
        else:
            pipe.delete(keys.of(keys.STOPPED, texter))
        if change.escalation is not None and not change.forget:
            sealed = self._seal(keys.ESCALATION, texter, change.escalation)
            pipe.set(keys.of(keys.ESCALATION, texter), sealed, ex=keys.ESCALATION.lifetime)
        self._push(pipe, keys.OUTBOX, texter, change.outgoing)
        self._push(pipe, keys.THREAD, texter, change.thread)
        if change.thread:
            pipe.ltrim(keys.of(keys.THREAD, texter), -THREAD_LENGTH, -1)

    def _push(self, pipe: Any, key: keys.Key, texter: TexterId, values: Sequence[Any]) -> None:
        if values:
            name = keys.of(key, texter)
            pipe.rpush(name, *(self._seal(key, texter, value) for value in values))
            pipe.expire(name, key.lifetime)

    def _forget(self, pipe: Any, texter: TexterId, change: Change) -> None:
        """All but the marks against repeats, texts still to be read, and an opt-out."""
        gone = [keys.OUTBOX, keys.THREAD, keys.ESCALATION, keys.SENT, keys.ARRIVALS]
        if change.conversation.status is Status.STOPPED:
            gone.append(keys.ADDRESS)
        pipe.delete(*(keys.of(key, texter) for key in gone))

    @contextmanager
    def drainer(self, texter: TexterId, work: Work) -> Iterator[bool]:
        key, token = keys.of(keys.BUSY, texter, work=work), secrets.token_bytes(8)
        mine = bool(self._lock(key, token))
        try:
            yield mine
        finally:
            if mine:
                self._unlock(key, token)

    @_unavailable_when_down
    def _lock(self, key: str, token: bytes) -> Any:
        return self._redis.set(key, token, nx=True, ex=keys.BUSY.lifetime)

    @_unavailable_when_down
    def _unlock(self, key: str, token: bytes) -> None:
        self._release(keys=[key], args=[token])

    @_unavailable_when_down
    def next_inbound(self, texter: TexterId) -> Inbound | None:
        # the lock is renewed with every message, so a long inbox cannot outlive it
        self._redis.expire(keys.of(keys.BUSY, texter, work=Work.TURN), keys.BUSY.lifetime)
        sealed = self._redis.lindex(keys.of(keys.INBOX, texter), 0)
        return self._open(keys.INBOX, texter, Inbound, sealed) if sealed else None

    @_unavailable_when_down
    def drop_inbound(self, texter: TexterId, provider_id: str) -> None:
        first = self.next_inbound(texter)
        if first is not None and first.provider_id == provider_id:
            self._redis.lpop(keys.of(keys.INBOX, texter))

    @_unavailable_when_down
    def was_answered(self, texter: TexterId, provider_id: str) -> bool:
        message = self._vault.digest("message", provider_id)
        return bool(self._redis.exists(keys.of(keys.ANSWERED, texter, message=message)))

    @_unavailable_when_down
    def thread(self, texter: TexterId) -> Sequence[ThreadEntry]:
        sealed = self._redis.lrange(keys.of(keys.THREAD, texter), 0, -1)
        entries = [self._open(keys.THREAD, texter, ThreadEntry, data) for data in sealed]
        sent = self._redis.hgetall(keys.of(keys.SENT, texter))
        return [
            replace(entry, delivery=self._delivery(sent.get(entry.outgoing.encode())))
            if entry.outgoing
            else entry
            for entry in entries
        ]

    # --- the outbox -----------------------------------------------------------------------------

    @_unavailable_when_down
    def next_outgoing(self, texter: TexterId) -> Outgoing | None:
        self._redis.expire(keys.of(keys.BUSY, texter, work=Work.DELIVERY), keys.BUSY.lifetime)
        sealed = self._redis.lindex(keys.of(keys.OUTBOX, texter), 0)
        return self._open(keys.OUTBOX, texter, Outgoing, sealed) if sealed else None

    @_unavailable_when_down
    def update_outgoing(self, texter: TexterId, outgoing: Outgoing) -> None:
        self._at_head(texter, outgoing, lambda pipe, key: pipe.lset(
            key, 0, self._seal(keys.OUTBOX, texter, outgoing)
        ))  # fmt: skip

    @_unavailable_when_down
    def settle_outgoing(
        self,
        texter: TexterId,
        outgoing: Outgoing,
        provider_id: str | None,
        state: DeliveryState,
        error: int | None = None,
    ) -> None:
        message = self._vault.digest("delivery", provider_id or outgoing.id)
        # the delivery first: were it lost, the status callbacks could not be matched
        settled = Delivery(texter, outgoing.id, state, error)
        self._move_delivery(message, settled, state, error)
        sent = keys.of(keys.SENT, texter)

        def take(pipe: Any, key: str) -> None:
            pipe.lpop(key)
            pipe.hset(sent, outgoing.id, message)
            pipe.expire(sent, keys.SENT.lifetime)

        self._at_head(texter, outgoing, take)

    def _at_head(
        self, texter: TexterId, outgoing: Outgoing, act: Callable[[Any, str], object]
    ) -> None:
        """Act in one transaction while this text is the first of the outbox; else nothing."""
        key = keys.of(keys.OUTBOX, texter)

        def attempt(pipe: Any) -> None:
            sealed = pipe.lindex(key, 0)
            pipe.multi()
            if sealed and self._open(keys.OUTBOX, texter, Outgoing, sealed).id == outgoing.id:
                act(pipe, key)

        self._redis.transaction(attempt, key)

    @_unavailable_when_down
    def note_delivery(
        self, provider_id: str, state: DeliveryState, error: int | None
    ) -> Delivery | None:
        message = self._vault.digest("delivery", provider_id)
        after = self._move_delivery(message, Delivery(None, None, state, error), state, error)
        return after if after.texter else None

    def _move_delivery(
        self, message: str, new: Delivery, state: DeliveryState, error: int | None
    ) -> Delivery:
        """Store the furthest of what is known and what is new; whose text it is, is kept."""
        key = keys.DELIVERY(message=message)
        result: list[Delivery] = []

        def attempt(pipe: Any) -> None:
            data = pipe.get(key)
            known = decode(Delivery, data) if data else new
            after = advanced(known, state, error)
            after = replace(
                after, texter=after.texter or new.texter, outgoing=after.outgoing or new.outgoing
            )
            result[:] = [after]
            pipe.multi()
            pipe.set(key, encode(after), ex=keys.DELIVERY.lifetime)

        self._redis.transaction(attempt, key)
        return result[0]

    def _delivery(self, message: bytes | None) -> Delivery | None:
        data = self._redis.get(keys.DELIVERY(message=message.decode())) if message else None
        return decode(Delivery, data) if data else None

    # --- due work ----------------------------------------------------------------------------------

    @_unavailable_when_down
    def note_due(self, texter: TexterId, work: Work, at: datetime) -> None:
        self._note_due(texter, work, at)

    def _note_due(self, texter: TexterId, work: Work, at: datetime) -> None:
        self._redis.zadd(keys.due(work), {texter: at.timestamp()})

    @_unavailable_when_down
    def clear_due(self, texter: TexterId, work: Work) -> bool:
        todo = keys.of(keys.INBOX if work is Work.TURN else keys.OUTBOX, texter)
        self._redis.zrem(keys.due(work), texter)
        if self._redis.exists(todo):
            # it came in between: the note is put back, and the caller enqueues
            self._note_due(texter, work, datetime.now(UTC))
            return False
        return True

    @_unavailable_when_down
    def due(self, work: Work, before: datetime) -> Sequence[TexterId]:
        found = self._redis.zrangebyscore(keys.due(work), "-inf", before.timestamp(), 0, 1000)
        return [TexterId(texter.decode()) for texter in found]

    # --- the queue ---------------------------------------------------------------------------------

    @_unavailable_when_down
    def queue(self) -> Sequence[Escalation]:
        found: list[Escalation] = []
        for raw in self._redis.zrange(keys.QUEUE(), 0, -1):
            texter = TexterId(raw.decode())
            sealed = self._redis.get(keys.of(keys.ESCALATION, texter))
            if sealed is None:
                continue  # indexed by a commit that has not happened (yet)
            one = self._open(keys.ESCALATION, texter, Escalation, sealed)
            if one.is_open:
                found.append(one)
        return sorted(found, key=place)

    @_unavailable_when_down
    def texter_of(self, escalation_id: str) -> TexterId | None:
        texter = self._redis.get(keys.ESCALATION_TEXTER(id=escalation_id))
        return TexterId(texter.decode()) if texter else None

    # --- advocates ----------------------------------------------------------------------------------

    @_unavailable_when_down
    def advocates(self) -> Sequence[Advocate]:
        sealed = self._redis.hgetall(keys.ADVOCATES())
        return [
            self._open(keys.ADVOCATES, name.decode(), Advocate, data)
            for name, data in sorted(sealed.items())
        ]

    @_unavailable_when_down
    def advocate(self, name: str) -> Advocate | None:
        data = self._redis.hget(keys.ADVOCATES(), name)
        return self._open(keys.ADVOCATES, name, Advocate, data) if data else None

    @_unavailable_when_down
    def save_advocate(self, advocate: Advocate) -> None:
        sealed = self._seal(keys.ADVOCATES, advocate.name, advocate)
        self._redis.hset(keys.ADVOCATES(), advocate.name, sealed)

    @_unavailable_when_down
    def note_presence(self, name: str, at: datetime) -> None:
        self._redis.zadd(keys.PRESENCE(), {name: at.timestamp()})

    @_unavailable_when_down
    def present(self, since: datetime) -> Sequence[str]:
        found = self._redis.zrangebyscore(keys.PRESENCE(), since.timestamp(), "+inf")
        return sorted(name.decode() for name in found)

    @_unavailable_when_down
    def drop_presence(self, name: str) -> None:
        self._redis.zrem(keys.PRESENCE(), name)

    # --- small records of the doors ---------------------------------------------------------------

    def _record(self, kind: str, key: str) -> tuple[str, str]:
        digest = self._vault.digest(f"record {kind}", key)
        return keys.RECORD(kind=kind, key=digest), f"{keys.RECORD.pattern}\0{kind}\0{digest}"

    @_unavailable_when_down
    def put_record(self, kind: str, key: str, value: Mapping[str, str], ttl: timedelta) -> None:
        name, purpose = self._record(kind, key)
        self._redis.set(name, self._vault.seal(purpose, json.dumps(dict(value)).encode()), ex=ttl)

    def _opened(self, purpose: str, sealed: bytes | None) -> Mapping[str, str] | None:
        if sealed is None:
            return None
        return cast(dict[str, str], json.loads(self._vault.open(purpose, sealed)))

    @_unavailable_when_down
    def get_record(self, kind: str, key: str) -> Mapping[str, str] | None:
        name, purpose = self._record(kind, key)
        return self._opened(purpose, self._redis.get(name))

    @_unavailable_when_down
    def take_record(self, kind: str, key: str) -> Mapping[str, str] | None:
        name, purpose = self._record(kind, key)
        return self._opened(purpose, self._take(keys=[name]))

    @_unavailable_when_down
    def drop_record(self, kind: str, key: str) -> None:
        self._redis.delete(self._record(kind, key)[0])

    # --- privacy -----------------------------------------------------------------------------------

    @_unavailable_when_down
    def inventory(self) -> Mapping[str, int]:
        counts = {key.pattern: 0 for key in keys.ALL}
        patterns = {key.pattern: keys.matcher(key) for key in keys.ALL}
        for name in self._redis.scan_iter(count=1000):
            for pattern, matches in patterns.items():
                if matches(name.decode(errors="replace")):
                    counts[pattern] += 1
                    break
        return counts
