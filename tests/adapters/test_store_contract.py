"""What every Store promises, asked of the one in memory and of the one over a real Redis."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.memory import MemoryStore
from bot.adapters.redis_part import connect
from bot.adapters.redis_store import RedisStore
from bot.adapters.vault import AesVault, new_key
from bot.core.escalation import Escalation, closed
from bot.core.model import (
    Channel,
    Choice,
    Conversation,
    Inbound,
    Kind,
    MessageRef,
    Question,
    Reason,
    Status,
    TexterId,
    Urgency,
)
from bot.ports import (
    THREAD_LENGTH,
    Advocate,
    Change,
    DeliveryState,
    Outgoing,
    Store,
    ThreadEntry,
    Unavailable,
    Who,
    Work,
)

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
ANA, BEN = TexterId("texter-a"), TexterId("texter-b")


@pytest.fixture(params=["memory", "redis"])
def store(request: pytest.FixtureRequest, vault: AesVault) -> Store:
    if request.param == "memory":
        return MemoryStore()
    return RedisStore(connect(request.getfixturevalue("redis_url")), vault)


def text(number: int, body: str = "hello") -> Inbound:
    return Inbound(f"SM{number:032x}", "+15550100", body, Channel.SMS, NOW)


def answer(number: int, body: str = "answer") -> Outgoing:
    return Outgoing(f"out{number}", "+15550100", body, MessageRef("a/b"), "bot", NOW)


def escalation(name: str = "e1", texter: TexterId = ANA, since: datetime = NOW) -> Escalation:
    return Escalation(
        name, texter, "calm river", Channel.SMS, "es", None, Urgency.NORMAL, Reason.ASKED, since
    )


TALKING = Conversation(
    channel=Channel.SMS,
    language="es",
    answers={"about": "relative"},
    question=Question((Choice(Kind.ANSWER, "yes"),), MessageRef("a/b"), "a", "step"),
    said=(MessageRef("a/b"),),
    last_at=NOW,
)


def test_a_stranger_has_nothing(store: Store) -> None:
    snapshot = store.load(ANA)
    assert (snapshot.conversation, snapshot.escalation, snapshot.address) == (None, None, None)
    assert store.next_inbound(ANA) is None
    assert store.thread(ANA) == []


def test_texts_wait_in_order_of_arrival(store: Store) -> None:
    for number in (1, 2, 3):
        store.append(ANA, text(number, f"text {number}"))
    for number in (1, 2, 3):
        first = store.next_inbound(ANA)
        assert first is not None and first.text == f"text {number}"
        assert store.commit(store.load(ANA), Change(TALKING, answered=first.provider_id))
    assert store.next_inbound(ANA) is None
    assert store.next_inbound(BEN) is None


def test_what_is_committed_comes_back_whole(store: Store) -> None:
    store.append(ANA, text(1))
    change = Change(
        TALKING, text(1).provider_id, (answer(1),), (), escalation(), address="+15550100"
    )
    assert store.commit(store.load(ANA), change)
    after = store.load(ANA)
    assert after.conversation == TALKING
    assert after.escalation == escalation()
    assert after.address == "+15550100"
    assert store.next_outgoing(ANA) == answer(1)
    assert store.was_answered(ANA, text(1).provider_id)
    assert not store.was_answered(ANA, text(2).provider_id)


def test_who_read_an_older_state_is_refused_and_writes_nothing(store: Store) -> None:
    early = store.load(ANA)
    assert store.commit(early, Change(TALKING))
    assert not store.commit(early, Change(TALKING, outgoing=(answer(1),)))
    assert store.next_outgoing(ANA) is None


def test_of_many_writers_at_once_one_wins(store: Store) -> None:
    snapshot, wins = store.load(ANA), []
    barrier = threading.Barrier(8)

    def write() -> None:
        barrier.wait()
        if store.commit(snapshot, Change(TALKING, outgoing=(answer(1),))):
            wins.append(1)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wins) == 1


def test_one_drainer_at_a_time_for_one_person_and_work(store: Store) -> None:
    with store.drainer(ANA, Work.TURN) as first, store.drainer(ANA, Work.TURN) as second:
        assert (first, second) == (True, False)
        with store.drainer(ANA, Work.DELIVERY) as other, store.drainer(BEN, Work.TURN) as else_:
            assert (other, else_) == (True, True)
    with store.drainer(ANA, Work.TURN) as again:
        assert again


def test_work_is_due_until_it_is_done(store: Store) -> None:
    store.append(ANA, text(1))
    assert list(store.due(Work.TURN, NOW)) == [ANA]
    assert not store.clear_due(ANA, Work.TURN)
    assert store.commit(store.load(ANA), Change(TALKING, answered=text(1).provider_id))
    assert store.clear_due(ANA, Work.TURN)
    assert list(store.due(Work.TURN, NOW + timedelta(days=1))) == []


def test_a_repeat_is_taken_from_the_inbox(store: Store) -> None:
    store.append(ANA, text(1))
    store.append(ANA, text(1))
    store.commit(store.load(ANA), Change(TALKING, answered=text(1).provider_id))
    store.drop_inbound(ANA, text(2).provider_id)
    assert store.next_inbound(ANA) is not None
    store.drop_inbound(ANA, text(1).provider_id)
    assert store.next_inbound(ANA) is None


def test_the_outbox_settles_its_first_text_only(store: Store) -> None:
    line = ThreadEntry(Who.BOT, "answer", NOW, outgoing="out1")
    store.commit(store.load(ANA), Change(TALKING, outgoing=(answer(1), answer(2)), thread=(line,)))
    store.settle_outgoing(ANA, answer(2), "SM2", DeliveryState.QUEUED)
    assert store.next_outgoing(ANA) == answer(1)
    assert store.settled_as("SM1") is None
    store.settle_outgoing(ANA, answer(1), "SM1", DeliveryState.QUEUED)
    assert store.settled_as("SM1") == "out1"
    assert store.next_outgoing(ANA) == answer(2)
    (seen,) = store.thread(ANA)
    assert seen.delivery is not None and seen.delivery.state is DeliveryState.QUEUED


def test_a_delivery_moves_forward_never_back(store: Store) -> None:
    line = ThreadEntry(Who.BOT, "answer", NOW, outgoing="out1")
    store.commit(store.load(ANA), Change(TALKING, outgoing=(answer(1),), thread=(line,)))
    store.settle_outgoing(ANA, answer(1), "SM1", DeliveryState.QUEUED)
    for state in (DeliveryState.DELIVERED, DeliveryState.SENT, DeliveryState.DELIVERED):
        delivery = store.note_delivery("SM1", state, None)
        assert delivery is not None
        assert (delivery.texter, delivery.state) == (ANA, DeliveryState.DELIVERED)


def test_a_callback_that_overtakes_our_own_note_is_kept(store: Store) -> None:
    line = ThreadEntry(Who.BOT, "answer", NOW, outgoing="out1")
    store.commit(store.load(ANA), Change(TALKING, outgoing=(answer(1),), thread=(line,)))
    assert store.note_delivery("SM1", DeliveryState.FAILED, 30003) is None
    assert store.settled_as("SM1") is None
    store.settle_outgoing(ANA, answer(1), "SM1", DeliveryState.QUEUED)
    (seen,) = store.thread(ANA)
    assert seen.delivery is not None
    assert (seen.delivery.state, seen.delivery.error) == (DeliveryState.FAILED, 30003)


def test_a_text_that_waits_for_another_try_keeps_its_place(store: Store) -> None:
    store.commit(store.load(ANA), Change(TALKING, outgoing=(answer(1), answer(2))))
    tried = Outgoing(**{**answer(1).__dict__, "attempts": 1, "not_before": NOW})
    store.update_outgoing(ANA, tried)
    assert store.next_outgoing(ANA) == tried


def test_the_queue_holds_open_escalations_in_order(store: Store) -> None:
    late = escalation("e2", BEN, NOW + timedelta(minutes=1))
    store.commit(store.load(BEN), Change(TALKING, escalation=late))
    store.commit(store.load(ANA), Change(TALKING, escalation=escalation()))
    assert [e.id for e in store.queue()] == ["e1", "e2"]
    assert store.texter_of("e1") == ANA
    store.commit(store.load(ANA), Change(TALKING, escalation=closed(escalation(), "closed", NOW)))
    assert [e.id for e in store.queue()] == ["e2"]
    assert store.texter_of("nobody") is None


def test_forgetting_leaves_no_word(store: Store) -> None:
    store.append(ANA, text(1))
    line = ThreadEntry(Who.PERSON, "hello", NOW)
    store.commit(
        store.load(ANA),
        Change(
            TALKING,
            text(1).provider_id,
            (answer(1),),
            (line,),
            escalation(),
            address="+15550100",
        ),
    )
    blank = Conversation(channel=Channel.SMS)
    gone = closed(escalation(), "forgot", NOW)
    receipt = answer(9, "deleted")
    store.commit(store.load(ANA), Change(blank, None, (receipt,), (), gone, forget=True))
    after = store.load(ANA)
    assert (after.conversation, after.escalation, after.address) == (blank, None, None)
    assert store.thread(ANA) == []
    assert store.queue() == []
    assert store.texter_of("e1") is None
    assert store.next_outgoing(ANA) == receipt
    assert store.was_answered(ANA, text(1).provider_id)


def test_somebody_who_stopped_stays_stopped_when_forgotten(store: Store) -> None:
    store.append(ANA, text(1))
    stopped = Conversation(channel=Channel.SMS, status=Status.STOPPED)
    store.commit(store.load(ANA), Change(stopped, text(1).provider_id, forget=True))
    after = store.load(ANA)
    assert after.conversation is not None and after.conversation.status is Status.STOPPED
    assert after.address is None


def test_an_address_comes_with_a_turn_and_goes_with_an_opt_out(store: Store) -> None:
    store.append(ANA, text(1))
    assert store.load(ANA).address is None
    store.commit(store.load(ANA), Change(TALKING, text(1).provider_id, address="+15550100"))
    store.commit(store.load(ANA), Change(TALKING))
    assert store.load(ANA).address == "+15550100"
    stopped = Conversation(channel=Channel.SMS, status=Status.STOPPED)
    store.commit(store.load(ANA), Change(stopped, address="+15550100"))
    assert store.load(ANA).address is None


def test_a_thread_keeps_its_last_lines(store: Store) -> None:
    for number in range(THREAD_LENGTH + 5):
        line = ThreadEntry(Who.PERSON, f"line {number}", NOW)
        store.commit(store.load(ANA), Change(TALKING, thread=(line,)))
    lines = store.thread(ANA)
    assert len(lines) == THREAD_LENGTH
    assert lines[-1].text == f"line {THREAD_LENGTH + 4}"


def test_arrivals_are_counted_within_the_window(store: Store) -> None:
    minute = timedelta(minutes=1)
    counts = [store.count_inbound(ANA, minute, NOW + timedelta(seconds=25 * n)) for n in range(4)]
    assert counts == [1, 2, 3, 3]


def test_advocates_and_who_is_on_shift(store: Store) -> None:
    ana = Advocate("ana", "hash", "secret", ("es", "en"), 7)
    store.save_advocate(ana)
    assert store.advocate("ana") == ana
    assert store.advocate("ben") is None
    assert list(store.advocates()) == [ana]
    store.note_presence("ana", NOW)
    assert list(store.present(NOW - timedelta(minutes=1))) == ["ana"]
    assert list(store.present(NOW + timedelta(minutes=1))) == []
    store.drop_presence("ana")
    assert list(store.present(NOW - timedelta(minutes=1))) == []


def test_an_advocate_is_removed(store: Store) -> None:
    store.save_advocate(Advocate("ana", "hash", "secret", ("es",)))
    store.note_presence("ana", NOW)
    assert store.remove_advocate("ana")
    assert store.advocate("ana") is None
    assert list(store.present(NOW)) == []
    assert not store.remove_advocate("ana")


def test_what_a_lost_key_sealed_counts_as_forgotten(redis_url: str) -> None:
    """A key was removed too early: the person is a stranger again, and gets an answer."""
    id_key = new_key()
    old = RedisStore(connect(redis_url), AesVault([new_key()], id_key))
    line = ThreadEntry(Who.PERSON, "hello", NOW)
    change = Change(TALKING, None, (), (line,), escalation(), address="+15550100")
    assert old.commit(old.load(ANA), change)
    fresh = RedisStore(connect(redis_url), AesVault([new_key()], id_key))
    seen = fresh.load(ANA)
    assert (seen.conversation, seen.escalation, seen.address) == (None, None, None)
    assert (fresh.thread(ANA), fresh.queue()) == ([], [])
    assert fresh.commit(seen, Change(TALKING))
    assert fresh.load(ANA).conversation == TALKING


def test_a_record_is_taken_once(store: Store) -> None:
    store.put_record("link", "token", {"name": "ana"}, timedelta(hours=1))
    assert store.get_record("link", "token") == {"name": "ana"}
    assert store.get_record("session", "token") is None
    assert store.take_record("link", "token") == {"name": "ana"}
    assert store.take_record("link", "token") is None
    store.put_record("link", "other", {}, timedelta(hours=1))
    store.drop_record("link", "other")
    assert store.get_record("link", "other") is None


def test_the_inventory_counts_and_shows_nothing(store: Store) -> None:
    store.append(ANA, text(1, "my secret"))
    counts = store.inventory()
    assert sum(counts.values()) >= 1
    assert "secret" not in repr(counts)


def test_redis_that_is_gone_is_said_plainly(vault: AesVault) -> None:
    gone = RedisStore(connect("redis://127.0.0.1:1/0"), vault)
    with pytest.raises(Unavailable):
        gone.append(ANA, text(1))
    with pytest.raises(Unavailable):
        gone.load(ANA)
