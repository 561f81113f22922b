"""Fingerprints: which English wording a translation was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

from bot.content.load import BASE, Content, read_content
from bot.content.page import meant
from bot.content.wording_file import Prose, WordingFile
from bot.content.yaml_file import ContentError, Entries, Node, Problem, Text, parse, read_text


def fingerprint(english: Prose) -> str:
    """The first 8 hexadecimal digits of a SHA-256 over the message with all its variants."""
    whole = "\0".join(f"{variant}={text}" for variant, text in sorted(english.variants.items()))
    return hashlib.sha256(whole.encode()).hexdigest()[:8]


def stamp(folder: Path, language: str) -> int:
    """Note for every translated message of a language which English wording it was made from.

    Only lines under `made_from:` are touched; all else, comments included, stays as it is.

    Returns: how many fingerprints were written anew or removed.
    Raises ContentError: the content does not load, or the language is no translation.
    """
    return _stamp(folder, language, None)


def stamp_these(folder: Path, language: str, messages: Collection[str]) -> int:
    """As `stamp`, for some messages only ("topic/message"); the others keep what is noted."""
    return _stamp(folder, language, frozenset(messages))


def _stamp(folder: Path, language: str, only: frozenset[str] | None) -> int:
    content = read_content(folder)
    known = [code for code in content.languages if code != BASE]
    if language not in known:
        raise ContentError(
            [
                Problem(
                    f"{content.name}/languages.yaml",
                    0,
                    f"'{language}' is not a language that is translated into",
                    meant(language, known),
                )
            ]
        )
    changed = 0
    for topic, by_language in content.wording.items():
        if (file := by_language.get(language)) is not None:
            changed += _stamp_file(folder / topic / f"{language}.yaml", file, content, only)
    return changed


def _stamp_file(
    path: Path, file: WordingFile, content: Content, only: frozenset[str] | None
) -> int:
    english = content.wording[file.topic][BASE]
    old = {name: mark.text for name, mark in file.made_from.items()}
    marks = {
        name: fingerprint(english.messages[name])
        if only is None or f"{file.topic}/{name}" in only
        else old[name]
        for name in file.messages
        if name in english.messages
        and (only is None or f"{file.topic}/{name}" in only or name in old)
    }
    if marks == old:
        return 0
    before = read_text(path, file.file)
    after = _with_marks(before, parse(before, file.file), marks)
    written = parse(after, file.file)
    if not isinstance(written, Entries) or _read_marks(written) != marks:
        raise ContentError(
            [
                Problem(
                    file.file,
                    0,
                    "the fingerprints could not be written into this file",
                    "remove everything under 'made_from:' and try again",
                )
            ]
        )
    path.write_bytes(after.encode())  # as bytes: Windows line ends stay
    return sum(marks.get(name) != old.get(name) for name in {*marks, *old})


def _read_marks(tree: Entries) -> dict[str, str]:
    found = tree.entries.get("made_from")
    return (
        {name: mark.text for name, mark in found if isinstance(mark, Text)}
        if isinstance(found, Entries)
        else {}
    )


def _with_marks(text: str, tree: Node, marks: Mapping[str, str]) -> str:
    """The file's text with other lines under `made_from:`."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    if not isinstance(tree, Entries) or "made_from" not in tree.entries:
        return "".join([*lines, f"made_from:{end}", *_lines(marks, end)])
    first = tree.lines["made_from"] - 1
    following = [line - 1 for key, line in tree.lines.items() if line - 1 > first]
    last = min(following, default=len(lines))
    # comments and empty lines just before the next key belong to that key
    while following and last > first + 1 and lines[last - 1].strip()[:1] in ("", "#"):
        last -= 1
    block = tree.entries["made_from"]
    # not {...} on the same line, which is written anew
    if not (isinstance(block, Entries) and block.lines and min(block.lines.values()) - 1 > first):
        return "".join([*lines[:first], f"made_from:{end}", *_lines(marks, end), *lines[last:]])
    kept = list(lines)
    top = lines[min(block.lines.values()) - 1]
    indent = top[: len(top) - len(top.lstrip())]
    for name, node in block:
        at = block.lines[name] - 1
        if name not in marks:
            kept[at] = ""
        elif isinstance(node, Text):
            head, colon, tail = kept[at].partition(":")
            kept[at] = head + colon + tail.replace(node.text, marks[name], 1)
    new = {name: mark for name, mark in marks.items() if name not in block.entries}
    return "".join([*kept[:last], *_lines(new, end, indent), *kept[last:]])


def _lines(marks: Mapping[str, str], end: str, indent: str = "  ") -> list[str]:
    return [f"{indent}{name}: {mark}{end}" for name, mark in marks.items()]
