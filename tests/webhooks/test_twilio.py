"""What happens behind the door: texts are kept, reports noted, bad input refused in words."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.core.library import Library
from bot.ports import Work
from bot.settings import read_settings
from bot.wiring import Parts, build
from tests.deployment import environment, inbound_form, signed
from webhooks import create_app


def post(client: FlaskClient, path: str, form: dict[str, str]) -> TestResponse:
    return client.post(path, data=form, headers=signed(path, form))


def test_a_text_is_kept_and_answered_with_nothing(client: FlaskClient, parts: Parts) -> None:
    answer = post(client, "/twilio/message", inbound_form(1, "am I on the list?"))
    assert answer.status_code == 200
    assert answer.mimetype == "text/xml"
    root = ElementTree.fromstring(answer.data)
    assert (root.tag, len(root)) == ("Response", 0)
    texter = parts.vault.texter_id("+15550100")
    kept = parts.store.next_inbound(texter)
    assert kept is not None and kept.text == "am I on the list?"
    assert list(parts.store.due(Work.TURN, parts.clock.now())) == [texter]


def test_personal_details_never_get_further_than_the_door(
    client: FlaskClient, parts: Parts
) -> None:
    post(client, "/twilio/message", inbound_form(1, "I am A123456789"))
    kept = parts.store.next_inbound(parts.vault.texter_id("+15550100"))
    assert kept is not None
    assert (kept.text, kept.masked) == ("I am [A-number]", True)


def test_a_whatsapp_text_comes_from_another_channel(client: FlaskClient, parts: Parts) -> None:
    form = inbound_form(1, From="whatsapp:+15550100", To="whatsapp:+15550199", WaId="15550100")
    assert post(client, "/twilio/message", form).status_code == 200
    kept = parts.store.next_inbound(parts.vault.texter_id("whatsapp:+15550100"))
    assert kept is not None and kept.channel == "whatsapp"


def test_a_tapped_button_is_read_by_its_text(client: FlaskClient, parts: Parts) -> None:
    form = inbound_form(1, "payload", ButtonText="Yes")
    post(client, "/twilio/message", form)
    kept = parts.store.next_inbound(parts.vault.texter_id("+15550100"))
    assert kept is not None and kept.text == "Yes"


@pytest.mark.parametrize(
    "change",
    [{"MessageSid": ""}, {"From": ""}, {"From": "+1" * 200}, {"MessageSid": "S" * 500}],
)
def test_a_text_without_name_or_sender_is_refused(
    client: FlaskClient, change: dict[str, str]
) -> None:
    assert post(client, "/twilio/message", inbound_form(1) | change).status_code == 400


@pytest.mark.parametrize(
    "body", ["", " ", "🙂", "a" * 1600, "a" * 5000, "\x00\x01", "ﷺ" * 300, "\ud7ff"]
)
def test_any_text_is_kept(client: FlaskClient, parts: Parts, body: str) -> None:
    assert post(client, "/twilio/message", inbound_form(1, body)).status_code == 200
    kept = parts.store.next_inbound(parts.vault.texter_id("+15550100"))
    assert kept is not None and len(kept.text) <= 1600 and "\0" not in kept.text


@pytest.mark.parametrize("media", ["", "x", "-1", "٣", "99999", "1"])
def test_a_strange_count_of_media_does_no_harm(client: FlaskClient, media: str) -> None:
    assert post(client, "/twilio/message", inbound_form(1, NumMedia=media)).status_code == 200


def test_bytes_that_are_no_text_do_no_harm(client: FlaskClient) -> None:
    answer = client.post(
        "/twilio/message",
        data=b"Body=%ff%fe&From=%2B15550100&MessageSid=SM1",
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": "x"},
    )
    assert answer.status_code == 403


def test_an_oversized_request_is_refused(client: FlaskClient) -> None:
    form = inbound_form(1, "a" * 100_000)
    assert post(client, "/twilio/message", form).status_code == 413


def test_a_refusal_repeats_nothing_of_the_request(client: FlaskClient) -> None:
    answer = client.post("/twilio/message", data=inbound_form(1, "my secret"))
    assert answer.status_code == 403
    assert b"secret" not in answer.data and b"5550100" not in answer.data


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("delivered", 204),
        ("failed", 204),
        ("undelivered", 204),
        ("read", 204),
        ("", 400),
        ("invented", 400),
    ],
)
def test_a_report_about_an_unknown_text_is_noted_or_refused(
    client: FlaskClient, status: str, code: int
) -> None:
    form = {"MessageSid": "SM" + "9" * 32, "MessageStatus": status, "ErrorCode": "30003"}
    assert post(client, "/twilio/status", form).status_code == code


def test_a_report_without_a_name_is_refused(client: FlaskClient) -> None:
    assert post(client, "/twilio/status", {"MessageStatus": "sent"}).status_code == 400


def test_when_redis_is_down_twilio_is_sent_to_the_fallback(library: Library) -> None:
    """/twilio/message says 503, and /twilio/fallback answers without needing anything."""
    settings = read_settings(environment("redis://127.0.0.1:1/0"))
    down = build(settings, "test", library=library)
    client = create_app(down).test_client()
    assert post(client, "/twilio/message", inbound_form(1)).status_code == 503
    assert post(client, "/twilio/status", {"MessageSid": "SM1", "MessageStatus": "sent"}) \
        .status_code == 503  # fmt: skip
    answer = post(client, "/twilio/fallback", inbound_form(1))
    assert answer.status_code == 200
    messages = [m.text or "" for m in ElementTree.fromstring(answer.data).iter("Message")]
    assert all(any(char.isdigit() for char in message) for message in messages)
    assert client.get("/live").status_code == 200
    ready = client.get("/ready")
    assert (ready.status_code, ready.get_json()["ready"]) == (503, False)


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("помогите, где мой муж", ["ru", "en"]),
        ("我丈夫在哪里", ["zh", "en"]),
        ("hola necesito ayuda con mi caso", ["es", "en"]),
        ("ki kote mari mwen ye", ["ht", "en"]),
        ("hello", ["en", "es"]),
        ("???", ["en", "es"]),
        ("", ["en", "es"]),
    ],
)
def test_the_fallback_answers_in_the_likeliest_languages(
    library: Library, text: str, languages: list[str]
) -> None:
    """Nothing is known of the person then but the words of this one text."""
    settings = read_settings(environment("redis://127.0.0.1:1/0"))
    down = build(settings, "test", library=library)
    client = create_app(down).test_client()
    answer = post(client, "/twilio/fallback", {**inbound_form(1), "Body": text})
    messages = [m.text for m in ElementTree.fromstring(answer.data).iter("Message")]
    assert messages == [down.library.shared("fallback", code) for code in languages]


def test_ready_when_texts_can_be_kept(client: FlaskClient) -> None:
    answer = client.get("/ready")
    assert (answer.status_code, answer.get_json()["ready"]) == (200, True)


def test_metrics_are_for_this_machine_only(client: FlaskClient) -> None:
    post(client, "/twilio/message", inbound_form(1))
    assert b'bot_inbound_total{channel="sms"} 1.0' in client.get("/metrics").data
    proxied = client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert proxied.status_code == 404
    elsewhere = client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert elsewhere.status_code == 404


def test_an_unknown_address_is_not_found(client: FlaskClient) -> None:
    assert client.get("/admin").status_code == 404
