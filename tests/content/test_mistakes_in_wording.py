"""Wording that is missing, or differs between languages, or cites what does not exist."""

from __future__ import annotations

from bot.content.checks import render, stamp
from tests.content.mistake import ContentFolder, Mistake, each

FLOW = "flows/removal_paused/flow.yaml"
ENGLISH = "flows/removal_paused/en.yaml"
SPANISH = "flows/removal_paused/es.yaml"
SHARED = "flows/shared/en.yaml"
SHARED_ES = "flows/shared/es.yaml"


@each(
    Mistake(
        "message without words",
        FLOW,
        "say: [pause_then]",
        "say: [pause_then, pause_now]",
        "The message 'pause_now' is sent here, but has no words in flows/removal_paused/en.yaml. "
        "Did you mean 'pause_then'?",
        at="say:",
    ),
    Mistake(
        "message declared but not written",
        FLOW,
        "  order: {facts: []}",
        "  order: {facts: []}\n  later: {facts: []}",
        "The message 'later' is declared here, but has no words in flows/removal_paused/en.yaml. "
        "Write it there, or remove this line.",
        at="later:",
    ),
    Mistake(
        "message sent but not declared",
        FLOW,
        "  order: {facts: []}\n",
        "",
        "The message 'order' is sent here, but not declared. "
        "Add 'order: {facts: [...]}' under 'messages:'.",
        at="ask: order",
    ),
    Mistake(
        "message that nothing sends",
        FLOW,
        "say: [pause_then]",
        "say: [order]",
        "No step sends the message 'pause_then'. Send it in flow.yaml, or remove it.",
        at="pause_then:",
        told_in=ENGLISH,
        level="warning",
    ),
    Mistake(
        "answer without a label",
        SPANISH,
        '    not_sure: {label: "No sé", words: ["no estoy seguro"]}\n',
        "",
        "The answer 'not_sure' to 'order' has no label (flows/removal_paused/flow.yaml, line 21). "
        "Write 'not_sure: {label: ...}'.",
        at="  order:",
    ),
    Mistake(
        "question without labels",
        SPANISH,
        'answers:\n  order:\n    yes:      {label: "Sí", words: ["hay una"]}\n'
        '    no:       {label: "No", words: ["no hay"]}\n'
        '    not_sure: {label: "No sé", words: ["no estoy seguro"]}\n',
        "",
        "The question 'order' has no answers here. "
        "Write the labels of yes, no, not_sure under 'answers: order:'.",
        at="order: |-",
    ),
    Mistake(
        "answer that the bot needs",
        SHARED_ES,
        '    menu:   {label: "La lista", words: ["lista"]}\n',
        "",
        "The answer 'menu' to 'offer_person' is missing; the bot needs it by itself. "
        "Write 'menu: {label: ...}' under 'answers:'.",
        at="  offer_person:",
    ),
    Mistake(
        "message that is not translated",
        SPANISH,
        "  order: |-\n    ¿Hay una orden final?\n",
        "",
        "The message 'order' is not translated. Translate line 12 of flows/removal_paused/en.yaml.",
    ),
    Mistake(
        "two wordings in English and one here",
        SPANISH,
        "    self: |-\n      En enero de 2023 ICE dijo que no lo deportaría por 30 días.\n"
        "      Ese plazo terminó. Pregunte a un abogado qué vale hoy.\n    relative: |-\n",
        "    |-\n",
        "The message 'pause_then' has two wordings (self, relative) in English, but not here. "
        "Write it as on line 5 of flows/removal_paused/en.yaml.",
        at="pause_then:",
    ),
    Mistake(
        "translation of nothing",
        SPANISH,
        "answers:\n",
        "  extra: |-\n    Algo más.\nanswers:\n",
        "The message 'extra' does not exist in English. Remove it.",
        at="extra:",
    ),
)
def test_missing_words(folder: ContentFolder, mistake: Mistake) -> None:
    printed, expected = mistake.found_in(folder)
    assert printed == expected


def test_a_topic_that_is_not_translated(folder: ContentFolder) -> None:
    (folder.flows / "danger" / "es.yaml").unlink()
    assert render(folder.check().problems) == (
        "flows/danger/es.yaml: error: The topic 'danger' is not written in Spanish. "
        "Translate en.yaml into this file."
    )


def test_a_message_that_the_bot_needs(folder: ContentFolder) -> None:
    folder.change(SHARED, "  failure:", "  failed:")
    assert (
        "flows/shared/en.yaml: error: The message 'failure' is missing; the bot needs it by "
        "itself. Write it under 'messages:'."
    ) in render(folder.check().problems)


def test_a_message_of_a_folder_that_does_not_exist(folder: ContentFolder) -> None:
    folder.change(FLOW, "ask: shared/whose", "ask: sharde/whose")
    assert (
        f"{FLOW}:12: error: The message 'sharde/whose' is sent here, but there is no folder "
        "'sharde'. Did you mean 'shared'?"
    ) in render(folder.check().problems)


def test_yes_without_no(folder: ContentFolder) -> None:
    folder.change(FLOW, "no: by_person, not_sure: done", "not_sure: by_person")
    assert (
        f"{FLOW}:{folder.line(FLOW, 'yes: lawyer')}: error: The question 'order' can be answered "
        "'yes' but not 'no'. Add 'no' to its answers."
    ) in render(folder.check().problems)


@each(
    Mistake(
        "changed number",
        SPANISH,
        "no lo deportaría por 30 días",
        "no lo deportaría por 20 días",
        "Message 'pause_then' (self) has other numbers than English: 20 here, 30 there. "
        "Compare it with line 6 of the English file.",
        at="self:",
    ),
    Mistake(
        "changed date",
        SPANISH,
        "En enero de 2023 ICE dijo que no deportaría",
        "En enero de 2024 ICE dijo que no deportaría",
        "Message 'pause_then' (relative) has other numbers than English: 2024 here, 2023 there. "
        "Compare it with line 9 of the English file.",
        at="relative:",
    ),
    Mistake(
        "missing number",
        SPANISH,
        "no lo deportaría por 30 días",
        "no lo deportaría por un mes",
        "Message 'pause_then' (self) lacks the number 30 that English has. "
        "Compare it with line 6 of the English file.",
        at="self:",
    ),
    Mistake(
        "changed phone number",
        "flows/danger/es.yaml",
        "((emergency.phone))",
        "((ice_line.phone))",
        "Message 'safe' has other placeholders than English: ((ice_line.phone)) here, "
        "((emergency.phone)) there. Compare it with line 4 of the English file.",
        at="safe:",
    ),
    Mistake(
        "missing link",
        "flows/find_lawyer/es.yaml",
        " o mire ((ice_line.url))",
        "",
        "Message 'where' lacks the placeholder ((ice_line.url)) that English has. "
        "Compare it with line 4 of the English file.",
        at="where:",
    ),
    Mistake(
        "number in a label",
        SPANISH,
        'label: "No sé"',
        'label: "No sé, 2"',
        "The label of answer 'not_sure' to 'order' has other numbers than in English: "
        "'No sé, 2', 'I don't know'. Make them the same.",
        at="not_sure:",
    ),
    Mistake(
        "unknown placeholder",
        "flows/find_lawyer/es.yaml",
        "((ice_line.phone))",
        "((ice_lin.phone))",
        "Message 'where' has the placeholder ((ice_lin.phone)), which nothing fills in. "
        "Did you mean 'ice_line.phone'?",
        at="where:",
    ),
    Mistake(
        "placeholder that differs by language",
        "flows/find_lawyer/es.yaml",
        "((ice_line.phone))",
        "((ice_line.name))",
        "Message 'where' has the placeholder ((ice_line.name)), but 'name' differs by language. "
        "Write it out; only phone, text, url, email can be filled in.",
        at="where:",
    ),
    Mistake(
        "placeholder with a bracket too few",
        "flows/danger/en.yaml",
        "((emergency.phone))",
        "((emergency.phone)) ((emergency.phone)",
        "Message 'safe' has '((emergency.phone)', which nothing fills in. "
        "Write two brackets on both sides: ((name.phone)).",
        at="safe:",
    ),
    Mistake(
        "unknown fact number",
        FLOW,
        "[F-001, F-002]",
        "[F-001, F-002, F-999]",
        "Message 'pause_then' cites F-999, but docs/facts.md has no such fact. "
        "Look up the right number there.",
        at="F-999",
    ),
    Mistake(
        "no fact number",
        FLOW,
        "[F-001, F-002]",
        "[F-001, F-2]",
        "Message 'pause_then' cites 'F-2', which is no fact number. Write it as F-001.",
        at="F-2",
    ),
    Mistake(
        "unknown fact of a resource",
        "flows/shared/resources.yaml",
        "  phone: 911",
        "  phone: 911\n  facts: [F-998]",
        "Resource 'emergency' cites F-998, but docs/facts.md has no such fact. "
        "Look up the right number there.",
        at="F-998",
    ),
)
def test_differences_and_sources(folder: ContentFolder, mistake: Mistake) -> None:
    printed, expected = mistake.found_in(folder)
    assert printed == expected


def test_a_phone_number_and_a_link_written_out(folder: ContentFolder) -> None:
    for code in ("en", "es"):
        file = f"flows/danger/{code}.yaml"
        folder.change(file, "((emergency.phone)).", "((emergency.phone)), 202-555-0123, www.a.org")
    stamp(folder.flows, "es")
    remedy = "Put it into shared/resources.yaml and write ((name.phone)) or ((name.url))."
    assert render(folder.check().problems).splitlines() == [
        f"flows/danger/{code}.yaml:4: error: Message 'safe' has the {what} written out. {remedy}"
        for code in ("en", "es")
        for what in ("link www.a.org", "phone number 202-555-0123")
    ]


def test_a_phone_number_that_differs(folder: ContentFolder) -> None:
    for code, number in (("en", "202-555-0123"), ("es", "202-555-0132")):
        folder.change(
            f"flows/danger/{code}.yaml", "((emergency.phone)).", f"((emergency.phone)) {number}."
        )
    assert (
        "flows/danger/es.yaml:4: error: Message 'safe' has other phone numbers than English: "
        "2025550132 here, 2025550123 there. Compare it with line 4 of the English file."
    ) in render(folder.check().problems)


def test_a_fact_that_may_change_is_told_with_its_date_in_every_language(
    folder: ContentFolder,
) -> None:
    folder.change("flows/find_lawyer/flow.yaml", "[F-001]", "[F-002]")
    told = (
        "Message 'where' states F-002, which may change, without saying of when it is. "
        "Name the month and year, or the year."
    )
    assert render(folder.check().problems).splitlines() == [
        f"flows/find_lawyer/en.yaml:4: error: {told}",
        f"flows/find_lawyer/es.yaml:4: error: {told}",
    ]


def test_numbers_may_be_written_as_each_language_does(folder: ContentFolder) -> None:
    folder.change(ENGLISH, "not deport you for 30 days", "not deport 6,252 people for 30 days")
    folder.change(SPANISH, "no lo deportaría por 30 días", "no deportaría a 6.252 por 30 días")
    stamp(folder.flows, "es")
    assert folder.check().problems == ()


def test_a_stale_translation_warns_and_stops_a_release(folder: ContentFolder) -> None:
    folder.change(ENGLISH, "Is there a final order?", "Is there a final order of removal?")
    place = f"{SPANISH}:{folder.line(SPANISH, 'order: |-')}"
    told = (
        "The English wording of 'order' has changed since this was translated. "
        f"Compare it with line 12 of {ENGLISH}, then run: python -m bot stamp es."
    )
    assert render(folder.check().problems) == f"{place}: warning: {told}"
    assert f"{place}: error: {told}" in render(folder.check(release=True).problems)


def test_a_translation_without_fingerprints(folder: ContentFolder) -> None:
    file = "flows/danger/es.yaml"
    folder.change(file, "made_from:\n  safe: fa44c97b\n", "")
    assert render(folder.check().problems) == (
        f"{file}: warning: Nobody noted which English wording this translation was made from. "
        "Compare the two, then run: python -m bot stamp es."
    )
