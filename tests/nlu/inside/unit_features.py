"""Spelling, concepts and features; run inside .venv-nlu by tests/nlu/test_inside.py."""

# unittest, since the NLU environment has no pytest and stays without it
# ruff: noqa: B905, PT009, PT027

import tempfile
import unittest
from pathlib import Path

import numpy as np
from rights_nlu.concepts import Concepts, own_words
from rights_nlu.ngrams import SOUND_MARK, Vocabulary, features_of, plain_words
from rights_nlu.normal_form import bare, split_han, words
from rights_nlu.sound import sound

FAMILY = Concepts(
    {
        "en": {"relative": ["wife", "brother*"], "no": ["no"], "despair": ["die"]},
        "es": {"relative": ["herman*"]},
    }
)


def learned(*texts):
    return Vocabulary.learn([features_of(text) for text in texts], 1)


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


class Sounds(unittest.TestCase):
    def test_spellings_and_alphabets_meet(self):
        for words_alike in (
            "necesito nesesito necezito",
            "deportacion deportasyon deportation",
            "advokat адвокат",
            "vakil vakeel वकील ਵਕੀਲ",
            "mohami muhami m7ami محامي",
            "mujhe मुझे",
        ):
            found = words_alike.split()
            with self.subTest(words_alike):
                self.assertEqual(len({sound(bare(word)) for word in found}), 1)
                self.assertNotEqual(sound(bare(found[0])), "")

    def test_what_sounds_different_stays_different(self):
        found = {sound(word) for word in ("lawyer", "court", "detenido", "migra", "corte")}
        self.assertEqual(len(found), 4)  # court and corte are meant to be one

    def test_what_has_no_sound_of_its_own_has_none(self):
        for word in ("a", "移民局", "0000", "👍", "", "y"):
            self.assertEqual(sound(word), "", word)


class ConceptsTest(unittest.TestCase):
    def found(self, text, *languages, concepts=FAMILY):
        return concepts.found_in(plain_words(text), languages)

    def test_words_of_the_language_and_english_ones_have_the_concept(self):
        self.assertEqual(self.found("my wife", "en"), ["relative"])
        self.assertEqual(self.found("mis hermanas", "es"), ["relative"])
        self.assertEqual(self.found("MIS BROTHERS", "es"), ["relative"])
        self.assertEqual(self.found("midwife", "en"), [])

    def test_a_word_counts_only_in_the_language_of_the_message(self):
        self.assertEqual(self.found("mis hermanas", "en"), [])
        self.assertEqual(self.found("mis hermanas", "ru", "es"), ["relative"])
        self.assertEqual(self.found("mis hermanas"), [])

    def test_an_english_word_that_the_language_has_itself_is_left_alone(self):
        table = {**FAMILY.table, "de": {}}
        said = {
            "en": [["i", "will", "die"], ["my", "wife"]],
            "de": [["die", "frau"], ["die", "polizei"], ["my", "wife"]],
        }
        own = own_words(table, said)
        self.assertEqual(own, {"de": ["die"]})
        concepts = Concepts(table, own)
        self.assertEqual(self.found("die wife", "de", concepts=concepts), ["relative"])
        self.assertEqual(self.found("die wife", "en", concepts=concepts), ["despair", "relative"])

    def test_phrases_match_as_a_whole(self):
        found = Concepts({"en": {"despair": ["end my li*", "no way out"]}})
        for text, expected in (
            ("i will end my life", ["despair"]),
            ("end my", []),
            ("there is no way out", ["despair"]),
            ("no way", []),
            ("end the life", []),
        ):
            with self.subTest(text):
                self.assertEqual(self.found(text, "en", concepts=found), expected)

    def test_chinese_phrases_need_no_spaces(self):
        found = Concepts({"zh": {"officers": ["移民局"]}})
        self.assertEqual(self.found("移民局来我家了", "zh", concepts=found), ["officers"])

    def test_an_entry_that_says_too_little_is_refused_by_name(self):
        for entry in ("", "!!", "a*", "my a*"):
            with self.assertRaisesRegex(ValueError, "thing"):
                Concepts({"en": {"thing": [entry]}})


class Features(unittest.TestCase):
    def test_text_without_words_has_no_features(self):
        for text in ("", "   ", "!!!", "\u200d"):
            self.assertEqual(features_of(text), {})

    def test_without_accents_everything_but_the_accents_is_kept(self):
        self.assertLess(set(features_of("esta aqui")), set(features_of("está aquí")))

    def test_a_misspelt_word_keeps_its_sound(self):
        common = set(features_of("nesesito")) & set(features_of("necesito"))
        self.assertIn(SOUND_MARK + "nst", common)

    def test_places_rise_and_unknown_features_make_it_longer(self):
        vocabulary = learned("my brother is in jail", "where is my brother")
        shares = []
        for text in ("where is my brother", "where is your brother", "zzz qqq"):
            places, weights, squares = vocabulary.weigh(features_of(text))
            self.assertEqual(list(places), sorted(set(places)))
            shares.append(float(weights @ weights) / squares)
        self.assertAlmostEqual(shares[0], 1.0, places=5)
        self.assertGreater(shares[0], shares[1])
        self.assertEqual(shares[2], 0.0)

    def test_saved_and_loaded_it_gives_the_same(self):
        vocabulary = learned("my wife", "no está aquí 👍")
        with tempfile.TemporaryDirectory() as folder:
            vocabulary.save(Path(folder), "vocabulary")
            again = Vocabulary.load(Path(folder), "vocabulary")
        for text in ("my wife 👍 está", "unknown words", ""):
            features = features_of(text)
            for one, other in zip(vocabulary.weigh(features), again.weigh(features)):
                np.testing.assert_array_equal(one, other)

    def test_an_empty_vocabulary_is_refused(self):
        with self.assertRaises(ValueError):
            learned("!!!")


if __name__ == "__main__":
    unittest.main()
