"""Colours meet WCAG 2.2 AA in both schemes: 4.5:1 for text, 3:1 for edges of fields."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import console

SHEET = (Path(console.__file__).parent / "static" / "console.css").read_text()
TEXT = [
    *((ink, ground) for ink in ("ink", "soft") for ground in ("ground", "sheet", "sunk", "tint")),
    *(("accent", ground) for ground in ("ground", "sheet", "tint")),
    ("on-accent", "accent"), ("on-accent", "accent-hover"), ("urgent", "urgent-tint"),
    ("soon", "soon-tint"), ("good", "good-tint"), *(("sheet", f"hue-{n}") for n in range(6)),
]  # fmt: skip
EDGES = [("field", "sheet"), ("field", "ground"), ("accent", "ground"), ("urgent", "sheet")]


def scheme(name: str) -> dict[str, str]:
    light, dark = SHEET.split("@media (prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    if name == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark.split("\n}\n")[0]))
    return colours


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_contrast(name: str) -> None:
    colours = scheme(name)
    low = [(a, b) for a, b in TEXT if contrast(colours[a], colours[b]) < 4.5]
    low += [(a, b) for a, b in EDGES if contrast(colours[a], colours[b]) < 3]
    assert low == []
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
