"""What the service leans on goes away and comes back: nobody meets silence."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
import requests

from dev.processes import lines
from dev.stack import Stack
from tests.story.conftest import Phones, until


@pytest.fixture
def known(stack: Stack, phones: Phones, request: pytest.FixtureRequest) -> Iterator[str]:
    """A phone of this test's own, in English and past the greeting; out of line afterwards."""
    number = f"+15550{500 + NAMES.index(request.node.name)}"
    phones.text(number, "english")
    until(lambda: any("1 What did ICE publish?" in text for text in phones.received(number)))
    yield number
    phones.text(number, "menu")
    until(lambda: not stack.parts.desk.queue())


NAMES = [
    "test_the_model_is_down",
    "test_the_model_hangs",
    "test_redis_is_down",
    "test_twilio_is_busy_then_broken",
    "test_twilio_takes_a_text_and_never_says_so",
    "test_the_phone_says_stop_to_the_carrier",
]


def fresh(phones: Phones, number: str, before: int) -> list[str]:
    return phones.received(number)[before:]


def test_the_model_is_down(stack: Stack, phones: Phones, known: str) -> None:
    before = len(phones.received(known))
    stack.processes.kill("nlu")
    try:
        phones.text(known, "I need a free lawyer")
        until(lambda: bool(fresh(phones, known, before)))
        assert "about you or about a relative" in fresh(phones, known, before)[0]
    finally:
        stack.processes.start("nlu", lines()["nlu"])
    stack.processes.wait_for("nlu", lambda: _parses(stack), 120)


def test_the_model_hangs(stack: Stack, phones: Phones, known: str) -> None:
    before = len(phones.received(known))
    stack.processes.signal("nlu", signal.SIGSTOP)
    try:
        phones.text(known, "I need a free lawyer")
        until(lambda: bool(fresh(phones, known, before)))
    finally:
        stack.processes.signal("nlu", signal.SIGCONT)
    stack.processes.wait_for("nlu", lambda: _parses(stack), 60)


def test_redis_is_down(stack: Stack, phones: Phones, known: str) -> None:
    before = len(phones.received(known))
    stack.redis.stop()
    try:
        phones.text(known, "am I on the list?")
        until(lambda: len(fresh(phones, known, before)) >= 2)
        assert all("988" in text for text in fresh(phones, known, before))
    finally:
        stack.redis.start()
    before = len(phones.received(known))
    phones.text(known, "menu")
    until(lambda: bool(fresh(phones, known, before)), 60)
    # the greeting does not come again: who was greeted is known from before
    assert fresh(phones, known, before)[0].startswith("What is your question about?")


def fail_next(stack: Stack, kind: str, number: str, times: int = 1) -> None:
    requests.post(
        stack.url("simulator") + "/simulator/faults",
        json={"kind": kind, "times": times, "to": number},
        timeout=10,
    ).raise_for_status()


def test_twilio_is_busy_then_broken(stack: Stack, phones: Phones, known: str) -> None:
    before = len(phones.received(known))
    fail_next(stack, "429", known)
    fail_next(stack, "500", known)
    phones.text(known, "menu")
    until(lambda: bool(fresh(phones, known, before)), 60)
    phones.text(known, "person")
    until(lambda: len(fresh(phones, known, before)) >= 2, 60)
    assert len(fresh(phones, known, before)) == 2


def test_twilio_takes_a_text_and_never_says_so(stack: Stack, phones: Phones, known: str) -> None:
    """It is found again by asking Twilio, and not sent twice."""
    before = len(phones.received(known))
    fail_next(stack, "timeout", known)
    phones.text(known, "menu")
    until(lambda: bool(fresh(phones, known, before)), 60)
    phones.text(known, "person")
    until(lambda: len(fresh(phones, known, before)) >= 2, 90)
    assert len(fresh(phones, known, before)) == 2


def test_the_phone_says_stop_to_the_carrier(stack: Stack, phones: Phones, known: str) -> None:
    before = len(phones.received(known))
    phones.text(known, "STOP")
    phones.text(known, "menu")
    phones.text(known, "START")
    until(lambda: bool(fresh(phones, known, before)))
    assert len(fresh(phones, known, before)) == 1


def _parses(stack: Stack) -> bool:
    try:
        answer = requests.post(
            stack.url("nlu") + "/model/parse",
            params={"token": stack.environment["NLU_TOKEN"]},
            json={"text": "hello"},
            timeout=2,
        )
    except requests.RequestException:
        return False
    return answer.ok
