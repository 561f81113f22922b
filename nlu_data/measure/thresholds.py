"""Chooses when the bot is sure; run by dev/nlu_report.py --thresholds.

    python -m measure.thresholds nlu_data nlu_data/models/nlu.tar.gz

The choice weighs what each outcome costs the person. Wrong without asking is the worst; being asked
with the right topic on offer costs one more message; being asked in vain costs that and patience.
"""

import argparse
import asyncio
import itertools
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from measure import judging
from measure.figures import Judged, Thresholds, alarmed, figures, is_sure, offered

WRONG, ASKED_WELL, ASKED_IN_VAIN = 1.0, 0.2, 0.6
#: At most this share of other messages may get the safety answer.
MOST_NEEDLESS_ALARMS = 0.03
#: Nothing below a half is sure: the rounds hold no text of a language that training never saw.
SURE = [place / 100 for place in range(50, 91, 5)]
GAP = [0.0, 0.05, 0.08, 0.12, 0.16, 0.2, 0.3]
OFFER = [0.02, 0.04, 0.06, 0.08, 0.12]
URGENT = [place / 100 for place in range(8, 61, 2)]
CALM = [place / 100 for place in range(40, 96, 5)]
_MODEL = Path(__file__).resolve().parents[2] / "bot" / "core" / "model.py"
_FIELD = re.compile(r"^    (sure|gap|offer|urgent|calm): float = ([\d.]+)$", re.MULTILINE)


def stored_thresholds() -> Thresholds:
    """Return the thresholds that the bot has, read off its source: the NLU environment cannot
    import it.
    """
    found = dict(_FIELD.findall(_MODEL.read_text(encoding="utf-8")))
    return Thresholds(**{name: float(value) for name, value in found.items()})


def cost(one: Judged, limits: Thresholds) -> float:
    """Return what the bot's answer to this message costs the person, 0..1."""
    if is_sure(one, limits):
        return 0.0 if one.right else WRONG
    return ASKED_WELL if one.right or one.intent in offered(one, limits) else ASKED_IN_VAIN


def choose(judged: Sequence[Judged], urgent: frozenset[str]) -> Thresholds:
    """Return the cheapest thresholds: for topics by cost, for emergencies the most that are caught
    while needless alarms stay below MOST_NEEDLESS_ALARMS (the fewest alarms among equals).
    """
    best = min(
        (Thresholds(*values) for values in itertools.product(SURE, GAP, OFFER)),
        key=lambda limits: (fmean(cost(one, limits) for one in judged), -limits.offer),
    )
    danger = [one for one in judged if one.intent in urgent]
    calm = [one for one in judged if one.intent not in urgent]

    def caught(limits: Thresholds) -> "tuple[float, float]":
        needless = fmean(alarmed(one, limits, urgent) for one in calm)
        found = fmean(alarmed(one, limits, urgent) for one in danger)
        return (found if needless <= MOST_NEEDLESS_ALARMS else -needless, -needless)

    if danger and calm:
        pairs = itertools.product(URGENT, CALM)
        best = max((best._replace(urgent=u, calm=c) for u, c in pairs), key=caught)
    return best


def main() -> None:
    """Choose on every round but the newest; print the choice beside what is in use, on both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=Path)
    parser.add_argument("model", type=Path)
    chosen = parser.parse_args()
    project = chosen.project.resolve()
    intents, urgent = judging.read_taxonomy(project)
    *older, newest = judging.read_rounds(project, intents).values()
    learned_on = asyncio.run(judging.ask(chosen.model, [one for found in older for one in found]))
    tested_on = asyncio.run(judging.ask(chosen.model, newest))
    best = choose(learned_on, urgent)
    for name, limits in (("in use", stored_thresholds()), ("chosen", best)):
        told = " ".join(f"{key} {value:g}" for key, value in limits._asdict().items())
        sys.stdout.write(f"\n{name}: {told}\n{'':28}  older rounds  newest round\n")
        columns = [figures(judged, limits, urgent) for judged in (learned_on, tested_on)]
        for figure in columns[0]:
            if figure.startswith(("right", "sure", "urgent", "needless", "reject")):
                shown = [f"{100 * (column[figure] or 0):.1f} %" for column in columns]
                sys.stdout.write(f"  {figure:28}{shown[0]:>12}{shown[1]:>14}\n")


if __name__ == "__main__":
    main()
