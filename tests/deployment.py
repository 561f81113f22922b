"""A deployment for tests: the settings of one, and the parts built from them."""

from __future__ import annotations

from collections.abc import Mapping

from twilio.request_validator import RequestValidator

from bot.adapters.vault import new_key

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "test-auth-token"
PUBLIC_URL = "https://bot.example.org"
#: A port on which nobody listens: the model is down.
NOWHERE = "http://127.0.0.1:9"


def environment(redis_url: str, **more: str) -> dict[str, str]:
    """Complete settings; any of them can be replaced."""
    return {
        "PUBLIC_URL": PUBLIC_URL,
        "REDIS_URL": redis_url,
        "NLU_URL": NOWHERE,
        "NLU_TOKEN": "nlu-token",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKENS": TOKEN,
        "TWILIO_FROM": "+15550199",
        "TWILIO_API_BASE_URL": NOWHERE,
        "ENCRYPTION_KEYS": new_key(),
        "ID_KEY": new_key(),
        "CONSOLE_SECRET_KEY": "c" * 40,
        "ALLOW_DRAFT_CONTENT": "true",
        "ALLOW_SIGN_IN_LINKS": "true",
    } | more


def inbound_form(number: int, body: str = "hello", **more: str) -> dict[str, str]:
    """The fields of a text as Twilio posts them."""
    return {
        "MessageSid": f"SM{number:032x}",
        "SmsSid": f"SM{number:032x}",
        "AccountSid": ACCOUNT,
        "From": "+15550100",
        "To": "+15550199",
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
        "ApiVersion": "2010-04-01",
    } | more


def signed(
    path: str, form: Mapping[str, str], token: str = TOKEN, public_url: str = PUBLIC_URL
) -> dict[str, str]:
    """The signature header that Twilio would send with this form."""
    signature = RequestValidator(token).compute_signature(public_url + path, dict(form))
    return {"X-Twilio-Signature": signature}
