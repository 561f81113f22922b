"""`python -m simulator`: serve on loopback until the process is ended."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from simulator.app import create_app
from simulator.settings import BadSettings, Settings, read_settings

#: Threads, not processes: all state is in one process. A thread that waits (the fault
#: "timeout") must not keep others from being served.
THREADS = 64


class Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"127.0.0.1:{self._settings.port}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "timeout": 0,
            "graceful_timeout": 1,
            "keepalive": 30,
            "loglevel": "warning",
            "proc_name": "simulator",
            "control_socket_disable": True,
            "post_worker_init": _end_at_once,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """In the worker process, where the threads that do the work must be born."""
        return create_app(self._settings)


def _end_at_once(worker: object) -> None:
    """There is nothing to save: do not wait for open pages and for answers held back."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda *_: os._exit(0))


def main() -> None:
    try:
        settings = read_settings(os.environ)
    except BadSettings as error:
        sys.exit(f"The simulator cannot start:\n{error}")
    Server(settings).run()


if __name__ == "__main__":
    main()
