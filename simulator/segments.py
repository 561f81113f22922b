"""How a text is cut into SMS segments: exact, by packing, never by division.

GSM 03.38: the basic alphabet takes one septet a character, the extension table two (an escape
and the character). A text with any other character travels as UCS-2, in UTF-16 code units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")

GSM_7, UCS_2 = "GSM-7", "UCS-2"
#: encoding → units of a text that is alone, units of a part (the rest is its header).
ROOM = {GSM_7: (160, 153), UCS_2: (70, 67)}

#: USD for one outbound US SMS segment, list price; an estimate, without carrier fees.
PRICE_PER_SEGMENT = 0.0083


@dataclass(frozen=True)
class Size:
    """Attributes: encoding "GSM-7" or "UCS-2"; units septets or UTF-16 code units; segments
    at least 1."""

    encoding: str
    units: int
    segments: int


def measure(text: str) -> Size:
    """The size of one SMS. An empty text (a picture alone) still takes one segment."""
    if all(c in BASIC or c in EXTENSION for c in text):
        encoding, widths = GSM_7, [2 if c in EXTENSION else 1 for c in text]
    else:
        encoding, widths = UCS_2, [2 if ord(c) > 0xFFFF else 1 for c in text]
    alone, part = ROOM[encoding]
    units = sum(widths)
    return Size(encoding, units, 1 if units <= alone else _parts(widths, part))


def _parts(widths: Iterable[int], room: int) -> int:
    """Greedy: an escape pair or a surrogate pair is never split between two parts."""
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
