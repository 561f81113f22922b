"""Which language to answer in, decided by evidence.

Short texts fool every general detector (measured; see docs/decisions), so nothing is
switched by a single word: a switch needs several words that agree.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.core.compare import words
from bot.core.library import Language, Library
from bot.core.model import Conversation, Prediction

#: Words needed before a known language is switched; one or two words ("ok", "merci
#: beaucoup") are borrowed too easily.
SWITCH_WORDS = 3
#: Words that go with the name of a language.
COURTESY = frozenset({"please", "por", "favor", "in", "en", "speak", "hablo", "i"})
#: The classifier's own confidence from which its language counts as evidence.
SURE = 0.8
#: The same for the first message, when there is no language to keep.
FIRST_SURE = 0.7


@dataclass(frozen=True)
class Guess:
    """`language` is an offered code or None. `foreign`: the text is surely in a script
    that no offered language is written in."""

    language: str | None
    foreign: bool = False


def script_of(text: str) -> str | None:
    """The Unicode script that most letters belong to, by the first word of their names
    ("LATIN", "ARABIC", "CJK" …); None without letters."""
    counts: dict[str, int] = {}
    for char in text:
        if char.isalpha():
            name = unicodedata.name(char, "").split(" ")[0]
            counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: counts[name]) if counts else None


def names_of(language: Language) -> set[str]:
    """The words that name a language; those that only go with its name are none ("in")."""
    return {w for alias in language.aliases for w in words(alias)} - COURTESY


def named(library: Library, text: str) -> str | None:
    """The language that the whole message names ("español", "English please"), if any."""
    said = set(words(text))
    for code, language in library.languages.items():
        names = names_of(language)
        if said & names and said <= names | COURTESY and len(said) <= 4:
            return code
    return None


def guess(library: Library, text: str, prediction: Prediction | None) -> Guess:
    """What language this text is in, from script, known words and the classifier.

    Evidence that contradicts itself yields no guess.
    """
    script = script_of(text)
    if script is None:
        return Guess(None)
    same_script = [c for c, lang in library.languages.items() if lang.script.upper() == script]
    if not same_script:
        return Guess(None, foreign=True)
    if len(same_script) == 1 and script != "LATIN":
        return Guess(same_script[0])
    said = words(text)
    hits = {c: sum(1 for w in said if w in library.languages[c].words) for c in same_script}
    ranked = sorted(hits.values(), reverse=True)
    best = max(hits, key=lambda code: hits[code])
    clear = ranked[0] > (ranked[1] if len(ranked) > 1 else 0)
    model = (
        prediction.language if prediction and prediction.language_confidence >= FIRST_SURE else None
    )
    if model is not None and model not in library.languages:
        # surely a language that we do not offer: no word that it shares with ours counts
        return Guess(None, foreign=len(said) >= SWITCH_WORDS)
    if clear and model in (None, best):
        return Guess(best)
    if model in library.languages and not clear:
        return Guess(model)
    if clear and ranked[0] >= 2:
        # two known words weigh more than a model that was trained on short texts
        return Guess(best)
    return Guess(None)


def settle(
    library: Library, conversation: Conversation, text: str, prediction: Prediction | None
) -> Guess:
    """The language to answer this message in; None when there is no evidence at all.

    A known language stays unless at least SWITCH_WORDS words speak for another one; a
    language that the person named stays unless the evidence is overwhelming.
    """
    found = guess(library, text, prediction)
    current = conversation.language
    if current is None or current not in library.languages:  # it may be offered no more
        return found
    if found.foreign:
        return Guess(current, foreign=len(text.split()) >= SWITCH_WORDS or script_of(text) == "CJK")
    if found.language is None or found.language == current:
        return Guess(current)
    said = words(text)
    if len(said) < SWITCH_WORDS:
        return Guess(current)
    own = sum(1 for w in said if w in library.languages[found.language].words)
    theirs = sum(1 for w in said if w in library.languages[current].words)
    sure = (
        prediction is not None
        and prediction.language == found.language
        and prediction.language_confidence >= SURE
    )
    needed = 3 if conversation.chosen else 2
    if own - theirs >= needed or (sure and own > theirs):
        return Guess(found.language)
    return Guess(current)
