"""One escalation: look, claim, read, reply, hand on, close."""

from __future__ import annotations

import secrets

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from bot.core.escalation import Escalation, IllegalMove
from bot.core.model import MessageRef
from bot.desk import EmptyReply, TooLong, UnknownEscalation
from bot.wiring import Parts
from console import views
from console.guard import me
from console.limits import Limits


def make_conversation(parts: Parts, limits: Limits) -> Blueprint:
    routes = Blueprint("conversation", __name__, url_prefix="/escalations/<escalation>")
    desk, library = parts.desk, parts.library

    def find(escalation: str) -> Escalation:
        found = desk.find(escalation)
        if found is None:
            raise UnknownEscalation(escalation)
        return found

    def card(found: Escalation) -> views.Card:
        return views.card(found, library, me().name, parts.clock.now())

    def entries_of(found: Escalation, fence: int) -> list[views.Line]:
        entries = desk.thread(found.id, me().name, fence)
        return views.lines(entries, found.language, library, me().name, parts.clock.now())

    def thread(found: Escalation, fence: int, text: str = "", problem: str = "") -> str:
        """The page of its holder. Raises IllegalMove."""
        draft = "" if text or problem else desk.draft(found.id, me().name)
        present = set(desk.present())
        return render_template(
            "thread.html",
            card=card(found),
            lines=entries_of(found, fence),
            fence=fence,
            once=secrets.token_urlsafe(16),
            text=text or draft,
            draft=bool(draft),
            problem=problem,
            size=views.size(text or draft, found.channel),
            colleagues=[
                (other.name, other.name in present, found.language in other.languages)
                for other in parts.store.advocates()
                if other.name != me().name
            ],
        )

    @routes.get("")
    def show(escalation: str) -> ResponseReturnValue:
        found = find(escalation)
        if card(found).mine:
            try:
                # without script, this is the sign of life that keeps the claim
                found = desk.renew(found.id, me().name, found.fence)
                return thread(found, found.fence)
            except IllegalMove:
                found = find(escalation)
        draft = desk.draft(found.id, me().name)
        return render_template("summary.html", card=card(found), found=found, draft=draft)

    @routes.get("/entries")
    def entries(escalation: str) -> str:
        """The part of the page that changes; the page asks for it by itself."""
        found = find(escalation)
        return render_template("entries.html", lines=entries_of(found, _fence()), card=card(found))

    @routes.post("/claim")
    def claim(escalation: str) -> Response:
        desk.claim(escalation, me().name)
        return _to("conversation.show", escalation)

    @routes.post("/renew")
    def renew(escalation: str) -> tuple[str, int]:
        desk.renew(escalation, me().name, _fence())
        return "", 204

    @routes.post("/reply")
    def reply(escalation: str) -> ResponseReturnValue:
        text = request.form.get("text", "")
        if not limits.first_time("reply", f"{me().name}\0{request.form.get('once', '')}"):
            flash("sent_already")
            return _to("conversation.show", escalation)
        try:
            desk.reply(escalation, me().name, _fence(), text)
        except EmptyReply:
            return thread(find(escalation), _fence(), text, "empty"), 400
        except TooLong:
            return thread(find(escalation), _fence(), text, "too_long"), 400
        return _to("conversation.show", escalation, "newest")

    @routes.post("/measure")
    def measure(escalation: str) -> Response:
        """How long the reply would be; what is typed is neither kept nor logged."""
        measured = views.size(request.form.get("text", ""), find(escalation).channel)
        return jsonify(words=measured.words, too_long=measured.too_long)

    @routes.route("/approved", methods=["GET", "POST"])
    def approved(escalation: str) -> str:
        """The approved replies. What was typed so far comes along and goes back."""
        found = find(escalation)
        fence = _fence() if request.method == "POST" else found.fence
        desk.thread(found.id, me().name, fence)  # for its holder only
        return render_template(
            "approved.html",
            card=card(found),
            fence=fence,
            text=request.form.get("text", ""),
            language=found.language,
            base=library.base,
            groups=views.grouped(desk.approved_replies(found.language), library, found.topic),
        )

    @routes.post("/compose")
    def compose(escalation: str) -> str:
        """The thread again, with what was typed and, if one was chosen, an approved reply."""
        found, text = find(escalation), request.form.get("text", "")
        chosen = request.form.get("insert")
        if chosen:
            known = {r.message: r.text for r in desk.approved_replies(found.language)}
            if MessageRef(chosen) not in known:
                abort(400, description="reply")
            text = "\n\n".join(part for part in (text.strip(), known[MessageRef(chosen)]) if part)
        return thread(desk.renew(found.id, me().name, _fence()), _fence(), text)

    @routes.post("/release")
    def release(escalation: str) -> Response:
        desk.release(escalation, me().name, _fence())
        flash("released")
        return _to("queue.show")

    @routes.post("/transfer")
    def transfer(escalation: str) -> Response:
        to = request.form.get("to", "")
        if to == me().name or parts.store.advocate(to) is None:
            abort(400, description="colleague")
        desk.transfer(escalation, me().name, _fence(), to)
        flash("transferred")
        return _to("queue.show")

    @routes.post("/close")
    def close(escalation: str) -> Response:
        desk.close(escalation, me().name, _fence())
        flash("closed")
        return _to("queue.show")

    return routes


def _fence() -> int:
    """The claim that the page was made for. A wrong one is refused by the desk."""
    value = request.values.get("fence", "")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        abort(400, description="fence")
    return int(value)


def _to(endpoint: str, escalation: str | None = None, anchor: str | None = None) -> Response:
    # None is left out of the address
    return make_response(redirect(url_for(endpoint, _anchor=anchor, escalation=escalation), 303))
