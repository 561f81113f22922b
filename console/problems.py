"""When something cannot be done: a kind page, the right code, and nothing typed is lost."""

from __future__ import annotations

from flask import Flask, Response, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from bot.core.escalation import IllegalMove
from bot.desk import UnknownEscalation
from bot.ports import Unavailable
from bot.service import Conflict
from bot.wiring import Parts

#: IllegalMove's code → heading and what to know.
MOVES = {
    "closed": (
        "This conversation is closed",
        "It was closed in the meantime, by the person or by an advocate.",
    ),
    "taken": (
        "Somebody else was faster",
        "A colleague has just taken this conversation. The person is in good hands.",
    ),
    "not_yours": (
        "You no longer hold this conversation",
        (
            "You were away for more than ten minutes, or you handed it on. Another advocate may "
            "have it now."
        ),
    ),
    "not_claimed": (
        "Nobody holds this conversation now",
        (
            "It went back to the queue, because you gave it back or were away for more than ten "
            "minutes. You can claim it again."
        ),
    ),
}
GONE = (
    "This conversation does not exist any more",
    "The person deleted it, it has expired, or the address is wrong.",
)
BUSY = (
    "This did not work just now",
    (
        "The service is busy or cannot reach its store. Nothing was changed. Please try again in "
        "a minute."
    ),
)
FORM = (
    "This form is no longer valid",
    (
        "You signed in or out since the page was opened, or the form came from another site. "
        "Nothing was sent. Please go back to the queue and try again."
    ),
)
OTHER = {
    400: ("This request was not understood", "Please go back to the queue and try again."),
    404: ("There is nothing here", "The address is wrong, or what it named is gone."),
    405: ("This cannot be done like that", "Please go back to the queue and try again."),
    413: ("This is too much at once", "A reply has at most 1,600 characters."),
    500: (
        "Something broke on our side",
        "It was reported without any words of yours. Please try again.",
    ),
}


def install(app: Flask, parts: Parts) -> None:
    """Register the pages. What was typed is in the request, and is shown again for copying."""

    def page(words: tuple[str, str], code: int) -> Response:
        kept = request.form.get("text", "") if code != 413 else ""
        escalation = (request.view_args or {}).get("escalation")
        body = render_template(
            "problem.html", heading=words[0], words=words[1], kept=kept, escalation=escalation
        )
        return Response(body, code)

    @app.errorhandler(IllegalMove)
    def illegal_move(error: IllegalMove) -> Response:
        return page(MOVES[error.code], 409)

    @app.errorhandler(UnknownEscalation)
    def unknown(error: UnknownEscalation) -> Response:
        return page(GONE, 404)

    @app.errorhandler(Unavailable)
    @app.errorhandler(Conflict)
    def busy(error: Exception) -> Response:
        parts.meter.failure("console", error)
        return page(BUSY, 503)

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> Response:
        parts.meter.count("csrf_refused")
        return page(FORM, 400)

    @app.errorhandler(RateLimitExceeded)
    def limited(error: RateLimitExceeded) -> Response:
        parts.meter.count("sign_in", state="limited")
        body = render_template("sign_in.html", wrong=False, name="", limited=True)
        return Response(body, 429, {"Retry-After": "900"})

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        code = error.code or 500
        if code < 400:
            return Response(status=code, headers=error.get_headers())
        if request.path == "/live" or error.description == "host":
            return Response(f"{error.name}\n", code, mimetype="text/plain")
        return page(FORM if error.description == "origin" else OTHER.get(code, OTHER[400]), code)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        parts.meter.failure("console", error)
        return page(OTHER[500], 500)
