"""Flows: every step can be reached, leads somewhere, and ends or waits at a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.content.checks.subject import Subject
from bot.content.flow_file import FlowFile
from bot.content.page import meant
from bot.content.yaml_file import Problem
from bot.core.library import ABOUT
from bot.core.script import AskStep, BranchStep, DayStep, EndStep, GoStep, ListStep, SayStep, Step

#: A step of some topic.
Place = tuple[str, str]


def next_steps(step: Step) -> tuple[str, ...]:
    """The steps of the same topic that may follow."""
    match step:
        case SayStep():
            return (step.next,)
        case AskStep():
            return tuple(answer.next for answer in step.answers.values())
        case BranchStep():
            return (*step.cases.values(), step.otherwise)
        case DayStep():
            return (step.next, step.unclear)
        case ListStep():
            return (step.next,)
    return ()


def unknown_steps(subject: Subject) -> Iterable[Problem]:
    """`start`, `next`, answers and cases name steps that exist."""
    for flow in subject.content.topics.values():
        for start in (flow.start, *flow.starts.values()):
            if start.text not in flow.steps:
                yield Problem(
                    flow.file,
                    start.line,
                    f"the flow starts at '{start}', but there is no such step",
                    meant(start.text, flow.steps),
                )
        for intent, start in flow.starts.items():
            if intent not in {one.text for one in flow.intents}:
                yield Problem(
                    flow.file,
                    start.line,
                    f"there is a start for '{intent}', but this question does not lead here",
                    "add it to 'intents', or remove the start",
                )
        for name, step in flow.steps.items():
            for target in dict.fromkeys(next_steps(step.step)):
                if target not in flow.steps:
                    yield Problem(
                        flow.file,
                        step.at(target),
                        f"step '{name}' leads to '{target}', but there is no such step",
                        meant(target, flow.steps),
                    )


def unknown_topics(subject: Subject) -> Iterable[Problem]:
    """`go`, `end` and the menu name topics that exist."""
    topics = subject.content.topics
    for flow, name, step in subject.steps():
        targets: tuple[str, ...] = ()
        if isinstance(step.step, GoStep):
            targets = (step.step.topic,)
        elif isinstance(step.step, EndStep):
            targets = step.step.follow_up
        for target in targets:
            if target not in topics:
                yield Problem(
                    flow.file,
                    step.at(target),
                    f"step '{name}' names the topic '{target}', but there is no such folder",
                    meant(target, topics),
                )
    for topic in subject.content.shared.menu:
        if topic.text not in topics:
            yield Problem(
                subject.content.shared.file,
                topic.line,
                f"the menu names the topic '{topic}', but there is no such folder",
                meant(topic.text, topics),
            )


def unreachable_steps(subject: Subject) -> Iterable[Problem]:
    for flow in subject.content.topics.values():
        if flow.start.text not in flow.steps:
            continue
        reached = _reached(flow)
        for name, step in flow.steps.items():
            if name not in reached:
                yield Problem(
                    flow.file,
                    step.line,
                    f"nothing leads to step '{name}'",
                    "let a step lead to it, or remove it",
                )


def _reached(flow: FlowFile) -> set[str]:
    reached: set[str] = set()
    waiting = [flow.start.text, *(start.text for start in flow.starts.values())]
    while waiting:
        name = waiting.pop()
        if name in flow.steps and name not in reached:
            reached.add(name)
            waiting += next_steps(flow.steps[name].step)
    return reached


def endless_circles(subject: Subject) -> Iterable[Problem]:
    """Walks that never wait for the person would send messages for ever.

    A question that is asked once does not stop a circle: it is skipped the second time.
    """
    edges: dict[Place, tuple[Place, ...]] = {}
    for flow, name, step in subject.steps():
        edges[flow.topic, name] = tuple(_passes(subject, flow, step.step))
    for circle in _circles(edges):
        lines = [(t, subject.content.topics[t].steps[name].line) for t, name in circle]
        first = lines.index(min(lines))
        topic, line = lines[first]
        told = " → ".join(name for _, name in (*circle[first:], *circle[:first]))
        yield Problem(
            subject.content.topics[topic].file,
            line,
            f"these steps go round for ever without a question: {told}",
            "let one of them end, or ask something in between",
        )


def _passes(subject: Subject, flow: FlowFile, step: Step) -> Iterator[Place]:
    if isinstance(step, GoStep):
        to = subject.content.topics.get(step.topic)
        if to is not None and to.start.text in to.steps:
            yield step.topic, to.start.text
    elif not isinstance(step, AskStep | DayStep) or (isinstance(step, AskStep) and step.once):
        for target in next_steps(step):
            if target in flow.steps:
                yield flow.topic, target


def _circles(edges: Mapping[Place, tuple[Place, ...]]) -> Iterator[tuple[Place, ...]]:
    """Circles that have no step in common, in the order of the files."""
    left = dict(edges)
    while left:
        grew = True
        while grew:  # take away what leads nowhere; what stays leads to a circle
            ends = [place for place in left if not any(n in left for n in left[place])]
            grew = bool(ends)
            for place in ends:
                del left[place]
        if not left:
            return
        path = [next(iter(left))]
        while (following := next(n for n in left[path[-1]] if n in left)) not in path:
            path.append(following)
        circle = tuple(path[path.index(following) :])
        yield circle
        for place in circle:
            del left[place]


def dead_ends(subject: Subject) -> Iterable[Problem]:
    """From every step some way leads to an end, an advocate, a deed or another topic."""
    for flow in subject.content.topics.values():
        ending = {name for name, step in flow.steps.items() if not next_steps(step.step)}
        grew = True
        while grew:
            more = {
                name
                for name, step in flow.steps.items()
                if name not in ending and any(n in ending for n in next_steps(step.step))
            }
            grew = bool(more)
            ending |= more
        known = all(t in flow.steps for step in flow.steps.values() for t in next_steps(step.step))
        stuck = [name for name in flow.steps if name not in ending and name in _reached(flow)]
        # without a question it is an endless circle, which is told as one
        asks = any(isinstance(flow.steps[name].step, AskStep | DayStep) for name in stuck)
        if asks and known:
            yield Problem(
                flow.file,
                flow.steps[stuck[0]].line,
                f"from step '{stuck[0]}' no way leads to an end",
                "let some step end, escalate or go to another topic",
            )


def silent_answers(subject: Subject) -> Iterable[Problem]:
    """Whoever answers a question hears something back."""
    for flow, name, step in subject.steps():
        if not isinstance(step.step, AskStep):
            continue
        for key, answer in step.step.answers.items():
            target = flow.steps.get(answer.next)
            if target and isinstance(target.step, EndStep) and not target.step.follow_up:
                yield Problem(
                    flow.file,
                    step.at(key),
                    f"whoever answers '{key}' in step '{name}' hears nothing back",
                    "say something before the end, or offer topics: end: [find_lawyer]",
                )


def branches(subject: Subject) -> Iterable[Problem]:
    """`branch` goes by an answer that some question remembers, and its cases are its answers."""
    remembered: dict[str, set[str]] = {}
    for _, _, ask in subject.asks():
        if ask.remember:
            remembered.setdefault(ask.remember, set()).update(ask.answers)
    remembered.setdefault(ABOUT, set()).update(("self", "relative"))
    for flow, name, step in subject.steps():
        if not isinstance(step.step, BranchStep):
            continue
        on = step.step.on
        if on not in remembered:
            yield Problem(
                flow.file,
                step.at(on),
                f"step '{name}' goes by '{on}', but no question remembers that",
                meant(on, remembered),
            )
            continue
        for case in step.step.cases:
            if case not in remembered[on]:
                yield Problem(
                    flow.file,
                    step.at(case),
                    f"step '{name}' has the case '{case}', which no answer gives",
                    meant(case, remembered[on]),
                )


CHECKS = (
    unknown_steps,
    unknown_topics,
    unreachable_steps,
    endless_circles,
    dead_ends,
    silent_answers,
    branches,
)
