"""Write changed words into <language>.yaml files, one file anew for each topic that changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.content.load import BASE, Content
from bot.content.wording_file import VARIANTS, WordingFile
from bot.content.yaml_file import Text, read_text
from bot.core.model import SHARED

#: Place within a topic ("title", "order#self", "answers/order/yes/label") → words.
NewWords = dict[str, str]
#: Between the words of a list in a place that holds several.
BETWEEN = " | "
WIDTH = 110


@dataclass
class _Draft:
    """The words of one file, to be changed and written."""

    title: str = ""
    keywords: list[str] = field(default_factory=list)
    messages: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: dict[str, dict[str, tuple[str, list[str]]]] = field(default_factory=dict)
    vocabulary: dict[str, list[str] | dict[str, list[str]]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    made_from: dict[str, str] = field(default_factory=dict)


def write_words(
    folder: Path, content: Content, language: str, by_topic: Mapping[str, NewWords]
) -> int:
    """Put new words into the files of a language; topics without new words are not touched.

    Comments at the top of a file stay, others of a file that changes are lost; fingerprints
    stay as they are. Returns how many places were changed.
    """
    changed = 0
    for topic, new in by_topic.items():
        file = content.wording[topic].get(language)
        draft = _of(file) if file else _Draft()
        for place, words in new.items():
            _put(draft, place, words)
            changed += 1
        path = folder / topic / f"{language}.yaml"
        top = _comments(path, file)
        order = content.wording[topic][BASE]
        path.write_text(top + "".join(_lines(draft, order)), encoding="utf-8")
    return changed


def _of(file: WordingFile) -> _Draft:
    vocabulary: dict[str, list[str] | dict[str, list[str]]] = {}
    if file.vocabulary is not None:
        words = file.vocabulary
        vocabulary = {
            "commands": {name: _texts(found) for name, found in words.commands.items()},
            "emergency": {name: _texts(found) for name, found in words.emergency.items()},
            "yes": _texts(words.yes),
            "no": _texts(words.no),
            "relatives": _texts(words.relatives),
        }
    return _Draft(
        title=file.title.text if file.title else "",
        keywords=_texts(file.keywords),
        messages={
            name: {variant: text.text for variant, text in prose.variants.items()}
            for name, prose in file.messages.items()
        },
        answers={
            name: {
                key: (answer.label.text, _texts(answer.words))
                for key, answer in answers.answers.items()
            }
            for name, answers in file.answers.items()
        },
        vocabulary=vocabulary,
        titles={k: t.text for k, t in file.vocabulary.titles.items()} if file.vocabulary else {},
        made_from={name: mark.text for name, mark in file.made_from.items()},
    )


def _texts(words: Iterable[Text]) -> list[str]:
    return [word.text for word in words]


def _put(draft: _Draft, place: str, words: str) -> None:
    match place.split("/"):
        case ["title"]:
            draft.title = words
        case ["keywords"]:
            draft.keywords = _split(words)
        case ["answers", name, key, part]:
            label, said = draft.answers.setdefault(name, {}).get(key, ("", []))
            now = (words, said) if part == "label" else (label, _split(words))
            draft.answers[name][key] = now
        case ["vocabulary", "titles", name]:
            draft.titles[name] = words
        case ["vocabulary", group, name]:
            found = draft.vocabulary.setdefault(group, {})
            if isinstance(found, dict):
                found[name] = _split(words)
        case ["vocabulary", group]:
            draft.vocabulary[group] = _split(words)
        case _:
            name, _, variant = place.partition("#")
            draft.messages.setdefault(name, {})[variant] = words


def _split(words: str) -> list[str]:
    return [word.strip() for word in words.split(BETWEEN.strip()) if word.strip()]


def _comments(path: Path, file: WordingFile | None) -> str:
    if file is None:
        return ""
    lines = read_text(path, file.file).splitlines(keepends=True)
    kept = 0
    while kept < len(lines) and lines[kept].strip()[:1] in ("", "#"):
        kept += 1
    return "".join(lines[:kept])


def _lines(draft: _Draft, order: WordingFile) -> Iterable[str]:
    if order.topic != SHARED:
        yield f"title: {_scalar(draft.title)}\n"
        if draft.keywords:
            yield f"keywords: {_list(draft.keywords, '  ')}\n"
    yield "messages:\n" if draft.messages else "messages: {}\n"
    for name in _sorted(draft.messages, order.messages):
        yield from _message(name, draft.messages[name])
    if draft.answers:
        yield "answers:\n"
    for name in _sorted(draft.answers, order.answers):
        yield f"  {name}:\n"
        base = order.answers[name].answers if name in order.answers else {}
        for key in _sorted(draft.answers[name], base):
            label, words = draft.answers[name][key]
            said = f", words: {_list(words, '      ')}" if words else ""
            yield f"    {key}: {{label: {_scalar(label)}{said}}}\n"
    if draft.vocabulary:
        yield "vocabulary:\n"
    for group, found in draft.vocabulary.items():
        if isinstance(found, dict):
            yield f"  {group}:\n"
            for name, words in found.items():
                yield f"    {name}: {_list(words, '      ')}\n"
        else:
            yield f"  {group}: {_list(found, '    ')}\n"
    if draft.titles:
        yield "  titles:\n"
    for name, title in draft.titles.items():
        yield f"    {name}: {_scalar(title)}\n"
    if draft.made_from:
        yield "made_from:\n"
    for name, mark in draft.made_from.items():
        yield f"  {name}: {mark}\n"


def _message(name: str, variants: Mapping[str, str]) -> Iterable[str]:
    if "" in variants:
        yield f"  {name}: |-\n{_block(variants[''], '    ')}"
        return
    yield f"  {name}:\n"
    for variant in VARIANTS:
        if variant in variants:
            yield f"    {variant}: |-\n{_block(variants[variant], '      ')}"


def _block(text: str, indent: str) -> str:
    return "".join(f"{indent}{line}\n" if line else "\n" for line in text.strip().split("\n"))


def _scalar(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(words: Iterable[str], indent: str) -> str:
    """A list in brackets, broken into lines that can be read."""
    rows, row = [], "["
    for word in words:
        item = _scalar(word) + ", "
        if len(row) + len(item) > WIDTH and len(row) > 1:
            rows.append(row.rstrip())
            row = indent
        row += item
    return "\n".join([*rows, row.rstrip(", ") + "]"])


def _sorted(names: Iterable[str], order: Iterable[str]) -> list[str]:
    """As in the English file; what it lacks comes last."""
    places = {name: place for place, name in enumerate(order)}
    return sorted(names, key=lambda name: places.get(name, len(places)))
