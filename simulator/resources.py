"""The JSON of Twilio's resources."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from simulator.errors import FAILURES
from simulator.fields import API_VERSION
from simulator.line import Line
from simulator.messages import INBOUND, Message
from simulator.segments import PRICE_PER_SEGMENT
from simulator.settings import Settings

PRICED = frozenset({"sent", "delivered", "undelivered"})
#: A made-up birthday of the account; nobody looks at it.
OPENED = 1_600_000_000.0


def message_json(settings: Settings, message: Message) -> dict[str, Any]:
    """Twilio's Message resource. Until a sender of a Messaging Service has been chosen the
    text has no sender and no segments."""
    uri = f"/{API_VERSION}/Accounts/{settings.account_sid}/Messages/{message.sid}"
    undecided = message.status == "accepted"
    priced = message.direction != INBOUND and message.status in PRICED and ":" not in message.to
    return {
        "sid": message.sid,
        "account_sid": settings.account_sid,
        "messaging_service_sid": message.messaging_service_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "from": None if undecided else message.from_,
        "to": message.to,
        "direction": message.direction,
        "status": message.status,
        "num_segments": "0" if undecided else str(message.num_segments),
        "num_media": str(message.num_media),
        "price": f"-{message.num_segments * PRICE_PER_SEGMENT:.5f}" if priced else None,
        "price_unit": "USD",
        "error_code": message.error_code,
        "error_message": FAILURES.get(message.error_code or 0),
        "date_created": _date(message.created_at),
        "date_updated": _date(message.updated_at),
        "date_sent": _date(message.sent_at),
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def account_json(settings: Settings) -> dict[str, Any]:
    uri = f"/{API_VERSION}/Accounts/{settings.account_sid}"
    return {
        "sid": settings.account_sid,
        "owner_account_sid": settings.account_sid,
        "friendly_name": "Simulator",
        "status": "active",
        "type": "Full",
        "date_created": _date(OPENED),
        "date_updated": _date(OPENED),
        "uri": f"{uri}.json",
        "subresource_uris": {
            "messages": f"{uri}/Messages.json",
            "incoming_phone_numbers": f"{uri}/IncomingPhoneNumbers.json",
        },
    }


def number_json(line: Line, sid: str) -> dict[str, Any]:
    settings = line.settings
    uri = f"/{API_VERSION}/Accounts/{settings.account_sid}/IncomingPhoneNumbers/{sid}.json"
    return {
        "sid": sid,
        "account_sid": settings.account_sid,
        "api_version": API_VERSION,
        "friendly_name": settings.number,
        "phone_number": settings.number,
        "capabilities": {"voice": False, "sms": True, "mms": True, "fax": False},
        "sms_url": line.sms_url,
        "sms_method": "POST",
        "sms_fallback_url": line.fallback_url,
        "sms_fallback_method": "POST",
        "status": "in-use",
        "date_created": _date(OPENED),
        "date_updated": _date(OPENED),
        "uri": uri,
    }


def _date(seconds: float | None) -> str | None:
    """RFC 2822, as Twilio writes dates."""
    return None if seconds is None else format_datetime(datetime.fromtimestamp(seconds, UTC))
