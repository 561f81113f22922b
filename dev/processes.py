"""Start the lines of the Procfile, keep their logs, stop them all."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from honcho.environ import parse_procfile

ROOT = Path(__file__).resolve().parent.parent
#: Time that a process gets to finish what it is doing before it is killed.
GRACE_SECONDS = 15.0


class Died(Exception):
    """A process ended by itself; carries its name and the end of its log."""


def lines() -> dict[str, str]:
    """Name → command of the Procfile."""
    return dict(parse_procfile((ROOT / "Procfile").read_text()).processes)


class Processes:
    """Processes in sessions of their own, so that none outlives `stop`."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._logs = logs
        self._environment = {**os.environ, **environment}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: str) -> None:
        """Start one command by the shell, its output going to <name>.log."""
        with (self._logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {command}"],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def names(self) -> list[str]:
        return list(self._running)

    def look(self) -> None:
        """Raises Died when a process has ended."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise Died(f"{name} stopped by itself. The end of its log:\n{self.tail(name)}")

    def tail(self, name: str, count: int = 15) -> str:
        text = (self._logs / f"{name}.log").read_text(errors="replace")
        return "\n".join(text.splitlines()[-count:])

    def wait_for(self, what: str, ready: Callable[[], bool], seconds: float) -> None:
        """Poll until ready. Raises Died, or TimeoutError after that many seconds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.look()
            if ready():
                return
            time.sleep(0.1)
        raise TimeoutError(f"{what} was not ready after {seconds:.0f} seconds")

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a process and all that it started."""
        os.killpg(self._running[name].pid, number)

    def kill(self, name: str) -> None:
        """As a power cut would: no chance to finish anything."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Stop all: politely, then surely."""
        for process in self._running.values():
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self._running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            _signal(process, signal.SIGKILL)
            process.wait()
        self._running.clear()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
