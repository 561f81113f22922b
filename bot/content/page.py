"""Take values out of one file's tree; what does not fit is noted as a problem, never guessed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from bot.content.yaml_file import Entries, Items, Node, Problem, Text

_NOTHING = Entries({}, {}, 0)


@dataclass
class Page:
    """One file while it is read: its name, and the problems found so far."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def note(self, line: int, message: str, remedy: str = "") -> None:
        self.problems.append(Problem(self.file, line, message, remedy))

    def entries(
        self,
        node: Node | None,
        what: str,
        keys: Collection[str] | None = None,
        needs: Iterable[str] = (),
    ) -> Entries:
        """Names with values. `keys` are all that are known (None: any), `needs` must be there."""
        if node is None or (isinstance(node, Text) and not node.text):
            found = _NOTHING if node is None else Entries({}, {}, node.line)
        elif isinstance(node, Entries):
            found = node
        else:
            self.note(node.line, f"{what} has to be written as 'name: value' lines")
            return Entries({}, {}, node.line)
        if keys is not None:
            for key, line in found.lines.items():
                if key not in keys:
                    self.note(line, f"{what} has no key '{key}'", meant(key, keys))
        for key in needs:
            if key not in found.entries:
                self.note(found.line, f"{what} lacks '{key}'", f"add '{key}:'")
        return found

    def text(self, node: Node | None, what: str) -> Text | None:
        """One value, outer space removed; None (and a problem, unless absent) without one."""
        if node is None:
            return None
        if not isinstance(node, Text):
            self.note(node.line, f"{what} has to be one text, not a list or a group of lines")
            return None
        if not node.text.strip():
            self.note(node.line, f"{what} is empty", "write it, or remove the line")
            return None
        return Text(node.text.strip(), node.line)

    def texts(self, node: Node | None, what: str, single: bool = False) -> tuple[Text, ...]:
        """A list of values; with `single`, one value counts as a list of one."""
        if node is None:
            return ()
        if isinstance(node, Text) and single:
            one = self.text(node, what)
            return (one,) if one else ()
        if not isinstance(node, Items):
            self.note(node.line, f"{what} has to be a list", "write it as [one, two]")
            return ()
        found = (self.text(item, f"an entry of {what}") for item in node.items)
        return tuple(one for one in found if one)

    def choice(self, node: Node | None, what: str, allowed: Collection[str]) -> Text | None:
        """One of a few words."""
        one = self.text(node, what)
        if one is not None and one.text not in allowed:
            self.note(one.line, f"{what} cannot be '{one}'", meant(one.text, allowed))
            return None
        return one

    def day(self, node: Node | None, what: str) -> date | None:
        one = self.text(node, what)
        if one is None:
            return None
        try:
            return date.fromisoformat(one.text)
        except ValueError:
            self.note(one.line, f"{what} is not a day: '{one}'", 'write it as "2027-05-31"')
            return None

    def yes(self, node: Node | None, what: str) -> bool:
        one = self.choice(node, what, ("true", "false"))
        return one is not None and one.text == "true"

    def count(self, node: Node | None, what: str) -> int | None:
        one = self.text(node, what)
        if one is None:
            return None
        if not (one.text.isascii() and one.text.isdigit() and 0 < int(one.text[:4]) < 1000):
            self.note(one.line, f"{what} has to be a small number, not '{one}'")
            return None
        return int(one.text)


def meant(word: str, known: Collection[str]) -> str:
    """A remedy: what was probably meant, or all that is possible when that is not much."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    if len(known) <= 12:
        return f"possible are: {', '.join(known)}"
    return ""
