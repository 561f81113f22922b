"""How often may be tried, and what may be done only once; counted where all processes see it."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, request
from flask_limiter import Limiter

from bot.ports import Vault

#: Sign-ins from one address and for one name, successful ones included. The first is the
#: wider one, since an office shares an address; the second stops guessing from many.
PER_ADDRESS = "30 per 15 minutes"
PER_NAME = "10 per 15 minutes"
#: For how long a use of something that works once is remembered.
REMEMBERED = timedelta(days=1)


class Limits:
    """Counters in the limiter's storage; their names are keyed digests, never clear."""

    def __init__(self, app: Flask, vault: Vault, storage_url: str) -> None:
        self._vault = vault
        self._limiter = Limiter(
            self._address,
            app=app,
            storage_uri=storage_url,
            strategy="moving-window",
            key_prefix="console",
            headers_enabled=False,
        )

    def sign_in(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """Decorates a view that takes a name and a password."""
        per_name = self._limiter.limit(PER_NAME, key_func=self._name, methods=["POST"])
        return per_name(self.link(view))

    def link(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """Decorates a view that takes a token."""
        limited = self._limiter.limit(PER_ADDRESS, key_func=self._address, methods=["POST"])
        result: Callable[..., Any] = limited(view)
        return result

    def first_time(self, kind: str, what: str) -> bool:
        """Whether this is the first use of something; only one caller is ever told so."""
        key = f"once/{self._vault.digest(f'once {kind}', what)}"
        return self._limiter.storage.incr(key, int(REMEMBERED.total_seconds())) == 1

    def _address(self) -> str:
        return self._vault.digest("sign-in address", _network(request.remote_addr or ""))

    def _name(self) -> str:
        return self._vault.digest("sign-in name", request.form.get("name", "").strip().casefold())


def _network(address: str) -> str:
    """The address, or the network that one customer has with IPv6 (a /64, RFC 6177)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))
