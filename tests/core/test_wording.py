from __future__ import annotations

import pytest

from bot.core.wording import MissingValue, fill, placeholders


@pytest.mark.parametrize("name", ["ice_line.phone", "ICE line.phone", " ice-line.phone "])
def test_a_placeholder_is_found_however_it_is_spelt(name: str) -> None:
    assert fill(f"Call (({name})) now.", {"ice_line.phone": "988"}) == "Call 988 now."


def test_half_a_message_is_never_sent() -> None:
    with pytest.raises(MissingValue, match="nobody.phone"):
        fill("Call ((nobody.phone)).", {})


def test_single_brackets_are_text() -> None:
    assert fill("Immigration (ICE) said (so)", {}) == "Immigration (ICE) said (so)"


def test_placeholders_are_listed_in_order() -> None:
    assert placeholders("((B.url)) and ((a b.phone))") == ["b.url", "a_b.phone"]
