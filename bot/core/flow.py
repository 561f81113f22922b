"""Walk and resume one flow: from a step to the next question or end, with a step limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from bot.core.days import day_in_words, is_working_day, last_day
from bot.core.library import ABOUT, Library
from bot.core.listing import list_of_resources
from bot.core.model import SHARED, Choice, Conversation, Kind, MessageRef, Question, Send
from bot.core.script import (
    AskStep,
    BranchStep,
    DayStep,
    Deed,
    DoStep,
    EndStep,
    EscalateStep,
    GoStep,
    ListStep,
    SayStep,
)

#: Steps one message may walk. No topic comes near it; a circle made by an author does, and
#: must end with a person being asked to look, not with a hung worker.
MAX_STEPS_PER_TURN = 60
#: The answer "1" to every question for a day.
DAY_NOT_KNOWN = "day_not_known"


class FlowFailed(Exception):
    """A flow could not be walked: "step_limit", "unknown_topic" or "unknown_step"."""

    def __init__(self, code: str, topic: str) -> None:
        super().__init__(code, topic)
        self.code = code


@dataclass
class Walk:
    """What a walk produced: texts, the conversation after it, and what it ended in.

    `ending` is None when the flow waits at a question or has ended; a GoStep names a topic
    that may not be walked.
    """

    conversation: Conversation
    sends: list[Send] = field(default_factory=list)
    ending: EscalateStep | Deed | GoStep | None = None
    steps: int = 0
    #: Days that were told: they are not to be stored.
    hidden: tuple[str, ...] = ()


#: A way to go on that has not been gone yet.
Answered = Callable[[], Walk]


def walk(
    library: Library,
    conversation: Conversation,
    topic: str,
    step: str | None = None,
    closed: frozenset[str] = frozenset(),
) -> Walk:
    """Walk a topic from the given step (its start when None) as far as it goes.

    `closed` are topics that must not be gone on with, such as those out of date.
    Raises FlowFailed and MissingWording; the caller turns both into an answer with a
    hotline and an escalation.
    """
    done = Walk(replace(conversation, topic=topic, question=None, misunderstood=0, said=()))
    at: str | None = step
    while True:
        flow = library.flows.get(topic)
        if flow is None:
            raise FlowFailed("unknown_topic", topic)
        at = at or flow.start
        current = flow.steps.get(at)
        if current is None:
            raise FlowFailed("unknown_step", topic)
        done.steps += 1
        if done.steps > MAX_STEPS_PER_TURN:
            raise FlowFailed("step_limit", topic)
        match current:
            case SayStep(messages, following):
                for message in messages:
                    say(library, done, message)
                at = following
            case AskStep(message, answers, remember, once):
                known = done.conversation.answers.get(remember or "") if once else None
                if known is not None and known in answers:
                    at = answers[known].next
                    continue
                ask(library, done, topic, at, current)
                return done
            case DayStep():
                ask_day(library, done, topic, at, current)
                return done
            case ListStep(message, need, place, following):
                where = done.conversation.answers.get(place) if place else None
                text = list_of_resources(library, done.conversation, message, need, where)
                done.sends.append(Send(message, text))
                at = following
            case BranchStep(on, cases, otherwise):
                at = cases.get(done.conversation.answers.get(on, ""), otherwise)
            case GoStep(to) if to in closed:
                done.ending = current
                return done
            case GoStep(to):
                topic, at = to, None
                done.conversation = replace(done.conversation, topic=topic)
            case EscalateStep():
                done.ending = current
                return done
            case DoStep(deed):
                done.ending = deed
                return done
            case EndStep(follow_up):
                offer_topics(library, done, follow_up)
                return done


def resume(
    library: Library,
    conversation: Conversation,
    question: Question,
    key: str,
    closed: frozenset[str] = frozenset(),
) -> Walk:
    """Go on from an answered question. Arguments and errors as of `walk`."""
    topic, at = question.topic, question.step
    flow = library.flows.get(topic or "")
    asked = flow.steps.get(at or "") if flow else None
    if topic is None or not isinstance(asked, AskStep) or key not in asked.answers:
        # the content changed since the question was sent: never apply an answer to another question
        raise FlowFailed("unknown_step", topic or "")
    if asked.remember:
        conversation = replace(conversation, answers={**conversation.answers, asked.remember: key})
    return walk(library, conversation, topic, asked.answers[key].next, closed)


def resume_with_day(
    library: Library,
    conversation: Conversation,
    question: Question,
    day: date,
    today: date,
    closed: frozenset[str] = frozenset(),
) -> Walk:
    """Tell the last day of the time limit that began on `day`, and go on.

    Neither day is kept. Other arguments and errors as of `walk`.
    """
    topic, at = question.topic, question.step
    flow = library.flows.get(topic or "")
    asked = flow.steps.get(at or "") if flow else None
    if topic is None or not isinstance(asked, DayStep):
        raise FlowFailed("unknown_step", topic or "")
    last = last_day(day, asked.limit)
    language = conversation.language or library.base
    values = {"day": day_in_words(day, language), "last_day": day_in_words(last, language)}
    told = asked.passed if last < today else asked.counted
    about = conversation.answers.get(ABOUT)
    sends = [Send(told, library.text(told, language, about, values))]
    if last >= today and not is_working_day(last):
        sends.append(_of_shared(library, "last_day_not_worked", language))
    done = walk(library, conversation, topic, asked.next, closed)
    done.sends[:0] = sends
    done.hidden = (values["day"], values["last_day"])
    return done


def _of_shared(library: Library, name: str, language: str) -> Send:
    return Send(MessageRef(f"{SHARED}/{name}"), library.shared(name, language))


def safety_answer(library: Library, conversation: Conversation, topic: str) -> list[Send]:
    """Only the messages with which an urgent topic begins."""
    flow = library.flows.get(topic)
    first = flow.steps.get(flow.start) if flow else None
    done = Walk(conversation)
    if isinstance(first, SayStep):
        for message in first.messages:
            say(library, done, message)
    return done.sends


def say(library: Library, done: Walk, message: MessageRef) -> None:
    about = done.conversation.answers.get(ABOUT)
    text = library.text(message, done.conversation.language, about)
    done.sends.append(Send(message, text))
    done.conversation = replace(done.conversation, said=(*done.conversation.said, message))


def ask(library: Library, done: Walk, topic: str, at: str, step: AskStep, tries: int = 0) -> None:
    about = done.conversation.answers.get(ABOUT)
    language = done.conversation.language
    wording = library.answers_to(step.message, language)
    labels = [wording[key].label if key in wording else key for key in step.answers]
    text = numbered(library.text(step.message, language, about), labels)
    done.sends.append(Send(step.message, text))
    done.conversation = replace(
        done.conversation,
        topic=topic,
        question=Question(
            choices=tuple(Choice(Kind.ANSWER, key) for key in step.answers),
            message=step.message,
            topic=topic,
            step=at,
            tries=tries,
            expects_answer=True,
        ),
    )


def ask_day(
    library: Library, done: Walk, topic: str, at: str, step: DayStep, tries: int = 0
) -> None:
    about = done.conversation.answers.get(ABOUT)
    language = done.conversation.language
    not_known = library.shared(DAY_NOT_KNOWN, language)
    text = numbered(library.text(step.message, language, about), [not_known])
    done.sends.append(Send(step.message, text))
    done.conversation = replace(
        done.conversation,
        topic=topic,
        question=Question(
            choices=(Choice(Kind.DAY, ""),),
            message=step.message,
            topic=topic,
            step=at,
            tries=tries,
            expects_answer=True,
            wants_day=True,
        ),
    )


def ask_again(library: Library, conversation: Conversation, question: Question) -> Walk:
    """The same question once more. Raises FlowFailed when it no longer exists."""
    flow = library.flows.get(question.topic or "")
    step = flow.steps.get(question.step or "") if flow else None
    if question.topic is None or question.step is None:
        raise FlowFailed("unknown_step", question.topic or "")
    done, again = Walk(conversation), question.tries + 1
    match step:
        case AskStep():
            ask(library, done, question.topic, question.step, step, again)
        case DayStep():
            ask_day(library, done, question.topic, question.step, step, again)
        case _:
            raise FlowFailed("unknown_step", question.topic)
    return done


def offer_topics(
    library: Library, done: Walk, topics: tuple[str, ...], heading: str = "follow_up"
) -> None:
    """Name topics by number, as something that may be chosen or ignored."""
    if not topics:
        return
    message = MessageRef(f"{SHARED}/{heading}")
    language = done.conversation.language
    text = numbered(library.text(message, language), [library.title(t, language) for t in topics])
    done.sends.append(Send(message, text))
    done.conversation = replace(
        done.conversation,
        question=Question(choices=tuple(Choice(Kind.TOPIC, t) for t in topics), message=message),
    )


def numbered(heading: str, labels: list[str]) -> str:
    """A message with its choices, one a line: "1 Yes"."""
    return "\n".join([heading, *(f"{n} {label}" for n, label in enumerate(labels, 1))])
