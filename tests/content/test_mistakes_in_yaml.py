"""Files that are no YAML, or hold a text where a list belongs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.load import load_library
from bot.content.yaml_file import ContentError
from tests.content.mistake import ContentFolder, Mistake, each

PAUSED = "flows/removal_paused/flow.yaml"
ENGLISH = "flows/removal_paused/en.yaml"


@each(
    Mistake(
        "colon in text",
        ENGLISH,
        "title: Is deportation",
        "title: Now: is deportation",
        "A colon stands where none is expected. Put text that has a colon in it into "
        '"quotes", or check the spaces before this line.',
        at="title:",
    ),
    Mistake(
        "quotation mark never closed",
        "flows/find_lawyer/en.yaml",
        "title: Find a lawyer",
        'title: "Find a lawyer',
        "A quotation mark was opened here and never closed. Close it, or remove it.",
        at="title:",
    ),
    Mistake(
        "quotation mark closed by the next one",
        ENGLISH,
        'label: "No"',
        'label: "No',
        "A bracket, brace or quotation mark was opened and not closed, or a comma is missing. "
        "Check [ ], { }, quotation marks and the commas between.",
        at='label: "No',
    ),
    Mistake(
        "tab",
        PAUSED,
        "  order:\n    ask",
        "\torder:\n    ask",
        "A tab character stands at the beginning of this line or value. "
        "Use spaces instead of tabs.",
        at="\torder",
    ),
    Mistake(
        "bracket not closed",
        PAUSED,
        "say: [pause_then]",
        "say: [pause_then",
        "A bracket, brace or quotation mark was opened and not closed, or a comma is missing. "
        "Check [ ], { }, quotation marks and the commas between.",
        at="next: order",
    ),
    Mistake(
        "line too far left",
        PAUSED,
        "    remember: about",
        "   remember: about",
        "This line does not stand as far to the right as its neighbours. "
        "Give lines that belong together the same number of spaces, or close the quotes above.",
        at="remember:",
    ),
    Mistake(
        "text of a message not moved to the right",
        ENGLISH,
        "    Is there a final order?",
        "Is there a final order?",
        "There is a name without a colon. "
        "Write 'name: value', or put more spaces before a line that belongs to a text.",
        at="Is there a final",
    ),
    Mistake(
        "reference",
        ENGLISH,
        "[paused, on hold]",
        "[&paused, on hold]",
        'Text begins with a & or * sign. Put text with special characters into "quotes".',
        at="keywords:",
    ),
    Mistake(
        "star",
        ENGLISH,
        "title: Is deportation on hold?",
        "title: *Is* deportation on hold?",
        'Text begins with a & or * sign. Put text with special characters into "quotes".',
        at="title:",
    ),
    Mistake(
        "exclamation mark",
        "flows/find_lawyer/es.yaml",
        "title: Buscar abogado",
        "title: !Buscar abogado",
        'Text begins with a ! sign. Put text with special characters into "quotes".',
        at="title:",
    ),
    Mistake(
        "question mark and dash",
        ENGLISH,
        "title: Is deportation on hold?",
        "title: - Is deportation on hold?",
        'A list begins in the middle of a line. Put text that begins with a dash into "quotes".',
        at="title:",
    ),
    Mistake(
        "half a character",
        ENGLISH,
        '"not sure"',
        r'"not sure \ud83d"',
        "Text has a character that cannot be sent (U+D83D). Remove it, or type it anew.",
        at="not_sure:",
    ),
    Mistake(
        "three dashes",
        ENGLISH,
        "",
        "---\nmore: text\n",
        "A line of three dashes splits the file. Remove the line.",
        at="---",
    ),
    Mistake(
        "key twice",
        ENGLISH,
        "  order: |-",
        "  pause_then: |-",
        "The key 'pause_then' stands twice (first on line 5). Remove or rename one.",
        at="  pause_then: |-",
    ),
    Mistake(
        "text where lines belong",
        PAUSED,
        "messages:\n  pause_then: {facts: [F-001, F-002]}\n  order: {facts: []}",
        "messages: pause_then",
        "'messages' has to be written as 'name: value' lines.",
        at="messages:",
    ),
    Mistake(
        "text where a list belongs",
        ENGLISH,
        "[paused, on hold]",
        "paused, on hold",
        "'keywords' has to be a list. Write it in brackets: [one, two].",
        at="keywords:",
    ),
    Mistake(
        "list where text belongs",
        ENGLISH,
        "title: Is deportation on hold?",
        "title: [Is deportation on hold?]",
        "'title' has to be one text, not a list or a group of lines.",
        at="title:",
    ),
    Mistake(
        "nothing after a key",
        "flows/find_lawyer/en.yaml",
        "where: Call ((ice_line.phone)) or look at ((ice_line.url)).",
        "where:",
        "Message 'where' is empty. Write it, or remove the line.",
        at="where:",
    ),
)
def test_yaml(folder: ContentFolder, mistake: Mistake) -> None:
    printed, expected = mistake.found_in(folder)
    assert printed == expected


def test_a_topic_without_english(folder: ContentFolder) -> None:
    (folder.flows / "danger" / "en.yaml").unlink()
    with pytest.raises(ContentError) as caught:
        load_library(folder.flows)
    assert str(caught.value) == (
        "flows/danger/en.yaml: this topic has no English wording; "
        "write this file first; translations are made from it"
    )


def test_a_file_that_is_not_there(folder: ContentFolder) -> None:
    (folder.flows / "danger" / "flow.yaml").unlink()
    with pytest.raises(ContentError, match="danger/flow.yaml: this file cannot be opened"):
        load_library(folder.flows)


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="languages.yaml: this file cannot be opened"):
        load_library(tmp_path / "flows")


def test_another_encoding_names_the_line(folder: ContentFolder) -> None:
    file = folder.flows / "find_lawyer" / "es.yaml"
    file.write_bytes(file.read_text(encoding="utf-8").encode() + "# pública\n".encode("latin-1"))
    with pytest.raises(ContentError) as caught:
        load_library(folder.flows)
    assert str(caught.value) == (
        "flows/find_lawyer/es.yaml:7: this file is not saved as UTF-8 text; save it as UTF-8"
    )


def test_all_mistakes_of_all_files_are_told_at_once(folder: ContentFolder) -> None:
    folder.change(PAUSED, "    next: order", "    nxt: order")
    folder.change(ENGLISH, 'label: "No"', 'lable: "No"')
    folder.change("flows/languages.yaml", "script: Latin, max_segments: 5", "script: Latin")
    report = folder.check()
    assert [(p.file, p.line) for p in report.problems] == [
        ("flows/languages.yaml", 2),
        (ENGLISH, folder.line(ENGLISH, "lable:")),
        (PAUSED, folder.line(PAUSED, "nxt:")),
    ]
    assert report.summary == "3 errors, 0 warnings. The rest is checked when these are mended."
