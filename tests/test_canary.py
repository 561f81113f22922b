"""A phone number and secret words go through every dialogue and every failure, and come out
nowhere: not in logs, Sentry, metrics or job payloads, and in Redis only sealed."""

from __future__ import annotations

import base64
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dramatiq
import pytest
import redis
import requests
import sentry_sdk
from dramatiq.brokers.redis import RedisBroker
from sentry_sdk.transport import Transport

import bot.service
from bot import observe
from bot.adapters import rasa_classifier, twilio_messenger
from bot.adapters.dramatiq_jobs import DramatiqJobs, broker
from bot.adapters.memory import ManualClock, RecordingMessenger
from bot.core.library import Library
from bot.core.model import OptOut
from bot.delivery import Delivery
from bot.desk import Desk
from bot.enrolment import enrol
from bot.jobs import declare
from bot.ports import Unavailable
from bot.service import Service
from bot.settings import read_settings
from bot.wiring import Parts, build
from console import create_app as create_console
from console.accounts import issue_link
from dev.redis_server import EmbeddedRedis, free_port
from tests.conversations.dialogue import FOLDER, Understanding, dialogues, read
from tests.deployment import ACCOUNT, PUBLIC_URL, TOKEN, environment, inbound_form, signed
from tests.simulator_server import start_simulator
from tests.small_server import Answer, serve
from webhooks import create_app as create_webhooks

PHONE = "+15550147"
WORD = "zopilotl"
SAID = f"{WORD} A218-765-432 tecolote@example.org (555) 010-4747"
#: What must not come out, by name. The A-number, e-mail and phone are hidden before storage.
CANARIES = {
    "phone": PHONE[1:],
    "word": WORD,
    "A-number": "218765432",
    "A-number as written": "218-765-432",
    "e-mail": "tecolote",
    "phone in the text": "010-4747",
    "message id": "SMcafe0147",
}
FOREIGN = ("twilio", "urllib3", "gunicorn.error", "gunicorn.access", "werkzeug", "dramatiq",
           "requests", "redis", "sentry_sdk", "flask.app", "webhooks.app", "console")  # fmt: skip


# --- the detector ------------------------------------------------------------------------------


def shapes(canary: str) -> set[bytes]:
    """The canary as it may be written: plain, percent-encoded, escaped, base64, hex, UTF-16."""
    plain = canary.encode()
    found = {plain, quote(canary, safe="").encode().lower(), plain.hex().encode()}
    found |= {canary.encode("utf-16-le"), canary.encode("utf-16-be")}
    for before in range(3):
        # the letters at both ends depend on what stands next to it
        whole = base64.b64encode(b"x" * before + plain)
        ends = (0, 3, 2)[(before + len(plain)) % 3]
        found.add(whole[(0, 2, 3)[before] : len(whole) - ends])
    return {shape for shape in found if len(shape) >= 6}


def seen_in(data: bytes) -> set[str]:
    """Names of the canaries that occur, whatever the case."""
    low = data.lower()
    return {name for name, canary in CANARIES.items()
            if any(shape.lower() in low for shape in shapes(canary))}  # fmt: skip


class Captured(Transport):
    """Takes what would be sent to Sentry, as the bytes that would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.envelopes: list[bytes] = []

    def capture_envelope(self, envelope: Any) -> None:
        self.envelopes.append(envelope.serialize())


@contextmanager
def overheard(file: Path) -> Iterator[None]:
    """All that anybody writes to standard output and error, by Python or not, goes to a file."""
    kept = os.dup(1), os.dup(2), sys.stdout, sys.stderr
    with file.open("a", buffering=1) as out:
        sys.stdout = sys.stderr = out
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
        try:
            yield
        finally:
            out.flush()
            for number in (1, 2):
                os.dup2(kept[number - 1], number)
                os.close(kept[number - 1])
            sys.stdout, sys.stderr = kept[2], kept[3]


def in_redis(url: str) -> Iterator[bytes]:
    """Every name and every value of every type."""
    client = redis.Redis.from_url(url)
    readers: dict[bytes, Callable[[bytes], Any]] = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"hash": client.hgetall,
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"stream": client.xrange,
    }
    for key in client.scan_iter(count=1000):
        yield key
        if reader := readers.get(client.type(key)):  # none: the worker took it meanwhile
            yield _bytes(reader(key))


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, dict):
        return b"\n".join(_bytes(part) for pair in value.items() for part in pair)
    if isinstance(value, (list, set, tuple)):
        return b"\n".join(_bytes(part) for part in value)
    return str(value).encode()


# --- a deployment that is watched -----------------------------------------------------------------


class Watched:
    """Real service, doors, store and broker; `text` posts as Twilio does, `work` as the worker."""

    def __init__(self, server: EmbeddedRedis, folder: Path, **more: str) -> None:
        self.url, self.folder = server.url, folder
        self.output = folder / "output.txt"
        self.sentry = Captured()
        self.queue: RedisBroker = broker(self.url)
        settings = read_settings(environment(self.url, **more))
        self.parts: Parts = build(settings, "canary", self.queue)
        observe.configure("canary", "test", transport=self.sentry)
        for name in FOREIGN:
            logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger().setLevel(logging.DEBUG)
        self._count = 0
        self.use()

    def use(self, **parts: Any) -> None:
        self.parts = replace(self.parts, **parts)
        self.client = create_webhooks(self.parts).test_client()

    def text(self, body: str, address: str = PHONE, **more: str) -> int:
        """The status code with which the webhook answers."""
        self._count += 1
        sid = f"SMcafe0147{self._count:024x}"
        form = inbound_form(1, body, From=address, MessageSid=sid, SmsSid=sid, **more)
        path = "/twilio/message"
        return self.client.post(path, data=form, headers=signed(path, form)).status_code

    def work(self, address: str = PHONE) -> None:
        texter = self.parts.vault.texter_id(address)
        self.parts.service.take_turns(texter)
        self.parts.delivery.deliver(texter)

    def look(self) -> dict[str, set[str]]:
        """Where canaries came out: place → names. Empty is well."""
        logging.getLogger().handlers[0].flush()
        client = redis.Redis.from_url(self.url)
        client.config_set("appendfsync", "always")
        client.delete("nothing")
        client.set("nothing", "now everything before it is in the file")
        places = {
            "output": self.output.read_bytes(),
            "sentry": b"\n".join(self.sentry.envelopes),
            "metrics": self.parts.meter.exposition(),
            "redis": b"\n".join(in_redis(self.url)),
            "disk": b"\n".join(
                file.read_bytes() for file in (self.folder / "redis").rglob("*") if file.is_file()
            ),
        }
        return {place: found for place, data in places.items() if (found := seen_in(data))}

    def events(self) -> str:
        return b"\n".join(self.sentry.envelopes).decode()


Start = Callable[..., Watched]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a deployment of its own Redis, with everything that is written overheard."""
    server = EmbeddedRedis(tmp_path / "redis")
    levels = {name: logging.getLogger(name).level for name in (*FOREIGN, "")}
    handlers = list(logging.getLogger().handlers)
    with ExitStack() as ears:

        def started(**more: str) -> Watched:
            if not (tmp_path / "output.txt").exists():
                # not before the test itself runs: pytest changes the outputs in between
                ears.enter_context(overheard(tmp_path / "output.txt"))
            return Watched(server, tmp_path, **more)

        yield started
    sentry_sdk.get_client().close(timeout=0)
    sentry_sdk.get_global_scope().set_client(None)
    logging.getLogger().handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    server.stop()


# --- the detector finds what is planted ------------------------------------------------------


def test_what_is_planted_is_found(start: Start) -> None:
    watched = start()
    assert watched.look() == {}
    print(f"a print of {WORD}")  # noqa: T201
    os.write(2, base64.b64encode(b"some words before " + WORD.encode() + b" and after"))
    assert watched.look() == {"output": {"word"}}
    watched.sentry.envelopes.append(f'{{"message": "texted by {PHONE}"}}'.encode())
    watched.parts.meter.count("bad_request", reason=CANARIES["A-number"])
    client = redis.Redis.from_url(watched.url)
    client.hset("a hash", "tecolote@example.org", "1")
    client.zadd("jobs:sorted", {f"job {WORD.upper()}": 1})
    assert watched.look() == {
        "output": {"word", "A-number"},
        "sentry": {"phone"},
        "metrics": {"A-number"},
        "redis": {"e-mail", "word"},
        "disk": {"e-mail", "word"},
    }


@pytest.mark.parametrize("name", CANARIES)
def test_every_canary_is_found_in_every_writing(name: str) -> None:
    canary = CANARIES[name]
    for around in ("", "a", "ab", "abc"):
        text = f"{around}{canary}{around}".encode()
        assert name in seen_in(text)
        assert name in seen_in(text.upper())
        assert name in seen_in(base64.b64encode(text))
        assert name in seen_in(text.hex().encode())
    assert name in seen_in(f"{canary}x".encode("utf-16"))


# --- dialogues ----------------------------------------------------------------------------------


@pytest.mark.parametrize("added", ["", f" {SAID}"], ids=["as written", "with secrets in it"])
def test_no_dialogue_leaves_a_trace(start: Start, library: Library, added: str) -> None:
    watched = start()
    client = redis.Redis.from_url(watched.url)
    for path in dialogues():
        client.flushall()
        address = f"whatsapp:{PHONE}" if "es" in path.parts else PHONE
        _play(watched, read(path), address, added)
        assert watched.text(f"I heard that {SAID}", address) == 200
        data = b"\n".join(in_redis(watched.url))
        assert b"jobs:" in data, "the jobs of this dialogue are looked at too"
        assert seen_in(data) == set(), str(path.relative_to(FOLDER))
    assert watched.look() == {}
    assert b'"event": "count"' in watched.output.read_bytes()


def _play(watched: Watched, dialogue: dict[str, Any], address: str, added: str) -> None:
    """A golden dialogue through the doors. With something added it may take other turns, so
    what an advocate does is done only where there is somebody to do it for."""
    understanding, clock, messenger = Understanding(), ManualClock(), RecordingMessenger()
    parts, jobs = watched.parts, DramatiqJobs(watched.queue)
    store, vault, meter, library = parts.store, parts.vault, parts.meter, parts.library
    watched.use(
        clock=clock,
        messenger=messenger,
        service=Service(store, understanding, vault, clock, jobs, meter, library),
        delivery=Delivery(store, messenger, clock, jobs, meter),
        desk=Desk(store, clock, jobs, meter, library),
    )
    desk = watched.parts.desk
    for turn in dialogue["turns"]:
        if "they" in turn:
            understanding.meaning = turn.get("meaning")
            understanding.language = turn.get("language", dialogue.get("language"))
            understanding.confidence = turn.get("confidence", 0.92)
            more = {"OptOutType": OptOut(turn["opt_out"]).value} if "opt_out" in turn else {}
            media = str(turn.get("media", 0))
            assert watched.text(str(turn["they"]) + added, address, NumMedia=media, **more) == 200
        elif "hours" in turn:
            clock.forward(hours=turn["hours"])
        elif turn.get("advocate") == "claims" and desk.queue():
            desk.claim(desk.queue()[0].id, "ana")
        elif "advocate" in turn:
            for held in (one for one in desk.queue() if one.holder == "ana"):
                if turn["advocate"] == "closes":
                    desk.close(held.id, "ana", held.fence)
                elif turn["advocate"] == "gives back":
                    desk.release(held.id, "ana", held.fence)
                else:
                    desk.reply(held.id, "ana", held.fence, f"{turn['advocate']} {WORD} {PHONE}")
        watched.work(address)


# --- failures -----------------------------------------------------------------------------------


def test_a_model_that_breaks_in_any_way_leaves_no_trace(
    start: Start, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst kind of model: what it was asked is part of every complaint."""
    monkeypatch.setattr(rasa_classifier, "PATIENCE_SECONDS", 0.3)
    broken: list[Answer] = []

    def answer(body: bytes) -> Answer:
        return broken[0] if WORD.encode() in body else Answer(b'{"intent_ranking": []}')

    with serve(answer) as model:
        watched = start(NLU_URL=model.url)
        clock = ManualClock()
        classifier = rasa_classifier.RasaClassifier(model.url, "token", clock)
        meter, store, vault = watched.parts.meter, watched.parts.store, watched.parts.vault
        jobs = DramatiqJobs(watched.queue)
        service = Service(store, classifier, vault, clock, jobs, meter, library)
        watched.use(service=service, messenger=RecordingMessenger())
        said = f"why does the cat say {SAID}"
        ranking = b'{"intent_ranking": [{"name": "x", "confidence": "%s"}]}' % SAID.encode()
        for worst in (
            Answer(said.encode(), 500),
            Answer(said.encode()),
            Answer(ranking),
            Answer(b'["%s"]' % said.encode()),
            Answer(said.encode(), after=3.0),
        ):
            broken[:] = [worst]
            clock.forward(minutes=1)
            assert watched.text(said) == 200
            watched.parts.service.take_turns(vault.texter_id(PHONE))
    assert sum(WORD.encode() in body for _, body in model.asked) == 5
    assert "bot_classifier_unavailable_total 5.0" in meter.exposition().decode()
    assert watched.look() == {}


def test_a_store_that_is_down_or_full_leaves_no_trace(start: Start) -> None:
    watched = start()
    client = redis.Redis.from_url(watched.url)
    client.config_set("maxmemory", 1)
    assert watched.text(SAID) == 503
    client.config_set("maxmemory", 0)
    assert watched.text(SAID) == 200
    down = start(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert down.text(SAID) == 503
    with pytest.raises(Unavailable) as caught:
        down.work()
    down.parts.meter.failure("turn", caught.value)
    assert '"Unavailable"' in down.events() and '"OutOfMemoryError"' in watched.events()
    assert watched.look() == {}
    down.url = watched.url
    assert down.look() == {}


def test_whatever_the_provider_answers_leaves_no_trace(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio_messenger, "TIMEOUT_SECONDS", 0.3)
    port = free_port()
    nobody = f"http://127.0.0.1:{free_port()}"
    with start_simulator(
        port, nobody, PUBLIC_URL=PUBLIC_URL, SIMULATOR_HOLD_MS="600",
        TWILIO_ACCOUNT_SID=ACCOUNT, TWILIO_AUTH_TOKENS=TOKEN,
    ) as base:  # fmt: skip
        watched = start(TWILIO_API_BASE_URL=base)
        clock = ManualClock()
        parts = watched.parts
        jobs = DramatiqJobs(watched.queue)
        delivery = Delivery(parts.store, parts.messenger, clock, jobs, parts.meter)
        desk = Desk(parts.store, clock, jobs, parts.meter, parts.library)
        watched.use(delivery=delivery, desk=desk)
        watched.text("english")
        watched.work()
        watched.text("person")
        watched.work()
        (waiting,) = desk.queue()
        held = desk.claim(waiting.id, "ana")
        watched.work()
        for kind in ("429", "500", "connection", "timeout", "21610"):
            requests.post(f"{base}/simulator/faults", json={"kind": kind}, timeout=5)
            desk.reply(held.id, "ana", held.fence, f"{kind}: {SAID}, {PHONE}")
            watched.work()
            clock.forward(minutes=1)
            watched.work()
        sent = requests.get(f"{base}/simulator/messages", params={"to": PHONE}, timeout=5).json()
    metrics = parts.meter.exposition().decode()
    for line in ('send_retry_total{code="20429"}', 'send_retry_total{code="20500"}',
                 'send_retry_total{code="0"}', 'send_failed_total{code="21610"}'):  # fmt: skip
        assert f"bot_{line}" in metrics
    assert sum(WORD in message["body"] for message in sent) == 4
    assert watched.look() == {}
    assert b'"name": "twilio' in watched.output.read_bytes()
    assert b'"name": "urllib3' in watched.output.read_bytes()


def test_a_bug_in_a_turn_leaves_no_trace(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = start()

    def buggy(library: Library, here: object, text: str, *rest: object) -> None:
        raise ValueError(f"cannot handle {text!r} of {PHONE} {SAID}")

    monkeypatch.setattr(bot.service, "take_turn", buggy)
    assert watched.text(f"please help {SAID}") == 200
    (turned,) = watched.parts.service.take_turns(watched.parts.vault.texter_id(PHONE))
    assert [send.message for send in turned.outcome.sends] == ["shared/failure"]
    assert '"ValueError"' in watched.events() and "buggy" in watched.events()
    assert watched.look() == {}


def test_broken_content_leaves_no_trace(start: Start) -> None:
    watched = start()
    parts = watched.parts
    flows = {topic: replace(flow, start="nowhere") for topic, flow in parts.library.flows.items()}
    service = Service(
        parts.store, Understanding("find_lawyer", "en"), parts.vault, parts.clock,
        DramatiqJobs(watched.queue), parts.meter, replace(parts.library, flows=flows),
    )  # fmt: skip
    watched.use(service=service)
    watched.text(f"I need a lawyer for {SAID}")
    (turned,) = service.take_turns(parts.vault.texter_id(PHONE))
    assert turned.outcome.rule == "failed"
    assert watched.look() == {}


def test_a_bug_in_a_webhook_leaves_no_trace(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = start()

    def buggy(inbound: object) -> None:
        raise KeyError(f"{inbound!r}")

    monkeypatch.setattr(watched.parts.service, "accept", buggy)
    assert watched.text(SAID) == 500
    assert '"KeyError"' in watched.events()
    assert watched.look() == {}


def test_a_bug_in_the_console_leaves_no_trace(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = start(CONSOLE_URL="http://127.0.0.1:8001")
    desk, store = watched.parts.desk, watched.parts.store
    enrol(store, "ana", "a long and quiet password", ("en",))
    watched.text(f"english {SAID}")
    watched.text("english")
    watched.text("person")
    watched.parts.service.take_turns(watched.parts.vault.texter_id(PHONE))
    client = create_console(watched.parts).test_client()
    base = watched.parts.settings.console_url
    link = f"/sign-in/link/{issue_link(store, 'ana', timedelta(minutes=5))}"

    def token(page: str) -> str:
        return page.partition('name="csrf_token" value="')[2].partition('"')[0]

    shown = client.get(link, base_url=base).get_data(as_text=True)
    fields = {"csrf_token": token(shown)}
    assert client.post(link, base_url=base, data=fields).status_code == 303
    held = desk.claim(desk.queue()[0].id, "ana")
    page = client.get(f"/escalations/{held.id}", base_url=base).get_data(as_text=True)
    assert WORD in page, "the advocate reads what was said"

    def buggy(*args: object) -> None:
        raise RuntimeError(f"cannot send {args} to {PHONE}")

    monkeypatch.setattr(desk, "reply", buggy)
    reply = {"csrf_token": token(page), "fence": str(held.fence), "once": "1", "text": SAID}
    answer = client.post(f"/escalations/{held.id}/reply?note={SAID}", base_url=base, data=reply)
    assert answer.status_code == 500
    assert '"RuntimeError"' in watched.events()
    assert watched.look() == {}


def test_a_job_that_fails_is_kept_without_what_it_was_about(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real worker. Dramatiq would keep the text of the exception with the job."""
    watched = start()
    tried: list[str] = []

    def buggy(texter: str) -> None:
        tried.append(texter)
        try:
            raise KeyError(SAID)
        except KeyError as error:
            raise RuntimeError(f"cannot answer {PHONE}, who said {SAID}") from error

    monkeypatch.setattr(watched.parts.service, "take_turns", buggy)
    declare(watched.queue, watched.parts)
    assert watched.text(SAID) == 200
    worker = dramatiq.Worker(watched.queue, worker_threads=1, worker_timeout=50)
    worker.start()
    try:
        deadline = time.monotonic() + 30
        while b'"retries":1' not in b"\n".join(in_redis(watched.url)):
            assert time.monotonic() < deadline, "the job should wait for its next try"
            time.sleep(0.02)
        assert tried and '"RuntimeError"' in watched.events()
        assert watched.look() == {}
    finally:
        worker.stop()
    assert watched.look() == {}
