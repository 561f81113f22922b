"""A tiny HTTP server for tests: it answers as it is told, and notes what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    """What is answered, `after` that many seconds."""

    body: bytes
    status: int = 200
    after: float = 0.0


@dataclass
class Served:
    """A running server: its base address, and (path, body) of every request."""

    url: str
    asked: list[tuple[str, bytes]] = field(default_factory=list)


@contextmanager
def serve(answer: Callable[[bytes], Answer]) -> Iterator[Served]:
    """A server on a free port of loopback; `answer` gets the body of each request."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            served.asked.append((self.path, body))
            told = answer(body)
            if told.after:
                ended.wait(told.after)
            try:
                self.send_response(told.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(told.body)))
                self.end_headers()
                self.wfile.write(told.body)
            except OSError:
                return  # whoever asked has given up

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served = Served(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
