"""The phone in a real browser."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from .conftest import Door, Sim

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
ARABIC = "مرحبا، هذا برنامج آلي.\n1 أريد محاميا"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail("no chromium on this machine, and the page must be tested here")
        pytest.skip("no chromium on this machine; the page is not tested")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, sim: Sim) -> Iterator[Page]:
    """The page, which must not complain of anything: a blocked script would show here."""
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(sim.url)
    yield page
    page.close()
    assert complaints == []


def by(page: Page, name: str) -> object:
    return page.locator(f"[data-test={name}]")


def bubbles(page: Page, direction: str) -> object:
    return page.locator(f"[data-test=bubble][data-direction={direction}]")


def test_a_conversation(page: Page, sim: Sim, send, door: Door) -> None:
    by(page, "compose").fill("¿Qué pasó?")
    by(page, "compose").press("Enter")
    expect(bubbles(page, "in")).to_have_text(["¿Qué pasó?"])
    expect(by(page, "compose")).to_have_value("")
    assert door.wait("/twilio/message")[0].form["Body"] == "¿Qué pasó?"
    expect(by(page, "status").first).to_have_text("reached the bot")
    expect(by(page, "lock-preview")).to_have_text("No notifications")
    send("+15550101", "a" * 161)
    expect(bubbles(page, "out")).to_have_text(["a" * 161])
    expect(by(page, "status").last).to_have_text("delivered")
    expect(by(page, "segments")).to_have_text("2 segments · GSM-7 · ≈ $0.0166")
    expect(by(page, "lock-preview")).to_have_text("a" * 161)
    expect(by(page, "cost")).to_have_text("2 segments, about $0.017")


def test_one_segment_is_one_segment(page: Page, send) -> None:
    send("+15550101", "short")
    expect(by(page, "cost")).to_have_text("1 segment, about $0.008")


def test_shift_enter_breaks_the_line_and_the_button_sends(page: Page, door: Door) -> None:
    by(page, "compose").press_sequentially("one")
    by(page, "compose").press("Shift+Enter")
    by(page, "compose").press_sequentially("two")
    by(page, "send").click()
    assert door.wait("/twilio/message")[0].form["Body"] == "one\ntwo"
    by(page, "compose").fill("   ")
    by(page, "send").click()
    expect(bubbles(page, "in")).to_have_count(1)


def test_script_has_its_direction(page: Page, send) -> None:
    send("+15550101", ARABIC)
    send("+15550101", "hello")
    expect(bubbles(page, "out")).to_have_count(2)
    directions = bubbles(page, "out").evaluate_all(
        "all => all.map(b => [b.dir, getComputedStyle(b).direction])"
    )
    assert directions == [["auto", "rtl"], ["auto", "ltr"]]
    expect(by(page, "segments").first).to_contain_text("UCS-2")


def test_markup_in_a_text_stays_text(page: Page, send) -> None:
    send("+15550101", "<img src=x onerror=alert(1)><b>bold</b>")
    expect(bubbles(page, "out")).to_have_text(["<img src=x onerror=alert(1)><b>bold</b>"])
    assert page.locator(".bubble img, .bubble b").count() == 0


def test_two_phones_two_channels(page: Page, sim: Sim, send, door: Door) -> None:
    page.get_by_text("WhatsApp", exact=True).click()
    by(page, "add-phone").click()
    phones = by(page, "phone")
    expect(phones).to_have_count(2)
    assert phones.last.get_attribute("data-address") == "whatsapp:+15550102"
    phones.last.locator("[data-test=compose]").fill("hola")
    phones.last.locator("[data-test=compose]").press("Enter")
    assert door.wait("/twilio/message")[0].form["From"] == "whatsapp:+15550102"
    send("whatsapp:+15550102", "buenas")
    expect(phones.last.locator("[data-direction=out]")).to_have_text("buenas")
    expect(phones.last.locator("[data-test=segments]")).to_have_text("no segments")
    expect(phones.first.locator("[data-test=bubble]")).to_have_count(0)
    page.reload()
    expect(by(page, "phone")).to_have_count(2)
    expect(by(page, "phone").last.locator("[data-test=bubble]")).to_have_count(2)
    by(page, "phone").last.get_by_label("Remove this phone").click()
    expect(by(page, "phone")).to_have_count(1)


def test_fail_next_shows_what_did_not_arrive(page: Page, send) -> None:
    expect(by(page, "fail-next").locator("option")).to_have_count(10)
    by(page, "fail-next").select_option("30003")
    expect(by(page, "fault")).to_have_text("30003")
    send("+15550101", "lost")
    expect(by(page, "fault")).to_have_count(0)
    expect(by(page, "status")).to_have_text("undelivered, error 30003")
    expect(by(page, "lock-preview")).to_have_text("No notifications")


def test_stop_is_seen(page: Page) -> None:
    by(page, "compose").fill("STOP")
    by(page, "compose").press("Enter")
    expect(by(page, "stopped")).to_be_visible()
    expect(by(page, "network-note")).to_contain_text("unsubscribed")
    expect(bubbles(page, "out")).to_have_count(0)


def test_a_failed_webhook_is_seen(page: Page, door: Door) -> None:
    door.answers["/twilio/message"] = (503, "text/plain", "")
    by(page, "compose").fill("hello")
    by(page, "compose").press("Enter")
    expect(by(page, "status")).to_have_text("webhook error 11200, fallback 200")


def test_a_reset_empties_the_phone(page: Page, sim: Sim, send) -> None:
    send("+15550101", "before")
    expect(bubbles(page, "out")).to_have_count(1)
    sim.reset()
    expect(bubbles(page, "out")).to_have_count(0)
    send("+15550101", "after")
    expect(bubbles(page, "out")).to_have_text(["after"])


def test_it_fits_a_real_phone(page: Page, send) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    send("+15550101", "a-very-long-word-" * 30)
    expect(bubbles(page, "out")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for name in ("compose", "send", "add-phone", "fail-next", "lock-preview"):
        expect(by(page, name)).to_be_in_viewport(ratio=1)


def test_the_page_needs_nothing_from_elsewhere(page: Page, sim: Sim) -> None:
    policy = page.request.get(sim.url).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    called: list[str] = []
    page.on("request", lambda request: called.append(request.url))
    page.reload()
    expect(by(page, "phone")).to_have_count(1)
    assert called
    assert all(url.startswith(sim.url) for url in called)
    source = page.request.get(sim.url).text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", source)
