"""The verbs of the machine's side: accept a text, take turns, deliver, note, sweep."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from bot.core import escalation as moves
from bot.core import pii, sms
from bot.core.keywords import predict, support
from bot.core.library import Library
from bot.core.model import (
    CloseEscalation,
    Conversation,
    Forget,
    Inbound,
    MessageRef,
    Moment,
    OpenEscalation,
    Outcome,
    Prediction,
    RaiseUrgency,
    Send,
    Status,
    TexterId,
    Thresholds,
)
from bot.core.pseudonym import pseudonym
from bot.core.turn import failed_turn, needs_prediction, take_turn
from bot.ports import (
    Change,
    Classifier,
    Clock,
    Jobs,
    Meter,
    Outgoing,
    Snapshot,
    Store,
    ThreadEntry,
    Unavailable,
    Vault,
    Who,
    Work,
)

#: An advocate counts as on shift while the console was used within this time.
PRESENCE = timedelta(minutes=5)
#: How often a turn is decided anew when somebody else wrote in between.
COMMIT_TRIES = 5
#: The clock enqueues a turn again when it has been due for this long: its job was lost
#: with the worker that held it.
OVERDUE = timedelta(seconds=15)


#: Stands in the thread for a day that was counted with.
HIDDEN_DAY = "[day]"


class Conflict(Exception):
    """A turn lost the race COMMIT_TRIES times; the job is tried again later."""


@dataclass(frozen=True)
class Rules:
    """Numbers that a deployment may set."""

    thresholds: Thresholds = Thresholds()
    texts_per_minute: int = 30


@dataclass(frozen=True)
class Turned:
    """What one turn came to, for the terminal chat and for tests."""

    outcome: Outcome
    prediction: Prediction | None
    escalation: moves.Escalation | None


class Service:
    """Built once by `wiring`; holds no state of any person or request."""

    def __init__(
        self,
        store: Store,
        classifier: Classifier,
        vault: Vault,
        clock: Clock,
        jobs: Jobs,
        meter: Meter,
        library: Library,
        rules: Rules = Rules(),
        new_id: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._store = store
        self._classifier = classifier
        self._vault = vault
        self._clock = clock
        self._jobs = jobs
        self._meter = meter
        self._library = library
        self._rules = rules
        self._new_id = new_id

    # --- the door ---------------------------------------------------------------------------

    def accept(self, inbound: Inbound) -> TexterId:
        """Keep one message safely, personal details hidden, and have it answered.

        Raises Unavailable when it could not be kept; then the provider must be told so
        that it tries elsewhere.
        """
        texter = self._vault.texter_id(inbound.address)
        if self._store.was_answered(texter, inbound.provider_id):
            self._meter.count("duplicate", channel=inbound.channel)
            return texter
        minute = timedelta(minutes=1)
        arrived = self._store.count_inbound(texter, minute, self._clock.now())
        over = max(0, arrived - self._rules.texts_per_minute)
        if over:
            self._meter.count("over_limit", channel=inbound.channel)
        masked = pii.mask(inbound.text)
        self._store.append(
            texter,
            replace(inbound, text=masked.text, masked=bool(masked.found), over_limit=over),
        )
        self._meter.count("inbound", channel=inbound.channel)
        self._enqueue(texter, Work.TURN)
        return texter

    def _enqueue(self, texter: TexterId, work: Work, delay: timedelta = timedelta(0)) -> None:
        try:
            self._jobs.enqueue(texter, work, delay)
        except Unavailable as error:
            # the note of due work is in the store already: the clock enqueues it again
            self._meter.failure("enqueue", error)

    # --- turns --------------------------------------------------------------------------------

    def take_turns(self, texter: TexterId) -> list[Turned]:
        """Answer all that this person has sent, in order of arrival, one drainer at a time.

        The answers are in the outbox then; the caller delivers them.

        Raises Unavailable and Conflict; then the message is still in the inbox.
        """
        taken: list[Turned] = []
        with self._store.drainer(texter, Work.TURN) as mine:
            if not mine:
                return taken
            while inbound := self._store.next_inbound(texter):
                if turned := self._answer(texter, inbound):
                    taken.append(turned)
        if not self._store.clear_due(texter, Work.TURN):
            # something arrived between the last look and the release of the lock
            self._enqueue(texter, Work.TURN)
        return taken

    def _answer(self, texter: TexterId, inbound: Inbound) -> Turned | None:
        for _ in range(COMMIT_TRIES):
            snapshot = self._store.load(texter)
            if self._store.was_answered(texter, inbound.provider_id):
                self._store.drop_inbound(texter, inbound.provider_id)
                self._meter.count("duplicate", channel=inbound.channel)
                return None
            turned, change = self._decide(snapshot, inbound)
            if self._store.commit(snapshot, change):
                self._note(turned, inbound)
                return turned
        raise Conflict

    def _decide(self, snapshot: Snapshot, inbound: Inbound) -> tuple[Turned, Change]:
        """One turn, and all that it writes."""
        now = self._clock.now()
        text = inbound.text
        here = snapshot.conversation or Conversation(channel=inbound.channel)
        moment = Moment(
            now=now,
            advocates_present=bool(self._store.present(now - PRESENCE)),
            thresholds=self._rules.thresholds,
            media=inbound.media,
            opt_out=inbound.opt_out,
            masked=inbound.masked,
            over_limit=inbound.over_limit,
        )
        prediction: Prediction | None = None
        try:
            if needs_prediction(self._library, here, text, moment):
                prediction = self._predict(text)
            outcome = take_turn(self._library, here, text, prediction, moment)
        except Exception as error:
            # a fault of ours must not leave a person without an answer, nor block the inbox
            self._meter.failure("turn", error)
            outcome = failed_turn(self._library, here, text, moment)
        change = self._change(snapshot, inbound, outcome)
        return Turned(outcome, prediction, change.escalation), change

    def _predict(self, text: str) -> Prediction:
        try:
            prediction = self._classifier.classify(text)
        except Unavailable:
            self._meter.count("classifier_unavailable")
            return predict(self._library, text)
        if prediction.confidence >= self._rules.thresholds.sure:
            return prediction
        return support(self._library, text, prediction)

    def _change(self, snapshot: Snapshot, inbound: Inbound, outcome: Outcome) -> Change:
        """The effects of an outcome as one write."""
        now = self._clock.now()
        here, open_one, forget = outcome.conversation, snapshot.escalation, False
        if open_one is not None and not open_one.is_open:
            open_one = None
        outgoing: list[Outgoing] = []
        said = _without(inbound.text, outcome.hidden)
        thread = [ThreadEntry(Who.PERSON, said, inbound.received_at)]
        for effect in outcome.effects:
            match effect:
                case Send(message, words):
                    for part in sms.split(sms.tidy(words)):
                        text_out = self._outgoing(inbound.address, part, message)
                        outgoing.append(text_out)
                        shown = _without(part, outcome.hidden)
                        thread.append(
                            ThreadEntry(Who.BOT, shown, now, message=message, outgoing=text_out.id)
                        )
                case OpenEscalation(reason, urgency, topic):
                    token = self._new_id()
                    open_one = moves.Escalation(
                        id=token,
                        texter=snapshot.texter,
                        pseudonym=pseudonym(token),
                        channel=here.channel,
                        language=here.language or self._library.base,
                        topic=topic,
                        urgency=urgency,
                        reason=reason,
                        waiting_since=now,
                    )
                    here = replace(here, escalation=token)
                    thread.append(ThreadEntry(Who.EVENT, "opened", now))
                case RaiseUrgency(urgency) if open_one is not None:
                    open_one = moves.raised(open_one, urgency)
                case RaiseUrgency():
                    pass
                case CloseEscalation(how) if open_one is not None:
                    open_one = moves.closed(open_one, how, now)
                    thread.append(ThreadEntry(Who.EVENT, how, now))
                case CloseEscalation():
                    pass
                case Forget():
                    forget = True
                case _:
                    assert_never(effect)
        if open_one is not None and open_one.is_open and here.language:
            open_one = replace(open_one, language=here.language)
        if here.status is Status.BOT:
            here = replace(here, escalation=None)
        return Change(
            conversation=here,
            answered=inbound.provider_id,
            outgoing=tuple(outgoing),
            thread=() if forget else tuple(thread),
            escalation=open_one,
            forget=forget,
            address=inbound.address,
        )

    def _outgoing(self, address: str, text: str, message: MessageRef | None) -> Outgoing:
        return Outgoing(
            id=self._new_id(),
            address=address,
            text=text,
            message=message,
            author="bot",
            created_at=self._clock.now(),
        )

    def _note(self, turned: Turned, inbound: Inbound) -> None:
        outcome = turned.outcome
        self._meter.count("turn", rule=outcome.rule, channel=inbound.channel)
        self._meter.observe(
            "answer_wait", (self._clock.now() - inbound.received_at).total_seconds()
        )
        if any(isinstance(effect, OpenEscalation) for effect in outcome.effects):
            self._meter.count(
                "escalation", reason=turned.escalation.reason if turned.escalation else ""
            )

    # --- what happens without a text ---------------------------------------------------------

    def sweep(self) -> None:
        """What the clock does every few seconds: hand out again the work whose job was lost,
        and give back the claims of advocates who went silent."""
        now = self._clock.now()
        for texter in self._store.due(Work.TURN, now - OVERDUE):
            self._enqueue(texter, Work.TURN)
        for texter in self._store.due(Work.DELIVERY, now - OVERDUE):
            self._enqueue(texter, Work.DELIVERY)

    def forget(self, address: str) -> bool:
        """Delete everything about the person with this address; whether there was anything.
        An opt-out is kept: without it we might text somebody who asked us never to."""
        texter = self._vault.texter_id(address)
        for _ in range(COMMIT_TRIES):
            snapshot = self._store.load(texter)
            if snapshot.conversation is None:
                return False
            here = snapshot.conversation
            status = Status.STOPPED if here.status is Status.STOPPED else Status.BOT
            blank = Conversation(channel=here.channel, status=status)
            closed = snapshot.escalation and moves.closed(
                snapshot.escalation, "forgot", self._clock.now()
            )
            if self._store.commit(snapshot, Change(blank, escalation=closed, forget=True)):
                return True
        raise Conflict


def _without(text: str, hidden: tuple[str, ...]) -> str:
    """The text as it is stored: days that somebody counted with are no business of the thread."""
    for words in hidden:
        text = text.replace(words, HIDDEN_DAY) if words else text
    return text
