"""A person's text reaches the bot as Twilio brings it."""

from __future__ import annotations

import re

import pytest
import requests
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from tests.simulator_server import ACCOUNT_SID, AUTH_TOKEN, NUMBER

from .conftest import PUBLIC, SERVICE, Door, Sim, until

MESSAGE, FALLBACK = "/twilio/message", "/twilio/fallback"


def test_an_sms_has_twilios_fields(sim: Sim, door: Door) -> None:
    sid = sim.text("+15550101", "¿Qué pasó? + 100% & más")
    [call] = door.wait(MESSAGE)
    assert re.fullmatch("SM[0-9a-f]{32}", sid)
    assert call.content_type.startswith("application/x-www-form-urlencoded")
    expected = {
        "MessageSid": sid,
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "AccountSid": ACCOUNT_SID,
        "From": "+15550101",
        "To": NUMBER,
        "Body": "¿Qué pasó? + 100% & más",
        "NumMedia": "0",
        "NumSegments": "1",
        "ApiVersion": "2010-04-01",
    }
    assert expected.items() <= call.form.items()
    assert call.form["FromCity"] == ""
    assert "MessagingServiceSid" not in call.form
    assert "OptOutType" not in call.form


def test_whatsapp_brings_its_own_fields(sim: Sim, door: Door) -> None:
    sim.text("+15550101", "hola", channel="whatsapp", button="Sí")
    form = door.wait(MESSAGE)[0].form
    assert (form["From"], form["To"]) == ("whatsapp:+15550101", f"whatsapp:{NUMBER}")
    assert (form["WaId"], form["ButtonText"]) == ("15550101", "Sí")
    assert form["ProfileName"]


def test_a_picture_without_words(sim: Sim, door: Door) -> None:
    sid = sim.text("+15550101", "", media=2)
    form = door.wait(MESSAGE)[0].form
    assert sid.startswith("MM")
    assert (form["NumMedia"], form["Body"]) == ("2", "")
    assert form["MediaContentType1"] == "image/jpeg"
    assert sid in form["MediaUrl1"]


def test_the_signature_is_twilios_own(sim: Sim, door: Door) -> None:
    sim.text("+15550101", "سلام 😀")
    [call] = door.wait(MESSAGE)
    validator = RequestValidator(AUTH_TOKEN)
    assert validator.validate(door.url + MESSAGE, call.form, call.signature)
    changed = {**call.form, "Body": "something else"}
    assert not validator.validate(door.url + MESSAGE, changed, call.signature)
    assert not RequestValidator("wrong").validate(door.url + MESSAGE, call.form, call.signature)


def test_behind_a_proxy_the_public_address_is_signed(advanced: Sim, door: Door) -> None:
    advanced.text("+15550101", "hello")
    [call] = door.wait(MESSAGE)
    validator = RequestValidator(AUTH_TOKEN)
    assert call.form["MessagingServiceSid"] == SERVICE
    assert validator.validate(PUBLIC + MESSAGE, call.form, call.signature)
    assert not validator.validate(door.url + MESSAGE, call.form, call.signature)


def test_texts_of_one_phone_keep_their_order(sim: Sim, door: Door) -> None:
    for n in range(40):
        sim.text("+15550101", str(n))
    calls = door.wait(MESSAGE, 40)
    assert [call.form["Body"] for call in calls] == [str(n) for n in range(40)]


def test_a_burst_is_many_texts_at_once(sim: Sim, door: Door) -> None:
    sim.text("+15550101", "again", count=100)
    calls = door.wait(MESSAGE, 100)
    assert len({call.form["MessageSid"] for call in calls}) == 100


@pytest.mark.parametrize("status", [500, 503, 403, 302])
def test_a_failing_webhook_leads_to_the_fallback(sim: Sim, door: Door, status: int) -> None:
    door.answers[MESSAGE] = (status, "text/plain", "broken")
    sid = sim.text("+15550101", "hello")
    [call] = door.wait(FALLBACK)
    assert call.form["MessageSid"] == sid
    assert call.form["ErrorCode"] == "11200"
    assert call.form["ErrorUrl"] == door.url + MESSAGE
    assert RequestValidator(AUTH_TOKEN).validate(door.url + FALLBACK, call.form, call.signature)
    assert until(lambda: sim.message(sid)["webhook"]) == "11200, fallback 200"


def test_a_silent_webhook_leads_to_the_fallback(sim: Sim, door: Door) -> None:
    door.silent.add(MESSAGE)
    sim.text("+15550101", "hello")
    assert door.wait(FALLBACK)[0].form["ErrorCode"] == "11205"


def test_a_broken_document_leads_to_the_fallback(sim: Sim, door: Door) -> None:
    door.answers[MESSAGE] = (200, "text/xml", "<Response><Message>half")
    sim.text("+15550101", "hello")
    assert door.wait(FALLBACK)[0].form["ErrorCode"] == "12100"


def test_the_answers_of_the_fallback_reach_the_phone(sim: Sim, door: Door) -> None:
    twiml = MessagingResponse()
    twiml.message("Call 1-800 <any & time>")
    twiml.message("Llame")
    door.answers[MESSAGE] = (500, "text/plain", "")
    door.answers[FALLBACK] = (200, "text/xml", str(twiml))
    sim.text("+15550101", "hello")
    until(lambda: len(sim.messages(to="+15550101")) == 2)
    replies = sim.messages(to="+15550101")
    assert [m["body"] for m in replies] == ["Call 1-800 <any & time>", "Llame"]
    assert {m["direction"] for m in replies} == {"outbound-reply"}
    sim.wait_status(replies[0]["sid"], "delivered")


@pytest.mark.parametrize(
    ("kind", "document", "expected"),
    [
        ("text/xml", "<Response><Message>one</Message></Response>", ["one"]),
        ("text/xml", "<Response><Message><Body>two</Body></Message></Response>", ["two"]),
        ("text/plain; charset=utf-8", "three", ["three"]),
        ("text/xml", "<Response/>", []),
        ("text/xml", "", []),
    ],
)
def test_twiml_of_the_normal_answer(sim: Sim, door: Door, kind, document, expected) -> None:
    door.answers[MESSAGE] = (200, kind, document)
    sid = sim.text("+15550101", "hello")
    assert until(lambda: sim.message(sid)["webhook"]) == "200"
    until(lambda: len(sim.messages(to="+15550101")) == len(expected))
    assert [m["body"] for m in sim.messages(to="+15550101")] == expected
    assert door.to(FALLBACK) == []


def test_since_shows_only_what_is_newer(sim: Sim) -> None:
    first = sim.text("+15550101", "one")
    at = sim.message(first)["created_at"]
    second = sim.text("+15550102", "two")
    assert [m["sid"] for m in sim.messages(since=str(at))] == [first, second]
    assert [m["sid"] for m in sim.messages(since=str(at + 3600))] == []
    assert [m["sid"] for m in sim.messages(**{"from": "+15550102"})] == [second]


@pytest.mark.parametrize(
    "data",
    [
        {"body": "no sender"},
        {"from": "nobody", "body": "x"},
        {"from": "+15550101"},
        {"from": "+15550101", "body": 5},
        {"from": "+15550101", "body": "x", "channel": "pigeon"},
        {"from": "+15550101", "body": "x", "media": -1},
        {"from": "+15550101", "body": "x", "count": 0},
        {"from": "+15550101", "body": "x" * 1601},
        ["a list"],
    ],
)
def test_bad_texts_are_refused(sim: Sim, data: object) -> None:
    answer = requests.post(f"{sim.url}/simulator/texts", json=data, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert sim.messages() == []


def test_other_sites_cannot_use_it(sim: Sim) -> None:
    """Neither a form of another page nor a name that somebody points at this machine."""
    form = requests.post(f"{sim.url}/simulator/texts", data={"from": "+15550101"}, timeout=10)
    assert form.status_code == 415
    named = requests.get(sim.url, headers={"Host": "phones.example.org"}, timeout=10)
    assert named.status_code == 421
