"""Texts out through Twilio's official SDK."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.ports import DeliveryState, PersonStopped, Refused, SendFailed, TryAgain

#: Twilio's message statuses (API reference, "Message status values") → ours. `canceled` and
#: `undelivered` are as final as `failed`; `partially_delivered` means that some part is missing.
STATUS = {
    "accepted": DeliveryState.QUEUED,
    "scheduled": DeliveryState.QUEUED,
    "queued": DeliveryState.QUEUED,
    "sending": DeliveryState.QUEUED,
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "partially_delivered": DeliveryState.FAILED,
    "read": DeliveryState.READ,
    "undelivered": DeliveryState.FAILED,
    "failed": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}
#: 21610: the recipient has replied with STOP.
STOPPED = 21610
#: Twilio is busy: 20429 too many requests, 14107 send rate, 63018 WhatsApp rate, 30001 queue.
BUSY = frozenset({20429, 14107, 63018, 30001})
#: Our credentials are wrong. Nobody's text may be lost for that; an operator has to look.
OURS = frozenset({401, 403})
TIMEOUT_SECONDS = 10.0
#: What the SDK raises; the last three for answers that are not Twilio's, as of a proxy in between.
FAILURES = (TwilioException, requests.RequestException, ValueError, TypeError, AttributeError)
#: Pause that is asked for when Twilio says 429 (its own advice: back off, start at 1 s).
BUSY_PAUSE = timedelta(seconds=2)


class TwilioMessenger:
    """The Messenger port.

    Args:
        auth_token: signs in; the other tokens of a rotation only check signatures.
        service: Messaging Service SID; when empty, `sender` is used, with the channel's
            prefix put before it ("whatsapp:+1...").
        api_base_url: empty for Twilio itself.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        service: str,
        sender: str,
        callback_url: str,
        api_base_url: str = "",
    ) -> None:
        self._client = Client(
            account_sid, auth_token, http_client=TwilioHttpClient(timeout=TIMEOUT_SECONDS)
        )
        if api_base_url:
            self._client.api.base_url = api_base_url
        self._service = service
        self._sender = sender
        self._callback_url = callback_url

    def send(self, address: str, text: str) -> str:
        try:
            if self._service:
                message = self._client.messages.create(
                    to=address,
                    body=text,
                    messaging_service_sid=self._service,
                    status_callback=self._callback_url,
                )
            else:
                message = self._client.messages.create(
                    to=address,
                    body=text,
                    from_=self._from(address),
                    status_callback=self._callback_url,
                )
        except FAILURES as error:
            raise _failure(error) from None
        if not message.sid:
            raise TryAgain(0)
        return str(message.sid)

    def find(self, address: str, text: str, since: datetime) -> Sequence[str]:
        try:
            # not filtered by DateSent: a text that Twilio still queues has no such date yet
            recent = self._client.messages.list(to=address, limit=50)
        except FAILURES as error:
            raise _failure(error) from None
        return [
            str(message.sid)
            for message in recent
            if message.body == text
            and str(message.direction).startswith("outbound")
            and (message.date_created is None or message.date_created >= since)
        ]

    def _from(self, address: str) -> str:
        channel, colon, _ = address.partition(":")
        return f"{channel}:{self._sender}" if colon else self._sender

    def check(self) -> str:
        """The account's status, to see that the credentials work. Raises SendFailed."""
        try:
            account = self._client.api.accounts(self._client.account_sid).fetch()
        except FAILURES as error:
            raise _failure(error) from None
        return str(account.status)

    def webhook_urls(self) -> Sequence[str]:
        """The message webhooks of the account's numbers, for the doctor. Raises SendFailed."""
        try:
            numbers = self._client.incoming_phone_numbers.list(limit=100)
        except FAILURES as error:
            raise _failure(error) from None
        return [str(number.sms_url) for number in numbers]


def _failure(error: Exception) -> SendFailed:
    """What an error of the SDK means for the outbox. Its text is dropped: it may quote the
    person's number."""
    if isinstance(error, TwilioRestException):
        status, code = int(error.status), int(error.code or error.status)
    else:
        # for lists the SDK raises a plain exception that carries the response
        status = code = next((int(a.status_code) for a in error.args if isinstance(a, Response)), 0)
    if code == STOPPED:
        return PersonStopped(code)
    if status == 429 or code in BUSY:
        return TryAgain(code, BUSY_PAUSE, refused=True)
    if status in OURS:
        return TryAgain(code, refused=True)
    if status < 400 or status >= 500:
        return TryAgain(code)
    return Refused(code)
