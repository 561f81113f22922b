"""The worker's door: `dramatiq bot.jobs:start`. One actor for each kind of work.

The order of jobs means nothing: the store keeps the order of a person's texts, and one
drainer at a time works through it.
"""

from __future__ import annotations

from collections.abc import Callable

import dramatiq

from bot.adapters.dramatiq_jobs import QUEUE, broker
from bot.core.model import TexterId
from bot.ports import Work
from bot.settings import read_settings
from bot.wiring import Parts, build


def start() -> None:
    """Called by Dramatiq in each worker process. Raises BadSettings and ContentError."""
    settings = read_settings()
    queue = broker(settings.redis_url)
    dramatiq.set_broker(queue)
    declare(queue, build(settings, "worker", queue))


def declare(queue: dramatiq.Broker, parts: Parts) -> None:
    """Give the queue its two actors. What goes wrong is reported here: Dramatiq only tries
    again, and its own words about it are withheld from the log."""

    def turn(texter: TexterId) -> None:
        # in one job, since a second one would meet the queue's polling again; if this one
        # dies in between, the note of due delivery is in the store and the clock finds it
        parts.service.take_turns(texter)
        parts.delivery.deliver(texter)

    verbs: dict[Work, Callable[[TexterId], object]] = {
        Work.TURN: turn,
        Work.DELIVERY: parts.delivery.deliver,
    }
    for work, act in verbs.items():

        def actor(texter: str, work: Work = work, act: Callable[..., object] = act) -> None:
            try:
                act(TexterId(texter))
            except Exception as error:
                parts.meter.failure(f"{work.value}_job", error)
                raise

        dramatiq.actor(actor_name=work.value, queue_name=QUEUE, broker=queue)(actor)
