"""One escalation: claim, read, reply, hand on, close; and what happens when somebody is late."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from markupsafe import escape

from bot.ports import DeliveryState, Refused
from tests.console.conftest import House, Seat

HERE = "Hola, una persona ya está aquí con usted."
PAUSED = "En enero de 2023 ICE dijo que no lo deportaría"


def entries(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'data-who="(\w+)">(.*?)</li>', page, flags=re.S)
    return [(who, " ".join(re.sub(r"<[^>]+>", " ", body).split())) for who, body in found]


def test_before_a_claim_no_words_are_shown(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.get(f"/escalations/{one}")
    for shown in ("amber acorn", "Spanish", "Is deportation on hold?", "Normal", "Asked for a"):
        assert shown in ana.text
    assert "deportar?" not in ana.page
    assert PAUSED not in ana.page
    assert "555" not in ana.page


def test_a_claim_shows_the_conversation_and_tells_the_person(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    house.deliver()
    assert house.sent()[-1] == HERE
    ana.get(f"/escalations/{one}")
    shown = entries(ana.page)
    assert [who for who, _ in shown] == ["person", "bot", "bot"]
    assert "¿Me pueden deportar?" in shown[0][1]
    assert PAUSED in shown[1][1]
    assert "In English In January 2023 ICE said it would not deport you" in shown[1][1]
    assert "555" not in ana.page
    assert "Handed over to the advocates" in ana.text
    assert "You took the conversation" in ana.text


def test_of_two_who_claim_at_once_one_gets_it(house: House, ana: Seat, ben: Seat) -> None:
    one = house.escalate()
    for seat in (ana, ben):
        seat.get(f"/escalations/{one}")
    with ThreadPoolExecutor(2) as both:
        codes = list(
            both.map(lambda s: s.post(f"/escalations/{one}/claim").status_code, (ana, ben))
        )
    assert sorted(codes) == [303, 409]
    loser = (ana, ben)[codes.index(409)]
    assert "Somebody else was faster" in loser.text
    loser.get(f"/escalations/{one}")
    assert "has this conversation now" in loser.text
    assert "deportar" not in loser.page


def test_a_reply_goes_out_and_stands_in_the_thread(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    assert ana.does("reply", one, text="Buenos días. ¿En qué puedo ayudar?").status_code == 303
    house.deliver()
    assert house.sent()[-1] == "Buenos días. ¿En qué puedo ayudar?"
    ana.get(f"/escalations/{one}")
    reply = "You Buenos días. ¿En qué puedo ayudar? just now"
    assert entries(ana.page)[-1] == ("advocate", f"{reply} · on its way")
    house.store.note_delivery(f"SM{len(house.sent()):032x}", DeliveryState.DELIVERED, None)
    ana.get(f"/escalations/{one}")
    assert entries(ana.page)[-1] == ("advocate", f"{reply} · delivered")
    house.says("Gracias")
    fragment = ana.client.get(f"/escalations/{one}/entries?fence=1", base_url=ana.base).text
    assert entries(fragment)[-1][0] == "person"
    assert "Gracias" in entries(fragment)[-1][1]


def test_the_same_form_sent_twice_sends_once(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    for _ in range(2):
        page = ana.page
        assert ana.does("reply", one, text="Hola").status_code == 303
        ana.page = page
    ana.get(f"/escalations/{one}")
    assert "not sent twice" in ana.text
    house.deliver()
    assert house.sent().count("Hola") == 1


def test_an_empty_reply_and_one_too_long_stay_in_the_box(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    assert ana.does("reply", one, text="  \n ").status_code == 400
    assert "nothing to send" in ana.text
    long = "palabra " * 201
    assert ana.does("reply", one, text=long).status_code == 400
    assert "too long" in ana.text
    assert long.strip() in ana.text
    assert "7 too many" in ana.text
    house.deliver()
    assert house.sent()[-1] == HERE


def test_a_stale_holders_reply_is_not_sent_and_kept(house: House, ana: Seat, ben: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    stale = ana.page
    house.clock.forward(minutes=11)
    ben.claim(one)
    assert ben.code == 200
    ana.page = stale
    assert ana.does("reply", one, text="demasiado tarde").status_code == 409
    assert "no longer hold" in ana.text
    assert "Your reply was not sent" in ana.text
    assert "demasiado tarde" in ana.text
    house.deliver()
    assert "demasiado tarde" not in house.sent()
    ben.get(f"/escalations/{one}")
    assert "demasiado tarde" not in ben.page
    ben.does("release", one)
    ana.claim(one)
    assert "could not be sent before" in ana.text
    assert ">demasiado tarde</textarea>" in ana.page
    ana.does("reply", one, text="ahora sí")
    ana.get(f"/escalations/{one}")
    assert "demasiado tarde" not in ana.page


def test_a_lost_claim_is_told_to_the_page_that_renews_it(
    house: House, ana: Seat, ben: Seat
) -> None:
    one = house.escalate()
    ana.claim(one)
    house.clock.forward(minutes=9)
    assert ana.does("renew", one).status_code == 204
    house.clock.forward(minutes=9)
    assert ana.does("renew", one).status_code == 204
    house.clock.forward(minutes=11)
    assert ana.does("renew", one).status_code == 409
    assert ana.get(f"/escalations/{one}/entries?fence=1").status_code == 409
    ana.get(f"/escalations/{one}")
    assert "You were away for more than ten minutes" in ana.text
    assert 'data-test="claim"' in ana.page


def test_without_script_a_reload_keeps_the_claim(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    for _ in range(3):
        house.clock.forward(minutes=9)
        ana.get(f"/escalations/{one}")
        assert 'data-test="reply-text"' in ana.page


def test_giving_back_keeps_the_place_and_tells_the_person(house: House, ana: Seat) -> None:
    one = house.escalate()
    house.clock.forward(minutes=29)
    ana.claim(one)
    assert ana.does("release", one).headers["Location"] == "/"
    ana.get("/")
    assert "back in the queue" in ana.text
    assert "29 min" in ana.text
    house.deliver()
    assert house.sent()[-1] == "Buscamos a otra persona para usted."


def test_closing_tells_the_person_and_empties_the_queue(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    assert ana.does("close", one).status_code == 303
    ana.get("/")
    assert "Nobody is waiting" in ana.text
    house.deliver()
    assert house.sent()[-1] == "Esta charla con una persona terminó. Puede seguir escribiendo."
    ana.get(f"/escalations/{one}")
    assert "This conversation is closed" in ana.text
    assert 'data-test="claim"' not in ana.page


def test_handing_over_gives_it_to_a_colleague_silently(house: House, ana: Seat, ben: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    house.deliver()
    before = len(house.sent())
    assert "ben, on shift" in ana.text
    stale = ana.page
    assert ana.does("transfer", one, to="ben").status_code == 303
    ben.get("/")
    assert "With you" in ben.text
    ben.get(f"/escalations/{one}")
    assert 'data-test="reply-text"' in ben.page
    assert "ana handed it to a colleague" in ben.text
    ana.page = stale
    assert ana.does("reply", one, text="todavía yo").status_code == 409
    house.deliver()
    assert len(house.sent()) == before


@pytest.mark.parametrize("to", ["", "nobody", "ana"])
def test_handing_over_to_nobody_changes_nothing(house: House, ana: Seat, to: str) -> None:
    one = house.escalate()
    ana.claim(one)
    assert ana.does("transfer", one, to=to).status_code == 400
    assert house.desk.find(one).holder == "ana"


@pytest.mark.parametrize("what", ["reply", "renew", "release", "close", "transfer", "compose"])
def test_who_does_not_hold_it_can_do_nothing(house: House, ana: Seat, ben: Seat, what: str) -> None:
    one = house.escalate()
    ana.claim(one)
    ben.get("/")
    fields = {"fence": "1", "once": what, "text": "intruso", "to": "ana"}
    assert ben.post(f"/escalations/{one}/{what}", **fields).status_code in (400, 409)
    ben.get(f"/escalations/{one}/entries?fence=1")
    assert ben.code == 409
    assert ben.get(f"/escalations/{one}/approved").status_code == 409
    assert house.desk.find(one).holder == "ana"
    house.deliver()
    assert house.sent()[-1] == HERE


def test_moves_before_a_claim_and_after_the_end_are_told_kindly(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.get("/")
    assert ana.post(f"/escalations/{one}/close", fence="0").status_code == 409
    assert "Nobody holds this conversation" in ana.text
    ana.claim(one)
    ana.does("close", one)
    ana.get("/")
    assert ana.post(f"/escalations/{one}/claim").status_code == 409
    assert "This conversation is closed" in ana.text


@pytest.mark.parametrize("fence", ["", "x", "-1", "١", "9" * 30])
def test_a_malformed_claim_number_is_refused(house: House, ana: Seat, fence: str) -> None:
    one = house.escalate()
    ana.claim(one)
    ana.get("/")
    assert ana.post(f"/escalations/{one}/close", fence=fence).status_code == 400


def test_what_does_not_exist_is_told_kindly(ana: Seat) -> None:
    assert ana.get("/escalations/ffffffffffffffff").status_code == 404
    assert "does not exist any more" in ana.text
    ana.get("/")
    assert ana.post("/escalations/ffffffffffffffff/claim").status_code == 404


def test_a_final_failure_is_told_in_words(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    house.deliver()
    ana.does("reply", one, text="¿Me lee?")
    house.messenger.fail_with.append(Refused(30003))
    house.deliver()
    ana.get(f"/escalations/{one}")
    said = dict(entries(ana.page))["advocate"]
    assert "could not be delivered: the phone is off or out of reach" in said
    assert 'class="line advocate failed"' in ana.page


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", '"><img src=x onerror=a>'])
def test_words_are_shown_as_words(house: House, ana: Seat, attack: str) -> None:
    one = house.escalate(words=attack)
    ana.claim(one)
    assert attack not in ana.page
    assert f'dir="auto">{escape(attack)}</p>' in ana.page
    ana.does("reply", one, text=attack + "x" * 1600)
    assert attack not in ana.page
    assert str(escape(attack)) in ana.page
    ana.post(f"/escalations/{one}/reply", token=False, text=attack)
    assert attack not in ana.page
    assert str(escape(attack)) in ana.page


def test_words_are_no_templates(house: House, ana: Seat) -> None:
    ana.claim(house.escalate(words="{{ 7 * 7 }}"))
    assert "{{ 7 * 7 }}" in ana.text


def test_an_expired_session_loses_no_words(house: House, app: Flask, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    house.clock.forward(minutes=31)
    assert ana.does("reply", one, text="mis palabras").status_code == 401
    assert "Nothing was sent" in ana.text
    assert "mis palabras" in ana.text
