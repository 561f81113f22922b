"""Build the app: parts in, Flask out. Knows no global state; two can live in one process."""

from __future__ import annotations

import zlib
from pathlib import Path

from flask import Blueprint, Flask, Response, url_for
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.settings import Settings, read_settings
from bot.wiring import Parts, build
from console import guard, problems, words
from console.conversation import make_conversation
from console.limits import Limits
from console.queue import make_queue
from console.sessions import Sessions
from console.sign_in import make_sign_in

#: A reply of 1,600 characters, percent-encoded at worst, and room.
LARGEST_BODY = 64 * 1024
#: Codes that views flash → what the next page says.
NOTICES = {
    "closed": "The conversation is closed. The person was told that the bot is back.",
    "released": "The conversation is back in the queue. The person keeps the place in it.",
    "transferred": "Your colleague has the conversation now.",
    "sent_already": "This reply was sent already; it was not sent twice.",
}


def create_app(parts: Parts) -> Flask:
    """The app over these parts."""
    app = Flask("console")
    _configure(app, parts.settings)
    if parts.settings.trusted_proxies:
        hops = parts.settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    sessions = Sessions(parts.store, parts.clock)
    guard.install(app, parts, sessions)
    CSRFProtect(app)
    limits = Limits(app, parts.vault, parts.settings.limiter_storage_url)
    app.register_blueprint(_make_health())
    app.register_blueprint(make_sign_in(parts, sessions, limits))
    app.register_blueprint(make_queue(parts))
    app.register_blueprint(make_conversation(parts, limits))
    problems.install(app, parts)
    return app


def create_app_from_environment() -> Flask:
    """For gunicorn: `gunicorn 'console:create_app_from_environment()'`."""
    return create_app(build(read_settings(), "console"))


def _configure(app: Flask, settings: Settings) -> None:
    secure = settings.secure_cookies
    app.config.update(
        SECRET_KEY=settings.console_secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=50,
        CONSOLE_COOKIE=guard.cookie_name(secure),
        # Flask's own signed cookie holds the forms' token and the next page's notice
        SESSION_COOKIE_NAME=f"{guard.cookie_name(secure)}-forms",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: replies take their time
        # it would ask for a Referer, which our Referrer-Policy forbids browsers to send;
        # guard.right_origin looks at Origin and Sec-Fetch-Site instead
        WTF_CSRF_SSL_STRICT=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    versions = {
        file.name: f"{zlib.crc32(file.read_bytes()):08x}"
        for file in Path(app.static_folder or "").iterdir()
    }
    app.jinja_env.globals.update(
        notices=NOTICES,
        closed=words.CLOSED,
        asset=lambda name: url_for("static", filename=name, v=versions[name]),
    )


def _make_health() -> Blueprint:
    routes = Blueprint("health", __name__)

    @routes.get("/live")
    def live() -> Response:
        """The process answers; says nothing about what it depends on."""
        return Response("alive\n", mimetype="text/plain")

    return routes
