"""Stock Rasa as a running contender."""

from __future__ import annotations

import json
import secrets
import shlex
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import requests

from dev.nlu_environment import QUIET
from dev.processes import Processes

RUNNER = Path(__file__).with_name("rasa_run.py")
#: What a conversation consists of before the first text: nothing is left of earlier ones.
FRESH = [{"event": "session_started"}, {"event": "action", "name": "action_listen"}]


class Peer:
    """One `rasa run` with the REST channel and Rasa's own Twilio channel, on loopback.

    Args:
        folder: an empty one, for configuration and log.
        python, model: from peer_environment and peer_project.
        port: of the server.
        settings: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKENS, TWILIO_FROM and
            TWILIO_API_BASE_URL, as the other contender has them.
    """

    def __init__(
        self, folder: Path, python: Path, model: Path, port: int, settings: dict[str, str]
    ) -> None:
        folder.mkdir(parents=True)
        self.url = f"http://127.0.0.1:{port}"
        self._token = secrets.token_hex(24)  # a leading dash would be read as an option
        twilio = {
            "account_sid": settings["TWILIO_ACCOUNT_SID"],
            "auth_token": settings["TWILIO_AUTH_TOKENS"].split(",")[0],
            "twilio_number": settings["TWILIO_FROM"],
        }
        credentials, endpoints = folder / "credentials.yml", folder / "endpoints.yml"
        credentials.write_text(json.dumps({"rest": None, "twilio": twilio}))
        endpoints.write_text("{}\n")
        arguments = [
            python, RUNNER, "run", "--model", model, "--interface", "127.0.0.1",
            "--port", port, "--enable-api", "--auth-token", self._token,
            "--credentials", credentials, "--endpoints", endpoints,
        ]  # fmt: skip
        self._command = shlex.join(map(str, arguments))
        environment = {**QUIET, "TWILIO_API_BASE_URL": settings["TWILIO_API_BASE_URL"]}
        self._processes = Processes(folder / "logs", environment)

    def __enter__(self) -> Peer:
        try:
            self._processes.start("rasa", self._command)
            self._processes.wait_for("stock Rasa", self._ready, 300)
        except BaseException:
            self._processes.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._processes.stop()

    def _ready(self) -> bool:
        try:
            answer = requests.get(f"{self.url}/status", params={"token": self._token}, timeout=2)
            return answer.ok and bool(answer.json().get("model_file"))
        except requests.RequestException:
            return False

    def forget(self, phones: Sequence[str]) -> None:
        """Begin these conversations anew: Rasa's time for a turn grows with what went before."""
        with requests.Session() as session:
            for phone in phones:
                session.put(
                    f"{self.url}/conversations/{phone.replace('+', '%2B')}/tracker/events",
                    params={"token": self._token},
                    json=FRESH,
                    timeout=30,
                ).raise_for_status()
