"""A real console over a real store, with a clock moved by hand, and two people to play."""

from __future__ import annotations

import base64
import functools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.adapters.memory import (
    ManualClock,
    MemoryStore,
    QuietMeter,
    RecordingJobs,
    RecordingMessenger,
)
from bot.adapters.redis_part import connect
from bot.adapters.redis_store import RedisStore
from bot.adapters.vault import AesVault, new_key
from bot.content.load import load_library
from bot.core.escalation import Escalation
from bot.core.model import (
    Channel,
    Conversation,
    Inbound,
    MessageRef,
    Reason,
    Status,
    TexterId,
    Urgency,
)
from bot.core.pseudonym import pseudonym
from bot.delivery import Delivery
from bot.desk import Desk
from bot.enrolment import enrol
from bot.ports import Advocate, Change, Outgoing, Store, ThreadEntry, Who
from bot.settings import Settings
from bot.wiring import Parts
from console import create_app, totp
from console.accounts import issue_link
from dev.redis_server import EmbeddedRedis

FLOWS = Path(__file__).parent.parent / "content" / "good" / "flows"
PASSWORD = "a long and quiet password"
HOST = "console.test"
LIBRARY = load_library(FLOWS)


@functools.cache
def password_hash() -> str:
    """As enrolment makes it; once for all tests, since it is slow on purpose."""
    store = MemoryStore()
    enrol(store, "somebody", PASSWORD, ())
    found = store.advocate("somebody")
    assert found
    return found.password_hash


class MemorySettings(Settings):
    """As deployed, but sign-in attempts are counted in this process."""

    @property
    def limiter_storage_url(self) -> str:
        return "memory://"


def settings_for(kind: str = "memory", redis_url: str = "redis://127.0.0.1:1", **more: Any) -> Any:
    given = {
        "public_url": "https://bot.test",
        "redis_url": redis_url,
        "nlu_url": "http://127.0.0.1:5005",
        "nlu_token": "token",
        "twilio_account_sid": "AC" + "0" * 32,
        "twilio_auth_tokens": "secret",
        "twilio_from": "+15550199",
        "encryption_keys": new_key(),
        "id_key": new_key(),
        "console_secret_key": "s" * 40,
        "console_url": f"http://{HOST}",
        "allow_sign_in_links": True,
        "flows_dir": FLOWS,
        **more,
    }
    return (MemorySettings if kind == "memory" else Settings).model_validate(given)


@dataclass
class House:
    """Everything behind the console, and what the people outside do."""

    parts: Any
    clock: ManualClock
    meter: QuietMeter
    jobs: RecordingJobs
    messenger: RecordingMessenger

    @property
    def store(self) -> Store:
        return self.parts.store

    @property
    def desk(self) -> Desk:
        return self.parts.desk

    def app(self) -> Flask:
        return create_app(self.parts)

    def hire(self, name: str, *languages: str) -> str:
        """Enrol an advocate; returns the secret of the authenticator app."""
        secret = base64.b32encode(os.urandom(20)).decode()
        hashed = password_hash()
        self.store.save_advocate(Advocate(name, hashed, secret, languages or ("en",)))
        return secret

    def code(self, secret: str, steps: int = 0) -> str:
        return totp.code_for(secret, totp.counter_at(self.clock.now()) + steps)

    def escalate(
        self,
        number: int = 0,
        *,
        one: str = "0000000000000000",
        language: str = "es",
        urgency: Urgency = Urgency.NORMAL,
        reason: Reason = Reason.ASKED,
        topic: str | None = "removal_paused",
        words: str = "¿Me pueden deportar?",
    ) -> str:
        """Somebody wrote, the bot answered, and now they wait for a person."""
        address = f"+1555010{number}"
        texter, now = self.parts.vault.texter_id(address), self.clock.now()
        opened = Escalation(
            id=one, texter=texter, pseudonym=pseudonym(one), channel=Channel.SMS,
            language=language, topic=topic, urgency=urgency, reason=reason, waiting_since=now,
        )  # fmt: skip
        ref = MessageRef("removal_paused/pause_then")
        out = Outgoing("out1", address, LIBRARY.text(ref, language), ref, "bot", now)
        self._receive(texter, address, words)
        snapshot = self.store.load(texter)
        change = Change(
            conversation=Conversation(
                Channel.SMS, language=language, status=Status.WAITING, escalation=one
            ),
            answered="SMfirst",
            address=address,
            outgoing=(out,),
            thread=(
                ThreadEntry(Who.PERSON, words, now),
                ThreadEntry(Who.BOT, out.text, now, message=ref, outgoing=out.id),
                ThreadEntry(Who.EVENT, "opened", now),
            ),
            escalation=opened,
        )
        assert self.store.commit(snapshot, change)
        return one

    def _receive(self, texter: TexterId, address: str, words: str) -> None:
        inbound = Inbound("SMfirst", address, words, Channel.SMS, self.clock.now())
        self.store.append(texter, inbound)

    def says(self, words: str, number: int = 0) -> None:
        """Words of a person who is with an advocate already: they only join the thread."""
        texter = self.parts.vault.texter_id(f"+1555010{number}")
        snapshot = self.store.load(texter)
        entry = ThreadEntry(Who.PERSON, words, self.clock.now())
        assert snapshot.conversation
        assert self.store.commit(snapshot, Change(snapshot.conversation, thread=(entry,)))

    def deliver(self, number: int = 0) -> None:
        """The worker sends what waits."""
        delivery = Delivery(self.store, self.messenger, self.clock, self.jobs, self.meter)
        delivery.deliver(self.parts.vault.texter_id(f"+1555010{number}"))

    def sent(self) -> list[str]:
        """What has gone to phones so far."""
        return [text for _, text in self.messenger.sent]


class Seat:
    """One advocate's browser: keeps cookies, fills the forms it was given."""

    def __init__(self, app: Flask, base: str = f"http://{HOST}") -> None:
        self.client: FlaskClient = app.test_client()
        self.base = base
        self.page = ""
        self.code = 0

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._seen(self.client.get(path, base_url=self.base, headers=headers))

    def post(self, path: str, token: bool = True, **fields: str) -> TestResponse:
        """Send a form with the hidden fields of the page that is open."""
        hidden = {"csrf_token": self.field("csrf_token")} if token else {}
        headers = fields.pop("headers", {})
        return self._seen(
            self.client.post(path, base_url=self.base, data={**hidden, **fields}, headers=headers)
        )

    def _seen(self, response: TestResponse) -> TestResponse:
        self.code, text = response.status_code, response.get_data(as_text=True)
        if "<html" in text:
            self.page = text
        return response

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return unescape(found[1]) if found else ""

    @property
    def text(self) -> str:
        """What a reader sees, in one line."""
        body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", self.page, flags=re.S)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    # --- what advocates do ---------------------------------------------------------------

    def sign_in(self, name: str, code: str, password: str = PASSWORD) -> TestResponse:
        self.get("/sign-in")
        return self.post("/sign-in", name=name, password=password, code=code)

    def claim(self, one: str) -> TestResponse:
        self.get(f"/escalations/{one}")
        response = self.post(f"/escalations/{one}/claim")
        if response.status_code == 303:
            self.get(f"/escalations/{one}")
        return response

    def does(self, what: str, one: str, **fields: str) -> TestResponse:
        hidden = {name: self.field(name) for name in ("fence", "once")}
        return self.post(f"/escalations/{one}/{what}", **{**hidden, **fields})


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = EmbeddedRedis(tmp_path_factory.mktemp("redis"))
    yield server.url
    server.stop()


@pytest.fixture
def house(redis_url: str) -> House:
    return build_house("redis", redis_url)


@pytest.fixture
def memory_house() -> House:
    """The same over dictionaries; nothing is shared between processes."""
    return build_house("memory", "redis://127.0.0.1:1")


def build_house(kind: str, redis_url: str, **more: Any) -> House:
    settings = settings_for(kind, redis_url, **more)
    vault = AesVault(
        [settings.encryption_keys[0].get_secret_value()], settings.id_key.get_secret_value()
    )
    store: Any = MemoryStore()
    if kind == "redis":
        client = connect(redis_url)
        client.flushdb()
        store = RedisStore(client, vault)
    clock, meter, jobs = ManualClock(), QuietMeter(), RecordingJobs()
    messenger = RecordingMessenger()
    parts = Parts(
        settings=settings, store=store, vault=vault, clock=clock, library=LIBRARY,
        meter=meter, classifier=None, messenger=messenger, service=None, delivery=None,
        desk=Desk(store, clock, jobs, meter, LIBRARY),
    )  # type: ignore[arg-type]  # fmt: skip
    return House(parts, clock, meter, jobs, messenger)


def with_settings(house: House, **more: Any) -> House:
    """The same house under other settings."""
    changed = house.parts.settings.model_copy(update=more)
    return replace(house, parts=replace(house.parts, settings=changed))


@pytest.fixture
def app(house: House) -> Flask:
    return house.app()


@pytest.fixture
def ana(house: House, app: Flask) -> Seat:
    """An advocate who is signed in."""
    return seated(house, app, "ana", "en", "es")


@pytest.fixture
def ben(house: House, app: Flask) -> Seat:
    return seated(house, app, "ben", "en")


def seated(house: House, app: Flask, name: str, *languages: str) -> Seat:
    seat = Seat(app)
    house.hire(name, *languages)
    link = f"/sign-in/link/{issue_link(house.store, name, timedelta(hours=1))}"
    seat.get(link)
    assert seat.post(link).status_code == 303
    seat.get("/")
    return seat
