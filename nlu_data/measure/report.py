"""Writes the report: `python -m measure.report nlu_data docs` (see dev/nlu_report.py)."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rights_nlu.language_folders import read_yaml

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
    ("language_accuracy", "language right"),
)
EXPLAINED = """\
- *accuracy*: the first of 48 intents is right; *macro-F1*: the mean over intents.
- *right first or offered*: right first, or among the two offered by number when the bot is unsure.
- *urgent recall*: an urgent message whose intent is first, or that gets the safety answer because
  the urgent intents among the first three add up; *needless safety answers*: the share of other
  messages that get it.
- *out of scope, false alarms*: messages that are our business with `out_of_scope` first.
- *language right*: of messages of three words or more, or in a script other than Latin.
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
    for name, words in ROWS:
        cells = " | ".join(_cell(name, figure[name]) for figure in found.values())
        lines.append(f"| {words} | {cells} |")
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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=Path)
    parser.add_argument("docs", type=Path)
    parser.add_argument("--folds", type=int, default=2, help="how many of five folds to judge")
    chosen = parser.parse_args()
    project = chosen.project.resolve()
    taxonomy = read_yaml(project / "intents.yml")["intents"]
    urgent = frozenset(str(name) for name, about in taxonomy.items() if about.get("urgent"))
    limits = stored_thresholds()
    lines = [
        "# How much is understood", "",
        ("Written by `make nlu-report`; percentages. The thresholds are those of the bot: "
        f"{', '.join(f'{k} {v}' for k, v in limits._asdict().items())}."), "", EXPLAINED,
    ]  # fmt: skip
    fresh = judging.read_folder(project / "validation", list(taxonomy))
    shown: list[Judged] = []
    if fresh:
        shown = judging.judge(judging.learn(judging.all_examples(project), project), fresh)
        about = (
            "Messages in `nlu_data/validation/`, written by authors who had not read the examples. "
            "Nothing is trained on them."
        )
        lines += _section("Messages by fresh authors", about, shown, limits, urgent)
        lines += [update_failures(project / "known_failures.yml", shown), ""]
    if chosen.folds or not fresh:
        crossed = judging.cross_validated(project, chosen.folds or judging.FOLDS)
        about = (
            f"The examples themselves, {chosen.folds} of {judging.FOLDS} folds, each judged by a "
            "model that saw neither it nor a copy of it. Many were written to lie at the border "
            "between two intents: harder than messages are on average, but by the authors of the "
            "training data."
        )
        lines += _section("Cross-validation", about, crossed, limits, urgent)
        shown = shown or crossed
    picture = confusion_picture(shown, list(taxonomy))
    (chosen.docs / PICTURE).write_text(picture, encoding="utf-8")
    lines += [f"![Which intent is taken for which]({PICTURE})", ""]
    text = "\n".join(lines)
    (chosen.docs / "nlu-report.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
