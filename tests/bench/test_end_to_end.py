"""The benchmark itself: it runs, it measures all three, and it leaves nothing behind.

No time is asserted; a benchmark's figures are for reading.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Both may have to train, and the peer's environment may have to be installed.
LONGEST_SECONDS = 1200.0
CONTENDERS = ("this bot", "Rasa, REST channel", "Rasa, Twilio channel")

pytestmark = pytest.mark.skipif(
    not (ROOT / ".venv-nlu").exists(), reason="no NLU environment; `make environments` makes it"
)


class Running:
    """One benchmark; all that it starts is found by a mark in its environment."""

    def __init__(self, output: Path, *arguments: str) -> None:
        self.mark = uuid.uuid4().hex
        self.output = output
        with output.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bench.end_to_end", *arguments],
                cwd=ROOT,
                env={**os.environ, "BENCH_TEST_MARK": self.mark},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def processes(self) -> list[str]:
        """Command lines of all that is alive and carries the mark."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("BENCH_TEST_MARK") == self.mark:
                    found.append(" ".join(process.cmdline()))
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def wait_to_hear(self, words: str) -> None:
        deadline = time.monotonic() + LONGEST_SECONDS
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[object]:
    started: list[Running] = []

    def begin(*arguments: str) -> Running:
        started.append(Running(tmp_path / "output.txt", *arguments))
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.process.send_signal(signal.SIGINT)
            one.process.wait(120)


def test_it_measures_all_three_and_stops(start) -> None:  # type: ignore[no-untyped-def]
    running = start("--messages", "12", "--concurrency", "4", "--rounds", "1")
    code = running.process.wait(LONGEST_SECONDS)
    said = running.said()
    assert code == 0, said
    for name in CONTENDERS:
        figures = next(line for line in said.splitlines() if line.startswith(f"| {name} |"))
        rate, *_, unanswered, texts, characters = (
            float(cell) for cell in figures.strip("| ").split(" | ")[1:]
        )
        assert rate > 0
        assert unanswered == 0
        assert texts >= 1
        assert characters > 50
    assert re.search(r"\| Rasa, Twilio channel \| 1\.00 \| 1\.00 \| 1\.00 \| 1\.00 \|", said)
    assert running.processes() == []


def test_an_interrupt_leaves_no_process(start) -> None:  # type: ignore[no-untyped-def]
    running = start("--messages", "3000", "--rounds", "10")
    running.wait_to_hear("Round 1")
    assert len(running.processes()) > 5
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(120) != 0
    assert "Interrupted" in running.said()
    assert running.processes() == []


@pytest.mark.parametrize("bad", ["0", "-1", "many", "1000000"])
def test_the_load_is_bounded(bad: str) -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "bench.end_to_end", "--messages", bad],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert asked.returncode == 2
    assert "--messages" in asked.stderr


def test_the_breakdown_names_every_process() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "bench.breakdown", "--messages", "6"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
    )
    assert told.returncode == 0, told.stderr
    costs = re.findall(r"Processor ms per message: (.*)", told.stdout)
    assert len(costs) == 2  # one at a time, and eight
    for line in costs:
        named = dict(part.rsplit(" ", 1) for part in line.split(", "))
        assert set(named) == {"web", "console", "worker", "clock", "nlu", "redis", "line"}
        assert float(named["worker"]) > 0
    assert re.search(r"Redis commands per message: [1-9]", told.stdout)
