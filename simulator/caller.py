"""Call the bot's webhooks as Twilio does: form fields, signed, 15 seconds, no redirects."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from simulator.settings import Settings

#: Twilio reads no more than this of an answer.
LARGEST_ANSWER = 64 * 1024
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

RETRIEVAL_FAILURE, CONNECTION_FAILURE = 11200, 11205


@dataclass(frozen=True)
class Outcome:
    """Attributes: status of the answer, None without one; error Twilio's code, None if well."""

    status: int | None
    error: int | None
    content_type: str = ""
    text: str = ""


class Caller:
    def __init__(self, settings: Settings) -> None:
        self._public_url = settings.public_url
        self._webhook_url = settings.webhook_url
        self._timeout = settings.webhook_timeout
        self._validator = RequestValidator(settings.auth_tokens[0])

    def reaches(self, url: str) -> bool:
        """Whether this address may be called: the bot's own or one on this machine; a stand-in
        must never post anything to the world."""
        return url.startswith(self._public_url + "/") or urlsplit(url).hostname in LOOPBACK

    def post(self, url: str, fields: Mapping[str, str]) -> Outcome:
        """Sign over `url`, post to where it really lives. Never raises."""
        signature = str(self._validator.compute_signature(url, dict(fields)))
        parts = urlsplit(self._really(url))
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=self._timeout)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": signature,
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            # a kept-alive connection may be closed under a request, which would look like
            # a failure of the bot
            "Connection": "close",
        }
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", target or "/", urlencode(fields), headers)
            answer = connection.getresponse()
            text = answer.read(LARGEST_ANSWER).decode("utf-8", "replace")
        except (OSError, HTTPException):
            return Outcome(None, CONNECTION_FAILURE)
        finally:
            connection.close()
        error = None if 200 <= answer.status < 300 else RETRIEVAL_FAILURE
        return Outcome(answer.status, error, answer.headers.get("Content-Type", ""), text)

    def _really(self, url: str) -> str:
        if url.startswith(self._public_url + "/"):
            return self._webhook_url + url.removeprefix(self._public_url)
        return url
