"""One real NLU server for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.nlu_server import ROOT, free_port, start_nlu

TOKEN = "a-token-for-tests-only"
MODEL = ROOT / "nlu_data" / "models" / "nlu.tar.gz"


@dataclass(frozen=True)
class Server:
    """A running server: where it is, and where its output goes."""

    base: str
    log: Path


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """The model in place; `make test` trains it first."""
    if not MODEL.exists():
        pytest.fail("no trained model; run: make train")
    return MODEL


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, trained_model: Path) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("nlu") / "nlu.log"
    with start_nlu(free_port(), TOKEN, log=log) as base:
        yield Server(base, log)


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def parse(server: Server, http: requests.Session) -> Callable[[str], dict[str, Any]]:
    """Ask the real server; fails on anything but 200."""

    def ask(text: str) -> dict[str, Any]:
        answer = http.post(
            f"{server.base}/model/parse", params={"token": TOKEN}, json={"text": text}, timeout=30
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return ask
