"""Who may come in: password and one-time code, or a one-time link where that is allowed."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.ports import Advocate, Clock, Store
from console import totp

LINK = "link"
#: Argon2id takes 64 MiB for each password; more at once than this could exhaust a machine.
HASHES_AT_ONCE = 2


def issue_link(store: Store, name: str, ttl: timedelta) -> str:
    """A token for /sign-in/link/<token> that signs this advocate in once, within `ttl`.

    The store gets only the token's digest. Raises Unavailable.
    """
    token = secrets.token_urlsafe(32)
    store.put_record(LINK, digest(token), {"name": name}, ttl)
    return token


def digest(token: str) -> str:
    """Under what a secret token is stored. Tokens are random, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


class Accounts:
    """Checks what somebody claims to be. Names, passwords and codes are never logged.

    Args:
        first_time: tells atomically whether a use of something is the first one.
    """

    def __init__(self, store: Store, clock: Clock, first_time: Callable[[str, str], bool]) -> None:
        self._store = store
        self._clock = clock
        self._first_time = first_time
        self._hasher = PasswordHasher()
        self._room = threading.BoundedSemaphore(HASHES_AT_ONCE)
        # an unknown name is checked against this one, so that it costs the same
        self._nobody = Advocate(
            name="",
            password_hash=self._hasher.hash(secrets.token_urlsafe(24)),
            totp_secret="A" * 32,
            languages=(),
        )

    def check(self, name: str, password: str, code: str) -> Advocate | None:
        """The advocate, when name, password and a fresh code are right; else None.

        A code that was accepted is not accepted again. Raises Unavailable.
        """
        known = self._store.advocate(name)
        claimed = known or self._nobody
        right_password = self._verify(claimed.password_hash, password)
        digits = re.sub(r"\s", "", code)
        step = totp.matching(
            claimed.totp_secret, digits, self._clock.now(), after=claimed.last_totp
        )
        if known is None or not right_password or step is None:
            return None
        if not self._first_time("code", f"{name}\0{step}"):
            return None  # the same code, sent twice at once
        # read again: hashing takes a while, and a new password set meanwhile must stay
        now = self._store.advocate(name)
        if now is None or replace(now, last_totp=known.last_totp) != known:
            return None
        signed_in = replace(now, last_totp=max(step, now.last_totp))
        if self._hasher.check_needs_rehash(signed_in.password_hash):
            signed_in = replace(signed_in, password_hash=self._hasher.hash(password))
        self._store.save_advocate(signed_in)
        return signed_in

    def _verify(self, password_hash: str, password: str) -> bool:
        with self._room:
            try:
                return self._hasher.verify(password_hash, password)
            except (VerificationError, InvalidHashError):
                return False

    def redeem(self, token: str) -> Advocate | None:
        """The advocate of a one-time link, which is used up by this. Raises Unavailable."""
        found = self._store.take_record(LINK, digest(token))
        return self._store.advocate(found["name"]) if found else None

    def is_waiting(self, token: str) -> bool:
        """Whether the link would still sign somebody in; looking does not use it up."""
        return self._store.get_record(LINK, digest(token)) is not None
