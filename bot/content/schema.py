"""What may stand in each file of the content folder, and what it is read into.

The format is flows/README.md. Every value keeps its line, so that the checks can point at it.
A parser notes what does not fit on its page and goes on; its result is only used when no
page has a problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.content.page import Page, meant
from bot.content.yaml_file import Entries, Node, Text
from bot.core.model import (
    SHARED,
    Answer,
    AskStep,
    BranchStep,
    Deed,
    DoStep,
    EndStep,
    EscalateStep,
    GoStep,
    MessageRef,
    Reason,
    SayStep,
    Step,
    Urgency,
)
from bot.core.replies import Command

REVIEWED = "attorney-reviewed"
VARIANTS = ("self", "relative")
URGENCY = {"normal": Urgency.NORMAL, "soon": Urgency.SOON, "urgent": Urgency.URGENT}
REASONS = {"asked": Reason.ASKED, "urgent": Reason.URGENT}
#: The key that says what a step does → the keys that may stand beside it.
STEP_KEYS: Mapping[str, tuple[str, ...]] = {
    "say": ("next",),
    "ask": ("answers", "remember", "once"),
    "branch": ("cases", "else"),
    "escalate": (),
    "go": (),
    "do": (),
    "end": (),
}


@dataclass(frozen=True)
class Review:
    state: str = "draft"
    by: str = ""
    on: date | None = None
    line: int = 0

    @property
    def is_done(self) -> bool:
        """Whether an attorney has signed, with name and day."""
        return self.state == REVIEWED and bool(self.by) and self.on is not None


@dataclass(frozen=True)
class FlowStep:
    """A step as the bot walks it, and the lines of the words it is written with."""

    step: Step
    line: int
    lines: Mapping[str, int]

    def at(self, word: str) -> int:
        return self.lines.get(word, self.line)


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
    owner: str
    review: Review
    good_until: Text | None
    last_day: date | None
    line: int
    intents: tuple[Text, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    start: Text = Text("", 0)
    steps: Mapping[str, FlowStep] = field(default_factory=dict)
    menu: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Prose:
    """One message: its variants ("" or "self" and "relative") and the line it begins on."""

    variants: Mapping[str, Text]
    line: int


@dataclass(frozen=True)
class AnswerWords:
    label: Text
    words: tuple[Text, ...]
    line: int


@dataclass(frozen=True)
class AnswerSet:
    """The answers to one question, by key."""

    answers: Mapping[str, AnswerWords]
    line: int


@dataclass(frozen=True)
class VocabularyWords:
    commands: Mapping[str, tuple[Text, ...]]
    emergency: Mapping[str, tuple[Text, ...]]
    yes: tuple[Text, ...]
    no: tuple[Text, ...]
    relatives: tuple[Text, ...]
    titles: Mapping[str, Text]
    lines: Mapping[str, int]
    line: int


@dataclass(frozen=True)
class WordingFile:
    """flows/<topic>/<language>.yaml. Only flows/shared/<language>.yaml has a vocabulary."""

    file: str
    topic: str
    language: str
    title: Text | None
    keywords: tuple[Text, ...]
    messages: Mapping[str, Prose]
    answers: Mapping[str, AnswerSet]
    made_from: Mapping[str, Text]
    vocabulary: VocabularyWords | None = None


@dataclass(frozen=True)
class LanguageEntry:
    code: str
    name: str
    english_name: str
    direction: str
    script: str
    max_segments: int
    words: tuple[Text, ...]
    aliases: tuple[Text, ...]
    line: int


@dataclass(frozen=True)
class Resource:
    """One place that helps. `values` are the same in every language and may be placeholders."""

    values: Mapping[str, Text]
    names: Mapping[str, Text]
    line: int


# --- flow.yaml ---------------------------------------------------------------------------------

_FLOW_KEYS = (
    *("topic", "intents", "urgency", "owner", "review", "good_until"),
    *("start", "messages", "steps"),
)
_FLOW_NEEDS = ("topic", "owner", "review", "good_until", "start", "messages", "steps")
_SHARED_KEYS = ("topic", "menu", "messages", "owner", "review", "good_until")


def flow_file(page: Page, root: Node, topic: str) -> FlowFile:
    """flow.yaml of one topic, or of shared."""
    shared = topic == SHARED
    top = page.entries(
        root,
        "the file",
        _SHARED_KEYS if shared else _FLOW_KEYS,
        ("menu", "messages") if shared else _FLOW_NEEDS,
    )
    get = top.entries.get
    named = page.text(get("topic"), "'topic'")
    if named is not None and named.text != topic:
        page.note(
            named.line,
            f"'topic' says '{named}' but the folder is called '{topic}'",
            "make them the same",
        )
    urgency = URGENCY[_word(page.choice(get("urgency"), "'urgency'", URGENCY), "normal")]
    good_until = page.text(get("good_until"), "'good_until'")
    steps = page.entries(get("steps"), "'steps'")
    return FlowFile(
        file=page.file,
        topic=topic,
        messages={
            name: _cited(page, node, name, line)
            for name, node, line in _with_lines(page.entries(get("messages"), "'messages'"))
        },
        owner=_word(page.text(get("owner"), "'owner'"), ""),
        review=_review(page, get("review")),
        good_until=good_until,
        last_day=page.day(get("good_until"), "'good_until'") if good_until else None,
        line=top.line,
        intents=page.texts(get("intents"), "'intents'"),
        urgency=urgency,
        start=page.text(get("start"), "'start'") or Text("", top.line),
        steps={
            name: step
            for name, node, line in _with_lines(steps)
            if (step := _step(page, node, name, line, topic, urgency)) is not None
        },
        menu=page.texts(get("menu"), "'menu'"),
    )


def _with_lines(found: Entries) -> list[tuple[str, Node, int]]:
    return [(key, node, found.lines[key]) for key, node in found]


def _word(text: Text | None, otherwise: str) -> str:
    return text.text if text is not None else otherwise


def _cited(page: Page, node: Node, name: str, line: int) -> Cited:
    top = page.entries(node, f"message '{name}'", ("facts",), ("facts",))
    return Cited(page.texts(top.entries.get("facts"), f"the facts of '{name}'"), line)


def _review(page: Page, node: Node | None) -> Review:
    if node is None:
        return Review()
    top = page.entries(node, "'review'", ("state", "by", "on"), ("state",))
    get = top.entries.get
    state = _word(page.choice(get("state"), "the review state", ("draft", REVIEWED)), "draft")
    review = Review(
        state,
        _word(page.text(get("by"), "'by'"), ""),
        page.day(get("on"), "the day of the review"),
        top.line,
    )
    if state == REVIEWED and not review.is_done:
        page.note(
            top.line,
            "the review says 'attorney-reviewed' but not by whom and when",
            'add by: INITIALS and on: "2026-12-01"',
        )
    return review


def _step(
    page: Page, node: Node, name: str, line: int, topic: str, urgency: Urgency
) -> FlowStep | None:
    what = f"step '{name}'"
    top = page.entries(node, what)
    kinds = [key for key in STEP_KEYS if key in top.entries]
    if len(kinds) != 1:
        for key, key_line in top.lines.items():
            if key not in STEP_KEYS and not any(key in more for more in STEP_KEYS.values()):
                page.note(key_line, f"{what} has no key '{key}'", meant(key, STEP_KEYS))
        page.note(
            line,
            f"{what} needs exactly one of {', '.join(STEP_KEYS)}"
            + (f", but has {' and '.join(kinds)}" if kinds else ""),
        )
        return None
    kind = kinds[0]
    page.entries(node, what, (kind, *STEP_KEYS[kind]))
    step = _STEPS[kind](page, top, what, topic, urgency)
    return FlowStep(step, line, _lines_of(top)) if step is not None else None


def _lines_of(node: Node) -> dict[str, int]:
    if isinstance(node, Text):
        return {node.text.strip(): node.line}
    children = node.entries.values() if isinstance(node, Entries) else node.items
    found: dict[str, int] = dict(node.lines) if isinstance(node, Entries) else {}
    for child in children:
        found.update(_lines_of(child))
    return found


def _ref(topic: str, name: Text) -> MessageRef:
    return MessageRef(name.text if "/" in name.text else f"{topic}/{name}")


def _say(page: Page, top: Entries, what: str, topic: str, urgency: Urgency) -> Step | None:
    messages = page.texts(top.entries["say"], f"'say' of {what}", single=True)
    page.entries(top, what, None, ("next",))
    following = page.text(top.entries.get("next"), f"'next' of {what}")
    if not messages:
        page.note(top.line, f"{what} says nothing", "name at least one message after 'say:'")
    if not messages or following is None:
        return None
    return SayStep(tuple(_ref(topic, name) for name in messages), following.text)


def _ask(page: Page, top: Entries, what: str, topic: str, urgency: Urgency) -> Step | None:
    message = page.text(top.entries["ask"], f"'ask' of {what}")
    page.entries(top, what, None, ("answers",))
    answers = page.entries(top.entries.get("answers"), f"'answers' of {what}")
    leads = {key: page.text(node, f"answer '{key}' of {what}") for key, node in answers}
    if "answers" in top.entries and not leads:
        page.note(top.line, f"{what} has no answers", "write answers: {yes: STEP, no: STEP}")
    remember = page.text(top.entries.get("remember"), f"'remember' of {what}")
    once = page.yes(top.entries.get("once"), f"'once' of {what}")
    if once and remember is None:
        page.note(
            top.line,
            f"{what} is asked once but its answer is not remembered",
            "add 'remember: NAME', or remove 'once'",
        )
    if message is None or not leads:
        return None
    return AskStep(
        _ref(topic, message),
        {key: Answer(lead.text) for key, lead in leads.items() if lead is not None},
        remember.text if remember else None,
        once,
    )


def _branch(page: Page, top: Entries, what: str, topic: str, urgency: Urgency) -> Step | None:
    page.entries(top, what, None, ("cases", "else"))
    on = page.text(top.entries["branch"], f"'branch' of {what}")
    cases = page.entries(top.entries.get("cases"), f"'cases' of {what}")
    leads = {key: page.text(node, f"case '{key}' of {what}") for key, node in cases}
    otherwise = page.text(top.entries.get("else"), f"'else' of {what}")
    if on is None or otherwise is None:
        return None
    return BranchStep(
        on.text, {k: lead.text for k, lead in leads.items() if lead is not None}, otherwise.text
    )


def _escalate(page: Page, top: Entries, what: str, topic: str, urgency: Urgency) -> Step | None:
    reason = page.choice(top.entries["escalate"], f"'escalate' of {what}", REASONS)
    if reason is None:
        return None
    urgent = reason.text == "urgent"
    return EscalateStep(REASONS[reason.text], Urgency.URGENT if urgent else urgency)


def _go(page: Page, top: Entries, what: str, topic: str, urgency: Urgency) -> Step | None:
    to = page.text(top.entries["go"], f"'go' of {what}")
    return GoStep(to.text) if to else None


def _do(page: Page, top: Entries, what: str, topic: str, urgency: Urgency) -> Step | None:
    deed = page.choice(top.entries["do"], f"'do' of {what}", [deed.value for deed in Deed])
    return DoStep(Deed(deed.text)) if deed else None


def _end(page: Page, top: Entries, what: str, topic: str, urgency: Urgency) -> Step | None:
    topics = page.texts(top.entries["end"], f"'end' of {what}")
    return EndStep(tuple(one.text for one in topics))


_STEPS = {
    "say": _say,
    "ask": _ask,
    "branch": _branch,
    "escalate": _escalate,
    "go": _go,
    "do": _do,
    "end": _end,
}


# --- <language>.yaml ---------------------------------------------------------------------------

_WORDING_KEYS = ("title", "keywords", "messages", "answers", "made_from")
_VOCABULARY_KEYS = ("commands", "emergency", "yes", "no", "relatives", "titles")


def wording_file(page: Page, root: Node, topic: str, language: str) -> WordingFile:
    """The words of one topic, or of shared, in one language."""
    shared = topic == SHARED
    top = page.entries(
        root,
        "the file",
        (*_WORDING_KEYS, "vocabulary") if shared else _WORDING_KEYS,
        ("messages", "vocabulary") if shared else ("title", "messages"),
    )
    get = top.entries.get
    made_from = page.entries(get("made_from"), "'made_from'")
    return WordingFile(
        file=page.file,
        topic=topic,
        language=language,
        title=page.text(get("title"), "'title'"),
        keywords=page.texts(get("keywords"), "'keywords'"),
        messages={
            name: _prose(page, node, name, line)
            for name, node, line in _with_lines(page.entries(get("messages"), "'messages'"))
        },
        answers={
            name: _answer_set(page, node, name, line)
            for name, node, line in _with_lines(page.entries(get("answers"), "'answers'"))
        },
        made_from={
            key: mark
            for key, node in made_from
            if (mark := page.text(node, f"the fingerprint of '{key}'")) is not None
        },
        vocabulary=_vocabulary(page, get("vocabulary")) if shared else None,
    )


def _prose(page: Page, node: Node, name: str, line: int) -> Prose:
    what = f"message '{name}'"
    if not isinstance(node, Entries):
        text = page.text(node, what)
        return Prose({"": text} if text else {}, line)
    top = page.entries(node, what, VARIANTS, VARIANTS)
    variants = {key: page.text(value, f"'{key}' of {what}") for key, value in top}
    return Prose({key: text for key, text in variants.items() if text is not None}, line)


def _answer_set(page: Page, node: Node, name: str, line: int) -> AnswerSet:
    answers: dict[str, AnswerWords] = {}
    for key, value in page.entries(node, f"the answers to '{name}'"):
        what = f"answer '{key}' to '{name}'"
        top = page.entries(value, what, ("label", "words"), ("label",))
        label = page.text(top.entries.get("label"), f"the label of {what}")
        words = page.texts(top.entries.get("words"), f"the words of {what}")
        if label is not None:
            answers[key] = AnswerWords(label, words, top.line)
    return AnswerSet(answers, line)


def _vocabulary(page: Page, node: Node | None) -> VocabularyWords:
    top = page.entries(node, "'vocabulary'", _VOCABULARY_KEYS, ("commands", "yes", "no"))
    get = top.entries.get
    known = [command.value for command in Command]
    commands = page.entries(get("commands"), "'commands'", known)
    emergency = page.entries(get("emergency"), "'emergency'")
    titles = page.entries(get("titles"), "'titles'")
    return VocabularyWords(
        commands={k: page.texts(v, f"the phrases of command '{k}'") for k, v in commands},
        emergency={k: page.texts(v, f"the phrases of emergency '{k}'") for k, v in emergency},
        yes=page.texts(get("yes"), "'yes'"),
        no=page.texts(get("no"), "'no'"),
        relatives=page.texts(get("relatives"), "'relatives'"),
        titles={
            key: title
            for key, value in titles
            if (title := page.text(value, f"the title of '{key}'")) is not None
        },
        lines={**commands.lines, **emergency.lines, **titles.lines},
        line=top.line,
    )


# --- languages.yaml and resources.yaml -----------------------------------------------------------

_LANGUAGE_NEEDS = ("name", "english_name", "script", "max_segments")
_LANGUAGE_KEYS = (*_LANGUAGE_NEEDS, "direction", "words", "aliases")
#: What a message may take from a resource: what reads the same in every language.
PLACEHOLDER_FIELDS = ("phone", "text", "url", "email")
_RESOURCE_KEYS = (*PLACEHOLDER_FIELDS, "name", "facts", "note", "verify")


def languages_file(page: Page, root: Node) -> dict[str, LanguageEntry]:
    """languages.yaml: code → language, in the order of the menu."""
    found: dict[str, LanguageEntry] = {}
    for code, node, line in _with_lines(page.entries(root, "the file")):
        what = f"language '{code}'"
        top = page.entries(node, what, _LANGUAGE_KEYS, _LANGUAGE_NEEDS)
        get = top.entries.get
        direction = page.choice(get("direction"), f"'direction' of {what}", ("ltr", "rtl"))
        found[code] = LanguageEntry(
            code=code,
            name=_word(page.text(get("name"), f"'name' of {what}"), code),
            english_name=_word(page.text(get("english_name"), f"'english_name' of {what}"), code),
            direction=_word(direction, "ltr"),
            script=_word(page.text(get("script"), f"'script' of {what}"), "Latin"),
            max_segments=page.count(get("max_segments"), f"'max_segments' of {what}") or 1,
            words=page.texts(get("words"), f"'words' of {what}"),
            aliases=page.texts(get("aliases"), f"'aliases' of {what}"),
            line=line,
        )
    return found


def resources_file(page: Page, root: Node) -> dict[str, Resource]:
    """shared/resources.yaml: name → what is known of that place."""
    found: dict[str, Resource] = {}
    for key, node, line in _with_lines(page.entries(root, "the file")):
        what = f"resource '{key}'"
        top = page.entries(node, what, _RESOURCE_KEYS)
        values = {
            part: page.text(top.entries.get(part), f"'{part}' of {what}")
            for part in PLACEHOLDER_FIELDS
        }
        names = top.entries.get("name")
        by_language = (
            {k: page.text(v, f"the name of {what} in '{k}'") for k, v in names}
            if isinstance(names, Entries)
            else {"en": page.text(names, f"the name of {what}")}
        )
        found[key] = Resource(
            {part: text for part, text in values.items() if text is not None},
            {code: text for code, text in by_language.items() if text is not None},
            line,
        )
    return found
