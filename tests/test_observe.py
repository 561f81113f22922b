"""Only what is listed gets into logs, Sentry and metrics."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sentry_sdk
import structlog
from sentry_sdk.transport import Transport

from bot import clock, observe

ROOT = Path(__file__).resolve().parent.parent


class Captured(Transport):
    def __init__(self) -> None:
        super().__init__()
        self.envelopes: list[Any] = []

    def capture_envelope(self, envelope: Any) -> None:
        self.envelopes.append(envelope)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [e for envelope in self.envelopes if (e := envelope.get_event()) is not None]


@pytest.fixture
def sentry() -> Captured:
    return Captured()


@pytest.fixture
def written(sentry: Captured, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a configured process writes; everything is put back afterwards."""
    handlers, level = list(logging.getLogger().handlers), logging.getLogger().level
    hooks = sys.excepthook, threading.excepthook
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    observe.configure("web", "1.2.3", transport=sentry)
    yield output
    sentry_sdk.get_client().close(timeout=0)
    sentry_sdk.get_global_scope().set_client(None)
    sys.excepthook, threading.excepthook = hooks
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


def lines(output: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.getvalue().splitlines()]


def fail(words: str = "secret words") -> Exception:
    """An exception that quotes, was raised from another one that quotes, and has a note."""
    try:
        try:
            raise KeyError(words)
        except KeyError as error:
            raise ValueError(f"cannot read {words}") from error
    except ValueError as error:
        error.add_note(words)
        return error


# --- logs ---------------------------------------------------------------------------------------


def test_only_listed_keys_are_logged(written: io.StringIO) -> None:
    structlog.get_logger("bot").info("turn", rule="menu", text="secret words", phone="+15550100")
    (line,) = lines(written)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "turn", "rule": "menu", "level": "info", "process": "web", "release": "1.2.3",
    }  # fmt: skip


def test_a_failure_is_told_by_type_and_place(written: io.StringIO) -> None:
    observe.Meter().failure("turn", fail())
    (line,) = lines(written)
    assert (line["event"], line["name"], line["error"]) == ("failure", "turn", "ValueError")
    assert line["where"].startswith("test_observe.py:") and line["where"].endswith(" fail")
    assert "secret" not in written.getvalue()


def test_an_exception_that_was_never_raised_has_no_place(written: io.StringIO) -> None:
    observe.Meter().failure("turn", ValueError("secret words"))
    (line,) = lines(written)
    assert line["where"] == "" and "secret" not in written.getvalue()


@pytest.mark.parametrize("name", ["", "urllib3.connectionpool", "bot", "bot.core", "gunicorn.error",
                                  "dramatiq.worker", "werkzeug"])  # fmt: skip
def test_of_a_library_only_its_name_and_place_are_logged(written: io.StringIO, name: str) -> None:
    log = logging.getLogger(name)
    log.warning("GET /?Body=%s", "secret words", extra={"phone": "+15550100"})
    try:
        raise fail()
    except ValueError:
        log.exception("secret words", stack_info=True)
    plain, broken = lines(written)
    assert plain["event"] == broken["event"] == "library message withheld"
    assert plain["name"] == (name or "root") and plain["level"] == "warning"
    assert plain["where"].startswith("test_observe.py:")
    assert broken["error"] == "ValueError"
    for word in ("secret", "15550100", "Body"):
        assert word not in written.getvalue()


def test_loggers_with_handlers_of_their_own_are_taken_over(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gunicorn sets its loggers up before it loads the app."""
    own = io.StringIO()
    log = logging.getLogger("gunicorn.error")
    log.addHandler(logging.StreamHandler(own))
    log.propagate = False
    monkeypatch.setattr(sys, "stdout", written)
    observe.configure("web", "1.2.3")
    log.warning("Invalid request: secret words")
    assert own.getvalue() == ""
    assert [line["name"] for line in lines(written)] == ["gunicorn.error"]


def test_every_thread_says_which_process_it_is(written: io.StringIO, sentry: Captured) -> None:
    thread = threading.Thread(target=lambda: observe.Meter().failure("turn", fail()))
    thread.start()
    thread.join()
    (line,) = lines(written)
    assert (line["process"], line["release"]) == ("web", "1.2.3")
    assert [event["tags"] for event in sentry.events] == [{"process": "web"}]


def test_a_crash_of_a_thread_is_told_without_words(written: io.StringIO, sentry: Captured) -> None:
    def crash() -> None:
        raise fail()

    thread = threading.Thread(target=crash)
    thread.start()
    thread.join()
    (line,) = lines(written)
    assert (line["event"], line["error"]) == ("crash", "ValueError")
    assert len(sentry.events) == 1


def test_a_crash_of_a_process_is_told_without_words() -> None:
    program = (
        "from bot import observe; observe.configure('clock', '1')\n"
        "def f(words): raise ValueError(words)\n"
        "f('secret words')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"] == "ValueError"
    assert done.stderr == "" and "secret" not in done.stdout


def test_the_clock_goes_on_after_any_failure(written: io.StringIO) -> None:
    done: list[str] = []

    def sweep() -> None:
        raise fail()

    desk = SimpleNamespace(give_back_lapsed=lambda: done.append("lapsed"))
    parts: Any = SimpleNamespace(
        service=SimpleNamespace(sweep=sweep), desk=desk, meter=observe.Meter()
    )
    clock.tick(parts)
    assert done == ["lapsed"]
    assert [line["name"] for line in lines(written)] == ["sweep"]


# --- Sentry -------------------------------------------------------------------------------------


def test_an_event_has_only_what_is_listed(written: io.StringIO, sentry: Captured) -> None:
    sentry_sdk.set_user({"id": "secret words", "ip_address": "192.0.2.1"})
    sentry_sdk.set_tag("phone", "secret words")
    sentry_sdk.set_context("text", {"body": "secret words"})
    sentry_sdk.add_breadcrumb(message="secret words")
    logging.getLogger("anybody").error("secret words")
    observe.Meter().failure("turn", fail())
    (event,) = sentry.events
    values = event["exception"]["values"]
    assert [value["type"] for value in values] == ["KeyError", "ValueError"]
    frame = values[-1]["stacktrace"]["frames"][-1]
    assert frame["function"] == "fail" and frame["lineno"] > 0
    assert set(frame) <= {"module", "function", "lineno", "filename"}
    assert set(values[-1]) <= {"type", "module", "stacktrace"}
    assert (event["release"], event["tags"]) == ("1.2.3", {"process": "web"})
    assert event["level"] == "error"
    whole = b"".join(envelope.serialize() for envelope in sentry.envelopes)
    assert b"secret" not in whole and b"192.0.2.1" not in whole


def test_an_event_with_anything_in_it_is_rebuilt() -> None:
    event: Any = {
        "event_id": "1", "message": "secret", "logentry": {"message": "secret"}, "user": {"id": 1},
        "request": {"data": "secret"}, "extra": {"a": "secret"}, "contexts": {"a": "secret"},
        "breadcrumbs": {"values": ["secret"]}, "server_name": "secret", "modules": {"secret": "1"},
        "transaction": "secret", "tags": None, "threads": {"values": ["secret"]},
        "exception": {"values": [{"type": "E", "value": "secret", "mechanism": {"data": "secret"},
                      "stacktrace": {"frames": [{"vars": {"a": "secret"}, "lineno": 3,
                                                 "context_line": "secret", "abs_path": "secret"}]},
                      }]},
    }  # fmt: skip
    assert "secret" not in json.dumps(observe.keep_known_fields(event, {}))
    for empty in ({}, {"exception": None}, {"exception": {"values": [{"stacktrace": None}]}}):
        assert observe.keep_known_fields(empty, {})["platform"] == "python"


def test_messages_and_transactions_are_no_way_out(written: io.StringIO, sentry: Captured) -> None:
    sentry_sdk.capture_message("secret words")
    with sentry_sdk.start_transaction(name="secret words", sampled=True):
        pass
    whole = b"".join(envelope.serialize() for envelope in sentry.envelopes)
    assert b"secret" not in whole


# --- metrics ------------------------------------------------------------------------------------


def test_a_name_or_label_that_is_not_declared_is_a_mistake() -> None:
    meter = observe.Meter()
    for act in (
        lambda: meter.count("no_such_name"),
        lambda: meter.observe("no_such_name", 1.0),
    ):
        with pytest.raises(KeyError):
            act()
    for labels in ({"text": "secret words"}, {"channel": "sms", "text": "secret words"}, {}):
        with pytest.raises(ValueError):
            meter.count("inbound", **labels)


def test_what_was_counted_is_in_the_exposition(written: io.StringIO) -> None:
    meter = observe.Meter()
    for name, labels in observe.COUNTERS.items():
        if name == "failure":
            meter.failure("x", fail())
        else:
            meter.count(name, **dict.fromkeys(labels, "x"))
    for name, labels in observe.TIMERS.items():
        meter.observe(name, 0.5, **dict.fromkeys(labels, "x"))
    text = meter.exposition().decode()
    for name, labels in observe.COUNTERS.items():
        shown = "{" + ",".join(f'{label}="x"' for label in sorted(labels)) + "}" if labels else ""
        assert f"bot_{name}_total{shown} 1.0" in text, name
    assert "bot_answer_wait_seconds_sum 0.5" in text
    assert all(set(labels) <= observe.ALLOWED for labels in observe.COUNTERS.values())


def test_every_name_that_the_code_counts_is_declared() -> None:
    import re

    used: set[str] = set()
    for folder in ("bot", "webhooks", "console"):
        for file in (ROOT / folder).rglob("*.py"):
            used |= set(re.findall(r'meter\.count\(\s*"(\w+)"', file.read_text()))
    assert "inbound" in used and used <= set(observe.COUNTERS)
