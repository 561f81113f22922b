"""Noise, the importer and the component's refusals; run inside .venv-nlu by test_inside.py."""

# unittest, since the NLU environment has no pytest and stays without it
# ruff: noqa: PT009, PT027, S311

import random
import tempfile
import unittest
from pathlib import Path

from rights_nlu.quiet import be_quiet

be_quiet()

from rasa.shared.nlu.constants import TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rights_nlu.example import COMPOSED, Example  # noqa: E402
from rights_nlu.intent_and_language import IntentAndLanguage  # noqa: E402
from rights_nlu.language_folders import ExamplesError, LanguageFolders, language_of  # noqa: E402
from rights_nlu.noise import hurried, scrap, slip, with_noise  # noqa: E402


def example(text, language="en", intent="find_lawyer"):
    return Example(text, intent, language, text)


class Noise(unittest.TestCase):
    def test_a_slip_touches_one_letter_and_never_the_first(self):
        for seed in range(50):
            slipped = slip("lawyer", random.Random(seed))
            self.assertEqual(slipped[0], "l")
            self.assertLessEqual(abs(len(slipped) - 6), 1)

    def test_short_words_and_other_scripts_are_left_alone(self):
        for word in ("ice", "वकील", "移民局来", "0000"):
            self.assertEqual(slip(word, random.Random(1)), word)

    def test_shorthand_is_used_about_half_the_time(self):
        short = sum(
            "pls" in hurried("please help", {"please": ["pls"]}, random.Random(seed))
            for seed in range(200)
        )
        self.assertTrue(60 < short < 140, short)

    def test_a_scrap_is_part_of_the_sentence(self):
        for seed in range(50):
            self.assertIn(scrap("where is my brother", random.Random(seed)), "where is my brother")
        self.assertEqual(scrap("???", random.Random(1)), "")

    def noisy(self, *examples, copies=1, scraps=1):
        return with_noise(examples, {"en": {"please": ["pls"]}}, copies, scraps, seed=7)

    def test_the_same_data_always_gives_the_same_copies(self):
        data = example("please i need a lawyer"), example("necesito ayuda", "es")
        self.assertEqual(self.noisy(*data), self.noisy(*data))
        self.assertGreater(len(self.noisy(*data)), 2)
        self.assertEqual(len(self.noisy(*data, copies=0, scraps=0)), 2)

    def test_copies_keep_intent_language_and_origin_and_scraps_teach_no_intent(self):
        original = example("necesito un abogado para mi hermano hoy", "es")
        found = self.noisy(original)
        self.assertEqual({one.language for one in found}, {"es"})
        self.assertEqual({one.origin for one in found}, {original.text})
        self.assertEqual(len([one for one in found if one.intent is None]), 1)
        self.assertEqual([one.source for one in found if one.text == original.text], [COMPOSED])


class Importer(unittest.TestCase):
    def read(self, taxonomy, **files):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "intents.yml").write_text(taxonomy)
            (folder / "config.yml").write_text("recipe: default.v1\n")
            (folder / "data").mkdir()
            for language, text in files.items():
                (folder / "data" / language).mkdir()
                (folder / "data" / language / "talk.yml").write_text(text)
            importer = LanguageFolders(str(folder / "config.yml"), None, [str(folder / "data")])
            return importer.get_nlu_data().intent_examples

    TAXONOMY = "languages: [en, es]\nintents: {greet: {}}\n"
    GREET = "nlu:\n- intent: greet\n  examples: |\n    - hello\n    - hi\n"

    def test_the_folder_tells_the_language(self):
        found = self.read(self.TAXONOMY, en=self.GREET, es=self.GREET.replace("hello", "hola"))
        told = {(message.get(TEXT), language_of(message)) for message in found}
        self.assertEqual(told, {("hello", "en"), ("hi", "en"), ("hola", "es"), ("hi", "es")})

    def test_intents_and_examples_have_to_agree(self):
        with self.assertRaisesRegex(ExamplesError, "not in intents.yml: greet"):
            self.read("languages: [en]\nintents: {thanks: {}}\n", en=self.GREET)
        with self.assertRaisesRegex(ExamplesError, "without an example in any language: thanks"):
            self.read("languages: [en]\nintents: {greet: {}, thanks: {}}\n", en=self.GREET)

    def test_an_unknown_language_and_no_examples_are_refused(self):
        with self.assertRaisesRegex(ExamplesError, "eo is no language"):
            self.read(self.TAXONOMY, eo=self.GREET)
        with self.assertRaisesRegex(ExamplesError, "No examples"):
            self.read(self.TAXONOMY)


class Untrained(unittest.TestCase):
    def test_the_component_does_not_work_before_it_was_trained(self):
        message = [Message({TEXT: "hello"})]
        with self.assertRaisesRegex(RuntimeError, "before it was trained"):
            IntentAndLanguage(IntentAndLanguage.get_default_config(), None, None).process(message)


if __name__ == "__main__":
    unittest.main()
