"""`python -m bot stamp es` notes fingerprints and leaves all else as the translator wrote it."""

from __future__ import annotations

import pytest

from bot.content.checks import stamp
from bot.content.load import read_content
from bot.content.stamp import fingerprint
from bot.content.yaml_file import ContentError
from tests.content.mistake import ContentFolder

SPANISH = "flows/removal_paused/es.yaml"
ENGLISH = "flows/removal_paused/en.yaml"


def test_nothing_changes_when_all_is_noted(folder: ContentFolder) -> None:
    before = {file: file.read_bytes() for file in folder.flows.rglob("*.yaml")}
    assert stamp(folder.flows, "es") == 0
    assert {file: file.read_bytes() for file in folder.flows.rglob("*.yaml")} == before


def test_only_the_changed_fingerprint_is_written(folder: ContentFolder) -> None:
    folder.change(ENGLISH, "Is there a final order?", "Is there a final removal order?")
    before = folder.read(SPANISH)
    assert stamp(folder.flows, "es") == 1
    new = fingerprint(read_content(folder.flows).wording["removal_paused"]["en"].messages["order"])
    assert folder.read(SPANISH) == before.replace("3a7183a0", new)
    assert folder.check().problems == ()


def test_comments_spaces_quotes_and_order_stay(folder: ContentFolder) -> None:
    folder.change(
        SPANISH,
        "made_from:\n  pause_then: 77dd8548\n  order: 3a7183a0\n",
        "# which English it was made from\nmade_from:   # not by hand\n\n"
        "    # the second first\n    order:   '00000000'   # old\n    pause_then: 77dd8548\n\n"
        "# to the translators: thank you\n",
    )
    before = folder.read(SPANISH)
    assert stamp(folder.flows, "es") == 1
    assert folder.read(SPANISH) == before.replace("00000000", "3a7183a0")


@pytest.mark.parametrize("old", ["", "made_from:\n", "made_from: {}\n", "made_from: {order: x}\n"])
def test_a_first_stamp(folder: ContentFolder, old: str) -> None:
    folder.change(SPANISH, "made_from:\n  pause_then: 77dd8548\n  order: 3a7183a0\n", old)
    before = folder.read(SPANISH)
    assert stamp(folder.flows, "es") == 2
    kept = before.removesuffix(old)
    assert folder.read(SPANISH) == kept + (
        "made_from:\n  pause_then: 77dd8548\n  order: 3a7183a0\n"
    )


def test_fingerprints_in_the_middle_of_a_file(folder: ContentFolder) -> None:
    """New ones are put before the comment that belongs to what follows."""
    folder.change(SPANISH, "made_from:\n  pause_then: 77dd8548\n  order: 3a7183a0\n", "")
    folder.change(
        SPANISH,
        "answers:\n",
        "made_from:\n    gone: 12345678\n    order: 3a7183a0\n\n# how people say it\nanswers:\n",
    )
    before = folder.read(SPANISH)
    assert stamp(folder.flows, "es") == 2
    assert folder.read(SPANISH) == before.replace(
        "    gone: 12345678\n    order: 3a7183a0\n",
        "    order: 3a7183a0\n    pause_then: 77dd8548\n",
    )


def test_windows_line_ends_stay(folder: ContentFolder) -> None:
    path = folder.home / SPANISH
    windows = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(windows.replace(b"  order: 3a7183a0\r\n", b""))
    assert stamp(folder.flows, "es") == 1
    assert path.read_bytes() == windows


def test_a_file_without_a_last_line_end(folder: ContentFolder) -> None:
    path = folder.home / SPANISH
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"\n  order: 3a7183a0\n", b""))
    assert stamp(folder.flows, "es") == 1
    assert path.read_bytes() == whole


def test_a_fingerprint_covers_both_wordings(folder: ContentFolder) -> None:
    folder.change(ENGLISH, "not deport your relative", "not ever deport your relative")
    assert [problem.file for problem in folder.check().problems] == [SPANISH]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_language_that_nothing_is_translated_into(folder: ContentFolder, language: str) -> None:
    with pytest.raises(ContentError) as caught:
        stamp(folder.flows, language)
    assert str(caught.value) == (
        f"flows/languages.yaml: '{language}' is not a language that is translated into; "
        "possible are: es"
    )


def test_broken_content_is_not_stamped(folder: ContentFolder) -> None:
    folder.change(SPANISH, "title: ¿", "title: [¿")
    before = folder.read(SPANISH)
    with pytest.raises(ContentError):
        stamp(folder.flows, "es")
    assert folder.read(SPANISH) == before
