"""Signatures: who stands for what, and that any change takes the signature away."""

from __future__ import annotations

from datetime import date

import pytest

from bot.content.load import load_library, read_content
from bot.content.signatures import ATTORNEY, TRANSLATOR, changed_since, sign_off, valid
from bot.content.yaml_file import ContentError
from tests.content.mistake import ContentFolder

DAY = date(2026, 11, 20)
PAUSED = "flows/removal_paused/en.yaml"


def sign(folder: ContentFolder, topic: str, language: str, role: str) -> None:
    sign_off(folder.flows, read_content(folder.flows), topic, role, language, "AB", DAY)


def sign_everything(folder: ContentFolder) -> None:
    for topic in read_content(folder.flows).flows:
        sign(folder, topic, "en", ATTORNEY)
        sign(folder, topic, "es", TRANSLATOR)


def test_content_is_a_draft_until_everything_is_signed(folder: ContentFolder) -> None:
    assert load_library(folder.flows).is_draft
    assert "no attorney has signed it" in str(folder.check(release=True).problems)
    sign_everything(folder)
    assert not load_library(folder.flows).is_draft
    assert folder.check(release=True).problems == ()


def test_a_translation_without_its_translator_is_a_draft(folder: ContentFolder) -> None:
    for topic in read_content(folder.flows).flows:
        sign(folder, topic, "en", ATTORNEY)
    assert load_library(folder.flows).is_draft
    told = [problem.message for problem in folder.check(release=True).problems]
    assert set(told) == {"this is a draft; no translator has signed it"}


@pytest.mark.parametrize(
    ("file", "old", "new", "part"),
    [
        (PAUSED, "would not deport you for", "would deport you for", "message pause_then"),
        (PAUSED, 'words: ["there is"]', 'words: ["there is one"]', "answers order"),
        (PAUSED, "title: Is deportation on hold?", "title: On hold?", "title"),
        ("flows/removal_paused/flow.yaml", "no: by_person", "no: done", "shape"),
        ("flows/removal_paused/flow.yaml", "[F-001, F-002]", "[F-001]", "message pause_then"),
    ],
)
def test_any_change_takes_the_signature_away(
    folder: ContentFolder, file: str, old: str, new: str, part: str
) -> None:
    sign_everything(folder)
    folder.change(file, old, new)
    content = read_content(folder.flows)
    assert valid(content, "removal_paused", "en", ATTORNEY) is None
    assert valid(content, "find_lawyer", "en", ATTORNEY) is not None
    mine = [s for s in content.signatures if s.topic == "removal_paused" and s.role == ATTORNEY]
    assert [changed_since(content, one) for one in mine] == [[part]]
    assert load_library(folder.flows).is_draft
    assert any("it has changed since" in problem.message for problem in folder.check().problems)


def test_a_changed_phone_number_takes_away_what_names_it(folder: ContentFolder) -> None:
    sign_everything(folder)
    folder.change("flows/shared/resources.yaml", "phone: 911", "phone: 912")
    content = read_content(folder.flows)
    outdated = {s.topic for s in content.signatures if changed_since(content, s)}
    assert outdated == {"danger"}


def test_a_new_comment_changes_nothing(folder: ContentFolder) -> None:
    sign_everything(folder)
    folder.add(PAUSED, "# seen\n")
    assert not load_library(folder.flows).is_draft


@pytest.mark.parametrize(
    ("topic", "role", "language", "by"),
    [
        ("no_such_topic", ATTORNEY, "en", "AB"),
        ("danger", ATTORNEY, "fr", "AB"),
        ("danger", TRANSLATOR, "en", "AB"),
        ("danger", ATTORNEY, "en", " "),
    ],
)
def test_what_cannot_be_signed(
    folder: ContentFolder, topic: str, role: str, language: str, by: str
) -> None:
    content = read_content(folder.flows)
    with pytest.raises(ContentError):
        sign_off(folder.flows, content, topic, role, language, by, DAY)
    assert not (folder.flows / "reviews.yaml").exists()


def test_signing_again_replaces_the_older_signature(folder: ContentFolder) -> None:
    sign(folder, "danger", "en", ATTORNEY)
    sign(folder, "danger", "en", ATTORNEY)
    assert len(read_content(folder.flows).signatures) == 1


def test_a_damaged_file_of_signatures_is_told(folder: ContentFolder) -> None:
    (folder.flows / "reviews.yaml").write_text("- {topic: danger, colour: red}\n")
    told = str(folder.check().problems)
    assert "unknown key 'colour'" in told and "lacks 'by'" in told
