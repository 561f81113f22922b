"""Jobs are references: what is enqueued reaches the right verb, later when asked, and holds
nothing but a texter and a kind of work."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import dramatiq
import pytest
import redis
from dramatiq.brokers.redis import RedisBroker

from bot.adapters.dramatiq_jobs import NAMESPACE, QUEUE, DramatiqJobs, broker
from bot.adapters.memory import QuietMeter
from bot.core.model import TexterId
from bot.jobs import declare
from bot.ports import Unavailable, Work
from dev.redis_server import free_port

TEXTER = TexterId("0123456789abcdef" * 2)


@pytest.fixture
def queue(redis_url: str) -> RedisBroker:
    return broker(redis_url)


@contextmanager
def working(queue: RedisBroker, done: list[tuple[str, str]]) -> Iterator[None]:
    """The real worker, with verbs that note what they were asked."""
    parts: Any = SimpleNamespace(
        service=SimpleNamespace(take_turns=lambda texter: done.append(("turn", texter))),
        delivery=SimpleNamespace(deliver=lambda texter: done.append(("delivery", texter))),
    )
    declare(queue, parts)
    worker = dramatiq.Worker(queue, worker_threads=2, worker_timeout=20)
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def soon(happened: Callable[[], bool]) -> None:
    """Wait until it happened; the patience only bounds a hang."""
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def stored(url: str) -> dict[str, Any]:
    """The messages that wait, by their ids."""
    client = redis.Redis.from_url(url)
    found: dict[str, Any] = {}
    for key in client.scan_iter(f"{NAMESPACE}:*.msgs"):
        found |= {k.decode(): json.loads(v) for k, v in client.hgetall(key).items()}
    return found


def test_each_kind_of_work_reaches_its_verb(queue: RedisBroker) -> None:
    jobs, done = DramatiqJobs(queue), list[tuple[str, str]]()
    jobs.enqueue(TEXTER, Work.TURN)
    jobs.enqueue(TEXTER, Work.DELIVERY)
    with working(queue, done):
        queue.join(QUEUE, timeout=20_000)
    # what a turn said is delivered at once, in the same job
    assert sorted(done) == [("delivery", TEXTER), ("delivery", TEXTER), ("turn", TEXTER)]


def test_a_delayed_job_waits_its_time(queue: RedisBroker, redis_url: str) -> None:
    jobs, done = DramatiqJobs(queue), list[tuple[str, str]]()
    jobs.enqueue(TEXTER, Work.DELIVERY, timedelta(hours=1))
    jobs.enqueue(TEXTER, Work.TURN, timedelta(milliseconds=30))
    (later,) = (m for m in stored(redis_url).values() if m["actor_name"] == "delivery")
    assert later["queue_name"] == f"{QUEUE}.DQ"
    assert later["options"]["eta"] - later["message_timestamp"] >= 3_600_000
    with working(queue, done):
        soon(lambda: len(done) >= 2)
    assert done == [("turn", TEXTER), ("delivery", TEXTER)]


def test_a_job_holds_a_texter_and_nothing_else(queue: RedisBroker, redis_url: str) -> None:
    DramatiqJobs(queue).enqueue(TEXTER, Work.TURN)
    (message,) = stored(redis_url).values()
    assert message["args"] == [TEXTER] and message["kwargs"] == {}
    assert set(message["options"]) == {"redis_message_id"}
    assert (message["actor_name"], message["queue_name"]) == ("turn", QUEUE)


def test_a_failed_job_is_reported_and_keeps_no_words_of_the_failure(
    queue: RedisBroker, redis_url: str
) -> None:
    def fail(texter: str) -> None:
        raise ValueError("secret words")

    meter = QuietMeter()
    parts: Any = SimpleNamespace(
        service=SimpleNamespace(take_turns=fail),
        delivery=SimpleNamespace(deliver=fail),
        meter=meter,
    )
    declare(queue, parts)
    DramatiqJobs(queue).enqueue(TEXTER, Work.TURN)
    worker = dramatiq.Worker(queue, worker_threads=1, worker_timeout=20)
    worker.start()
    try:
        soon(lambda: any(m["options"].get("retries") for m in stored(redis_url).values()))
        retried = [m for m in stored(redis_url).values() if m["options"].get("retries")]
    finally:
        worker.stop()
    assert retried and "secret" not in json.dumps(retried)
    assert "traceback" not in retried[0]["options"]
    assert {(name, type(error)) for name, error in meter.failures} == {("turn_job", ValueError)}


def test_a_store_that_is_down_is_said_so() -> None:
    nowhere = broker(f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(Unavailable):
        DramatiqJobs(nowhere).enqueue(TEXTER, Work.TURN)
