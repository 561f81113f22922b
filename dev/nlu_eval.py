"""Scores the understanding on tab-separated files.

    python dev/nlu_eval.py --train A.tsv --test B.tsv [--out report.json]
        learns the shipped pipeline on any text<TAB>intent file with a header line and scores it
        on another
    python dev/nlu_eval.py --test FOLDER [--out report.json]
        scores the trained model on FOLDER/<language>.tsv: text<TAB>intent<TAB>style

The last line is "accuracy 0.xxx"; all figures go to the JSON file. Standard library and this
project only.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dev.train import PROJECT, TrainingFailed, inside, rasa_trainer, train_if_changed
from dev.uv import SetupError, cache_folder

OUT = PROJECT.parent / ".data" / "nlu-eval.json"


def main() -> None:
    parser = argparse.ArgumentParser(description="Score the understanding on files.")
    parser.add_argument("--train", help="file of text<TAB>intent lines to learn from")
    parser.add_argument("--test", help="such a file; without --train a folder of <language>.tsv")
    parser.add_argument(
        "--out", help=f"where the figures go as JSON; {OUT.name} in .data otherwise"
    )
    chosen = parser.parse_args()
    if not chosen.test or Path(chosen.test).is_dir() == bool(chosen.train):
        parser.error("TRAIN=A.tsv TEST=B.tsv, or TEST=a folder of <language>.tsv files")
    out = Path(chosen.out or OUT).resolve()
    arguments = ["--test", str(Path(chosen.test).resolve()), "--out", str(out)]
    try:
        if chosen.train:
            arguments += ["--train", str(Path(chosen.train).resolve())]
        else:
            model, _ = train_if_changed(PROJECT, cache_folder(), rasa_trainer)
            arguments += ["--model", str(model)]
        sys.exit(inside("measure.files", *arguments).returncode)
    except (SetupError, TrainingFailed) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
