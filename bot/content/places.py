"""languages.yaml and shared/resources.yaml: what all topics take from one place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.content.page import Page
from bot.content.yaml_file import Node, Text
from bot.core.compare import plain

_LANGUAGE_NEEDS = ("name", "english_name", "script", "max_segments")
_LANGUAGE_KEYS = (*_LANGUAGE_NEEDS, "direction", "words", "aliases")
#: What a message may take from a resource: what reads the same in every language.
PLACEHOLDER_FIELDS = ("phone", "text", "url", "email")
_RESOURCE_KEYS = (
    *PLACEHOLDER_FIELDS,
    *("name", "facts", "note", "verify", "verified_on", "hours", "needs", "places", "languages"),
)


@dataclass(frozen=True)
class LanguageEntry:
    """One language that is offered; see bot.core.library.Language."""

    code: str
    name: str
    english_name: str
    direction: str
    script: str
    max_segments: int
    words: tuple[Text, ...]
    aliases: tuple[Text, ...]


@dataclass(frozen=True)
class ResourceEntry:
    """One place that helps; see bot.core.library.Resource.

    Attributes:
        values: the same in every language; they may be placeholders.
        verified_on: the day on which somebody called or opened it; None for never.
        note, verify: for the people who read the file and the review book.
    """

    values: Mapping[str, Text]
    facts: tuple[Text, ...]
    names: Mapping[str, Text]
    hours: Mapping[str, Text]
    needs: tuple[Text, ...]
    places: tuple[Text, ...]
    languages: tuple[Text, ...]
    verified_on: date | None
    line: int
    note: str = ""
    verify: str = ""


@dataclass(frozen=True)
class Term:
    """A word that has to be the same wherever it is used.

    Attributes:
        forms: language → beginnings or forms of which one has to stand in a translation when
            one of the English ones stands in English.
    """

    name: str
    forms: Mapping[str, tuple[str, ...]]
    line: int

    def occurs_in(self, text: str, language: str = "en") -> bool:
        """Whether one of the language's forms begins a word of the text (anywhere in scripts
        without spaces between words, or where endings and articles go before)."""
        said = plain(text)
        return any(_stands_in(form, said) for form in self.forms.get(language, ()))


def _stands_in(form: str, said: str) -> bool:
    wanted = plain(form)
    begins_a_word = r"(?<![a-z0-9])" if wanted.isascii() else ""
    return bool(wanted) and re.search(begins_a_word + re.escape(wanted), said) is not None


def parse_glossary(page: Page, root: Node) -> dict[str, Term]:
    """glossary.yaml: term → how each language says it."""
    found: dict[str, Term] = {}
    for name, node in page.entries(root, "this file"):
        top = page.entries(node, f"term '{name}'")
        found[name] = Term(
            name,
            {
                code: tuple(text.text for text in page.texts(forms, f"term '{name}' in '{code}'"))
                for code, forms in top
            },
            top.line,
        )
    return found


def parse_languages(page: Page, root: Node) -> dict[str, LanguageEntry]:
    """languages.yaml: code → language, in the order of the menu."""
    found: dict[str, LanguageEntry] = {}
    for code, node in page.entries(root, "this file"):
        what = f"language '{code}'"
        top = page.entries(node, what, _LANGUAGE_KEYS, _LANGUAGE_NEEDS)
        get = top.entries.get
        direction = page.choice(get("direction"), f"'direction' of {what}", ("ltr", "rtl"))
        found[code] = LanguageEntry(
            code=code,
            name=page.word(page.text(get("name"), f"'name' of {what}"), code),
            english_name=page.word(page.text(get("english_name"), f"'english_name' of {what}"), ""),
            direction=page.word(direction, "ltr"),
            script=page.word(page.text(get("script"), f"'script' of {what}"), "Latin"),
            max_segments=page.count(get("max_segments"), f"'max_segments' of {what}") or 1,
            words=page.texts(get("words"), f"'words' of {what}"),
            aliases=page.texts(get("aliases"), f"'aliases' of {what}"),
        )
    return found


def parse_resources(page: Page, root: Node) -> dict[str, ResourceEntry]:
    """shared/resources.yaml: name → what is known of that place."""
    found: dict[str, ResourceEntry] = {}
    for key, node in page.entries(root, "this file"):
        what = f"resource '{key}'"
        top = page.entries(node, what, _RESOURCE_KEYS)
        get = top.entries.get
        values = {part: page.text(get(part), f"'{part}' of {what}") for part in PLACEHOLDER_FIELDS}
        note, verify = (page.text(get(k), f"'{k}' of {what}") for k in ("note", "verify"))
        verified = page.text(get("verified_on"), f"'verified_on' of {what}")
        found[key] = ResourceEntry(
            values={part: text for part, text in values.items() if text is not None},
            facts=page.texts(get("facts"), f"'facts' of {what}"),
            names=_by_language(page, get("name"), f"'name' of {what}"),
            hours=_by_language(page, get("hours"), f"'hours' of {what}"),
            needs=page.texts(get("needs"), f"'needs' of {what}"),
            places=page.texts(get("places"), f"'places' of {what}"),
            languages=page.texts(get("languages"), f"'languages' of {what}"),
            verified_on=page.day(verified, f"'verified_on' of {what}"),
            line=top.line,
            note=page.word(note, ""),
            verify=page.word(verify, ""),
        )
    return found


def _by_language(page: Page, node: Node | None, what: str) -> dict[str, Text]:
    return {
        code: text
        for code, value in page.entries(node, what)
        if (text := page.text(value, f"{what} in '{code}'")) is not None
    }
