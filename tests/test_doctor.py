"""The doctor sees a good deployment as good, and every single thing that is wrong with a bad."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.doctor import Finding, examine
from bot.enrolment import enrol
from bot.settings import read_settings
from bot.wiring import Parts, build, known_sentences
from dev.redis_server import free_port
from tests.deployment import ACCOUNT, TOKEN, environment
from tests.simulator_server import start_simulator
from tests.small_server import Answer, serve

SERVICE = "MG" + "0" * 32
PUBLIC_URL = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    more = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKENS": TOKEN}
    with start_simulator(free_port(), PUBLIC_URL, **more) as base:
        yield base


class Rasa:
    """Knows every sentence unless it was told to forget one."""

    def __init__(self, library: Any) -> None:
        self.known = {one.text: one.intent for one in known_sentences(library)}

    def __call__(self, body: bytes) -> Answer:
        ranking = [{"name": self.known[json.loads(body)["text"]], "confidence": 0.9}]
        return Answer(json.dumps({"intent_ranking": ranking}).encode())


@pytest.fixture
def rasa(library: Any) -> Rasa:
    return Rasa(library)


@pytest.fixture
def settings(redis_url: str, simulator: str, rasa: Rasa) -> Iterator[dict[str, str]]:
    with serve(rasa) as model:
        yield environment(
            redis_url, TWILIO_API_BASE_URL=simulator, NLU_URL=model.url, PUBLIC_URL=PUBLIC_URL
        )


def parts(settings: dict[str, str], **more: str) -> Parts:
    return build(read_settings(settings | more), "test")


def found(one: Parts) -> dict[str, Finding]:
    findings = {finding.what: finding for finding in examine(one)}
    told = " ".join(finding.told for finding in findings.values())
    for secret in ("test-auth-token", "nlu-token", one.settings.id_key.get_secret_value()):
        assert secret not in told
    return findings


def wrong(findings: dict[str, Finding]) -> set[str]:
    return {what for what, finding in findings.items() if not finding.well}


def test_a_good_deployment(settings: dict[str, str]) -> None:
    good = parts(settings)
    enrol(good.store, "ana", "a long and quiet password", ("en",))
    findings = found(good)
    assert wrong(findings) == set()
    assert list(findings) == ["settings", "redis", "nlu", "twilio credentials", "twilio webhook",
                              "content", "advocates"]  # fmt: skip
    assert findings["twilio credentials"].told == "account is active"
    assert findings["advocates"].told == "1 can sign in"
    assert "DRAFT" in findings["content"].told
    reviewed = replace(good, library=replace(good.library, is_draft=False))
    assert "reviewed" in found(reviewed)["content"].told


def test_without_advocates_nobody_would_answer(settings: dict[str, str]) -> None:
    findings = found(parts(settings))
    assert wrong(findings) == {"advocates"}
    assert "add-advocate" in findings["advocates"].told


def test_a_redis_that_is_down(settings: dict[str, str]) -> None:
    down = parts(settings, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert wrong(found(down)) == {"redis", "advocates"}


def test_keys_that_do_not_fit_the_store(settings: dict[str, str]) -> None:
    """ENCRYPTION_KEYS were changed without keeping the old one."""
    enrol(parts(settings).store, "ana", "a long and quiet password", ("en",))
    other = environment("redis://x")["ENCRYPTION_KEYS"]
    findings = found(parts(settings, ENCRYPTION_KEYS=other))
    assert wrong(findings) == {"advocates"}
    assert "ENCRYPTION_KEYS" in findings["advocates"].told


def test_a_model_that_is_down(settings: dict[str, str]) -> None:
    findings = found(parts(settings, NLU_URL=f"http://127.0.0.1:{free_port()}"))
    assert wrong(findings) == {"nlu", "advocates"}
    assert "cannot be reached" in findings["nlu"].told


def test_a_model_that_learned_something_else(settings: dict[str, str], rasa: Rasa) -> None:
    rasa.known["thank you very much"] = "greet"
    assert found(parts(settings))["nlu"] == Finding(
        "nlu", False, "the model does not know a sentence of intent thanks"
    )


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'"x"', b'{"intent_ranking": 3}', b'{"intent_ranking": [2]}',
             b'{"intent_ranking": [], "language": "x"}']
)  # fmt: skip
def test_something_else_than_a_model(settings: dict[str, str], body: bytes) -> None:
    with serve(lambda _: Answer(body)) as other:
        assert "nlu" in wrong(found(parts(settings, NLU_URL=other.url)))


def test_wrong_credentials_at_twilio(settings: dict[str, str]) -> None:
    findings = found(parts(settings, TWILIO_AUTH_TOKENS="not-the-token"))
    assert wrong(findings) == {"twilio credentials", "twilio webhook", "advocates"}
    assert "20003" in findings["twilio credentials"].told


def test_no_number_that_calls_us(settings: dict[str, str]) -> None:
    findings = found(parts(settings, PUBLIC_URL="https://elsewhere.example.org"))
    assert wrong(findings) == {"twilio webhook", "advocates"}
    assert "https://elsewhere.example.org/twilio/message" in findings["twilio webhook"].told


def test_with_a_messaging_service_it_says_what_to_set_there(settings: dict[str, str]) -> None:
    findings = found(parts(settings, TWILIO_MESSAGING_SERVICE_SID=SERVICE))
    assert wrong(findings) == {"advocates"}
    assert f"{PUBLIC_URL}/twilio/message" in findings["twilio webhook"].told


def test_twilio_that_cannot_be_reached(settings: dict[str, str]) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    findings = found(parts(settings, TWILIO_API_BASE_URL=nowhere))
    assert wrong(findings) == {"twilio credentials", "twilio webhook", "advocates"}
    assert "cannot be reached" in findings["twilio credentials"].told


def test_everything_wrong_at_once_is_told_at_once(settings: dict[str, str]) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    findings = found(
        parts(settings, REDIS_URL=f"redis://{nowhere}/0", NLU_URL=f"http://{nowhere}",
              TWILIO_API_BASE_URL=f"http://{nowhere}")
    )  # fmt: skip
    assert wrong(findings) == set(findings) - {"settings", "content"}
