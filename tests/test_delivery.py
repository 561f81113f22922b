"""The outbox: in order, again when that helps, and never twice if it can be known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.adapters.records import encode
from bot.core.library import Library
from bot.core.model import Status
from bot.delivery import BACKOFF
from bot.ports import DeliveryState, PersonStopped, Refused, TryAgain, Work
from tests.texting import Bot


@pytest.fixture
def bot(library: Library) -> Bot:
    bot = Bot(library)
    bot.says("english")
    bot.texts()
    bot.accept("person")
    bot.service.take_turns(bot.vault.texter_id("+15550100"))
    return bot


def deliver(bot: Bot) -> None:
    bot.delivery.deliver(bot.vault.texter_id("+15550100"))


def fates(bot: Bot) -> list[tuple[DeliveryState | None, int | None]]:
    return [
        (
            line.delivery.state if line.delivery else None,
            line.delivery.error if line.delivery else None,
        )
        for line in bot.thread()
        if line.outgoing
    ][-1:]


def test_a_text_goes_out_and_its_fate_is_noted(bot: Bot) -> None:
    deliver(bot)
    assert len(bot.texts()) == 1
    assert fates(bot) == [(DeliveryState.QUEUED, None)]
    bot.delivery.note_status(f"SM{len(bot.messenger.sent):032x}", DeliveryState.DELIVERED, None)
    assert fates(bot) == [(DeliveryState.DELIVERED, None)]


def test_busy_and_broken_are_tried_again_later_with_growing_pauses(bot: Bot) -> None:
    pauses = []
    for code in (429, 500, 0):
        bot.jobs.waiting.clear()
        bot.messenger.fail_with = [TryAgain(code, refused=code == 429)]
        deliver(bot)
        assert bot.texts() == []
        (_, work, delay) = bot.jobs.waiting[-1]
        assert work is Work.DELIVERY
        pauses.append(delay)
        bot.clock.forward(seconds=delay.total_seconds())
    assert pauses == sorted(pauses) and pauses[0] < pauses[-1]
    deliver(bot)
    assert len(bot.texts()) == 1


def test_the_pause_that_the_provider_asks_for_is_kept(bot: Bot) -> None:
    bot.messenger.fail_with = [TryAgain(429, timedelta(minutes=5), refused=True)]
    deliver(bot)
    assert bot.jobs.waiting[-1][2] == timedelta(minutes=5)
    bot.clock.forward(minutes=4)
    deliver(bot)
    assert bot.texts() == []
    bot.clock.forward(minutes=1)
    deliver(bot)
    assert len(bot.texts()) == 1


def test_after_the_last_try_it_ends_in_a_state_that_an_advocate_sees(bot: Bot) -> None:
    for _ in range(len(BACKOFF) + 1):
        bot.messenger.fail_with = [TryAgain(503)]
        deliver(bot)
        bot.clock.forward(hours=2)
    assert bot.texts() == []
    assert fates(bot) == [(DeliveryState.FAILED, 503)]


def test_a_permanent_error_is_not_tried_again(bot: Bot) -> None:
    bot.messenger.fail_with = [Refused(21211)]
    deliver(bot)
    assert fates(bot) == [(DeliveryState.FAILED, 21211)]
    deliver(bot)
    assert bot.texts() == []


def test_21610_marks_the_person_stopped(bot: Bot) -> None:
    bot.messenger.fail_with = [PersonStopped(21610)]
    deliver(bot)
    assert bot.here().status is Status.STOPPED
    assert bot.store.queue() == []
    bot.says("menu")
    assert bot.texts() == []


def test_an_opt_out_in_a_status_report_is_obeyed(bot: Bot) -> None:
    deliver(bot)
    bot.delivery.note_status(f"SM{len(bot.messenger.sent):032x}", DeliveryState.FAILED, 21610)
    assert bot.here().status is Status.STOPPED


def test_a_text_that_was_taken_before_a_crash_is_not_sent_again(bot: Bot) -> None:
    """The provider took it, then our process died before it could note so."""

    class Crash(BaseException):
        pass

    send = bot.messenger.send

    def taken_then_dead(address: str, text: str) -> str:
        send(address, text)
        raise Crash

    bot.messenger.send = taken_then_dead  # type: ignore[method-assign]
    with pytest.raises(Crash):
        deliver(bot)
    bot.messenger.send = send  # type: ignore[method-assign]
    deliver(bot)
    assert len(bot.texts()) == 1
    assert bot.meter.total("found_after_crash") == 1


def test_a_crash_between_the_two_notes_of_a_sent_text_sends_nothing_twice(bot: Bot) -> None:
    """Its fate was noted, but it was not taken from the outbox yet."""

    class Crash(BaseException):
        pass

    settle = bot.store.settle_outgoing

    def noted_then_dead(texter, outgoing, provider_id, state, error=None):  # type: ignore[no-untyped-def]
        settle(texter, outgoing, provider_id, state, error)
        person = bot.store._people[texter]  # type: ignore[attr-defined]
        person.outbox.insert(0, encode(outgoing))
        raise Crash

    bot.store.settle_outgoing = noted_then_dead  # type: ignore[method-assign]
    with pytest.raises(Crash):
        deliver(bot)
    bot.store.settle_outgoing = settle  # type: ignore[method-assign]
    deliver(bot)
    assert len(bot.texts()) == 1


def test_the_same_words_sent_before_do_not_count_as_this_text(bot: Bot) -> None:
    """Only a message that we do not know yet can be the one whose sending was cut off."""
    deliver(bot)
    bot.says("menu")
    bot.accept("person")
    bot.service.take_turns(bot.vault.texter_id("+15550100"))
    bot.texts()
    bot.messenger.fail_with = [TryAgain(0)]
    deliver(bot)
    bot.clock.forward(minutes=1)
    deliver(bot)
    assert len(bot.texts()) == 1


def test_texts_after_one_that_waits_wait_too(bot: Bot) -> None:
    bot.messenger.fail_with = [TryAgain(429, refused=True)]
    deliver(bot)
    bot.accept("menu")
    bot.service.take_turns(bot.vault.texter_id("+15550100"))
    deliver(bot)
    assert bot.texts() == []
    bot.clock.forward(minutes=1)
    deliver(bot)
    assert len(bot.texts()) >= 2


def test_a_report_about_an_unknown_text_is_counted(bot: Bot) -> None:
    bot.delivery.note_status("SMunknown", DeliveryState.SENT, None)
    assert bot.meter.total("status_unknown") == 1
