"""The job queue: Dramatiq over Redis. Only references to people are ever enqueued."""

from __future__ import annotations

from datetime import timedelta

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import BrokerConnectionError
from dramatiq.middleware import AgeLimit, Callbacks, Middleware, Retries, ShutdownNotifications
from redis.exceptions import RedisError

from bot.core.model import TexterId
from bot.ports import Unavailable, Work

QUEUE = "texters"
#: A job that failed for ever is only a reference to work that the clock hands out again, so
#: the record of it need not be kept for the broker's default of seven days.
DEAD_FOR_MS = 60 * 60 * 1000
#: A worker that died is noticed after this time, and its jobs are given to another.
HEARTBEAT_MS = 15_000
NAMESPACE = "jobs"


class NoTraceback(Middleware):
    """Takes out of a failed job what `Retries` adds to it: the text of an exception may quote
    a person, and jobs are stored unsealed. The failure is in the log by its type and place."""

    def before_enqueue(
        self, broker: dramatiq.Broker, message: dramatiq.Message[None], delay: int | None
    ) -> None:
        message.options.pop("traceback", None)


def broker(redis_url: str) -> RedisBroker:
    """The job queue in the same Redis, without the middleware that is not used."""
    queue = RedisBroker(  # type: ignore[no-untyped-call]
        url=redis_url,
        middleware=[
            AgeLimit(),
            ShutdownNotifications(),
            Callbacks(),
            Retries(max_retries=8, min_backoff=500, max_backoff=60_000),
            NoTraceback(),
        ],
        namespace=NAMESPACE,
        heartbeat_timeout=HEARTBEAT_MS,
        dead_message_ttl=DEAD_FOR_MS,
    )
    queue.declare_queue(QUEUE)
    return queue


class DramatiqJobs:
    """The Jobs port."""

    def __init__(self, queue: RedisBroker) -> None:
        self._broker = queue

    def enqueue(self, texter: TexterId, work: Work, delay: timedelta = timedelta(0)) -> None:
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=QUEUE, actor_name=work.value, args=(texter,), kwargs={}, options={}
        )
        wait = int(delay.total_seconds() * 1000)
        try:
            self._broker.enqueue(message, delay=wait or None)
        except (RedisError, BrokerConnectionError) as error:
            raise Unavailable("broker") from error
