"""docs/facts.md: which facts there are, which may change, and where they come from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.content.yaml_file import read_text
from bot.core.library import Source

_FACT = re.compile(r"^- \*\*(F-\d+)\.\*\*", re.MULTILINE)
_TIME_SENSITIVE = re.compile(r"Time-sensitive:\s*yes")
_SOURCES = re.compile(r"^\s*Source: (.*?) · Confidence: (.*?) · ", re.MULTILINE)
_SOURCE = re.compile(r"(\S+) \(([^()]*)\)")
#: A page's path is named when site and path together are no longer than this.
LONGEST_PLACE = 30
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_DAY = re.compile(r"(20\d\d)-(\d\d)-(\d\d)")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)}) (20\d\d)", re.IGNORECASE)
_YEAR = re.compile(r"\b(20\d\d)\b")


@dataclass(frozen=True)
class Fact:
    """One line of the fact sheet.

    Attributes:
        text: the statement, in the sheet's own words.
        told: its sources as the sheet writes them.
        confidence: "primary", "secondary" or "general legal knowledge …".
    """

    number: str
    text: str
    told: str
    confidence: str
    time_sensitive: bool

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources as SOURCE tells them; one of kind "general" when none was seen."""
        if self.told.startswith("no source seen"):
            return (Source("general", "", ""),)
        found = tuple(
            Source(_kind(address, about), _place(address), _day(about))
            for address, about in _SOURCE.findall(self.told)
        )
        return found or (Source("general", "", ""),)


def named(path: Path) -> str:
    """How problems call a file outside the content: with its folder."""
    return f"{path.resolve().parent.name}/{path.name}"


def read_fact_sheet(sheet: Path) -> dict[str, Fact] | None:
    """Fact number → fact; None without the file. Raises ContentError when it cannot be read."""
    if not sheet.is_file():
        return None
    parts = _FACT.split(read_text(sheet, named(sheet)))
    return {
        number: _fact(number, rest.partition("\n- **")[0].partition("\n#")[0])
        for number, rest in zip(parts[1::2], parts[2::2], strict=True)
    }


def read_sources(sheet: Path) -> dict[str, tuple[Source, ...]]:
    """Fact number → where it comes from. Errors as of `read_fact_sheet`."""
    return {number: fact.sources for number, fact in (read_fact_sheet(sheet) or {}).items()}


def _fact(number: str, rest: str) -> Fact:
    found = _SOURCES.search(rest)
    return Fact(
        number=number,
        text=rest.partition("\n")[0].strip(),
        told=found[1] if found else "",
        confidence=found[2] if found else "",
        time_sensitive=bool(_TIME_SENSITIVE.search(rest)),
    )


def _kind(address: str, about: str) -> str:
    """ "government" for its own sites and for copies of court opinions and regulations; a law
    firm's page that restates them is "other"."""
    site = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    is_law = re.search(r"court opinion|regulation copy|; a \w+ regulation", about) is not None
    return "government" if site.endswith((".gov", ".mil")) or is_law else "other"


def _place(address: str) -> str:
    """ "https://www.justice.gov/eoir/…" → "justice.gov"; a short path stays."""
    parts = urlsplit(address if "//" in address else f"//{address}")
    site = (parts.hostname or address).removeprefix("www.")
    whole = site + parts.path.rstrip("/")
    return whole if len(whole) <= LONGEST_PLACE else site


def _day(about: str) -> str:
    """ "undated copy, about March 2023" → "2023-03"; empty without a date."""
    if day := _DAY.search(about):
        return day[0]
    if month := _MONTH.search(about):
        return f"{month[2]}-{_MONTHS.index(month[1].lower()) + 1:02}"
    year = _YEAR.search(about)
    return year[0] if year else ""
