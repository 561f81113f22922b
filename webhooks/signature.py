"""Whether a request really comes from Twilio: its signature over our public address."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Request
from pydantic import SecretStr
from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)


class SignatureCheck:
    """Checks over PUBLIC_URL and the path, never over request.url: a proxy that ends TLS
    changes scheme, host and port, and Twilio signed what it called."""

    def __init__(self, public_url: str, tokens: Sequence[SecretStr]) -> None:
        self._public_url = public_url
        self._validators = [RequestValidator(token.get_secret_value()) for token in tokens]

    def passes(self, request: Request) -> bool:
        """True when one of the tokens made the signature. All are tried, for rotation."""
        signature = request.headers.get(SIGNATURE_HEADER, "")
        algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER, ""))
        url = self._public_url + request.path
        if request.query_string:
            url += "?" + request.query_string.decode("latin-1")
        # no early end: the time must not tell which token is the current one
        results = [v.validate(url, request.form, signature, algorithm) for v in self._validators]
        return bool(signature) and any(results)
