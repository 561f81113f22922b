"""Two words by which advocates know a person; nothing about the person goes into them."""

from __future__ import annotations

_FIRST = (
    "amber autumn bright brave calm clear clever coral copper crisp dawn early eager fair "
    "gentle golden green happy hazel honest ivory jade kind late lemon light little lively "
    "lucky maple mellow merry mild misty modest morning noble olive open patient peach plain "
    "proud quick quiet rapid ready rosy royal sandy silver simple smart soft spring steady "
    "still summer sunny swift tall tidy"
).split()
_SECOND = (
    "acorn badger beech bison brook canyon cedar clover comet crane creek cricket daisy delta "
    "dove eagle elm falcon fern field finch forest fox garden glacier harbor hare hawk heron "
    "hill island ivy jay lake lark lily linden lynx marsh meadow moon moss oak orchard otter "
    "owl pebble pine plover pond poppy prairie quail rain raven reed river robin sage seal sky "
    "snow"
).split()


def pseudonym(token: str) -> str:
    """Two words for a random hexadecimal token of at least four digits.

    Raises ValueError when the token is not hexadecimal.
    """
    number = int(token[:8], 16)
    return f"{_FIRST[number % len(_FIRST)]} {_SECOND[number // len(_FIRST) % len(_SECOND)]}"
