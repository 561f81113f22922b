"""The telephone line: texts to the bot by webhook, texts from the bot with their callbacks."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence

from simulator import twiml
from simulator.caller import Caller, Outcome
from simulator.carrier import Carrier
from simulator.errors import FAILURES, ApiError
from simulator.faults import Faults
from simulator.fields import callback_fields, inbound_fields
from simulator.messages import (
    INBOUND,
    NETWORK,
    OUTBOUND_API,
    OUTBOUND_REPLY,
    Message,
    MessageLog,
    new_sid,
)
from simulator.schedule import Schedule
from simulator.segments import measure
from simulator.settings import Settings

LONGEST_BODY = 1600
ADDRESS = re.compile(r"(?:whatsapp:)?\+[1-9][0-9]{6,14}|messenger:[A-Za-z0-9._-]{1,64}")

PARSE_FAILURE = 12100
#: How a text ends that was accepted but meets a fault: Twilio's code → its last state.
ENDINGS = {"30003": "undelivered", "63016": "failed"}


class Line:
    """All that happens between the phones and the bot.

    Attributes:
        began: when the log was last emptied, seconds since 1970.
        sms_url, fallback_url: the number's webhooks, as IncomingPhoneNumbers shows them.
    """

    def __init__(self, settings: Settings, schedule: Schedule) -> None:
        self.settings = settings
        self.messages = MessageLog()
        self.began = time.time()
        self.faults = Faults()
        self.carrier = Carrier(settings.advanced_opt_out)
        self.sms_url = f"{settings.public_url}/twilio/message"
        self.fallback_url = f"{settings.public_url}/twilio/fallback"
        self._schedule = schedule
        self._caller = Caller(settings)

    def reset(self) -> None:
        """As new: no texts, no faults, nobody opted out."""
        self.faults.clear()
        self.carrier.clear()
        self.messages.clear()
        self.began = time.time()

    def own_address(self, phone: str) -> str:
        """The bot's address on the channel of this phone."""
        channel, colon, _ = phone.partition(":")
        return f"{channel}:{self.settings.number}" if colon else self.settings.number

    # --- from the phone to the bot ----------------------------------------------------------

    def text(self, phone: str, body: str, media: int = 0, button: str = "",
             burst: bool = False) -> Message:  # fmt: skip
        """A person texts the bot. Returns at once; the webhook is called in the background,
        in the order of the phone's texts unless they are a `burst`."""
        size = measure(body)
        message = self.messages.add(
            self._new(INBOUND, phone, self.own_address(phone), body, "received",
                      sid=new_sid("MM" if media and ":" not in phone else "SM"),
                      num_media=media, num_segments=_segments(phone, size.segments),
                      encoding=size.encoding)
        )  # fmt: skip
        heard = self.carrier.hear(phone, body)
        if heard.answer:
            self._network(phone, heard.answer)
        fields = inbound_fields(self.settings, message, heard.opt_out_type, button)
        twice = self.faults.take({"duplicate"}, phone) is not None
        for _ in range(2 if twice else 1):
            if burst or twice:
                self._schedule.soon(lambda: self._deliver(message, fields))
            else:
                self._schedule.in_lane(phone, lambda: self._deliver(message, fields))
        return message

    def _deliver(self, message: Message, fields: Mapping[str, str]) -> None:
        outcome, texts = self._ask(self.sms_url, fields)
        note = str(outcome.error or outcome.status)
        if outcome.error:
            failed = {"ErrorCode": str(outcome.error), "ErrorUrl": self.sms_url}
            fallback, texts = self._ask(self.fallback_url, {**fields, **failed})
            note += f", fallback {fallback.error or fallback.status}"
        self.messages.change(message.sid, webhook=note)
        for text in texts:
            self._reply(message, text)

    def _ask(self, url: str, fields: Mapping[str, str]) -> tuple[Outcome, Sequence[str]]:
        outcome = self._caller.post(url, fields)
        if outcome.error:
            return outcome, ()
        try:
            return outcome, twiml.texts(outcome.content_type, outcome.text)
        except twiml.BadTwiml:
            return Outcome(outcome.status, PARSE_FAILURE), ()

    def _reply(self, inbound: Message, text: str) -> None:
        """A text that came as TwiML: no status callback, and no refusal can be told."""
        phone = inbound.from_
        reply = self._outgoing(OUTBOUND_REPLY, phone, inbound.to, text[:LONGEST_BODY], "queued")
        if self.carrier.stopped(phone):
            self.messages.change(reply.sid, status="failed", error_code=21610)
        else:
            self._travel(reply.sid, [("sent", None), ("delivered", None)], reverse=False)

    def _network(self, phone: str, text: str) -> None:
        self._outgoing(NETWORK, phone, self.own_address(phone), text, "delivered")

    # --- from the bot to the phone ----------------------------------------------------------

    def send(self, to: str, from_: str, service: str, body: str, callback: str) -> Message:
        """What POST Messages does. Raises ApiError."""
        self._refuse(to, from_, service, body, callback)
        if self.carrier.stopped(to):
            raise ApiError(21610)
        message = self._outgoing(
            OUTBOUND_API, to, from_ or self.own_address(to), body,
            "accepted" if service else "queued", service or None, callback or None,
        )  # fmt: skip
        fate = self.faults.take(ENDINGS, to)
        steps: list[tuple[str, int | None]] = [("queued", None)]
        if fate == "63016":
            steps += [(ENDINGS[fate], int(fate))]
        elif fate:
            steps += [("sent", None), (ENDINGS[fate], int(fate))]
        else:
            steps += [("sent", None), ("delivered", None)]
        reverse = self.faults.take({"out_of_order"}, to) is not None
        self._schedule.soon(lambda: self._travel(message.sid, steps, reverse))
        return message

    def _refuse(self, to: str, from_: str, service: str, body: str, callback: str) -> None:
        if not to:
            raise ApiError(21604)
        if not ADDRESS.fullmatch(to):
            raise ApiError(21211, to)
        if not from_ and not service:
            raise ApiError(21603)
        if service and service != self.settings.messaging_service_sid:
            raise ApiError(21701, service)
        if from_ and from_.rpartition(":")[2] != self.settings.number:
            raise ApiError(21606, from_)
        if from_ and from_ != self.own_address(to):
            raise ApiError(21910)
        if not body.strip():
            raise ApiError(21602)
        if len(body) > LONGEST_BODY:
            raise ApiError(21617)
        if callback and not self._caller.reaches(callback):
            raise ApiError(21609, callback)

    def _travel(self, sid: str, steps: Sequence[tuple[str, int | None]], reverse: bool,
                told: Sequence[Message] = ()) -> None:  # fmt: skip
        """Take the first step now, the others after the callback delay each. Callbacks of one
        text keep their order, or come all at the end and backwards."""
        (status, error), *rest = steps
        now = time.time()
        sent = {"sent_at": now} if status == "sent" else {}
        moved = self.messages.change(sid, status=status, error_code=error, updated_at=now, **sent)
        if moved is None:
            return
        told = [*told, moved]
        if not reverse:
            self._report(moved)
        if rest:
            delay = self.settings.callback_delay
            self._schedule.later(delay, lambda: self._travel(sid, rest, reverse, told))
        elif reverse:
            for message in reversed(told):
                self._report(message)

    def _report(self, message: Message) -> None:
        url = message.status_callback
        if url:
            fields = callback_fields(
                self.settings, message, FAILURES.get(message.error_code or 0, "")
            )
            self._schedule.in_lane(message.sid, lambda: self._caller.post(url, fields))

    # --- both -------------------------------------------------------------------------------

    def _outgoing(self, direction: str, phone: str, own: str, body: str, status: str,
                  service: str | None = None, callback: str | None = None) -> Message:  # fmt: skip
        size = measure(body)
        return self.messages.add(
            self._new(direction, own, phone, body, status, sid=new_sid(),
                      num_segments=_segments(phone, size.segments), encoding=size.encoding,
                      messaging_service_sid=service, status_callback=callback)
        )  # fmt: skip

    def _new(self, direction: str, from_: str, to: str, body: str, status: str,
             **fields: object) -> Message:  # fmt: skip
        now = time.time()
        return Message(direction=direction, from_=from_, to=to, body=body, status=status,
                       created_at=now, updated_at=now, **fields)  # type: ignore[arg-type]  # fmt: skip


def _segments(phone: str, segments: int) -> int:
    """Only SMS is cut into segments."""
    return 1 if ":" in phone else segments
