"""Placeholders in what we say: ((name.field)) becomes the value of that name."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\(\(\s*([^()]+?)\s*\)\)")


class MissingValue(LookupError):
    """A placeholder has no value. Carries the placeholder's name, never the text."""


def placeholders(text: str) -> list[str]:
    """The names in a text's placeholders, in order, in the one spelling that `fill` compares."""
    return [_key(name) for name in _PLACEHOLDER.findall(text)]


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with every placeholder replaced.

    Names are compared without regard to capitals, and spaces and dashes count as
    underscores, because translators' editors change them (GOV.UK Notify found the same).
    Raises MissingValue for a placeholder without a value: half a message is never sent.
    """
    if "((" not in template:
        return template
    known = {_key(name): value for name, value in values.items()}

    def value_of(match: re.Match[str]) -> str:
        name = _key(match[1])
        if name not in known:
            raise MissingValue(name)
        return known[name]

    return _PLACEHOLDER.sub(value_of, template)


def _key(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())
