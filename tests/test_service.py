"""The verbs of the texters' side: nothing is lost, nothing is answered twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.memory import MemoryStore
from bot.core.library import Library
from bot.core.model import Conversation, OptOut, Prediction, Reason, Status, Urgency
from bot.ports import Change, Snapshot, Unavailable, Who, Work
from tests.texting import Bot


class Sure:
    """A model that is always sure of the same thing, and notes what it was asked."""

    def __init__(self, intent: str, language: str = "en") -> None:
        self.prediction = Prediction(((intent, 0.95),), language, 0.99)
        self.asked: list[str] = []

    def classify(self, text: str) -> Prediction:
        self.asked.append(text)
        return self.prediction


@pytest.fixture
def bot(library: Library) -> Bot:
    return Bot(library)


def test_texts_are_answered_in_order_and_once(bot: Bot) -> None:
    bot.accept("english")
    bot.accept("menu")
    texter = bot.vault.texter_id("+15550100")
    assert len(bot.service.take_turns(texter)) == 2
    assert bot.service.take_turns(texter) == []
    people = [line.text for line in bot.thread() if line.who is Who.PERSON]
    assert people == ["english", "menu"]


def test_the_same_message_twice_is_answered_once(bot: Bot) -> None:
    bot.accept("menu", number=7)
    bot.accept("menu", number=7)
    texter = bot.vault.texter_id("+15550100")
    assert len(bot.service.take_turns(texter)) == 1
    bot.accept("menu", number=7)
    assert bot.service.take_turns(texter) == []
    assert bot.meter.total("duplicate") == 2


def test_a_crash_before_the_commit_repeats_the_turn_and_loses_nothing(library: Library) -> None:
    class Dies(MemoryStore):
        deaths = 1

        def commit(self, snapshot: Snapshot, change: Change) -> bool:
            if self.deaths:
                self.deaths -= 1
                raise Unavailable("redis")
            return super().commit(snapshot, change)

    bot = Bot(library, store=Dies())
    bot.accept("menu")
    texter = bot.vault.texter_id("+15550100")
    with pytest.raises(Unavailable):
        bot.service.take_turns(texter)
    assert len(bot.service.take_turns(texter)) == 1


def test_somebody_elses_write_in_between_makes_the_turn_start_anew(library: Library) -> None:
    class Interrupted(MemoryStore):
        others = 1

        def commit(self, snapshot: Snapshot, change: Change) -> bool:
            if self.others:
                self.others -= 1
                here = replace(change.conversation, answers={"other": "written"})
                super().commit(snapshot, Change(here))
            return super().commit(snapshot, change)

    bot = Bot(library, store=Interrupted())
    bot.says("english")
    assert bot.here().answers["other"] == "written"
    assert len([line for line in bot.thread() if line.who is Who.PERSON]) == 1


def test_personal_details_reach_neither_model_nor_store(library: Library) -> None:
    model = Sure("what_happened")
    bot = Bot(library, model)
    bot.says("english")
    names = bot.names("what happened to A123456789 born 3/14/1985?")
    assert model.asked and all("123456789" not in text for text in model.asked)
    assert "shared/details_hidden" in names
    assert all("123456789" not in line.text for line in bot.thread())


def test_a_model_that_is_down_is_replaced_by_words_and_menus(bot: Bot) -> None:
    bot.says("english")
    assert "shared/menu" in bot.names("menu")
    assert any(name.startswith("find_lawyer/") or name == "shared/whose"
               for name in bot.names("I need a free lawyer"))  # fmt: skip


def test_a_fault_of_ours_ends_in_a_hotline_and_a_person(library: Library) -> None:
    class Explodes:
        def classify(self, text: str) -> Prediction:
            raise RuntimeError("a bug")

    bot = Bot(library, Explodes())
    bot.says("english")
    assert bot.names("why is the sky blue in november") == ["shared/failure"]
    assert [name for name, _ in bot.meter.failures] == ["turn"]
    (open_one,) = bot.store.queue()
    assert (open_one.reason, open_one.urgency) == (Reason.BOT_FAILED, Urgency.SOON)
    assert bot.here().status is Status.WAITING


def test_a_flood_is_told_once_to_slow_down(bot: Bot) -> None:
    bot.says("english")
    for _ in range(100):
        bot.accept("menu")
    taken = bot.service.take_turns(bot.vault.texter_id("+15550100"))
    assert len(taken) == 100
    sends = [send.message for turned in taken for send in turned.outcome.sends]
    assert sends.count("shared/slow_down") == 1
    assert len([t for t in taken if not t.outcome.sends]) >= 70


def test_after_stop_nobody_says_a_word_until_start(bot: Bot) -> None:
    bot.says("english")
    bot.texts()
    for word in ("STOP", "menu", "person", "I want to die", "yes", "delete my messages"):
        bot.says(word)
    assert bot.texts() == []
    assert bot.here().status is Status.STOPPED
    bot.says("START")
    assert len(bot.texts()) >= 1
    assert bot.here().status is Status.BOT


def test_what_advanced_opt_out_has_answered_is_not_answered_again(bot: Bot) -> None:
    bot.says("english")
    bot.texts()
    bot.says("help", opt_out=OptOut.HELP)
    bot.says("alto", opt_out=OptOut.STOP)
    assert bot.texts() == []


def test_stop_takes_the_person_out_of_the_line(bot: Bot) -> None:
    bot.says("english")
    bot.says("person")
    assert len(bot.store.queue()) == 1
    bot.says("STOP")
    assert bot.store.queue() == []


def test_what_is_still_in_the_outbox_is_not_sent_after_stop(bot: Bot) -> None:
    bot.says("english")
    bot.texts()
    bot.accept("menu")
    bot.accept("STOP")
    texter = bot.vault.texter_id("+15550100")
    bot.service.take_turns(texter)
    bot.delivery.deliver(texter)
    assert bot.texts() == []


def test_delete_leaves_a_receipt_and_nothing_else(bot: Bot) -> None:
    bot.says("english")
    bot.says("person")
    bot.texts()
    bot.says("delete my messages")
    assert len(bot.texts()) == 1
    assert bot.thread() == []
    assert bot.store.queue() == []
    blank = bot.here()
    assert blank == Conversation(channel=blank.channel, last_at=blank.last_at)


def test_forgetting_by_an_operator(bot: Bot) -> None:
    bot.says("english")
    assert bot.service.forget("+15550100")
    assert bot.thread() == []
    assert not bot.service.forget("+15550101")


def test_work_whose_job_was_lost_is_handed_out_again(bot: Bot) -> None:
    bot.accept("menu")
    bot.jobs.waiting.clear()
    bot.service.sweep()
    assert bot.jobs.waiting == []
    bot.clock.forward(minutes=2)
    bot.service.sweep()
    assert [work for _, work, _ in bot.jobs.waiting] == [Work.TURN]


@pytest.mark.parametrize("text", ["", "   ", "🙂", "🙂🙂🙂", "?", "...", "\u200b", "a" * 1600])
def test_whatever_comes_in_gets_a_kind_answer(bot: Bot, text: str) -> None:
    bot.says("english")
    bot.texts()
    bot.says(text)
    assert len(bot.texts()) >= 1


def test_a_picture_alone_is_answered(bot: Bot) -> None:
    bot.says("english")
    taken = bot.says("", media=1)
    assert [s.message for s in taken[0].outcome.sends][:1] == ["shared/media_not_read"]
