"""The form fields of Twilio's webhooks. Twilio adds fields without notice; so do we: those
that are empty for a made-up number are sent empty, as Twilio sends them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from simulator.messages import Message, new_sid
from simulator.settings import Settings

API_VERSION = "2010-04-01"
#: Twilio's guess where a number is from; it sends the fields even when it knows nothing.
PLACES = ("City", "State", "Zip")


def inbound_fields(
    settings: Settings, message: Message, opt_out_type: str | None, button: str = ""
) -> dict[str, str]:
    """A person's text, for the incoming-message webhook."""
    fields = {
        "MessageSid": message.sid,
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "AccountSid": settings.account_sid,
        "From": message.from_,
        "To": message.to,
        "Body": message.body,
        "NumMedia": str(message.num_media),
        "NumSegments": str(message.num_segments),
        "ApiVersion": API_VERSION,
    }
    if settings.messaging_service_sid:
        fields["MessagingServiceSid"] = settings.messaging_service_sid
    for place in range(message.num_media):
        fields[f"MediaContentType{place}"] = "image/jpeg"
        fields[f"MediaUrl{place}"] = (
            f"{settings.public_url}/{API_VERSION}/Accounts/{settings.account_sid}"
            f"/Messages/{message.sid}/Media/{new_sid('ME')}"
        )
    if opt_out_type:
        fields["OptOutType"] = opt_out_type
    channel, colon, number = message.from_.partition(":")
    if not colon:
        for side in ("From", "To"):
            fields[f"{side}Country"] = "US"
            fields.update({f"{side}{place}": "" for place in PLACES})
    elif channel == "whatsapp":
        fields["ProfileName"] = "Test phone"
        fields["WaId"] = number.removeprefix("+")
        fields["MessageType"] = "button" if button else "image" if message.num_media else "text"
        fields["ChannelMetadata"] = json.dumps({"type": "whatsapp", "data": {}})
    if button:
        fields["ButtonText"] = button
    return fields


def callback_fields(settings: Settings, message: Message, error_text: str) -> dict[str, str]:
    """What became of a text, for its status callback."""
    fields = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageStatus": message.status,
        "SmsStatus": message.status,
        "AccountSid": settings.account_sid,
        "From": message.from_,
        "To": message.to,
        "ApiVersion": API_VERSION,
    }
    if message.messaging_service_sid:
        fields["MessagingServiceSid"] = message.messaging_service_sid
    if message.error_code:
        fields["ErrorCode"] = str(message.error_code)
        fields["ErrorMessage"] = error_text
    if ":" in message.to:
        fields["ChannelPrefix"] = message.to.partition(":")[0]
        fields["ChannelToAddress"] = message.to.partition(":")[2]
    elif message.status in ("delivered", "undelivered"):
        done = datetime.fromtimestamp(message.updated_at, UTC)
        fields["RawDlrDoneDate"] = done.strftime("%y%m%d%H%M")
    return fields
