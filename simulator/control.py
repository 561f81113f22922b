"""The simulator's own interface: write as a person, look at all texts, break things."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from simulator.faults import KINDS, Fault
from simulator.line import ADDRESS, LONGEST_BODY, Line
from simulator.messages import INBOUND, NETWORK, Message
from simulator.segments import PRICE_PER_SEGMENT

MOST_AT_ONCE = 1000
MOST_MEDIA = 10
#: A page shows so many texts of one phone.
SHOWN = 300


def make_control(line: Line) -> Blueprint:
    routes = Blueprint("control", __name__, url_prefix="/simulator")

    @routes.post("/texts")
    def text() -> tuple[Response, int]:
        """A person texts the bot: {from, body, channel, media, button, count}. With a count
        above 1 the webhooks are called side by side, as a burst. Answers at once with the
        messages; what the bot then does is seen in /simulator/messages."""
        data = _json()
        phone = _phone(data)
        body = data.get("body", "")
        media, count = _whole(data, "media", 0, MOST_MEDIA), _whole(data, "count", 1, MOST_AT_ONCE)
        button = data.get("button", "")
        if not isinstance(body, str) or not isinstance(button, str) or len(body) > LONGEST_BODY:
            abort(400, f"body must be a text of at most {LONGEST_BODY} characters")
        if not body and not media:
            abort(400, "body or media is needed")
        sent = [line.text(phone, body, media, button, burst=count > 1) for _ in range(count)]
        return jsonify(sid=sent[0].sid, sids=[m.sid for m in sent]), 202

    @routes.get("/messages")
    def messages() -> Response:
        """All texts, oldest first: ?to=, ?from=, ?since= (created at or after, epoch seconds).
        Answers of the network itself (direction "network") only with ?network=1."""
        wanted = request.args
        since = wanted.get("since", 0.0, float)
        found = []
        for m in line.messages.newest_first():
            if m.created_at < since:
                break
            if wanted.get("to", m.to) != m.to or wanted.get("from", m.from_) != m.from_:
                continue
            if m.direction != NETWORK or "network" in wanted:
                found.append(_shown(m))
        return jsonify(found[::-1])

    @routes.get("/feed")
    def feed() -> Response:
        """For the page: what changed for these phones (?phone=, repeated) after ?after=."""
        phones = set(request.args.getlist("phone"))
        after = request.args.get("after", 0, int)
        version = line.messages.version
        left = dict.fromkeys(phones, SHOWN)
        changed = []
        for m in line.messages.newest_first():
            if left.get(m.phone):
                left[m.phone] -= 1
                if m.version > after:
                    changed.append(_shown(m))
        return jsonify(
            version=version,
            messages=changed[::-1],
            stopped=[phone for phone in line.carrier.all_stopped() if phone in phones],
            faults=line.faults.listed(),
            number=line.settings.number,
            kinds=KINDS,
            began=line.began,
        )

    @routes.get("/faults")
    def faults() -> Response:
        return jsonify(line.faults.listed())

    @routes.post("/faults")
    def add_fault() -> tuple[Response, int]:
        """What goes wrong next: {kind, times: 1, to: a phone's address or nothing}."""
        data = _json()
        kind, to = str(data.get("kind", "")), data.get("to")
        if kind not in KINDS:
            abort(400, f"kind must be one of {', '.join(KINDS)}")
        if to is not None and (not isinstance(to, str) or not ADDRESS.fullmatch(to)):
            abort(400, "to must be a phone's address")
        line.faults.add(Fault(kind, _whole(data, "times", 1, MOST_AT_ONCE), to))
        return jsonify(line.faults.listed()), 201

    @routes.delete("/faults")
    def clear_faults() -> tuple[str, int]:
        line.faults.clear()
        return "", 204

    @routes.post("/reset")
    def reset() -> tuple[str, int]:
        line.reset()
        return "", 204

    return routes


def _shown(message: Message) -> dict[str, Any]:
    sms = ":" not in message.to and message.direction not in (INBOUND, NETWORK)
    return {
        "sid": message.sid,
        "phone": message.phone,
        "from": message.from_,
        "to": message.to,
        "body": message.body,
        "direction": message.direction,
        "status": message.status,
        "error_code": message.error_code,
        "created_at": message.created_at,
        "updated_at": message.updated_at,
        "num_segments": message.num_segments,
        "num_media": message.num_media,
        "encoding": message.encoding,
        "price_estimate": round(message.num_segments * PRICE_PER_SEGMENT, 4) if sms else None,
        "webhook": message.webhook,
    }


def _json() -> dict[str, Any]:
    """Only JSON is taken: a form of another web page cannot send it without asking."""
    data = request.get_json()
    if not isinstance(data, dict):
        abort(400, "a JSON object is needed")
    return data


def _phone(data: dict[str, Any]) -> str:
    channel, number = data.get("channel", "sms"), data.get("from", "")
    if not isinstance(number, str) or channel not in ("sms", "whatsapp", "messenger"):
        abort(400, "from must be a number, channel sms, whatsapp or messenger")
    phone = number if channel == "sms" or ":" in number else f"{channel}:{number}"
    if not ADDRESS.fullmatch(phone):
        abort(400, "from must be a number like +15550101")
    return phone


def _whole(data: dict[str, Any], name: str, default: int, most: int) -> int:
    value = data.get(name, default)
    if not isinstance(value, int) or not min(default, 1) <= value <= most:
        abort(400, f"{name} must be a whole number up to {most}")
    return value
