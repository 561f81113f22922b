"""The worker's door: `dramatiq bot.jobs:start`. Actors of three lines each.

The order of jobs means nothing: the store keeps the order of a person's texts, and one
drainer at a time works through it.
"""

from __future__ import annotations

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
    """Give the queue its two actors."""

    def turn(texter: str) -> None:
        parts.service.take_turns(TexterId(texter))

    def delivery(texter: str) -> None:
        parts.delivery.deliver(TexterId(texter))

    for work, act in ((Work.TURN, turn), (Work.DELIVERY, delivery)):
        dramatiq.actor(actor_name=work.value, queue_name=QUEUE, broker=queue)(act)
