"""The examples, and the checker that authors are told by."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest

from dev.check_nlu_data import (
    FEWEST,
    FEWEST_OF,
    PROJECT,
    bare,
    check_all,
    read_examples,
    read_taxonomy,
    words,
)


def test_every_intent_has_enough_examples_in_every_language():
    languages, groups = read_taxonomy(PROJECT)
    counts = Counter((example.language, example.intent) for example in read_examples(PROJECT)[0])
    short = {
        (language, intent): counts[language, intent]
        for language in languages
        for intent in groups
        if counts[language, intent] < FEWEST_OF.get(intent, FEWEST)
    }
    assert not short


@pytest.fixture(scope="module")
def all_problems():
    return check_all(PROJECT)


def test_the_examples_have_no_error(all_problems):
    assert [str(problem) for problem in all_problems if problem.error] == []


def test_nearly_no_example_is_nearly_another(all_problems):
    examples, _ = read_examples(PROJECT)
    near = [problem for problem in all_problems if "is nearly" in problem.text]
    assert len(near) <= len(examples) / 100, "\n".join(map(str, near))


#: Two people write the same short things: "no quiero vivir más", "quiero reabrir mi caso".
LONGEST_COMMONPLACE, MOST_LONGER_ONES = 4, 20


def test_hardly_a_message_of_a_round_is_an_example():
    """What judges must not have been learned from, not even in another spelling."""
    learned = {(example.language, example.key) for example in read_examples(PROJECT)[0]}
    same = []
    for file in sorted((PROJECT / "rounds").glob("*/*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines()[1:]:
            text = line.split("\t")[0]
            key = tuple(bare(word) for word in words(text))
            if len(key) > LONGEST_COMMONPLACE and (file.stem, key) in learned:
                same.append(f"{file.parent.name}/{file.stem}: {text}")
    assert len(same) <= MOST_LONGER_ONES, "\n".join(same)


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
