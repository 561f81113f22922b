"""Writes the review book as HTML, and as PDF with a Chromium that is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from jinja2 import Environment, PackageLoader, select_autoescape

from bot.book.pages import pages, standings
from bot.content.fact_sheet import Fact
from bot.content.load import BASE, Content
from bot.content.signatures import topics_to_sign

#: Names under which Chromium is found on Debian, elsewhere, and as Chrome.
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PRINT_SECONDS = 120


class NoBrowser(Exception):
    """No Chromium is installed, so nothing can be printed to PDF."""


def write_book(
    folder: Path, content: Content, facts: Mapping[str, Fact], language: str, today: date
) -> list[Path]:
    """An index, a page of resources and one page a topic, English beside `language`.

    Args:
        folder: is made if it is not there; pages of the same names are overwritten.
        facts: by number.

    Returns: the pages, the index first. Raises KeyError for a language that is not offered.
    """
    offered = content.languages[language]
    templates = Environment(
        loader=PackageLoader("bot.book"), autoescape=select_autoescape(), trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    all_pages = pages(content, facts, language, today)
    shared = {"language": offered, "today": today, "base": BASE}
    written = [folder / "index.html"]
    written[0].write_text(
        templates.get_template("index.html").render(
            pages=all_pages, states=_states(content), codes=list(content.languages), **shared
        ),
        encoding="utf-8",
    )
    written.append(folder / "resources.html")
    written[-1].write_text(
        templates.get_template("resources.html").render(
            resources=content.resources, facts=facts, **shared
        ),
        encoding="utf-8",
    )
    for page in all_pages:
        written.append(folder / f"{page.topic}.html")
        written[-1].write_text(
            templates.get_template("topic.html").render(page=page, **shared), encoding="utf-8"
        )
    return written


def _states(content: Content) -> dict[str, dict[str, str]]:
    """Topic → language → "signed", "outdated" or "draft"."""
    return {
        topic: {code: _state(content, topic, code) for code in content.languages}
        for topic in topics_to_sign(content)
    }


def _state(content: Content, topic: str, language: str) -> str:
    found = list(standings(content, topic, language))
    if all(one.signed for one in found):
        return "signed"
    return "outdated" if any(one.outdated for one in found) else "draft"


def print_book(written: list[Path]) -> list[Path]:
    """The same pages as PDF beside them. Raises NoBrowser; CalledProcessError when it fails."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise NoBrowser
    printed: list[Path] = []
    for page in written:
        pdf = page.with_suffix(".pdf")
        subprocess.run(  # noqa: S603 - a fixed program with a path of our own
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
             f"--print-to-pdf={pdf}", page.resolve().as_uri()],
            check=True, capture_output=True, timeout=PRINT_SECONDS,
        )  # fmt: skip
        printed.append(pdf)
    return printed
