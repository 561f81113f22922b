"""The REST API, called by Twilio's official SDK."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from dev.redis_server import free_port
from tests.simulator_server import ACCOUNT_SID, AUTH_TOKEN, NUMBER, start_simulator

from .conftest import SERVICE, Door, Sim

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"


def test_a_sent_text_is_taken_and_arrives(sim: Sim, send) -> None:
    sent = send("+15550101", "hello")
    assert (sent.status, sent.direction, sent.num_segments) == ("queued", "outbound-api", "1")
    assert sent.sid.startswith("SM")
    assert len(sent.sid) == 34
    assert (sent.to, sent.from_, sent.body) == ("+15550101", NUMBER, "hello")
    assert sent.price is None
    assert sent.date_sent is None
    sim.wait_status(sent.sid, "delivered")
    seen = sim.client().messages(sent.sid).fetch()
    assert (seen.status, seen.price, seen.price_unit) == ("delivered", "-0.00830", "USD")
    assert seen.error_code is None
    assert abs(seen.date_sent - datetime.now(UTC)) < timedelta(minutes=1)


def test_segments_are_counted_as_they_are_packed(send) -> None:
    assert send(body="a" * 152 + "€" + "a" * 152).num_segments == "3"
    assert send(body="ع" * 71).num_segments == "2"
    assert send("whatsapp:+15550101", "ع" * 71).num_segments == "1"


def test_a_messaging_service_first_accepts(advanced: Sim) -> None:
    sent = advanced.client().messages.create(
        to="+15550101", body="hello", messaging_service_sid=SERVICE
    )
    assert (sent.status, sent.num_segments, sent.from_) == ("accepted", "0", None)
    assert sent.messaging_service_sid == SERVICE
    advanced.wait_status(sent.sid, "delivered")
    assert advanced.client().messages(sent.sid).fetch().from_ == NUMBER


def test_texts_are_found_by_address_and_time(sim: Sim, send) -> None:
    """As the bot asks after a crash: did you take this text?"""
    one, two = send("+15550101", "one"), send("+15550101", "two")
    send("+15550102", "three")
    answer = sim.text("+15550101", "four")
    listed = sim.client().messages.list
    now = datetime.now(UTC)
    assert [m.sid for m in listed(to="+15550101", date_sent_after=now - timedelta(minutes=1))] == [
        two.sid,
        one.sid,
    ]
    assert listed(to="+15550101", date_sent_after=now + timedelta(minutes=1)) == []
    assert listed(to="+15550101", date_sent_before=now - timedelta(minutes=1)) == []
    assert len(listed(to="+15550101", date_sent=now.date())) == 2
    assert listed(to="+15550101", date_sent=now.date() - timedelta(days=2)) == []
    inbound = listed(from_="+15550101")
    assert [(m.sid, m.direction, m.status) for m in inbound] == [(answer, "inbound", "received")]


def test_long_lists_come_in_pages(sim: Sim, send) -> None:
    sids = [send(body=str(n)).sid for n in range(7)]
    listed = sim.client().messages.list
    assert [m.sid for m in listed(to="+15550101", page_size=3)] == sids[::-1]
    assert [m.sid for m in listed(to="+15550101", page_size=3, limit=4)] == sids[:2:-1]


def test_a_text_can_be_redacted_and_deleted(sim: Sim, send) -> None:
    client, sid = sim.client(), send(body="a secret").sid
    sim.wait_status(sid, "delivered")
    assert client.messages(sid).update(body="").body == ""
    assert client.messages(sid).delete()
    with pytest.raises(TwilioRestException) as caught:
        client.messages(sid).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "5550101"}, 21211),
        ({"to": "+1555O101"}, 21211),
        ({"to": ""}, 21604),
        ({"body": ""}, 21602),
        ({"body": " \n"}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"from_": ""}, 21603),
        ({"from_": "+15550198"}, 21606),
        ({"from_": f"whatsapp:{NUMBER}"}, 21910),
        ({"from_": "", "messaging_service_sid": "MG" + "9" * 32}, 21701),
        ({"status_callback": "https://elsewhere.example.org/status"}, 21609),
    ],
)
def test_a_wrong_request_is_refused_in_twilios_words(sim: Sim, send, fields, code) -> None:
    with pytest.raises(TwilioRestException) as caught:
        send(**fields)
    assert caught.value.code == code
    assert caught.value.status == (404 if code == 21701 else 400)
    assert sim.messages() == []


def test_1600_characters_are_taken(send) -> None:
    assert send(body="x" * 1600).num_segments == "11"


def test_an_error_has_twilios_body(sim: Sim) -> None:
    answer = requests.post(
        sim.url + MESSAGES,
        data={"To": "nobody", "From": NUMBER, "Body": "x"},
        auth=(ACCOUNT_SID, AUTH_TOKEN),
        timeout=10,
    )
    assert answer.status_code == 400
    assert answer.json() == {
        "code": 21211,
        "message": "Invalid 'To' Phone Number: nobody",
        "more_info": "https://www.twilio.com/docs/errors/21211",
        "status": 400,
    }


@pytest.mark.parametrize(
    ("account", "token"), [(ACCOUNT_SID, "wrong"), ("AC" + "f" * 32, AUTH_TOKEN)]
)
def test_only_the_right_credentials_are_let_in(sim: Sim, account: str, token: str) -> None:
    with pytest.raises(TwilioRestException) as caught:
        sim.client(token, account).messages.create(to="+15550101", from_=NUMBER, body="x")
    assert (caught.value.status, caught.value.code) == (401, 20003)
    assert requests.get(sim.url + MESSAGES, timeout=10).status_code == 401


def test_every_token_of_a_rotation_signs_in(advanced: Sim) -> None:
    assert advanced.client("the-older-token").messages.list() == []


def test_the_account_and_its_number(sim: Sim, door: Door) -> None:
    client = sim.client()
    assert client.api.accounts(ACCOUNT_SID).fetch().status == "active"
    [number] = client.incoming_phone_numbers.list(limit=100)
    assert number.phone_number == NUMBER
    assert number.sms_url == f"{door.url}/twilio/message"
    assert number.sms_fallback_url == f"{door.url}/twilio/fallback"
    assert client.incoming_phone_numbers.list(phone_number="+15550198") == []
    try:
        number.update(sms_url=f"{door.url}/other/place")
        sim.text("+15550101", "hello")
        assert door.wait("/other/place")[0].form["Body"] == "hello"
    finally:
        number.update(sms_url=f"{door.url}/twilio/message")


def test_too_many_requests_a_second(door: Door) -> None:
    with start_simulator(free_port(), door.url, SIMULATOR_REQUESTS_PER_SECOND="2") as url:
        client = Sim(url).client()
        refusals = []
        for _ in range(20):
            try:
                client.messages.create(to="+15550101", from_=NUMBER, body="x")
            except TwilioRestException as error:
                refusals.append((error.status, error.code))
        assert set(refusals) == {(429, 20429)}
        assert len(refusals) < 20
