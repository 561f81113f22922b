"""Words that harm: carriers' keywords, questions for who somebody is, words on a watched phone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.content.checks.subject import Subject
from bot.content.wording_file import AnswerWords
from bot.content.yaml_file import Problem, Text
from bot.core.compare import plain
from bot.core.model import SHARED
from bot.core.replies import CARRIER_START, CARRIER_STOP

#: Words on which carriers or Twilio act when they are the whole message (Twilio, "Support for
#: opt-out keywords (SMS STOP filtering)").
CARRIER_WORDS = CARRIER_STOP | CARRIER_START | {"YES", "HELP", "INFO"}
#: Commands that do what the carrier does on these words.
_OWN_WORDS = ("stop", "help")
#: What a topic may not tell people to text. STOP, START and HELP are told by shared messages.
_TOLD = re.compile(
    r"\b(?:STOP|STOPALL|UNSUBSCRIBE|CANCEL|END|QUIT|REVOKE|OPTOUT|START|UNSTOP|YES)\b"
)
_TOLD_BY_SHARED = frozenset({"STOP", "START", "UNSTOP"})

_WHO = {
    "en": (
        r"(?:your|his|her|their|relative's)\s+(?:full |first |last |real )?"
        r"(?:names?|a-?numbers?|alien numbers?|birth ?da(?:te|y)s?|dates? of birth|"
        r"(?:home |street )?address(?:es)?|social security|passport numbers?)\b"
    ),
    "es": (
        r"(?:su|tu|el)\s+(?:nombre|apellido|n[uú]mero a\b|n[uú]mero de extranjer[oa]|a-?number|"
        r"fecha de nacimiento|cumplea[nñ]os|direcci[oó]n|domicilio|n[uú]mero de pasaporte|"
        r"seguro social)"
    ),
}
#: Questions for who somebody is.
_ASKS = {
    "en": re.compile(
        rf"\b{_WHO['en']}|\bwhat is the (?:a-?number|name)\b|\bwhere do you live\b"
        r"|\bwhen were you born\b|\bwhat are you called\b|\bhow old are you\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        rf"\b{_WHO['es']}|\bc[oó]mo se llama\b|\bd[oó]nde vive\b|\bcu[aá]ndo naci[oó]\b"
        r"|\bqu[eé] edad tiene\b",
        re.IGNORECASE,
    ),
}
#: Requests to send it here. To tell a lawyer one's name is another matter.
_DEMANDS = {
    "en": re.compile(
        r"\b(?:send|text|tell|give|write|show)\s+(?:it to )?(?:us|me)\s+"
        rf"{_WHO['en']}|\b(?:reply|answer|text)\s+(?:us\s+)?(?:with\s+)?{_WHO['en']}",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:env[ií]e|m[aá]nde|escr[ií]ba|d[ií]ga|d[eé])(?:nos|me)\s+"
        rf"{_WHO['es']}|\b(?:responda|conteste)\s+con\s+{_WHO['es']}",
        re.IGNORECASE,
    ),
}
_NOT = re.compile(r"\b(?:not|never|no|nunca)\b|n't\b", re.IGNORECASE)
#: Questions whether somebody has or knows a thing do not ask for it.
_HAS_IT = re.compile(
    r"^\W*(?:do|did|does|have|has|can)\s+(?:you|they|he|she|your relative)\s+"
    r"(?:have|know|remember|moved?|changed?|need|want)\b"
    r"|^\W*(?:tiene|sabe|conoce|cambi[oó]|mud[oó])\b|\b(?:changed?|moved?)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")

#: Sent without being asked for, perhaps while somebody else looks at the phone: the part that
#: shows on a locked screen must not say what it is about.
UNASKED = ("advocate_here", "back_in_line", "advocate_closed")
PREVIEW = 40
#: Beginnings of words (plain, without accents) that give it away.
TELLING: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("immigra", "ice", "asylum", "deport", "remov", "lawyer", "attorney", "legal", "court"),
        *("detention", "detain", "visa", "refugee", "leak", "rights", "judge"),
    ),
    "es": (
        *("inmigra", "migra", "ice", "asilo", "deport", "abogad", "legal", "corte", "tribunal"),
        *("detencion", "detenid", "visa", "refugiad", "filtracion", "derechos", "juez"),
    ),
    "ht": ("imigra", "ice", "azil", "depo", "avoka", "legal", "tribinal", "detansyon", "viza"),
    "pt": ("imigra", "ice", "asilo", "deport", "advogad", "legal", "tribunal", "deten", "visto"),
    "fr": ("immigra", "ice", "asile", "expuls", "avocat", "juridi", "tribunal", "deten", "visa"),
    "ru": ("иммигра", "ice", "убежищ", "депорт", "адвокат", "юрист", "суд", "виз", "арест"),
    "zh": ("移民", "ice", "庇护", "遣返", "律师", "法律", "法庭", "法院", "拘留", "签证"),
    "ar": ("هجر", "الهجر", "ice", "لجو", "اللجو", "ترحيل", "محام", "المحام", "قانون", "محكم"),
    "fa": ("مهاجر", "ice", "پناه", "اخراج", "وکیل", "حقوق", "دادگاه", "بازداشت", "ویزا"),
    "hi": ("आप्रवास", "ice", "शरण", "निर्वास", "वकील", "कानून", "अदालत", "हिरासत", "वीज़ा"),
    "pa": ("ਇਮੀਗ੍ਰੇਸ਼ਨ", "ice", "ਸ਼ਰਨ", "ਦੇਸ਼ ਨਿਕਾਲ", "ਵਕੀਲ", "ਕਾਨੂੰਨ", "ਅਦਾਲਤ", "ਹਿਰਾਸਤ"),
    "tr": ("gocmen", "ice", "iltica", "siginma", "sinir dis", "avukat", "hukuk", "mahkeme", "vize"),
}


def carrier_words(subject: Subject) -> Iterable[Problem]:
    """Nobody is told to text a word that the carrier takes for itself."""
    for said in subject.said:
        for word in dict.fromkeys(_TOLD.findall(said.text)):
            if said.topic != SHARED or word not in _TOLD_BY_SHARED:
                yield said.problem(
                    f"has the word {word}, on which phone companies act",
                    "let people answer by number, or use another word",
                )
    for by_language in subject.content.wording.values():
        for file in by_language.values():
            for name, answers in file.answers.items():
                for words in answers.answers.values():
                    yield from _taken(file.file, f"an answer to '{name}'", words)
            for command, phrases in file.vocabulary.commands.items() if file.vocabulary else ():
                for phrase in phrases:
                    if command not in _OWN_WORDS and phrase.text.upper() in CARRIER_WORDS:
                        yield _taken_word(file.file, f"the command '{command}'", phrase)


def _taken(file: str, what: str, words: AnswerWords) -> Iterable[Problem]:
    if words.label.text.upper() in CARRIER_WORDS - {"YES"}:
        yield _taken_word(file, what, words.label)
    for word in words.words:
        if word.text.upper() in CARRIER_STOP | CARRIER_START:
            yield _taken_word(file, what, word)


def _taken_word(file: str, what: str, word: Text) -> Problem:
    return Problem(
        file,
        word.line,
        f"{what} is '{word}', a word on which phone companies act: who texts it may be signed "
        "off or on",
        "use another word",
    )


def asking_who(subject: Subject) -> Iterable[Problem]:
    """No message asks who somebody is (README: never ask for a name, an A-number, a birth date
    or an address). Checked for English and Spanish; other languages are up to their readers."""
    for said in subject.said:
        if said.language not in _WHO:
            continue
        for sentence in _SENTENCE.findall(said.text):
            if sentence.endswith("?"):
                found = _ASKS[said.language].search(sentence)
                meant = found and not _HAS_IT.search(sentence)
            else:
                found = _DEMANDS[said.language].search(sentence)
                meant = found and not _NOT.search(sentence)
            if found and meant:
                yield said.problem(
                    f"asks for something that tells who a person is: '{found.group().strip()}'",
                    "ask nothing that identifies anybody",
                )


def previews(subject: Subject) -> Iterable[Problem]:
    """What shows on a locked screen of a message that comes by itself."""
    for said in subject.said:
        if said.topic != SHARED or said.name not in UNASKED:
            continue
        shown = plain(said.text[:PREVIEW])
        for telling in TELLING.get(said.language, ()):
            if _begins_a_word(shown, plain(telling)):
                yield said.problem(
                    f"comes unasked and shows '{telling}' within its first {PREVIEW} characters",
                    "begin with words that anybody may read",
                )


def _begins_a_word(text: str, start: str) -> bool:
    if any("\u3400" <= char <= "\u9fff" for char in start):
        return start in text
    if start == "ice":
        return re.search(r"\bice\b", text) is not None
    return re.search(rf"(?<!\w){re.escape(start)}", text) is not None


CHECKS = (carrier_words, asking_who, previews)
