"""Documents that are made from code are as the code says."""

from __future__ import annotations

from pathlib import Path

from bot.adapters import keys

ROOT = Path(__file__).resolve().parents[2]


def test_the_privacy_inventory_lists_every_key() -> None:
    assert keys.table() in (ROOT / "docs" / "privacy-inventory.md").read_text(encoding="utf-8")


def test_every_link_in_a_document_leads_somewhere() -> None:
    import re

    dead = []
    for document in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:|mailto:)([^)#]+)", document.read_text()):
            if not (document.parent / target).exists():
                dead.append((document.name, target))
    assert dead == []
