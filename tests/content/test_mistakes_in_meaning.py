"""What a translation may lose: a "not", a month, a term; and numbers that nobody ever saw."""

from __future__ import annotations

from tests.content.mistake import ContentFolder, Mistake, each

FLOW = "flows/removal_paused/flow.yaml"
ENGLISH = "flows/removal_paused/en.yaml"
SPANISH = "flows/removal_paused/es.yaml"
RESOURCES = "flows/shared/resources.yaml"
GLOSSARY = "flows/glossary.yaml"


@each(
    Mistake(
        "lost not",
        SPANISH,
        "ICE dijo que no lo deportaría",
        "ICE dijo que lo deportaría",
        "Message 'pause_then' (self) denies nothing, but English does: 'not'. Put the 'not' back, "
        "or say it so that it cannot be misread.",
        at="self: |-",
    ),
    Mistake(
        "other month",
        SPANISH,
        "En enero de 2023 ICE dijo que no lo",
        "En junio de 2023 ICE dijo que no lo",
        "Message 'pause_then' (self) does not name January, which English does. Compare the dates.",
        at="self: |-",
    ),
    Mistake(
        "still English",
        SPANISH,
        "¿Hay una orden final?",
        "Is there a final order?",
        "Message 'order' is still English. Translate it.",
        at="order: |-",
    ),
    Mistake(
        "the same about a relative",
        SPANISH,
        "ICE dijo que no deportaría a su familiar por",
        "ICE dijo que no lo deportaría por",
        "Message 'pause_then' says the same about the person and about a relative. Say it so that "
        "a relative is spoken to, or write one wording.",
        at="pause_then:",
    ),
    Mistake(
        "missing plural",
        SPANISH,
        "ICE dijo que no lo deportaría por 30 días",
        "ICE dijo que no lo deportaría por 30 día",
        "Message 'pause_then' (self) says '30 día' in the singular. Write the plural.",
        at="self: |-",
    ),
)
def test_what_a_translation_may_lose(folder: ContentFolder, mistake: Mistake) -> None:
    printed, expected = mistake.found_in(folder)
    assert printed == expected


@each(
    Mistake(
        "phone that the fact sheet does not have",
        RESOURCES,
        "1-888-555-0100",
        "1-888-555-0010",
        "The phone of 'ice_line' is 1-888-555-0010, which the fact sheet does not have. "
        "Compare it with the directory of docs/facts.md.",
        at="phone: 1-888",
    ),
    Mistake(
        "link that the fact sheet does not have",
        RESOURCES,
        "www.example.gov/line",
        "www.example.com/line",
        "The url of 'ice_line' is https://www.example.com/line, which the fact sheet does not "
        "have. Compare it with the directory of docs/facts.md.",
        at="url:",
    ),
    Mistake(
        "list for what nothing helps with",
        FLOW,
        "  then:\n    say: [pause_then]\n",
        "  then:\n    list: pause_then\n    need: lawer\n",
        "Step 'then' lists resources for 'lawer', but none has that need.",
        at="need:",
    ),
    Mistake(
        "language that is not offered",
        RESOURCES,
        "  name: {en: The line, es: La línea}\n",
        "  name: {en: The line, es: La línea}\n  languages: [en, fr]\n",
        "'ice_line' speaks 'fr', which is no language of languages.yaml. Possible are: en, es.",
        at="languages:",
    ),
    Mistake(
        "place that nobody is asked for",
        RESOURCES,
        "  name: {en: The line, es: La línea}\n",
        "  name: {en: The line, es: La línea}\n  places: [texas]\n",
        "'ice_line' serves the place 'texas', which no question asks for. Possible are: "
        "no, not_sure, relative, self, yes.",
        at="places:",
    ),
)
def test_resources(folder: ContentFolder, mistake: Mistake) -> None:
    printed, expected = mistake.found_in(folder)
    assert printed == expected


def test_a_term_is_said_as_the_glossary_says_it(folder: ContentFolder) -> None:
    folder.add(GLOSSARY, "lawyer:\n  en: [lawyer]\n  es: [abogad]\n")
    assert folder.check().problems == ()
    first = "que no lo deportaría por 30 días.\n      Ese plazo terminó. Pregunte a un "
    folder.change(SPANISH, f"{first}abogado", f"{first}licenciado")
    (problem,) = folder.check().problems
    assert problem.message == (
        "message 'pause_then' (self) does not use the term 'lawyer' as the glossary says it: abogad"
    )


def test_a_not_that_english_lost(folder: ContentFolder) -> None:
    """All translations deny, English does not: with two languages and more it is told."""
    text = folder.read("flows/languages.yaml")
    (folder.home / "flows/languages.yaml").write_text(
        text + "pt: {name: Português, english_name: Portuguese, direction: ltr, script: Latin, "
        "max_segments: 5, words: [os], aliases: [portugues]}\n",
        encoding="utf-8",
    )
    for path in sorted(folder.flows.glob("*/es.yaml")):
        spanish = path.read_text(encoding="utf-8")
        path.with_name("pt.yaml").write_text(spanish.replace(" no ", " não "), encoding="utf-8")
    folder.change(ENGLISH, "would not deport you for", "would deport you for")
    told = [problem.message for problem in folder.check().problems]
    assert "message 'pause_then' denies nothing, but all 2 translations do" in told
