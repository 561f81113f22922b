"""Measures what is understood, and writes docs/nlu-report.md with its picture.

    python dev/nlu_report.py                   the validation files, and two folds of the examples
    python dev/nlu_report.py --folds 5         all folds (0: none)
    python dev/nlu_report.py --thresholds      choose thresholds instead; print their figures

Runs in the NLU environment; trains its own models and changes none. Standard library and this
project only.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dev.train import PROJECT, inside
from dev.uv import SetupError


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what is understood.")
    parser.add_argument("--folds", type=int, default=2, choices=range(6))
    parser.add_argument("--thresholds", action="store_true", help="choose the thresholds")
    chosen = parser.parse_args()
    folds = ("--folds", str(chosen.folds))
    try:
        if chosen.thresholds:
            sys.exit(inside("measure.thresholds", str(PROJECT), *folds).returncode)
        docs = PROJECT.parent / "docs"
        sys.exit(inside("measure.report", str(PROJECT), str(docs), *folds).returncode)
    except SetupError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
