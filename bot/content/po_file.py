"""Translations as PO files: what translators' tools read and write.

One file holds all words of one language. An entry's context says where it belongs
("removal_paused/order#self"), its comments what a translator must know: how long it may be, the
facts behind it, the terms of the glossary. Export and import change nothing that nobody changed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from bot.content.load import BASE, Content, read_content
from bot.content.stamp import fingerprint, stamp_these
from bot.content.wording_file import WordingFile
from bot.content.write_wording import BETWEEN, NewWords, write_words
from bot.content.yaml_file import ContentError, Problem, Text
from bot.core.model import SHARED

_NOTE = "Lists: one word or phrase between two | signs; write how people say it, not a translation."


@dataclass(frozen=True)
class Unit:
    """One text or list of words that is translated.

    Attributes:
        place: "topic/title", "topic/keywords", "topic/MESSAGE", "topic/MESSAGE#relative",
            "topic/answers/MESSAGE/KEY/label" or "/words", "shared/vocabulary/…".
        notes: what a translator must know.
    """

    place: str
    english: str
    translated: str
    notes: tuple[str, ...] = ()
    stale: bool = False


def units(content: Content, language: str) -> Iterable[Unit]:
    """Everything that is translated into a language, in the order of the files."""
    limit = content.languages[language].max_segments
    for topic, by_language in content.wording.items():
        english, other = by_language[BASE], by_language.get(language)
        yield from _units_of(content, topic, english, other, limit)


def _units_of(
    content: Content, topic: str, english: WordingFile, other: WordingFile | None, limit: int
) -> Iterable[Unit]:
    flow = content.flows[topic]
    if english.title is not None:
        theirs = other.title.text if other and other.title else ""
        notes = ("At most 32 characters: it stands in menus.",)
        yield Unit(f"{topic}/title", english.title.text, theirs, notes)
    if english.keywords:
        keywords = _joined(other.keywords) if other else ""
        yield Unit(f"{topic}/keywords", _joined(english.keywords), keywords, (_NOTE,))
    for name, prose in english.messages.items():
        cited = flow.messages.get(name)
        facts = ", ".join(fact.text for fact in cited.facts) if cited else ""
        notes = (
            f"At most {limit} SMS segments with its choices.",
            *((f"Facts: {facts} (docs/facts.md).",) if facts else ()),
            *_terms(content, [text.text for text in prose.variants.values()]),
        )
        mine = other.messages.get(name) if other else None
        mark = other.made_from.get(name) if other else None
        stale = mine is not None and (mark is None or mark.text != fingerprint(prose))
        for variant, text in prose.variants.items():
            place = f"{topic}/{name}" + (f"#{variant}" if variant else "")
            theirs = mine.variants[variant].text if mine and variant in mine.variants else ""
            yield Unit(place, text.text, theirs, notes, stale)
    for name, answers in english.answers.items():
        mine_set = other.answers.get(name) if other else None
        for key, words in answers.answers.items():
            own = mine_set.answers.get(key) if mine_set else None
            place = f"{topic}/answers/{name}/{key}"
            yield Unit(f"{place}/label", words.label.text, own.label.text if own else "")
            yield Unit(f"{place}/words", _joined(words.words), _joined(own.words) if own else "",
                       (_NOTE,))  # fmt: skip
    if english.vocabulary is not None:
        yield from _vocabulary(english, other)


def _vocabulary(english: WordingFile, other: WordingFile | None) -> Iterable[Unit]:
    base, mine = english.vocabulary, other.vocabulary if other else None
    if base is None:
        return
    for group in ("commands", "emergency"):
        for name, phrases in getattr(base, group).items():
            theirs = getattr(mine, group).get(name, ()) if mine else ()
            yield Unit(
                f"{SHARED}/vocabulary/{group}/{name}", _joined(phrases), _joined(theirs), (_NOTE,)
            )
    for name, title in base.titles.items():
        own = mine.titles.get(name) if mine else None
        yield Unit(f"{SHARED}/vocabulary/titles/{name}", title.text, own.text if own else "")
    for group in ("yes", "no", "relatives"):
        theirs = getattr(mine, group) if mine else ()
        yield Unit(
            f"{SHARED}/vocabulary/{group}", _joined(getattr(base, group)), _joined(theirs), (_NOTE,)
        )


def _joined(texts: Iterable[Text]) -> str:
    return BETWEEN.join(text.text for text in texts)


def _terms(content: Content, texts: list[str]) -> Iterable[str]:
    """The glossary's terms that occur, as a comment."""
    for term in content.glossary.values():
        if any(term.occurs_in(text) for text in texts):
            told = "; ".join(
                f"{code}: {', '.join(forms)}" for code, forms in term.forms.items() if code != BASE
            )
            yield f"Term '{term.name}' → {told}" if told else f"Term '{term.name}'"


def export_po(content: Content, language: str) -> str:
    """The PO file of a language. Raises ContentError when it is no translation."""
    _known(content, language)
    catalog = Catalog(
        locale=None, project="rights-by-text", charset="utf-8", fuzzy=False,
        header_comment=f"# English → {content.languages[language].english_name}. "
        "Drafts until a translator signs them.",
    )  # fmt: skip
    for unit in units(content, language):
        notes = [note for note in unit.notes if not note.startswith("Term")]
        notes += _only(language, unit.notes)
        catalog.add(
            unit.english, unit.translated, context=unit.place, auto_comments=notes,
            flags=("fuzzy",) if unit.stale else (),
        )  # fmt: skip
    out = io.BytesIO()
    write_po(out, catalog, width=0, omit_header=False, include_lineno=False)
    return "".join(
        line
        for line in out.getvalue().decode("utf-8").splitlines(keepends=True)
        # the day of writing would make two exports of the same content differ
        if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By'))
    )


def _only(language: str, notes: Iterable[str]) -> list[str]:
    found = []
    for note in notes:
        head, arrow, told = note.partition(" → ")
        if head.startswith("Term '"):
            mine = [part for part in told.split("; ") if part.startswith(f"{language}: ")]
            found.append(head + (f": {mine[0].partition(': ')[2]}" if arrow and mine else ""))
    return found


def import_po(folder: Path, language: str, text: str) -> int:
    """Write the translations of a PO file into the language's files and stamp them.

    Entries that are empty or marked fuzzy change nothing. A translation made from an English
    wording that has changed since is taken, and stays marked as stale.

    Returns: how many entries differed. Raises ContentError: no PO, a place that does not
    exist, content that does not load.
    """
    content = read_content(folder)
    _known(content, language)
    now = {unit.place: unit for unit in units(content, language)}
    new: dict[str, str] = {}
    current: list[str] = []
    for place, english, translated, fuzzy in _entries(text):
        if place not in now:
            raise _refused(f"there is no '{place}' in the content", "export anew")
        if fuzzy or not translated:
            continue
        if english == now[place].english:
            current.append(place)
        if translated != now[place].translated:
            new[place] = translated
    changed = write_words(folder, content, language, _by_topic(new)) if new else 0
    stamp_these(folder, language, {place.partition("#")[0] for place in current if "/" in place})
    return changed


def _entries(text: str) -> Iterable[tuple[str, str, str, bool]]:
    try:
        catalog = read_po(io.BytesIO(text.encode()), abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise _refused(
            f"this is no PO file: {error}", "export it with python -m bot export"
        ) from None
    for message in catalog:
        if message.id and message.context:
            yield message.context, str(message.id), str(message.string or ""), message.fuzzy


def _by_topic(new: Mapping[str, str]) -> dict[str, NewWords]:
    found: dict[str, NewWords] = {}
    for place, text in new.items():
        topic, _, rest = place.partition("/")
        found.setdefault(topic, {})[rest] = text
    return found


def _known(content: Content, language: str) -> None:
    if language == BASE or language not in content.languages:
        raise _refused(f"'{language}' is not a language that is translated into")


def _refused(why: str, remedy: str = "") -> ContentError:
    return ContentError([Problem("the PO file", 0, why, remedy)])
