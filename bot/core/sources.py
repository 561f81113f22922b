"""SOURCE: where the last answer comes from and how old that is, in one message."""

from __future__ import annotations

from bot.core.days import in_words
from bot.core.library import LEFT_TO_RIGHT, Library, Source
from bot.core.model import SHARED, Conversation, MessageRef, Send
from bot.core.sms import segments, tidy

#: So many sources fit into one message in every language.
MOST_NAMED = 3
#: Kind of source → the message that names it.
KINDS = {"government": "source_government", "other": "source_other"}


def sources_of_last_answer(library: Library, conversation: Conversation) -> Send:
    """The sources behind the messages that were said last, the government's own first.

    As many are named as fit into the budget of the language, at least one. Statements without a
    written source are told as such; so is an answer that states nothing.
    """
    language = conversation.language
    facts = dict.fromkeys(
        fact for message in conversation.said for fact in library.facts_of(message)
    )
    found = list(dict.fromkeys(s for fact in facts for s in library.sources.get(fact, ())))
    if not found:
        return _send("source_none", [library.shared("source_none", language)])
    written = sorted((s for s in found if s.where), key=lambda s: s.kind != "government")
    named = [_line(library, source, language) for source in written[:MOST_NAMED]]
    rest = [library.shared("source_general", language)] if len(written) < len(found) else []
    rest.append(library.shared("source_age", language))
    budget = library.languages[language or library.base].max_segments
    while True:
        told = _send("source_heading", [library.shared("source_heading", language), *named, *rest])
        if len(named) <= 1 or segments(tidy(told.text)) <= budget:
            return told
        named.pop()


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
