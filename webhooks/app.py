"""Build the app: settings in, Flask out. Two groups of routes: Twilio's and the operators'."""

from __future__ import annotations

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from bot.settings import read_settings
from bot.wiring import Parts, build
from webhooks.health import make_health
from webhooks.twilio import make_twilio

#: Twilio's largest request is a text of 1,600 characters, ten media addresses and some forty
#: short fields: below 16 KiB even percent-encoded.
LARGEST_BODY = 64 * 1024
MOST_FIELDS = 200


def create_app(parts: Parts) -> Flask:
    """The app over these parts. Knows no global state; two can live in one process."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    app.config["MAX_FORM_PARTS"] = MOST_FIELDS
    app.register_blueprint(make_twilio(parts))
    app.register_blueprint(make_health(parts))

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        """A short plain answer that repeats nothing of the request."""
        code = error.code or 500
        if code != 404:
            parts.meter.count("bad_request", reason=str(code))
        return Response(f"{error.name}\n", code, mimetype="text/plain")

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        """Ours: Twilio gets a 5xx and asks /twilio/fallback, which needs nothing."""
        parts.meter.failure("webhook", error)
        return Response("Internal Server Error\n", 500, mimetype="text/plain")

    return app


def create_app_from_environment() -> Flask:
    """For gunicorn: `gunicorn 'webhooks:create_app_from_environment()'`."""
    return create_app(build(read_settings(), "web"))
