"""Every line of the Procfile starts, refuses to start without settings, and stops."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from dev.processes import ROOT, lines
from dev.redis_server import free_port
from dev.stack import Stack
from tests.story.conftest import until


def test_the_procfile_names_what_the_design_names() -> None:
    assert set(lines()) == {"web", "console", "worker", "clock", "nlu"}


def test_every_line_runs(stack: Stack) -> None:
    stack.processes.look()
    assert set(lines()) <= set(stack.processes.names())
    assert requests.get(stack.url("web") + "/live", timeout=5).ok
    assert requests.get(stack.url("console") + "/live", timeout=5).ok
    known = stack.parts.classifier.classify("hello")
    assert (known.intent, known.language) == ("greet", "en")


@pytest.mark.parametrize("name", ["web", "console", "worker", "clock"])
def test_a_line_without_settings_refuses_to_start_and_lists_them(name: str) -> None:
    bare = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "WEB_PORT": str(free_port()),
            "CONSOLE_PORT": str(free_port())}  # fmt: skip
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec {lines()[name]}"],
        cwd=ROOT, env=bare, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    told = done.stdout + done.stderr
    assert done.returncode != 0
    for setting in ("PUBLIC_URL", "REDIS_URL", "ENCRYPTION_KEYS", "TWILIO_ACCOUNT_SID"):
        assert f"{setting} is missing" in told, told


def test_make_run_prints_the_addresses_and_leaves_no_process_behind(tmp_path: Path) -> None:
    first = _four_free_ports()
    log = tmp_path / "run.log"
    with log.open("wb") as out:
        running = subprocess.Popen(
            [sys.executable, "dev/run.py", "--data", str(tmp_path), "--first-port", str(first)],
            cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        until(lambda: "Ready." in log.read_text() or running.poll() is not None, 180)
        told = log.read_text()
        assert "Ready." in told, told
        for door, port in (("phone", first + 2), ("console", first + 1), ("webhook", first)):
            assert f"{door:9} http://127.0.0.1:{port}/" in told
        started = _descendants(running.pid)
        assert len(started) >= 6
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0
    finally:
        if running.poll() is None:
            running.kill()
    until(lambda: not [pid for pid in started if _alive(pid)], 10)
    assert "All stopped." in log.read_text()


def _four_free_ports() -> int:
    while True:
        first = free_port()
        if first < 65000 and not any(_taken(first + n) for n in range(4)):
            return first


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _descendants(pid: int) -> list[int]:
    """All processes below this one, by /proc."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found, fresh = [], [pid]
    while fresh:
        fresh = [child for child, parent in parents.items() if parent in fresh]
        found += fresh
    return found


def _alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
