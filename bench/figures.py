"""From stopwatch to table."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Timing:
    """One text and what came back.

    Attributes:
        accepted, first, last: seconds on one clock; first is None without an answer.
        texts, characters: of the answer.
    """

    accepted: float
    first: float | None
    last: float
    texts: int
    characters: int


@dataclass(frozen=True)
class Figures:
    """One round of one contender.

    Attributes:
        rate: messages answered per second, first webhook to last send.
        p50, p99: seconds from accepted to the first text of the answer.
        cpu: seconds of processor time per message, of all the contender's processes.
        line_cpu: the same of the simulator, which is nobody's.
        unanswered: messages without an answer.
        texts, characters: of an answer, on average.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    line_cpu: float
    unanswered: float
    texts: float
    characters: float


def figures(passes: Sequence[Sequence[Timing]], cpu_seconds: float, line_seconds: float) -> Figures:
    """The figures of one round, whose messages were sent in several passes.

    Raises ValueError when nothing at all was answered.
    """
    timings = [timing for part in passes for timing in part]
    waits = [timing.first - timing.accepted for timing in timings if timing.first is not None]
    if not waits:
        raise ValueError("not one message was answered")
    busy = sum(
        max(timing.last for timing in part) - min(timing.accepted for timing in part)
        for part in passes
    )
    return Figures(
        rate=len(waits) / busy,
        p50=percentile(waits, 50),
        p99=percentile(waits, 99),
        cpu=cpu_seconds / len(timings),
        line_cpu=line_seconds / len(timings),
        unanswered=len(timings) - len(waits),
        texts=sum(timing.texts for timing in timings) / len(waits),
        characters=sum(timing.characters for timing in timings) / len(waits),
    )


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def median(rounds: Sequence[Figures]) -> Figures:
    """Figure by figure."""
    return Figures(
        **{
            part.name: statistics.median(getattr(one, part.name) for one in rounds)
            for part in fields(Figures)
        }
    )


def table(found: Mapping[str, Sequence[Figures]], base: str) -> str:
    """Markdown: the medians of the rounds, and each contender's ratios to `base`. A ratio
    above 1 is always better than the base: more messages, shorter waits, less work."""
    heads = ["", "msg/s", "p50 ms", "p99 ms", "CPU ms/msg", "line CPU ms/msg",
             "unanswered", "texts", "characters"]  # fmt: skip
    middle = {name: median(rounds) for name, rounds in found.items()}
    rows = [
        [
            name,
            f"{one.rate:.1f}",
            f"{one.p50 * 1000:.0f}",
            f"{one.p99 * 1000:.0f}",
            f"{one.cpu * 1000:.1f}",
            f"{one.line_cpu * 1000:.1f}",
            f"{one.unanswered:.0f}",
            f"{one.texts:.2f}",
            f"{one.characters:.0f}",
        ]
        for name, one in middle.items()
    ]
    than = middle[base]
    ratios = [
        [
            name,
            f"{one.rate / than.rate:.2f}",
            f"{than.p50 / one.p50:.2f}",
            f"{than.p99 / one.p99:.2f}",
            f"{than.cpu / one.cpu:.2f}",
        ]
        for name, one in middle.items()
    ]
    spread = [
        [name, *(" ".join(f"{getattr(one, key) * scale:.1f}" for one in rounds)
                 for key, scale in (("rate", 1), ("p50", 1000), ("p99", 1000), ("cpu", 1000)))]
        for name, rounds in found.items()
    ]  # fmt: skip
    return "\n\n".join(
        [
            _markdown(heads, rows),
            f"Times better than {base}:",
            _markdown(heads[:5], ratios),
            "Every round:",
            _markdown(heads[:5], spread),
        ]
    )


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
