"""SOURCE: where the last answer comes from and how old that is, in one message."""

from __future__ import annotations

from bot.core.days import in_words
from bot.core.library import LEFT_TO_RIGHT, Library, Source
from bot.core.model import SHARED, Conversation, MessageRef, Send

#: So many sources fit into one message in every language.
MOST_NAMED = 3
#: Kind of source → the message that names it.
KINDS = {"government": "source_government", "other": "source_other"}


def sources_of_last_answer(library: Library, conversation: Conversation) -> Send:
    """The sources behind the messages that were said last, the government's own first.

    Statements without a written source are told as such; so is an answer that states nothing.
    """
    language = conversation.language
    facts = dict.fromkeys(
        fact for message in conversation.said for fact in library.facts_of(message)
    )
    found = list(dict.fromkeys(s for fact in facts for s in library.sources.get(fact, ())))
    if not found:
        return _send("source_none", [library.shared("source_none", language)])
    written = sorted((s for s in found if s.where), key=lambda s: s.kind != "government")
    lines = [library.shared("source_heading", language)]
    lines += [_line(library, source, language) for source in written[:MOST_NAMED]]
    if len(written) < len(found):
        lines.append(library.shared("source_general", language))
    lines.append(library.shared("source_age", language))
    return _send("source_heading", lines)


def _send(name: str, lines: list[str]) -> Send:
    return Send(MessageRef(f"{SHARED}/{name}"), "\n".join(lines))


def _line(library: Library, source: Source, language: str | None) -> str:
    kind = library.shared(KINDS[source.kind], language)
    when = (
        in_words(source.when, language or library.base)
        if source.when
        else library.shared("source_undated", language)
    )
    mark = LEFT_TO_RIGHT if library.reads_from_right(language) else ""
    return f"- {mark}{source.where}, {when} ({kind})"
