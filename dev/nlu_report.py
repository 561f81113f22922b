"""Measures what is understood, and writes docs/nlu-report.md with its picture.

    python dev/nlu_report.py                   what the trained model makes of the rounds
    python dev/nlu_report.py --thresholds      choose thresholds instead; print their figures

Trains the model first if its inputs changed. Standard library and this project only.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dev.train import PROJECT, TrainingFailed, inside, rasa_trainer, train_if_changed
from dev.uv import SetupError, cache_folder


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what is understood.")
    parser.add_argument("--thresholds", action="store_true", help="choose the thresholds")
    chosen = parser.parse_args()
    try:
        model, _ = train_if_changed(PROJECT, cache_folder(), rasa_trainer)
        if chosen.thresholds:
            sys.exit(inside("measure.thresholds", str(PROJECT), str(model)).returncode)
        docs = str(PROJECT.parent / "docs")
        sys.exit(inside("measure.report", str(PROJECT), str(model), docs).returncode)
    except (SetupError, TrainingFailed) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
