"""The graph of a flow as a drawing (SVG): steps in layers, from the start downwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from bot.content.checks.shape import next_steps
from bot.content.flow_file import FlowFile
from bot.core.script import (
    AskStep,
    BranchStep,
    DayStep,
    DoStep,
    EndStep,
    EscalateStep,
    GoStep,
    ListStep,
    SayStep,
    Step,
)

WIDTH, HEIGHT, GAP_X, GAP_Y = 150, 44, 18, 46
#: So many characters of a name fit into a box at the size of the drawing.
FITS = 22


@dataclass(frozen=True)
class Box:
    """One step in the drawing."""

    name: str
    told: str
    kind: str
    x: float
    y: float


def drawing(flow: FlowFile) -> str:
    """The graph as an SVG element; empty for a flow without steps."""
    layers = _layers(flow)
    if not layers:
        return ""
    widest = max(len(layer) for layer in layers)
    width = widest * (WIDTH + GAP_X) + GAP_X
    boxes = {
        name: _box(flow, name, column, row, len(layer), width)
        for row, layer in enumerate(layers)
        for column, name in enumerate(layer)
    }
    height = len(layers) * (HEIGHT + GAP_Y) - GAP_Y + GAP_X
    lines = [
        _line(boxes, name, to, ", ".join(labels))
        for name in boxes
        for to, labels in _together(_leads(flow, name)).items()
    ]
    drawn = [_drawn(box) for box in boxes.values()]
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'aria-label="Graph of {escape(flow.topic)}" style="max-width:{width:.0f}px">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>'
        f"{''.join(lines)}{''.join(drawn)}</svg>"
    )


def _layers(flow: FlowFile) -> list[list[str]]:
    """The steps by their longest way from a start without going round; loops go upwards."""
    depth: dict[str, int] = {}
    starts = [flow.start.text, *(start.text for start in flow.starts.values())]
    waiting = [(name, 0, frozenset[str]()) for name in starts if name in flow.steps]
    steps_left = 20_000  # a flow of our size needs some hundreds; no drawing may hang a review
    while waiting and steps_left:
        steps_left -= 1
        name, level, before = waiting.pop()
        if level <= depth.get(name, -1) or name in before:
            continue
        depth[name] = level
        waiting += [
            (to, level + 1, before | {name})
            for to in next_steps(flow.steps[name].step)
            if to in flow.steps
        ]
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name in flow.steps:
        if name in depth:
            layers[depth[name]].append(name)
    return layers


def _box(flow: FlowFile, name: str, column: int, row: int, in_row: int, width: float) -> Box:
    left = (width - in_row * (WIDTH + GAP_X)) / 2
    told, kind = _told(flow.steps[name].step)
    return Box(
        name, told, kind, left + GAP_X / 2 + column * (WIDTH + GAP_X), row * (HEIGHT + GAP_Y) + 8
    )


def _told(step: Step) -> tuple[str, str]:
    """(what the box says, its kind for the colour)."""
    match step:
        case SayStep(messages, _):
            return "says " + ", ".join(m.partition("/")[2] for m in messages), "say"
        case AskStep(message):
            return f"asks {message.partition('/')[2]}", "ask"
        case DayStep(message, limit):
            return f"asks a day: {limit.amount} {limit.unit}", "ask"
        case ListStep(_, need):
            return f"lists {need}", "say"
        case BranchStep(on):
            return f"by {on}", "branch"
        case GoStep(topic):
            return f"goes to {topic}", "go"
        case EscalateStep(reason):
            return f"to a person ({reason.value})", "person"
        case DoStep(deed):
            return f"does: {deed.value}", "go"
        case EndStep(topics):
            return "ends; offers " + ", ".join(topics), "end"


def _leads(flow: FlowFile, name: str) -> list[tuple[str, str]]:
    """(step, label) for every way on."""
    match flow.steps[name].step:
        case AskStep(_, answers):
            return [(answer.next, key) for key, answer in answers.items()]
        case DayStep() as day:
            return [(day.next, "day"), (day.unclear, "no day")]
        case BranchStep(_, cases, otherwise):
            return [*((to, case) for case, to in cases.items()), (otherwise, "else")]
        case other:
            return [(to, "") for to in next_steps(other)]


def _together(leads: list[tuple[str, str]]) -> dict[str, list[str]]:
    """One line for all answers that lead to the same step."""
    found: dict[str, list[str]] = {}
    for to, label in leads:
        found.setdefault(to, []).append(label)
    return found


def _line(boxes: Mapping[str, Box], name: str, to: str, label: str) -> str:
    if to not in boxes:
        return ""
    a, b = boxes[name], boxes[to]
    x1, y1, x2, y2 = a.x + WIDTH / 2, a.y + HEIGHT, b.x + WIDTH / 2, b.y
    if b.y <= a.y:  # back up: around the side
        x1, y1, x2, y2 = a.x + WIDTH, a.y + HEIGHT / 2, b.x + WIDTH, b.y + HEIGHT / 2
        path = f"M{x1:.0f} {y1:.0f}C{x1 + 40:.0f} {y1:.0f} {x2 + 40:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    else:
        bend = (y2 - y1) / 2
        path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + bend:.0f} "
        path += f"{x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"
    at_x, at_y = x1 + (x2 - x1) * 0.5, y1 + (y2 - y1) * 0.5 + 3
    text = (
        f'<text x="{at_x:.0f}" y="{at_y:.0f}" class="way">{escape(_short(label))}</text>'
        if label
        else ""
    )
    return f'<path d="{path}" class="way" marker-end="url(#tip)"/>{text}'


def _drawn(box: Box) -> str:
    told = _short(box.told)
    middle = box.x + WIDTH / 2
    return (
        f'<g class="step {box.kind}"><title>{escape(box.name)}: {escape(box.told)}</title>'
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
        f'<text x="{middle:.0f}" y="{box.y + 18:.0f}" class="name">{escape(box.name[:FITS])}</text>'
        f'<text x="{middle:.0f}" y="{box.y + 34:.0f}">{escape(told)}</text></g>'
    )


def _short(text: str) -> str:
    return text if len(text) <= FITS + 3 else text[: FITS + 2] + "…"
