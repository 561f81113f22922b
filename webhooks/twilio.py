"""Twilio's three webhooks. Each answers in milliseconds; the work is done by the worker."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, abort, request
from twilio.twiml.messaging_response import MessagingResponse

from bot.adapters.twilio_messenger import STATUS
from bot.core.language import guess
from bot.core.model import Channel, Inbound, OptOut
from bot.ports import Unavailable
from bot.wiring import Parts
from webhooks.signature import SignatureCheck

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
#: Longer texts than Twilio can carry are cut: they do not come from Twilio's own network.
LONGEST_TEXT = 1600
LONGEST_ADDRESS = 200
#: In so many languages the fallback answers.
LIKELY = 2


def make_twilio(parts: Parts) -> Blueprint:
    """The routes below /twilio, each behind the signature check."""
    routes = Blueprint("twilio", __name__, url_prefix="/twilio")
    check = SignatureCheck(parts.settings.public_url, parts.settings.twilio_auth_tokens)

    @routes.before_request
    def only_twilio() -> None:
        if not check.passes(request):
            parts.meter.count("bad_signature")
            abort(403)

    @routes.post("/message")
    def message() -> Response:
        """A person wrote. 200 once the text is safe in the store; 503 when it is not, so that
        Twilio turns to /twilio/fallback."""
        inbound = _inbound(request.form, parts)
        try:
            parts.service.accept(inbound)
        except Unavailable as error:
            parts.meter.failure("accept", error)
            return Response("Service Unavailable\n", 503, mimetype="text/plain")
        return _twiml(EMPTY_TWIML)

    @routes.post("/status")
    def status() -> Response:
        """What became of one of our texts."""
        provider_id = request.form.get("MessageSid", "")
        state = STATUS.get(request.form.get("MessageStatus", ""))
        if not provider_id or len(provider_id) > LONGEST_ADDRESS or state is None:
            abort(400)
        code = request.form.get("ErrorCode", "")
        try:
            parts.delivery.note_status(provider_id, state, int(code) if code.isdecimal() else None)
        except Unavailable as error:
            parts.meter.failure("status", error)
            return Response("Service Unavailable\n", 503, mimetype="text/plain")
        return Response(status=204)

    @routes.post("/fallback")
    def fallback() -> Response:
        """The other webhook failed: hotlines in the likeliest languages, by TwiML. Needs no
        Redis and no model, only what was loaded at start."""
        parts.meter.count("fallback")
        return _twiml(fallback_twiml(parts, request.form.get("Body", "")[:LONGEST_TEXT]))

    return routes


def fallback_twiml(parts: Parts, text: str) -> str:
    """One message in each of the languages that the text may be in, the likeliest first; where
    it tells nothing, in those that most people here read. Not in all: twelve long texts at once
    would bury the numbers."""
    library = parts.library
    guessed = guess(library, text, None).language
    likely = dict.fromkeys([*([guessed] if guessed else []), *list(library.languages)[:LIKELY]])
    answer = MessagingResponse()
    for language in list(likely)[:LIKELY]:
        answer.message(library.shared("fallback", language))
    return str(answer)


def _inbound(form: Mapping[str, str], parts: Parts) -> Inbound:
    """The few fields that are needed; all others are never looked at. 400 without an id or
    an address."""
    provider_id, address = form.get("MessageSid", ""), form.get("From", "")
    if not provider_id or not address or len(provider_id + address) > LONGEST_ADDRESS:
        abort(400)
    media, opt_out = form.get("NumMedia", ""), form.get("OptOutType", "").upper()
    # a tap on a WhatsApp button comes with its own text (courier does the same)
    text = form.get("ButtonText") or form.get("Body") or ""
    return Inbound(
        provider_id=provider_id,
        address=address,
        text=text.replace("\0", "")[:LONGEST_TEXT],
        channel=_channel(address),
        received_at=parts.clock.now(),
        media=int(media) if media.isdecimal() and len(media) < 4 else 0,
        opt_out=OptOut(opt_out) if opt_out in OptOut.__members__ else None,
    )


def _channel(address: str) -> Channel:
    prefix = address.partition(":")[0] if ":" in address else ""
    return Channel(prefix) if prefix in {c.value for c in Channel} else Channel.SMS


def _twiml(xml: str) -> Response:
    return Response(xml, 200, mimetype="text/xml")
