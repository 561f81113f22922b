"""What stands before every view: the right host, the right origin, a session; and headers after."""

from __future__ import annotations

from typing import cast

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as forms
from flask.typing import ResponseReturnValue

from bot.ports import Advocate
from bot.wiring import Parts
from console.sessions import Sessions

#: Reachable without a session. Everything else, known or not, needs one.
OPEN_TO_ALL = frozenset({"static", "health.live", "sign_in.form", "sign_in.link"})
#: What pages ask for by themselves; it does not show that somebody is there.
BY_ITSELF = frozenset({"queue.rows", "conversation.entries", "conversation.renew"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


def cookie_name(secure: bool) -> str:
    """With __Host- a browser accepts it only over https, for this host and all its paths."""
    return "__Host-console" if secure else "console"


def me() -> Advocate:
    """The advocate who is signed in; only in views that need a session."""
    return cast(Advocate, g.advocate)


def token() -> str:
    """The session's token of this request; empty without one."""
    return request.cookies.get(current_app.config["CONSOLE_COOKIE"], "")


def set_token(response: Response, value: str) -> None:
    """Put the session's token into the browser, until it is closed."""
    response.set_cookie(
        current_app.config["CONSOLE_COOKIE"],
        value,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop_token(response: Response) -> None:
    response.delete_cookie(
        current_app.config["CONSOLE_COOKIE"],
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def install(app: Flask, parts: Parts, sessions: Sessions) -> None:
    """Must come before CSRFProtect, so that an expired session is told as what it is."""
    hosts = frozenset(host.lower() for host in parts.settings.console_hosts)

    @app.before_request
    def right_host() -> None:
        g.advocate = None
        if request.endpoint != "health.live" and request.host.lower() not in hosts:
            abort(400, description="host")

    @app.before_request
    def right_origin() -> None:
        """Besides the token: browsers themselves say where a form was sent from."""
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        # with our Referrer-Policy, browsers send "null" for our own forms
        foreign = origin not in (None, "null") and origin != request.host_url.rstrip("/")
        if site in ("cross-site", "same-site") or foreign:
            parts.meter.count("csrf_refused")
            abort(400, description="origin")

    @app.before_request
    def signed_in() -> ResponseReturnValue | None:
        if request.endpoint in OPEN_TO_ALL:
            if request.method == "POST":
                parts.store.ping()  # the limiter needs it too, and fails less clearly
            return None
        by_itself = request.endpoint in BY_ITSELF and request.form.get("active") != "1"
        if token():
            g.advocate = sessions.find(token(), active=not by_itself)
            if g.advocate is None:
                parts.meter.count("session_expired")
        if g.advocate is not None:
            parts.desk.seen(g.advocate.name)
            return None
        if request.endpoint in BY_ITSELF:
            return Response("signed out\n", 401, mimetype="text/plain")
        if request.method in ("GET", "HEAD"):
            return redirect(url_for("sign_in.form", next=_after_sign_in()), 303)
        forms.clear()
        return Response(render_template("signed_out.html"), 401)

    @app.after_request
    def with_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        if parts.settings.secure_cookies:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint == "static" and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=86400"
        else:
            response.headers["Cache-Control"] = "no-store"
        return response


def _after_sign_in() -> str | None:
    path = request.path
    return path if path != "/" and request.endpoint == "conversation.show" else None
