"""The whole service, all processes real, on ports of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, sync_playwright

from dev.redis_server import free_port
from dev.stack import DEFAULT_PORTS, Stack

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    ports = {name: free_port() for name in DEFAULT_PORTS}
    with Stack(tmp_path_factory.mktemp("stack"), ports) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail("chromium is missing; .ci/run installs it")
        pytest.skip("chromium is not installed on this machine (apt-get install chromium)")
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield opened
        opened.close()


class Phones:
    """The simulator's phones, by its own interface."""

    def __init__(self, base: str) -> None:
        self._base = base

    def text(self, number: str, body: str) -> None:
        answer = requests.post(
            f"{self._base}/simulator/texts",
            json={"from": number, "body": body, "channel": "sms"},
            timeout=10,
        )
        answer.raise_for_status()

    def received(self, number: str) -> list[str]:
        answer = requests.get(f"{self._base}/simulator/messages", params={"to": number}, timeout=10)
        return [message["body"] for message in answer.json()]


@pytest.fixture(scope="session")
def phones(stack: Stack) -> Phones:
    return Phones(stack.url("simulator"))


def until(seen: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something that other processes bring about; fails after that time."""
    deadline = time.monotonic() + seconds
    while not seen():
        if time.monotonic() > deadline:
            raise AssertionError(f"not seen within {seconds:.0f} seconds")
        time.sleep(0.1)
