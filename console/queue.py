"""The queue: who waits, who has whom, who is on shift."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from bot.wiring import Parts
from console import views
from console.guard import me


def make_queue(parts: Parts) -> Blueprint:
    routes = Blueprint("queue", __name__)

    def shown() -> dict[str, Any]:
        advocate, now = me(), parts.clock.now()
        only_mine = request.args.get("languages") == "mine"
        cards = [
            views.card(one, parts.library, advocate.name, now)
            for one in parts.desk.queue()
            if not only_mine or one.language in advocate.languages or one.holder == advocate.name
        ]
        return {
            "only_mine": only_mine,
            "yours": [card for card in cards if card.mine],
            "waiting": [card for card in cards if card.free],
            "others": [card for card in cards if not card.mine and not card.free],
            "present": parts.desk.present(),
        }

    @routes.get("/")
    def show() -> str:
        spoken = [
            parts.library.languages[code].english_name
            for code in me().languages
            if code in parts.library.languages
        ]
        return render_template("queue.html", spoken=spoken, **shown())

    @routes.get("/queue")
    def rows() -> str:
        """The part of the page that changes; the page asks for it by itself."""
        return render_template("queue_rows.html", **shown())

    return routes
