"""The Flask app: Twilio's API, the simulator's own interface, and the page."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from simulator.control import make_control
from simulator.line import Line
from simulator.rest import make_rest
from simulator.schedule import Schedule
from simulator.settings import Settings

#: 1,600 characters of four bytes each, percent-encoded, and room for the other fields.
LARGEST_BODY = 64 * 1024
#: The names of this machine: a page of another site cannot reach us under a name of its own.
NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def create_app(settings: Settings) -> Flask:
    """One simulator. Its state lives in this process only."""
    app = Flask(__name__, static_folder="page", static_url_path="/page")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 0
    line = Line(settings, Schedule())
    app.register_blueprint(make_rest(line))
    app.register_blueprint(make_control(line))

    @app.before_request
    def only_this_machine() -> tuple[str, int] | None:
        name = urlsplit(f"//{request.host}").hostname
        return None if name in NAMES else ("Not on this name\n", 421)

    @app.get("/")
    def page() -> Response:
        return app.send_static_file("index.html")

    @app.get("/live")
    def live() -> Response:
        return Response("alive\n", mimetype="text/plain")

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[Response, int]:
        return jsonify(error=error.description), error.code or 500

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return app
