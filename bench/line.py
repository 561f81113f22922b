"""The simulator's line with a stopwatch: `python -m bench.line`, settings as the simulator's.

Beside Twilio's API it offers, to this machine:

    POST /bench/run  {"texts": [["+15550101", "hello"], ...], "concurrency": 8, "patience": 30}

The texts, each of a phone of its own, are sent so that never more than `concurrency` of them wait
for an answer. Answers when all is quiet again, with one [accepted, first, last, texts, characters,
webhook] for each: the first three in seconds since the run began, `first` null without an answer.
The stopwatch is in the simulator's own process so that nobody has to ask it all the time whether an
answer came: that would slow down what is measured.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Blueprint, Flask, Response, abort, jsonify, request

from simulator.__main__ import Server
from simulator.line import Line
from simulator.messages import INBOUND, Message
from simulator.rest import make_rest
from simulator.schedule import Schedule
from simulator.settings import BadSettings, Settings, read_settings

#: States that no callback follows.
FINAL = frozenset({"delivered", "undelivered", "failed"})
#: All is quiet when nothing has arrived for this long, and nothing is on its way.
QUIET_SECONDS = 1.0
#: No longer than this is waited for quiet.
SETTLE_SECONDS = 30.0
#: After so many texts without an answer the rest is not sent: something is broken.
MOST_UNANSWERED = 5


@dataclass
class Watched:
    """One text and what came back. Times are of time.monotonic()."""

    accepted: float
    sid: str = ""
    first: float | None = None
    last: float = 0.0
    texts: int = 0
    characters: int = 0
    answered: threading.Event = field(default_factory=threading.Event)


class TimedLine(Line):
    """The simulator's line, noting when the texts of the bot arrive."""

    def __init__(self, settings: Settings, schedule: Schedule) -> None:
        super().__init__(settings, schedule)
        self._watched: dict[str, Watched] = {}
        self._lock = threading.Lock()
        self._latest = 0.0

    def send(self, to: str, from_: str, service: str, body: str, callback: str) -> Message:
        message = super().send(to, from_, service, body, callback)
        now = time.monotonic()
        with self._lock:
            self._latest = now
            watched = self._watched.get(to)
            if watched is not None:
                watched.first = watched.first or now
                watched.last, watched.texts = now, watched.texts + 1
                watched.characters += len(body)
                watched.answered.set()
        return message

    def run(
        self, texts: Sequence[tuple[str, str]], concurrency: int, patience: float
    ) -> tuple[float, list[Watched]]:
        """Send all, wait for the answers (each at most `patience` seconds) and for quiet;
        gives up after MOST_UNANSWERED. Returns when it began, and what was seen of each text."""
        self.reset()
        left = deque(texts)
        seen = {phone: Watched(0.0) for phone, _ in texts}
        with self._lock:
            self._watched = seen
        unanswered: list[str] = []
        began = time.monotonic()

        def drive() -> None:
            while True:
                try:
                    phone, body = left.popleft()
                except IndexError:
                    return
                watched = seen[phone]
                watched.accepted = time.monotonic()
                watched.sid = self.text(phone, body).sid
                if not watched.answered.wait(patience):
                    unanswered.append(phone)
                    if len(unanswered) >= MOST_UNANSWERED:
                        left.clear()

        drivers = [threading.Thread(target=drive, daemon=True) for _ in range(concurrency)]
        for driver in drivers:
            driver.start()
        for driver in drivers:
            driver.join()
        self._settle()
        with self._lock:
            self._watched = {}
        return began, [seen[phone] for phone, _ in texts]

    def _settle(self) -> None:
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline:
            time.sleep(0.1)
            moving = any(
                message.status not in FINAL
                for message in self.messages.newest_first()
                if message.direction != INBOUND
            )
            if not moving and time.monotonic() - self._latest > QUIET_SECONDS:
                return


def make_bench(line: TimedLine) -> Blueprint:
    routes = Blueprint("bench", __name__)

    @routes.get("/live")
    def live() -> Response:
        return Response("alive\n", mimetype="text/plain")

    @routes.post("/bench/run")
    def run() -> Response:
        asked = request.get_json()
        texts = [(phone, body) for phone, body in asked["texts"]]
        if len({phone for phone, _ in texts}) < len(texts):
            abort(400, "each text needs a phone of its own")
        began, seen = line.run(texts, asked["concurrency"], asked["patience"])
        return jsonify([_told(line, began, watched) for watched in seen])

    return routes


def _told(line: Line, began: float, watched: Watched) -> list[object]:
    inbound = line.messages.get(watched.sid)
    return [
        watched.accepted - began,
        None if watched.first is None else watched.first - began,
        (watched.last or watched.accepted) - began,
        watched.texts,
        watched.characters,
        inbound.webhook if inbound else None,
    ]


class BenchServer(Server):
    def load(self) -> Flask:
        app = Flask(__name__, static_folder=None)
        line = TimedLine(self._settings, Schedule())
        app.register_blueprint(make_rest(line))
        app.register_blueprint(make_bench(line))
        return app


if __name__ == "__main__":
    try:
        BenchServer(read_settings(os.environ)).run()
    except BadSettings as error:
        sys.exit(f"The line cannot start:\n{error}")
