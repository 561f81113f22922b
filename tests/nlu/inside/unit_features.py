"""Spelling, concepts, features and heads; run inside .venv-nlu by tests/nlu/test_inside.py."""

# unittest, since the NLU environment has no pytest and stays without it
# ruff: noqa: B905, PT009, PT027

import tempfile
import unittest
from pathlib import Path

import numpy as np
from rights_nlu.concepts import Concepts, plain_words
from rights_nlu.fitting import FittingError, fit_head
from rights_nlu.linear_head import LinearHead
from rights_nlu.ngrams import Vocabulary, features_of
from rights_nlu.normal_form import bare, split_han, words
from scipy.sparse import csr_matrix

NO_CONCEPTS = Concepts({})
FAMILY = Concepts(
    {"relative": {"en": ["wife", "brother*"], "es": ["herman*"]}, "no": {"en": ["no"]}}
)


class NormalForm(unittest.TestCase):
    def test_one_spelling(self):
        for text, expected in (
            ("HELLO, World!", ["hello", "world"]),
            ("don’t don't dont", ["dont", "dont", "dont"]),
            ("helppppp", ["helpp"]),
            ("Straße", ["strasse"]),
            ("ｆｕｌｌ ｗｉｄｔｈ", ["full", "width"]),
            ("what?!", ["what", "?"]),
            ("case 123456789 of ٢٠٢٢", ["case", "0000", "of", "0000"]),
            ("at 9 am", ["at", "9", "am"]),
            ("a\u200bb", ["ab"]),
            ("👍🏽 ok", ["👍", "ok"]),
            ("call [phone] or [A-number]", ["call", "0000", "or", "0000"]),
            ("", []),
            (" \n\t!!", []),
        ):
            with self.subTest(text):
                self.assertEqual(words(text), expected)

    def test_vowel_signs_of_indic_scripts_stay_inside_their_word(self):
        self.assertEqual(words("मुझे वकील चाहिए"), ["मुझे", "वकील", "चाहिए"])
        self.assertEqual(bare("चाहिए"), "चाहिए")

    def test_bare_drops_accents_only(self):
        for word, expected in (
            ("está", "esta"),
            ("ещё", "еще"),
            ("ılık", "ilik"),
            ("نِسيان", "نسيان"),
        ):
            with self.subTest(word):
                self.assertEqual(bare(word), expected)

    def test_chinese_is_cut_into_characters(self):
        self.assertEqual(split_han("移民局abc"), ["移", "民", "局", "abc"])

    def test_it_changes_nothing_the_second_time(self):
        for text in ("¿Qué PASÓ?", "J’ai besoin d’un avocat", "移民局 来了", "İstanbul", "ﬁn"):
            once = " ".join(words(text))
            self.assertEqual(" ".join(words(once)), once)


class ConceptsTest(unittest.TestCase):
    def test_words_of_any_language_have_the_same_concept(self):
        for text in ("my wife", "mis hermanas", "BROTHERS"):
            self.assertEqual(FAMILY.found_in(plain_words(text)), ["relative"])
        self.assertEqual(FAMILY.found_in(plain_words("midwife")), [])

    def test_phrases_match_as_a_whole(self):
        found = Concepts({"despair": {"en": ["end my li*", "no way out"]}})
        for text, expected in (
            ("i will end my life", ["despair"]),
            ("end my", []),
            ("there is no way out", ["despair"]),
            ("no way", []),
            ("end the life", []),
        ):
            with self.subTest(text):
                self.assertEqual(found.found_in(plain_words(text)), expected)

    def test_chinese_phrases_need_no_spaces(self):
        found = Concepts({"officers": {"zh": ["移民局"]}})
        self.assertEqual(found.found_in(plain_words("移民局来我家了")), ["officers"])

    def test_an_entry_that_says_too_little_is_refused_by_name(self):
        for entry in ("", "!!", "a*", "my a*"):
            with self.assertRaisesRegex(ValueError, "thing"):
                Concepts({"thing": {"en": [entry]}})


class Features(unittest.TestCase):
    def test_text_without_words_has_no_features(self):
        for text in ("", "   ", "!!!", "\u200d"):
            self.assertEqual(features_of(text, NO_CONCEPTS), {})

    def test_without_accents_everything_but_the_accents_is_kept(self):
        plain, accented = (
            features_of("esta aqui", NO_CONCEPTS),
            features_of("está aquí", NO_CONCEPTS),
        )
        self.assertLess(set(plain), set(accented))

    def test_the_vector_is_shorter_the_less_is_known(self):
        vocabulary = Vocabulary.learn(["my brother is in jail", "where is my brother"], 1, FAMILY)
        lengths = []
        for text in ("where is my brother", "where is your brother", "zzz qqq"):
            places, weights = vocabulary.vector(text)
            self.assertEqual(list(places), sorted(set(places)))
            lengths.append(float(weights @ weights))
        self.assertAlmostEqual(lengths[0], 1.0, places=5)
        self.assertGreater(lengths[0], lengths[1])
        self.assertEqual(lengths[2], 0.0)

    def test_rows_split_spelling_from_concepts(self):
        vocabulary = Vocabulary.learn(["my wife has no lawyer", "wife and brother"], 1, FAMILY)
        spelling, concepts = vocabulary.rows("my brother")
        self.assertEqual(spelling.shape[1] + concepts.shape[1], len(vocabulary))
        self.assertEqual(spelling.shape[1], vocabulary.spelling)
        self.assertEqual(concepts.nnz, 1)

    def test_saved_and_loaded_it_gives_the_same(self):
        vocabulary = Vocabulary.learn(["my wife", "no está aquí 👍"], 1, FAMILY)
        with tempfile.TemporaryDirectory() as folder:
            vocabulary.save(Path(folder))
            again = Vocabulary.load(Path(folder))
        for text in ("my wife 👍 está", "unknown words", ""):
            for one, other in zip(vocabulary.vector(text), again.vector(text)):
                np.testing.assert_array_equal(one, other)

    def test_an_empty_vocabulary_is_refused(self):
        with self.assertRaises(ValueError):
            Vocabulary.learn(["!!!"], 1, NO_CONCEPTS)


class Heads(unittest.TestCase):
    def fitted(self, labels):
        rows = csr_matrix(np.eye(len(labels), dtype=np.float32)[:, ::-1] + 0.1)
        return rows, fit_head(rows, labels, [str(place) for place in range(len(labels))], 10.0, 1)

    def test_two_labels_and_more_come_out_right(self):
        for names in ("ab", "abc"):
            labels = [names[place * len(names) // 12] for place in range(12)]
            draw = np.random.default_rng(3)
            rows = np.array(
                [[name == label for name in names] for label in labels], dtype=np.float32
            )
            rows = csr_matrix(rows + draw.normal(0, 0.05, rows.shape).astype(np.float32))
            head = fit_head(rows, labels, [str(place) for place in range(12)], 10.0, 1)
            for place, label in enumerate(labels):
                row = rows[place]
                ranking = head.ranking(row.indices, row.data, len(names))
                self.assertEqual(ranking[0][0], label)
                self.assertAlmostEqual(sum(share for _, share in ranking), 1.0, places=5)

    def test_too_few_examples_are_refused_in_words(self):
        with self.assertRaisesRegex(FittingError, "two different labels"):
            self.fitted(["en"] * 4)
        with self.assertRaisesRegex(FittingError, "es has only one sentence"):
            self.fitted(["en", "en", "en", "es"])

    def test_copies_of_a_sentence_are_never_on_both_sides(self):
        rows = csr_matrix(np.ones((4, 2), dtype=np.float32))
        with self.assertRaisesRegex(FittingError, "only one sentence"):
            fit_head(rows, ["a", "a", "b", "b"], ["1", "1", "2", "3"], 1.0, 1)

    def test_broken_weights_are_refused(self):
        good = np.ones((3, 2))
        for labels, weights, bias, temperature in (
            (["a"], good, [0, 0], 1.0),
            (["a", "a"], good, [0, 0], 1.0),
            (["a", "b"], good, [0], 1.0),
            (["a", "b"], good * np.nan, [0, 0], 1.0),
            (["a", "b"], good, [0, 0], 0.0),
        ):
            with self.assertRaises(ValueError):
                LinearHead(labels, weights, bias, temperature)


if __name__ == "__main__":
    unittest.main()
