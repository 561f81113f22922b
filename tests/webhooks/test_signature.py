"""Nobody but Twilio gets past the door."""

from __future__ import annotations

import hashlib
import json

import pytest
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from tests.deployment import PUBLIC_URL, inbound_form, signed

ROUTES = ["/twilio/message", "/twilio/status", "/twilio/fallback"]


def form_for(path: str) -> dict[str, str]:
    status = {"MessageSid": "SM" + "1" * 32, "MessageStatus": "delivered"}
    return status if path == "/twilio/status" else inbound_form(1)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("token", ["test-auth-token", "the-next-token"])
def test_either_token_of_a_rotation_opens(client: FlaskClient, path: str, token: str) -> None:
    form = form_for(path)
    assert client.post(path, data=form, headers=signed(path, form, token)).status_code < 300


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "rubbish"},
        {"X-Twilio-Signature": "é"},
        {"X-Twilio-Signature": "A" * 10_000},
    ],
)
def test_without_a_signature_it_stays_shut(
    client: FlaskClient, path: str, headers: dict[str, str]
) -> None:
    assert client.post(path, data=form_for(path), headers=headers).status_code == 403


@pytest.mark.parametrize("path", ROUTES)
def test_another_token_other_address_or_other_route_stay_shut(
    client: FlaskClient, path: str
) -> None:
    form = form_for(path)
    for headers in (
        signed(path, form, "someone-elses"),
        signed(path, form, public_url="https://evil.example.org"),
        signed(path + "/", form),
        signed(path + "?x=1", form),
    ):
        assert client.post(path, data=form, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "change", [{"Body": "other"}, {"From": "+15550101"}, {"Extra": "field"}, {"MessageSid": "SM2"}]
)
def test_a_changed_field_is_noticed(client: FlaskClient, change: dict[str, str]) -> None:
    form = inbound_form(1)
    headers = signed("/twilio/message", form)
    assert client.post("/twilio/message", data=form | change, headers=headers).status_code == 403


def test_the_address_is_ours_and_not_the_requests(client: FlaskClient) -> None:
    """A proxy that ends TLS shows another scheme, host and port; the signature still fits."""
    form = inbound_form(1)
    answer = client.post(
        "/twilio/message",
        data=form,
        headers=signed("/twilio/message", form),
        base_url="http://10.0.0.7:8000",
    )
    assert answer.status_code == 200


def test_a_query_is_part_of_what_is_signed(client: FlaskClient) -> None:
    form = inbound_form(1)
    path = "/twilio/message?bodySHA=1&b=%C3%A9"
    assert client.post(path, data=form, headers=signed(path, form)).status_code == 200


def test_letters_of_all_scripts_sign_alike(client: FlaskClient) -> None:
    form = inbound_form(1, "¿Qué pasó? привет 你好 سلام 🙂 + & =")
    headers = signed("/twilio/message", form)
    assert client.post("/twilio/message", data=form, headers=headers).status_code == 200


def test_a_json_body_is_no_form(client: FlaskClient) -> None:
    body = json.dumps(inbound_form(1))
    digest = hashlib.sha256(body.encode()).hexdigest()
    url = f"{PUBLIC_URL}/twilio/message?bodySHA256={digest}"
    signature = RequestValidator("test-auth-token").compute_signature(url, {})
    answer = client.post(
        f"/twilio/message?bodySHA256={digest}",
        data=body,
        content_type="application/json",
        headers={"X-Twilio-Signature": signature},
    )
    assert answer.status_code in (400, 403)


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ROUTES)
def test_only_posts(client: FlaskClient, method: str, path: str) -> None:
    assert getattr(client, method)(path).status_code in (403, 405)
