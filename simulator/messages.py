"""The texts that went over the line, the newest 20,000 of them, in memory only."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

KEPT = 20_000

INBOUND = "inbound"
OUTBOUND_API = "outbound-api"
OUTBOUND_REPLY = "outbound-reply"
#: Not a value of Twilio's: an answer that the network gives by itself to STOP, START or HELP.
#: Twilio does not list those, and neither does our REST API.
NETWORK = "network"


@dataclass(frozen=True)
class Message:
    """One text, with the fields of Twilio's Message resource that we use.

    Attributes:
        created_at, updated_at, sent_at: seconds since 1970.
        webhook: what became of the call to the bot, for people: "200", "11205, fallback 200".
        version: grows with every change of any message; 0 before the log has seen it.
    """

    sid: str
    direction: str
    from_: str
    to: str
    body: str
    status: str
    created_at: float
    updated_at: float
    num_segments: int
    encoding: str
    num_media: int = 0
    sent_at: float | None = None
    messaging_service_sid: str | None = None
    status_callback: str | None = None
    error_code: int | None = None
    webhook: str | None = None
    version: int = 0

    @property
    def phone(self) -> str:
        """The person's address; the other one is the bot's."""
        return self.from_ if self.direction == INBOUND else self.to


def new_sid(prefix: str = "SM") -> str:
    """A fresh id in Twilio's form: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


class MessageLog:
    """Thread-safe. The oldest message is dropped when `kept` is exceeded."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._messages: OrderedDict[str, Message] = OrderedDict()
        self._version = 0

    @property
    def version(self) -> int:
        return self._version

    def add(self, message: Message) -> Message:
        with self._lock:
            return self._put(message)

    def change(self, sid: str, **fields: Any) -> Message | None:
        """The message after the change; None when it is no longer kept."""
        with self._lock:
            known = self._messages.get(sid)
            return self._put(replace(known, **fields)) if known else None

    def get(self, sid: str) -> Message | None:
        return self._messages.get(sid)

    def remove(self, sid: str) -> bool:
        with self._lock:
            return self._messages.pop(sid, None) is not None

    def clear(self) -> None:
        """The version goes on growing, so that a page that polls sees that all is gone."""
        with self._lock:
            self._messages.clear()
            self._version += 1

    def newest_first(self) -> Iterator[Message]:
        with self._lock:
            kept = list(self._messages.values())
        return reversed(kept)

    def _put(self, message: Message) -> Message:
        self._version += 1
        message = replace(message, version=self._version)
        self._messages[message.sid] = message
        if len(self._messages) > self._kept:
            self._messages.popitem(last=False)
        return message
