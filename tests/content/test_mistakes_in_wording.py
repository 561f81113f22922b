"""Wording that is missing, differs between languages, states what it should not, or is too long."""

from __future__ import annotations

from tests.content.mistake import ContentFolder, Mistake, each

FLOW = "flows/removal_paused/flow.yaml"
ENGLISH = "flows/removal_paused/en.yaml"
SPANISH = "flows/removal_paused/es.yaml"
SHARED = "flows/shared/en.yaml"
SHARED_ES = "flows/shared/es.yaml"
LAWYER = "flows/find_lawyer/en.yaml"


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
        "message of a topic that does not exist",
        FLOW,
        "ask: shared/whose",
        "ask: sharde/whose",
        "'sharde/whose' names a topic that does not exist. Did you mean 'shared'?",
        at="sharde",
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
        "message that the bot needs",
        SHARED,
        '  failure: "Something broke here. For help call ((ice_line.phone))."\n',
        '  failed: "Something broke here. For help call ((ice_line.phone))."\n',
        "",
    ),
    Mistake(
        "answer without a label",
        ENGLISH,
        '    not_sure: {label: "I don\'t know", words: ["not sure"]}\n',
        "",
        "The answer 'not_sure' to 'order' has no label (flows/removal_paused/flow.yaml, line 21). "
        "Write 'not_sure: {label: ...}'.",
        at="  order:\n",
    ),
)
def test_missing_words(folder: ContentFolder, mistake: Mistake) -> None:
    printed, expected = mistake.found_in(folder)
    assert printed == expected
