"""dev/nlu_environment.py: which Python it takes, and what it says when there is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dev import nlu_environment
from dev.nlu_environment import LOCK, environment_folder, find_python
from dev.uv import SetupError


def a_python(file: Path, version: str | None) -> Path:
    """A program that answers as Python of that version would; None: one that fails, as a shim."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("#!/bin/sh\n" + (f"echo {version}\n" if version else "exit 127\n"))
    file.chmod(0o755)
    return file


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine without any Python 3.10, and a uv that can fetch none."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.delenv("NLU_PYTHON", raising=False)
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\nexit 2\n")
    uv.chmod(0o755)
    return tmp_path


def test_the_one_named_comes_first(bare, monkeypatch):
    a_python(bare / "bin" / "python3.10", "3.10")
    named = a_python(bare / "mine" / "python", "3.10")
    monkeypatch.setenv("NLU_PYTHON", str(named))
    assert find_python(bare / "uv") == str(named)


def test_one_named_of_another_version_is_passed_over(bare, monkeypatch):
    on_path = a_python(bare / "bin" / "python3.10", "3.10")
    monkeypatch.setenv("NLU_PYTHON", str(a_python(bare / "mine" / "python", "3.12")))
    assert find_python(bare / "uv") == str(on_path)


def test_a_shim_that_does_not_run_is_passed_over(bare):
    a_python(bare / "bin" / "python3.10", None)
    kept = a_python(bare / "pyenv" / "versions" / "3.10.13" / "bin" / "python", "3.10")
    assert find_python(bare / "uv") == str(kept)


def test_uv_is_the_last_resort(bare):
    fetched = a_python(bare / "fetched" / "python", "3.10")
    uv = bare / "uv"
    uv.write_text(f'#!/bin/sh\n[ "$2" = find ] && echo {fetched}\nexit 0\n')
    assert find_python(uv) == str(fetched)


def test_without_any_it_names_the_remedies(bare):
    with pytest.raises(SetupError) as refused:
        find_python(bare / "uv")
    for remedy in ("uv python install", "pyenv install", "NLU_PYTHON"):
        assert remedy in str(refused.value)


def test_another_lock_means_another_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = environment_folder()
    other = tmp_path / "requirements.txt"
    other.write_bytes(LOCK.read_bytes() + b"# changed\n")
    monkeypatch.setattr(nlu_environment, "LOCK", other)
    assert first.parent == tmp_path / "rights-by-text"
    assert environment_folder() != first


def test_the_link_points_to_the_environment_of_this_lock():
    assert Path(os.readlink(nlu_environment.LINK)).name == environment_folder().name


def test_the_lock_pins_every_package_by_hash_and_names_no_registry():
    text = LOCK.read_text()
    assert "://" not in text
    entries = [
        part for part in text.split("\n") if "==" in part and not part.startswith((" ", "#"))
    ]
    assert entries
    assert text.count("--hash=sha256:") >= len(entries)
    assert not any(entry.startswith(("tensorflow==", "skops==")) for entry in entries)
