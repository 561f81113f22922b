"""Logs, Sentry and metrics: what may leave the machine is listed here, all else is dropped.

Anchors: sentry-sdk's defaults send the body and the query of a failing request even with
send_default_pii=False (tried with 2.75), so collection is closed and every event is rebuilt
from a list of allowed fields.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import MutableMapping
from typing import Any

import prometheus_client
import sentry_sdk
import structlog
from sentry_sdk.integrations.logging import LoggingIntegration

METRICS_TYPE = prometheus_client.CONTENT_TYPE_LATEST

#: Keys that a log line may have. Their values come from closed sets, ids excepted.
ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "process", "name", "error", "where", "code", "channel",
        "rule", "reason", "state", "move", "port", "seconds", "release", "problem",
    }
)  # fmt: skip

#: Counters and the labels of each. A name that is not here is a mistake and raises KeyError.
COUNTERS: dict[str, tuple[str, ...]] = {
    "inbound": ("channel",),
    "duplicate": ("channel",),
    "over_limit": ("channel",),
    "bad_request": ("reason",),
    "bad_signature": (),
    "fallback": (),
    "turn": ("rule", "channel"),
    "classifier_unavailable": (),
    "escalation": ("reason",),
    "escalation_move": ("move",),
    "reply": (),
    "reply_refused": (),
    "sent": ("code",),
    "send_failed": ("code",),
    "send_retry": ("code",),
    "found_after_crash": (),
    "status": ("state",),
    "status_unknown": (),
    "failure": ("name",),
    "sign_in": ("state",),
    "session_expired": (),
    "csrf_refused": (),
}
TIMERS: dict[str, tuple[str, ...]] = {"answer_wait": ()}

#: Loggers with handlers of their own that would go past ours; gunicorn's quotes requests.
OWN_WAYS = ("gunicorn.error", "gunicorn.access")


class Meter:
    """The Meter port: Prometheus counters, and a log line and a Sentry event for failures."""

    def __init__(self, registry: prometheus_client.CollectorRegistry | None = None) -> None:
        registry = registry or prometheus_client.CollectorRegistry()
        self.registry = registry
        self._counters = {
            name: prometheus_client.Counter(f"bot_{name}", name, labels, registry=registry)
            for name, labels in COUNTERS.items()
        }
        self._timers = {
            name: prometheus_client.Histogram(
                f"bot_{name}_seconds", name, labels, registry=registry
            )
            for name, labels in TIMERS.items()
        }
        self._log = structlog.get_logger("bot")

    def count(self, name: str, **labels: str) -> None:
        counter = self._counters[name]
        (counter.labels(**labels) if labels else counter).inc()
        self._log.info("count", name=name, **labels)

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        timer = self._timers[name]
        (timer.labels(**labels) if labels else timer).observe(seconds)

    def exposition(self) -> bytes:
        """All counters and timers in Prometheus' text format."""
        return prometheus_client.generate_latest(self.registry)

    def failure(self, name: str, error: BaseException) -> None:
        self._counters["failure"].labels(name=name).inc()
        self._log.error("failure", name=name, error=type(error).__name__, where=_where(error))
        sentry_sdk.capture_exception(error)


def _where(error: BaseException) -> str:
    """File, line and function of the innermost frame; no source line, no values."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return ""
    last = frames[-1]
    return f"{last.filename.rpartition('/')[2]}:{last.lineno} {last.name}"


def configure(process: str, release: str, sentry_dsn: str = "", transport: Any = None) -> None:
    """Set up logging and Sentry for one process. `transport` replaces Sentry's, for tests."""

    def name_process(
        logger: Any, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        # not by context variables: those are empty in every thread but the one that set them
        event["process"], event["release"] = process, release
        return event

    chain: list[Any] = [
        name_process,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        keep_allowed,
    ]
    structlog.configure(
        processors=[*chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[withhold_foreign, *chain],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                drop_exception,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(logging.INFO)
    for name in OWN_WAYS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    _report_crashes()
    # the SDK logs addresses and headers at INFO; nobody may turn that on by accident
    logging.getLogger("twilio").setLevel(logging.CRITICAL)
    if sentry_dsn or transport is not None:
        sentry_sdk.init(
            dsn=sentry_dsn or "http://key@127.0.0.1:9/1",
            release=release,
            transport=transport,
            data_collection={
                "user_info": False,
                "cookies": {"mode": "off"},
                "http_headers": {"request": {"mode": "off"}},
                "http_bodies": [],
                "url_query_params": {"mode": "off"},
                "stack_frame_variables": False,
                "frame_context_lines": 0,
                "queues": False,
                "database_query_data": False,
            },
            max_request_body_size="never",
            include_local_variables=False,
            include_source_context=False,
            max_breadcrumbs=0,
            server_name="",
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[LoggingIntegration(level=None, event_level=None)],
            before_send=keep_known_fields,
            before_send_transaction=lambda event, hint: None,
            traces_sample_rate=0.0,
        )
        sentry_sdk.get_global_scope().set_tag("process", process)


def _report_crashes() -> None:
    """What nobody caught ends in the log like all else; Python would print it in words."""
    log = structlog.get_logger("bot")

    def crashed(error: BaseException | None) -> None:
        if error is not None and not isinstance(error, (KeyboardInterrupt, SystemExit)):
            log.error("crash", error=type(error).__name__, where=_where(error))
            sentry_sdk.capture_exception(error)

    sys.excepthook = lambda kind, error, trace: crashed(error)
    threading.excepthook = lambda args: crashed(args.exc_value)


def keep_allowed(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list; structlog's own bookkeeping stays."""
    return {k: v for k, v in event.items() if k in ALLOWED or k.startswith("_")}


def withhold_foreign(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Of a library's log record only whose it is and where it was written, by which the
    message can be found; the message itself may quote anything."""
    record: logging.LogRecord = event["_record"]
    event["event"] = "library message withheld"
    event["name"] = record.name
    event["where"] = f"{record.filename}:{record.lineno} {record.funcName}"
    if record.exc_info and record.exc_info[1] is not None:
        event["error"] = type(record.exc_info[1]).__name__
        event["where"] = _where(record.exc_info[1]) or event["where"]
    return event


def drop_exception(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key in ("exc_info", "exception", "stack_info", "stack"):
        event.pop(key, None)
    return event


def keep_known_fields(event: Any, hint: Any) -> Any:
    """A new Sentry event with only what is known to be harmless: types, places, release."""
    values = (event.get("exception") or {}).get("values") or []
    return {
        "event_id": event.get("event_id"),
        "timestamp": event.get("timestamp"),
        "level": event.get("level"),
        "platform": "python",
        "release": event.get("release"),
        "tags": {"process": (event.get("tags") or {}).get("process")},
        "exception": {
            "values": [
                {
                    "type": value.get("type"),
                    "module": value.get("module"),
                    "stacktrace": {
                        "frames": [
                            {k: frame.get(k) for k in ("module", "function", "lineno", "filename")}
                            for frame in (value.get("stacktrace") or {}).get("frames") or []
                        ]
                    },
                }
                for value in values
            ]
        },
    }
