"""What is to go wrong next. Each fault is used up by the texts that it hits."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any

#: kind → what happens, in words for the page.
KINDS = {
    "429": "API answers 429, too many requests",
    "500": "API answers 500",
    "21610": "API says: the person opted out",
    "connection": "API drops the connection, nothing sent",
    "timeout": "API takes the text, never answers",
    "30003": "phone unreachable: undelivered",
    "63016": "outside WhatsApp's 24 h window: failed",
    "out_of_order": "delivery reports in reverse order",
    "duplicate": "my next text reaches the bot twice",
}


@dataclass(frozen=True)
class Fault:
    """Attributes: times how many texts it still hits; to the phone's address, None any."""

    kind: str
    times: int = 1
    to: str | None = None


class Faults:
    """Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def take(self, kinds: Collection[str], phone: str) -> str | None:
        """The kind of the oldest fault that hits this phone, used up by one."""
        with self._lock:
            for place, fault in enumerate(self._faults):
                if fault.kind in kinds and fault.to in (None, phone):
                    left = replace(fault, times=fault.times - 1)
                    self._faults[place : place + 1] = [left] if left.times else []
                    return fault.kind
        return None

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]
