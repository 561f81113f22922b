"""What holds for every route: a session, the right host and origin, safe headers."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import console
from bot.observe import COUNTERS
from bot.ports import Unavailable
from console.guard import OPEN_TO_ALL
from tests.console.conftest import HOST, House, Seat, with_settings

CODE = Path(console.__file__).parent


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, a path) of every route."""
    found = []
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        found += [(rule.endpoint, method, path) for method in rule.methods - {"OPTIONS", "HEAD"}]
    return found


def test_every_route_but_four_needs_a_session(memory_house: House) -> None:
    app = memory_house.app()
    assert {"static", "health.live", "sign_in.form", "sign_in.link"} == OPEN_TO_ALL
    closed = [route for route in routes(app) if route[0] not in OPEN_TO_ALL]
    assert len(closed) >= 12
    for endpoint, method, path in closed:
        seat = Seat(app)
        seat.get("/sign-in")
        response = seat.post(path) if method == "POST" else seat.get(path)
        if method == "POST" or response.status_code == 401:
            assert response.status_code == 401, endpoint
        else:
            assert response.status_code == 303, endpoint
            assert response.headers["Location"].startswith("/sign-in"), endpoint


def test_unknown_addresses_tell_strangers_nothing(memory_house: House) -> None:
    seat = Seat(memory_house.app())
    assert seat.get("/no-such-page").status_code == 303
    assert seat.get("/escalations/0000000000000000").status_code == 303


def test_every_form_needs_its_token(house: House, app: Flask, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    posts = {
        (endpoint, path.replace("/x", f"/{one}"))
        for endpoint, method, path in routes(app)
        if method == "POST"
    }
    assert len(posts) >= 11
    for endpoint, path in posts:
        response = ana.post(path, token=False, fence="1", text="hola", to="ana")
        assert response.status_code == 400, endpoint
    assert house.meter.total("csrf_refused") == len(posts)
    house.deliver()
    assert house.sent()[-1] != "hola"
    assert house.desk.find(one).holder == "ana"


def test_what_was_typed_survives_a_refused_form(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    ana.post(f"/escalations/{one}/reply", token=False, fence="1", text="mis palabras")
    assert "no longer valid" in ana.text
    assert "mis palabras" in ana.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.test"},
        {"Origin": f"http://{HOST}:8002"},
    ],
)
def test_forms_from_elsewhere_are_refused(house: House, ana: Seat, headers: dict[str, str]) -> None:
    one = house.escalate()
    ana.get(f"/escalations/{one}")
    assert ana.post(f"/escalations/{one}/claim", headers=headers).status_code == 400
    assert house.desk.find(one).holder is None


@pytest.mark.parametrize("origin", ["null", f"http://{HOST}"])
def test_our_own_forms_are_taken(house: House, ana: Seat, origin: str) -> None:
    one = house.escalate()
    ana.get(f"/escalations/{one}")
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert ana.post(f"/escalations/{one}/claim", headers=headers).status_code == 303


def test_only_the_consoles_own_host_is_answered(memory_house: House) -> None:
    app = memory_house.app()
    assert Seat(app, "http://evil.test").get("/sign-in").status_code == 400
    assert Seat(app, f"http://{HOST}:8002").get("/sign-in").status_code == 400
    assert Seat(app, f"http://{HOST.upper()}").get("/sign-in").status_code == 200
    assert Seat(app, "http://10.0.0.1").get("/live").status_code == 200


def test_headers_are_safe_on_every_kind_of_answer(house: House, app: Flask, ana: Seat) -> None:
    one = house.escalate()
    for path in ("/", "/queue", f"/escalations/{one}", "/nothing", "/live"):
        response = ana.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "camera=()" in response.headers["Permissions-Policy"]
    assert Seat(app).get("/static/console.css").headers["Cache-Control"].startswith("public")


def test_cookies_are_locked_to_the_host_when_it_is_secure(memory_house: House) -> None:
    secure = with_settings(memory_house, console_url=f"https://{HOST}")
    app, secret = secure.app(), secure.hire("ana")
    seat = Seat(app, f"https://{HOST}")
    response = seat.sign_in("ana", secure.code(secret))
    assert response.status_code == 303, "the form works over https, where no Referer is sent"
    cookies = response.headers.getlist("Set-Cookie")
    session = next(c for c in cookies if c.startswith("__Host-console="))
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in session
    assert "Domain" not in session
    assert "Max-Age" not in session
    assert "Strict-Transport-Security" in seat.get("/").headers
    assert seat.get("/").status_code == 200


def test_an_address_is_taken_from_proxies_only_when_there_are_some(memory_house: House) -> None:
    assert not isinstance(memory_house.app().wsgi_app, ProxyFix)
    behind = with_settings(memory_house, trusted_proxies=1, console_url=f"https://{HOST}")
    app, secret = behind.app(), behind.hire("ana")
    seat = Seat(app, "http://127.0.0.1:8001")
    seat.client.environ_base.update(
        HTTP_X_FORWARDED_HOST=HOST, HTTP_X_FORWARDED_PROTO="https", HTTP_X_FORWARDED_FOR="192.0.2.1"
    )
    seat.get("/sign-in")
    assert seat.code == 200
    assert behind.code(secret)


def test_a_store_that_is_away_gives_a_kind_page(
    house: House, ana: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = house.escalate()
    ana.claim(one)

    def away(*args: object) -> None:
        raise Unavailable("redis")

    monkeypatch.setattr(house.store, "load", away)
    assert ana.does("reply", one, text="mis palabras").status_code == 503
    assert "mis palabras" in ana.text
    assert "try again" in ana.text


def test_signing_in_while_the_store_is_away_is_told_as_that(
    house: House, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object) -> None:
        raise Unavailable("redis")

    monkeypatch.setattr(house.store, "ping", away)
    assert Seat(app).sign_in("ana", "000000").status_code == 503


def test_a_fault_of_ours_shows_and_logs_no_words(
    house: House, ana: Seat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = house.escalate()
    ana.claim(one)

    def breaks(*args: object) -> None:
        raise RuntimeError("palabra-secreta")

    monkeypatch.setattr(house.store, "load", breaks)
    with caplog.at_level(logging.DEBUG):
        assert ana.does("reply", one, text="hola palabra").status_code == 500
    assert "palabra-secreta" not in ana.page
    assert "palabra" not in caplog.text
    assert [name for name, _ in house.meter.failures] == ["console"]


def test_too_much_at_once_is_refused(ana: Seat, house: House) -> None:
    one = house.escalate()
    ana.claim(one)
    assert ana.does("reply", one, text="a" * 70_000).status_code == 413


def test_pages_have_no_inline_scripts_or_styles() -> None:
    for file in sorted((CODE / "templates").glob("*.html")):
        page = file.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)", page), file.name
        assert "|safe" not in page, file.name
        assert "autoescape" not in page, file.name


def test_browsers_are_asked_to_send_no_words_to_their_makers(house: House, ana: Seat) -> None:
    ana.claim(house.escalate())
    assert '<html lang="en" translate="no">' in ana.page
    assert 'name="google" content="notranslate"' in ana.page
    assert 'spellcheck="false" autocomplete="off"' in ana.page


def test_every_counter_is_known() -> None:
    counted = set()
    for file in CODE.glob("*.py"):
        counted |= set(re.findall(r"meter\.count\(\s*\"(\w+)\"", file.read_text()))
    assert counted
    assert counted <= set(COUNTERS)
