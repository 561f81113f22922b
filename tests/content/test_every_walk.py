"""Every way is walked by the bot itself, and what it meets there is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.content.checks.every_walk import walk_everything
from bot.content.load import load_library, read_content
from bot.core.library import Library
from bot.core.model import Channel
from bot.core.script import AskStep
from tests.content.mistake import ContentFolder

FLOWS = Path(__file__).resolve().parents[2] / "flows"
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize("code", list(read_content(FLOWS).languages))
def test_every_way_of_the_content_that_is_served_ends(library: Library, code: str) -> None:
    one = replace(library, languages={code: library.languages[code]})
    walked = walk_everything(one, NOW, channels=[Channel.SMS])
    assert walked.failures == []
    assert walked.ways > 1000 and walked.questions > 100


def test_ways_are_those_of_every_answer_channel_and_person(folder: ContentFolder) -> None:
    library = load_library(folder.flows)
    walked = walk_everything(library, NOW)
    # removal_paused: three answers; danger, find_lawyer and talk_to_person: one way each
    assert walked.ways == (3 + 3) * 2 * len(library.languages) * len(Channel)
    assert walked.failures == []


def test_words_that_are_missing_are_told(folder: ContentFolder) -> None:
    library = load_library(folder.flows)
    wording = {
        topic: {
            code: replace(words, messages={k: v for k, v in words.messages.items() if k != "order"})
            for code, words in by_language.items()
        }
        for topic, by_language in library.wording.items()
    }
    walked = walk_everything(replace(library, wording=wording), NOW)
    assert any("MissingWording removal_paused/order" in failure for failure in walked.failures)


def test_a_step_that_leads_nowhere_is_told(folder: ContentFolder) -> None:
    library = load_library(folder.flows)
    flow = library.flows["removal_paused"]
    asked = flow.steps["order"]
    assert isinstance(asked, AskStep)
    broken = replace(asked, answers={k: replace(a, next="gone") for k, a in asked.answers.items()})
    flows = {
        **library.flows,
        "removal_paused": replace(flow, steps={**flow.steps, "order": broken}),
    }
    failures = walk_everything(replace(library, flows=flows), NOW).failures
    assert any("FlowFailed" in failure and "order" in failure for failure in failures)


def test_a_command_that_an_answer_hides_is_told(folder: ContentFolder) -> None:
    """ "menu" as the word of an answer would keep people from the menu."""
    folder.change("flows/removal_paused/en.yaml", 'words: ["there is none"]', 'words: ["menu"]')
    failures = walk_everything(load_library(folder.flows), NOW).failures
    assert any("'menu' is not obeyed" in failure for failure in failures)
