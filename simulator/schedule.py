"""Who does what when: a pool of threads, a timer, and lanes in which jobs keep their order."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

Job = Callable[[], object]

log = logging.getLogger(__name__)


class Schedule:
    """Runs jobs in the background; a job that raises is logged and the rest goes on."""

    def __init__(self, threads: int = 32) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="line")
        self._lock = threading.Lock()
        self._lanes: dict[str, deque[Job]] = {}
        self._wake = threading.Condition()
        self._timed: list[tuple[float, int, Job]] = []
        self._numbers = itertools.count()
        threading.Thread(target=self._keep_time, daemon=True, name="timer").start()

    def soon(self, job: Job) -> None:
        self._pool.submit(_safely, job)

    def later(self, seconds: float, job: Job) -> None:
        """Not before `seconds` from now."""
        if seconds <= 0:
            self.soon(job)
            return
        with self._wake:
            due = time.monotonic() + seconds
            heapq.heappush(self._timed, (due, next(self._numbers), job))
            self._wake.notify()

    def in_lane(self, lane: str, job: Job) -> None:
        """After all earlier jobs of the same lane, beside those of other lanes."""
        with self._lock:
            if lane in self._lanes:
                self._lanes[lane].append(job)
                return
            self._lanes[lane] = deque([job])
        self._pool.submit(self._drive, lane)

    def _drive(self, lane: str) -> None:
        """One job, then the lane goes to the end of the pool's queue: lanes take turns."""
        with self._lock:
            job = self._lanes[lane].popleft()
        _safely(job)
        with self._lock:
            if not self._lanes[lane]:
                del self._lanes[lane]
                return
        self._pool.submit(self._drive, lane)

    def _keep_time(self) -> None:
        while True:
            with self._wake:
                while not self._timed:
                    self._wake.wait()
                wait = self._timed[0][0] - time.monotonic()
                if wait > 0:
                    self._wake.wait(wait)
                    continue
                job = heapq.heappop(self._timed)[2]
            self.soon(job)


def _safely(job: Job) -> None:
    try:
        job()
    except Exception:
        log.exception("a background job failed")
