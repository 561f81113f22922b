"""Content without mistakes loads, has no problems, and becomes what the bot works with."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from pathlib import Path

from bot.content.checks import check, render
from bot.content.checks.subject import SPOKEN_BY_THE_BOT
from bot.content.load import load_library, read_content
from bot.core.model import Reason, Urgency
from bot.core.script import AskStep, BranchStep, EndStep, EscalateStep, GoStep, SayStep
from tests.content.mistake import ContentFolder

ROOT = Path(__file__).resolve().parents[2]


def test_the_good_folder_has_no_problems(folder: ContentFolder) -> None:
    report = folder.check()
    assert render(report.problems) == ""
    assert report.summary == (
        "4 topics, 52 messages in 2 languages, 12 ways through them: 0 errors, 0 warnings."
    )


def test_the_content_that_is_served_has_no_errors() -> None:
    # the day is fixed: that content grows old is told by `check`, not by a test
    report = check(ROOT / "flows", ROOT / "docs" / "facts.md", date(2026, 11, 25))
    errors = [problem for problem in report.problems if problem.level == "error"]
    assert render(errors) == ""
    assert report.topics >= 14
    assert report.languages >= 2


def test_the_library_says_what_the_authors_wrote(folder: ContentFolder) -> None:
    library = load_library(folder.flows)
    assert list(library.languages) == ["en", "es"]
    assert library.languages["es"].max_segments == 5
    assert library.menu == ("removal_paused", "find_lawyer", "talk_to_person")
    assert library.resources["ice_line.phone"] == "1-888-555-0100"
    assert library.is_draft
    assert library.title("court_date", "es") == "Mi próxima audiencia"
    flow = library.flows["removal_paused"]
    assert flow.steps["whose"] == AskStep(
        flow.steps["whose"].message,
        flow.steps["whose"].answers,
        "about",
        once=True,
    )
    assert flow.steps["whose"].message == "shared/whose"
    assert flow.steps["then"] == SayStep(("removal_paused/pause_then",), "order")
    assert flow.steps["by_person"] == BranchStep("about", {"relative": "done"}, "lawyer")
    assert flow.steps["lawyer"] == GoStep("find_lawyer")
    assert flow.steps["done"] == EndStep(("find_lawyer", "talk_to_person"))
    assert flow.facts["pause_then"] == ("F-001", "F-002")
    assert flow.good_until == datetime(2027, 5, 31, 23, 59, 59, 999999, UTC)
    person = library.flows["talk_to_person"].steps["person"]
    assert person == EscalateStep(Reason.ASKED, Urgency.SOON)
    danger = library.flows["danger"].steps["person"]
    assert danger == EscalateStep(Reason.URGENT, Urgency.URGENT)


def test_bare_yes_and_no_stay_words(folder: ContentFolder) -> None:
    """YAML would make true and false of them."""
    library = load_library(folder.flows)
    asked = library.flows["removal_paused"].steps["order"]
    assert isinstance(asked, AskStep)
    assert list(asked.answers) == ["yes", "no", "not_sure"]
    assert list(library.wording["removal_paused"]["en"].answers["order"]) == list(asked.answers)
    assert library.vocabulary["en"].yes == ("yes", "yeah")
    assert library.vocabulary["en"].no == ("no", "nope")


def test_numbers_dates_and_nothing_stay_text(folder: ContentFolder) -> None:
    folder.change("flows/danger/en.yaml", "[danger]", "[012, 1e3, null, 2023-01-19, ~, on, 0x1F]")
    keywords = load_library(folder.flows).wording["danger"]["en"].keywords
    assert keywords == ("012", "1e3", "null", "2023-01-19", "~", "on", "0x1F")


def test_the_bot_and_the_checks_agree_on_what_the_bot_says_by_itself() -> None:
    """Names of shared messages stand as text in the program; the checks hold a list of them."""
    program = [
        file
        for folder in ("bot", "webhooks", "console")
        for file in (ROOT / folder).rglob("*.py")
        if "content" not in file.parts
    ]
    words = {
        node.value
        for file in program
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    content = read_content(ROOT / "flows")
    asked_by_flows = {
        step.step.message.partition("/")[2]
        for flow in content.topics.values()
        for step in flow.steps.values()
        if isinstance(step.step, AskStep)
    }
    written = set(content.wording["shared"]["en"].messages)
    assert set(SPOKEN_BY_THE_BOT) - words == set()
    assert (written & words) - asked_by_flows - set(SPOKEN_BY_THE_BOT) == set()
