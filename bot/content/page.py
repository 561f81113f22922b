"""Take values out of one file's tree; what does not fit is noted as a problem, never guessed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from bot.content.yaml_file import Entries, Items, Node, Problem, Text

#: So many possibilities are listed when nothing is close to what was written.
MOST_LISTED = 12


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
        filled: bool = False,
    ) -> Entries:
        """Names with values; no entries (and a problem, unless absent) without them.

        Args:
            what: how problems call it.
            keys: all names that are known; None: any.
            needs: names that must be there.
            filled: it may not be empty.
        """
        if node is None:
            return Entries({}, {}, 0)
        found = node if isinstance(node, Entries) else Entries({}, {}, node.line)
        if isinstance(node, Items) or (isinstance(node, Text) and node.text):
            self.note(node.line, f"{what} has to be written as 'name: value' lines")
            return found
        for key, line in found.lines.items():
            if keys is not None and key not in keys:
                self.note(line, f"{what} has the unknown key '{key}'", meant(key, keys))
        for key in needs:
            if key not in found.entries and not any(
                _is_misspelt(k, key, keys) for k in found.lines
            ):
                self.note(found.line, f"{what} lacks '{key}'", f"add a line '{key}: ...'")
        if filled and not found.entries:
            self.note(found.line, f"{what} is empty", "write at least one 'name: value'")
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

    def word(self, text: Text | None, otherwise: str) -> str:
        return text.text if text is not None else otherwise

    def texts(
        self, node: Node | None, what: str, single: bool = False, filled: bool = False
    ) -> tuple[Text, ...]:
        """A list of values.

        Args:
            single: one value counts as a list of one.
            filled: it may not be empty.
        """
        if node is None:
            return ()
        if isinstance(node, Text) and single:
            one = self.text(node, what)
            return (one,) if one else ()
        if not isinstance(node, Items):
            self.note(node.line, f"{what} has to be a list", "write it in brackets: [one, two]")
            return ()
        if filled and not node.items:
            self.note(node.line, f"{what} is empty", "write at least one between [ and ]")
        found = (self.text(item, f"an entry of {what}") for item in node.items)
        return tuple(one for one in found if one)

    def choice(self, node: Node | None, what: str, allowed: Collection[str]) -> Text | None:
        """One of a few words."""
        one = self.text(node, what)
        if one is not None and one.text not in allowed:
            self.note(one.line, f"{what} cannot be '{one}'", meant(one.text, allowed))
            return None
        return one

    def day(self, one: Text | None, what: str) -> date | None:
        """A day as year, month and day."""
        if one is None:
            return None
        try:
            return date.fromisoformat(one.text)
        except ValueError:
            self.note(
                one.line, f"{what} is not a day: '{one}'", 'write year-month-day: "2027-05-31"'
            )
            return None

    def flag(self, node: Node | None, what: str) -> bool:
        """True or false; false when absent."""
        one = self.choice(node, what, ("true", "false"))
        return one is not None and one.text == "true"

    def count(self, node: Node | None, what: str) -> int | None:
        """A whole number from 1 to 999."""
        one = self.text(node, what)
        if one is None:
            return None
        number = one.text if one.text.isascii() and one.text.isdigit() else ""
        if not number or len(number) > 3 or int(number) < 1:
            self.note(one.line, f"{what} has to be a whole number from 1 to 999, not '{one}'")
            return None
        return int(number)


def _is_misspelt(word: str, key: str, keys: Collection[str] | None) -> bool:
    """Whether an unknown name stands for a known one: then that is problem enough."""
    if keys is None or word in keys:
        return False
    return get_close_matches(word, list(keys), n=1, cutoff=0.6) == [key]


def nearest(word: str, known: Collection[str]) -> str:
    """A remedy: what was probably meant, if anything is like it."""
    close = get_close_matches(word, _in_order(known), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""


def meant(word: str, known: Collection[str]) -> str:
    """A remedy: what was probably meant, or all that is possible when that is not much."""
    if close := nearest(word, known):
        return close
    if 0 < len(known) <= MOST_LISTED:
        return f"possible are: {', '.join(_in_order(known))}"
    return ""


def _in_order(known: Collection[str]) -> list[str]:
    """As the authors wrote them; sets, which have no order, by the alphabet."""
    return sorted(known) if isinstance(known, set | frozenset) else list(known)
