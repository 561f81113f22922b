"""The official SDK against a server that speaks Twilio's API, and every way in which it fails."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
import requests
from twilio.request_validator import RequestValidator

from bot.adapters import twilio_messenger
from bot.adapters.twilio_messenger import STATUS, TwilioMessenger
from bot.ports import DeliveryState, PersonStopped, Refused, SendFailed, TryAgain
from dev.redis_server import free_port
from tests.simulator_server import ACCOUNT_SID, AUTH_TOKEN, NUMBER, start_simulator
from tests.small_server import Answer, serve

PHONE = "+15550123"
SERVICE = "MG" + "0" * 32


class Callbacks(BaseHTTPRequestHandler):
    """Notes the status callbacks that the simulator posts."""

    seen: ClassVar[list[tuple[str, dict[str, str], str]]] = []
    arrived = threading.Condition()

    def do_POST(self) -> None:
        from urllib.parse import parse_qsl

        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(parse_qsl(body, keep_blank_values=True))
        with self.arrived:
            self.seen.append((self.path, form, self.headers.get("X-Twilio-Signature", "")))
            self.arrived.notify_all()
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def bot_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Callbacks)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def simulator(bot_url: str) -> Iterator[str]:
    more = {"TWILIO_MESSAGING_SERVICE_SID": SERVICE, "SIMULATOR_HOLD_MS": "700"}
    with start_simulator(free_port(), bot_url, **more) as base:
        yield base


@pytest.fixture
def twilio(simulator: str) -> str:
    requests.post(f"{simulator}/simulator/reset", timeout=5)
    Callbacks.seen.clear()
    return simulator


def messenger(
    base: str, bot_url: str = "", service: str = "", token: str = AUTH_TOKEN
) -> TwilioMessenger:
    """With delivery reports to `bot_url`, or to where they only pass by."""
    callback = f"{bot_url or base}/twilio/status"
    return TwilioMessenger(ACCOUNT_SID, token, service, NUMBER, callback, base)


def texts(base: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = requests.get(f"{base}/simulator/messages", timeout=5).json()
    return found


def fault(base: str, kind: str) -> None:
    assert requests.post(f"{base}/simulator/faults", json={"kind": kind}, timeout=5).ok


def refused(base: str, kind: str | None = None, **more: str) -> SendFailed:
    """The failure of one text."""
    if kind:
        fault(base, kind)
    with pytest.raises(SendFailed) as caught:
        messenger(base, **more).send(PHONE, "secret words")
    told = "".join(traceback.format_exception(caught.value))
    for word in (PHONE[1:], "secret", AUTH_TOKEN):
        assert word not in told.replace('send(PHONE, "secret words")', "")
        assert word not in repr(caught.value) + str(caught.value)
    return caught.value


# --- out ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        (PHONE, NUMBER),
        (f"whatsapp:{PHONE}", f"whatsapp:{NUMBER}"),
    ],
)
def test_a_text_goes_out_on_its_channel(
    twilio: str, bot_url: str, address: str, sender: str
) -> None:
    requests.post(  # WhatsApp lets us write only to people who wrote to us
        f"{twilio}/simulator/texts",
        json={"from": address, "body": "hi", "channel": address.rpartition(":")[0] or "sms"},
        timeout=5,
    )
    sid = messenger(twilio, bot_url).send(address, "¿Qué pasó? 您好 🙂\nsecond line")
    (sent,) = (message for message in texts(twilio) if message["sid"] == sid)
    assert (sent["to"], sent["from"]) == (address, sender)
    assert sent["body"] == "¿Qué pasó? 您好 🙂\nsecond line"
    assert sid.startswith("SM") and len(sid) == 34


def test_a_messaging_service_chooses_the_sender(twilio: str, bot_url: str) -> None:
    sid = messenger(twilio, bot_url, service=SERVICE).send(PHONE, "hello")
    answer = requests.get(
        f"{twilio}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{sid}.json",
        auth=(ACCOUNT_SID, AUTH_TOKEN), timeout=5,
    ).json()  # fmt: skip
    assert answer["messaging_service_sid"] == SERVICE
    assert answer["body"] == "hello"


def test_what_became_of_a_text_is_reported_signed(twilio: str, bot_url: str) -> None:
    sid = messenger(twilio, bot_url).send(PHONE, "hello")

    def states() -> list[str]:
        return [form["MessageStatus"] for _, form, _ in Callbacks.seen if form["MessageSid"] == sid]

    with Callbacks.arrived:
        assert Callbacks.arrived.wait_for(lambda: "delivered" in states(), timeout=20)
    assert all(STATUS[state] for state in states())
    for path, form, signature in Callbacks.seen:
        assert path == "/twilio/status"
        assert RequestValidator(AUTH_TOKEN).validate(f"{bot_url}{path}", form, signature)


# --- failures -----------------------------------------------------------------------------------


def test_too_many_requests_are_tried_again_later(twilio: str) -> None:
    error = refused(twilio, "429")
    assert isinstance(error, TryAgain)
    assert (error.code, error.refused, error.after) == (20429, True, timedelta(seconds=2))
    assert texts(twilio) == []


def test_of_a_server_error_nobody_knows_whether_the_text_was_taken(twilio: str) -> None:
    error = refused(twilio, "500")
    assert isinstance(error, TryAgain)
    assert (error.code, error.refused) == (20500, False)


def test_an_opt_out_is_told_apart(twilio: str) -> None:
    error = refused(twilio, "21610")
    assert isinstance(error, PersonStopped) and error.code == 21610


def test_a_person_who_texted_stop_is_told_apart(twilio: str) -> None:
    requests.post(f"{twilio}/simulator/texts", json={"from": PHONE, "body": "STOP"}, timeout=5)
    assert isinstance(refused(twilio), PersonStopped)


def test_a_number_that_cannot_be_is_final(twilio: str) -> None:
    with pytest.raises(Refused) as caught:
        messenger(twilio).send("+1", "hello")
    assert caught.value.code == 21211


def test_a_text_that_is_too_long_is_final(twilio: str) -> None:
    with pytest.raises(Refused) as caught:
        messenger(twilio).send(PHONE, "x" * 1601)
    assert caught.value.code == 21617


def test_wrong_credentials_lose_nobodys_text(twilio: str) -> None:
    error = refused(twilio, token="not-the-token")
    assert isinstance(error, TryAgain)
    assert (error.code, error.refused) == (20003, True)


def test_a_dropped_connection_is_tried_again(twilio: str) -> None:
    error = refused(twilio, "connection")
    assert isinstance(error, TryAgain) and (error.code, error.refused) == (0, False)


def test_nobody_there_is_tried_again() -> None:
    error = refused(f"http://127.0.0.1:{free_port()}")
    assert isinstance(error, TryAgain) and (error.code, error.refused) == (0, False)


def test_after_a_timeout_the_taken_text_is_found(
    twilio: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio_messenger, "TIMEOUT_SECONDS", 0.3)
    began = datetime.now(UTC) - timedelta(minutes=2)
    error = refused(twilio, "timeout")
    assert isinstance(error, TryAgain) and (error.code, error.refused) == (0, False)
    monkeypatch.undo()
    (taken,) = texts(twilio)
    assert messenger(twilio).find(PHONE, "secret words", began) == [taken["sid"]]


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, b'{"code": 14107, "message": "x", "status": 400}', TryAgain, 14107),
        (400, b'{"code": 63018, "message": "x", "status": 400}', TryAgain, 63018),
        (400, b'{"code": 30001, "message": "x", "status": 400}', TryAgain, 30001),
        (403, b'{"code": 20403, "message": "x", "status": 403}', TryAgain, 20403),
        (404, b'{"code": 20404, "message": "x", "status": 404}', Refused, 20404),
        (503, b"<html>secret words of +15550123</html>", TryAgain, 503),
        (502, b"", TryAgain, 502),
        (400, b'{"message": "+15550123"}', Refused, 400),
        (400, b"[1]", Refused, 400),
        (400, b"<html>", Refused, 400),
        (200, b"<html>a proxy says hello</html>", TryAgain, 0),
        (201, b"{}", TryAgain, 0),
        (201, b"[]", TryAgain, 0),
        (201, b'{"sid": null}', TryAgain, 0),
    ],
)
def test_other_answers(status: int, body: bytes, kind: type[SendFailed], code: int) -> None:
    with serve(lambda _: Answer(body, status)) as server:
        error = refused(server.url)
    assert isinstance(error, kind), error
    assert error.code == code


# --- looking ------------------------------------------------------------------------------------


def test_only_our_own_same_text_to_that_address_is_found(twilio: str) -> None:
    began = datetime.now(UTC) - timedelta(minutes=2)
    post = f"{twilio}/simulator/texts"
    requests.post(post, json={"from": PHONE, "body": "hello"}, timeout=5)
    ours = messenger(twilio)
    first, second = ours.send(PHONE, "hello"), ours.send(PHONE, "hello")
    ours.send(PHONE, "hello again")
    ours.send("+15550124", "hello")
    assert sorted(ours.find(PHONE, "hello", began)) == sorted([first, second])
    assert ours.find(PHONE, "nothing", began) == []
    assert ours.find(PHONE, "hello", datetime.now(UTC) + timedelta(minutes=2)) == []


def test_looking_fails_as_sending_does(twilio: str) -> None:
    for broken, codes in (
        (messenger(twilio, token="wrong"), {20003, 401}),
        (messenger("http://127.0.0.1:9"), {0}),
    ):
        for act in (
            lambda one=broken: one.find(PHONE, "secret words", datetime.now(UTC)),
            broken.check,
            broken.webhook_urls,
        ):
            with pytest.raises(TryAgain) as caught:
                act()
            assert caught.value.code in codes
            assert PHONE[1:] not in repr(caught.value) and caught.value.__cause__ is None


def test_what_the_doctor_asks(twilio: str, bot_url: str) -> None:
    assert messenger(twilio).check() == "active"
    assert messenger(twilio).webhook_urls() == [f"{bot_url}/twilio/message"]


def test_every_status_of_twilio_has_a_meaning() -> None:
    """Message status values, as Twilio's API reference lists them for outbound texts."""
    listed = (
        "accepted scheduled canceled queued sending sent failed delivered undelivered read "
        "partially_delivered"
    ).split()
    assert set(listed) == set(STATUS)
    assert set(STATUS.values()) == set(DeliveryState)
