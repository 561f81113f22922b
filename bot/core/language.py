"""Which language to answer in, decided by evidence.

Short texts fool every general detector (measured; see docs/decisions), so nothing is
switched by a single word: a switch needs several words that agree.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.core.compare import word_count, words
from bot.core.library import Library
from bot.core.model import Conversation, Prediction

#: Words needed before a known language is switched; one or two words ("ok", "merci
#: beaucoup") are borrowed too easily.
SWITCH_WORDS = 3
#: So many words at most name a language and ask for it politely.
LONGEST_NAMING = 4
LATIN, HAN = "LATIN", "HAN"
#: Words that go with the name of a language: please, in, I speak, do you speak.
COURTESY = frozenset(
    (
        "please pls in en i speak do you por favor hablo em falo le parle je s'il vous plait svp "
        "tanpri souple an m mwen pale пожалуиста на по я говорю 请 請 我 说 說 讲 講 من فضلك لطفا "
        "به कृपया में main mein ਕਿਰਪਾ ਵਿੱਚ vich lutfen konus konusuyorum"
    ).split()
)
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
    ("LATIN", "ARABIC", "HAN" …); None without letters."""
    counts: dict[str, int] = {}
    for char in text:
        if char.isalpha():
            name = unicodedata.name(char, "").split(" ")[0]
            name = HAN if name == "CJK" else name
            counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: counts[name]) if counts else None


def names_in(library: Library, text: str) -> list[str]:
    """The languages whose names stand in the text, by their own aliases."""
    said = set(words(text))
    return [
        code
        for code, language in library.languages.items()
        if any(name and set(name) <= said for name in map(words, language.aliases))
    ]


def named(library: Library, text: str) -> str | None:
    """The language that the whole message names ("español", "English please"), if any."""
    said = set(words(text))
    if not said or len(said) > LONGEST_NAMING:
        return None
    for code, language in library.languages.items():
        for alias in language.aliases:
            name = set(words(alias))
            if name and name <= said and said - name <= COURTESY:
                return code
    return None


def guess(library: Library, text: str, prediction: Prediction | None) -> Guess:
    """What language this text is in, from script, known words and the classifier.

    In Latin letters every language is possible, since people text Hindi, Arabic or Russian
    so too. Evidence that contradicts itself yields no guess.
    """
    script = script_of(text)
    if script is None:
        return Guess(None)
    possible = _written_in(library, script)
    if not possible:
        return Guess(None, foreign=True)
    if script == LATIN:
        possible = list(library.languages)
    elif len(possible) == 1:
        return Guess(possible[0])
    said = words(text)
    hits = {c: sum(1 for w in said if w in library.languages[c].words) for c in possible}
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
    if clear and ranked[0] >= 2 and not hits.get(model or ""):
        # two known words weigh more than a model that was trained on short texts
        return Guess(best)
    if model in hits and (not clear or hits[model]):
        return Guess(model)
    return Guess(None)


def _written_in(library: Library, script: str) -> list[str]:
    return [c for c, lang in library.languages.items() if lang.script.upper() == script]


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
        return Guess(current, foreign=len(text.split()) >= SWITCH_WORDS or script_of(text) == HAN)
    if found.language is None or found.language == current:
        return Guess(current)
    if word_count(text) < SWITCH_WORDS:
        return Guess(current)
    said = words(text)
    script = script_of(text) or ""
    if script != LATIN and current not in _written_in(library, script):
        return Guess(found.language)
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
