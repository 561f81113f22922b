"""The search for the entries of entities (`entity_entries`) in the words of a message.

Standard library only.
"""

from functools import lru_cache
from typing import Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

from rights_nlu.entity_entries import (
    ANY, MONTH, NOT, NUMBER, SHORTEST_BEGINNING, Entry, Rules, pieces_of,
)  # fmt: skip
from rights_nlu.entity_words import Token

#: What English people mix in, everywhere.
COMMON = "en"
OWN, MIXED_IN, OTHER = 0, 1, 2
_EXACT = 1_000
_SHORTEST_FOREIGN, _SHORTEST_PREFIXED = 4, 2
_REMEMBERED = 20_000


class Hit(NamedTuple):
    """An entry found at the tokens `first` to `last` (not included)."""

    entry: Entry
    first: int
    last: int
    number: Optional[int]


class _Match(NamedTuple):
    entry: Entry
    #: The language whose ending or prefix it has; that of the entry when it has none.
    language: str
    score: int
    affixed: bool


#: The entries of one word, and those of several by their second one, each with the language whose
#: prefix the first has ("" for none).
_Looked = Tuple[Tuple[_Match, ...], Tuple[Tuple[str, Mapping[str, List[_Match]]], ...]]


class Lexicon:
    """Finds entries in the tokens of a message."""

    def __init__(
        self, entries: Iterable[Entry], rules: Mapping[str, Rules], around: Iterable[str]
    ) -> None:
        """`around`: words of which one must stand beside a weak entry."""
        self._rules = dict(rules)
        self._around = {piece for text in around for piece in pieces_of(text)}
        self._single: Dict[str, List[Entry]] = {}
        self._stems: Dict[str, List[Entry]] = {}
        self._beginnings: Dict[str, List[Entry]] = {}
        # first piece → second piece → entries; under "" those whose second piece takes endings
        self._phrases: Dict[str, Dict[str, List[_Match]]] = {}
        for entry in dict.fromkeys(entries):
            self._add(entry)
        self._longest = max((len(stem) for stem in self._beginnings), default=0)
        self._longest_ending = max(
            (len(e) for rule in self._rules.values() for e in rule.endings), default=0
        )
        self._foreign_friends: Set[str] = set()
        for rule in self._rules.values():
            self._foreign_friends |= rule.not_english
        self._number_words = {word for rule in self._rules.values() for word in rule.numbers}
        self._of_word = lru_cache(maxsize=_REMEMBERED)(self._look_up)

    def _add(self, entry: Entry) -> None:
        if len(entry.pieces) > 1:
            second = (
                "" if entry.ending and len(entry.pieces) == 2 + entry.after else entry.pieces[1]
            )
            match = _Match(entry, entry.language, _EXACT, False)
            self._phrases.setdefault(entry.pieces[0], {}).setdefault(second, []).append(match)
            return
        homes = {"": self._single, "~": self._stems, "*": self._beginnings}
        homes[entry.ending].setdefault(entry.pieces[0], []).append(entry)

    def _look_up(self, word: str) -> _Looked:
        """Return the entries that are this word, and those of several words that begin with it."""
        singles = self._singles_of(word, 0)
        phrases = [("", found) for found in (self._phrases.get(word),) if found]
        for language, rule in self._rules.items():
            for prefix in rule.prefixes:
                rest = word[len(prefix) :]
                if word.startswith(prefix) and len(rest) >= _SHORTEST_PREFIXED:
                    more = self._singles_of(rest, 1)
                    singles += [match for match in more if match.language == language]
                    if rest in self._phrases:
                        phrases.append((language, self._phrases[rest]))
        return tuple(singles), tuple(phrases)

    def _singles_of(self, word: str, cost: int) -> List[_Match]:
        """Return the entries of one word that `word` is; a prefix has cost something."""
        found = [
            _Match(entry, entry.language, _EXACT - cost, bool(cost))
            for home in (self._single, self._stems)
            for entry in home.get(word, ())
        ]
        for length in range(max(1, len(word) - self._longest_ending), len(word)):
            stem, ending = word[:length], word[length:]
            for entry in (*self._stems.get(stem, ()), *self._everywhere(stem)):
                for told, rule in self._rules.items():
                    if ending in rule.endings and entry.language in (told, ANY):
                        found.append(_Match(entry, told, length - cost, True))
        for length in range(SHORTEST_BEGINNING, min(len(word), self._longest) + 1):
            for entry in self._beginnings.get(word[:length], ()):
                found.append(_Match(entry, entry.language, length - cost, True))
        return found

    def _everywhere(self, stem: str) -> List[Entry]:
        return [entry for entry in self._single.get(stem, ()) if entry.language == ANY]

    def number_at(self, token: Token, language: Optional[str]) -> Optional[int]:
        """Return the number that a token is or says, in its language or in English."""
        if token.number is not None or token.word not in self._number_words:
            return token.number
        told = [language, COMMON] if language in self._rules else list(self._rules)
        for name in told:
            if name in self._rules and token.word in self._rules[name].numbers:
                return self._rules[name].numbers[token.word]
        return None

    def find(self, tokens: Sequence[Token], language: Optional[str], sure: bool) -> List[Hit]:
        """Return what is found, in order and without overlaps; the longest at each place.

        `language` is that of the message. Unless that is `sure`, words of all other languages count
        as well, where those languages agree.
        """
        hits: List[Hit] = []
        place = 0
        while place < len(tokens):
            known = self._is_known(tokens[place])
            hit = self._best(tokens, place, language, sure) if known else None
            if hit is None:
                place += 1
                continue
            if hit.entry.kind != NOT:
                hits.append(hit)
            place = hit.last
        return hits

    def _is_known(self, token: Token) -> bool:
        singles, phrases = self._of_word(token.word)
        return bool(singles or phrases) or (
            token.number is not None or token.word in self._number_words
        )

    def _best(
        self, tokens: Sequence[Token], place: int, language: Optional[str], sure: bool
    ) -> Optional[Hit]:
        matches = self._begun_at(tokens, place, language)
        if not matches:
            return None
        best: Dict[Tuple[int, int, int], List[Hit]] = {}
        for match in matches:
            tier = self._tier(match, language, sure)
            if tier is None:
                continue
            hit = self._hit(match, tokens, place, language)
            if hit is not None:
                # words of a language that this may not be in come after all others
                key = (tier != OTHER, hit.last - hit.first, match.score - _EXACT * tier)
                best.setdefault(key, []).append(hit)
        if not best:
            return None
        hits = best[max(best)]
        if len({(hit.entry.kind, hit.entry.value) for hit in hits}) > 1:
            return None
        return hits[0]

    def _begun_at(
        self, tokens: Sequence[Token], place: int, language: Optional[str]
    ) -> List[_Match]:
        """Return what the word at `place` is or may begin."""
        singles, phrases = self._of_word(tokens[place].word)
        found = list(singles)
        if place + 1 == len(tokens) or not tokens[place + 1].near:
            return found
        if self.number_at(tokens[place], language) is not None and NUMBER in self._phrases:
            phrases += (("", self._phrases[NUMBER]),)
        if phrases:
            following = tokens[place + 1]
            seconds = ["", following.word]
            if self.number_at(following, language) is not None:
                seconds.append(NUMBER)
            for told, by_second in phrases:
                for second in seconds:
                    begun = by_second.get(second, ())
                    found += [match for match in begun if told in ("", match.language)]
        return found

    def _tier(self, match: _Match, language: Optional[str], sure: bool) -> Optional[int]:
        entry = match.entry
        if match.language == language or (match.language == ANY and entry.language == ANY):
            return OWN
        alone = len(entry.pieces) == 1
        if match.language == COMMON:
            rule = self._rules.get(language or "")
            friends = rule.not_english if rule else self._foreign_friends
            if not alone or not (friends and entry.pieces[0] in friends):
                return MIXED_IN
            return None
        short = entry.pieces[0].isascii() and len(entry.pieces[0]) < _SHORTEST_FOREIGN
        if sure or (alone and short and entry.kind != MONTH):
            return None
        return OTHER

    def _hit(
        self, match: _Match, tokens: Sequence[Token], place: int, language: Optional[str]
    ) -> Optional[Hit]:
        entry, number = match.entry, None
        last = place + len(entry.pieces)
        if last > len(tokens):
            return None
        for offset, piece in enumerate(entry.pieces):
            token = tokens[place + offset]
            if offset and not token.near:
                return None
            if piece == NUMBER:
                number = self.number_at(token, language)
                if number is None:
                    return None
            elif offset and not self._fits(token.word, piece, entry, offset):
                return None
        if entry.typed and tokens[last - entry.after - 1].typed != entry.typed:
            return None
        unsure = entry.weak and entry.kind != MONTH and not match.affixed
        if unsure and not self._is_placed(tokens, place, last):
            return None
        return Hit(entry, place, last, number)

    def _fits(self, word: str, piece: str, entry: Entry, offset: int) -> bool:
        if word == piece:
            return True
        inflected = len(entry.pieces) - entry.after - 1
        if not entry.ending or offset != inflected or not word.startswith(piece):
            return False
        rule = self._rules.get(entry.language)
        return entry.ending == "*" or bool(rule and word[len(piece) :] in rule.endings)

    def _is_placed(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        before = first > 0 and tokens[first].near and tokens[first - 1].word in self._around
        return before or (
            last < len(tokens) and tokens[last].near and tokens[last].word in self._around
        )
