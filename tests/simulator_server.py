"""Start the real simulator for a test: `with start_simulator(port, webhook_url) as base: ...`"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
ACCOUNT_SID = "AC" + "0" * 31 + "1"
AUTH_TOKEN = "a-token-for-tests-only"
NUMBER = "+15550199"


@contextmanager
def start_simulator(port: int, webhook_url: str, **env: str) -> Iterator[str]:
    """A simulator process on loopback, ended with the block.

    Args:
        port: TCP port; dev.redis_server.free_port() finds one.
        webhook_url: where webhooks are posted; also PUBLIC_URL unless that is given.
        env: further variables, e.g. TWILIO_ACCOUNT_SID="AC...", TWILIO_AUTH_TOKENS="...";
            without them the constants above are used. Delivery reports come without delay
            unless SIMULATOR_CALLBACK_DELAY_MS says otherwise.

    Yields: its base address. Raises RuntimeError when it does not come up.
    """
    settings = {
        "PUBLIC_URL": webhook_url,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKENS": AUTH_TOKEN,
        "TWILIO_FROM": NUMBER,
        "SIMULATOR_CALLBACK_DELAY_MS": "0",
        **env,
        "SIMULATOR_PORT": str(port),
        "SIMULATOR_WEBHOOK_URL": webhook_url,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator"], cwd=ROOT, env={**os.environ, **settings}
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(process, f"{base}/live")
        yield base
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("the simulator did not start")
        try:
            if requests.get(url, timeout=1).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.05)
    raise RuntimeError("the simulator did not answer within 30 seconds")
