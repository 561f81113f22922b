"""Texts on their way to people, and how far each of them got."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.adapters import keys
from bot.adapters.records import decode, encode
from bot.adapters.redis_part import RedisPart, unavailable_when_down
from bot.core.model import TexterId
from bot.ports import Delivery, DeliveryState, Outgoing, Work, advanced


class RedisOutbox(RedisPart):
    """The part of the Store port that delivery uses."""

    @unavailable_when_down
    def next_outgoing(self, texter: TexterId) -> Outgoing | None:
        self._redis.expire(keys.of(keys.BUSY, texter, work=Work.DELIVERY), keys.BUSY.lifetime)
        sealed = self._redis.lindex(keys.of(keys.OUTBOX, texter), 0)
        return self._open(keys.OUTBOX, texter, Outgoing, sealed) if sealed else None

    @unavailable_when_down
    def update_outgoing(self, texter: TexterId, outgoing: Outgoing) -> None:
        self._at_head(texter, outgoing, lambda pipe, key: pipe.lset(
            key, 0, self._seal(keys.OUTBOX, texter, outgoing)
        ))  # fmt: skip

    @unavailable_when_down
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

    @unavailable_when_down
    def settled_as(self, provider_id: str) -> str | None:
        known = self._delivery(self._vault.digest("delivery", provider_id).encode())
        return known.outgoing if known is not None else None

    @unavailable_when_down
    def note_delivery(
        self, provider_id: str, state: DeliveryState, error: int | None
    ) -> Delivery | None:
        message = self._vault.digest("delivery", provider_id)
        known = self._delivery(message.encode())
        if known is not None and advanced(known, state, error) == known:
            # most reports say nothing new ("queued" always): one look instead of a transaction
            return known if known.texter else None
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
