"""Who is signed in: a random token in the cookie, its digest and the times in the store."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from bot.ports import Advocate, Clock, Store
from console.accounts import digest

SESSION = "session"
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
#: How exact the time of the last request is kept; spares a write for most requests.
EXACTNESS = timedelta(minutes=1)


class Sessions:
    """Sessions of all advocates; a session ends when the password changes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def start(self, advocate: Advocate) -> str:
        """A new session's token, for the cookie. Raises Unavailable."""
        token, now = secrets.token_urlsafe(32), self._clock.now()
        self._keep(token, advocate, now, now)
        return token

    def find(self, token: str, active: bool) -> Advocate | None:
        """Whose session it is; None when it is over or never was.

        `active` tells that a person did this, not a page that refreshes itself.
        Raises Unavailable.
        """
        kept = self._store.get_record(SESSION, digest(token))
        if kept is None:
            return None
        now = self._clock.now()
        started, seen = (datetime.fromisoformat(kept[name]) for name in ("started", "seen"))
        advocate = self._store.advocate(kept["name"])
        over = now - seen >= IDLE or now - started >= ABSOLUTE
        if over or advocate is None or _mark(advocate) != kept["mark"]:
            self._store.drop_record(SESSION, digest(token))
            return None
        if active and now - seen >= EXACTNESS:
            self._keep(token, advocate, started, now)
        return advocate

    def end(self, token: str) -> None:
        self._store.drop_record(SESSION, digest(token))

    def _keep(self, token: str, advocate: Advocate, started: datetime, seen: datetime) -> None:
        value = {
            "name": advocate.name,
            "started": started.isoformat(),
            "seen": seen.isoformat(),
            "mark": _mark(advocate),
        }
        self._store.put_record(SESSION, digest(token), value, started + ABSOLUTE - seen)


def _mark(advocate: Advocate) -> str:
    """Changes with the second factor, which every new password brings along."""
    return digest(advocate.totp_secret)[:16]
