"""Whom a message is about, which country, which place of detention, which day.

Everything is found by looking up words (nlu_data/entities/) and by patterns, nothing is learned.
Start here; `entity_words` cuts the message, `entity_entries` says how words are written
down, `entity_lexicon` finds them, `entity_dates` reads dates.
Standard library only.
"""

from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple

from rights_nlu.entity_dates import Found, Months, in_numbers
from rights_nlu.entity_entries import ANY, MONTH, NOT, Entry, Rules, entry_of
from rights_nlu.entity_lexicon import Hit, Lexicon
from rights_nlu.entity_words import Token, tokens_of, without_masks

RELATION, COUNTRY, PLACE, DATE = "relation", "country", "detention_place", "date"
#: Whom a message can be about; the person who writes is none of these.
RELATIONS = (
    "spouse", "partner", "parent", "child", "sibling", "grandparent", "grandchild", "uncle_aunt",
    "cousin", "nephew_niece", "in_law", "relative", "friend", "neighbor", "coworker", "client",
)  # fmt: skip
#: Files of nlu_data/entities/ that belong to no language.
CLDR, COUNTRIES, PLACES = "cldr", "countries", "places"
#: The longest message (bot/core): what is behind it is not looked at.
LONGEST = 5_000
_WEEKDAY = "weekday"
Documents = Mapping[str, Mapping[str, Any]]


class Entity(NamedTuple):
    """What was found at `start` to `end` of the message as it was typed.

    `value` is a relation, a country's two letters, the id of a place, or an ISO date; for a date
    that is not written in full it is the words as found, and `kind` tells how it is written.
    `number` is how many days, weeks or months, where that is told.
    """

    entity: str
    value: str
    start: int
    end: int
    kind: Optional[str] = None
    number: Optional[int] = None

    def as_dict(self) -> Dict[str, Any]:
        """Return it as Rasa writes entities, without what is not told."""
        return {name: told for name, told in self._asdict().items() if told is not None}


class EntityFinder:
    """Finds entities. Made from the files of nlu_data/entities/: name without ending → content."""

    def __init__(self, documents: Documents) -> None:
        """Raises ValueError naming the entry or relation that is wrong."""
        languages = {
            name: document
            for name, document in documents.items()
            if name not in (CLDR, COUNTRIES, PLACES)
        }
        rules = {name: Rules.read(document) for name, document in sorted(languages.items())}
        around = (documents.get(PLACES) or {}).get("around") or ()
        self._lexicon = Lexicon(_entries(documents, languages), rules, map(str, around))
        between = {
            token.word
            for document in languages.values()
            for word in document.get("between") or ()
            for token in tokens_of(str(word))
        }
        day_last = {name: bool(found.get("day_last")) for name, found in languages.items()}
        self._months = Months(between, day_last)

    def find(self, text: str, language: Optional[str] = None, sure: bool = False) -> List[Entity]:
        """Return the entities of `text` in order; they do not overlap. Never raises.

        `language` is the likeliest language of the message, None when nothing is known of it. When
        it is `sure`, only its words and English ones count.
        """
        text = without_masks(text[:LONGEST])
        tokens = tokens_of(text)
        found = [_dated(date, text) for date in in_numbers(text)]
        for hit in self._lexicon.find(tokens, language, sure):
            entity = self._entity(hit, tokens, text)
            if entity:
                found.append(entity)
        return _apart(found)

    def _entity(self, hit: Hit, tokens: List[Token], text: str) -> Optional[Entity]:
        entry = hit.entry
        first, last = hit.first + entry.before, hit.last - entry.after
        start, end = tokens[first].start, tokens[last - 1].end
        if entry.kind in (RELATION, COUNTRY, PLACE):
            return Entity(entry.kind, entry.value, start, end)
        if entry.kind == MONTH:
            date = self._months.read(hit, tokens)
            return _dated(date, text) if date else None
        return _dated(Found(start, end, entry.value, None, hit.number), text)


def _apart(found: List[Entity]) -> List[Entity]:
    """Return those that overlap none before them, the longer of two that begin together."""
    kept: List[Entity] = []
    for entity in sorted(found, key=lambda entity: (entity.start, -entity.end)):
        if not kept or entity.start >= kept[-1].end:
            kept.append(entity)
    return kept


def _dated(found: Found, text: str) -> Entity:
    value = found.value or text[found.start : found.end]
    return Entity(DATE, value, found.start, found.end, found.kind, found.number)


def _entries(documents: Documents, languages: Documents) -> Iterator[Entry]:
    for name, document in languages.items():
        yield from _of_language(name, document)
    for name, document in (documents.get(CLDR) or {}).items():
        yield from _countries(str(name), document.get("countries") or {}, False)
        yield from _months(str(name), document, languages.get(str(name)) or {})
    hand = documents.get(COUNTRIES) or {}
    for name, found in (hand.get("names") or {}).items():
        yield from _countries(str(name), found, False)
    for name, found in (hand.get("weak") or {}).items():
        yield from _countries(str(name), found, True)
    places = documents.get(PLACES) or {}
    for place, ways in (places.get("places") or {}).items():
        for name, texts in ways.items():
            told = ANY if name in ("names", "weak") else str(name)
            for text in texts:
                yield entry_of(PLACE, str(place), told, str(text), name == "weak")
    for document in (hand, places):
        for text in document.get("not") or ():
            yield entry_of(NOT, "", ANY, str(text))


def _of_language(language: str, document: Mapping[str, Any]) -> Iterator[Entry]:
    for relation, texts in (document.get("relations") or {}).items():
        if relation not in RELATIONS:
            raise ValueError(f"{relation!r} in the entities of {language} is no relation")
        for text in texts:
            yield entry_of(RELATION, str(relation), language, str(text))
    for kind, texts in (document.get("dates") or {}).items():
        for text in texts:
            yield entry_of(DATE, str(kind), language, str(text))
    for text in document.get("not") or ():
        yield entry_of(NOT, "", language, str(text))
    yield from _months(language, document, document)


def _months(
    language: str, document: Mapping[str, Any], rules: Mapping[str, Any]
) -> Iterator[Entry]:
    """Months and weekdays; those that mean something else as well count beside a number only."""
    weak = {str(word) for word in rules.get("only_with_number") or ()}
    for month, texts in (document.get("months") or {}).items():
        for text in texts:
            yield entry_of(MONTH, str(month), language, str(text), str(text) in weak)
    for text in document.get("weekdays") or ():
        if str(text) not in weak:
            yield entry_of(DATE, _WEEKDAY, language, str(text))


def _countries(language: str, names: Mapping[str, Any], weak: bool) -> Iterator[Entry]:
    for code, texts in names.items():
        for text in texts:
            yield entry_of(COUNTRY, str(code), language, str(text), weak)


def covered(documents: Documents) -> Tuple[str, ...]:
    """Return the languages that have a file."""
    return tuple(sorted(set(documents) - {CLDR, COUNTRIES, PLACES}))
