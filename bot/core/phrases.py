"""Many phrases looked for in one text at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from bot.core.compare import Spoken, is_han, words

T = TypeVar("T")


class PhraseIndex(Generic[T]):
    """Phrases by the word (in Chinese the character) with which they begin, so that a text is
    compared only with the few that may stand in it: the content has some twenty thousand."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        """`phrases`: what authors wrote, each with what it means."""
        self._by_start: dict[str, list[tuple[str, T]]] = {}
        for phrase, meaning in phrases:
            parts = words(phrase)
            if not parts:
                continue
            start = next((char for part in parts for char in part if is_han(char)), parts[0])
            self._by_start.setdefault(start, []).append((phrase, meaning))

    def found_in(self, text: str) -> Iterator[tuple[str, T]]:
        """The phrases that stand in the text, as `Spoken.has` sees it, with their meanings."""
        said, parts = Spoken(text), words(text)
        starts = dict.fromkeys([*parts, *(char for part in parts if is_han(part) for char in part)])
        for start in starts:
            for phrase, meaning in self._by_start.get(start, ()):
                if said.has(phrase):
                    yield phrase, meaning
