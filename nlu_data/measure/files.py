"""Scores on tab-separated files: `python -m measure.files` (see dev/nlu_eval.py).

--train A.tsv --test B.tsv   learns the shipped pipeline on A and scores it on B; any labels
--test FOLDER                scores the trained model on FOLDER/<language>.tsv
"""

import argparse
import asyncio
import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rights_nlu.example import Example
from rights_nlu.fitting import FittingError
from rights_nlu.reader import Reader

from measure import judging
from measure.figures import Judged, by, figures
from measure.judging import Asked
from measure.thresholds import stored_thresholds

#: The language of texts whose language nobody tells: no concepts and no shorthand are known of it.
UNTOLD = "und"
PROJECT = Path(__file__).resolve().parents[1]


def read_pairs(file: Path) -> list[Asked]:
    """Return text and label of each line after the header. Raises ValueError naming a bad line."""
    found = []
    lines = file.read_text(encoding="utf-8-sig").split("\n")
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.rstrip("\r").split("\t")]
        if len(cells) < 2 or not cells[1]:
            raise ValueError(f"{file}:{number}: not text<TAB>intent")
        found.append(Asked(cells[0], cells[1], UNTOLD))
    if not found:
        raise ValueError(f"{file}: no line below the header")
    return found


def score(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return accuracy, macro-F1 and number of messages, and the accuracy of each intent."""
    found = figures(judged, stored_thresholds(), frozenset())
    each = {
        name: round(sum(one.right for one in group) / len(group), 4)
        for name, group in by(judged, "intent").items()
    }
    return {
        "messages": len(judged),
        "accuracy": found["accuracy"],
        "macro_f1": found["macro_f1"],
        "by_intent": each,
    }


def two_files(train: Path, test: Path) -> dict[str, Any]:
    """Learn from one file, score on the other."""
    learned, asked = read_pairs(train), read_pairs(test)
    examples = [Example(one.text, one.intent, UNTOLD, one.text) for one in learned]
    started = time.monotonic()
    chosen = {**judging.settings(PROJECT), "concepts": None}
    reader: Reader = judging.learn_reader(examples, chosen, PROJECT)
    took = time.monotonic() - started
    started = time.monotonic()
    judged = judging.judge(reader, asked)
    parse = (time.monotonic() - started) / len(asked)
    return {
        **score(judged),
        "train_messages": len(learned),
        "intents": len({one.intent for one in learned}),
        "train_seconds": round(took, 1),
        "parse_milliseconds": round(1000 * parse, 3),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def folder(test: Path, model: Path) -> dict[str, Any]:
    """Score the trained model, through Rasa, on every language's file."""
    intents, urgent = judging.read_taxonomy(PROJECT)
    asked = judging.read_folder(test, intents)
    if not asked:
        raise ValueError(f"{test}: no <language>.tsv with text<TAB>intent<TAB>style")
    judged = asyncio.run(judging.ask(model, asked))
    limits = stored_thresholds()
    found = figures(judged, limits, urgent)
    return {
        **found,
        "by_language": {
            name: figures(group, limits, urgent) for name, group in by(judged, "language").items()
        },
        "by_style": {
            name: figures(group, limits, urgent) for name, group in by(judged, "style").items()
        },
        "wrong": [
            {"language": one.language, "text": one.text, "intent": one.intent, "style": one.style,
             "taken_for": one.first, "confidence": round(one.confidence, 3)}
            for one in judged if not one.right
        ],
    }  # fmt: skip


def _told(name: str, found: dict[str, Any]) -> str:
    shown = [
        f"{key} {found[key]:.3f}"
        for key in ("accuracy", "macro_f1", "right_or_offered", "urgent_recall",
                    "out_of_scope_recall", "out_of_scope_false_alarms", "language_native")
        if found.get(key) is not None
    ]  # fmt: skip
    return f"{name:8}{found['messages']:6.0f} messages  " + "  ".join(shown)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--train", type=Path)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    try:
        if chosen.train:
            found = two_files(chosen.train, chosen.test)
        else:
            found = folder(chosen.test, chosen.model)
    except (OSError, ValueError, FittingError) as problem:
        sys.exit(str(problem))
    for name, group in found.get("by_language", {}).items():
        sys.stdout.write(_told(name, group) + "\n")
    for name, group in found.get("by_style", {}).items():
        sys.stdout.write(_told(name or "-", group) + "\n")
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    sys.stdout.write(f"{_told('all', found)}\nwritten: {chosen.out}\n")
    sys.stdout.write(f"accuracy {found['accuracy']:.3f}\n")


if __name__ == "__main__":
    main()
