"""What a reader may rely on: sizes, names, and that nothing is left unfinished."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()
    if (ROOT / name).is_file() and (ROOT / name) != Path(__file__).resolve()
]  # fmt: skip
MODULES = [path for path in TRACKED if path.suffix == ".py"]


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def test_no_module_is_called_after_nothing() -> None:
    vague = {"util", "utils", "helper", "helpers", "common", "misc", "manager"}
    assert [path for path in TRACKED if path.stem in vague] == []


def test_no_module_is_too_long_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in MODULES
        if "tests" not in path.parts and (count := len(text(path).splitlines())) > 400
    }
    assert long == {}


def test_nothing_is_left_unfinished() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XXX)\b|NotImplemented" + "Error")
    assert [path for path in MODULES if marks.search(text(path))] == []


def test_no_lock_names_a_package_registry() -> None:
    hosts = re.compile(r"(py" + r"pi\.org|pythonhosted|registry\.npm" + r"js|--(extra-)?index-url)")
    assert [p for p in TRACKED if p.suffix != ".png" and hosts.search(text(p))] == []


def test_test_numbers_come_from_the_range_that_nobody_has() -> None:
    """+1 555 01xx is set aside for fiction; the numbers of hotlines stand in the content."""
    number = re.compile(r"\+1\d{10}\b")
    places = [path for path in MODULES if {"tests", "simulator", "bench"} & set(path.parts)]
    for path in places:
        for found in number.findall(text(path)):
            assert re.fullmatch(r"\+1\d{3}55501\d\d|\+1\d{3}5550\d{3}", found), (path, found)


@pytest.mark.parametrize("path", [p for p in TRACKED if p.name.startswith("requirements")
                                  or p.parent.name == "requirements"], ids=str)  # fmt: skip
def test_every_locked_package_has_a_hash(path: Path) -> None:
    if path.suffix != ".txt":
        return
    pinned = re.findall(r"^([a-z0-9][\w.\[\]-]*)==", text(path), re.MULTILINE | re.IGNORECASE)
    hashed = re.findall(r"^([a-z0-9][\w.\[\]-]*)==[^\n]*\\\n\s+--hash=sha256:", text(path),
                        re.MULTILINE | re.IGNORECASE)  # fmt: skip
    assert pinned == hashed
    assert pinned
