"""Wording that costs too much, reads badly, harms, or is not understood."""

from __future__ import annotations

import pytest

from bot.content.checks import render, stamp
from bot.content.checks.plainness import ease, grade
from tests.content.mistake import ContentFolder, Mistake, each

ENGLISH = "flows/removal_paused/en.yaml"
SPANISH = "flows/removal_paused/es.yaml"
LAWYER = "flows/find_lawyer/en.yaml"
SHARED = "flows/shared/en.yaml"
SHARED_ES = "flows/shared/es.yaml"
SAFE = "If you can, go to a safe place."


@each(
    Mistake(
        "too many segments",
        "flows/danger/en.yaml",
        SAFE,
        SAFE + " Go to a friend." * 28,
        "Message 'safe' needs 4 SMS segments (489 characters); 3 are allowed. "
        "Shorten it, or make two messages of it.",
        at="safe:",
    ),
    Mistake(
        "too many segments because of the choices",
        ENGLISH,
        'label: "No"',
        f'label: "No{" and no" * 65}"',
        "Message 'order' needs 4 SMS segments with its choices (504 characters); 3 are allowed. "
        "Shorten it, or make two messages of it.",
        at="order: |-",
    ),
    Mistake(
        "characters that cost twice",
        LAWYER,
        "or look at",
        "or see ☎",
        "Message 'where' has characters that more than halve the room in an SMS: '☎' (U+260E). "
        "Use plain letters and signs.",
        at="where:",
    ),
    Mistake(
        "typography that is replaced",
        LAWYER,
        "where: Call",
        "where: “Call”",
        "Message 'where' has typography that is replaced before it is sent: '“' (U+201C), "
        "'”' (U+201D). Type plain quotes, dashes and spaces.",
        at="where:",
        level="warning",
    ),
    Mistake(
        "hard to read",
        "flows/danger/en.yaml",
        SAFE,
        "Notwithstanding aforementioned considerations regarding administrative eligibility "
        "determinations, individuals experiencing intimidation should immediately relocate.",
        "Message 'safe' is hard to read (school grade 32; up to 8 is well). "
        "Use shorter sentences and plainer words.",
        at="safe:",
    ),
    Mistake(
        "title too long",
        ENGLISH,
        "title: Is deportation on hold?",
        "title: Is deportation on hold because of it?",
        "The title has 37 characters: 'Is deportation on hold because of it?'. Use at most 32.",
        at="title:",
    ),
    Mistake(
        "same title twice",
        LAWYER,
        "title: Find a lawyer",
        "title: Talk to a person",
        "The title 'Talk to a person' is also that of 'find_lawyer'. Say how they differ.",
        at="title:",
        told_in="flows/talk_to_person/en.yaml",
    ),
    Mistake(
        "intent that nobody answers and that has no title",
        SHARED_ES,
        "  titles:\n    court_date: Mi próxima audiencia\n",
        "",
        "No topic answers the intent 'court_date', and it has no title in Spanish. "
        "Write a topic for it, or its name under vocabulary: titles:.",
        at="  commands:",
    ),
)
def test_size_and_style(folder: ContentFolder, mistake: Mistake) -> None:
    printed, expected = mistake.found_in(folder)
    assert printed == expected


@each(
    Mistake(
        "carrier keyword that people are told to text",
        LAWYER,
        "where: Call",
        "where: Reply YES. Call",
        "Message 'where' has the word YES, on which phone companies act. "
        "Let people answer by number, or use another word.",
        at="where:",
    ),
    Mistake(
        "carrier keyword as an answer word",
        ENGLISH,
        '"there is none"',
        '"there is none", cancel',
        "An answer to 'order' is 'cancel', a word on which phone companies act: who texts it may "
        "be signed off or on. Use another word.",
        at="there is none",
    ),
    Mistake(
        "carrier keyword as a label",
        ENGLISH,
        'label: "I don\'t know"',
        'label: "End"',
        "An answer to 'order' is 'End', a word on which phone companies act: who texts it may be "
        "signed off or on. Use another word.",
        at='label: "End"',
    ),
    Mistake(
        "carrier keyword as a command",
        SHARED,
        "[start over]",
        "[start]",
        "The command 'restart' is 'start', a word on which phone companies act: who texts it may "
        "be signed off or on. Use another word.",
        at="restart:",
    ),
    Mistake(
        "number as an answer word",
        ENGLISH,
        '"not sure"',
        '"not sure", "1"',
        "The answer 'not_sure' to 'order' is the number '1', but a number always chooses by its "
        "place in the list. Use a word; the bot adds the numbers.",
        at="not_sure:",
    ),
    Mistake(
        "command as an answer word",
        ENGLISH,
        '"not sure"',
        '"not sure", "delete my messages"',
        "Whoever answers 'delete my messages' to the question 'order' gets the command "
        "'delete', not the answer 'not_sure'. "
        "Use another word, or let it be if that does the same.",
        at="not_sure:",
        level="warning",
    ),
    Mistake(
        "one word for two answers",
        ENGLISH,
        '"not sure"',
        '"there is"',
        "'there is' means both 'yes' and 'not_sure' as an answer to 'order'. "
        "Let it mean one of them.",
        at="not_sure:",
    ),
    Mistake(
        "asks for a name",
        "flows/danger/en.yaml",
        SAFE,
        "What is your full name?",
        "Message 'safe' asks for something that tells who a person is: 'your full name'. "
        "Ask nothing that identifies anybody.",
        at="safe:",
    ),
    Mistake(
        "demands an A-number",
        "flows/danger/en.yaml",
        SAFE,
        "Please text us your A-number.",
        "Message 'safe' asks for something that tells who a person is: 'text us your A-number'. "
        "Ask nothing that identifies anybody.",
        at="safe:",
    ),
    Mistake(
        "asks for a birth date in Spanish",
        "flows/danger/es.yaml",
        "Si puede,",
        "¿Cuál es su fecha de nacimiento? Si puede,",
        "Message 'safe' asks for something that tells who a person is: 'su fecha de nacimiento'. "
        "Ask nothing that identifies anybody.",
        at="safe:",
    ),
    Mistake(
        "demands an address in Spanish",
        "flows/danger/es.yaml",
        "Si puede,",
        "Escríbanos su dirección. Si puede,",
        "Message 'safe' asks for something that tells who a person is: "
        "'Escríbanos su dirección'. Ask nothing that identifies anybody.",
        at="safe:",
    ),
    Mistake(
        "what a watched phone shows",
        SHARED,
        "Hello, a person is here for you now.",
        "Hello, your immigration case is here.",
        "Message 'advocate_here' comes unasked and shows 'immigra' within its first 40 "
        "characters. Begin with words that anybody may read.",
        at="advocate_here:",
    ),
)
def test_words_that_harm(folder: ContentFolder, mistake: Mistake) -> None:
    printed, expected = mistake.found_in(folder)
    assert printed == expected


@pytest.mark.parametrize(
    "text",
    [
        "Do you know your A-number?",
        "Do not send us your name.",
        "Tell the lawyer your full name.",
        "Never text your birth date.",
        "On the site, type your relative's A-number.",
        "Did your relative's address change? Has he told the court?",
    ],
)
def test_what_may_be_said_about_names_and_numbers(folder: ContentFolder, text: str) -> None:
    folder.change("flows/danger/en.yaml", SAFE, text)
    stamp(folder.flows, "es")
    # the Spanish beside it says something else: only what is said of the English one counts
    assert render(p for p in folder.check().problems if p.file.endswith("en.yaml")) == ""


@each(
    Mistake(
        "one phrase for two commands",
        SHARED,
        "help: [help]",
        "help: [help, Menu!]",
        "'Menu!' means both the command 'menu' and the command 'help'. Let it mean one of them.",
        at="help:",
    ),
    Mistake(
        "command that means another one in English",
        SHARED_ES,
        "leave: [salir]",
        "leave: [salir, menu]",
        "'menu' means the command 'leave' here, but the command 'menu' in English. "
        "Use a phrase that cannot be confused.",
        at="leave:",
    ),
    Mistake(
        "yes that means no in English",
        SHARED_ES,
        "yes: [sí, claro]",
        "yes: [sí, claro, nope]",
        "'nope' means 'yes' here, but 'no' in English. Use a phrase that cannot be confused.",
        at="yes:",
    ),
    Mistake(
        "command missing in English",
        SHARED,
        "    repeat: [repeat]\n",
        "",
        "The command 'repeat' has no phrases. Write them under commands: 'repeat: [...]'.",
        at="  commands:",
    ),
    Mistake(
        "command missing in a translation",
        SHARED_ES,
        '    delete: ["borre mis mensajes"]\n',
        "",
        "The command 'delete' has no phrases in Spanish. Write how people would say it.",
        at="  commands:",
    ),
    Mistake(
        "words of emergency missing in a translation",
        SHARED_ES,
        '  emergency:\n    danger_threats: ["me quieren matar"]\n',
        "",
        "The emergency 'danger_threats' has no phrases in Spanish. Write how people would say it.",
        at="  commands:",
    ),
    Mistake(
        "emergency that is an ordinary word",
        "flows/find_lawyer/en.yaml",
        "keywords: [lawyer]",
        "keywords: [lawyer, they want to kill me]",
        "The emergency 'want to kill me' is also in the keyword 'they want to kill me' "
        "(flows/find_lawyer/en.yaml, line 2). "
        "Use a longer phrase here, or remove the keyword there.",
        at="danger_threats:",
        told_in=SHARED,
    ),
    Mistake(
        "one keyword for two topics",
        ENGLISH,
        "keywords: [paused, on hold]",
        "keywords: [paused, on hold, lawyer]",
        "The keyword 'lawyer' also leads to the topic 'find_lawyer'. Keep it where it helps most.",
        at="keywords:",
        level="warning",
    ),
    Mistake(
        "topic without keywords",
        LAWYER,
        "keywords: [lawyer]\n",
        "",
        "This topic has no keywords; it is not found when the language model is down. "
        "Add 'keywords: [...]'.",
        level="warning",
    ),
)
def test_words_that_steer(folder: ContentFolder, mistake: Mistake) -> None:
    printed, expected = mistake.found_in(folder)
    assert printed == expected


def test_plain_words_have_a_low_grade() -> None:
    assert grade("You can ask for a lawyer. It does not cost you a cent.") < 5
    assert grade("Deportation proceedings necessitate immediate representation.") > 15
    assert grade("") == 0


def test_an_urgent_topic_without_a_number_to_call(folder: ContentFolder) -> None:
    for code, call in (("en", " Call"), ("es", " Llame al")):
        folder.change(f"flows/danger/{code}.yaml", f"{call} ((emergency.phone)).", "")
    stamp(folder.flows, "es")
    line = folder.line("flows/danger/flow.yaml", "  safe: {say")
    assert render(folder.check().problems).splitlines() == [
        f"flows/danger/flow.yaml:{line}: error: The first words of this urgent topic name no "
        f"number to call ({language}). Put one in, for example ((emergency.phone))."
        for language in ("English", "Spanish")
    ]


def test_words_of_emergency_that_lead_to_no_urgent_topic(folder: ContentFolder) -> None:
    folder.change(SHARED, "    danger_threats: [", "    court_date: [today]\n    danger_threats: [")
    assert (
        f"{SHARED}:{folder.line(SHARED, 'court_date: [today]')}: error: The emergency "
        "'court_date' is not an intent of an urgent topic. Possible are: danger_threats."
    ) in render(folder.check().problems)


def test_an_urgent_topic_without_words_of_emergency(folder: ContentFolder) -> None:
    for file in (SHARED, SHARED_ES):
        line = folder.read(file).splitlines()[folder.line(file, "danger_threats:") - 1]
        folder.change(file, f"  emergency:\n{line}\n", "")
    assert render(folder.check().problems) == (
        f"{SHARED}:{folder.line(SHARED, '  commands:')}: error: The urgent question "
        "'danger_threats' has no words of emergency. "
        "Write under emergency: 'danger_threats: [...]' how people cry for help."
    )


@pytest.mark.parametrize(
    ("word", "count"),
    [("país", 2), ("ciudad", 2), ("leer", 2), ("día", 2), ("abogado", 4), ("reunión", 2),
     ("caía", 3), ("inmigración", 4), ("ICE", 1), ("30", 1), ("y", 1)],
)  # fmt: skip
def test_spanish_syllables(word: str, count: int) -> None:
    # one word is one sentence: the index gives the syllables back
    assert round((206.84 - 1.02 - ease(word)) / 60) == count


def test_spanish_that_is_hard_to_read_is_told(folder: ContentFolder) -> None:
    folder.change(
        "flows/removal_paused/es.yaml",
        "¿Hay una orden final?",
        "Consecuentemente, las autoridades administrativas correspondientes determinarán "
        "discrecionalmente la admisibilidad de las argumentaciones presentadas anteriormente por "
        "los solicitantes.",
    )
    told = [p.message for p in folder.check().problems if "hard to read" in p.message]
    assert len(told) == 1 and "in Spanish" in told[0]
