"""Whatever stands in a file: the content loads, or a ContentError says why; nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.checks import render, stamp
from bot.content.load import load_library
from bot.content.yaml_file import ContentError
from bot.core.library import Library
from tests.content.mistake import GOOD, ContentFolder

FILES = (
    "flows/languages.yaml",
    "flows/shared/flow.yaml",
    "flows/shared/en.yaml",
    "flows/shared/resources.yaml",
    "flows/removal_paused/flow.yaml",
    "flows/removal_paused/en.yaml",
    "flows/removal_paused/es.yaml",
    "nlu_data/intents.yml",
    "docs/facts.md",
)
STAMPED = ("danger", "find_lawyer", "removal_paused", "shared", "talk_to_person")
#: What YAML gives a meaning to, and what it trips over.
PIECES = st.sampled_from(
    [
        *(
            "{",
            "}",
            "[",
            "]",
            ":",
            ": ",
            "- ",
            "? ",
            "|",
            ">",
            "|-\n",
            "&a ",
            "*a",
            "!x ",
            "!!int ",
        ),
        *("!!int ", "<<: ", "#", " #", "---\n", "%YAML 9.9\n", '"', "'", "\t", "\n", "\n  ", "\\"),
        *("yes", "no", "null", "~", "0x1", "1e999", "2023-13-45", "((", "))", "((x.phone))"),
        *("\ufeff", "\u2028", "\x85", "\x00", "\x07", "\U0001f600", "\ud7ff", '"\\ud800"', "٣"),
        *("self: ", "relative: ", "say: ", "ask: ", "end: ", "go: ", "shared/", "/", "facts: "),
    ]
)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file and its new bytes: quite other ones, or the good ones with a part replaced."""
    file = draw(st.sampled_from(FILES))
    if draw(st.integers(0, 4)) == 0:
        return file, draw(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
    good = (GOOD / file).read_bytes()
    begin = draw(st.integers(0, len(good)))
    end = min(len(good), begin + draw(st.integers(0, 30)))
    piece = draw(
        st.lists(PIECES, max_size=4).map(lambda parts: "".join(parts).encode())
        | st.binary(max_size=6)
    )
    return file, good[:begin] + piece + good[end:]


@pytest.fixture(scope="module")
def reused(tmp_path_factory: pytest.TempPathFactory) -> ContentFolder:
    return ContentFolder.copied_to(tmp_path_factory.mktemp("bytes") / "content")


@settings(max_examples=150, deadline=None)
@given(change=damaged())
def test_any_bytes(reused: ContentFolder, change: tuple[str, bytes]) -> None:
    file, content = change
    try:
        (reused.home / file).write_bytes(content)
        loads, said = outcome(lambda: load_library(reused.flows))
        assert isinstance(said, Library) if loads else str(said)
        report = reused.check()
        assert loads or report.has_errors
        render(report.problems).encode()  # it can be printed
        stamps, _ = outcome(lambda: stamp(reused.flows, "es"))
        assert loads or not stamps
    finally:
        for changed in (file, *(f"flows/{topic}/es.yaml" for topic in STAMPED)):
            (reused.home / changed).write_bytes((GOOD / changed).read_bytes())


def outcome(do: Callable[[], object]) -> tuple[bool, object]:
    """(True, what came of it) or (False, the ContentError); anything else is raised."""
    try:
        return True, do()
    except ContentError as error:
        return False, error


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 5000,
        b"{a: " * 3000,
        b"- " * 3000,
        b"a: &x [*x]",
        b"&a [" + b"*a, " * 1000 + b"]",
        b"? [a]\n: b",
        b"\xff\xfe",
        b"\x00",
        b'"\\ud800"',
        b"%TAG ! x\n---\n!y z",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_yaml_bombs(folder: ContentFolder, content: bytes) -> None:
    (folder.flows / "danger" / "en.yaml").write_bytes(content)
    with pytest.raises(ContentError, match=r"flows/danger/en\.yaml"):
        load_library(folder.flows)
