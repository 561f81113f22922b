"""Words that a tired person reads once: the Flesch-Kincaid grade of each English message, the
Fernández Huerta index of each Spanish one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.content.checks.numbers import PLACEHOLDER, URL
from bot.content.checks.subject import Subject
from bot.content.load import BASE
from bot.content.yaml_file import Level, Problem

#: "About a sixth-grade reading level" (design, section 5); names of offices cost two grades.
WARN_OVER = 8.0
FAIL_OVER = 10.0
#: Fernández Huerta: 60 is "standard, seventh and eighth grade"; names of offices cost ten points.
WARN_UNDER = 60.0
FAIL_UNDER = 50.0
#: Below this many words the formula says more about one long word than about the text.
FEWEST_WORDS = 15
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*|\d[\d,.:-]*")
#: A last "e" ("state"), "-es" and "-ed" where they are not spoken ("moves", "called").
_SILENT = re.compile(r"[^laeiouy]e$|(?<=[^aeiouysxzcghl])es$|(?<=[^aeiouytd])ed$")
_VOWELS = re.compile(r"[aeiouy]+")
_WORD_ES = re.compile(r"[^\W\d_]+|\d[\d,.:-]*")
_DOTTED = re.compile(r"\bEE\. ?UU\.|\b[ap]\. ?m\.")
#: Two strong vowels, or a weak one with an accent beside another, do not glide into each other.
_HIATUS = re.compile(r"[aeoáéó](?=[aeoáéóíú])|[íú](?=[aeoáéó])")
_VOWELS_ES = re.compile(r"[aeiouáéíóúü]+")
_SENTENCE_END = re.compile(r"[.!?:;]+(?=\s|$)|\n")


def syllables(word: str) -> int:
    """Groups of vowels without silent endings. Numbers and abbreviations count as one."""
    low = word.lower().replace("'", "").replace("’", "")
    if not low.isalpha() or word.isupper():
        return 1
    low = _SILENT.sub("", low)
    return max(1, len(_VOWELS.findall(low)))


def grade(text: str) -> float:
    """The school grade that the text asks for (Kincaid et al. 1975); 0 without words.

    Placeholders and links count as one word; "a.m." does not end a sentence.
    """
    text = URL.sub("link", PLACEHOLDER.sub("here", text))
    text = re.sub(r"\b([A-Za-z])\.(?=[A-Za-z]\b)|(?<=\b[apAPUS]\.[mMS])\.", r"\1", text)
    words = _WORD.findall(text)
    sentences = sum(1 for part in _SENTENCE_END.split(text) if _WORD.search(part))
    if not words or not sentences:
        return 0.0
    count = sum(syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * count / len(words) - 15.59


def ease(text: str) -> float:
    """The reading ease of Spanish (Fernández Huerta 1959, as corrected by Law 2011): 100 is very
    easy, 60 to 70 is for everybody, below 50 is hard; 100 without words.

    Spanish is written as it sounds: syllables are groups of vowels, and an accented i or u beside
    another vowel is a syllable of its own.
    """
    text = _DOTTED.sub(" Eu ", URL.sub("link", PLACEHOLDER.sub("uno", text)))
    words = _WORD_ES.findall(text)
    sentences = sum(1 for part in _SENTENCE_END.split(text) if _WORD_ES.search(part))
    if not words or not sentences:
        return 100.0
    count = sum(_syllables_es(word) for word in words)
    return 206.84 - 60 * count / len(words) - 1.02 * len(words) / sentences


def _syllables_es(word: str) -> int:
    if not word[0].isalpha() or word.isupper():
        return 1
    apart = _HIATUS.sub(lambda found: f"{found.group()}-", word.lower())
    return max(1, len(_VOWELS_ES.findall(apart)))


def reading_level(subject: Subject) -> Iterable[Problem]:
    for said in subject.said:
        if len(_WORD.findall(said.text)) < FEWEST_WORDS:
            continue
        if said.language == "es" and (index := ease(said.text)) < WARN_UNDER:
            yield said.problem(
                f"is hard to read in Spanish (ease {index:.0f}; from {WARN_UNDER:.0f} on is well)",
                "use shorter sentences and plainer words",
                Level.ERROR if index < FAIL_UNDER else Level.WARNING,
            )
        if said.language != BASE:
            continue
        level = grade(said.text)
        if level > WARN_OVER:
            yield said.problem(
                f"is hard to read (school grade {level:.0f}; up to {WARN_OVER:.0f} is well)",
                "use shorter sentences and plainer words",
                Level.ERROR if level > FAIL_OVER else Level.WARNING,
            )


CHECKS = (reading_level,)
