"""Writes the report: `python -m measure.report` (see dev/nlu_report.py)."""

import argparse
import asyncio
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from rights_nlu.language_folders import read_yaml
from rights_nlu.noise import hurried, shorthand_of
from rights_nlu.normal_form import bare, words

from measure import judging
from measure.failures import update_failures
from measure.figures import Judged, Thresholds, by, confusions, figures
from measure.picture import confusion_picture
from measure.thresholds import stored_thresholds

PICTURE = "nlu-confusion.svg"
ROWS: tuple[tuple[str, str], ...] = (
    ("messages", "messages"),
    ("accuracy", "accuracy"),
    ("macro_f1", "macro-F1"),
    ("right_or_offered", "right first or offered"),
    ("sure", "answered without asking back"),
    ("right_when_sure", "… of these right"),
    ("urgent_recall", "urgent recall"),
    ("needless_alarms", "needless safety answers"),
    ("out_of_scope_recall", "out of scope: recall"),
    ("out_of_scope_false_alarms", "out of scope: false alarms"),
    ("rejected_outright", "… without asking back"),
    ("language_native", "language right"),
    ("language_romanised", "… romanised"),
)
#: What it must reach on messages of authors who had not read the examples: figure, least mean over
#: the languages (None: none), least of any language.
TARGETS: tuple[tuple[str, float | None, float | None], ...] = (
    ("accuracy", 0.90, 0.85),
    ("right_or_offered", 0.95, None),
    ("urgent_recall", 0.97, 0.93),
    ("out_of_scope_recall", 0.75, None),
    ("language_native", 0.98, None),
    ("language_romanised", 0.92, None),
)
EXPLAINED = """\
- *accuracy*: the first of 48 intents is right; *macro-F1*: the mean over intents.
- *right first or offered*: right first, or among the two offered by number when the bot is unsure.
- *urgent recall*: an urgent message whose intent is first, or that gets the safety answer because
  the urgent intents among the first three add up; *needless safety answers*: the share of other
  messages that get it.
- *out of scope, false alarms*: messages that are our business with `out_of_scope` first.
- *language right*: of messages of three words or more in the language's own script; *romanised*: in
  Latin letters where the language has others.
- *mean*: of the languages, each counting the same.
"""


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if name == "messages" else f"{100 * value:.1f}"


def table(
    groups: dict[str, list[Judged]], limits: Thresholds, urgent: frozenset[str], mean: bool = True
) -> str:
    """Return a Markdown table with a column for each group; `mean` adds that of the groups."""
    found = {name: figures(judged, limits, urgent) for name, judged in groups.items()}
    if mean and len(found) > 1:
        average: dict[str, float | None] = {}
        for name, _ in ROWS:
            known = [v for figure in found.values() if (v := figure[name]) is not None]
            total = sum(known) if name == "messages" else sum(known) / max(1, len(known))
            average[name] = total if known else None
        found["mean"] = average
    lines = ["| | " + " | ".join(found) + " |", "| --- |" + " ---: |" * len(found)]
    for name, told in ROWS:
        cells = " | ".join(_cell(name, figure[name]) for figure in found.values())
        lines.append(f"| {told} | {cells} |")
    return "\n".join(lines)


def _section(
    title: str, about: str, judged: Sequence[Judged], limits: Thresholds, urgent: frozenset[str]
) -> list[str]:
    lines = [f"## {title}", "", about, "", table(by(judged, "language"), limits, urgent), ""]
    styles = {name or "not told": found for name, found in by(judged, "style").items()}
    if len(styles) > 1:
        lines += ["By style:", "", table(styles, limits, urgent, mean=False), ""]
    lines += ["Commonest confusions:", ""]
    lines += [f"- {n} × {was} taken for {said or 'nothing'}" for (was, said), n in
              confusions(judged).most_common(15)]  # fmt: skip
    weak = sorted(by(judged, "intent").items(), key=lambda item: _accuracy(item[1]))[:10]
    told = ", ".join(f"{name} {100 * _accuracy(found):.0f} %" for name, found in weak)
    return [*lines, "", f"Hardest intents: {told}.", ""]


def _accuracy(judged: Sequence[Judged]) -> float:
    return sum(one.right for one in judged) / len(judged)


def _targets(judged: Sequence[Judged], limits: Thresholds, urgent: frozenset[str]) -> list[str]:
    """Return a table of what is to be reached and what is."""
    found = {k: figures(group, limits, urgent) for k, group in by(judged, "language").items()}
    names = dict(ROWS)
    lines = ["| | target | mean | least | |", "| --- | --- | ---: | --- | --- |"]
    for name, mean, least in TARGETS:
        known = {k: v for k, figure in found.items() if (v := figure[name]) is not None}
        if not known:
            continue
        worst = min(known, key=lambda language: known[language])
        average = fmean(known.values())
        met = (mean is None or average >= mean) and (least is None or known[worst] >= least)
        wanted = f"mean {100 * (mean or 0):.0f}" + (
            f", none under {100 * least:.0f}" if least else ""
        )
        lines.append(
            f"| {names[name].lstrip('… ')} | {wanted} | {100 * average:.1f} | "
            f"{worst} {100 * known[worst]:.1f} | {'met' if met else 'missed'} |"
        )
    return [*lines, ""]


def _over_rounds(
    rounds: dict[int, list[Judged]], limits: Thresholds, urgent: frozenset[str]
) -> list[str]:
    """Return a table with the accuracy of each language in each round."""
    languages = sorted({one.language for judged in rounds.values() for one in judged})
    lines = ["| round | " + " | ".join(languages) + " |", "| --- |" + " ---: |" * len(languages)]
    for number, judged in rounds.items():
        groups = by(judged, "language")
        cells = [_cell("accuracy", figures(groups[n], limits, urgent)["accuracy"]) if n in groups
                 else "–" for n in languages]  # fmt: skip
        lines.append(f"| {number} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _worn(model: Path, project: Path, judged: Sequence[Judged]) -> list[str]:
    """Return what the plain messages lose when they are typed in a hurry or without accents."""
    plain = [one for one in judged if one.style == "plain"]
    table = shorthand_of(read_yaml(project / "shorthand.yml"))
    ways = {
        "as written": lambda one: one.text,
        "misspelt, with shorthand": lambda one: hurried(
            one.text,
            table.get(one.language, {}),
            random.Random(one.text),  # noqa: S311
        ),
        "without accents": lambda one: " ".join(bare(word) for word in words(one.text)),
    }
    lines = [
        "The plain ones again, changed by machine (seeded; about a slip every 14 letters):", "",
        "| | accuracy |", "| --- | ---: |",
    ]  # fmt: skip
    for name, change in ways.items():
        asked = [judging.Asked(change(one), one.intent, one.language, one.style) for one in plain]
        lines.append(f"| {name} | {100 * _accuracy(asyncio.run(judging.ask(model, asked))):.1f} |")
    return [*lines, ""]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("docs", type=Path)
    chosen = parser.parse_args()
    project = chosen.project.resolve()
    intents, urgent = judging.read_taxonomy(project)
    limits = stored_thresholds()
    rounds = {
        number: asyncio.run(judging.ask(chosen.model, asked))
        for number, asked in judging.read_rounds(project, intents).items()
    }
    newest = max(rounds)
    lines = [
        "# How much is understood", "",
        ("Written by `make nlu-report`; percentages. Every message was written by an author who "
        "had not read the examples, and nothing is trained on any of them. The trained model was "
        "asked through Rasa, with the thresholds of the bot: "
        f"{', '.join(f'{k} {v}' for k, v in limits._asdict().items())}."), "", EXPLAINED,
        f"## Targets, on round {newest}", "", *_targets(rounds[newest], limits, urgent),
    ]  # fmt: skip
    lines += _section(f"Round {newest}", "The newest messages.", rounds[newest], limits, urgent)
    lines += _worn(chosen.model, project, rounds[newest])
    older = [one for number, found in rounds.items() if number != newest for one in found]
    if older:
        about = (
            "What was missed of these was studied, and other examples were written that have in "
            "common what the misses had. So they are easier by now than when they were new "
            "([rounds](../nlu_data/rounds/README.md)). Thresholds were chosen on them."
        )
        lines += _section("Older rounds", about, older, limits, urgent)
        lines += [
            "Accuracy by round, with today's model:",
            "",
            *_over_rounds(rounds, limits, urgent),
        ]
    everything = [one for found in rounds.values() for one in found]
    lines += [update_failures(project / "known_failures.yml", everything), ""]
    picture = confusion_picture(everything, intents)
    (chosen.docs / PICTURE).write_text(picture, encoding="utf-8")
    lines += [f"![Which intent is taken for which]({PICTURE})", ""]
    text = "\n".join(lines)
    (chosen.docs / "nlu-report.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
