"""flow.yaml: the shape of a topic, without a word of prose (flows/README.md).

Every value keeps its line, so that the checks can point at it. A parser notes what does not
fit on its page and goes on; its result is only used when no page has a problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.content.flow_steps import FlowStep, parse_step
from bot.content.page import Page
from bot.content.yaml_file import Node, Text
from bot.core.model import SHARED, Urgency

URGENCY = {"normal": Urgency.NORMAL, "soon": Urgency.SOON, "urgent": Urgency.URGENT}
_NEEDS = ("topic", "owner", "good_until", "start", "messages", "steps")
_KEYS = (*_NEEDS, "intents", "urgency", "starts")
_SHARED_NEEDS = ("menu", "owner", "messages")
_SHARED_KEYS = (*_SHARED_NEEDS, "topic", "good_until")


@dataclass(frozen=True)
class Cited:
    """A message that a flow file declares, with the fact numbers behind it."""

    facts: tuple[Text, ...]
    line: int


@dataclass(frozen=True)
class FlowFile:
    """flows/<topic>/flow.yaml; for flows/shared/flow.yaml `steps` is empty and `menu` is not."""

    file: str
    topic: str
    messages: Mapping[str, Cited]
    good_until: Text | None
    last_day: date | None
    line: int
    owner: str = ""
    intents: tuple[Text, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    start: Text = Text("", 0)
    starts: Mapping[str, Text] = field(default_factory=dict)
    steps: Mapping[str, FlowStep] = field(default_factory=dict)
    menu: tuple[Text, ...] = ()


def parse_flow(page: Page, root: Node, topic: str) -> FlowFile:
    """flow.yaml of one topic, or of shared."""
    keys, needs = (_SHARED_KEYS, _SHARED_NEEDS) if topic == SHARED else (_KEYS, _NEEDS)
    top = page.entries(root, "this file", keys, needs)
    get = top.entries.get
    named = page.text(get("topic"), "'topic'")
    if named is not None and named.text != topic:
        page.note(
            named.line,
            f"'topic' says '{named}' but the folder is called '{topic}'",
            "make them the same",
        )
    urgency = URGENCY[page.word(page.choice(get("urgency"), "'urgency'", URGENCY), "normal")]
    good_until = page.text(get("good_until"), "'good_until'")
    steps = page.entries(get("steps"), "'steps'")
    return FlowFile(
        file=page.file,
        topic=topic,
        messages={
            name: _cited(page, node, name, line)
            for name, node, line in page.entries(get("messages"), "'messages'").rows()
        },
        good_until=good_until,
        last_day=page.day(good_until, "'good_until'"),
        line=top.line,
        owner=page.word(page.text(get("owner"), "'owner'"), ""),
        intents=page.texts(get("intents"), "'intents'"),
        urgency=urgency,
        start=page.text(get("start"), "'start'") or Text("", top.line),
        starts={
            intent: to
            for intent, node in page.entries(get("starts"), "'starts'")
            if (to := page.text(node, f"the start for '{intent}'")) is not None
        },
        steps={
            name: step
            for name, node, line in steps.rows()
            if (step := parse_step(page, node, name, line, topic, urgency)) is not None
        },
        menu=page.texts(get("menu"), "'menu'", filled=True),
    )


def _cited(page: Page, node: Node, name: str, line: int) -> Cited:
    top = page.entries(node, f"message '{name}'", ("facts",), ("facts",))
    return Cited(page.texts(top.entries.get("facts"), f"'facts' of '{name}'"), line)
