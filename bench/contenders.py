"""The three that are measured, behind one face."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

import psutil
import requests

from bench.figures import Timing
from bench.messages import BEGINNING
from bench.peer import Peer
from dev.stack import Stack

#: Phone, language, text.
Text = tuple[str, str, str]
#: Longest wait for one answer, in seconds; then the text counts as unanswered.
PATIENCE = 30.0


class Contender(Protocol):
    name: str

    def prepare(self, batch: Sequence[Text]) -> None:
        """Bring these phones' conversations to the same beginning; not measured."""

    def run(self, batch: Sequence[Text], concurrency: int) -> list[Timing]:
        """Send all, never more than `concurrency` waiting; returns when all is quiet."""


class Line:
    """The simulator with its stopwatch (bench.line), and where its webhooks go."""

    def __init__(self, stack: Stack) -> None:
        self._base = stack.url("simulator")
        self._account = stack.environment["TWILIO_ACCOUNT_SID"]
        self._login = (self._account, stack.environment["TWILIO_AUTH_TOKENS"])
        self.bot = f"{stack.url('web')}/twilio/message"

    def lead_to(self, url: str) -> None:
        """From now on texts are posted there, as if set in Twilio's console."""
        numbers = f"{self._base}/2010-04-01/Accounts/{self._account}/IncomingPhoneNumbers"
        listed = requests.get(f"{numbers}.json", auth=self._login, timeout=10).json()
        sid = listed["incoming_phone_numbers"][0]["sid"]
        requests.post(
            f"{numbers}/{sid}.json",
            data={"SmsUrl": url, "SmsFallbackUrl": url},
            auth=self._login,
            timeout=10,
        ).raise_for_status()

    def run(self, batch: Sequence[Text], concurrency: int) -> list[Timing]:
        """Raises RuntimeError when a webhook was not answered as it should be."""
        answer = requests.post(
            f"{self._base}/bench/run",
            json={
                "texts": [[phone, text] for phone, _, text in batch],
                "concurrency": concurrency,
                "patience": PATIENCE,
            },
            timeout=PATIENCE * (len(batch) + 2),
        )
        answer.raise_for_status()
        rows: list[list[Any]] = answer.json()
        for *_, webhook in rows:
            if webhook is None:
                raise RuntimeError("too many texts were not answered, or a webhook never ended")
            if webhook not in ("200", "204"):
                raise RuntimeError(f"a webhook ended with {webhook}")
        return [Timing(*row[:5]) for row in rows]


class Bot:
    """This service. A conversation begins after the greeting, in the language of its text."""

    name = "this bot"

    def __init__(self, stack: Stack, line: Line) -> None:
        self._stack = stack
        self._line = line

    def prepare(self, batch: Sequence[Text]) -> None:
        self._line.lead_to(self._line.bot)
        for phone, _, _ in batch:
            self._stack.parts.service.forget(phone)
        greeted = [(phone, language, BEGINNING[language]) for phone, language, _ in batch]
        self._line.run(greeted, 8)

    def run(self, batch: Sequence[Text], concurrency: int) -> list[Timing]:
        return self._line.run(batch, concurrency)


class RasaTwilio:
    """Stock Rasa by its own Twilio channel."""

    name = "Rasa, Twilio channel"

    def __init__(self, peer: Peer, line: Line) -> None:
        self._peer = peer
        self._line = line

    def prepare(self, batch: Sequence[Text]) -> None:
        self._line.lead_to(f"{self._peer.url}/webhooks/twilio/webhook")
        self._peer.forget([phone for phone, _, _ in batch])

    def run(self, batch: Sequence[Text], concurrency: int) -> list[Timing]:
        return self._line.run(batch, concurrency)


class RasaRest:
    """Stock Rasa by its REST channel: the answer is in the response, nobody is texted."""

    name = "Rasa, REST channel"

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def prepare(self, batch: Sequence[Text]) -> None:
        self._peer.forget([phone for phone, _, _ in batch])

    def run(self, batch: Sequence[Text], concurrency: int) -> list[Timing]:
        left = deque(enumerate(batch))
        found: dict[int, Timing] = {}

        def drive() -> None:
            connection = http.client.HTTPConnection(
                "127.0.0.1", urlsplit(self._peer.url).port, timeout=PATIENCE
            )
            while left:
                try:
                    number, (phone, _, text) = left.popleft()
                except IndexError:
                    break
                accepted = time.monotonic()
                answers = _ask(connection, phone, text)
                now = time.monotonic()
                length = sum(len(answer.get("text", "")) for answer in answers)
                first = now if answers else None
                found[number] = Timing(accepted, first, now, len(answers), length)
            connection.close()

        drivers = [threading.Thread(target=drive, daemon=True) for _ in range(concurrency)]
        for driver in drivers:
            driver.start()
        for driver in drivers:
            driver.join()
        if len(found) < len(batch):
            raise RuntimeError("Rasa's REST channel did not answer every request")
        return [found[number] for number in range(len(batch))]


def _ask(connection: http.client.HTTPConnection, phone: str, text: str) -> list[dict[str, str]]:
    body = json.dumps({"sender": phone, "message": text})
    connection.request("POST", "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
    answers: list[dict[str, str]] = json.loads(connection.getresponse().read())
    return answers


class Processors:
    """Processor time of some processes and all that they started."""

    def __init__(self, roots: Sequence[psutil.Process]) -> None:
        self._roots = roots

    def seconds(self) -> float:
        """User and system time so far, of those that are alive."""
        total = 0.0
        for root in self._roots:
            for process in [root, *root.children(recursive=True)]:
                try:
                    times = process.cpu_times()
                except psutil.NoSuchProcess:
                    continue
                total += times.user + times.system
        return total
