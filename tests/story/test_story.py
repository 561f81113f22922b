"""The whole story in a real browser: a person texts, asks for a person, an advocate answers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from dev.stack import Stack

PHONE = {"width": 390, "height": 844}

STORIES = {
    "en": {
        "number": "+15550401",
        "texts": [
            ("hi, was my son on that list of names? he was in detention", "A few questions"),
            ("no", "November 19, 2022"),
            ("yes", "December 7, 2022"),
        ],
        "person": ("person", "reply MENU."),
        "greets": "a person is here",
        "they": "thank you for coming",
        "reply": "Good afternoon. I can look for a lawyer with you.",
        "over": "The robot answers again",
    },
    "es": {
        "number": "+15550402",
        "texts": [
            ("buenas, mi esposo estaba detenido, salio en la lista?", "Unas preguntas"),
            ("no", "19 de noviembre de 2022"),
            ("si", "7 de diciembre"),
        ],
        "person": ("quiero hablar con una persona", "Para volver al robot"),
        "greets": "ya hay una persona",
        "they": "gracias por venir",
        "reply": "Buenas tardes. Puedo buscar un abogado con usted.",
        "over": "responde otra vez el robot",
    },
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_from_the_phone_to_the_console_and_back(
    stack: Stack, browser: Browser, language: str
) -> None:
    story = STORIES[language]
    phone = browser.new_context(viewport=PHONE).new_page()
    number = str(story["number"]).replace("+", "%2B")
    phone.goto(f"{stack.url('simulator')}/?phone={number}")
    for said, heard in story["texts"]:
        text(phone, said)
        hears(phone, heard)
    text(phone, story["person"][0])
    hears(phone, story["person"][1])

    console = browser.new_context(viewport=PHONE).new_page()
    console.goto(stack.sign_in_link())
    console.get_by_test_id("sign-in").click()
    rows = console.get_by_test_id("queue-row")
    expect(rows).to_have_count(1)
    assert "555" not in rows.inner_text()
    rows.get_by_role("link").first.click()
    console.get_by_test_id("claim").click()
    hears(phone, story["greets"])
    silent = bubbles(phone).count()
    text(phone, story["they"])
    expect(console.locator("[data-test=thread-entry][data-who=person]").last).to_contain_text(
        story["they"], timeout=20_000
    )
    assert bubbles(phone).count() == silent, "the bot spoke while a person was there"

    console.get_by_test_id("reply-text").fill(story["reply"])
    console.get_by_test_id("reply-send").click()
    hears(phone, story["reply"])
    details = console.get_by_text(re.compile("Details and next steps"))
    if details.is_visible():
        details.click()
    console.get_by_test_id("close").click()
    hears(phone, story["over"])
    console.goto(stack.url("console") + "/")
    expect(console.get_by_test_id("queue-row")).to_have_count(0)
    text(phone, "menu")
    expect(bubbles(phone).last).to_contain_text("1 ")


def text(page: Page, words: str) -> None:
    page.get_by_test_id("compose").fill(words)
    page.get_by_test_id("send").click()


def bubbles(page: Page):  # type: ignore[no-untyped-def]
    return page.locator("[data-test=bubble][data-direction=out]")


def hears(page: Page, words: str) -> None:
    expect(bubbles(page).filter(has_text=words).first).to_be_visible(timeout=20_000)
