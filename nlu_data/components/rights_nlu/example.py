"""One training example, apart from Rasa."""

from typing import NamedTuple, Optional

# Written by somebody, drawn from a pattern, or a hurried copy or a scrap of either.
COMPOSED, PATTERN, COPY = "composed", "pattern", "copy"


class Example(NamedTuple):
    """A text and what it teaches.

    `intent` is None where it teaches the language only. `origin` is the sentence or the pattern that it
    comes from: what has one origin is never on both sides of a test.
    """

    text: str
    intent: Optional[str]
    language: str
    origin: str
    source: str = COMPOSED
