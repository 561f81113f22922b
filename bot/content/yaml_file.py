"""Read a YAML file for authors: every value stays text, every line is known, nothing is guessed.

YAML turns a bare `yes` into a boolean and `012` into a number; here all of it stays what the
author typed. Keys that stand twice, references (`&name`, `*name`) and broken syntax are
refused with the file and the line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

#: Lists and keys inside each other; content needs six, damaged files may have thousands.
MAX_DEPTH = 40


class Level(StrEnum):
    """An error keeps content from being used; a warning asks somebody to look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in the content, worded for an author.

    Attributes:
        file: as an author knows it ("flows/removal_paused/en.yaml").
        line: counted from 1; 0 when the whole file or folder is meant.
        message: what is wrong, without a full stop.
        remedy: what to do about it, without a full stop; may be empty.
    """

    file: str
    line: int
    message: str
    remedy: str = ""
    level: Level = Level.ERROR

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        told = "; ".join(part for part in (self.message, self.remedy) if part)
        return f"{place}: {told}"


class ContentError(Exception):
    """Content that cannot be used. `problems` lists all of them, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Text:
    """A value as it was typed (quotes removed) and the line it begins on."""

    text: str
    line: int

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True)
class Entries:
    """Keys with their values, in the order of the file; `lines` says where each key stands."""

    entries: Mapping[str, Node]
    lines: Mapping[str, int]
    line: int

    def __iter__(self) -> Iterator[tuple[str, Node]]:
        return iter(self.entries.items())

    def rows(self) -> Iterator[tuple[str, Node, int]]:
        """Key, value, and the line of the key."""
        return ((key, node, self.lines[key]) for key, node in self)


Node = Text | Items | Entries


def load(path: Path, name: str) -> Node:
    """The contents of one file.

    Args:
        path: where it is.
        name: how problems call it.

    Returns:
        The outermost value; empty Entries for an empty file.
    Raises ContentError: unreadable, not UTF-8, not YAML, a key twice, references.
    """
    return parse(read_text(path, name), name)


def read_text(path: Path, name: str) -> str:
    """The text of a file, line ends as they are. Raises ContentError: unreadable, not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError:
        raise ContentError(
            [Problem(name, 0, "this file cannot be opened", "see that it exists and is a file")]
        ) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ContentError(
            [Problem(name, line, "this file is not saved as UTF-8 text", "save it as UTF-8")]
        ) from None


def parse(content: str, name: str) -> Node:
    """As `load`, from text. Raises ContentError."""
    converter = _Converter(name)
    try:
        root = _composed(content)
        tree = converter.convert(root) if root is not None else Entries({}, {}, 1)
    except MarkedYAMLError as error:
        raise ContentError([_syntax(error, name)]) from None
    except Exception:
        # besides its own errors ruamel lets IndexError, ValueError, RecursionError and others out
        # of damaged text; an author needs the file's name, not a stack trace
        raise ContentError([Problem(name, 0, *_UNREADABLE)]) from None
    if converter.problems:
        raise ContentError(converter.problems)
    return tree


def _composed(content: str) -> object:
    """The nodes of a text: by libyaml, which is twenty times as fast, or by ruamel, which alone
    tells anchors from text and says what is wrong so that an author can be told."""
    if not _SPECIAL.search(content):
        try:
            return yaml.compose(content, Loader=yaml.CBaseLoader)
        except (yaml.YAMLError, UnicodeError):
            pass  # ruamel explains it
    return YAML(typ="base", pure=True).compose(content)


#: What may be an anchor, a reference or a tag, or a byte order mark or odd space, on which the two
#: do not agree.
_SPECIAL = re.compile(r"(?:^|[\s\[{,:?-])[&*!%]|[\ufeff\u0085\u2028\u2029\t]")
_SCALAR = (ScalarNode, yaml.ScalarNode)
_SEQUENCE = (SequenceNode, yaml.SequenceNode)
_MAPPING = (MappingNode, yaml.MappingNode)


@dataclass
class _Converter:
    """Turns ruamel's nodes into ours and collects what is not allowed here."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def note(self, line: int, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.name, line, message, remedy))

    def convert(self, node: object, depth: int = 0) -> Node:
        if not isinstance(node, (*_SCALAR, *_SEQUENCE, *_MAPPING)):
            raise TypeError(type(node))
        line = node.start_mark.line + 1
        if depth > MAX_DEPTH:
            self.note(line, "this lies too deep", "check the spaces before this line")
            return Text("", line)
        # ruamel gives a place that is referred to as the same node once more
        if id(node) in self.seen or getattr(node, "anchor", None):
            self.note(line, "text begins with a & or * sign", _QUOTE)
            return Text("", line)
        self.seen.add(id(node))
        if not str(node.tag).startswith(_YAML_TAGS):
            self.note(line, "text begins with a ! sign", _QUOTE)
        if isinstance(node, _SCALAR):
            return Text(self._clean(node.value, line), line)
        if isinstance(node, _SEQUENCE):
            return Items(tuple(self.convert(item, depth + 1) for item in node.value), line)
        return self._entries(node, line, depth)

    def _entries(self, node: MappingNode | yaml.MappingNode, line: int, depth: int) -> Entries:
        entries: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            at = key_node.start_mark.line + 1
            key = self.convert(key_node, depth + 1)
            if not isinstance(key, Text):
                self.note(at, "a list or group stands where a name should", _QUOTE)
            elif key.text in entries:
                self.note(
                    at,
                    f"the key '{key}' stands twice (first on line {lines[key.text]})",
                    "remove or rename one",
                )
            else:
                value = self.convert(value_node, depth + 1)
                # the parsers see nothing only on the line where the next thing begins
                entries[key.text] = Text("", at) if value == Text("", value.line) else value
                lines[key.text] = at
        return Entries(entries, lines, line)

    def _clean(self, text: str, line: int) -> str:
        """Half characters ("\\ud800") and control characters cannot be sent to anybody."""
        if text.isprintable():
            return text
        odd = [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t"]
        if odd:
            self.note(
                line,
                f"text has a character that cannot be sent (U+{ord(odd[0]):04X})",
                "remove it, or type it anew",
            )
            return ""
        return text


#: What YAML itself thinks a value is ("bool" for a bare yes); it is not listened to.
_YAML_TAGS = "tag:yaml.org,2002:"
_QUOTE = 'put text with special characters into "quotes"'
_UNREADABLE = (
    "this file cannot be read",
    "look for stray control characters, or compare it with a file that works",
)
#: What ruamel says → what an author can do about it. The first that occurs is taken.
_SYNTAX = (
    (
        "mapping values are not allowed",
        "a colon stands where none is expected",
        'put text that has a colon in it into "quotes", or check the spaces before this line',
    ),
    (
        "\\t",
        "a tab character stands at the beginning of this line or value",
        "use spaces instead of tabs",
    ),
    (
        "could not find expected ':'",
        "there is a name without a colon",
        "write 'name: value', or put more spaces before a line that belongs to a text",
    ),
    (
        "while scanning a quoted scalar",
        "a quotation mark was opened here and never closed",
        "close it, or remove it",
    ),
    (
        "expected <block end>",
        "this line does not stand as far to the right as its neighbours",
        "give lines that belong together the same number of spaces, or close the quotes above",
    ),
    (
        "while parsing a flow",
        "a bracket, brace or quotation mark was opened and not closed, or a comma is missing",
        "check [ ], { }, quotation marks and the commas between",
    ),
    ("anchor", "text begins with a & or * sign", _QUOTE),
    ("alias", "text begins with a & or * sign", _QUOTE),
    (
        "sequence entries are not allowed",
        "a list begins in the middle of a line",
        'put text that begins with a dash into "quotes"',
    ),
    ("cannot start any token", "text begins with a sign that has a meaning in YAML", _QUOTE),
    ("found another document", "a line of three dashes splits the file", "remove the line"),
    ("expected the node content", "a value is missing or begins with a special sign", _QUOTE),
    ("tag", "text begins with a ! sign", _QUOTE),
    ("escape", "a backslash in quotes has no meaning here", "remove it, or use 'single quotes'"),
)


#: What is wrong where it begins, not where ruamel noticed it.
_BEGINS_EARLIER = ("while scanning a quoted scalar", "could not find expected ':'")


def _syntax(error: MarkedYAMLError, name: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    said = f"{error.context or ''} {error.problem or ''}"
    if error.context_mark is not None and any(part in said for part in _BEGINS_EARLIER):
        mark = error.context_mark
    line = mark.line + 1 if mark is not None else 0
    for part, message, remedy in _SYNTAX:
        if part in said:
            return Problem(name, line, message, remedy)
    return Problem(name, line, "this cannot be read", "check signs and spaces here and just above")
