"""A model that is slow, broken, absent or untrained keeps nobody waiting and is not believed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import requests

from bot.adapters import rasa_classifier
from bot.adapters.memory import ManualClock
from bot.adapters.rasa_classifier import (
    FAILURES_BEFORE_PAUSE,
    PATIENCE_SECONDS,
    PAUSE,
    RECHECK,
    BrokenModel,
    KnownSentence,
    RasaClassifier,
)
from bot.core.model import Prediction
from bot.ports import Unavailable
from dev.redis_server import free_port
from tests.small_server import Answer, Served, serve

KNOWN = [
    KnownSentence("i need a free lawyer", "find_lawyer", "en"),
    KnownSentence("muchas gracias", "thanks", "es"),
]
RIGHT = {sentence.text: sentence.intent for sentence in KNOWN}


def parsed(*ranking: tuple[str | None, float], language: object = None) -> bytes:
    """An answer of Rasa's POST /model/parse."""
    return json.dumps(
        {
            "text": "…",
            "intent": {"name": ranking[0][0], "confidence": ranking[0][1]} if ranking else {},
            "intent_ranking": [{"name": name, "confidence": c} for name, c in ranking],
            "entities": [],
            "language": language,
        }
    ).encode()


class Model:
    """Knows the known sentences; what it answers to others is set by the test."""

    def __init__(self) -> None:
        self.answer = Answer(parsed(("greet", 0.9)))
        self.known: dict[str, str] = dict(RIGHT)

    def __call__(self, body: bytes) -> Answer:
        text = json.loads(body)["text"]
        return Answer(parsed((self.known[text], 0.9))) if text in self.known else self.answer


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def server(model: Model) -> Iterator[Served]:
    with serve(model) as served:
        yield served


@pytest.fixture
def classifier(server: Served, clock: ManualClock) -> RasaClassifier:
    return RasaClassifier(server.url, "the token", clock, KNOWN)


def texts(server: Served) -> list[str]:
    return [json.loads(body)["text"] for _, body in server.asked]


def test_what_the_model_says_is_passed_on(
    model: Model, server: Served, classifier: RasaClassifier
) -> None:
    ranking = [("a", 0.6), ("b", 0.2), (None, 0.1), ("c", 0.05), ("d", 0.03), ("e", 0.02)]
    model.answer = Answer(parsed(*ranking, language={"name": "es", "confidence": 0.98}))
    assert classifier.classify("¿qué pasó? 🙂") == Prediction(
        (("a", 0.6), ("b", 0.2), ("c", 0.05), ("d", 0.03)), "es", 0.98
    )
    path, body = server.asked[-1]
    assert path == "/model/parse?token=the+token"
    assert json.loads(body) == {"text": "¿qué pasó? 🙂"}


@pytest.mark.parametrize("language", [None, {}, {"name": None, "confidence": None}])
def test_without_a_language_there_is_none(
    model: Model, classifier: RasaClassifier, language: object
) -> None:
    model.answer = Answer(parsed(("greet", 0.9), language=language))
    assert classifier.classify("hello").language is None
    assert classifier.classify("hello").language_confidence == 0.0


def test_an_empty_ranking_is_no_intent(model: Model, classifier: RasaClassifier) -> None:
    model.answer = Answer(parsed())
    assert classifier.classify("hello").intent is None


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"", 500),
        Answer(b'{"status": "failure"}', 401),
        Answer(b"<html>", 200),
        Answer(b"", 200),
        Answer(b"[]", 200),
        Answer(b"null", 200),
        Answer(b'"text"', 200),
        Answer(b"{}", 200),
        Answer(b'{"intent_ranking": null}', 200),
        Answer(b'{"intent_ranking": {"a": 1}}', 200),
        Answer(b'{"intent_ranking": [1]}', 200),
        Answer(b'{"intent_ranking": [{"name": "a"}]}', 200),
        Answer(b'{"intent_ranking": [{"name": "a", "confidence": "much"}]}', 200),
        Answer(b'{"intent_ranking": [], "language": "es"}', 200),
        Answer(b'{"intent_ranking": [], "language": {"confidence": "much"}}', 200),
        Answer(b"\xff\xfe", 200),
    ],
    ids=lambda answer: f"{answer.status} {answer.body[:40]!r}",
)
def test_whatever_is_not_an_answer_counts_as_down(
    model: Model, classifier: RasaClassifier, answer: Answer
) -> None:
    model.answer = answer
    with pytest.raises(Unavailable):
        classifier.classify("hello")


def test_nobody_waits_for_a_slow_model(
    model: Model, classifier: RasaClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PATIENCE_SECONDS <= 2.0
    monkeypatch.setattr(rasa_classifier, "PATIENCE_SECONDS", 0.2)
    model.answer = Answer(parsed(("greet", 0.9)), after=5.0)
    with pytest.raises(Unavailable) as caught:
        classifier.classify("hello")
    assert isinstance(caught.value.__cause__, requests.Timeout)


def test_nobody_there_counts_as_down(clock: ManualClock) -> None:
    absent = RasaClassifier(f"http://127.0.0.1:{free_port()}", "", clock, KNOWN)
    with pytest.raises(Unavailable):
        absent.classify("hello")
    with pytest.raises(requests.RequestException):
        absent.verify()


def test_the_known_sentences_are_asked_once_before_anything_is_believed(
    server: Served, classifier: RasaClassifier
) -> None:
    classifier.classify("hello")
    classifier.classify("hello")
    assert texts(server) == [*RIGHT, "hello", "hello"]


def test_a_model_that_misses_a_known_sentence_is_not_believed_until_it_knows_it(
    model: Model, server: Served, classifier: RasaClassifier, clock: ManualClock
) -> None:
    model.known["muchas gracias"] = "greet"
    with pytest.raises(BrokenModel, match="thanks"):
        classifier.verify()
    with pytest.raises(Unavailable):
        classifier.classify("hello")
    asked = len(server.asked)
    clock.forward(seconds=RECHECK.total_seconds() - 1)
    with pytest.raises(Unavailable):
        classifier.classify("hello")
    assert len(server.asked) == asked, "while it waits it asks nothing"
    clock.forward(seconds=1)
    with pytest.raises(Unavailable):
        classifier.classify("hello")
    assert len(server.asked) > asked, "it is looked at again, and is still wrong"
    model.known = dict(RIGHT)
    clock.forward(seconds=RECHECK.total_seconds())
    assert classifier.classify("hello").intent == "greet"
    assert "hello" not in texts(server)[:-1], "no person's text went to the broken model"


def test_after_some_failures_in_a_row_it_is_left_alone_for_a_while(
    model: Model, server: Served, classifier: RasaClassifier, clock: ManualClock
) -> None:
    classifier.classify("hello")
    model.answer = Answer(b"", 500)
    for _ in range(FAILURES_BEFORE_PAUSE):
        with pytest.raises(Unavailable):
            classifier.classify("hello")
    asked = len(server.asked)
    model.answer = Answer(parsed(("greet", 0.9)))
    clock.forward(seconds=PAUSE.total_seconds() - 1)
    with pytest.raises(Unavailable):
        classifier.classify("hello")
    assert len(server.asked) == asked
    clock.forward(seconds=1)
    assert classifier.classify("hello").intent == "greet"
    assert texts(server)[asked:] == [*RIGHT, "hello"], "it may be another model now"


def test_a_success_in_between_starts_the_count_anew(
    model: Model, server: Served, classifier: RasaClassifier
) -> None:
    good, bad = Answer(parsed(("greet", 0.9))), Answer(b"", 500)
    for _ in range(FAILURES_BEFORE_PAUSE):
        for answer in [bad] * (FAILURES_BEFORE_PAUSE - 1):
            model.answer = answer
            with pytest.raises(Unavailable):
                classifier.classify("hello")
        model.answer = good
        assert classifier.classify("hello").intent == "greet"


def test_no_proxy_of_the_environment_is_used(
    classifier: RasaClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    assert classifier.classify("hello").intent == "greet"
