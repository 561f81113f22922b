"""Keeps known_failures.yml: the messages of the rounds that are not understood."""

import json
from collections.abc import Sequence
from pathlib import Path

import yaml

from measure.figures import Judged

HEAD = """\
# Messages of rounds/ that the model gets wrong, as `make nlu-report` found them last. This list
# must shrink. Never train on a message that stands here: write others that it would stumble on for
# the same reason.
"""


def update_failures(file: Path, judged: Sequence[Judged]) -> str:
    """Write the failures among `judged` and return in words how they changed."""
    before = set()
    if file.exists():
        former = yaml.safe_load(file.read_text(encoding="utf-8")) or []
        before = {(entry["language"], entry["text"]) for entry in former}
    wrong: list[Judged] = sorted(
        (one for one in judged if not one.right),
        key=lambda one: (one.language, one.intent, one.text),
    )
    now = {(one.language, one.text) for one in wrong}
    entries = [
        {"language": one.language, "text": one.text, "intent": one.intent, "taken_for": one.first}
        for one in wrong
    ]
    with file.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        # an entry a line, quoted as in JSON: whatever people write can be read back
        out.writelines(f"- {json.dumps(entry, ensure_ascii=False)}\n" for entry in entries)
    return (
        f"{len(now)} messages fail ([known_failures.yml](../nlu_data/known_failures.yml)); "
        f"{len(before - now)} of those that failed before are mended or gone, "
        f"{len(now - before)} are new."
    )
