"""What a bot message says, in English, for an advocate who does not read the person's language."""

from __future__ import annotations

import re

from bot.core import sms
from bot.core.library import Library, MissingWording
from bot.core.model import MessageRef
from bot.core.wording import MissingValue

#: A numbered choice under a question: "1 Yes".
_CHOICE = re.compile(r"(\d+) (.+)")
VARIANTS = ("self", "relative")


def english(library: Library, message: MessageRef, language: str, sent: str) -> str:
    """The English wording of a text that was sent; empty when there is none (any more).

    The variant (about oneself, about a relative) is the one whose wording was sent, and the
    choices under a question are told in English too.
    """
    for about in VARIANTS:
        heading = sms.tidy(_text(library, message, language, about))
        if heading and sent.startswith(heading):
            return _with_choices(library, message, language, about, sent[len(heading) :])
    return _text(library, message, library.base, None)


def _with_choices(
    library: Library, message: MessageRef, language: str, about: str, rest: str
) -> str:
    lines = [_text(library, message, library.base, about)]
    labels = _labels(library, message, language)
    for line in rest.strip("\n").splitlines():
        choice = _CHOICE.fullmatch(line)
        lines.append(f"{choice[1]} {labels.get(choice[2], choice[2])}" if choice else line)
    return "\n".join(line for line in lines if line)


def _labels(library: Library, message: MessageRef, language: str) -> dict[str, str]:
    """Label in the person's language → the same in English: answers and topics."""
    found: dict[str, str] = {}
    for topic in {*library.flows, *_named_topics(library)}:
        try:
            found[sms.tidy(library.title(topic, language))] = library.title(topic, library.base)
        except MissingWording:
            continue
    try:
        base = library.answers_to(message, library.base)
        for key, answer in library.answers_to(message, language).items():
            if key in base:
                found[sms.tidy(answer.label)] = base[key].label
    except MissingWording:
        pass
    return found


def _named_topics(library: Library) -> set[str]:
    words = library.vocabulary.get(library.base)
    return set(words.titles) if words else set()


def _text(library: Library, message: MessageRef, language: str, about: str | None) -> str:
    """The wording; a value that only the moment knew is left as three dots."""
    values: dict[str, str] = {}
    for _ in range(10):
        try:
            return library.text(message, language, about, values)
        except MissingValue as missing:
            values[str(missing)] = "..."
        except MissingWording:
            break
    return ""
