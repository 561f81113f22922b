"""Who has read and signed what: flows/reviews.yaml, written by `python -m bot sign-off`.

A signature holds a fingerprint of every part that was read. When a part changes, the signature
counts no more; nobody has to remember to take it away.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from bot.content.page import Page
from bot.content.yaml_file import ContentError, Items, Node, Problem
from bot.core.model import SHARED
from bot.core.wording import placeholders

if TYPE_CHECKING:
    from bot.content.load import Content

FILE = "reviews.yaml"
ATTORNEY, TRANSLATOR = "attorney", "translator"
ROLES = (ATTORNEY, TRANSLATOR)
_KEYS = ("topic", "role", "language", "by", "on", "parts")
_HEADER = """\
# Who has signed what, written by `python -m bot sign-off`; never by hand. A signature counts while
# every part still has the fingerprint it had when it was signed.
"""


@dataclass(frozen=True)
class Signature:
    """That somebody has read a topic in a language and stands for it.

    Attributes:
        by: initials.
        parts: part of the topic ("shape", "title", "message order", "answers order") → its
            fingerprint on the day of signing.
    """

    topic: str
    role: str
    language: str
    by: str
    on: date
    parts: Mapping[str, str]

    @property
    def place(self) -> tuple[str, str, str]:
        return self.topic, self.language, self.role


def parts_of(content: Content, topic: str, language: str) -> dict[str, str]:
    """The fingerprints of all that a reader of a topic in a language stands for: its steps,
    the facts behind its messages, its words, and the numbers and links within them.

    Raises KeyError for a topic or language that is not there.
    """
    flow, words = content.flows[topic], content.wording[topic][language]
    steps = {
        name: (type(step.step).__name__, asdict(step.step)) for name, step in flow.steps.items()
    }
    shape = [steps, flow.start.text, {k: v.text for k, v in flow.starts.items()}]
    found = {"shape": _mark([*shape, [topic.text for topic in flow.menu]])}
    if words.title is not None:
        found["title"] = _mark(words.title.text)
    for name, prose in words.messages.items():
        cited = flow.messages.get(name)
        texts = {variant: text.text for variant, text in prose.variants.items()}
        named = {
            place: _value(content, place) for text in texts.values() for place in placeholders(text)
        }
        facts = [fact.text for fact in cited.facts] if cited else []
        found[f"message {name}"] = _mark([texts, facts, named])
    for name, answers in words.answers.items():
        labels = {
            key: [answer.label.text, *(word.text for word in answer.words)]
            for key, answer in answers.answers.items()
        }
        found[f"answers {name}"] = _mark(labels)
    if words.vocabulary is not None:
        commands = {k: [p.text for p in v] for k, v in words.vocabulary.commands.items()}
        urgent = {k: [p.text for p in v] for k, v in words.vocabulary.emergency.items()}
        found["vocabulary"] = _mark([commands, urgent])
    return found


def _value(content: Content, place: str) -> str:
    name, _, part = place.partition(".")
    resource = content.resources.get(name)
    value = resource.values.get(part) if resource else None
    return value.text if value else ""


def _mark(value: object) -> str:
    whole = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(whole.encode()).hexdigest()[:8]


def changed_since(content: Content, signature: Signature) -> list[str]:
    """The parts that are not as they were signed; "everything" when the topic is gone."""
    if signature.language not in content.wording.get(signature.topic, {}):
        return ["everything"]
    now = parts_of(content, signature.topic, signature.language)
    return sorted(
        part for part in {*now, *signature.parts} if now.get(part) != signature.parts.get(part)
    )


def valid(content: Content, topic: str, language: str, role: str) -> Signature | None:
    """The signature that counts today, if there is one."""
    for signature in content.signatures:
        if signature.place == (topic, language, role) and not changed_since(content, signature):
            return signature
    return None


def is_signed(content: Content, topic: str, language: str, base: str) -> bool:
    """Whether an attorney stands for the topic in the base language and, in another language, a
    translator for its wording."""
    if valid(content, topic, base, ATTORNEY) is None:
        return False
    return language == base or valid(content, topic, language, TRANSLATOR) is not None


def read_signatures(page: Page, root: Node) -> tuple[Signature, ...]:
    """flows/reviews.yaml; what does not fit is noted on the page."""
    if not isinstance(root, Items):
        if getattr(root, "entries", None):
            page.note(root.line, "the signatures have to be a list", "use python -m bot sign-off")
        return ()
    found: list[Signature] = []
    for item in root.items:
        top = page.entries(item, "a signature", _KEYS, _KEYS)
        texts = {
            key: page.text(top.entries.get(key), f"'{key}' of a signature") for key in _KEYS[:5]
        }
        day = page.day(texts["on"], "'on' of a signature")
        parts = page.entries(top.entries.get("parts"), "'parts' of a signature")
        marks = {key: page.text(node, f"the fingerprint of '{key}'") for key, node in parts}
        known = {key: text.text for key, text in texts.items() if text is not None}
        if day is not None and len(known) == len(texts):
            found.append(
                Signature(
                    known["topic"], known["role"], known["language"], known["by"], day,
                    {key: mark.text for key, mark in marks.items() if mark is not None},
                )
            )  # fmt: skip
    return tuple(found)


def sign_off(
    folder: Path, content: Content, topic: str, role: str, language: str, by: str, on: date
) -> Signature:
    """Add a signature to flows/reviews.yaml, in place of an older one for the same.

    Raises ContentError: no such topic or language, a role that signs no such thing.
    """
    if topic not in content.flows or language not in content.wording.get(topic, {}):
        raise _refused(f"there is no topic '{topic}' in '{language}'")
    if role == TRANSLATOR and language == "en":
        raise _refused("English is what translations are made from; an attorney signs it")
    if not by.strip():
        raise _refused("a signature needs initials")
    signature = Signature(topic, role, language, by.strip(), on, parts_of(content, topic, language))
    kept = [one for one in content.signatures if one.place != signature.place]
    _write(folder / FILE, sorted([*kept, signature], key=lambda one: one.place))
    return signature


def _refused(why: str) -> ContentError:
    return ContentError([Problem(f"flows/{FILE}", 0, why)])


def _write(path: Path, signatures: list[Signature]) -> None:
    rows = [
        {**asdict(one), "on": one.on.isoformat(), "parts": dict(one.parts)} for one in signatures
    ]
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    out = io.StringIO()
    writer.dump(rows, out)
    path.write_text(_HEADER + out.getvalue(), encoding="utf-8")


def topics_to_sign(content: Content) -> list[str]:
    """All topics, the shared messages first."""
    return [SHARED, *(topic for topic in content.flows if topic != SHARED)]
