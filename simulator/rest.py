"""Twilio's REST API, as much of it as a messaging service uses (version 2010-04-01)."""

from __future__ import annotations

import hashlib
import hmac
import socket
import threading
import time
from collections import deque
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request

from simulator.errors import ApiError
from simulator.line import Line
from simulator.messages import Message
from simulator.resources import account_json, message_json, number_json

DEFAULT_PAGE, LARGEST_PAGE = 50, 1000


class RateLimit:
    """At most so many requests in any second; 0 is no limit."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._lock = threading.Lock()
        self._times: deque[float] = deque()

    def passes(self, now: float) -> bool:
        if not self._per_second:
            return True
        with self._lock:
            while self._times and self._times[0] <= now - 1:
                self._times.popleft()
            if len(self._times) >= self._per_second:
                return False
            self._times.append(now)
            return True


def make_rest(line: Line) -> Blueprint:
    settings = line.settings
    prefix = f"/2010-04-01/Accounts/{settings.account_sid}"
    routes = Blueprint("rest", __name__, url_prefix="/2010-04-01/Accounts")
    limit = RateLimit(settings.requests_per_second)
    number_sid = "PN" + hashlib.sha256(settings.number.encode()).hexdigest()[:32]
    mine = f"/{settings.account_sid}"

    @routes.before_request
    def sign_in() -> None:
        login = request.authorization
        user, password = (login.username or "", login.password or "") if login else ("", "")
        known = [hmac.compare_digest(password, token) for token in settings.auth_tokens]
        if user != settings.account_sid or not any(known):
            raise ApiError(20003)
        if not limit.passes(time.monotonic()):
            raise ApiError(20429)

    @routes.errorhandler(ApiError)
    def refused(error: ApiError) -> Response:
        response = jsonify(error.body())
        response.status_code = error.status
        if error.code == 20003:
            response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        return response

    @routes.post(f"{mine}/Messages.json")
    def create() -> tuple[Response, int]:
        form = request.form
        to = form.get("To", "")
        fault = line.faults.take({"429", "500", "connection", "21610"}, to)
        if fault == "connection":
            return _hang_up()
        if fault:
            raise ApiError({"429": 20429, "500": 20500, "21610": 21610}[fault])
        message = line.send(
            to=to,
            from_=form.get("From", ""),
            service=form.get("MessagingServiceSid", ""),
            body=form.get("Body", ""),
            callback=form.get("StatusCallback", ""),
        )
        if line.faults.take({"timeout"}, to):
            # Twilio has the text; the caller gives up before it learns so
            time.sleep(settings.hold)
        return jsonify(message_json(settings, message)), 201

    @routes.get(f"{mine}/Messages.json")
    def listed() -> Response:
        found = [m for m in line.messages.newest_first() if _matches(m)]
        return _page(f"{prefix}/Messages.json", "messages",
                     [message_json(settings, m) for m in found])  # fmt: skip

    @routes.get(f"{mine}/Messages/<sid>.json")
    def fetched(sid: str) -> Response:
        return jsonify(message_json(settings, _known(sid)))

    @routes.post(f"{mine}/Messages/<sid>.json")
    def updated(sid: str) -> Response:
        """Redaction: the only change that Twilio allows to a text is to an empty body."""
        _known(sid)
        changed = line.messages.change(sid, body="") if request.form.get("Body") == "" else None
        return jsonify(message_json(settings, changed or _known(sid)))

    @routes.delete(f"{mine}/Messages/<sid>.json")
    def deleted(sid: str) -> tuple[str, int]:
        _known(sid)
        line.messages.remove(sid)
        return "", 204

    @routes.get(f"{mine}.json")
    def account() -> Response:
        return jsonify(account_json(settings))

    @routes.get(f"{mine}/IncomingPhoneNumbers.json")
    def numbers() -> Response:
        wanted = request.args.get("PhoneNumber", settings.number)
        found = [number_json(line, number_sid)] if wanted == settings.number else []
        return _page(f"{prefix}/IncomingPhoneNumbers.json", "incoming_phone_numbers", found)

    @routes.route(f"{mine}/IncomingPhoneNumbers/<sid>.json", methods=["GET", "POST"])
    def number(sid: str) -> Response:
        if sid != number_sid:
            raise ApiError(20404, request.path)
        if request.method == "POST":
            line.sms_url = request.form.get("SmsUrl", line.sms_url)
            line.fallback_url = request.form.get("SmsFallbackUrl", line.fallback_url)
        return jsonify(number_json(line, number_sid))

    @routes.route("/<path:rest>", methods=["GET", "POST", "DELETE"])
    def nothing(rest: str) -> Response:
        raise ApiError(20404, request.path)

    def _known(sid: str) -> Message:
        message = line.messages.get(sid)
        if message is None:
            raise ApiError(20404, request.path)
        return message

    return routes


def _matches(message: Message) -> bool:
    """The filters To, From and DateSent. Network answers are not on Twilio's list either."""
    wanted = request.args
    if message.direction == "network":
        return False
    if wanted.get("To", message.to) != message.to:
        return False
    if wanted.get("From", message.from_) != message.from_:
        return False
    sent = int(message.sent_at or message.created_at)
    after, before, on = (_moment(wanted.get(f"DateSent{end}")) for end in (">", "<", ""))
    if after is not None and sent < after:
        return False
    if before is not None and sent > before:
        return False
    return on is None or sent // 86400 == on // 86400


def _moment(text: str | None) -> int | None:
    """Seconds since 1970 of "2026-01-31" or "2026-01-31T10:00:00Z"; None for anything else."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _page(uri: str, name: str, found: list[dict[str, object]]) -> Response:
    """One page of a list, with the addresses of the others."""
    size = min(request.args.get("PageSize", DEFAULT_PAGE, int), LARGEST_PAGE) or DEFAULT_PAGE
    page = max(request.args.get("Page", 0, int), 0)
    start = page * size
    shown = found[start : start + size]

    def at(number: int) -> str:
        query = {**request.args.to_dict(), "PageSize": str(size), "Page": str(number)}
        return f"{uri}?{urlencode(query)}"

    return jsonify(
        {
            name: shown,
            "uri": at(page),
            "page": page,
            "page_size": size,
            "start": start,
            "end": start + max(len(shown) - 1, 0),
            "first_page_uri": at(0),
            "previous_page_uri": at(page - 1) if page else None,
            "next_page_uri": at(page + 1) if start + size < len(found) else None,
        }
    )


def _hang_up() -> tuple[Response, int]:
    """End the connection without an answer, as a broken network does."""
    connection = request.environ.get("gunicorn.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=502), 502
