"""The legal moves of an escalation, and the order of the queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import escalation as moves
from bot.core.escalation import Escalation, IllegalMove, State
from bot.core.model import Channel, Reason, TexterId, Urgency

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def waiting(urgency: Urgency = Urgency.NORMAL, since: datetime = NOW) -> Escalation:
    return Escalation(
        id="e1",
        texter=TexterId("t"),
        pseudonym="calm river",
        channel=Channel.SMS,
        language="es",
        topic="find_lawyer",
        urgency=urgency,
        reason=Reason.ASKED,
        waiting_since=since,
    )


def refused(code: str) -> pytest.RaisesExc[IllegalMove]:
    return pytest.raises(IllegalMove, match=f"^{code}$")


def test_claim_reply_close() -> None:
    claimed = moves.claim(waiting(), "ana", NOW)
    assert (claimed.state, claimed.holder, claimed.fence) == (State.CLAIMED, "ana", 1)
    later = moves.renew(claimed, "ana", 1, NOW + timedelta(minutes=9))
    assert later.lease_until == NOW + timedelta(minutes=19)
    closed = moves.close(later, "ana", 1, NOW + timedelta(minutes=10))
    assert not closed.is_open
    with refused("closed"):
        moves.claim(closed, "ben", NOW)


def test_nobody_else_can_take_what_is_held() -> None:
    claimed = moves.claim(waiting(), "ana", NOW)
    with refused("taken"):
        moves.claim(claimed, "ben", NOW + timedelta(minutes=9))
    with refused("not_yours"):
        moves.close(claimed, "ben", 1, NOW)


def test_who_went_silent_loses_the_claim_but_the_person_keeps_the_place() -> None:
    claimed = moves.claim(waiting(), "ana", NOW)
    late = NOW + moves.LEASE
    with refused("not_yours"):
        moves.renew(claimed, "ana", 1, late)
    back = moves.lapse(claimed, late)
    assert (back.state, back.waiting_since) == (State.WAITING, NOW)
    taken = moves.claim(back, "ben", late)
    assert taken.fence == 2
    with refused("not_yours"):
        moves.check_holder(taken, "ana", 1, late)


def test_the_same_advocate_with_an_older_claim_is_refused() -> None:
    first = moves.claim(waiting(), "ana", NOW)
    again = moves.claim(moves.release(first, "ana", 1, NOW), "ana", NOW)
    with refused("not_yours"):
        moves.check_holder(again, "ana", 1, NOW)


def test_transfer_gives_the_other_a_claim_of_their_own() -> None:
    moved = moves.transfer(moves.claim(waiting(), "ana", NOW), "ana", 1, "ben", NOW)
    assert (moved.holder, moved.fence) == ("ben", 2)
    with refused("not_yours"):
        moves.renew(moved, "ana", 1, NOW)


def test_what_nobody_holds_cannot_be_closed() -> None:
    with refused("not_claimed"):
        moves.close(waiting(), "ana", 0, NOW)


def test_a_lease_that_runs_cannot_lapse() -> None:
    with refused("not_claimed"):
        moves.lapse(moves.claim(waiting(), "ana", NOW), NOW)


def test_urgent_goes_first_but_nobody_starves() -> None:
    urgent = waiting(Urgency.URGENT)
    assert moves.place(urgent) < moves.place(waiting(since=NOW - timedelta(hours=47)))
    assert moves.place(waiting(since=NOW - timedelta(hours=49))) < moves.place(urgent)


def test_urgency_is_never_lowered() -> None:
    assert moves.raised(waiting(Urgency.URGENT), Urgency.NORMAL).urgency is Urgency.URGENT


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "renew", "release", "transfer", "close", "lapse"]),
        st.sampled_from(["ana", "ben"]),
        st.integers(0, 6),
        st.integers(0, 15),
    ),
    max_size=30,
)


@given(ACTS)
def test_no_sequence_of_moves_breaks_the_rules(acts: list[tuple[str, str, int, int]]) -> None:
    here, now = waiting(), NOW
    for move, who, fence, minutes in acts:
        now += timedelta(minutes=minutes)
        before = here
        try:
            if move == "claim":
                here = moves.claim(here, who, now)
            elif move == "lapse":
                here = moves.lapse(here, now)
            elif move == "transfer":
                here = moves.transfer(here, who, fence, "ben" if who == "ana" else "ana", now)
            else:
                here = getattr(moves, move)(here, who, fence, now)
        except IllegalMove:
            assert here is before
        assert here.fence >= before.fence
        assert here.waiting_since == NOW
        assert (here.state is State.CLAIMED) == (here.holder is not None)
        assert before.is_open or here == before
        assert here.is_open or here == replace(here, holder=None)
