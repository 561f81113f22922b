"""Names and seals: keyed ids that cannot be reversed, and AES-GCM with key rotation."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.model import TexterId

KEY_BYTES = 32
#: AES-GCM's recommended nonce (NIST SP 800-38D, 8.2): 96 bits, random for each seal.
NONCE_BYTES = 12
#: Enough of a key's digest to tell the few keys of one deployment apart.
KEY_NAME_BYTES = 4


def read_key(encoded: str) -> bytes:
    """A key from its URL-safe base64 form. Raises ValueError unless it holds 32 bytes."""
    try:
        key = base64.urlsafe_b64decode(encoded.encode("ascii"))
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not URL-safe base64") from error
    if len(key) != KEY_BYTES:
        raise ValueError(f"holds {len(key)} bytes, wanted {KEY_BYTES}")
    return key


def new_key() -> str:
    """A fresh random key in the form that `read_key` reads."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode("ascii")


class AesVault:
    """Seals with the first encryption key and opens with any of the list, so that a key is
    rotated by putting a new one in front. The id key is another one and is never rotated
    lightly: with a new one, nobody is recognised any more."""

    def __init__(self, encryption_keys: Sequence[str], id_key: str) -> None:
        keys = [read_key(key) for key in encryption_keys]
        if not keys:
            raise ValueError("at least one encryption key is needed")
        self._id_key = read_key(id_key)
        if self._id_key in keys:
            raise ValueError("the id key must not be one of the encryption keys")
        self._ciphers = {_name(key): AESGCM(key) for key in keys}
        self._sealing = _name(keys[0])

    def texter_id(self, address: str) -> TexterId:
        return TexterId(self.digest("texter", address))

    def digest(self, purpose: str, value: str) -> str:
        message = f"{purpose}\0{value}".encode()
        return hmac.new(self._id_key, message, hashlib.sha256).hexdigest()[:32]

    def seal(self, purpose: str, plain: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._sealing].encrypt(nonce, plain, purpose.encode())
        return self._sealing + nonce + sealed

    def open(self, purpose: str, sealed: bytes) -> bytes:
        cipher = self._ciphers.get(sealed[:KEY_NAME_BYTES])
        if cipher is None:
            raise ValueError("sealed with a key that is not in the list")
        nonce = sealed[KEY_NAME_BYTES : KEY_NAME_BYTES + NONCE_BYTES]
        try:
            return cipher.decrypt(nonce, sealed[KEY_NAME_BYTES + NONCE_BYTES :], purpose.encode())
        except InvalidTag as error:
            raise ValueError("the seal is broken or was made for another purpose") from error


def _name(key: bytes) -> bytes:
    return hashlib.sha256(b"key name" + key).digest()[:KEY_NAME_BYTES]
