"""Counting a time limit with somebody: asked for, told once, never kept."""

from __future__ import annotations

import pytest

from bot.core.library import Library
from bot.core.model import Prediction
from tests.texting import Bot

QUESTION = "how many days do i have to appeal"


class Knows:
    """A model that hears one question, and nothing in anything else."""

    def classify(self, text: str) -> Prediction:
        return Prediction(((("appeal_pending", 0.95),) if text == QUESTION else ()), "en", 0.9)


@pytest.fixture
def bot(library: Library) -> Bot:
    bot = Bot(library, Knows())
    for text in (QUESTION, "1", "1", "1"):  # about me, no appeal yet, yes, count it
        bot.says(text)
    bot.texts()
    return bot


def refs(bot: Bot, text: str) -> list[str]:
    return [send.message for turn in bot.says(text) for send in turn.outcome.sends]


def test_the_last_day_is_told_and_the_talk_goes_on(bot: Bot) -> None:
    today = bot.clock.now()
    recent = f"{today:%B} {today.day}, {today.year}"
    assert refs(bot, recent)[0] == "appeal_pending/last_day"
    assert "appeal_pending/more" in bot.here().question.message
    assert recent in bot.texts()[0]


def test_a_limit_that_is_over_is_told_as_over(bot: Bot) -> None:
    assert refs(bot, "March 5, 2024") == ["appeal_pending/day_over", "appeal_pending/more"]
    assert "April 4, 2024" in bot.texts()[0]


def test_neither_day_is_kept(bot: Bot) -> None:
    refs(bot, "March 5, 2024")
    assert "2024" in bot.texts()[0]
    assert "2024" not in repr(bot.here())
    lines = [entry.text for entry in bot.thread()]
    assert lines[-3] == "[day]" and "[day]" in lines[-2]
    assert not any("2024" in line for line in lines)


def test_a_day_that_could_be_two_is_asked_again_and_then_left(bot: Bot) -> None:
    assert refs(bot, "3/5/2024") == ["shared/write_the_day", "appeal_pending/when"]
    assert refs(bot, "3/5/2024") == ["appeal_pending/more"]


@pytest.mark.parametrize("reply", ["1", "I do not know the day", "i do not know the day"])
def test_who_does_not_know_the_day_goes_on_without(bot: Bot, reply: str) -> None:
    assert refs(bot, reply) == ["appeal_pending/more"]


def test_commands_are_obeyed_at_a_question_for_a_day(bot: Bot) -> None:
    assert refs(bot, "menu") == ["shared/menu"]


def test_repeating_after_a_count_does_not_repeat_the_day(bot: Bot) -> None:
    refs(bot, "March 5, 2024")
    assert refs(bot, "repeat") == ["appeal_pending/more"]


def test_source_tells_about_the_answer_and_leaves_the_question_open(bot: Bot) -> None:
    refs(bot, "1")
    before = bot.here().question
    assert refs(bot, "source") in (["shared/source_heading"], ["shared/source_none"])
    assert bot.here().question == before


def test_an_emergency_goes_before_the_day(bot: Bot) -> None:
    assert refs(bot, "ICE is at my door")[0] == "ice_encounter/safety"


def test_every_day_question_names_a_rule(library: Library) -> None:
    from bot.core.script import DayStep

    asked = {
        topic: step.limit
        for topic, flow in library.flows.items()
        for step in flow.steps.values()
        if isinstance(step, DayStep)
    }
    assert {topic: (limit.amount, limit.unit.value) for topic, limit in asked.items()} == {
        "appeal_pending": (30, "days"),
        "apply_asylum": (1, "years"),
        "change_address": (5, "working days"),
        "missed_hearing": (180, "days"),
        "motion_to_reopen": (90, "days"),
        "received_notice": (30, "days"),
        "sue_government": (2, "years"),
    }
