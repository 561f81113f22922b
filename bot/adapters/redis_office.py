"""What the advocates' door keeps: who may sign in, who is on shift, sessions and one-time links."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast

import redis

from bot.adapters import keys
from bot.adapters.redis_part import RedisPart, unavailable_when_down
from bot.ports import Advocate, Vault

TAKE_RECORD = (
    "local v = redis.call('get', KEYS[1]); if v then redis.call('del', KEYS[1]) end; return v"
)


class RedisOffice(RedisPart):
    """The part of the Store port that the console uses."""

    def __init__(self, client: redis.Redis, vault: Vault) -> None:
        super().__init__(client, vault)
        self._take = client.register_script(TAKE_RECORD)

    # --- advocates ------------------------------------------------------------

    @unavailable_when_down
    def advocates(self) -> Sequence[Advocate]:
        sealed = self._redis.hgetall(keys.ADVOCATES())
        return [
            self._open(keys.ADVOCATES, name.decode(), Advocate, data)
            for name, data in sorted(sealed.items())
        ]

    @unavailable_when_down
    def advocate(self, name: str) -> Advocate | None:
        data = self._redis.hget(keys.ADVOCATES(), name)
        return self._open(keys.ADVOCATES, name, Advocate, data) if data else None

    @unavailable_when_down
    def save_advocate(self, advocate: Advocate) -> None:
        sealed = self._seal(keys.ADVOCATES, advocate.name, advocate)
        self._redis.hset(keys.ADVOCATES(), advocate.name, sealed)

    @unavailable_when_down
    def remove_advocate(self, name: str) -> bool:
        self.drop_presence(name)
        return bool(self._redis.hdel(keys.ADVOCATES(), name))

    @unavailable_when_down
    def note_presence(self, name: str, at: datetime) -> None:
        self._redis.zadd(keys.PRESENCE(), {name: at.timestamp()})

    @unavailable_when_down
    def present(self, since: datetime) -> Sequence[str]:
        found = self._redis.zrangebyscore(keys.PRESENCE(), since.timestamp(), "+inf")
        return sorted(name.decode() for name in found)

    @unavailable_when_down
    def drop_presence(self, name: str) -> None:
        self._redis.zrem(keys.PRESENCE(), name)

    # --- small records of the doors ------------------------------------------------------------

    def _record(self, kind: str, key: str) -> tuple[str, str]:
        digest = self._vault.digest(f"record {kind}", key)
        return keys.RECORD(kind=kind, key=digest), f"{keys.RECORD.pattern}\0{kind}\0{digest}"

    @unavailable_when_down
    def put_record(self, kind: str, key: str, value: Mapping[str, str], ttl: timedelta) -> None:
        name, purpose = self._record(kind, key)
        self._redis.set(name, self._vault.seal(purpose, json.dumps(dict(value)).encode()), ex=ttl)

    def _opened(self, purpose: str, sealed: bytes | None) -> Mapping[str, str] | None:
        if sealed is None:
            return None
        return cast(dict[str, str], json.loads(self._vault.open(purpose, sealed)))

    @unavailable_when_down
    def get_record(self, kind: str, key: str) -> Mapping[str, str] | None:
        name, purpose = self._record(kind, key)
        return self._opened(purpose, self._redis.get(name))

    @unavailable_when_down
    def take_record(self, kind: str, key: str) -> Mapping[str, str] | None:
        name, purpose = self._record(kind, key)
        return self._opened(purpose, self._take(keys=[name]))

    @unavailable_when_down
    def drop_record(self, kind: str, key: str) -> None:
        self._redis.delete(self._record(kind, key)[0])
