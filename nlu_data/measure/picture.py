"""Draws which intent is taken for which, as SVG without any library."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from measure.figures import Judged

CELL, LEFT, TOP = 14, 190, 190


def _shade(part: float, diagonal: bool) -> str:
    """Return a colour between white and blue (right) or red (wrong); small shares stay visible."""
    depth = min(1.0, part**0.6)
    strong = (33, 102, 172) if diagonal else (178, 24, 43)
    mixed = (round(255 + (channel - 255) * depth) for channel in strong)
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def confusion_picture(judged: Sequence[Judged], intents: list[str]) -> str:
    """Return an SVG with a row per intent as it was and a column per intent as it was taken.

    A cell is the darker the larger its share of the row; pointing at it tells the count.
    """
    counts = Counter((one.intent, one.first) for one in judged)
    totals = Counter(one.intent for one in judged)
    size = len(intents) * CELL
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + size + 10}" '
            f'height="{TOP + size + 10}" font-family="sans-serif" font-size="10">'
        ),
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="4" y="{TOP - 8}" fill="#555">was ↓, taken for →</text>',
    ]
    for place, name in enumerate(intents):
        middle = place * CELL + CELL - 4
        parts.append(
            f'<text x="{LEFT - 4}" y="{TOP + middle}" text-anchor="end">{escape(name)}</text>'
        )
        turned = f'transform="translate({LEFT + middle},{TOP - 4}) rotate(-90)"'
        parts.append(f"<text {turned}>{escape(name)}</text>")
    for row, was in enumerate(intents):
        for column, said in enumerate(intents):
            count = counts[was, said]
            if not count:
                continue
            part = count / totals[was]
            told = f"{was} taken for {said}: {count} of {totals[was]}"
            parts.append(
                f'<rect x="{LEFT + column * CELL}" y="{TOP + row * CELL}" width="{CELL - 1}" '
                f'height="{CELL - 1}" fill="{_shade(part, row == column)}">'
                f"<title>{escape(told)}</title></rect>"
            )
    frame = f'<rect x="{LEFT}" y="{TOP}" width="{size}" height="{size}" fill="none" stroke="#999"/>'
    return "\n".join([*parts, frame, "</svg>", ""])
