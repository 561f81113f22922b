"""What the rules of a turn answer with. Each function gives the outcome of one answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.core import flow
from bot.core.language import names_in
from bot.core.library import ABOUT, Library
from bot.core.model import (
    PERSON_TOPIC,
    SHARED,
    Choice,
    CloseEscalation,
    Conversation,
    Effect,
    Forget,
    Kind,
    MessageRef,
    OpenEscalation,
    Outcome,
    Question,
    Reason,
    Send,
    Status,
    Urgency,
)
from bot.core.replies import asks_for_relative
from bot.core.script import DayStep, Deed, EscalateStep, GoStep
from bot.core.situation import Turn
from bot.core.sources import sources_of_last_answer


def send(
    library: Library, here: Conversation, name: str, values: Mapping[str, str] | None = None
) -> Send:
    """One shared message in the conversation's language."""
    ref = MessageRef(f"{SHARED}/{name}")
    return Send(ref, library.text(ref, here.language, here.answers.get(ABOUT), values))


def greeting(library: Library, here: Conversation) -> list[Send]:
    names = ["greeting", "draft_notice"] if library.is_draft else ["greeting"]
    return [send(library, here, name) for name in names]


def shared(turn: Turn, here: Conversation, name: str, rule: str) -> Outcome:
    return Outcome(here, (send(turn.library, here, name),), rule)


def greet(turn: Turn, rule: str) -> Outcome:
    """Hello: who we are (added before any first answer) and the menu."""
    return menu(turn, replace(turn.conversation, misunderstood=0), rule=rule)


def menu(
    turn: Turn,
    here: Conversation,
    heading: str | None = None,
    *,
    rule: str,
    before: tuple[Effect, ...] = (),
) -> Outcome:
    """The main menu, after a message of its own when there is something to say first."""
    if here.language is None:
        return languages(replace(turn, conversation=here), "languages")
    done = flow.Walk(replace(here, question=None))
    flow.offer_topics(turn.library, done, turn.library.menu, heading="menu")
    said = [send(turn.library, here, heading)] if heading else []
    return Outcome(done.conversation, (*before, *said, *done.sends), rule)


def languages(turn: Turn, heading: str) -> Outcome:
    """All languages by their own names, to be chosen by number or name."""
    here, library = turn.conversation, turn.library
    codes = tuple(library.languages)
    asked = send(library, here, heading)
    text = flow.numbered(asked.text, [library.languages[c].name for c in codes])
    question = Question(
        choices=tuple(Choice(Kind.LANGUAGE, c) for c in codes), message=asked.message
    )
    return Outcome(replace(here, question=question), (Send(asked.message, text),), "language")


def speak(turn: Turn, code: str) -> Outcome:
    """The person chose this language: say so in it, then what they had asked for."""
    here = replace(turn.conversation, language=code, chosen=True, question=None, parked=None)
    parked = turn.conversation.parked
    changed = replace(turn, conversation=here)
    follow = (
        walk_topic(changed, turn.library.topic_of_intent.get(parked, parked), "language")
        if parked
        else menu(changed, here, rule="language")
    )
    if not turn.conversation.greeted:
        return replace(follow, rule="language")
    confirmed = send(turn.library, here, "language_changed")
    return replace(follow, effects=(confirmed, *follow.effects), rule="language")


def change_language(turn: Turn) -> Outcome:
    """Somebody asks for another language in a sentence: the one it names, or the menu."""
    named = [code for code in names_in(turn.library, turn.text) if code != turn.language]
    return speak(turn, named[0]) if len(named) == 1 else languages(turn, "languages")


def about_whom(turn: Turn) -> Turn:
    """A question in free words says anew whom it is about, or leaves it to be asked."""
    kept = {k: v for k, v in turn.conversation.answers.items() if k != ABOUT}
    if asks_for_relative(turn.library, turn.language, turn.text):
        kept[ABOUT] = "relative"
    return replace(turn, conversation=replace(turn.conversation, answers=kept))


def walk_topic(turn: Turn, topic: str, rule: str, intent: str | None = None) -> Outcome:
    """Walk a topic from its start; topics without a script, or out of date, say so."""
    script = turn.library.flows.get(topic)
    if script is None:
        values = {"title": turn.library.title(topic, turn.language)}
        told = send(turn.library, turn.conversation, "no_script", values)
        return _ask_person(turn, (told,), rule, intent)
    if topic in turn.closed_topics:
        told = send(turn.library, turn.conversation, "expired_topic")
        return _ask_person(turn, (told,), rule, intent)
    walked = flow.walk(
        turn.library,
        turn.conversation,
        topic,
        script.starts.get(intent or ""),
        closed=turn.closed_topics,
    )
    return _finish(turn, walked, rule, intent)


def choose(turn: Turn, question: Question, choice: Choice) -> Outcome:
    """Do what the chosen number stands for."""
    here = replace(turn.conversation, question=None, misunderstood=0)
    match choice.kind:
        case Kind.ANSWER:
            walked = flow.resume(turn.library, here, question, choice.value, turn.closed_topics)
            return _finish(turn, walked, "answer")
        case Kind.DAY:
            return _count_days(replace(turn, conversation=here), question, choice.value)
        case Kind.TOPIC:
            return walk_topic(replace(turn, conversation=here), choice.value, "answer")
        case Kind.LANGUAGE:
            return speak(replace(turn, conversation=here), choice.value)
        case Kind.PERSON:
            reason = Reason.MISUNDERSTOOD if choice.value == "misunderstood" else Reason.ASKED
            return escalate(replace(turn, conversation=here), reason, Urgency.NORMAL, "answer")
        case Kind.MENU:
            unsure = turn.conversation.misunderstood
            return menu(turn, replace(here, misunderstood=unsure), rule="answer")


def _count_days(turn: Turn, question: Question, day: str) -> Outcome:
    """Tell the last day of a time limit; without a day go on where that is provided for."""
    asked = turn.library.flows[question.topic or ""].steps.get(question.step or "")
    if not isinstance(asked, DayStep):  # the content changed since the question was sent
        raise flow.FlowFailed("unknown_step", question.topic or "")
    if day:
        walked = flow.resume_with_day(
            turn.library,
            turn.conversation,
            question,
            date.fromisoformat(day),
            turn.moment.now.date(),
            turn.closed_topics,
        )
    else:
        walked = flow.walk(
            turn.library,
            turn.conversation,
            question.topic or "",
            asked.unclear,
            closed=turn.closed_topics,
        )
    outcome = _finish(turn, walked, "answer")
    hidden = (turn.text.strip(), *walked.hidden) if walked.hidden else ()
    return replace(outcome, hidden=hidden)


def sources(turn: Turn) -> Outcome:
    """Where the last answer comes from; its question stays open."""
    told = sources_of_last_answer(turn.library, turn.conversation)
    return Outcome(turn.conversation, (told,), "source")


def ask_again(
    turn: Turn, question: Question, hint: str, values: Mapping[str, str] | None = None
) -> Outcome:
    """Say why the reply did not fit, then show the same choices again."""
    told = send(turn.library, turn.conversation, hint, values)
    if question.step is not None:
        again = flow.ask_again(turn.library, turn.conversation, question)
        return Outcome(again.conversation, (told, *again.sends), "ask_again")
    kinds = {choice.kind for choice in question.choices}
    if kinds == {Kind.LANGUAGE}:
        return languages(turn, "languages")
    if kinds == {Kind.TOPIC}:
        done = flow.Walk(turn.conversation)
        topics = tuple(choice.value for choice in question.choices)
        heading = (question.message or "").partition("/")[2] or "follow_up"
        flow.offer_topics(turn.library, done, topics, heading)
        return Outcome(done.conversation, (told, *done.sends), "ask_again")
    return offer_person(turn, (told,))


def did_you_mean(turn: Turn, intents: list[str]) -> Outcome:
    """Offer the likeliest topics by number, and a way out."""
    library, here = turn.library, turn.conversation
    found = (library.topic_of_intent.get(intent, intent) for intent in intents)
    topics = list(dict.fromkeys(found))
    labels = [library.title(topic, here.language) for topic in topics]
    other = send(library, here, "something_else")
    heading = send(library, here, "did_you_mean")
    question = Question(
        choices=(*(Choice(Kind.TOPIC, t) for t in topics), Choice(Kind.MENU, "")),
        message=heading.message,
    )
    text = flow.numbered(heading.text, [*labels, other.text])
    p = turn.prediction
    return Outcome(
        replace(here, question=question),
        (Send(heading.message, text),),
        "did_you_mean",
        p.intent if p else None,
        p.confidence if p else 0.0,
    )


def offer_person(turn: Turn, before: tuple[Effect, ...] = ()) -> Outcome:
    return _ask_person(turn, before, "offer_person", reason="misunderstood")


def _ask_person(
    turn: Turn,
    before: tuple[Effect, ...],
    rule: str,
    intent: str | None = None,
    reason: str = "asked",
) -> Outcome:
    here = turn.conversation
    asked = send(turn.library, here, "offer_person")
    wording = turn.library.answers_to(asked.message, here.language)
    text = flow.numbered(asked.text, [wording["person"].label, wording["menu"].label])
    question = Question(
        choices=(Choice(Kind.PERSON, reason), Choice(Kind.MENU, "")), message=asked.message
    )
    asked_for = replace(here, question=question)
    return Outcome(asked_for, (*before, Send(asked.message, text)), rule, intent)


def escalate(
    turn: Turn,
    reason: Reason,
    urgency: Urgency,
    rule: str,
    before: tuple[Effect, ...] = (),
    intent: str | None = None,
) -> Outcome:
    """Put the person in the queue and tell truthfully what happens next."""
    waiting = replace(
        turn.conversation, status=Status.WAITING, question=None, misunderstood=0, safety_given=()
    )
    told = (
        [send(turn.library, waiting, "escalated_misunderstood")] if rule == "misunderstood" else []
    )
    name = "waiting_present" if turn.moment.advocates_present else "waiting_absent"
    told.append(send(turn.library, waiting, name))
    script = turn.library.flows.get(waiting.topic or "")
    # whoever asks for a person in the middle of an emergency is not in line with the rest
    opened = OpenEscalation(
        reason, max(urgency, script.urgency if script else urgency), waiting.topic
    )
    return Outcome(waiting, (*before, opened, *told), rule, intent)


def forget(turn: Turn) -> Outcome:
    """Everything is deleted; the receipt is the last that is said."""
    here = turn.conversation
    blank = Conversation(channel=here.channel)
    receipt = send(turn.library, here, "forgotten")
    left: tuple[Effect, ...] = (CloseEscalation("forgot"),) if here.escalation else ()
    return Outcome(blank, (*left, Forget(), receipt), "delete")


def repeat(turn: Turn) -> Outcome:
    """The last answer once more, with its question."""
    here = turn.conversation
    if not here.said and here.question is None:
        return menu(turn, here, "nothing_to_repeat", rule="repeat")
    about = here.answers.get(ABOUT)
    sends = [Send(ref, turn.library.text(ref, here.language, about)) for ref in here.said]
    if here.question is not None and here.question.step is not None:
        again = flow.ask_again(turn.library, here, replace(here.question, tries=-1))
        return Outcome(again.conversation, (*sends, *again.sends), "repeat")
    if here.question is not None and {c.kind for c in here.question.choices} == {Kind.TOPIC}:
        done = flow.Walk(here)
        heading = (here.question.message or "").partition("/")[2] or "follow_up"
        flow.offer_topics(
            turn.library, done, tuple(c.value for c in here.question.choices), heading
        )
        return Outcome(done.conversation, (*sends, *done.sends), "repeat")
    return Outcome(here, tuple(sends), "repeat") if sends else menu(turn, here, rule="repeat")


def stop(turn: Turn, rule: str, *extra: Effect) -> Outcome:
    left: tuple[Effect, ...] = (CloseEscalation("stopped"),) if turn.conversation.escalation else ()
    silent = replace(
        turn.conversation, status=Status.STOPPED, question=None, escalation=None, safety_given=()
    )
    return Outcome(silent, (*extra, *left), rule)


def stop_confirmed(turn: Turn) -> Outcome:
    """Stopped by a word that carriers do not know: they confirm nothing, so we do, once."""
    return stop(turn, "own_stop", send(turn.library, turn.conversation, "stopped"))


def failed(turn: Turn) -> Outcome:
    """Our own fault: an answer with a hotline, and a person is asked to look."""
    here = replace(turn.conversation, question=None, topic=turn.conversation.topic)
    told = send(turn.library, here, "failure")
    if here.status is not Status.BOT:
        return Outcome(here, (told,), "failed")
    here = replace(here, status=Status.WAITING)
    opened = OpenEscalation(Reason.BOT_FAILED, Urgency.SOON, here.topic)
    return Outcome(here, (opened, told), "failed")


def _finish(turn: Turn, walked: flow.Walk, rule: str, intent: str | None = None) -> Outcome:
    """Turn what a walk ended in into effects."""
    changed = replace(turn, conversation=walked.conversation)
    sends = tuple(walked.sends)
    confidence = turn.prediction.confidence if turn.prediction and intent else 0.0
    match walked.ending:
        case EscalateStep(reason, urgency):
            outcome = escalate(_kept_topic(turn, changed), reason, urgency, rule, sends, intent)
        case GoStep():
            told = send(turn.library, walked.conversation, "expired_topic")
            outcome = _ask_person(changed, (*sends, told), rule, intent)
        case Deed.FORGET:
            outcome = forget(changed)
        case Deed.LANGUAGES:
            outcome = languages(changed, "languages")
            outcome = replace(outcome, effects=(*sends, *outcome.effects))
        case Deed.MENU:
            outcome = menu(changed, walked.conversation, rule=rule, before=sends)
        case Deed.REPEAT:
            outcome = repeat(turn)
        case _:
            outcome = Outcome(walked.conversation, sends, rule)
    return replace(outcome, intent=intent, confidence=confidence)


def _kept_topic(turn: Turn, changed: Turn) -> Turn:
    """Asking for a person is no topic of its own: an advocate wants to know what it was about."""
    if changed.conversation.topic != PERSON_TOPIC:
        return changed
    before = turn.conversation.topic
    return replace(changed, conversation=replace(changed.conversation, topic=before))
