"""Segments, by packing and by a second formulation that shares nothing but the standard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.segments import GSM_7, UCS_2, measure

#: GSM 03.38, typed again in the order of the code points of the standard's table.
TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
ESCAPED = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~",
           0x3E: "]", 0x40: "|", 0x65: "€"}  # fmt: skip


def plain(text: str) -> tuple[str, int]:
    """Encode to real septets or UTF-16 units, then cut the stream, moving each cut back by
    one where it would fall inside a pair."""
    codes = {c: [i] for i, c in enumerate(TABLE) if c != "\x1b"}
    codes |= {c: [0x1B, i] for i, c in ESCAPED.items()}
    if set(text) <= set(codes):
        encoding, stream, alone, part = GSM_7, [u for c in text for u in codes[c]], 160, 153
        opens = {0x1B}
    else:
        raw = text.encode("utf-16-be", "surrogatepass")
        stream = [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]
        encoding, alone, part, opens = UCS_2, 70, 67, set(range(0xD800, 0xDC00))
    if len(stream) <= alone:
        return encoding, 1
    count = 0
    while stream:
        cut = part
        if len(stream) > part and stream[part - 1] in opens:
            cut -= 1
        stream, count = stream[cut:], count + 1
    return encoding, count


gsm = st.text(st.sampled_from([c for c in TABLE if c != "\x1b"] + list(ESCAPED.values())),
              max_size=1600)  # fmt: skip
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=800)
edges = st.builds(lambda n, c, tail: "a" * n + c + "a" * tail,
                  st.integers(0, 310), st.sampled_from("€ñé😀ع"), st.integers(0, 310))  # fmt: skip


@given(st.one_of(gsm, anything, edges))
def test_both_formulations_agree(text: str) -> None:
    size = measure(text)
    assert (size.encoding, size.segments) == plain(text)


@pytest.mark.parametrize(
    ("text", "encoding", "segments"),
    [
        ("", GSM_7, 1),
        ("a" * 160, GSM_7, 1),
        ("a" * 161, GSM_7, 2),
        ("a" * 306, GSM_7, 2),
        ("a" * 307, GSM_7, 3),
        ("€" * 80, GSM_7, 1),
        ("€" * 81, GSM_7, 2),
        # an escape pair may not straddle two parts: division would say 2
        ("a" * 152 + "€" + "a" * 152, GSM_7, 3),
        ("ع" * 70, UCS_2, 1),
        ("ع" * 71, UCS_2, 2),
        ("ع" * 134, UCS_2, 2),
        ("ع" * 135, UCS_2, 3),
        # 134 units, but a surrogate pair may not be split either
        ("😀" * 67, UCS_2, 3),
        ("ñ ü é à ¿", GSM_7, 1),
        ("á", UCS_2, 1),
        ("ç", UCS_2, 1),
        ("Ç", GSM_7, 1),
        ("`", UCS_2, 1),
        ("\t", UCS_2, 1),
    ],
)
def test_known_sizes(text: str, encoding: str, segments: int) -> None:
    size = measure(text)
    assert (size.encoding, size.segments) == (encoding, segments)
