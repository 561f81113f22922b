"""The clock's door: `python -m bot.clock`. Every few seconds it hands out again the work whose
job was lost, and gives back the claims of advocates who went silent."""

from __future__ import annotations

import signal
import threading

from bot.settings import read_settings
from bot.wiring import Parts, build

TICK_SECONDS = 5.0


def tick(parts: Parts) -> None:
    """One round. What goes wrong in it is reported and met again in the next one: without the
    clock, lost work and lapsed claims would stay so for ever."""
    for act in (parts.service.sweep, parts.desk.give_back_lapsed):
        try:
            act()
        except Exception as error:
            parts.meter.failure("sweep", error)


def main() -> None:
    """Tick until told to stop."""
    parts = build(read_settings(), "clock")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        tick(parts)
        stop.wait(TICK_SECONDS)


if __name__ == "__main__":
    main()
