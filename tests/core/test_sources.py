"""SOURCE: where the last answer comes from, in one message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.fact_sheet import read_fact_sheet
from bot.content.load import load_library
from bot.core import sms
from bot.core.flow import walk
from bot.core.library import Library
from bot.core.model import Channel, Conversation, MessageRef
from bot.core.sources import sources_of_last_answer

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT / "docs" / "facts.md"


@pytest.fixture(scope="module")
def sourced() -> Library:
    return load_library(ROOT / "flows", FACTS)


def said(*messages: str, language: str = "en") -> Conversation:
    refs = tuple(MessageRef(message) for message in messages)
    return Conversation(Channel.SMS, language=language, said=refs)


def test_the_sources_of_an_answer_with_their_dates(sourced: Library) -> None:
    told = sources_of_last_answer(sourced, said("removal_paused/pause_then"))
    assert told.message == "shared/source_heading"
    assert "- ice.gov/pii, March 2023 (government or court)" in told.text
    assert "November 2026" in told.text


def test_the_governments_own_papers_come_first(sourced: Library) -> None:
    lines = sources_of_last_answer(sourced, said("what_happened/published")).text.splitlines()[1:]
    kinds = ["government" in line for line in lines if line.startswith("- ")]
    assert kinds == sorted(kinds, reverse=True) and any(kinds)


def test_statements_without_a_written_source_are_told_as_such(sourced: Library) -> None:
    told = sources_of_last_answer(sourced, said("danger_threats/keep_proof"))
    assert "general legal knowledge" in told.text


def test_an_answer_that_states_nothing_has_no_source(sourced: Library) -> None:
    assert sources_of_last_answer(sourced, said()).message == "shared/source_none"
    assert sources_of_last_answer(sourced, said("removal_paused/soon")).message == (
        "shared/source_none"
    )


def test_dates_are_told_in_the_persons_language(sourced: Library) -> None:
    told = sources_of_last_answer(sourced, said("removal_paused/pause_then", language="es"))
    assert "ice.gov/pii, marzo de 2023" in told.text


def test_every_answer_of_every_topic_has_its_sources_in_one_message(sourced: Library) -> None:
    for code, language in sourced.languages.items():
        for topic in sourced.flows:
            here = Conversation(Channel.SMS, language=code, answers={"about": "self"})
            after = walk(sourced, here, topic).conversation
            for message in (*sourced.flows[topic].facts, None):
                refs = after.said if message is None else (MessageRef(f"{topic}/{message}"),)
                told = sources_of_last_answer(sourced, replace(after, said=refs))
                text = sms.tidy(told.text)
                assert sms.segments(text) <= language.max_segments, (code, topic, message, text)


def test_every_fact_of_the_sheet_has_a_source_or_says_that_it_has_none() -> None:
    facts = read_fact_sheet(FACTS) or {}
    assert len(facts) == 281
    for number, fact in facts.items():
        assert fact.text and fact.confidence, number
        assert (fact.sources[0].kind == "general") == ("no source seen" in fact.told), number
