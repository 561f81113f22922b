"""take_turn: one message in, one outcome out. The order of its rules is the safety policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.core import answers, language
from bot.core.compare import words
from bot.core.emergencies import (
    LIKELY,
    urgent_in_any_language,
    urgent_intent,
    words_of_emergency,
)
from bot.core.flow import FlowFailed
from bot.core.library import Library, MissingWording
from bot.core.model import (
    PERSON_TOPIC,
    Choice,
    CloseEscalation,
    Conversation,
    Forget,
    Kind,
    Moment,
    OptOut,
    Outcome,
    Prediction,
    Reason,
    Status,
    Urgency,
)
from bot.core.notices import with_notices
from bot.core.replies import (
    Command,
    OutOfRange,
    carrier_word,
    chosen_exactly,
    command,
    emergency,
    read,
)
from bot.core.situation import Turn
from bot.core.wording import MissingValue

#: After this much silence the bot asks again whom a question is about, and where somebody
#: stands: phones are shared, and a case moves on.
ANSWERS_EXPIRE = timedelta(hours=2)
#: A first message of at most so many words that means nothing to us is taken for a greeting.
FIRST_WORDS = 2
#: Intents that are talk, not topics; never offered as a guess.
TALK = frozenset({"greet", "thanks", "goodbye", "affirm", "deny", "out_of_scope", "nlu_fallback"})


def take_turn(
    library: Library,
    conversation: Conversation,
    text: str,
    prediction: Prediction | None,
    moment: Moment,
) -> Outcome:
    """Decide what one message brings about.

    Args:
        text: the person's words, personal details already masked.
        prediction: what the classifier made of them; None when it was not asked
            (see `needs_prediction`).

    Returns:
        The conversation after the message and the effects, in order. Never raises on
        content that is broken: that too ends in an answer with a hotline and a person.
    """
    if conversation.last_at and moment.now - conversation.last_at > ANSWERS_EXPIRE:
        conversation = _without_answers(conversation)
    turn = Turn(library, replace(conversation, last_at=moment.now), text, prediction, moment)
    try:
        outcome = _first_match(turn)
    except (FlowFailed, MissingWording, MissingValue):
        outcome = answers.failed(turn)
    return with_notices(turn, outcome)


def _without_answers(conversation: Conversation) -> Conversation:
    """Remembered answers are forgotten, unless a question is still open that builds on them."""
    question = conversation.question
    if question is not None and question.expects_answer:
        return conversation
    return replace(conversation, answers={}, topic=None)


def _first_match(turn: Turn) -> Outcome:
    for rule in (
        carrier_opt_out,
        delete_everything,
        words_of_emergency,
        with_a_person,
        too_many_at_once,
    ):
        if outcome := rule(turn):
            return outcome
    turn, outcome = settle_language(turn)
    return outcome or (
        urgent_intent(turn)
        or nothing_to_read(turn)
        or explicit_command(turn)
        or reply_to_question(turn)
        or sure_topic(turn)
        or unclear(turn)
    )


def failed_turn(library: Library, conversation: Conversation, text: str, moment: Moment) -> Outcome:
    """The outcome when a turn could not be taken at all: a hotline and a person."""
    return answers.failed(Turn(library, conversation, text, None, moment))


def needs_prediction(
    library: Library, conversation: Conversation, text: str, moment: Moment
) -> bool:
    """Whether a classifier has to be asked: not for commands, menu answers, emergencies,
    floods, people who opted out, or words that go to an advocate."""
    return not (
        conversation.status in (Status.STOPPED, Status.ADVOCATE)
        or moment.over_limit
        or not text.strip()
        or carrier_word(text, moment.opt_out)
        or command(library, conversation.language, text)
        or language.named(library, text)
        or emergency(library, text)
        or read(library, conversation, text, None) is not None
    )


# --- 1 · the carrier's words ---------------------------------------------------------------


def carrier_opt_out(turn: Turn) -> Outcome | None:
    """STOP and START as the carrier means them. Nothing is said to anybody who stopped."""
    word = carrier_word(turn.text, turn.moment.opt_out)
    if word is OptOut.STOP:
        return answers.stop(turn, "carrier_stop")
    if turn.conversation.status is Status.STOPPED:
        if word is OptOut.START:
            back = replace(turn.conversation, status=Status.BOT, question=None)
            return answers.shared(turn, back, "resumed", rule="carrier_start")
        if command(turn.library, turn.language, turn.text) is Command.DELETE:
            blank = Conversation(channel=turn.conversation.channel, status=Status.STOPPED)
            return Outcome(blank, (Forget(),), "delete")
        return Outcome(turn.conversation, (), "stopped")
    if word is OptOut.HELP:
        # Advanced Opt-Out has answered already; a second answer would only confuse
        return Outcome(turn.conversation, (), "carrier_help")
    if word is OptOut.START:
        return answers.greet(turn, rule="carrier_start")
    return None


# --- 2 · "delete my messages" ----------------------------------------------------------------


def delete_everything(turn: Turn) -> Outcome | None:
    if command(turn.library, turn.language, turn.text) is not Command.DELETE:
        return None
    return answers.forget(turn)


# --- 4 · waiting for, or with, an advocate ------------------------------------------------------


def with_a_person(turn: Turn) -> Outcome | None:
    """The bot is silent; what it still obeys while somebody waits are exact commands."""
    status = turn.conversation.status
    if status is Status.ADVOCATE:
        return Outcome(turn.conversation, (), "with_advocate")
    if status is not Status.WAITING:
        return None
    if (urgent := urgent_intent(turn)) is not None:
        return urgent
    if code := language.named(turn.library, turn.text):
        changed = replace(turn.conversation, language=code, chosen=True)
        return answers.shared(turn, changed, "language_changed", rule="language")
    match command(turn.library, turn.language, turn.text):
        case Command.MENU | Command.LEAVE | Command.RESTART:
            back = replace(
                turn.conversation, status=Status.BOT, escalation=None, safety_given=(), topic=None
            )
            return answers.menu(
                turn, back, "left_line", rule="withdrew", before=(CloseEscalation("withdrew"),)
            )
        case Command.PERSON | Command.HELP:
            return answers.shared(turn, turn.conversation, "still_waiting", rule="waiting")
        case Command.STOP:
            return answers.stop_confirmed(turn)
    return Outcome(turn.conversation, (), "waiting")


def too_many_at_once(turn: Turn) -> Outcome | None:
    """Over the rate limit one kind text is sent, then silence until it is calm again."""
    if not turn.moment.over_limit:
        return None
    if turn.moment.over_limit == 1:
        return answers.shared(turn, turn.conversation, "slow_down", rule="flood")
    return Outcome(turn.conversation, (), "flood")


# --- 5 · language ----------------------------------------------------------------------------


def settle_language(turn: Turn) -> tuple[Turn, Outcome | None]:
    """The language of the answer; a menu of languages when there is no evidence for one."""
    here = turn.conversation
    if code := language.named(turn.library, turn.text):
        return turn, answers.speak(turn, code)
    if command(turn.library, turn.language, turn.text) is Command.LANGUAGE:
        return turn, answers.languages(turn, "languages")
    if here.question is not None:
        chosen = read(turn.library, here, turn.text, None)
        if chosen is not None and not (isinstance(chosen, OutOfRange) and here.language is None):
            return turn, None
    found = language.settle(turn.library, here, turn.text, turn.prediction)
    if found.language is None:
        parked = replace(here, parked=turn.sure_intent or here.parked)
        asked = answers.languages(replace(turn, conversation=parked), "languages")
        return turn, urgent_in_any_language(turn) or asked
    if found.foreign:
        asked = answers.languages(turn, "language_not_offered")
        return turn, urgent_in_any_language(turn) or asked
    return replace(turn, conversation=replace(here, language=found.language)), None


def nothing_to_read(turn: Turn) -> Outcome | None:
    """Pictures, recordings and empty messages."""
    if turn.text.strip():
        return None
    name = "media_not_read" if turn.moment.media else "empty_text"
    return answers.shared(turn, turn.conversation, name, rule="no_text")


def explicit_command(turn: Turn) -> Outcome | None:
    """A command, unless it is also the word of an answer to what was just asked."""
    if chosen_exactly(turn.library, turn.conversation, turn.text):
        return None
    match command(turn.library, turn.language, turn.text):
        case Command.MENU | Command.HELP | Command.LEAVE | Command.RESTART:
            start = replace(turn.conversation, topic=None, answers={}, misunderstood=0)
            return answers.menu(turn, start, rule="command")
        case Command.PERSON:
            if offered := _person_offered(turn):
                return offered
            return answers.walk_topic(turn, PERSON_TOPIC, "command")
        case Command.REPEAT:
            return answers.repeat(turn)
        case Command.SOURCE:
            return answers.sources(turn)
        case Command.STOP:
            return answers.stop_confirmed(turn)
    return None


def _person_offered(turn: Turn) -> Outcome | None:
    """Where the question itself offers a person, the word means that offer: in an urgent
    topic it leads to the front of the queue."""
    question = turn.conversation.question
    for choice in question.choices if question else ():
        if choice.kind is Kind.ANSWER and choice.value == Command.PERSON:
            return answers.choose(turn, question, choice) if question else None
    return None


# --- 6 · at a question -----------------------------------------------------------------------


def reply_to_question(turn: Turn) -> Outcome | None:
    question = turn.conversation.question
    chosen = read(turn.library, turn.conversation, turn.text, turn.prediction)
    if question is None:
        return None
    if isinstance(chosen, OutOfRange):
        return answers.ask_again(turn, question, "choose_number", {"count": str(chosen.count)})
    if chosen is not None:
        return answers.choose(turn, question, chosen)
    if question.wants_day and question.tries:
        return answers.choose(turn, question, Choice(Kind.DAY, ""))
    if question.expects_answer and (turn.sure_intent is None or turn.sure_intent in TALK):
        if question.tries == 0:
            hint = "write_the_day" if question.wants_day else "answer_with_number"
            return answers.ask_again(turn, question, hint)
        return answers.offer_person(turn)
    return None


# --- 7 · a sure prediction --------------------------------------------------------------------


def sure_topic(turn: Turn) -> Outcome | None:
    intent = turn.sure_intent
    if intent is None:
        return None
    handlers: dict[str, Callable[[], Outcome]] = {
        "greet": lambda: answers.greet(turn, rule="talk"),
        "thanks": lambda: answers.shared(turn, _calm(turn), "thanks", rule="talk"),
        "goodbye": lambda: answers.shared(turn, _calm(turn), "goodbye", rule="talk"),
        "affirm": lambda: answers.menu(turn, _calm(turn), rule="talk"),
        "deny": lambda: answers.menu(turn, _calm(turn), rule="talk"),
        "out_of_scope": lambda: answers.menu(turn, _calm(turn), "out_of_scope", rule="talk"),
        "show_menu": lambda: answers.menu(turn, _calm(turn), rule="topic"),
        "ask_to_explain": lambda: answers.repeat(turn),
        "change_language": lambda: answers.change_language(turn),
    }
    handler = handlers.get(intent)
    outcome = (
        handler()
        if handler
        else answers.walk_topic(
            answers.about_whom(turn),
            turn.library.topic_of_intent.get(intent, intent),
            "topic",
            intent,
        )
    )
    confidence = turn.prediction.confidence if turn.prediction else 0.0
    return replace(outcome, intent=intent, confidence=confidence)


def _calm(turn: Turn) -> Conversation:
    return replace(turn.conversation, misunderstood=0)


# --- 8 · not understood -------------------------------------------------------------------------


def unclear(turn: Turn) -> Outcome:
    """First offer the likeliest topics or the menu, then a person, then fetch one."""
    times = turn.conversation.misunderstood + 1
    counted = replace(turn, conversation=replace(turn.conversation, misunderstood=times))
    if times > 2:
        return answers.escalate(counted, Reason.MISUNDERSTOOD, Urgency.NORMAL, "misunderstood")
    if times == 2:
        return answers.offer_person(counted)
    p, t = turn.prediction, turn.moment.thresholds
    likely = [i for i, c in (p.ranking[:LIKELY] if p else ()) if c >= t.offer and i not in TALK][:2]
    if likely and p and p.intent not in TALK:
        return answers.did_you_mean(counted, likely)
    if not turn.conversation.greeted and len(words(turn.text)) <= FIRST_WORDS:
        # "hello" with no model to know it: who we are and the menu say enough
        return answers.menu(turn, turn.conversation, rule="unclear")
    return answers.menu(counted, counted.conversation, "not_understood", rule="unclear")
