"""The engine of words: what it understands when there is no model, and how it supports one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.keywords import EACH_WORD, ONE_WORD, predict, support
from bot.core.library import Library
from bot.core.model import Prediction, Thresholds


def test_every_keyword_of_every_topic_finds_its_topic(library: Library) -> None:
    for topic, flow in library.flows.items():
        for code, wording in library.wording[topic].items():
            for keyword in wording.keywords if flow.intents else ():
                found = predict(library, f"... {keyword.upper()}!")
                assert flow.intents[0] in dict(found.ranking), (code, keyword)
                assert found.source == "keywords"


def test_a_longer_phrase_counts_more(library: Library) -> None:
    topics = iter(topic for topic, flow in library.flows.items() if flow.intents)
    one, other = next(topics), next(topics)
    made = replace(
        library,
        wording={
            one: {"en": replace(library.wording[one]["en"], keywords=("zebra",))},
            other: {"en": replace(library.wording[other]["en"], keywords=("zebra in court",))},
        },
    )
    intents = [library.flows[topic].intents[0] for topic in (other, one)]
    found = predict(made, "my zebra in court")
    assert [intent for intent, _ in found.ranking] == intents
    assert dict(found.ranking) == {
        intents[0]: pytest.approx(ONE_WORD + 2 * EACH_WORD), intents[1]: pytest.approx(ONE_WORD),
    }  # fmt: skip
    assert (found.language, found.language_confidence) == ("en", 0.5)


def test_one_common_word_is_never_sure_and_a_phrase_is() -> None:
    assert ONE_WORD < Thresholds().sure <= ONE_WORD + EACH_WORD


def test_the_language_is_that_of_the_best_match(library: Library) -> None:
    assert predict(library, "necesito un abogado gratis").language == "es"
    assert predict(library, "i need a free lawyer").language == "en"


@pytest.mark.parametrize("text", ["", "zzz", "🙂", "123"])
def test_nothing_matches_nothing(library: Library, text: str) -> None:
    found = predict(library, text)
    assert found == Prediction((), None, 0.0, source="keywords")
    assert (found.intent, found.confidence) == (None, 0.0)


def test_words_raise_what_the_model_held_for_likely(library: Library) -> None:
    unsure = Prediction((("court_date", 0.3), ("find_lawyer", 0.28)), "en", 0.9)
    raised = support(library, "i need a free lawyer", unsure)
    assert raised.intent == "find_lawyer" and raised.confidence > Thresholds().sure
    assert (raised.language, raised.language_confidence, raised.source) == ("en", 0.9, "nlu")
    assert dict(raised.ranking)["court_date"] == 0.3


def test_words_alone_put_nothing_into_the_ranking(library: Library) -> None:
    unsure = Prediction((("court_date", 0.3),), "en", 0.9)
    assert support(library, "i need a free lawyer", unsure).ranking == (("court_date", 0.3),)
    far = Prediction(tuple((f"x{n}", 0.2) for n in range(3)) + (("find_lawyer", 0.1),), "en", 0.9)
    assert dict(support(library, "i need a free lawyer", far).ranking)["find_lawyer"] == 0.1


def test_without_a_matching_word_the_prediction_stays(library: Library) -> None:
    unsure = Prediction((("court_date", 0.3),), "en", 0.9)
    assert support(library, "zzz", unsure) is unsure


@given(
    text=st.text(max_size=80),
    ranking=st.lists(
        st.tuples(st.sampled_from(["find_lawyer", "court_date", "gone"]), st.floats(0, 1)),
        max_size=5,
    ),
)
def test_confidences_stay_confidences(
    library: Library, text: str, ranking: list[tuple[str, float]]
) -> None:
    for found in (
        predict(library, text),
        support(library, f"{text} free lawyer", Prediction(tuple(ranking))),
    ):
        assert all(0 <= confidence <= 1 for _, confidence in found.ranking)
        best = [confidence for _, confidence in found.ranking]
        assert best == sorted(best, reverse=True) or tuple(ranking) == found.ranking
