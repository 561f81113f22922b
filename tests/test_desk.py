"""The advocates' side: claim, reply, give back, close; and who may not."""

from __future__ import annotations

import pytest

from bot.core.escalation import Escalation, IllegalMove
from bot.core.library import Library
from bot.core.model import Status
from bot.desk import EmptyReply, TooLong, UnknownEscalation, Unreachable
from bot.enrolment import enrol
from bot.ports import Who
from tests.texting import Bot


@pytest.fixture
def bot(library: Library) -> Bot:
    bot = Bot(library)
    bot.says("english")
    bot.says("person")
    bot.texts()
    return bot


def deliver(bot: Bot) -> list[str]:
    bot.delivery.deliver(bot.vault.texter_id("+15550100"))
    return bot.texts()


def claimed(bot: Bot) -> Escalation:
    (waiting,) = bot.desk.queue()
    return bot.desk.claim(waiting.id, "ana")


def test_the_whole_story(bot: Bot) -> None:
    one = claimed(bot)
    assert len(deliver(bot)) == 1
    bot.says("thank you for coming")
    assert bot.texts() == []
    bot.desk.reply(one.id, "ana", one.fence, "How can I help?")
    assert deliver(bot) == ["How can I help?"]
    lines = bot.desk.thread(one.id, "ana", one.fence)
    assert [(li.who, li.text) for li in lines][-2:] == [
        (Who.PERSON, "thank you for coming"),
        (Who.ADVOCATE, "How can I help?"),
    ]
    bot.desk.close(one.id, "ana", one.fence)
    assert len(deliver(bot)) == 1
    assert bot.here().status is Status.BOT
    assert bot.desk.queue() == []
    bot.says("menu")
    assert len(bot.texts()) == 1


def test_one_of_two_advocates_gets_it(bot: Bot) -> None:
    one = claimed(bot)
    with pytest.raises(IllegalMove, match="taken"):
        bot.desk.claim(one.id, "ben")
    with pytest.raises(IllegalMove, match="not_yours"):
        bot.desk.thread(one.id, "ben", one.fence)


def test_a_late_reply_is_kept_as_a_draft_and_not_sent(bot: Bot) -> None:
    one = claimed(bot)
    deliver(bot)
    bot.clock.forward(minutes=11)
    with pytest.raises(IllegalMove, match="not_yours"):
        bot.desk.reply(one.id, "ana", one.fence, "too late")
    assert deliver(bot) == []
    assert bot.desk.draft(one.id, "ana") == "too late"
    assert bot.desk.draft(one.id, "ben") == ""
    assert bot.meter.total("reply_refused") == 1


def test_who_went_silent_loses_the_claim_and_the_person_is_told(bot: Bot) -> None:
    one = claimed(bot)
    deliver(bot)
    bot.clock.forward(minutes=11)
    assert bot.desk.give_back_lapsed() == 1
    assert len(deliver(bot)) == 1
    assert bot.here().status is Status.WAITING
    (back,) = bot.desk.queue()
    assert back.waiting_since == one.waiting_since
    assert bot.desk.give_back_lapsed() == 0


def test_renewing_keeps_the_claim(bot: Bot) -> None:
    one = claimed(bot)
    for _ in range(4):
        bot.clock.forward(minutes=9)
        bot.desk.renew(one.id, "ana", one.fence)
    assert bot.desk.give_back_lapsed() == 0


def test_given_back_it_keeps_its_place(bot: Bot) -> None:
    one = claimed(bot)
    bot.desk.release(one.id, "ana", one.fence)
    (back,) = bot.desk.queue()
    assert back.waiting_since == one.waiting_since
    assert bot.here().status is Status.WAITING


def test_handed_to_a_colleague(bot: Bot) -> None:
    enrol(bot.store, "ben", "a long enough password", ("es",))
    one = claimed(bot)
    with pytest.raises(UnknownEscalation):
        bot.desk.transfer(one.id, "ana", one.fence, "nobody")
    moved = bot.desk.transfer(one.id, "ana", one.fence, "ben")
    bot.desk.reply(one.id, "ben", moved.fence, "hello")
    with pytest.raises(IllegalMove, match="not_yours"):
        bot.desk.reply(one.id, "ana", one.fence, "hello")


@pytest.mark.parametrize(("text", "error"), [("", EmptyReply), (" \n", EmptyReply),
                                             ("a" * 1601, TooLong)])  # fmt: skip
def test_a_reply_that_cannot_be_sent(bot: Bot, text: str, error: type[Exception]) -> None:
    one = claimed(bot)
    deliver(bot)
    with pytest.raises(error):
        bot.desk.reply(one.id, "ana", one.fence, text)
    assert deliver(bot) == []


def test_nothing_is_sent_to_somebody_who_stopped(bot: Bot) -> None:
    one = claimed(bot)
    deliver(bot)
    bot.says("STOP")
    with pytest.raises((IllegalMove, UnknownEscalation)):
        bot.desk.reply(one.id, "ana", one.fence, "are you there?")
    assert deliver(bot) == []


def test_a_reply_to_an_address_that_has_expired_is_not_swallowed(bot: Bot) -> None:
    one = claimed(bot)
    deliver(bot)
    bot.store._people[one.texter].address = None  # type: ignore[attr-defined]
    with pytest.raises(Unreachable):
        bot.desk.reply(one.id, "ana", one.fence, "are you there?")
    assert bot.desk.draft(one.id, "ana") == "are you there?"
    assert bot.meter.total("reply") == 0


def test_somebody_who_deleted_everything_is_gone_from_the_desk(bot: Bot) -> None:
    one = claimed(bot)
    bot.says("delete my messages")
    assert bot.desk.queue() == []
    with pytest.raises(UnknownEscalation):
        bot.desk.thread(one.id, "ana", one.fence)


def test_words_of_emergency_to_an_advocate_get_the_safety_answer_too(bot: Bot) -> None:
    claimed(bot)
    deliver(bot)
    bot.says("I want to kill myself")
    assert any("988" in text for text in bot.texts())
    bot.says("I want to kill myself")
    assert bot.texts() == []


def test_the_person_waits_and_is_told_the_truth_about_who_is_there(bot: Bot) -> None:
    assert "shared/still_waiting" in bot.names("person")
    bot.says("+ menu")
    other = "+15550101"
    bot.says("english", other)
    assert bot.names("person", other)[-1] == "shared/waiting_absent"
    bot.desk.seen("ana")
    third = "+15550102"
    bot.says("english", third)
    assert bot.names("person", third)[-1] == "shared/waiting_present"


def test_an_approved_reply_exists_in_every_language(bot: Bot, library: Library) -> None:
    for language in library.languages:
        replies = bot.desk.approved_replies(language)
        assert len(replies) > 400
        assert not any("((" in reply.text for reply in replies)
        # without the list or the day that a step adds these would say nothing
        names = {reply.message for reply in replies}
        assert not names & {"find_lawyer/near", "appeal_pending/last_day"}
        assert all(reply.text and reply.english for reply in replies)


def test_unknown_escalations(bot: Bot) -> None:
    assert bot.desk.find("nothing") is None
    with pytest.raises(UnknownEscalation):
        bot.desk.claim("nothing", "ana")
