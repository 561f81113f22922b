"""What happens to STOP, START and HELP before, and besides, the bot.

Twilio acts on a text that is exactly a keyword, remembers the opt-out, answers by itself, and
hands the text on. Its default keywords are English and count for SMS only; with Advanced
Opt-Out they count for WhatsApp too, and the webhook names the kind in OptOutType.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

STOP, START, HELP = "STOP", "START", "HELP"
KEYWORDS = {
    **dict.fromkeys(
        ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), STOP
    ),
    **dict.fromkeys(("START", "UNSTOP", "YES"), START),
    **dict.fromkeys(("HELP", "INFO"), HELP),
}
ANSWERS = {
    STOP: "You have successfully been unsubscribed. You will not receive any more messages"
    " from this number. Reply START to resubscribe.",
    START: "You have successfully been re-subscribed to messages from this number."
    " Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    HELP: "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


@dataclass(frozen=True)
class Heard:
    """Attributes: opt_out_type for the webhook, answer of the network; None for neither."""

    opt_out_type: str | None = None
    answer: str | None = None


class Carrier:
    """Who opted out. Thread-safe."""

    def __init__(self, advanced: bool) -> None:
        self._advanced = advanced
        self._lock = threading.Lock()
        self._stopped: set[str] = set()

    def hear(self, address: str, text: str) -> Heard:
        """Act on a person's text."""
        word = KEYWORDS.get(text.strip().upper())
        if word is None or (":" in address and not self._advanced):
            return Heard()
        with self._lock:
            was_stopped = address in self._stopped
            if word == STOP:
                self._stopped.add(address)
            elif word == START:
                self._stopped.discard(address)
        answers = {STOP: not was_stopped, START: was_stopped, HELP: not was_stopped}
        return Heard(
            word if self._advanced else None,
            ANSWERS[word] if answers[word] else None,
        )

    def stopped(self, address: str) -> bool:
        return address in self._stopped

    def all_stopped(self) -> Sequence[str]:
        with self._lock:
            return sorted(self._stopped)

    def clear(self) -> None:
        with self._lock:
            self._stopped.clear()
