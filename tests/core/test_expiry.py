"""Content past its date is not told as if it were true today; hotlines are told all the same."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.core.library import Library
from bot.core.model import Reason, Urgency
from tests.texting import Bot

LATER = datetime(2028, 1, 1, tzinfo=UTC)


def late(library: Library) -> Bot:
    bot = Bot(library)
    bot.says("english")
    bot.clock.forward(days=(LATER - bot.clock.now()).days)
    return bot


def test_a_topic_past_its_date_says_so_and_offers_a_person(library: Library) -> None:
    assert late(library).names("i need a free lawyer") == [
        "shared/expired_topic",
        "shared/offer_person",
    ]


def test_an_emergency_never_closes(library: Library) -> None:
    bot = late(library)
    assert "crisis_self_harm/safety" in bot.names("i want to kill myself")
    bot.says("person")
    (open_one,) = bot.store.queue()
    assert (open_one.urgency, open_one.reason) == (Urgency.URGENT, Reason.URGENT)


def test_no_topic_leads_on_to_one_that_is_past_its_date(library: Library) -> None:
    bot = late(library)
    bot.says("they are deporting me tomorrow")
    seen = bot.names("3")
    assert not [name for name in seen if name.startswith("find_lawyer/")]
    assert seen
