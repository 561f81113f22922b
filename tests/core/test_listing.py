"""Lists of places that help: near first, in the language if known, and honest about checking."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core import sms
from bot.core.library import Library, Resource
from bot.core.listing import MOST_LISTED, fitting, list_of_resources
from bot.core.model import Channel, Conversation, MessageRef

NEAR = MessageRef("find_lawyer/near")


def resource(key: str, places: str = "", languages: str = "", verified: bool = False) -> Resource:
    return Resource(
        key, f"1-888-555-01{len(key):02}", {"en": f"Group {key}"}, {}, frozenset({"lawyer"}),
        frozenset(places.split()), frozenset(languages.split()), verified,
    )  # fmt: skip


@pytest.fixture
def three(library: Library) -> Library:
    return replace(
        library,
        listed=(
            resource("national"),
            resource("french", languages="fr"),
            resource("texas", places="texas"),
            resource("elsewhere", places="ohio"),
        ),
    )


@pytest.mark.parametrize(
    ("place", "language", "keys"),
    [
        ("texas", "en", ["texas", "national", "french"]),
        ("texas", "fr", ["texas", "french", "national"]),
        (None, "fr", ["french", "national"]),
        ("nowhere", "en", ["national", "french"]),
    ],
)
def test_near_first_then_the_language(
    three: Library, place: str | None, language: str, keys: list[str]
) -> None:
    assert [r.key for r in fitting(three, "lawyer", place, language)] == keys


def test_what_nobody_checked_is_shown_as_such(three: Library) -> None:
    here = Conversation(Channel.SMS, language="en")
    assert three.shared("not_verified", "en") in list_of_resources(
        three, here, NEAR, "lawyer", None
    )
    checked = replace(three, listed=tuple(replace(r, verified=True) for r in three.listed))
    assert three.shared("not_verified", "en") not in list_of_resources(
        checked, here, NEAR, "lawyer", None
    )


def test_a_list_fits_the_budget_of_its_language_and_names_one_at_least(library: Library) -> None:
    places = {place for r in library.listed for place in r.places} | {None}
    for code, language in library.languages.items():
        here = Conversation(Channel.SMS, language=code)
        for need in ("lawyer", "lawyer_detained"):
            for place in places:
                text = list_of_resources(library, here, NEAR, need, place)
                assert 1 <= text.count("\n- ") <= MOST_LISTED
                assert sms.segments(sms.tidy(text)) <= language.max_segments, (code, place, text)
