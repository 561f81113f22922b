"""The review book: an attorney finds every word, the fact behind it, and what was signed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from bot.book.graph import drawing
from bot.book.write import NoBrowser, print_book, write_book
from bot.cli import main
from bot.content.fact_sheet import read_fact_sheet
from bot.content.load import Content, read_content
from bot.content.signatures import ATTORNEY, sign_off

ROOT = Path(__file__).resolve().parents[2]
FLOWS, FACTS = ROOT / "flows", ROOT / "docs" / "facts.md"
TODAY = date(2026, 11, 27)


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content(FLOWS)


@pytest.fixture(scope="module")
def book(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    write_book(folder, content, read_fact_sheet(FACTS) or {}, "ar", TODAY)
    return folder


def page(book: Path, topic: str) -> str:
    return (book / f"{topic}.html").read_text(encoding="utf-8")


def test_there_is_a_page_for_every_topic_and_an_index(book: Path, content: Content) -> None:
    index = (book / "index.html").read_text(encoding="utf-8")
    for topic in content.flows:
        assert f'href="{topic}.html"' in index
        assert (book / f"{topic}.html").exists()


def test_every_message_stands_beside_its_translation(book: Path, content: Content) -> None:
    from html import escape

    for topic, by_language in content.wording.items():
        html = page(book, topic)
        for code in ("en", "ar"):
            for prose in by_language[code].messages.values():
                for text in prose.variants.values():
                    assert (
                        escape(text.text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
                        in html
                    ), (topic, code)


def test_the_facts_stand_with_source_and_date(book: Path) -> None:
    html = page(book, "removal_paused")
    assert "<b>F-051</b>" in html and "archived copy from about March 2023" in html
    assert "may change" in html


def test_numbers_say_that_nobody_called_them(book: Path) -> None:
    html = page(book, "deportation_imminent")
    assert "((ice_line.phone)) = 1-888-351-4024" in html
    assert "not called or opened by anybody yet" in html


def test_resources_have_a_page_that_says_what_to_check(book: Path, content: Content) -> None:
    html = page(book, "resources")
    for key, resource in content.resources.items():
        assert f'id="{key}"' in html
        assert all(value.text in html for value in resource.values.values()), key
    assert "Call; hours differ in an older guide (U-19)." in html


def test_arabic_reads_from_right_to_left(book: Path) -> None:
    assert 'lang="ar" dir="rtl"' in page(book, "danger_threats")


def test_nothing_in_the_repository_is_signed(book: Path) -> None:
    assert "signed by" not in page(book, "danger_threats")
    assert not (FLOWS / "reviews.yaml").exists()


def test_every_graph_is_a_drawing_with_every_step(content: Content) -> None:
    for topic, flow in content.topics.items():
        tree = ElementTree.fromstring(drawing(flow))
        drawn = {title.text.partition(":")[0] for title in tree.iter("title") if title.text}
        assert drawn == set(flow.steps), topic


def test_the_index_tells_what_changed_since_it_was_signed(tmp_path: Path) -> None:
    flows = tmp_path / "flows"
    shutil.copytree(FLOWS, flows)
    sign_off(flows, read_content(flows), "removal_paused", ATTORNEY, "en", "AB", TODAY)
    english = flows / "removal_paused" / "en.yaml"
    text = english.read_text(encoding="utf-8")
    english.write_text(text.replace("Is there a final order", "Is there an order"), "utf-8")
    changed = read_content(flows)
    write_book(tmp_path / "book", changed, read_fact_sheet(FACTS) or {}, "es", TODAY)
    index = (tmp_path / "book" / "index.html").read_text(encoding="utf-8")
    assert "outdated" in index
    assert "signed by AB on 2026-11-27, changed since" in page(tmp_path / "book", "removal_paused")


def test_a_page_is_printed(book: Path) -> None:
    try:
        printed = print_book([book / "delete_my_data.html"])
    except NoBrowser:
        pytest.skip("no chromium on this machine")
    assert printed[0].read_bytes().startswith(b"%PDF")


def test_the_command_refuses_a_language_that_is_not_offered(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["review-book", "--language", "xx", "--out", str(tmp_path)])
    assert done.exit_code == 1 and "offered are: en, es" in done.output
