"""What everybody on shift may see: no words of the person."""

from __future__ import annotations

import re

from flask import Flask

from bot.core.model import Reason, Urgency
from tests.console.conftest import House, Seat, seated


def rows(seat: Seat) -> list[str]:
    found = re.findall(r'<li class="card.*?</li>', seat.page, flags=re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def fill(house: House) -> None:
    house.escalate(1, one="0000000000000001", reason=Reason.MISUNDERSTOOD, topic=None)
    house.clock.forward(minutes=20)
    house.escalate(2, one="0000000000000002", language="en", urgency=Urgency.SOON)
    house.clock.forward(minutes=75)
    house.escalate(3, one="0000000000000003", urgency=Urgency.URGENT, reason=Reason.URGENT)


def test_the_most_urgent_is_first_and_each_row_says_what_matters(house: House, app: Flask) -> None:
    fill(house)
    ana = seated(house, app, "ana", "en", "es")
    first, second, third = rows(ana)
    assert "Urgent" in first
    assert "Spanish" in first
    assert "sounds like danger" in first
    assert "under a minute" in first
    assert "Soon" in second
    assert "English" in second
    assert "Is deportation on hold?" in second
    assert "1 h 15 min" in second
    assert "No topic yet" in third
    assert "did not understand" in third
    for row in (first, second, third):
        assert "deportar" not in row
        assert "555" not in row


def test_only_languages_i_speak(house: House, app: Flask) -> None:
    fill(house)
    ben = seated(house, app, "ben", "en")
    ben.get("/?languages=mine")
    assert [("English" in row) for row in rows(ben)] == [True]
    ben.get("/queue?languages=mine")
    ben.get("/")
    assert len(rows(ben)) == 3


def test_who_holds_what_is_shown(house: House, app: Flask) -> None:
    fill(house)
    ana, ben = seated(house, app, "ana", "en", "es"), seated(house, app, "ben", "en")
    ana.claim("0000000000000002")
    ben.get("/")
    assert "with ana" in rows(ben)[-1]
    assert "On shift: ana, you" in ben.text
    ana.get("/")
    assert "Go on" in rows(ana)[0]
    house.clock.forward(minutes=11)
    ben.get("/")
    assert any("Free again" in row for row in rows(ben))


def test_an_empty_queue_says_so(ana: Seat) -> None:
    ana.get("/")
    assert "Nobody is waiting" in ana.text


def test_who_went_away_is_not_on_shift(house: House, app: Flask, ana: Seat, ben: Seat) -> None:
    ben.get("/")
    house.clock.forward(minutes=6)
    ana.get("/")
    assert "On shift: you" in ana.text
    ben.get("/")
    ben.post("/sign-out")
    ana.get("/")
    assert "On shift: you" in ana.text


def test_unknown_topics_and_languages_do_not_break_the_queue(house: House, ana: Seat) -> None:
    house.escalate(language="xx", topic="no_such_topic")
    assert ana.get("/").status_code == 200
    assert "No such topic" in ana.text
    ana.claim("0000000000000000")
    assert ana.code == 200
