"""Has messages judged by a reader that was not trained on them."""

import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rights_nlu.quiet import be_quiet

be_quiet()

from rights_nlu.example import COMPOSED, Example  # noqa: E402
from rights_nlu.intent_and_language import IntentAndLanguage, learn_reader  # noqa: E402
from rights_nlu.language_folders import LanguageFolders, as_example, read_yaml  # noqa: E402
from rights_nlu.normal_form import words  # noqa: E402
from rights_nlu.reader import Reader  # noqa: E402

from measure.figures import LOOKED_AT, Judged  # noqa: E402

FOLDS = 5
SEED = 20221128


class Asked(NamedTuple):
    """One message with what is right for it."""

    text: str
    intent: str
    language: str
    style: str = ""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def settings(project: Path) -> dict[str, Any]:
    """Return what config.yml says of the one part of the pipeline."""
    name = f"{IntentAndLanguage.__module__}.{IntentAndLanguage.__name__}"
    config = read_yaml(project / "config.yml")
    return next(dict(entry) for entry in config["pipeline"] if entry["name"] == name)


def all_examples(project: Path) -> list[Example]:
    """Return the examples and patterns of every language folder, of those not offered yet too."""
    importer = LanguageFolders(str(project / "config.yml"), None, [str(project / "data")])
    return [as_example(message) for message in importer.get_nlu_data().intent_examples]


def judge(reader: Reader, asked: Sequence[Asked]) -> list[Judged]:
    """Return what `reader` makes of the messages."""
    judged = []
    for one in asked:
        reading = reader.read(one.text, LOOKED_AT)
        judged.append(
            Judged(*one, tuple(reading.ranking), reading.language, reading.language_confidence)
        )
    return judged


def learn(examples: Sequence[Example], project: Path) -> Reader:
    """Return a reader trained as the shipped one is, and say how long it took."""
    started = time.monotonic()
    reader = learn_reader(list(examples), settings(project), project)
    say(f"learned {len(examples):,} examples in {time.monotonic() - started:.0f} s")
    return reader


def cross_validated(project: Path, folds: int = FOLDS, of: int = FOLDS) -> list[Judged]:
    """Return every example somebody wrote, judged by a reader that saw neither it nor a copy.

    `folds` fewer than `of` judge only part of them, which takes less time.
    """
    examples = all_examples(project)
    composed = [example for example in examples if example.source == COMPOSED]
    patterns = [example for example in examples if example.source != COMPOSED]
    fold = _folds(composed, of)
    judged: list[Judged] = []
    for number in range(folds):
        reader = learn(
            [e for e, f in zip(composed, fold, strict=True) if f != number] + patterns, project
        )
        asked = [
            Asked(e.text, str(e.intent), e.language)
            for e, f in zip(composed, fold, strict=True)
            if f == number
        ]
        judged += judge(reader, asked)
    return judged


def _folds(examples: Sequence[Example], of: int) -> list[int]:
    """Return a fold for each; spellings of one sentence share theirs, labels spread evenly."""
    groups: dict[tuple[str, str], dict[str, None]] = {}
    for example in examples:
        label = (example.language, str(example.intent))
        groups.setdefault(label, {})[" ".join(words(example.text))] = None
    place: dict[tuple[str, str, str], int] = {}
    for label, found in groups.items():
        shuffled = sorted(found)
        random.Random(f"{SEED} {label}").shuffle(shuffled)  # noqa: S311
        start = random.Random(f"{SEED} {label} start").randrange(of)  # noqa: S311
        place.update({(*label, key): (start + n) % of for n, key in enumerate(shuffled)})
    return [
        place[example.language, str(example.intent), " ".join(words(example.text))]
        for example in examples
    ]


def read_messages(file: Path, intents: Sequence[str], language: str = "") -> list[Asked]:
    """Return the messages of a file of lines text<TAB>intent[<TAB>style], with or without a header.

    The language is the file's name. Raises ValueError naming the line of an unknown intent.
    """
    known, found = set(intents), []
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip() or (number == 1 and len(cells) > 1 and cells[1] not in known):
            continue
        if len(cells) < 2 or cells[1] not in known:
            raise ValueError(f"{file.name}:{number}: no known intent in the second column")
        style = cells[2] if len(cells) > 2 else ""
        found.append(Asked(cells[0], cells[1], language or file.stem, style))
    return found


def read_folder(folder: Path, intents: Sequence[str]) -> list[Asked]:
    """Return the messages of every <language>.tsv of `folder`; none when it does not exist."""
    files = sorted(folder.glob("*.tsv")) if folder.is_dir() else []
    return [one for file in files for one in read_messages(file, intents)]
