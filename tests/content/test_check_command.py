"""`python -m bot check` and `stamp`, as an author runs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.content.mistake import ContentFolder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def good_for_long(folder: ContentFolder) -> None:
    """The commands take today's date from the clock."""
    for flow in folder.flows.glob("*/flow.yaml"):
        folder.change(f"flows/{flow.parent.name}/flow.yaml", "2027-05-31", "2999-05-31")


def bot(folder: ContentFolder, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder.home,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_good_content_exits_0(folder: ContentFolder) -> None:
    done = bot(folder, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].endswith(": 0 errors, 0 warnings.")


def test_a_mistake_exits_1_and_names_its_line(folder: ContentFolder) -> None:
    folder.change("flows/removal_paused/flow.yaml", "not_sure: done}", "not_sure: dnoe}")
    done = bot(folder, "check")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[0] == (
        "flows/removal_paused/flow.yaml:21: error: Step 'order' leads to 'dnoe', but there is no "
        "such step. Did you mean 'done'?"
    )


def test_content_that_does_not_load_exits_1_without_a_stack_trace(folder: ContentFolder) -> None:
    folder.change("flows/danger/en.yaml", "title: I", "title: [I")
    done = bot(folder, "check")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1] == (
        "1 error, 0 warnings. The rest is checked when these are mended."
    )


def test_drafts_only_stop_a_release(folder: ContentFolder) -> None:
    assert bot(folder, "check").returncode == 0
    done = bot(folder, "check", "--release")
    assert done.returncode == 1
    assert (
        "flows/danger/flow.yaml:1: error: This is a draft; no attorney has signed it."
        in done.stdout
    )


def test_stamp_writes_what_check_then_accepts(folder: ContentFolder) -> None:
    folder.change("flows/removal_paused/en.yaml", "Is there a final order?", "A final order?")
    assert "1 warning" in bot(folder, "check").stdout
    done = bot(folder, "stamp", "es")
    assert (done.returncode, done.stdout) == (0, "Fingerprints written: 1\n")
    assert "0 warnings" in bot(folder, "check").stdout
