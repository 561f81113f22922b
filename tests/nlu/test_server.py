"""The NLU server as the bot meets it: real Rasa, real model, over HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
import tarfile
from pathlib import Path

import pytest
import requests
from ruamel.yaml import YAML

from tests.nlu.conftest import TOKEN
from tests.nlu_server import PYTHON, ROOT, ServerDied, free_port, start_nlu

KNOWN = YAML(typ="safe", pure=True).load(ROOT / "nlu_data" / "known_sentences.yml")
TAXONOMY = YAML(typ="safe", pure=True).load(ROOT / "nlu_data" / "intents.yml")


@pytest.mark.parametrize("language", TAXONOMY["languages"])
def test_every_language_has_at_least_four_known_sentences(language):
    assert sum(sentence["language"] == language for sentence in KNOWN) >= 4


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mi esposo está en Krome", {"relation": "spouse", "detention_place": "krome"}),
        ("我老公在阿德兰托被关", {"relation": "spouse", "detention_place": "adelanto"}),
        ("मेरे भाई को इंडिया भेज रहे हैं", {"relation": "sibling", "country": "IN"}),
    ],
)
def test_the_answer_says_about_whom_and_where(parse, text, found):
    entities = parse(text)["entities"]
    assert {entity["entity"]: entity["value"] for entity in entities} == found
    assert all(text[entity["start"] : entity["end"]].strip() for entity in entities)


@pytest.mark.parametrize("sentence", KNOWN, ids=lambda sentence: sentence["text"])
def test_known_sentences_come_out_right(parse, sentence):
    answer = parse(sentence["text"])
    assert answer["intent"]["name"] == sentence["intent"]
    assert answer["intent"]["confidence"] >= 0.5
    assert answer["language"]["name"] == sentence["language"]


def test_the_answer_has_a_ranking_of_ten_known_intents_best_first(parse):
    answer = parse("my cousin was taken to a detention center, how do i call him")
    confidences = [entry["confidence"] for entry in answer["intent_ranking"]]
    assert len(confidences) == 10
    assert confidences == sorted(confidences, reverse=True)
    assert answer["intent"] == answer["intent_ranking"][0]
    assert {entry["name"] for entry in answer["intent_ranking"]} <= set(TAXONOMY["intents"])
    assert 0.0 < sum(confidences) <= 1.0 + 1e-6


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("NECESITO UN ABOGADO GRATIS!!!", "find_lawyer"),
        ("nesecito  un abogado  gratis", "find_lawyer"),
        ("i ned a free lawyr pls", "find_lawyer"),
        ("Muchisimas gracias 🙏", "thanks"),
    ],
)
def test_spelling_haste_and_capitals_do_not_matter(parse, text, intent):
    assert parse(text)["intent"]["name"] == intent


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "🦩🦩🦩",
        "დახმარება მჭირდება",
        "እርዳታ እፈልጋለሁ",
        "ฉันต้องการความช่วยเหลือ",
        "χρειάζομαι βοήθεια",
    ],
)
def test_what_was_never_seen_has_no_confident_intent_and_no_language_to_switch_to(parse, text):
    answer = parse(text)
    assert answer["intent"]["confidence"] < 0.5
    assert answer["language"]["confidence"] < 0.7


@pytest.mark.parametrize("text", ["12345", "[phone]", "3", "???"])
def test_numbers_and_marks_have_no_language(parse, text):
    assert parse(text)["language"] == {"name": None, "confidence": 0.0}


def test_one_short_word_is_weak_evidence_of_a_language(parse):
    assert parse("ok")["language"]["confidence"] < 0.8


@pytest.mark.parametrize("text", ["x" * 1600, "necesito ayuda con mi caso " * 60, "😀" * 800])
def test_the_longest_messages_are_answered(parse, text):
    assert "intent_ranking" in parse(text[:1600])


@pytest.mark.parametrize(
    "text", ["/greet", "/thanks@1.0", " / /goodbye", '/affirm{"a": "b"}', "/{"]
)
def test_a_slash_is_no_way_to_name_an_intent(parse, server, text):
    answer = parse(text)
    assert answer["intent"]["confidence"] < 1.0
    assert answer["entities"] == []
    assert "confidence" in answer["language"]


def test_no_message_reaches_the_log(parse, server):
    for text in ("zanzibar secret", "/zanzibar{broken", "zanzibar " * 100):
        parse(text)
    assert "zanzibar" not in server.log.read_text()
    assert TOKEN not in server.log.read_text()


@pytest.mark.parametrize("params", [{}, {"token": ""}, {"token": "wrong"}, {"token": TOKEN[:-1]}])
def test_without_the_right_token_nothing_is_answered(server, http, params):
    answer = http.post(f"{server.base}/model/parse", params=params, json={"text": "hi"}, timeout=30)
    assert answer.status_code == 401
    assert "intent" not in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/model"),
        ("DELETE", "/model"),
        ("POST", "/model/train"),
        ("POST", "/model/test/intents"),
        ("GET", "/conversations/anybody/tracker"),
        ("POST", "/webhooks/rest/webhook"),
        ("GET", "/domain"),
    ],
)
def test_what_rasa_offers_besides_parsing_is_shut_even_with_the_token(server, http, method, path):
    answer = http.request(
        method, server.base + path, params={"token": TOKEN}, json={"sender": "x"}, timeout=30
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("body", "status"), [(b"{broken", 500), (b"", 400), (b"x" * 70_000, 413), (b"\xff\xfe", 500)]
)
def test_a_bad_body_is_refused_and_the_server_lives_on(server, http, parse, body, status):
    answer = http.post(f"{server.base}/model/parse", params={"token": TOKEN}, data=body, timeout=30)
    assert answer.status_code == status
    assert parse("thank you very much")["intent"]["name"] == "thanks"


def test_it_listens_on_loopback_only(server):
    port = int(server.base.rsplit(":", 1)[1])
    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    ]
    assert listening == [f"0100007F:{port:04X}"]


def test_it_stops_on_sigterm_without_a_trace(tmp_path, trained_model):
    log = tmp_path / "log"
    port = free_port()
    environment = {**os.environ, "NLU_PORT": str(port), "NLU_TOKEN": TOKEN}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [PYTHON, ROOT / "nlu_data" / "serve.py"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        while "ready" not in log.read_text():
            assert process.poll() is None, log.read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
    assert "Traceback" not in log.read_text()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/", timeout=5)


def test_settings_that_are_missing_are_all_named_at_once(tmp_path):
    missing = tmp_path / "nowhere.tar.gz"
    with (
        pytest.raises(ServerDied) as refused,
        start_nlu(0, "", more={"NLU_MODEL": str(missing)}),
    ):
        pass
    words = str(refused.value)
    assert "NLU_TOKEN" in words
    assert "NLU_PORT" in words
    assert str(missing) in words
    assert "make train" in words
    assert "Traceback" not in words


def refusal(model: Path) -> str:
    with (
        pytest.raises(ServerDied) as refused,
        start_nlu(free_port(), TOKEN, more={"NLU_MODEL": str(model)}),
    ):
        pass
    assert "Traceback" not in str(refused.value)
    return str(refused.value)


def test_a_file_that_is_no_model_is_refused(tmp_path):
    model = tmp_path / "nlu.tar.gz"
    model.write_bytes(b"not an archive")
    assert "make train" in refusal(model)


def test_a_cut_off_model_is_refused(tmp_path, trained_model):
    model = tmp_path / "nlu.tar.gz"
    whole = trained_model.read_bytes()
    model.write_bytes(whole[: len(whole) // 2])
    assert "make train" in refusal(model)


@pytest.mark.parametrize(
    "part",
    ["intent.npz", "intent.json", "language.npz", "vocabulary.json", "meaning.npz", "reader.json"],
)
def test_a_model_without_what_was_learned_is_refused(tmp_path, trained_model, part):
    opened = tmp_path / "opened"
    with tarfile.open(trained_model) as archive:
        archive.extractall(opened, filter="data")
    found = list(opened.rglob(part))
    assert found, f"{part} is not in the model"
    for file in found:
        file.unlink()
    model = tmp_path / "nlu.tar.gz"
    with tarfile.open(model, "w:gz") as archive:
        for entry in opened.iterdir():
            archive.add(entry, entry.name)
    assert "make train" in refusal(model)
