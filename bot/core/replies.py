"""What a short reply means: a command, a number, an answer, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.compare import Spoken, number, plain, plain_phrase, words
from bot.core.days import read_day
from bot.core.flow import DAY_NOT_KNOWN
from bot.core.library import Library, MissingWording
from bot.core.model import Choice, Conversation, Kind, OptOut, Prediction, Question

#: Keywords on which Twilio opts a number out by itself (Twilio, "Support for opt-out
#: keywords"): only a message that is exactly one of them counts.
CARRIER_STOP = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
)
#: Twilio also takes YES for START; here it does not, since people answer questions with it.
CARRIER_START = frozenset({"START", "UNSTOP"})


#: A longer message is more likely a new question than an answer to ours.
LONGEST_REPLY = 6
#: Shorter words ("me", "no") stand in too many sentences to be told from within one.
SHORTEST_TELLING = 4


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
    SOURCE = "source"


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
            if any(plain_phrase(phrase) == said for phrase in phrases):
                return Command(name)
    return None


def emergency(library: Library, text: str) -> tuple[str, str] | None:
    """(urgent intent, language of the phrase) when words of emergency occur in the text.

    All languages are searched, since the person's may not be known yet.
    """
    found = (meaning for _, meaning in library.emergencies.found_in(text))
    return min(found, key=lambda hit: _urgency_of(hit[0]), default=None)


#: Of two emergencies in one message the one that is answered: a life first, then what can only
#: be done now. "They deport me tomorrow and will kill me there" needs a stay, not a police call.
MOST_URGENT = ("crisis_self_harm", "deportation_imminent", "ice_encounter", "danger_threats")


def _urgency_of(intent: str) -> int:
    return MOST_URGENT.index(intent) if intent in MOST_URGENT else len(MOST_URGENT)


def asks_for_relative(library: Library, language: str | None, text: str) -> bool:
    vocabulary = library.vocabulary.get(language or library.base)
    said = Spoken(text)
    return vocabulary is not None and any(said.has(word) for word in vocabulary.relatives)


def read(
    library: Library, conversation: Conversation, text: str, prediction: Prediction | None
) -> Choice | OutOfRange | None:
    """What a reply chooses from what was last asked; None when it chooses nothing."""
    question = conversation.question
    if question is None:
        return None
    if question.wants_day and (day := _day(library, conversation, text)):
        return Choice(Kind.DAY, day)
    chosen = number(text)
    if chosen is not None:
        if 1 <= chosen <= len(question.choices):
            return question.choices[chosen - 1]
        return OutOfRange(len(question.choices))
    return _by_words(library, conversation, question, text, prediction)


def _day(library: Library, conversation: Conversation, text: str) -> str | None:
    """The day that a reply names, as year-month-day."""
    today = conversation.last_at
    found = today and read_day(text, conversation.language or library.base, today.date())
    return found.isoformat() if found else None


def chosen_exactly(library: Library, conversation: Conversation, text: str) -> Choice | None:
    """The choice whose label, or one of whose words, is the whole reply."""
    question, said = conversation.question, plain(text)
    if question is None or not said:
        return None
    languages = (conversation.language, library.base)
    for choice in question.choices:
        if any(said == plain(label) for label in _labels(library, question, choice, languages)):
            return choice
    return None


def _by_words(
    library: Library,
    conversation: Conversation,
    question: Question,
    text: str,
    prediction: Prediction | None,
) -> Choice | None:
    said = plain(text)
    languages = (conversation.language, library.base)
    meanings = {
        choice: _labels(library, question, choice, languages) for choice in question.choices
    }
    for choice, labels in meanings.items():
        if any(said == plain_phrase(label) for label in labels):
            return choice
    answers = {c.value: c for c in question.choices if c.kind is Kind.ANSWER}
    if "yes" in answers or "no" in answers:
        for key in ("yes", "no"):
            if key in answers and _says(library, languages, key, said, prediction):
                return answers[key]
    if len(words(text)) > LONGEST_REPLY:
        return None
    if within := _within(
        {c: _labels(library, question, c, languages) for c in answers.values()}, text
    ):
        return within
    for key in ("yes", "no"):
        first = said.partition(" ")[0].strip(",.!")
        if key in answers and _says(library, languages, key, first, None):
            return answers[key]
    if "relative" in answers and asks_for_relative(library, conversation.language, text):
        return answers["relative"]
    return None


def _says(
    library: Library,
    languages: tuple[str | None, ...],
    reply: str,
    said: str,
    prediction: Prediction | None,
) -> bool:
    """Whether these words are a yes, or a no; the model may know more ways to say so."""
    for code in languages:
        vocabulary = library.vocabulary.get(code or "")
        if vocabulary and said in {plain_phrase(word) for word in getattr(vocabulary, reply)}:
            return True
    meant = {"yes": "affirm", "no": "deny"}[reply]
    return (
        prediction is not None
        and len(said.split()) <= LONGEST_REPLY
        and prediction.intent == meant
        and prediction.confidence >= 0.5
    )


def _within(meanings: Mapping[Choice, list[str]], text: str) -> Choice | None:
    """The one choice whose words stand somewhere in a short reply; None when there are two,
    unless the words of one include those of the other ("no lo sé" and "no")."""
    spoken = Spoken(text)
    found: dict[Choice, str] = {}
    for choice, labels in meanings.items():
        phrases = [plain_phrase(label) for label in labels if spoken.has(label)]
        telling = [p for p in phrases if len(p) >= SHORTEST_TELLING or " " in p]
        if telling:
            found[choice] = max(telling, key=len)
    if not found:
        return None
    best = max(found, key=lambda choice: len(found[choice]))
    rest = [phrase for choice, phrase in found.items() if choice is not best]
    return best if all(phrase in found[best] for phrase in rest) else None


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
    if choice.kind is Kind.DAY:
        found += [library.shared(DAY_NOT_KNOWN, code) for code in languages if code]
    if choice.kind is Kind.LANGUAGE and choice.value in library.languages:
        language = library.languages[choice.value]
        found += [language.name, language.english_name, *language.aliases]
    return found
