"""What a short reply means: a command, a number, an answer, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.compare import contains, number, plain, words
from bot.core.library import Library, MissingWording
from bot.core.model import Choice, Conversation, Kind, OptOut, Prediction, Question

#: Keywords on which Twilio opts a number out by itself (Twilio, "Support for opt-out
#: keywords"): only a message that is exactly one of them counts.
CARRIER_STOP = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
)
#: Twilio also takes YES for START; here it does not, since people answer questions with it.
CARRIER_START = frozenset({"START", "UNSTOP"})


class Command(StrEnum):
    MENU = "menu"
    LANGUAGE = "language"
    PERSON = "person"
    DELETE = "delete"
    REPEAT = "repeat"
    RESTART = "restart"
    LEAVE = "leave"
    STOP = "stop"
    HELP = "help"


@dataclass(frozen=True)
class OutOfRange:
    """A number that none of the `count` choices has."""

    count: int


def carrier_word(text: str, opt_out: OptOut | None) -> OptOut | None:
    """What the carrier understood; its own word for it (OptOutType) goes first."""
    if opt_out is not None:
        return opt_out
    word = text.strip().upper()
    if word in CARRIER_STOP:
        return OptOut.STOP
    if word in CARRIER_START:
        return OptOut.START
    return None


def command(library: Library, language: str | None, text: str) -> Command | None:
    """The command that the whole message is, in the person's language or any other."""
    said = plain(text)
    if not said:
        return None
    first = [c for c in (language, library.base) if c and c in library.vocabulary]
    codes = [*first, *library.vocabulary]
    for code in codes:
        for name, phrases in library.vocabulary[code].commands.items():
            if any(plain(phrase) == said for phrase in phrases):
                return Command(name)
    return None


def emergency(library: Library, text: str) -> tuple[str, str] | None:
    """(urgent intent, language of the phrase) when words of emergency occur in the text.

    All languages are searched, since the person's may not be known yet.
    """
    for code, vocabulary in library.vocabulary.items():
        for intent, phrases in vocabulary.emergency.items():
            if any(contains(text, phrase) for phrase in phrases):
                return intent, code
    return None


def asks_for_relative(library: Library, language: str | None, text: str) -> bool:
    vocabulary = library.vocabulary.get(language or library.base)
    return vocabulary is not None and any(contains(text, word) for word in vocabulary.relatives)


def read(
    library: Library, conversation: Conversation, text: str, prediction: Prediction | None
) -> Choice | OutOfRange | None:
    """What a reply chooses from what was last asked; None when it chooses nothing."""
    question = conversation.question
    if question is None:
        return None
    chosen = number(text)
    if chosen is not None:
        if 1 <= chosen <= len(question.choices):
            return question.choices[chosen - 1]
        return OutOfRange(len(question.choices))
    return _by_words(library, conversation, question, text, prediction)


def _by_words(
    library: Library,
    conversation: Conversation,
    question: Question,
    text: str,
    prediction: Prediction | None,
) -> Choice | None:
    said = plain(text)
    languages = (conversation.language, library.base)
    for choice in question.choices:
        if any(said == plain(label) for label in _labels(library, question, choice, languages)):
            return choice
    answers = {c.value: c for c in question.choices if c.kind is Kind.ANSWER}
    for key, replies in (("yes", "yes"), ("no", "no")):
        if key in answers:
            for code in languages:
                vocabulary = library.vocabulary.get(code or "")
                if vocabulary and said in {plain(w) for w in getattr(vocabulary, replies)}:
                    return answers[key]
            meant = {"yes": "affirm", "no": "deny"}[key]
            is_short = len(words(text)) <= 6
            if (
                prediction
                and is_short
                and prediction.intent == meant
                and prediction.confidence >= 0.5
            ):
                return answers[key]
    return None


def _labels(
    library: Library, question: Question, choice: Choice, languages: tuple[str | None, ...]
) -> list[str]:
    """Everything that means this choice when it is the whole reply."""
    found: list[str] = []
    for code in languages:
        try:
            if choice.kind is Kind.ANSWER and question.message:
                wording = library.answers_to(question.message, code).get(choice.value)
                if wording:
                    found += [wording.label, *wording.words]
            elif choice.kind is Kind.TOPIC:
                found.append(library.title(choice.value, code))
        except MissingWording:
            continue
    if choice.kind is Kind.LANGUAGE and choice.value in library.languages:
        language = library.languages[choice.value]
        found += [language.name, language.english_name, *language.aliases]
    return found
