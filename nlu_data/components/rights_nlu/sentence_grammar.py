"""Sentences written as patterns: "(is|was) my {relative} on (the|that) list [of names]".

    (a|b)      one of these
    [a]        or nothing; [a|b] one of these, or nothing
    {name}     one of the words of a list of the file

Patterns teach the words around a question with every relative, place and paper, which composed
examples cannot. A pattern is expanded a few times, drawn at random from all it can say, the same
ones each time.
"""

import random
import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Sequence, Tuple, Union

from rights_nlu.normal_form import bare, words

#: How many sentences are drawn from one pattern, and how often is tried to find new ones.
DRAWN, TRIES = 8, 40
_TOKEN = re.compile(r"[()\[\]|]|\{[^{}]*\}|[^()\[\]|{}]+|[{}]")


class GrammarError(ValueError):
    """A pattern cannot be read; the message names it and what is wrong."""


class Choice(NamedTuple):
    """One of several sequences."""

    ways: Tuple["Sequence_", ...]


Part = Union[str, Choice]
Sequence_ = Tuple[Part, ...]


class Expansion(NamedTuple):
    """One sentence of a pattern."""

    intent: str
    pattern: str
    text: str


def parse(pattern: str, lists: Dict[str, List[str]]) -> Sequence_:
    """Return the pattern as parts. Raises GrammarError for open brackets and unknown lists."""
    tokens = _TOKEN.findall(pattern)
    parts, rest = _sequence(pattern, tokens, lists)
    if rest:
        raise GrammarError(f"{pattern!r}: '{rest[0]}' does not belong there")
    return parts


def _sequence(
    pattern: str, tokens: List[str], lists: Dict[str, List[str]]
) -> Tuple[Sequence_, List[str]]:
    parts: List[Part] = []
    while tokens and tokens[0] not in ")]|":
        token, tokens = tokens[0], tokens[1:]
        if token in "([":
            closing = ")" if token == "(" else "]"
            choice, tokens = _choice(pattern, tokens, lists, closing)
            parts.append(Choice((*choice, ())) if token == "[" else Choice(tuple(choice)))
        elif token.startswith("{") and token.endswith("}") and len(token) > 2:
            parts.append(_list(pattern, token[1:-1].strip(), lists))
        elif token in "{}":
            raise GrammarError(f"{pattern!r}: a brace is left open")
        else:
            parts.append(token)
    return tuple(parts), tokens


def _choice(
    pattern: str, tokens: List[str], lists: Dict[str, List[str]], closing: str
) -> Tuple[List[Sequence_], List[str]]:
    ways: List[Sequence_] = []
    while True:
        way, tokens = _sequence(pattern, tokens, lists)
        ways.append(way)
        if not tokens:
            raise GrammarError(f"{pattern!r}: a bracket is left open")
        mark, tokens = tokens[0], tokens[1:]
        if mark == closing:
            return ways, tokens
        if mark != "|":
            raise GrammarError(f"{pattern!r}: '{mark}' closes what '{closing}' should")


def _list(pattern: str, name: str, lists: Dict[str, List[str]]) -> Choice:
    if not lists.get(name):
        raise GrammarError(f"{pattern!r}: there is no list '{name}', or it is empty")
    return Choice(tuple((str(word),) for word in lists[name]))


def draw(parts: Sequence_, chance: random.Random) -> str:
    """Return one sentence of these parts, with single spaces."""
    said = "".join(
        part if isinstance(part, str) else draw(chance.choice(part.ways), chance) for part in parts
    )
    return " ".join(said.split())


def expansions(document: Dict[str, Any], where: str, seed: int) -> Iterator[Expansion]:
    """Yield up to DRAWN sentences of every pattern in a grammar file that was read already.

    Raises GrammarError, which names the file by `where`.
    """
    lists = {
        str(name): [str(word) for word in found]
        for name, found in (document.get("lists") or {}).items()
    }
    for intent, patterns in (document.get("sentences") or {}).items():
        for pattern in patterns:
            try:
                parts = parse(str(pattern), lists)
            except GrammarError as error:
                raise GrammarError(f"{where}, {intent}: {error}") from None
            yield from _drawn(str(intent), str(pattern), parts, seed)


def _drawn(intent: str, pattern: str, parts: Sequence_, seed: int) -> Iterator[Expansion]:
    chance = random.Random(f"{seed} {intent} {pattern}")
    seen = set()
    for _ in range(TRIES):
        text = draw(parts, chance)
        if text and text not in seen:
            seen.add(text)
            yield Expansion(intent, pattern, text)
        if len(seen) >= DRAWN:
            return


def same_words(text: str) -> Tuple[str, ...]:
    """Return what two spellings of one sentence have in common."""
    return tuple(bare(word) for word in words(text))


def without(found: Sequence[Expansion], composed: Sequence[str]) -> List[Expansion]:
    """Return the expansions that say nothing which stands among the composed sentences.

    What is judged must not have been learned from a pattern word for word.
    """
    known = {same_words(text) for text in composed}
    return [one for one in found if same_words(one.text) not in known]


def grammar_files(folder: Path) -> List[Path]:
    """Return the grammar files of a project: grammar/<language>.yml."""
    return sorted((folder / "grammar").glob("*.yml"))
