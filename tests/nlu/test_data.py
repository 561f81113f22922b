"""The examples, and the checker that authors are told by."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest

from dev.check_nlu_data import FEWEST, PROJECT, check_all, read_examples, read_taxonomy

OFFERED = ("en", "es")


def test_every_intent_has_enough_examples_in_every_language_offered():
    _, groups = read_taxonomy(PROJECT)
    counts = Counter((example.language, example.intent) for example in read_examples(PROJECT)[0])
    short = {
        (language, intent): counts[language, intent]
        for language in OFFERED
        for intent in groups
        if counts[language, intent] < FEWEST
    }
    assert not short


def test_the_examples_have_no_error():
    assert [str(problem) for problem in check_all(PROJECT) if problem.error] == []


def test_nearly_no_example_is_nearly_another():
    examples, _ = read_examples(PROJECT)
    near = [problem for problem in check_all(PROJECT) if "is nearly" in problem.text]
    assert len(near) <= len(examples) / 100, "\n".join(map(str, near))


@pytest.fixture
def project(tmp_path):
    """One intent, 25 quite different sentences."""
    shutil.copy(PROJECT / "intents.yml", tmp_path)
    return tmp_path


def problems(project, text, file="en/talk.yml", error=True):
    target = project / "data" / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    return [
        str(p) for p in check_all(project) if p.error is error and " examples in " not in p.text
    ]


def entry(intent, *examples):
    lines = "".join(f"    - {example}\n" for example in examples)
    return f"- intent: {intent}\n  examples: |\n{lines}"


def test_a_sound_file_has_no_problem(project):
    assert problems(project, "nlu:\n" + entry("greet", "hello", "good morning")) == []


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("nlu:\n" + entry("greeting", "hello"), 4, "no intent of intents.yml"),
        ("nlu:\n" + entry("find_lawyer", "lawyer"), 4, "belongs in help.yml"),
        ("nlu:\n" + entry("greet", "hi", "hola", "HI!!"), 6, "is the same sentence as"),
        ("nlu:\n" + entry("greet", "bye") + entry("goodbye", "bye!"), 7, "is greet at"),
        ("nlu:\n" + entry("greet", "hi", "write me at ana@example.org"), 5, "e-mail"),
        ("nlu:\n" + entry("greet", "call me +1 555 010 0123"), 4, "phone"),
        ("nlu:\n" + entry("greet", "my number is A 012-345-678"), 4, "A-number"),
        ("nlu:\n" + entry("greet", "i was born 3/4/1990"), 4, "birth date"),
        ("nlu:\n" + entry("greet", "see https://example.org"), 4, "link"),
        ("nlu:\n" + entry("greet", "hi", "..."), 5, "nothing in this example"),
        ("nlu:\n" + entry("greet", "a b " * 500), 4, "longer than 1600"),
        ("nlu:\n- intent: greet\n", 2, "needs `intent:` and `examples: |`"),
    ],
)
def test_every_mistake_is_told_with_its_line(project, text, line, words):
    found = problems(project, text)
    assert any(f"talk.yml:{line}: error: " in told and words in told for told in found), found


def test_a_file_that_is_no_yaml_is_told(project):
    assert "cannot be read" in problems(project, "nlu: [")[0]


def test_an_unknown_language_is_told(project):
    found = problems(project, "nlu:\n" + entry("greet", "saluton"), file="eo/talk.yml")
    assert any("no known language" in told for told in found)


def test_too_few_examples_are_told(project):
    problems(project, "nlu:\n" + entry("greet", "hello"))
    assert any("greet has 1 examples in en" in str(problem) for problem in check_all(project))


def test_the_same_word_may_mean_the_same_in_two_languages(project):
    problems(project, "nlu:\n" + entry("affirm", "ok"))
    assert problems(project, "nlu:\n" + entry("affirm", "ok"), file="es/talk.yml") == []


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("where is my brother now please", "where is my sister now please", True),
        ("where is my brother now please", "please where is my brother now", True),
        ("where is my brother now please", "they took him to some place far away", False),
        ("where is he", "where is she", False),
    ],
)
def test_sentences_that_teach_the_same_are_a_warning(project, one, other, near):
    text = "nlu:\n" + entry("greet", one, other)
    assert bool(problems(project, text, error=False)) is near
    assert problems(project, text) == []
