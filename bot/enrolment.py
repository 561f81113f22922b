"""Let somebody in as an advocate: password hash and second factor."""

from __future__ import annotations

import base64
import os
import re
from urllib.parse import quote

from argon2 import PasswordHasher

from bot.ports import Advocate, Store

#: NIST SP 800-63B asks for 8 with checks against lists of leaked ones; we have no list.
SHORTEST_PASSWORD = 12
#: RFC 4226, 4: a shared secret of 160 bits is recommended.
TOTP_SECRET_BYTES = 20
ISSUER = "Rights by Text"


class WeakPassword(ValueError):
    pass


def enrol(store: Store, name: str, password: str, languages: tuple[str, ...]) -> str:
    """Save the advocate and return the otpauth:// address for an authenticator app.

    Raises WeakPassword, and ValueError for a name that is not 2 to 40 letters, digits,
    dots or dashes. An existing advocate of this name gets a new password and factor.
    """
    if not re.fullmatch(r"[\w.-]{2,40}", name):
        raise ValueError("A name has 2 to 40 letters, digits, dots or dashes.")
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(f"A password needs at least {SHORTEST_PASSWORD} characters.")
    secret = base64.b32encode(os.urandom(TOTP_SECRET_BYTES)).decode("ascii")
    hashed = PasswordHasher().hash(password)
    store.save_advocate(Advocate(name, hashed, secret, languages))
    label = quote(f"{ISSUER}:{name}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(ISSUER)}"
