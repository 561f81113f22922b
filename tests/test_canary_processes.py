"""The canary again, through the real processes: what gunicorn, Dramatiq and the Sentry client
write and send by themselves, in good times and while things break."""

from __future__ import annotations

import gzip
import socket
from pathlib import Path

import pytest
import requests

from dev.processes import Processes, lines
from dev.redis_server import EmbeddedRedis, free_port
from tests.deployment import ACCOUNT, TOKEN, environment
from tests.simulator_server import start_simulator
from tests.small_server import Answer, serve
from tests.test_canary import PHONE, SAID, WORD, seen_in

PATIENCE_SECONDS = 40.0


def raw(port: int, request: bytes) -> bytes:
    """The answer to bytes that no HTTP client would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(4096)


def test_no_process_writes_or_sends_what_a_person_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = EmbeddedRedis(tmp_path / "redis")
    web, console = free_port(), free_port()
    public = f"http://127.0.0.1:{web}"
    reports: list[bytes] = []

    def take(body: bytes) -> Answer:
        reports.append(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
        return Answer(b"{}")

    with serve(take) as sentry, start_simulator(
        free_port(), public, TWILIO_ACCOUNT_SID=ACCOUNT, TWILIO_AUTH_TOKENS=TOKEN,
    ) as simulator:  # fmt: skip
        settings = environment(
            server.url,
            PUBLIC_URL=public,
            TWILIO_API_BASE_URL=simulator,
            SENTRY_DSN=sentry.url.replace("http://", "http://key@") + "/1",
            WEB_PORT=str(web),
            CONSOLE_PORT=str(console),
            CONSOLE_URL=f"http://127.0.0.1:{console}",
            PYTHONUNBUFFERED="1",
        )
        processes = Processes(tmp_path / "logs", settings)
        try:
            for name in ("web", "console", "worker"):
                processes.start(name, lines()[name])
            for address in (f"{public}/ready", f"http://127.0.0.1:{console}/live"):
                processes.wait_for(address, lambda a=address: _answers(a), PATIENCE_SECONDS)

            def says(body: str) -> None:
                text = {"from": PHONE, "body": body}
                assert requests.post(f"{simulator}/simulator/texts", json=text, timeout=5).ok

            def heard() -> list[str]:
                params = {"to": PHONE}
                found = requests.get(f"{simulator}/simulator/messages", params=params, timeout=5)
                return [message["body"] for message in found.json()]

            says(f"where is a lawyer, {SAID}")
            processes.wait_for("an answer", lambda: bool(heard()), PATIENCE_SECONDS)

            # a webhook that was set to GET by mistake puts everything into the request line
            query = {"From": PHONE, "Body": SAID}
            for door in (f"{public}/twilio/message", f"http://127.0.0.1:{console}/sign-in"):
                requests.get(door, params=query, timeout=5)
            for broken in (
                f"GET /twilio/message?Body={WORD} with spaces HTTP/1.1\r\n\r\n",
                f"GET /twilio/message HTTP/1.1\r\nHost: x\r\n{WORD} {PHONE}: x\r\n\r\n",
                f"POST /twilio/message HTTP/1.1\r\nHost: x\r\nContent-Length: {WORD}\r\n\r\n",
                f"{WORD} /twilio/message HTTP/1.1\r\n\r\n",
            ):
                for port in (web, console):
                    assert b" 40" in raw(port, broken.encode())

            server.stop()
            says(f"are you still there, {SAID}")
            processes.wait_for("a report", lambda: bool(reports), PATIENCE_SECONDS)
            processes.wait_for(
                "the hotlines", lambda: any("911" in text for text in heard()), PATIENCE_SECONDS
            )
        finally:
            processes.stop()
            server.stop()
    written = {log.name: log.read_bytes() for log in (tmp_path / "logs").iterdir()}
    assert {name: seen_in(data) for name, data in written.items() if seen_in(data)} == {}
    assert b'"failure"' in written["web.log"]
    assert seen_in(b"\n".join(reports)) == set()
    assert b'"Unavailable"' in b"\n".join(reports)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False
