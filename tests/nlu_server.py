"""The real NLU server for tests: Rasa with the trained model, on a port of loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-nlu" / "bin" / "python"
#: Loading takes 5 to 20 seconds, more on a busy machine; this only bounds a hang.
PATIENCE_SECONDS = 180.0


class ServerDied(Exception):
    """The server ended by itself; the message is what it had to say."""


def free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def start_nlu(
    port: int, token: str, more: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[str]:
    """Start nlu_data/serve.py and yield its base URL once it answers; stop it at the end.

    `more` are further environment variables, `log` is where its output goes. Raises ServerDied when
    it refuses to start, TimeoutError when it does not answer. Needs the model: dev/train.py.
    """
    environment = {**os.environ, "NLU_PORT": str(port), "NLU_TOKEN": token, **(more or {})}
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        output = log or Path(folder) / "nlu.log"
        with output.open("wb") as words:
            process = subprocess.Popen(
                [str(PYTHON), str(ROOT / "nlu_data" / "serve.py")],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_until_it_answers(process, base, token, output)
            yield base
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_it_answers(
    process: subprocess.Popen[bytes], base: str, token: str, output: Path
) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    session = requests.Session()
    session.trust_env = False
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerDied(output.read_text(errors="replace"))
        try:
            if session.get(f"{base}/status", params={"token": token}, timeout=2).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"the NLU server did not answer:\n{output.read_text(errors='replace')}")
