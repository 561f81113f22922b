"""The authors' commands: check, sign-off, export, import, as somebody types them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.content.mistake import ContentFolder

ROOT = Path(__file__).resolve().parents[2]


def bot(folder: ContentFolder, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder.home / "nlu_data").mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder.home, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, timeout=120,
    )  # fmt: skip


def test_check_can_tell_one_language_only(folder: ContentFolder) -> None:
    folder.change("flows/danger/es.yaml", "((emergency.phone))", "911")
    assert "es.yaml" in bot(folder, "check", "--language", "es").stdout
    assert bot(folder, "check", "--language", "en").stdout.count("\n") == 1


def test_check_walks_when_asked(folder: ContentFolder) -> None:
    done = bot(folder, "check", "--walk")
    assert done.returncode == 0 and "ways walked" in done.stdout and "0 failures" in done.stdout


def test_a_topic_is_signed_and_the_signature_is_told(folder: ContentFolder) -> None:
    done = bot(folder, "sign-off", "danger", "--role", "attorney", "--language", "en", "--by", "AB")
    assert done.returncode == 0 and "Signed: danger, en, attorney, AB" in done.stdout
    assert "by: AB" in folder.read("flows/reviews.yaml")
    folder.change("flows/danger/en.yaml", "If you can, go", "If you may, go")
    assert "AB signed 'danger' in 'en'" in bot(folder, "check").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("danger", "--role", "attorney", "--language", "fr", "--by", "AB"), "no topic 'danger'"),
        (("danger", "--role", "owner", "--language", "en", "--by", "AB"), "Invalid value"),
        (("danger", "--role", "attorney", "--language", "en"), "Missing option '--by'"),
    ],
)
def test_what_cannot_be_signed_is_refused(
    folder: ContentFolder, arguments: tuple[str, ...], told: str
) -> None:
    done = bot(folder, "sign-off", *arguments)
    assert done.returncode != 0 and told in done.stderr


def test_out_and_back_in(folder: ContentFolder) -> None:
    assert bot(folder, "export", "es").returncode == 0
    text = (folder.home / "es.po").read_text(encoding="utf-8")
    assert "Changed: 0" in bot(folder, "import", "es").stdout
    (folder.home / "es.po").write_text(text.replace("¿Hay una orden final?", "¿Hay orden final?"))
    assert "Changed: 1" in bot(folder, "import", "es", "es.po").stdout
    assert "¿Hay orden final?" in folder.read("flows/removal_paused/es.yaml")


@pytest.mark.parametrize("arguments", [("export", "xx"), ("import", "es"), ("export", "en")])
def test_what_cannot_be_exchanged_is_refused(
    folder: ContentFolder, arguments: tuple[str, ...]
) -> None:
    done = bot(folder, *arguments)
    assert done.returncode == 1 and done.stderr


def test_a_book_is_written(folder: ContentFolder) -> None:
    done = bot(folder, "review-book", "--language", "es", "--out", "book")
    assert done.returncode == 0 and (folder.home / "book" / "danger.html").exists()
