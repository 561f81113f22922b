"""Translators' files: out, into another tool, and back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.content.load import BASE, read_content
from bot.content.po_file import export_po, import_po, units
from bot.content.yaml_file import ContentError
from tests.content.mistake import ContentFolder

FLOWS = Path(__file__).resolve().parents[2] / "flows"
PAUSED = "flows/removal_paused/es.yaml"


def out(folder: ContentFolder, language: str = "es") -> str:
    return export_po(read_content(folder.flows), language)


def files(flows: Path) -> dict[str, bytes]:
    return {str(path.relative_to(flows)): path.read_bytes() for path in flows.rglob("*.yaml")}


@pytest.mark.parametrize("language", [c for c in read_content(FLOWS).languages if c != BASE])
def test_a_round_trip_of_the_content_that_is_served_changes_nothing(
    tmp_path: Path, language: str
) -> None:
    flows = tmp_path / "flows"
    shutil.copytree(FLOWS, flows)
    before = files(flows)
    assert import_po(flows, language, export_po(read_content(flows), language)) == 0
    assert files(flows) == before
    content = read_content(flows)
    assert export_po(content, language) == export_po(content, language)


def test_what_a_translator_changed_is_what_changes(folder: ContentFolder) -> None:
    before = {unit.place: unit for unit in units(read_content(folder.flows), "es")}
    old = before["removal_paused/order"].translated
    po = out(folder).replace(f'msgstr "{old}"', 'msgstr "¿Hay una orden \\"final\\"?\\nSí o no."')
    assert import_po(folder.flows, "es", po) == 1
    after = {unit.place: unit for unit in units(read_content(folder.flows), "es")}
    assert after["removal_paused/order"].translated == '¿Hay una orden "final"?\nSí o no.'
    assert {p for p in after if after[p] != before[p]} == {"removal_paused/order"}
    assert folder.check().problems == ()


def test_a_whole_language_can_be_rebuilt_from_its_file(folder: ContentFolder) -> None:
    po = out(folder)
    for path in folder.flows.glob("*/es.yaml"):
        path.unlink()
    assert import_po(folder.flows, "es", po) > 40
    assert folder.check().problems == ()
    assert out(folder) == po


def test_a_translator_sees_limits_facts_and_context(folder: ContentFolder) -> None:
    po = out(folder)
    entry = next(e for e in po.split("\n\n") if 'msgctxt "removal_paused/pause_then#self"' in e)
    assert "#. At most 5 SMS segments with its choices." in entry
    assert "#. Facts: F-001, F-002 (docs/facts.md)." in entry


def test_a_stale_translation_is_fuzzy_and_fuzzy_changes_nothing(folder: ContentFolder) -> None:
    folder.change("flows/removal_paused/en.yaml", "Is there a final order?", "Is there an order?")
    po = out(folder)
    entry = next(e for e in po.split("\n\n") if 'msgctxt "removal_paused/order"' in e)
    assert "#, fuzzy" in entry
    before = files(folder.flows)
    import_po(folder.flows, "es", po)
    assert files(folder.flows) == before


def test_a_translation_of_an_older_wording_stays_stale(folder: ContentFolder) -> None:
    po = out(folder)
    folder.change("flows/removal_paused/en.yaml", "Is there a final order?", "Is there an order?")
    import_po(folder.flows, "es", po)
    assert any(
        "has changed since this was translated" in p.message for p in folder.check().problems
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no po at all", "this is no PO file"),
        ('msgctxt "nowhere/title"\nmsgid "x"\nmsgstr "y"\n', "there is no 'nowhere/title'"),
    ],
)
def test_what_is_no_translation_is_refused(folder: ContentFolder, text: str, told: str) -> None:
    before = files(folder.flows)
    with pytest.raises(ContentError) as refused:
        import_po(folder.flows, "es", text)
    assert told in str(refused.value)
    assert files(folder.flows) == before


@pytest.mark.parametrize("language", ["en", "xx"])
def test_only_translations_are_exported(folder: ContentFolder, language: str) -> None:
    with pytest.raises(ContentError):
        out(folder, language)
