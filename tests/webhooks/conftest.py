from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from bot.core.library import Library
from bot.settings import read_settings
from bot.wiring import Parts, build
from tests.deployment import environment
from webhooks import create_app


@pytest.fixture
def parts(redis_url: str, library: Library) -> Parts:
    tokens = "test-auth-token,the-next-token"
    settings = read_settings(environment(redis_url, TWILIO_AUTH_TOKENS=tokens))
    return build(settings, "test", library=library)


@pytest.fixture
def client(parts: Parts) -> FlaskClient:
    return create_app(parts).test_client()
