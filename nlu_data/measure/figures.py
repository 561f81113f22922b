"""What is counted of the judged messages. Standard library only; percentages are of 0..1."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import NamedTuple

#: Intents that are talk, not topics; never offered as a guess (bot/core/turn.py).
TALK = frozenset({"greet", "thanks", "goodbye", "affirm", "deny", "out_of_scope"})
OUT_OF_SCOPE = "out_of_scope"
#: The style of messages in Latin letters in a language that has others.
ROMANISED = "latin"
#: How many of the likeliest intents the bot looks at, and how many it offers by number.
LOOKED_AT, OFFERED = 3, 2


class Thresholds(NamedTuple):
    """When the bot takes a prediction for sure; the same as bot.core.model.Thresholds."""

    sure: float = 0.5
    gap: float = 0.12
    offer: float = 0.12
    urgent: float = 0.25
    calm: float = 0.6


class Judged(NamedTuple):
    """What one message is and what was predicted for it; `ranking` holds the likeliest three."""

    text: str
    intent: str
    language: str
    style: str
    ranking: tuple[tuple[str, float], ...]
    heard_language: str | None
    language_confidence: float

    @property
    def first(self) -> str:
        return self.ranking[0][0] if self.ranking else ""

    @property
    def confidence(self) -> float:
        return self.ranking[0][1] if self.ranking else 0.0

    @property
    def right(self) -> bool:
        return self.first == self.intent


def is_sure(judged: Judged, limits: Thresholds) -> bool:
    """Whether the bot answers without asking back."""
    second = judged.ranking[1][1] if len(judged.ranking) > 1 else 0.0
    return judged.confidence >= limits.sure and judged.confidence - second >= limits.gap


def offered(judged: Judged, limits: Thresholds) -> list[str]:
    """Return the intents that the bot offers by number when it is not sure."""
    if judged.first in TALK:
        return []
    likely = [n for n, c in judged.ranking[:LOOKED_AT] if c >= limits.offer and n not in TALK]
    return likely[:OFFERED]


def right_or_offered(judged: Judged, limits: Thresholds) -> bool:
    """Whether the right intent is first, or among those offered when the bot is unsure."""
    if judged.right:
        return True
    return not is_sure(judged, limits) and judged.intent in offered(judged, limits)


def alarmed(judged: Judged, limits: Thresholds, urgent: frozenset[str]) -> bool:
    """Whether the bot gives the safety answer: the urgent intents among the likeliest add up."""
    weight = sum(share for name, share in judged.ranking[:LOOKED_AT] if name in urgent)
    if weight < limits.urgent or weight == 0:
        return False
    return judged.first in urgent or judged.confidence < limits.calm


def rejected(judged: Judged, limits: Thresholds) -> bool:
    """Whether the bot says that this is none of its business."""
    return judged.first == OUT_OF_SCOPE and is_sure(judged, limits)


def share(values: Iterable[bool]) -> float | None:
    """Return the share of true ones; None of nothing."""
    found = list(values)
    return fmean(found) if found else None


def macro_f1(judged: Sequence[Judged]) -> float | None:
    """Return the mean over the intents of the harmonic mean of precision and recall."""
    right = Counter(one.intent for one in judged if one.right)
    was, said = Counter(one.intent for one in judged), Counter(one.first for one in judged)
    return fmean(2 * right[n] / (was[n] + said[n]) for n in was) if was else None


def _tells_its_language(one: Judged) -> bool:
    """Whether there are three words to tell the language by; Chinese writes no spaces."""
    return len(one.text.split()) > 2 or (one.language == "zh" and len(one.text) > 4)


def figures(
    judged: Sequence[Judged], limits: Thresholds, urgent: frozenset[str]
) -> dict[str, float | None]:
    """Return every figure of the report; None where there is nothing to count."""
    danger = [one for one in judged if one.intent in urgent]
    calm = [one for one in judged if one.intent not in urgent]
    outside = [one for one in judged if one.intent == OUT_OF_SCOPE]
    inside = [one for one in judged if one.intent != OUT_OF_SCOPE]
    told = [one for one in judged if _tells_its_language(one)]
    native = [one for one in told if one.style != ROMANISED]
    romanised = [one for one in told if one.style == ROMANISED]
    return {
        "messages": float(len(judged)),
        "accuracy": share(one.right for one in judged),
        "macro_f1": macro_f1(judged),
        "right_or_offered": share(right_or_offered(one, limits) for one in judged),
        "sure": share(is_sure(one, limits) for one in judged),
        "right_when_sure": share(one.right for one in judged if is_sure(one, limits)),
        "urgent_recall": share(one.right or alarmed(one, limits, urgent) for one in danger),
        "needless_alarms": share(alarmed(one, limits, urgent) for one in calm),
        "out_of_scope_recall": share(one.first == OUT_OF_SCOPE for one in outside),
        "out_of_scope_false_alarms": share(one.first == OUT_OF_SCOPE for one in inside),
        "rejected_outright": share(rejected(one, limits) for one in inside),
        "language_native": share(one.heard_language == one.language for one in native),
        "language_romanised": share(one.heard_language == one.language for one in romanised),
    }


def by(judged: Iterable[Judged], what: str) -> dict[str, list[Judged]]:
    """Return the messages by `language`, `style` or `intent`, in the order of the alphabet."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[str(getattr(one, what))].append(one)
    return dict(sorted(groups.items()))


def confusions(judged: Iterable[Judged]) -> "Counter[tuple[str, str]]":
    """Return how often each intent was taken for which other one."""
    return Counter((one.intent, one.first) for one in judged if not one.right)
