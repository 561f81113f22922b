"""Sentences from patterns; run inside .venv-nlu by tests/nlu/test_inside.py."""

# unittest, since the NLU environment has no pytest and stays without it
# ruff: noqa: PT009, PT027, S311

import random
import tempfile
import unittest
from pathlib import Path

from rights_nlu.quiet import be_quiet

be_quiet()

from rights_nlu.example import COMPOSED, PATTERN  # noqa: E402
from rights_nlu.language_folders import (  # noqa: E402
    ExamplesError,
    LanguageFolders,
    as_example,
)
from rights_nlu.noise import with_noise  # noqa: E402
from rights_nlu.sentence_grammar import (  # noqa: E402
    DRAWN,
    GrammarError,
    draw,
    expansions,
    parse,
    without,
)

LISTS = {"relative": ["wife", "older brother"], "empty": []}


def said(pattern):
    """Everything that a pattern was seen to say."""
    parts = parse(pattern, LISTS)
    return {draw(parts, random.Random(seed)) for seed in range(300)}


class Patterns(unittest.TestCase):
    def test_alternatives_options_lists_and_nesting(self):
        for pattern, expected in (
            ("plain words", {"plain words"}),
            ("(a|b) c", {"a c", "b c"}),
            ("a [b] c", {"a c", "a b c"}),
            ("a [b|c]", {"a", "a b", "a c"}),
            ("my {relative}", {"my wife", "my older brother"}),
            ("(my {relative}|he) [is (there|here)]", {
                *(f"{who}{end}" for who in ("my wife", "my older brother", "he")
                  for end in ("", " is there", " is here"))
            }),
            ("移民局(来|到)了", {"移民局来了", "移民局到了"}),
        ):  # fmt: skip
            with self.subTest(pattern):
                self.assertEqual(said(pattern), expected)

    def test_what_cannot_be_read_is_refused_by_name(self):
        for pattern in ("(a|b", "a)", "[a", "(a]", "{nobody}", "{empty}", "{relative", "a}", "a|b"):
            with self.subTest(pattern), self.assertRaises(GrammarError) as refused:
                parse(pattern, LISTS)
            self.assertIn(pattern, str(refused.exception))

    def test_the_same_sentences_are_drawn_each_time_and_none_twice(self):
        document = {
            "lists": {"n": list("abcdefghijklmnop")},
            "sentences": {"greet": ["{n} and {n}", "hi [you]"]},
        }
        once = list(expansions(document, "en.yml", 1))
        self.assertEqual(once, list(expansions(document, "en.yml", 1)))
        self.assertNotEqual(once, list(expansions(document, "en.yml", 2)))
        self.assertEqual(len({one.text for one in once}), len(once))
        self.assertEqual(len([one for one in once if one.pattern.startswith("{n}")]), DRAWN)
        self.assertEqual({one.text for one in once[DRAWN:]}, {"hi", "hi you"})

    def test_what_somebody_composed_is_not_drawn_again(self):
        found = list(expansions({"sentences": {"greet": ["(hello|HOLA!) friend"]}}, "en.yml", 1))
        left = without(found, ["Hola, friend"])
        self.assertEqual([one.text for one in left], ["hello friend"])


class InTraining(unittest.TestCase):
    def project(self, folder, grammar):
        (folder / "intents.yml").write_text("languages: [en]\nintents: {greet: {}}\n")
        (folder / "config.yml").write_text("recipe: default.v1\n")
        (folder / "data" / "en").mkdir(parents=True)
        (folder / "data" / "en" / "talk.yml").write_text(
            "nlu:\n- intent: greet\n  examples: |\n    - hello you\n    - hi\n"
        )
        (folder / "grammar").mkdir()
        (folder / "grammar" / "en.yml").write_text(grammar)
        importer = LanguageFolders(str(folder / "config.yml"), None, [str(folder / "data")])
        return [as_example(message) for message in importer.get_nlu_data().intent_examples]

    def test_expansions_join_the_examples_and_are_told_from_them(self):
        with tempfile.TemporaryDirectory() as name:
            found = self.project(Path(name), "sentences:\n  greet: ['(hello|hey) you']\n")
        self.assertEqual([e.text for e in found if e.source == COMPOSED], ["hello you", "hi"])
        self.assertEqual([e.text for e in found if e.source == PATTERN], ["hey you"])

    def test_all_that_one_pattern_says_counts_as_one_sentence_even_hurried(self):
        with tempfile.TemporaryDirectory() as name:
            found = self.project(
                Path(name), "sentences:\n  greet: ['good (morning|evening) all']\n"
            )
        patterns = [example for example in found if example.source == PATTERN]
        added = with_noise(patterns, {}, copies=2, scraps=1, seed=1)
        self.assertGreater(len(added), 2)
        self.assertEqual({example.origin for example in added}, {"good (morning|evening) all"})
        self.assertEqual({example.source for example in added}, {PATTERN})

    def test_faults_name_the_file(self):
        for grammar in ("sentences: {greet: ['(a']}", "sentences: {thanks: ['a']}"):
            with (
                tempfile.TemporaryDirectory() as name,
                self.assertRaisesRegex(ExamplesError, "en.yml"),
            ):
                self.project(Path(name), grammar)


if __name__ == "__main__":
    unittest.main()
