"""The worker takes exactly the kinds of work that are handed out, from the same queue."""

from __future__ import annotations

from dramatiq.brokers.stub import StubBroker

from bot.adapters.dramatiq_jobs import QUEUE, DramatiqJobs, broker
from bot.core.model import TexterId
from bot.jobs import declare
from bot.ports import Work
from bot.settings import read_settings
from bot.wiring import build
from tests.deployment import environment


def test_every_kind_of_work_has_its_actor(redis_url: str) -> None:
    worker = StubBroker(middleware=[])
    declare(worker, build(read_settings(environment(redis_url)), "test"))
    assert worker.get_declared_actors() == {work.value for work in Work}
    assert worker.get_declared_queues() - worker.get_declared_delay_queues() == {QUEUE}


def test_a_job_carries_a_reference_and_nothing_else(redis_url: str) -> None:
    queue = broker(redis_url)
    DramatiqJobs(queue).enqueue(TexterId("a-digest"), Work.TURN)
    message = next(iter(queue.consume(QUEUE, timeout=1000)))
    assert message is not None
    assert (message.actor_name, message.args, message.kwargs) == ("turn", ("a-digest",), {})
