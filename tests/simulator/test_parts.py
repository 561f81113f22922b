"""The small parts that need no server."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from simulator import BadSettings, read_settings
from simulator.messages import Message, MessageLog
from simulator.rest import RateLimit
from simulator.schedule import Schedule
from tests.simulator_server import ACCOUNT_SID, ROOT

NEEDED = {"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKENS": "one, two"}
A_MESSAGE = Message("SM1", "inbound", "+15550101", "+15550199", "x", "received", 0, 0, 1, "GSM-7")


def test_few_settings_are_enough() -> None:
    settings = read_settings(NEEDED)
    assert settings.port == 8002
    assert settings.webhook_url == settings.public_url == "http://127.0.0.1:8000"
    assert settings.auth_tokens == ("one", "two")
    assert settings.number == "+15550199"
    assert settings.callback_delay == 0.3
    assert settings.webhook_timeout == 15
    assert not settings.advanced_opt_out


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings({"TWILIO_FROM": "call me", "SIMULATOR_PORT": "x", "PUBLIC_URL": "nowhere"})
    told = [line.partition(":")[0] for line in str(caught.value).splitlines()]
    assert sorted(told) == [
        "PUBLIC_URL", "SIMULATOR_PORT", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKENS", "TWILIO_FROM",
    ]  # fmt: skip


def test_the_process_refuses_to_start_without_settings() -> None:
    bare = {"PATH": os.environ["PATH"]}
    ended = subprocess.run([sys.executable, "-m", "simulator"], cwd=ROOT, env=bare,
                           capture_output=True, text=True, timeout=60)  # fmt: skip
    assert ended.returncode == 1
    assert "TWILIO_ACCOUNT_SID: missing" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_memory_is_bounded() -> None:
    log = MessageLog(kept=3)
    for n in range(10):
        log.add(replace(A_MESSAGE, sid=f"SM{n}"))
    assert [m.sid for m in log.newest_first()] == ["SM9", "SM8", "SM7"]
    assert log.get("SM0") is None
    assert log.change("SM0", status="sent") is None
    assert log.version == 10


def test_a_change_is_news() -> None:
    log = MessageLog()
    before = log.add(A_MESSAGE).version
    changed = log.change("SM1", status="delivered")
    assert changed is not None
    assert changed.version > before
    assert changed.status == "delivered"


def test_the_rate_is_counted_over_a_second() -> None:
    limit = RateLimit(2)
    assert [limit.passes(t) for t in (0.0, 0.5, 0.9, 1.0, 1.1, 1.5)] == [
        True, True, False, True, False, True,
    ]  # fmt: skip


def test_a_job_that_fails_does_not_stop_its_lane(caplog: pytest.LogCaptureFixture) -> None:
    schedule, done = Schedule(threads=2), threading.Event()
    seen: list[int] = []

    def job(n: int) -> None:
        seen.append(n)
        if n == 1:
            raise ValueError("on purpose")
        if n == 20:
            done.set()

    for n in range(21):
        schedule.in_lane("one", lambda n=n: job(n))
    assert done.wait(10)
    assert seen == list(range(21))
    assert "background job failed" in caplog.text
