"""Approved replies, the size of a reply, and the bot's messages told in English."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core import sms
from bot.core.model import Channel, Reason, Urgency
from bot.ports import DeliveryState
from console import views, words
from console.english import english as told
from tests.console.conftest import LIBRARY, House, Seat

PAUSED = "En enero de 2023 ICE dijo que no lo deportaría"


def test_an_approved_reply_is_inserted_and_what_was_typed_stays(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    assert ana.does("approved", one, text="Buenos días,").status_code == 200
    assert PAUSED in ana.text
    assert "In January 2023" in ana.text
    assert "their topic" in ana.text
    assert ana.text.index(PAUSED) < ana.text.index("Llame al 1-888-555-0100")
    ana.does("compose", one, text="Buenos días,", insert="find_lawyer/where")
    assert ">Buenos días,\n\nLlame al 1-888-555-0100" in ana.page
    assert ana.does("compose", one, insert="shared/forgotten").status_code == 400


def test_what_no_attorney_has_read_is_marked_as_a_draft(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    ana.does("approved", one)
    assert "not been reviewed by an attorney yet" in ana.text
    assert "Is deportation on hold? 2 draft their topic" in ana.text
    reviewed = {topic: replace(flow, reviewed=True) for topic, flow in LIBRARY.flows.items()}
    library = replace(LIBRARY, flows=reviewed)
    groups = views.grouped(house.desk.approved_replies("es"), library, None)
    assert all(group.reviewed for group in groups)


def test_going_back_without_choosing_keeps_what_was_typed(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    ana.does("approved", one, text='una "cita" & más')
    assert ana.field("text") == 'una "cita" & más'
    ana.does("compose", one, text=ana.field("text"))
    assert ">una &#34;cita&#34; &amp; más</textarea>" in ana.page


def test_the_size_is_the_one_that_will_be_sent(house: House, ana: Seat) -> None:
    one = house.escalate()
    ana.claim(one)
    for text, said in (
        ("Hola", "4 characters, 1 segment"),
        ("a", "1 character, 1 segment"),
        (" ", ""),
        ("“" + "a" * 158 + "”", "160 characters, 1 segment"),
        ("ã" * 71, "71 characters, 2 segments"),
        ("a" * 1605, "1,605 characters, 11 segments: 5 too many"),
    ):
        found = ana.does("measure", one, text=text).get_json()
        assert found["words"] == said
        assert not text.strip() or str(sms.segments(sms.tidy(text))) in found["words"]
    assert views.size("ã" * 71, Channel.WHATSAPP).words == "71 characters"


# --- English beside the bot's messages -------------------------------------------------------


@pytest.mark.parametrize(
    ("ref", "sent", "english"),
    [
        (
            "removal_paused/pause_then",
            LIBRARY.text("removal_paused/pause_then", "es", "relative"),
            "In January 2023 ICE said it would not deport your relative",
        ),
        (
            "removal_paused/order",
            "¿Hay una orden final?\n1 Sí\n2 No\n3 No sé",
            "Is there a final order?\n1 Yes\n2 No\n3 I don't know",
        ),
        (
            "shared/follow_up",
            "Puede seguir con:\n1 Buscar abogado\n2 Mi próxima audiencia",
            "You can go on with:\n1 Find a lawyer\n2 My next hearing",
        ),
        (
            "shared/no_script",
            "Aún no tenemos respuesta sobre: otra cosa.",
            "We have no answer yet about: ....",
        ),
        (
            "shared/languages",
            "¿Qué idioma?\n1 English\n2 Español",
            "Which language?\n1 English\n2 Español",
        ),
        ("gone/since", "algo", ""),
    ],
)
def test_the_bots_messages_are_told_in_english(ref: str, sent: str, english: str) -> None:
    assert told(LIBRARY, ref, "es", sent).startswith(english)
    assert english or told(LIBRARY, ref, "es", sent) == ""


def test_words_exist_for_everything_that_can_happen() -> None:
    assert set(words.URGENCY) == set(Urgency)
    assert set(words.REASON) == set(Reason)
    assert set(words.CHANNEL) == set(Channel)
    assert set(words.STATE) | {DeliveryState.FAILED} == set(DeliveryState)
