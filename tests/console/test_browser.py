"""The whole visit in a real browser, on a screen as wide as a telephone's and on a wide one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from dev.redis_server import free_port
from tests.console.conftest import PASSWORD, House, build_house

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 800}
#: Pages look for news every four or five seconds, and the machine may be busy.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        play.selectors.set_test_id_attribute("data-test")
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def place(redis_url: str) -> Iterator[tuple[House, str]]:
    """A console that is really served, and its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    house = build_house("redis", redis_url, console_url=url)
    server = make_server("127.0.0.1", port, house.app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield house, url
    server.shutdown()
    thread.join()


Opens = Callable[..., Page]


@pytest.fixture
def opens(chromium: Browser) -> Iterator[Opens]:
    """A page of a fresh browser profile. Whatever the browser complains about fails the test."""
    contexts, complaints = [], []

    def opened(size: dict[str, int] = PHONE, script: bool = True) -> Page:
        context = chromium.new_context(viewport=size, java_script_enabled=script)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and "the server responded with a status" not in said.text
                else None
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Page, house: House, url: str, name: str = "ana") -> None:
    secret = house.hire(name, "en", "es")
    page.goto(url)
    page.get_by_test_id("name").fill(name)
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("code").fill(house.code(secret))
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()


def fits(page: Page) -> bool:
    """Whether nothing makes the page wider than its screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_claim_reply_and_close_on_a_telephone(place: tuple[House, str], opens: Opens) -> None:
    house, url = place
    one = house.escalate()
    page = opens()
    sign_in(page, house, url)
    assert fits(page)
    page.get_by_test_id("queue-row").click()
    expect(page.get_by_test_id("claim")).to_be_visible()
    assert fits(page)
    page.get_by_test_id("claim").click()
    expect(page.locator("[data-test=thread-entry][data-who=person]")).to_have_text(
        "amber acorn ¿Me pueden deportar? just now", use_inner_text=False
    )
    assert fits(page)
    send = page.get_by_test_id("reply-send")
    expect(send).to_be_in_viewport()
    box = page.get_by_test_id("reply-text")
    box.fill("¿En qué puedo ayudar?")
    expect(page.locator("[data-size]")).to_have_text("21 characters, 1 segment")
    send.click()
    expect(page.locator("[data-test=thread-entry][data-who=advocate]")).to_be_in_viewport()
    expect(box).to_have_value("")
    house.deliver()
    assert house.sent()[-1] == "¿En qué puedo ayudar?"

    house.says("Tengo miedo")
    expect(page.locator("[data-who=person]").nth(1)).to_contain_text("Tengo miedo")
    expect(page.locator("[data-who=person]").nth(1)).to_be_in_viewport()

    page.get_by_text("Details and next steps").click()
    page.get_by_test_id("close").click()
    expect(page.get_by_text("The conversation is closed.")).to_be_visible()
    expect(page.get_by_test_id("queue-row")).to_have_count(0)
    assert house.desk.find(one).is_open is False
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("sign-in")).to_be_visible()


def test_new_words_do_not_disturb_who_is_typing(place: tuple[House, str], opens: Opens) -> None:
    house, url = place
    one = house.escalate()
    page = opens(WIDE)
    sign_in(page, house, url)
    page.goto(f"{url}/escalations/{one}")
    page.get_by_test_id("claim").click()
    box = page.get_by_test_id("reply-text")
    box.click()
    page.keyboard.type("Estoy escri")
    house.says("¿Sigue ahí?")
    expect(page.get_by_text("¿Sigue ahí?")).to_be_visible()
    expect(box).to_be_focused()
    page.keyboard.type("biendo")
    expect(box).to_have_value("Estoy escribiendo")
    expect(page.locator("[data-announce]")).to_have_text("A new message")


def test_the_queue_refreshes_itself_and_keeps_the_focus(
    place: tuple[House, str], opens: Opens
) -> None:
    house, url = place
    house.escalate(1, one="0000000000000001")
    page = opens(WIDE)
    sign_in(page, house, url)
    page.locator("[data-key='0000000000000001']").focus()
    house.escalate(2, one="0000000000000002")
    expect(page.get_by_test_id("queue-row")).to_have_count(2)
    expect(page.locator("[data-key='0000000000000001']")).to_be_focused()
    expect(page).to_have_title("(2) Queue · Advocates’ desk")


def test_a_lost_claim_is_told_and_the_words_stay(place: tuple[House, str], opens: Opens) -> None:
    house, url = place
    one = house.escalate()
    page = opens()
    sign_in(page, house, url)
    page.goto(f"{url}/escalations/{one}")
    page.get_by_test_id("claim").click()
    page.get_by_test_id("reply-text").fill("no perder")
    house.clock.forward(minutes=11)
    assert house.desk.give_back_lapsed() == 1
    expect(page.get_by_text("You no longer hold this conversation")).to_be_visible()
    expect(page.get_by_test_id("reply-text")).to_have_value("no perder")
    expect(page.get_by_test_id("reply-send")).to_be_disabled()


def test_an_approved_reply_joins_what_was_typed(place: tuple[House, str], opens: Opens) -> None:
    house, url = place
    one = house.escalate()
    page = opens()
    sign_in(page, house, url)
    page.goto(f"{url}/escalations/{one}")
    page.get_by_test_id("claim").click()
    page.get_by_test_id("reply-text").fill("Mire:")
    page.get_by_role("button", name="Approved replies").click()
    page.get_by_label("Find").fill("abogado o")
    page.get_by_label("Find").fill("1-888")
    assert fits(page)
    insert = page.get_by_test_id("insert")
    page.locator("[data-found]:visible").get_by_test_id("insert").click()
    expect(insert).to_have_count(0)
    expect(page.get_by_test_id("reply-text")).to_have_value(
        "Mire:\n\nLlame al 1-888-555-0100 o mire https://www.example.gov/line."
    )


def test_everything_works_without_script(place: tuple[House, str], opens: Opens) -> None:
    house, url = place
    house.escalate()
    page = opens(script=False)
    sign_in(page, house, url)
    page.get_by_test_id("queue-row").click()
    page.get_by_test_id("claim").click()
    page.get_by_test_id("reply-text").fill("Sin script")
    house.says("¿Hola?")
    page.get_by_role("button", name="Look for new messages").click()
    expect(page.get_by_text("¿Hola?")).to_be_visible()
    expect(page.get_by_test_id("reply-text")).to_have_value("Sin script")
    page.get_by_test_id("reply-send").click()
    expect(page.locator("[data-who=advocate]")).to_contain_text("Sin script")
    page.get_by_text("Details and next steps").click()
    page.get_by_test_id("give-back").click()
    expect(page.get_by_text("back in the queue")).to_be_visible()
