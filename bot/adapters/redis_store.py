"""The Store over Redis. All of a person's records carry one revision: whoever read an older
one is refused, so a turn, an advocate's move and an opt-out can never overwrite each other."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import redis
from redis.exceptions import WatchError

from bot.adapters import keys
from bot.adapters.redis_office import RedisOffice
from bot.adapters.redis_outbox import RedisOutbox
from bot.adapters.redis_part import unavailable_when_down
from bot.core.escalation import Escalation, place
from bot.core.model import Conversation, Inbound, Status, TexterId
from bot.ports import THREAD_LENGTH, Change, Snapshot, ThreadEntry, Vault, Work

#: Deletes the lock only for its holder (Redis documentation, "Distributed locks").
RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end"


class RedisStore(RedisOutbox, RedisOffice):
    """The Store port: people's records here, outbox and advocates' records in the bases."""

    def __init__(self, client: redis.Redis, vault: Vault) -> None:
        super().__init__(client, vault)
        self._release = client.register_script(RELEASE)

    # --- the door ------------------------------------------------------------

    @unavailable_when_down
    def ping(self) -> None:
        self._redis.ping()

    @unavailable_when_down
    def append(self, texter: TexterId, inbound: Inbound) -> None:
        # the note first: if we die between the two, the clock finds an empty inbox, no harm
        self._note_due(texter, Work.TURN, inbound.received_at)
        inbox = keys.of(keys.INBOX, texter)
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.rpush(inbox, self._seal(keys.INBOX, texter, inbound))
            pipe.expire(inbox, keys.INBOX.lifetime)
            pipe.execute()

    @unavailable_when_down
    def count_inbound(self, texter: TexterId, window: timedelta, now: datetime) -> int:
        key, at = keys.of(keys.ARRIVALS, texter), now.timestamp()
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.zremrangebyscore(key, "-inf", at - window.total_seconds())
            pipe.zadd(key, {secrets.token_bytes(6): at})
            pipe.zcard(key)
            pipe.expire(key, keys.ARRIVALS.lifetime)
            return int(pipe.execute()[2])

    # --- one person's records ------------------------------------------------------------------

    @unavailable_when_down
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
            here = self._open_if_readable(keys.CONVERSATION, texter, Conversation, body)
        if here is None and stopped:
            here = Conversation(channel=stopped.decode(), status=Status.STOPPED)
        return Snapshot(
            texter,
            here,
            self._open_if_readable(keys.ESCALATION, texter, Escalation, escalation),
            self._address(texter, address),
            revision,
        )

    def _address(self, texter: TexterId, sealed: bytes | None) -> str | None:
        try:
            purpose = f"{keys.ADDRESS.pattern}\0{texter}"
            return self._vault.open(purpose, sealed).decode() if sealed else None
        except ValueError:
            return None

    @unavailable_when_down
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
        if change.escalation is not None and change.forget:
            self._redis.delete(keys.ESCALATION_TEXTER(id=change.escalation.id))
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
            self._forget(pipe, texter)
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
            pipe.delete(keys.of(keys.ADDRESS, texter))
        else:
            pipe.delete(keys.of(keys.STOPPED, texter))
            if change.address is not None and not change.forget:
                purpose = f"{keys.ADDRESS.pattern}\0{texter}"
                sealed = self._vault.seal(purpose, change.address.encode())
                pipe.set(keys.of(keys.ADDRESS, texter), sealed, ex=keys.ADDRESS.lifetime)
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

    def _forget(self, pipe: Any, texter: TexterId) -> None:
        """All but the marks against repeats, texts still to be read, and an opt-out."""
        gone = (
            *(keys.ADDRESS, keys.OUTBOX, keys.THREAD, keys.ESCALATION, keys.SENT, keys.ARRIVALS),
        )
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

    @unavailable_when_down
    def _lock(self, key: str, token: bytes) -> Any:
        return self._redis.set(key, token, nx=True, ex=keys.BUSY.lifetime)

    @unavailable_when_down
    def _unlock(self, key: str, token: bytes) -> None:
        self._release(keys=[key], args=[token])

    @unavailable_when_down
    def next_inbound(self, texter: TexterId) -> Inbound | None:
        # the lock is renewed with every message, so a long inbox cannot outlive it
        self._redis.expire(keys.of(keys.BUSY, texter, work=Work.TURN), keys.BUSY.lifetime)
        sealed = self._redis.lindex(keys.of(keys.INBOX, texter), 0)
        return self._open(keys.INBOX, texter, Inbound, sealed) if sealed else None

    @unavailable_when_down
    def drop_inbound(self, texter: TexterId, provider_id: str) -> None:
        first = self.next_inbound(texter)
        if first is not None and first.provider_id == provider_id:
            self._redis.lpop(keys.of(keys.INBOX, texter))

    @unavailable_when_down
    def was_answered(self, texter: TexterId, provider_id: str) -> bool:
        message = self._vault.digest("message", provider_id)
        return bool(self._redis.exists(keys.of(keys.ANSWERED, texter, message=message)))

    @unavailable_when_down
    def thread(self, texter: TexterId) -> Sequence[ThreadEntry]:
        sealed = self._redis.lrange(keys.of(keys.THREAD, texter), 0, -1)
        read = (self._open_if_readable(keys.THREAD, texter, ThreadEntry, data) for data in sealed)
        entries = [entry for entry in read if entry is not None]
        sent = self._redis.hgetall(keys.of(keys.SENT, texter))
        return [
            replace(entry, delivery=self._delivery(sent.get(entry.outgoing.encode())))
            if entry.outgoing
            else entry
            for entry in entries
        ]

    # --- due work ------------------------------------------------------------

    @unavailable_when_down
    def note_due(self, texter: TexterId, work: Work, at: datetime) -> None:
        self._note_due(texter, work, at)

    def _note_due(self, texter: TexterId, work: Work, at: datetime) -> None:
        self._redis.zadd(keys.due(work), {texter: at.timestamp()})

    @unavailable_when_down
    def clear_due(self, texter: TexterId, work: Work) -> bool:
        unfinished = keys.of(keys.INBOX if work is Work.TURN else keys.OUTBOX, texter)
        self._redis.zrem(keys.due(work), texter)
        if self._redis.exists(unfinished):
            # it came in between: the note is put back, and the caller enqueues
            self._note_due(texter, work, datetime.now(UTC))
            return False
        return True

    @unavailable_when_down
    def due(self, work: Work, before: datetime) -> Sequence[TexterId]:
        found = self._redis.zrangebyscore(keys.due(work), "-inf", before.timestamp(), 0, 1000)
        return [TexterId(texter.decode()) for texter in found]

    # --- the queue ------------------------------------------------------------

    @unavailable_when_down
    def queue(self) -> Sequence[Escalation]:
        found: list[Escalation] = []
        for raw in self._redis.zrange(keys.QUEUE(), 0, -1):
            texter = TexterId(raw.decode())
            sealed = self._redis.get(keys.of(keys.ESCALATION, texter))
            one = self._open_if_readable(keys.ESCALATION, texter, Escalation, sealed)
            # None: indexed by a commit that has not happened (yet)
            if one is not None and one.is_open:
                found.append(one)
        return sorted(found, key=place)

    @unavailable_when_down
    def texter_of(self, escalation_id: str) -> TexterId | None:
        texter = self._redis.get(keys.ESCALATION_TEXTER(id=escalation_id))
        return TexterId(texter.decode()) if texter else None

    # --- privacy ------------------------------------------------------------

    @unavailable_when_down
    def inventory(self) -> Mapping[str, int]:
        counts = {key.pattern: 0 for key in keys.ALL}
        patterns = {key.pattern: keys.matcher(key) for key in keys.ALL}
        for name in self._redis.scan_iter(count=1000):
            for pattern, matches in patterns.items():
                if matches(name.decode(errors="replace")):
                    counts[pattern] += 1
                    break
        return counts
