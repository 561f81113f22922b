"""One step of a flow.yaml, read into the step that the bot walks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.content.page import Page, meant
from bot.content.yaml_file import Entries, Node, Text
from bot.core.model import MessageRef, Reason, Urgency
from bot.core.script import (
    Answer,
    AskStep,
    BranchStep,
    DayStep,
    Deed,
    DoStep,
    EndStep,
    EscalateStep,
    GoStep,
    Limit,
    ListStep,
    SayStep,
    Step,
    Unit,
)

REASONS = {"asked": Reason.ASKED, "urgent": Reason.URGENT}
#: The key that says what a step does → keys that have to stand beside it, and keys that may.
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "say": (("next",), ()),
    "ask": (("answers",), ("remember", "once")),
    "date": (("limit", "counted", "passed", "next", "unclear"), ()),
    "list": (("need", "next"), ("place",)),
    "branch": (("cases", "else"), ()),
    "escalate": ((), ()),
    "go": ((), ()),
    "do": ((), ()),
    "end": ((), ()),
}
_ALL_KEYS = (*KINDS, *(key for needs, may in KINDS.values() for key in (*needs, *may)))


@dataclass(frozen=True)
class FlowStep:
    """A step as the bot walks it, and the lines of the words it is written with."""

    step: Step
    line: int
    lines: Mapping[str, int]

    def at(self, word: str) -> int:
        """The line on which a word of this step stands; the step's own when it does not."""
        return self.lines.get(word, self.line)


@dataclass(frozen=True)
class _Place:
    """Where a step stands: what its parsers need besides its keys."""

    page: Page
    what: str
    topic: str
    urgency: Urgency

    def ref(self, name: Text) -> MessageRef:
        """ "pause_then" is a message of the same topic, "shared/whose" one of shared."""
        return MessageRef(name.text if "/" in name.text else f"{self.topic}/{name}")


def parse_step(
    page: Page, node: Node, name: str, line: int, topic: str, urgency: Urgency
) -> FlowStep | None:
    """A step; None when it could not be read (then a problem is noted on the page).

    Args:
        line: of the step's name.
        urgency: the topic's, which `escalate: asked` takes over.
    """
    what = f"step '{name}'"
    keys = page.entries(node, what)
    kinds = [key for key in KINDS if key in keys.entries]
    if len(kinds) != 1:
        _note_kinds(page, what, line, keys, kinds)
        return None
    kind = kinds[0]
    needs, may = KINDS[kind]
    top = page.entries(keys, what, (kind, *needs, *may), needs)
    step = _PARSERS[kind](_Place(page, what, topic, urgency), top)
    return FlowStep(step, line, _lines_of(top)) if step is not None else None


def _note_kinds(page: Page, what: str, line: int, keys: Entries, kinds: list[str]) -> None:
    if kinds:
        page.note(
            line,
            f"{what} has {' and '.join(kinds)}, but a step does one thing only",
            "make two steps of it",
        )
        return
    for key, key_line in keys.lines.items():
        if key not in _ALL_KEYS:
            page.note(key_line, f"{what} has the unknown key '{key}'", meant(key, KINDS))
            return
    page.note(line, f"{what} does nothing", f"give it one of: {', '.join(KINDS)}")


def _lines_of(node: Node) -> dict[str, int]:
    if isinstance(node, Text):
        return {node.text.strip(): node.line}
    children = node.entries.values() if isinstance(node, Entries) else node.items
    found: dict[str, int] = dict(node.lines) if isinstance(node, Entries) else {}
    for child in children:
        found.update(_lines_of(child))
    return found


def _say(place: _Place, top: Entries) -> Step | None:
    page, what = place.page, place.what
    messages = page.texts(top.entries["say"], f"'say' of {what}", single=True, filled=True)
    following = page.text(top.entries.get("next"), f"'next' of {what}")
    if not messages or following is None:
        return None
    return SayStep(tuple(place.ref(name) for name in messages), following.text)


def _ask(place: _Place, top: Entries) -> Step | None:
    page, what = place.page, place.what
    message = page.text(top.entries["ask"], f"'ask' of {what}")
    leads = _leads(place, top, "answers", "answer")
    remember = page.text(top.entries.get("remember"), f"'remember' of {what}")
    once = page.flag(top.entries.get("once"), f"'once' of {what}")
    if once and remember is None:
        page.note(
            top.line,
            f"{what} is asked once but its answer is not remembered",
            "add 'remember: NAME', or remove 'once'",
        )
    if message is None or not leads:
        return None
    return AskStep(
        place.ref(message),
        {key: Answer(lead) for key, lead in leads.items()},
        remember.text if remember else None,
        once,
    )


def _date(place: _Place, top: Entries) -> Step | None:
    page, what = place.page, place.what
    limit = _limit(place, page.text(top.entries.get("limit"), f"'limit' of {what}"))
    keys = ("date", "counted", "passed", "next", "unclear")
    texts = {key: page.text(top.entries.get(key), f"'{key}' of {what}") for key in keys}
    found = {key: text for key, text in texts.items() if text is not None}
    if limit is None or len(found) < len(keys):
        return None
    return DayStep(
        place.ref(found["date"]),
        limit,
        place.ref(found["counted"]),
        place.ref(found["passed"]),
        found["next"].text,
        found["unclear"].text,
    )


def _limit(place: _Place, text: Text | None) -> Limit | None:
    """ "30 days", "5 working days", "1 year"."""
    if text is None:
        return None
    amount, _, unit = text.text.partition(" ")
    units = {unit.value: unit for unit in Unit} | {"day": Unit.DAYS, "year": Unit.YEARS}
    if not (amount.isascii() and amount.isdigit()) or not int(amount) or unit not in units:
        place.page.note(
            text.line,
            f"the limit of {place.what} cannot be '{text}'",
            "write it as '30 days', '5 working days' or '1 year'",
        )
        return None
    return Limit(int(amount), units[unit])


def _list(place: _Place, top: Entries) -> Step | None:
    page, what = place.page, place.what
    message = page.text(top.entries["list"], f"'list' of {what}")
    need = page.text(top.entries.get("need"), f"'need' of {what}")
    where = page.text(top.entries.get("place"), f"'place' of {what}")
    following = page.text(top.entries.get("next"), f"'next' of {what}")
    if message is None or need is None or following is None:
        return None
    return ListStep(place.ref(message), need.text, where.text if where else None, following.text)


def _branch(place: _Place, top: Entries) -> Step | None:
    on = place.page.text(top.entries["branch"], f"'branch' of {place.what}")
    cases = _leads(place, top, "cases", "case")
    otherwise = place.page.text(top.entries.get("else"), f"'else' of {place.what}")
    if on is None or not cases or otherwise is None:
        return None
    return BranchStep(on.text, cases, otherwise.text)


def _leads(place: _Place, top: Entries, key: str, each: str) -> dict[str, str]:
    """What each answer or case leads to."""
    found = place.page.entries(top.entries.get(key), f"'{key}' of {place.what}", filled=True)
    leads = {k: place.page.text(to, f"{each} '{k}' of {place.what}") for k, to in found}
    return {k: to.text for k, to in leads.items() if to is not None}


def _escalate(place: _Place, top: Entries) -> Step | None:
    reason = place.page.choice(top.entries["escalate"], f"'escalate' of {place.what}", REASONS)
    if reason is None:
        return None
    urgency = Urgency.URGENT if reason.text == "urgent" else place.urgency
    return EscalateStep(REASONS[reason.text], urgency)


def _go(place: _Place, top: Entries) -> Step | None:
    to = place.page.text(top.entries["go"], f"'go' of {place.what}")
    return GoStep(to.text) if to else None


def _do(place: _Place, top: Entries) -> Step | None:
    allowed = [deed.value for deed in Deed]
    deed = place.page.choice(top.entries["do"], f"'do' of {place.what}", allowed)
    return DoStep(Deed(deed.text)) if deed else None


def _end(place: _Place, top: Entries) -> Step | None:
    topics = place.page.texts(top.entries["end"], f"'end' of {place.what}")
    return EndStep(tuple(one.text for one in topics))


_PARSERS: Mapping[str, Callable[[_Place, Entries], Step | None]] = {
    "say": _say,
    "ask": _ask,
    "date": _date,
    "list": _list,
    "branch": _branch,
    "escalate": _escalate,
    "go": _go,
    "do": _do,
    "end": _end,
}
