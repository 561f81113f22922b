"""The bot in a terminal: the contract's objects, and a chat that becomes a golden dialogue."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.chat import Chat
from bot.core import sms
from bot.core.library import Library
from tests.conversations.dialogue import play
from tests.small_server import Answer, serve

#: Section 9 of the contract; the order is part of it.
FIELDS = ["in", "language", "intent", "confidence", "status", "out", "escalated"]


def names(answer: dict[str, Any]) -> list[str]:
    return [message["message"] for message in answer["out"]]


def test_an_answer_has_the_form_of_the_contract(library: Library) -> None:
    answer = Chat(library).says("I need a free lawyer")
    assert list(answer) == FIELDS
    assert answer["in"] == "I need a free lawyer"
    assert answer["language"] == "en"
    assert answer["intent"] == "find_lawyer" and 0 < answer["confidence"] <= 1
    assert (answer["status"], answer["escalated"]) == ("bot", None)
    for message in answer["out"]:
        assert list(message) == ["message", "text", "segments"]
        assert message["text"] == sms.tidy(message["text"]) != ""
        assert message["segments"] == sms.segments(message["text"]) > 0
    assert json.loads(json.dumps(answer)) == answer


def test_a_handover_is_told(library: Library) -> None:
    chat = Chat(library, language="en")
    answer = chat.says("person")
    assert answer["status"] == "waiting"
    assert set(answer["escalated"]) == {"reason", "urgency", "topic", "pseudonym"}
    assert answer["escalated"]["reason"] == "asked"
    assert answer["escalated"]["urgency"] == "normal"
    assert chat.says("are you there")["out"] == []
    assert chat.says("menu")["escalated"] is None


def test_an_emergency_is_urgent(library: Library) -> None:
    answer = Chat(library).says("they want to kill me")
    assert answer["intent"] == "danger_threats"
    assert names(answer)[0] == "danger_threats/safety"


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_begins_in_the_language_that_was_asked_for(library: Library, language: str) -> None:
    answer = Chat(library, language=language).says("ok")
    assert answer["language"] == language
    assert answer["out"][0]["text"] == sms.tidy(library.shared("greeting", language))


@pytest.mark.parametrize(
    "text", ["", " ", "\t", "🙂", "\ufffd\ufffd", "x" * 5000, "\0", "1", "999"]
)
def test_anything_may_be_typed(library: Library, text: str) -> None:
    chat = Chat(library, language="en")
    assert chat.says(text)["in"] == text
    assert chat.says("menu")["out"]


def test_details_are_hidden_but_the_line_is_shown_as_typed(library: Library) -> None:
    answer = Chat(library, language="en").says("my number is A218765432")
    assert answer["in"] == "my number is A218765432"
    assert "shared/details_hidden" in names(answer)


def test_a_model_is_asked_where_one_is_configured(library: Library) -> None:
    known = {sentence["text"]: sentence["intent"] for sentence in _known()}

    def answer(body: bytes) -> Answer:
        intent = known.get(json.loads(body)["text"], "court_date")
        ranking = [{"name": intent, "confidence": 0.91}]
        language = {"name": "es", "confidence": 0.97}
        told = {"intent_ranking": ranking, "language": language}
        return Answer(json.dumps(told).encode())

    with serve(answer) as model:
        said = Chat(library, model.url + "/", "the-token").says("zzz qqq www")
    assert (said["intent"], said["confidence"], said["language"]) == ("court_date", 0.91, "es")
    assert all(path == "/model/parse?token=the-token" for path, _ in model.asked)


def _known() -> list[dict[str, str]]:
    with open("nlu_data/known_sentences.yml", encoding="utf-8") as file:
        return list(YAML(typ="safe").load(file))


def test_a_chat_becomes_a_golden_dialogue_that_holds(library: Library) -> None:
    chat = Chat(library)
    for text in ("english", "menu", "7", "repeat", 'quotes "and": colons', "yes", "- dash", "1"):
        chat.says(text)
    recorded = YAML(typ="safe").load(chat.as_dialogue())
    assert [turn["they"] for turn in recorded["turns"] if "they" in turn][1] == "menu"
    played = [turn["we"] for turn in play(library, recorded) if "we" in turn]
    assert played == [turn["we"] for turn in recorded["turns"] if "we" in turn]
    assert any(played)
