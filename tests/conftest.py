"""What every test may lean on: a clock that is moved by hand, real keys, a real Redis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from bot.adapters.memory import ManualClock
from bot.adapters.vault import AesVault, new_key
from bot.content.load import load_library
from bot.core.library import Library
from dev.redis_server import EmbeddedRedis

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def library() -> Library:
    """The content that is served."""
    return load_library(ROOT / "flows", ROOT / "docs" / "facts.md")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="session")
def vault() -> AesVault:
    return AesVault([new_key()], new_key())


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    server = EmbeddedRedis(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: EmbeddedRedis) -> str:
    """A real Redis with nothing in it."""
    redis.Redis.from_url(redis_server.url).flushall()
    return redis_server.url
