"""A real simulator process, and a bot's door that writes down every webhook."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest
import requests
from twilio.rest import Client

from dev.redis_server import free_port
from tests.simulator_server import ACCOUNT_SID, AUTH_TOKEN, NUMBER, start_simulator

PATIENCE = 15.0
PUBLIC = "https://bot.example.org"
SERVICE = "MG" + "0" * 31 + "2"


def until(found: Callable[[], object]) -> object:
    """The first true value; fails when none comes for a long time."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.01)
    raise AssertionError("it never happened")


@dataclass(frozen=True)
class Call:
    path: str
    form: dict[str, str]
    signature: str
    content_type: str


class Door:
    """Where the bot would listen. `answers` maps a path to (status, content type, body);
    a path in `silent` is left without an answer until the test ends."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: dict[str, tuple[int, str, str]] = {}
        self.silent: set[str] = set()
        self.let_go = threading.Event()
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
                signature = self.headers.get("X-Twilio-Signature", "")
                kind = self.headers.get("Content-Type", "")
                door.calls.append(Call(self.path, form, signature, kind))
                if self.path in door.silent:
                    door.let_go.wait(PATIENCE)
                    return
                status, kind, text = door.answers.get(self.path, (200, "text/xml", "<Response/>"))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *arguments: object) -> None:
                """Quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            #: a burst is many connections at once; five, the default, would be refused some
            request_queue_size = 256

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def to(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]

    def wait(self, path: str, count: int = 1) -> list[Call]:
        """The calls of this path as soon as there are `count`."""
        until(lambda: len(self.to(path)) >= count)
        return self.to(path)

    def clear(self) -> None:
        self.let_go.set()
        self.let_go = threading.Event()
        self.calls, self.answers, self.silent = [], {}, set()

    def close(self) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()


class Sim:
    """A running simulator as a test sees it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def text(self, phone: str, body: str, **more: object) -> str:
        answer = requests.post(
            f"{self.url}/simulator/texts", json={"from": phone, "body": body, **more}, timeout=10
        )
        assert answer.status_code == 202, answer.text
        return str(answer.json()["sid"])

    def fail(self, kind: str, **more: object) -> None:
        answer = requests.post(
            f"{self.url}/simulator/faults", json={"kind": kind, **more}, timeout=10
        )
        assert answer.status_code == 201, answer.text

    def messages(self, **query: str) -> list[dict]:
        return requests.get(f"{self.url}/simulator/messages", params=query, timeout=10).json()

    def message(self, sid: str) -> dict:
        return next(m for m in self.messages() if m["sid"] == sid)

    def wait_status(self, sid: str, status: str) -> dict:
        until(lambda: self.message(sid)["status"] == status)
        return self.message(sid)

    def settle(self) -> None:
        """No webhook of this test may ring at the door of the next one."""
        until(lambda: all(m["webhook"] or m["direction"] != "inbound" for m in self.messages()))

    def reset(self) -> None:
        assert requests.post(f"{self.url}/simulator/reset", timeout=10).status_code == 204

    def client(self, token: str = AUTH_TOKEN, account: str = ACCOUNT_SID) -> Client:
        client = Client(account, token)
        client.api.base_url = self.url
        return client


@pytest.fixture(scope="session")
def the_door() -> Iterator[Door]:
    door = Door()
    yield door
    door.close()


@pytest.fixture
def door(the_door: Door) -> Iterator[Door]:
    the_door.clear()
    yield the_door
    the_door.clear()


@pytest.fixture(scope="session")
def plain_sim(the_door: Door) -> Iterator[Sim]:
    with start_simulator(
        free_port(), the_door.url, SIMULATOR_WEBHOOK_TIMEOUT_MS="400", SIMULATOR_HOLD_MS="1500"
    ) as url:
        yield Sim(url)


@pytest.fixture(scope="session")
def service_sim(the_door: Door) -> Iterator[Sim]:
    """With a Messaging Service, Advanced Opt-Out, two tokens, and behind a proxy with TLS."""
    with start_simulator(
        free_port(),
        the_door.url,
        PUBLIC_URL=PUBLIC,
        TWILIO_AUTH_TOKENS=f"{AUTH_TOKEN},the-older-token",
        TWILIO_MESSAGING_SERVICE_SID=SERVICE,
        SIMULATOR_ADVANCED_OPT_OUT="true",
    ) as url:
        yield Sim(url)


@pytest.fixture
def sim(plain_sim: Sim, door: Door) -> Iterator[Sim]:
    plain_sim.reset()
    yield plain_sim
    plain_sim.settle()


@pytest.fixture
def advanced(service_sim: Sim, door: Door) -> Iterator[Sim]:
    service_sim.reset()
    yield service_sim
    service_sim.settle()


@pytest.fixture
def send(sim: Sim, door: Door) -> Callable[..., object]:
    """Send as the bot does, with a status callback."""
    client = sim.client()

    def send(to: str = "+15550101", body: str = "hello", **more: object) -> object:
        sender = f"{to.partition(':')[0]}:{NUMBER}" if ":" in to else NUMBER
        fields = {"from_": sender, "status_callback": f"{door.url}/twilio/status", **more}
        return client.messages.create(to=to, body=body, **fields)

    return send
