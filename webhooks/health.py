"""For operators on the same machine: is it alive, is it ready, what has it counted."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, request

from bot.observe import METRICS_TYPE
from bot.ports import Unavailable
from bot.wiring import Parts

LOOPBACK = frozenset({"127.0.0.1", "::1"})


def make_health(parts: Parts) -> Blueprint:
    routes = Blueprint("health", __name__)

    @routes.get("/live")
    def live() -> Response:
        """The process answers; says nothing about what it depends on."""
        return Response("alive\n", mimetype="text/plain")

    @routes.get("/ready")
    def ready() -> tuple[Response, int]:
        """Whether texts can be accepted: that needs the store, and nothing else. A missing
        model is reported but does not make us unready: words and menus still answer."""
        try:
            parts.store.ping()
            store = True
        except Unavailable:
            store = False
        draft = parts.library.is_draft
        return jsonify(ready=store, store=store, draft_content=draft), 200 if store else 503

    @routes.get("/metrics")
    def metrics() -> Response:
        """Prometheus' format, for this machine only: never through a proxy."""
        if request.remote_addr not in LOOPBACK or "X-Forwarded-For" in request.headers:
            abort(404)
        return Response(parts.meter.exposition(), content_type=METRICS_TYPE)

    return routes
