"""What becomes of the bot's texts: callbacks, faults, opt-out."""

from __future__ import annotations

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from simulator.faults import KINDS
from tests.simulator_server import ACCOUNT_SID, AUTH_TOKEN, NUMBER

from .conftest import SERVICE, Call, Door, Sim, until

MESSAGE, STATUS = "/twilio/message", "/twilio/status"


def reports(door: Door, sid: str, count: int = 0) -> list[Call]:
    """The status callbacks of one text, as soon as there are `count`."""

    def mine() -> list[Call]:
        return [call for call in door.to(STATUS) if call.form["MessageSid"] == sid]

    until(lambda: len(mine()) >= count)
    return mine()


def statuses(calls: list[Call]) -> list[str]:
    return [call.form["MessageStatus"] for call in calls]


def test_callbacks_tell_the_way_of_a_text(sim: Sim, send, door: Door) -> None:
    sid = send().sid
    calls = reports(door, sid, 3)
    assert statuses(calls) == ["queued", "sent", "delivered"]
    for call in calls:
        assert RequestValidator(AUTH_TOKEN).validate(door.url + STATUS, call.form, call.signature)
        assert (call.form["From"], call.form["To"]) == (NUMBER, "+15550101")
        assert call.form["SmsStatus"] == call.form["MessageStatus"]
        assert call.form["AccountSid"] == ACCOUNT_SID
        assert "ErrorCode" not in call.form


def test_whatsapp_callbacks_name_the_channel(send, door: Door) -> None:
    sid = send("whatsapp:+15550101").sid
    assert reports(door, sid, 1)[0].form["ChannelPrefix"] == "whatsapp"


def test_without_a_callback_address_nothing_is_called(sim: Sim, send, door: Door) -> None:
    sid = send(status_callback="").sid
    sim.wait_status(sid, "delivered")
    assert reports(door, sid) == []


@pytest.mark.parametrize(("kind", "status", "code"), [("429", 429, 20429), ("500", 500, 20500),
                                                      ("21610", 400, 21610)])  # fmt: skip
def test_a_fault_refuses_so_many_texts(sim: Sim, send, kind, status, code) -> None:
    sim.fail(kind, times=2)
    for _ in range(2):
        with pytest.raises(TwilioRestException) as caught:
            send()
        assert (caught.value.status, caught.value.code) == (status, code)
    assert sim.messages() == []
    send()
    assert len(sim.messages()) == 1


def test_a_dropped_connection_takes_nothing(sim: Sim, send) -> None:
    sim.fail("connection")
    with pytest.raises(requests.ConnectionError):
        send()
    assert sim.messages() == []
    assert send().sid


def test_a_timeout_takes_the_text_and_says_nothing(sim: Sim, send) -> None:
    """The bot must ask whether the text was taken, not send it again."""
    sim.fail("timeout")
    impatient = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=TwilioHttpClient(timeout=0.3))
    impatient.api.base_url = sim.url
    with pytest.raises(requests.Timeout):
        impatient.messages.create(to="+15550101", from_=NUMBER, body="once")
    [taken] = sim.client().messages.list(to="+15550101")
    assert taken.body == "once"
    sim.wait_status(taken.sid, "delivered")


@pytest.mark.parametrize(("kind", "way"), [("30003", ["queued", "sent", "undelivered"]),
                                           ("63016", ["queued", "failed"])])  # fmt: skip
def test_a_text_is_taken_and_then_fails(sim: Sim, send, door: Door, kind, way) -> None:
    sim.fail(kind)
    sid = send().sid
    calls = reports(door, sid, len(way))
    assert statuses(calls) == way
    assert calls[-1].form["ErrorCode"] == kind
    assert calls[-1].form["ErrorMessage"]
    seen = sim.client().messages(sid).fetch()
    assert (seen.status, seen.error_code) == (way[-1], int(kind))


def test_callbacks_in_reverse_order(sim: Sim, send, door: Door) -> None:
    sim.fail("out_of_order")
    sid = send().sid
    assert statuses(reports(door, sid, 3)) == ["delivered", "sent", "queued"]
    assert sim.message(sid)["status"] == "delivered"


def test_a_duplicate_is_the_same_text_twice(sim: Sim, door: Door) -> None:
    sim.fail("duplicate", to="+15550101")
    sim.text("+15550102", "not this one")
    sid = sim.text("+15550101", "twice")
    sim.text("+15550101", "once")
    calls = door.wait(MESSAGE, 4)
    assert sorted(c.form["Body"] for c in calls) == ["not this one", "once", "twice", "twice"]
    assert [c.form["MessageSid"] for c in calls].count(sid) == 2
    assert len(sim.messages()) == 3


def test_a_fault_can_be_for_one_phone(sim: Sim, send) -> None:
    sim.fail("500", to="+15550102")
    assert send("+15550101").sid
    with pytest.raises(TwilioRestException):
        send("+15550102")


def test_faults_are_listed_and_forgotten(sim: Sim, send) -> None:
    faults = f"{sim.url}/simulator/faults"
    sim.fail("500", times=3)
    sim.fail("duplicate", to="whatsapp:+15550101")
    assert requests.get(faults, timeout=10).json() == [
        {"kind": "500", "times": 3, "to": None},
        {"kind": "duplicate", "times": 1, "to": "whatsapp:+15550101"},
    ]
    assert requests.delete(faults, timeout=10).status_code == 204
    assert requests.get(faults, timeout=10).json() == []
    assert send().sid


@pytest.mark.parametrize("data", [{}, {"kind": "flood"}, {"kind": "500", "times": 0},
                                  {"kind": "500", "to": "me"}])  # fmt: skip
def test_unknown_faults_are_refused(sim: Sim, data: dict) -> None:
    answer = requests.post(f"{sim.url}/simulator/faults", json=data, timeout=10)
    assert answer.status_code == 400


def test_every_fault_of_the_brief_is_known() -> None:
    assert set(KINDS) == {
        "429", "500", "21610", "30003", "63016", "timeout", "duplicate", "out_of_order",
        "connection",
    }  # fmt: skip


@pytest.mark.parametrize("word", ["STOP", "stop", " Stop \n", "STOPALL", "UNSUBSCRIBE", "CANCEL",
                                  "END", "QUIT"])  # fmt: skip
def test_stop_blocks_until_start(sim: Sim, send, door: Door, word: str) -> None:
    sim.text("+15550101", word)
    assert door.wait(MESSAGE)[0].form["Body"] == word
    with pytest.raises(TwilioRestException) as caught:
        send()
    assert (caught.value.status, caught.value.code) == (400, 21610)
    assert send("+15550102").sid
    sim.text("+15550101", "UNSTOP")
    assert send().sid


@pytest.mark.parametrize("text", ["please stop", "STOP.", "stop it", "ALTO", "cancel my hearing"])
def test_only_the_word_alone_stops(sim: Sim, send, text: str) -> None:
    sim.text("+15550101", text)
    assert send().sid


def test_without_advanced_opt_out_whatsapp_is_not_blocked(sim: Sim, send) -> None:
    sim.text("+15550101", "STOP", channel="whatsapp")
    assert send("whatsapp:+15550101").sid


def test_an_answer_by_twiml_does_not_reach_who_stopped(sim: Sim, door: Door) -> None:
    door.answers[MESSAGE] = (200, "text/xml", "<Response><Message>bye</Message></Response>")
    sim.text("+15550101", "STOP")
    until(lambda: sim.messages(to="+15550101"))
    sid = sim.messages(to="+15550101")[0]["sid"]
    assert sim.wait_status(sid, "failed")["error_code"] == 21610


@pytest.mark.parametrize("phone", ["+15550101", "whatsapp:+15550101"])
def test_advanced_opt_out_answers_and_names_the_kind(advanced: Sim, door: Door, phone) -> None:
    def notes() -> list[str]:
        found = advanced.messages(to=phone, network="1")
        return [m["body"] for m in found if m["direction"] == "network"]

    for word in ("HELP", "STOP", "STOP", "HELP", "START", "YES", "hello"):
        advanced.text(phone, word)
    calls = door.wait(MESSAGE, 7)
    kinds = [c.form.get("OptOutType") for c in calls]
    assert kinds == ["HELP", "STOP", "STOP", "HELP", "START", "START", None]
    assert len(notes()) == 3  # a second STOP, HELP after STOP, and YES without need: silence
    assert "unsubscribed" in notes()[1]
    assert advanced.messages(to=phone) == []
    assert advanced.client().messages.list(to=phone) == []
    advanced.text(phone, "STOP")
    with pytest.raises(TwilioRestException) as caught:
        advanced.client().messages.create(to=phone, body="x", messaging_service_sid=SERVICE)
    assert caught.value.code == 21610


def test_reset_forgets_everything(sim: Sim, send) -> None:
    sim.text("+15550101", "STOP")
    sim.fail("500")
    sim.reset()
    assert sim.messages(network="1") == []
    assert send().sid
