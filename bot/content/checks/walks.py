"""All ways through a topic, counted: how much there is to review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from bot.content.checks.subject import Subject
from bot.content.flow_file import FlowFile
from bot.core.library import ABOUT
from bot.core.script import AskStep, BranchStep, DayStep, ListStep, SayStep

#: Past this many ways through one topic the count stops; nobody reviews so many.
MOST = 5000


def walks(flow: FlowFile) -> Iterator[tuple[str, ...]]:
    """The steps of every way through a topic, for oneself and for a relative.

    A way ends at an end, another topic, an advocate, or where it comes back to a step that
    it has passed.
    """
    for about in ("self", "relative"):
        yield from _on(flow, flow.start.text, {ABOUT: about}, (), about)


def _on(
    flow: FlowFile, name: str, remembered: Mapping[str, str], path: tuple[str, ...], about: str
) -> Iterator[tuple[str, ...]]:
    if name in path or name not in flow.steps:
        yield path
        return
    path = (*path, name)
    match flow.steps[name].step:
        case SayStep(_, following) | ListStep(_, _, _, following):
            yield from _on(flow, following, remembered, path, about)
        case DayStep() as day:
            for target in (day.next, day.unclear):
                yield from _on(flow, target, remembered, path, about)
        case BranchStep(on, cases, otherwise):
            target = cases.get(remembered.get(on, ""), otherwise)
            yield from _on(flow, target, remembered, path, about)
        case AskStep(_, answers, remember, _):
            if remember == ABOUT and about in answers:
                yield from _on(flow, answers[about].next, remembered, path, about)
                return
            for key, answer in answers.items():
                known = {**remembered, remember: key} if remember else remembered
                yield from _on(flow, answer.next, known, path, about)
        case _:
            yield path


def count_walks(subject: Subject) -> int:
    """Over all topics."""
    return sum(
        sum(1 for _ in islice(walks(flow), MOST)) for flow in subject.content.topics.values()
    )
