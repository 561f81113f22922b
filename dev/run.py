"""`make run`: everything on this machine, until Ctrl-C."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.adapters.vault import new_key  # noqa: E402
from bot.enrolment import enrol  # noqa: E402
from bot.ports import Unavailable  # noqa: E402
from bot.settings import read_settings  # noqa: E402
from bot.wiring import Parts, build  # noqa: E402
from console.accounts import issue_link  # noqa: E402
from dev.processes import Died, Processes, lines  # noqa: E402
from dev.redis_server import EmbeddedRedis  # noqa: E402

DATA = ROOT / ".data"
PORTS = {"WEB_PORT": 8000, "CONSOLE_PORT": 8001, "SIMULATOR_PORT": 8002, "NLU_PORT": 5005}
DEMO = "demo"


def main() -> None:
    if busy := [str(port) for port in PORTS.values() if _taken(port)]:
        sys.exit(f"Port {', '.join(busy)} is in use on this machine; is another `make run` up?")
    signal.signal(signal.SIGTERM, _as_interrupt)
    _say("Training the language model if its data changed ...")
    if subprocess.run([sys.executable, "dev/train.py"], cwd=ROOT).returncode:
        sys.exit(1)
    environment = _environment()
    _say("Starting Redis ...")
    redis = EmbeddedRedis(DATA / "redis")
    environment["REDIS_URL"] = redis.url
    processes = Processes(DATA / "logs", environment)
    try:
        _start(processes, environment)
        _announce(environment)
        while True:
            processes.look()
            time.sleep(0.5)
    except KeyboardInterrupt:
        _say("\nStopping ...")
    except (Died, TimeoutError) as error:
        _say(f"\n{error}\nLogs are in {(DATA / 'logs').relative_to(ROOT)}.")
        sys.exit(1)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        processes.stop()
        redis.stop()
        _say("All stopped.")


def _start(processes: Processes, environment: dict[str, str]) -> None:
    for name, command in {**lines(), "simulator": ".venv/bin/python -m simulator"}.items():
        processes.start(name, command)
    base = "http://127.0.0.1:"
    for what, url in (
        ("web", f"{base}{PORTS['WEB_PORT']}/ready"),
        ("console", f"{base}{PORTS['CONSOLE_PORT']}/live"),
        ("simulator", f"{base}{PORTS['SIMULATOR_PORT']}/live"),
    ):
        _say(f"Waiting for {what} ...")
        processes.wait_for(what, lambda url=url: _answers(url), 60)
    parts = build(read_settings({**os.environ, **environment}), "run")
    _say("Waiting for the language model (it loads for some 20 seconds) ...")
    processes.wait_for("nlu", lambda: _understands(parts), 180)
    _enrol_demo(parts, environment)


def _enrol_demo(parts: Parts, environment: dict[str, str]) -> None:
    """A demonstration advocate and a link that signs in once."""
    if parts.store.advocate(DEMO) is None:
        enrol(parts.store, DEMO, secrets.token_urlsafe(24), ("en", "es"))
    token = issue_link(parts.store, DEMO, timedelta(hours=12))
    environment["SIGN_IN_LINK"] = f"{parts.settings.console_url}/sign-in/link/{token}"


def _announce(environment: dict[str, str]) -> None:
    base = "http://127.0.0.1:"
    _say(
        f"""
Ready.

  phone     {base}{PORTS["SIMULATOR_PORT"]}/
  console   {base}{PORTS["CONSOLE_PORT"]}/
            sign in once as "{DEMO}": {environment["SIGN_IN_LINK"]}
  webhook   {base}{PORTS["WEB_PORT"]}/twilio/message

Text the bot from the phone, ask for a person, and answer from the console.
Everything runs on this machine; nobody is really texted. Ctrl-C stops it all."""
    )


def _environment() -> dict[str, str]:
    """The settings of this machine's own deployment; keys are made once and kept in .data/."""
    kept = DATA / "development.env"
    if not kept.exists():
        DATA.mkdir(exist_ok=True)
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
        **{name: str(port) for name, port in PORTS.items()},
        "PUBLIC_URL": f"{base}{PORTS['WEB_PORT']}",
        "CONSOLE_URL": f"{base}{PORTS['CONSOLE_PORT']}",
        "NLU_URL": f"{base}{PORTS['NLU_PORT']}",
        "TWILIO_API_BASE_URL": f"{base}{PORTS['SIMULATOR_PORT']}",
        "SIMULATOR_WEBHOOK_URL": f"{base}{PORTS['WEB_PORT']}",
        "TWILIO_FROM": "+15550199",
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


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _as_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
