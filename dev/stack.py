"""The whole service on this machine: Redis, every line of the Procfile, and the simulator.

`make run`, the story tests and the benchmarks start it in the same way.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import TracebackType

import requests

from bot.adapters.vault import new_key
from bot.enrolment import enrol
from bot.ports import Unavailable
from bot.settings import read_settings
from bot.wiring import Parts, build
from console.accounts import issue_link
from dev.processes import Processes, lines
from dev.redis_server import EmbeddedRedis

DEFAULT_PORTS = {"WEB_PORT": 8000, "CONSOLE_PORT": 8001, "SIMULATOR_PORT": 8002, "NLU_PORT": 5005}
#: The number that the simulator's phones text to.
NUMBER = "+15550199"
DEMO = "demo"
LINK_LIFETIME = timedelta(hours=12)


class Stack:
    """One running service.

    Args:
        data: where Redis, logs and this machine's own keys are kept.
        ports: under the names of DEFAULT_PORTS.
        tell: is told what is being waited for.
        more: further settings, such as the address of a Rasa that runs already; then
            leave "nlu" out of `processes`.
        without: lines of the Procfile that are not started.

    Use it as a context manager: whatever happens, no process is left behind.
    """

    def __init__(
        self,
        data: Path,
        ports: dict[str, int] = DEFAULT_PORTS,
        tell: Callable[[str], None] = lambda text: None,
        more: dict[str, str] | None = None,
        without: tuple[str, ...] = (),
    ) -> None:
        self._tell = tell
        self._data = data
        self._stopping: list[Callable[[], None]] = []
        self._without = without
        self.ports = ports
        self.environment = {**_settings(data, ports), **(more or {})}
        self.commands = {
            name: command for name, command in lines().items() if name not in without
        } | {"simulator": ".venv/bin/python -m simulator"}

    def __enter__(self) -> Stack:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def url(self, door: str) -> str:
        """Address of "web", "console", "simulator" or "nlu"."""
        return f"http://127.0.0.1:{self.ports[f'{door.upper()}_PORT']}"

    def _start(self) -> None:
        self._tell("Starting Redis ...")
        self.redis = EmbeddedRedis(self._data / "redis")
        self._stopping.append(self.redis.stop)
        self.environment["REDIS_URL"] = self.redis.url
        self.processes = Processes(self._data / "logs", self.environment)
        self._stopping.append(self.processes.stop)
        for name, command in self.commands.items():
            self.processes.start(name, command)
        for door, path in (("web", "/ready"), ("console", "/live"), ("simulator", "/live")):
            self._tell(f"Waiting for {door} ...")
            self.processes.wait_for(door, partial(_answers, self.url(door) + path), 60)
        self.parts = build(read_settings({**os.environ, **self.environment}), "run")
        self._tell("Waiting for the language model (it loads for some 20 seconds) ...")
        self.processes.wait_for("nlu", lambda: _understands(self.parts), 180)

    def sign_in_link(self) -> str:
        """An address that signs the demonstration advocate in, once."""
        if self.parts.store.advocate(DEMO) is None:
            enrol(self.parts.store, DEMO, secrets.token_urlsafe(24), ("en", "es"))
        token = issue_link(self.parts.store, DEMO, LINK_LIFETIME)
        return f"{self.parts.settings.console_url}/sign-in/link/{token}"

    def stop(self) -> None:
        """Stop what was started, the last first."""
        while self._stopping:
            self._stopping.pop()()


def _settings(data: Path, ports: dict[str, int]) -> dict[str, str]:
    """The settings of this machine's own deployment; keys are made once and kept."""
    kept = data / "development.env"
    if not kept.exists():
        data.mkdir(parents=True, exist_ok=True)
        made = {
            "NLU_TOKEN": secrets.token_urlsafe(24),
            "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
            "TWILIO_AUTH_TOKENS": secrets.token_hex(16),
            "ENCRYPTION_KEYS": new_key(),
            "ID_KEY": new_key(),
            "CONSOLE_SECRET_KEY": secrets.token_urlsafe(48),
        }
        kept.touch(mode=0o600)
        kept.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
    secret = dict(line.split("=", 1) for line in kept.read_text().splitlines() if "=" in line)
    base = "http://127.0.0.1:"
    return {
        **secret,
        **{name: str(port) for name, port in ports.items()},
        "PUBLIC_URL": f"{base}{ports['WEB_PORT']}",
        "CONSOLE_URL": f"{base}{ports['CONSOLE_PORT']}",
        "NLU_URL": f"{base}{ports['NLU_PORT']}",
        "TWILIO_API_BASE_URL": f"{base}{ports['SIMULATOR_PORT']}",
        "SIMULATOR_WEBHOOK_URL": f"{base}{ports['WEB_PORT']}",
        "TWILIO_FROM": NUMBER,
        "ALLOW_DRAFT_CONTENT": "true",
        "ALLOW_SIGN_IN_LINKS": "true",
        "PYTHONUNBUFFERED": "1",
    }


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def _understands(parts: Parts) -> bool:
    try:
        parts.classifier.classify("hello")
        return True
    except Unavailable:
        return False
