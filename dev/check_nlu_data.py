"""Checks the examples of nlu_data/data before anything is trained on them.

    python dev/check_nlu_data.py        every problem with file and line; exit code 1 with an error
    python dev/check_nlu_data.py fa     those of one language, which takes a tenth of the time

An error makes the model worse or could harm somebody: an intent that does not exist, too few
examples, the same sentence twice, something that looks like a person's number or address. A warning
asks for a second look: sentences that differ in one word teach one thing, and flatter the figures.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "nlu_data" / "components"))

from rights_nlu.normal_form import bare, words  # noqa: E402

PROJECT = ROOT / "nlu_data"
#: Fewer examples than this and an intent is a matter of luck.
FEWEST = 50
#: … and of these, which must not be missed or lie close to others.
FEWEST_OF = {
    "danger_threats": 80,
    "crisis_self_harm": 80,
    "deportation_imminent": 80,
    "ice_encounter": 80,
    "talk_to_person": 80,
    "out_of_scope": 200,
}
#: A message is cut off by the carriers beyond this.
LONGEST = 1600
#: Shorter sentences differ in one word and mean different things.
NEAR_DUPLICATE_WORDS = 5

_IDENTIFYING = {
    "an e-mail address": re.compile(r"\S@\S+\.\w"),
    "an A-number": re.compile(r"\b[aа][\s#:.-]{0,3}(?:\d[\s-]?){6,}", re.IGNORECASE),
    "a phone or file number": re.compile(r"(?:\d[\s().+-]{0,2}){7,}"),
    "a birth date": re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d\d\b"),
    "a link": re.compile(r"https?://|www\.", re.IGNORECASE),
}


def _short(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


@dataclass(frozen=True)
class Example:
    """One line of one intent: where it stands and what it says."""

    file: Path
    line: int
    language: str
    intent: str
    text: str

    @property
    def place(self) -> str:
        return f"{_short(self.file)}:{self.line}"

    @property
    def key(self) -> tuple[str, ...]:
        """The words as the model sees them, accents aside."""
        return tuple(bare(word) for word in words(self.text))


@dataclass
class Problem:
    """Something an author should mend (error) or look at (warning)."""

    place: str
    text: str
    error: bool = True

    def __str__(self) -> str:
        return f"{self.place}: {'error' if self.error else 'warning'}: {self.text}"


def read_taxonomy(project: Path) -> tuple[list[str], dict[str, str]]:
    """Return the languages, and intent → group, of intents.yml."""
    document = YAML(typ="safe", pure=True).load(project / "intents.yml")
    groups = {name: about["group"] for name, about in document["intents"].items()}
    return list(document["languages"]), groups


def read_examples(project: Path, only: str | None = None) -> tuple[list[Example], list[Problem]]:
    """Return all examples (of the language `only` if given), and a problem for each file or entry
    that cannot be read.
    """
    examples: list[Example] = []
    problems: list[Problem] = []
    for file in sorted((project / "data").glob(f"{only or '*'}/*.yml")):
        try:
            entries = _fields(YAML(typ="safe").compose(file))["nlu"].value
        except (YAMLError, KeyError, TypeError, AttributeError) as error:
            problems.append(Problem(str(_short(file)), f"cannot be read: {error}"))
            continue
        for entry in entries:
            try:
                examples += _examples_of(file, _fields(entry))
            except (KeyError, TypeError, AttributeError, ValueError):
                place = f"{_short(file)}:{entry.start_mark.line + 1}"
                problems.append(Problem(place, "needs `intent:` and `examples: |`"))
    return examples, problems


def _fields(node: Any) -> dict[str, Any]:
    """Return what a mapping in a file holds, still with the lines where it stands."""
    return {key.value: value for key, value in node.value}


def _examples_of(file: Path, entry: dict[str, Any]) -> Iterator[Example]:
    intent, block = entry["intent"].value, entry["examples"]
    first = block.start_mark.line + 2  # the line after the bar, counted from 1
    for number, line in enumerate(block.value.splitlines()):
        if line.strip():
            text = line.strip().removeprefix("-").strip()
            yield Example(file, first + number, file.parent.name, intent, text)


def check_names(
    examples: Iterable[Example], languages: list[str], groups: dict[str, str]
) -> Iterator[Problem]:
    """Yield unknown languages, unknown intents and intents in the file of another group."""
    seen: set[tuple[Path, str]] = set()
    for example in examples:
        if (example.file, example.intent) in seen:
            continue
        seen.add((example.file, example.intent))
        if example.language not in languages:
            yield Problem(example.place, f"the folder {example.language} is no known language")
        if example.intent not in groups:
            yield Problem(example.place, f"{example.intent} is no intent of intents.yml")
        elif example.file.stem != groups[example.intent]:
            yield Problem(
                example.place, f"{example.intent} belongs in {groups[example.intent]}.yml"
            )


def check_counts(examples: Iterable[Example], groups: dict[str, str]) -> Iterator[Problem]:
    """Yield each intent with too few examples, for every language that has a folder."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    folders: dict[str, Path] = {}
    for example in examples:
        counts[example.language][example.intent] += 1
        folders[example.language] = example.file.parent
    for language, found in sorted(counts.items()):
        for intent, group in groups.items():
            fewest = FEWEST_OF.get(intent, FEWEST)
            if found[intent] < fewest:
                yield Problem(
                    str(_short(folders[language] / f"{group}.yml")),
                    f"{intent} has {found[intent]} examples in {language}, not {fewest}",
                )


def check_texts(examples: Iterable[Example]) -> Iterator[Problem]:
    """Yield empty and overlong examples, and those that look as if they named a person."""
    for example in examples:
        if not example.key:
            yield Problem(example.place, "there is nothing in this example")
        if len(example.text) > LONGEST:
            yield Problem(example.place, f"is longer than {LONGEST} characters")
        for what, pattern in _IDENTIFYING.items():
            if pattern.search(example.text):
                yield Problem(example.place, f"looks like {what}; examples name nobody")


def check_duplicates(examples: Iterable[Example]) -> Iterator[Problem]:
    """Yield sentences that are the same once spelling is set aside.

    The same words may stand for the same intent in two languages ("ok"), never for two intents.
    """
    first: dict[tuple[str, ...], Example] = {}
    for example in examples:
        other = first.setdefault(example.key, example)
        if other is example:
            continue
        if other.intent != example.intent:
            yield Problem(
                example.place, f"is {other.intent} at {other.place}, and here {example.intent}"
            )
        elif other.language == example.language:
            yield Problem(example.place, f"is the same sentence as {other.place}")


def check_near_duplicates(examples: Iterable[Example]) -> Iterator[Problem]:
    """Yield sentences that differ from another in one word, or only in the order of words."""
    first: dict[tuple[str, ...], Example] = {}
    for example in examples:
        if len(example.key) < NEAR_DUPLICATE_WORDS:
            continue
        for gap in [None, *range(len(example.key))]:
            if gap is None:
                shape = ("ordered", example.language, *sorted(example.key))
            else:
                rest = (*example.key[:gap], "…", *example.key[gap + 1 :])
                shape = ("gap", example.language, *rest)
            other = first.setdefault(shape, example)
            if other is not example and other.key != example.key:
                yield Problem(example.place, f"is nearly the sentence of {other.place}", False)
                break


def check_all(project: Path, only: str | None = None) -> list[Problem]:
    """Return every problem of the examples in `project`, errors first; those of the language `only`
    if one is given.
    """
    languages, groups = read_taxonomy(project)
    examples, problems = read_examples(project, only)
    problems += check_names(examples, languages, groups)
    problems += check_counts(examples, groups)
    problems += check_texts(examples)
    problems += check_duplicates(examples)
    problems += check_near_duplicates(examples)
    return sorted(problems, key=lambda problem: not problem.error)


def main() -> None:
    problems = check_all(PROJECT, sys.argv[1] if len(sys.argv) > 1 else None)
    for problem in problems:
        print(problem)
    errors = sum(problem.error for problem in problems)
    print(f"{errors} errors, {len(problems) - errors} warnings", file=sys.stderr)
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
