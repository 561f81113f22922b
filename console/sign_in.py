"""Coming and going: password and code, one-time link, signing out."""

from __future__ import annotations

import re

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as forms
from flask.typing import ResponseReturnValue

from bot.ports import Advocate
from bot.wiring import Parts
from console import guard
from console.accounts import Accounts
from console.limits import Limits
from console.sessions import Sessions

#: The only places to which a sign-in leads on.
_INSIDE = re.compile(r"/escalations/[0-9a-zA-Z]{1,64}")


def make_sign_in(parts: Parts, sessions: Sessions, limits: Limits) -> Blueprint:
    routes = Blueprint("sign_in", __name__)
    accounts = Accounts(parts.store, parts.clock, limits.first_time)

    def let_in(advocate: Advocate, state: str) -> Response:
        if old := guard.token():
            sessions.end(old)
        forms.clear()
        response = make_response(redirect(_next(), 303))
        guard.set_token(response, sessions.start(advocate))
        parts.meter.count("sign_in", state=state)
        return response

    @routes.route("/sign-in", methods=["GET", "POST"])
    @limits.sign_in
    def form() -> ResponseReturnValue:
        if request.method == "GET":
            return render_template("sign_in.html", wrong=False, name="")
        name = request.form.get("name", "").strip()
        advocate = accounts.check(
            name, request.form.get("password", ""), request.form.get("code", "")
        )
        if advocate is None:
            parts.meter.count("sign_in", state="wrong")
            return render_template("sign_in.html", wrong=True, name=name), 401
        return let_in(advocate, "ok")

    @routes.route("/sign-in/link/<token>", methods=["GET", "POST"])
    @limits.link
    def link(token: str) -> ResponseReturnValue:
        """Looking shows a button, pressing it signs in: previews of links only look."""
        if not parts.settings.allow_sign_in_links:
            abort(404)
        if request.method == "GET" and accounts.is_waiting(token):
            return render_template("sign_in_link.html")
        advocate = accounts.redeem(token) if request.method == "POST" else None
        if advocate is None:
            parts.meter.count("sign_in", state="link_refused")
            return render_template("sign_in_link_used.html"), 410
        return let_in(advocate, "link")

    @routes.post("/sign-out")
    def out() -> ResponseReturnValue:
        parts.desk.gone(guard.me().name)
        sessions.end(guard.token())
        forms.clear()
        response = make_response(redirect(url_for("sign_in.form"), 303))
        guard.drop_token(response)
        return response

    return routes


def _next() -> str:
    wanted = request.args.get("next", "")
    return wanted if _INSIDE.fullmatch(wanted) else url_for("queue.show")
