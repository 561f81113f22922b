"""Safety goes before everything that is not the carrier's or the person's own last word."""

from __future__ import annotations

from dataclasses import replace

from bot.core import answers, language
from bot.core.flow import safety_answer
from bot.core.model import Outcome, RaiseUrgency, Status, Urgency
from bot.core.replies import emergency
from bot.core.situation import Turn

#: How many of the likeliest intents are looked at.
LIKELY = 3


def words_of_emergency(turn: Turn) -> Outcome | None:
    found = emergency(turn.library, turn.text)
    if found is None:
        return None
    intent, phrase_language = found
    known = language.settle(turn.library, turn.conversation, turn.text, turn.prediction).language
    spoken = replace(turn.conversation, language=known or phrase_language)
    return _safety_first(replace(turn, conversation=spoken), intent)


def urgent_intent(turn: Turn) -> Outcome | None:
    """Several urgent intents that are each a little likely add up to an emergency: a needless
    hotline costs less than a missed one."""
    p, thresholds = turn.prediction, turn.moment.thresholds
    if p is None:
        return None
    alarming = [(i, c) for i, c in p.ranking[:LIKELY] if i in turn.library.urgent_intents]
    if sum(confidence for _, confidence in alarming) < thresholds.urgent or not alarming:
        return None
    if p.intent not in turn.library.urgent_intents and p.confidence >= thresholds.calm:
        return None
    return _safety_first(turn, alarming[0][0])


def urgent_in_any_language(turn: Turn) -> Outcome | None:
    """An emergency does not wait for the menu of languages: the safety answer goes out in the
    likeliest language that is offered, and its numbers are the same in all of them."""
    p, here = turn.prediction, turn.conversation
    if p is None:
        return None
    likely = p.language if p.language in turn.library.languages else turn.library.base
    spoken = replace(here, language=here.language or likely)
    return urgent_intent(replace(turn, conversation=spoken))


def _safety_first(turn: Turn, intent: str) -> Outcome | None:
    topic = turn.library.topic_of_intent.get(intent)
    if topic is None:
        return None
    if turn.conversation.status is Status.BOT:
        return answers.walk_topic(answers.about_whom(turn), topic, "urgent", intent)
    sends = (
        ()
        if topic in turn.conversation.safety_given
        else safety_answer(turn.library, turn.conversation, topic)
    )
    given = (*turn.conversation.safety_given, topic) if sends else turn.conversation.safety_given
    return Outcome(
        replace(turn.conversation, safety_given=given),
        (*sends, RaiseUrgency(Urgency.URGENT)),
        "urgent",
        intent,
        turn.prediction.confidence if turn.prediction else 0.0,
    )
