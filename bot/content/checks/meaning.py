"""What a translation must not lose: a "not", a month, a term of the glossary; and what it must not
be: English, or twice the same wording."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.content.checks.numbers import PLACEHOLDER, URL, plain_digits
from bot.content.checks.subject import Said, Subject
from bot.content.load import BASE
from bot.content.yaml_file import Problem
from bot.core.compare import plain, words
from bot.core.days import month_names

#: Words that deny, by language; where a verb denies by its ending or beginning, the usual forms.
NEGATIONS: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        # "if the judge says no" is a refusal, which other languages put into one word
        r"\b(?:not|(?<!says )(?<!say )(?<!said )no(?! fee)|never|nobody|none|nothing|without"
        r"|cannot|nor|neither)\b|n't\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:no|nunca|nadie|nada|ning[uú]n\w*|sin|ni|tampoco|jam[aá]s)\b", re.IGNORECASE
    ),
    "ht": re.compile(r"\b(?:pa|pap|p|san|anyen|p[eè]s[oò]nn|janm|okenn|poko|non)\b", re.IGNORECASE),
    "pt": re.compile(
        r"\b(?:n[aã]o|nunca|ningu[eé]m|nada|nenhum\w*|sem|nem|jamais)\b", re.IGNORECASE
    ),
    "fr": re.compile(
        r"\b(?:ne|pas|jamais|rien|personne|aucun\w*|sans|ni|non)\b|\bn'", re.IGNORECASE
    ),
    "ru": re.compile(r"\b(?:не\w*|ни\w*|без\w*|нельзя)\b", re.IGNORECASE),
    "zh": re.compile(r"[不没沒无無未别非勿莫否]"),
    "ar": re.compile(r"\b[وف]?(?:لا|لم|لن|ليس\w*|لسنا|لست\w*|ما|غير|بدون|دون|بلا|أبدا|عدم)\b"),
    "fa": re.compile(r"\b(?:ن[می]?\u200c?\w+|نه|هیچ\w*|بدون|بی|عدم|غیر\w*)\b|(?:^|\s)بی\s?"),
    "hi": re.compile(r"नहीं|नही|(?:^|\s)(?:न|ना|मत)(?=\s|$|[,।.])|बिना|बगैर"),
    "pa": re.compile(r"ਨਹੀਂ|ਨਹੀ|(?:^|\s)(?:ਨਾ|ਨਾਂ|ਨ)(?=\s|$|[,।.])|ਬਿਨਾਂ|ਬਿਨਾ|ਬਗੈਰ|ਨਾ "),
    "tr": re.compile(
        r"\b(?:değil\w*|yok\w*|hayır|hiç\w*|asla|kimse\w*|hiçbir\w*)\b"
        r"|\w+(?:ma|me)(?:yın|yin|z|dı|di|mış|miş|dan|den|k|ya|ye|sı|si|yacak|yecek|dığ|diğ|lı|li"
        r"|yan|yen|nız|niz|sın|sin|y[ıi]|n[ıi]n)\w*|\w+m[ae]z\w*|\w+m[ıiuü]yor\w*"
        r"|\w+s[ıiuü]z\b|\w+[ae]m[ae](?:m|k|y)\w*",
        re.IGNORECASE,
    ),
}
#: English that denies without such a word: "failed" is "not passed" nearly everywhere.
_DENYING = re.compile(
    r"\b(?:fail\w*|un\w{3,}|lost|lose\w*|rare\w*|all right|only|until|late|missed|refus\w*|stop\w*"
    r"|too|less|few\w*|no)\b",
    re.IGNORECASE,
)
#: A translation of at least so many words that reads as English is English.
FEWEST_WORDS = 4
#: So many translations have to agree before English is doubted.
FEWEST_TRANSLATIONS = 2
_MONTH = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?= \d)"
)
_EN_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
#: A number above one and a unit that should be plural after it.
_SINGULAR: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"(?<![\d.])(?:[2-9]|\d{2,3}) (?:working )?(?:day|week|month|year|hour|minute)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"(?<![\d.])(?:[2-9]|\d{2,3}) (?:d[ií]a|semana|mes|año|hora|minuto)\b", re.IGNORECASE
    ),
    "pt": re.compile(
        r"(?<![\d.])(?:[2-9]|\d{2,3}) (?:dia|semana|m[eê]s|ano|hora|minuto)\b", re.IGNORECASE
    ),
    "fr": re.compile(
        r"(?<![\d.])(?:[2-9]|\d{2,3}) (?:jour|semaine|an|heure|minute)\b", re.IGNORECASE
    ),
}


def _pairs(subject: Subject) -> Iterable[tuple[Said, str]]:
    """Each translated wording with the English one of the same variant."""
    for said in subject.said:
        prose = subject.prose(said.ref, BASE) if said.language != BASE else None
        english = prose.variants.get(said.variant) if prose else None
        if english is not None:
            yield said, english.text


def _bare(text: str) -> str:
    return URL.sub(" ", PLACEHOLDER.sub(" ", text))


def denies(text: str, language: str) -> int:
    """How many words of a text deny something, as far as the list of its language knows."""
    pattern = NEGATIONS.get(language)
    return len(pattern.findall(_bare(text))) if pattern else 0


def lost_negations(subject: Subject) -> Iterable[Problem]:
    """Where English denies, the translation does; where nearly all translations deny, English
    does. The lists cannot count: that one of two "not" is lost is for the reader to see."""
    denied: dict[tuple[str, str, str], list[bool]] = {}
    for said, english in _pairs(subject):
        if said.language not in NEGATIONS:
            continue
        base, mine = denies(english, BASE), denies(said.text, said.language)
        if base and not mine:
            yield said.problem(
                "denies nothing, but English does: "
                f"'{next(iter(NEGATIONS[BASE].findall(_bare(english))))}'",
                "put the 'not' back, or say it so that it cannot be misread",
            )
        if not base and not _DENYING.search(english):
            denied.setdefault((said.topic, said.name, said.variant), []).append(mine > 0)
    for (topic, name, variant), found in denied.items():
        if len(found) >= FEWEST_TRANSLATIONS and all(found):
            file = subject.english(topic)
            text = file.messages[name].variants[variant]
            yield Problem(
                file.file,
                text.line,
                f"message '{name}' denies nothing, but all {len(found)} translations do",
                "look whether a 'not' was lost",
            )


def changed_months(subject: Subject) -> Iterable[Problem]:
    """A date in a translation is in the month of the English one."""
    for said, english in _pairs(subject):
        wanted = {_EN_MONTHS.index(name.lower()) + 1 for name in _MONTH.findall(english)}
        if not wanted:
            continue
        names = month_names(said.language)
        text = plain(plain_digits(said.text))
        there = {month for name, month in names.items() if _has(name, text)}
        there |= {int(found) for found in re.findall(r"(\d{1,2}) ?月", text)}
        for month in sorted(wanted - there):
            yield said.problem(
                f"does not name {_EN_MONTHS[month - 1].capitalize()}, which English does",
                "compare the dates",
            )


def _has(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}", text) is not None if name.isascii() else (
        name in text
    )  # fmt: skip


def english_left(subject: Subject) -> Iterable[Problem]:
    """A translation is not the English wording."""
    for said, english in _pairs(subject):
        if said.text == english and len(words(_bare(english))) >= FEWEST_WORDS:
            yield said.problem("is still English", "translate it")


def same_wording_twice(subject: Subject) -> Iterable[Problem]:
    """Two wordings, for the person and for a relative, differ; else one is enough."""
    for by_language in subject.content.wording.values():
        for file in by_language.values():
            for name, prose in file.messages.items():
                texts = {text.text for text in prose.variants.values()}
                if len(prose.variants) > 1 and len(texts) == 1:
                    yield Problem(
                        file.file,
                        prose.line,
                        f"message '{name}' says the same about the person and about a relative",
                        "say it so that a relative is spoken to, or write one wording",
                    )


def plurals(subject: Subject) -> Iterable[Problem]:
    """ "30 day" is a slip."""
    for said in subject.said:
        pattern = _SINGULAR.get(said.language)
        for found in dict.fromkeys(pattern.findall(_bare(said.text)) if pattern else ()):
            yield said.problem(f"says '{found}' in the singular", "write the plural")


def glossary(subject: Subject) -> Iterable[Problem]:
    """A term that English uses is said as the glossary of the language says it."""
    for said, english in _pairs(subject):
        for term in subject.content.glossary.values():
            if (
                said.language in term.forms
                and term.occurs_in(english)
                and not term.occurs_in(said.text, said.language)
            ):
                yield said.problem(
                    f"does not use the term '{term.name}' as the glossary says it: "
                    + ", ".join(term.forms[said.language]),
                    "use one of these, or add how it is said here to flows/glossary.yaml",
                )


CHECKS = (
    lost_negations,
    changed_months,
    english_left,
    same_wording_twice,
    plurals,
    glossary,
)
