"""Time-based one-time passwords (RFC 6238 over RFC 4226: HMAC-SHA-1, 6 digits, 30 seconds)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

STEP_SECONDS = 30
DIGITS = 6
#: Steps before and after the present one that are accepted too (RFC 6238, 5.2: at most one
#: for network delay; one more for a telephone's clock that runs ahead).
DRIFT = 1


def counter_at(now: datetime) -> int:
    """The number of the 30-second step that holds this moment."""
    return int(now.timestamp()) // STEP_SECONDS


def code_for(secret: str, counter: int) -> str:
    """The six digits of one step. Raises ValueError (binascii.Error) unless base32."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
    mac = hmac.new(key, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The step whose code this is, if it is a later one than `after`; else None.

    All steps are always compared, so that the time it takes tells nothing.
    """
    here, found = counter_at(now), None
    for counter in range(here - DRIFT, here + DRIFT + 1):
        same = hmac.compare_digest(code_for(secret, counter).encode(), code.encode())
        if same and counter > after and found is None:
            found = counter
    return found
