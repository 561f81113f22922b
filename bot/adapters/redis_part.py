"""What every part of the Redis store stands on: the connection, sealing, and honest failure."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import redis
from redis.exceptions import RedisError

from bot.adapters import keys
from bot.adapters.records import decode, encode
from bot.ports import Unavailable, Vault

#: Longest wait for Redis before the door tells the provider to try elsewhere.
TIMEOUT_SECONDS = 2.0

P = ParamSpec("P")
R = TypeVar("R")


def unavailable_when_down(method: Callable[P, R]) -> Callable[P, R]:
    """Turns what the Redis client raises into the port's Unavailable.

    Read-only replica or out of memory count too: just as unable to keep a text safely.
    """

    @functools.wraps(method)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except RedisError as error:
            raise Unavailable("redis") from error

    return guarded


def connect(url: str) -> redis.Redis:
    """A client for this URL with timeouts; does not connect yet."""
    return redis.Redis.from_url(
        url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )


class RedisPart:
    """Values are sealed by the vault, with the key's purpose bound in."""

    def __init__(self, client: redis.Redis, vault: Vault) -> None:
        self._redis: Any = client
        self._vault = vault

    def _seal(self, key: keys.Key, owner: str, value: Any) -> bytes:
        return self._vault.seal(f"{key.pattern}\0{owner}", encode(value))

    def _open(self, key: keys.Key, owner: str, kind: type[R], sealed: bytes) -> R:
        return decode(kind, self._vault.open(f"{key.pattern}\0{owner}", sealed))

    def _open_if_readable(
        self, key: keys.Key, owner: str, kind: type[R], sealed: bytes | None
    ) -> R | None:
        """As `_open`, but None for what is missing or was sealed with a key that is gone.

        Whoever writes to us must get an answer even when an operator removed a key too early;
        what cannot be read any more counts as forgotten.
        """
        if not sealed:
            return None
        try:
            return self._open(key, owner, kind, sealed)
        except ValueError:
            return None
