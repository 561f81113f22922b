"""What goes with any answer: who we are, once, and that personal details were hidden."""

from __future__ import annotations

from dataclasses import replace

from bot.core import answers
from bot.core.model import Conversation, Forget, Outcome, Send, Status, Urgency
from bot.core.situation import Turn


def with_notices(turn: Turn, outcome: Outcome) -> Outcome:
    """Who we are, before the first answer that is not about an emergency; and that personal
    details were hidden."""
    here = outcome.conversation
    effects = list(outcome.effects)
    speaks = any(isinstance(e, Send) for e in effects) and here.language is not None
    if not speaks or any(isinstance(e, Forget) for e in effects):
        return outcome
    notices: list[Send] = []
    if turn.moment.masked:
        notices.append(answers.send(turn.library, here, "details_hidden"))
    if not here.greeted and not _in_danger(turn, here) and outcome.rule != "own_stop":
        notices[:0] = answers.greeting(turn.library, here)
        here = replace(here, greeted=True)
    if outcome.rule == "urgent":
        return replace(outcome, effects=(*effects, *notices), conversation=here)
    return replace(outcome, effects=(*notices, *effects), conversation=here)


def _in_danger(turn: Turn, here: Conversation) -> bool:
    """Whether this answer belongs to an urgent topic, or to waiting for a person because of
    it: then who we are can wait."""
    topics = (turn.library.flows.get(name or "") for name in (turn.conversation.topic, here.topic))
    at_it = any(flow is not None and flow.urgency is Urgency.URGENT for flow in topics)
    return at_it and (here.question is not None or here.status is not Status.BOT)
