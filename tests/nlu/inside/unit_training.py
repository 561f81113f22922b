"""Noise, the importer and the component's refusals; run inside .venv-nlu by test_inside.py."""

# unittest, since the NLU environment has no pytest and stays without it
# ruff: noqa: PT009, PT027, S311

import random
import tempfile
import unittest
from pathlib import Path

from rights_nlu.quiet import be_quiet

be_quiet()

from rasa.shared.nlu.constants import INTENT, METADATA, TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402
from rights_nlu.intent_and_language import IntentAndLanguage  # noqa: E402
from rights_nlu.language_folders import ExamplesError, LanguageFolders, language_of  # noqa: E402
from rights_nlu.noise import NoiseAugmenter, hurried, scrap, slip  # noqa: E402
from rights_nlu.sentence_featurizer import SentenceFeaturizer  # noqa: E402


def example(text, language="en"):
    metadata = {INTENT: {"language": language, "origin": text}}
    return Message({TEXT: text, INTENT: "find_lawyer", METADATA: metadata})


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

    def test_the_same_data_always_gives_the_same_copies(self):
        data = TrainingData([example("please i need a lawyer"), example("necesito ayuda", "es")])
        component = NoiseAugmenter(NoiseAugmenter.get_default_config())
        once = [m.get(TEXT) for m in component.process_training_data(data).training_examples]
        again = [m.get(TEXT) for m in component.process_training_data(data).training_examples]
        self.assertEqual(once, again)
        self.assertGreater(len(once), 2)

    def test_copies_keep_intent_language_and_origin_and_scraps_teach_no_intent(self):
        data = TrainingData([example("necesito un abogado para mi hermano hoy", "es")])
        component = NoiseAugmenter(NoiseAugmenter.get_default_config())
        for message in component.process_training_data(data).training_examples:
            self.assertEqual(language_of(message), "es")
            origin = message.get(METADATA)[INTENT]["origin"]
            self.assertEqual(origin, "necesito un abogado para mi hermano hoy")
        scraps = [
            m for m in component.process_training_data(data).training_examples if not m.get(INTENT)
        ]
        self.assertEqual(len(scraps), 1)

    def test_a_message_is_never_changed(self):
        component = NoiseAugmenter(NoiseAugmenter.get_default_config())
        messages = [Message({TEXT: "please  HELP"})]
        self.assertEqual(component.process(messages)[0].get(TEXT), "please  HELP")


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
    def test_no_component_works_before_it_was_trained(self):
        message = [Message({TEXT: "hello"})]
        with self.assertRaisesRegex(RuntimeError, "before it was trained"):
            IntentAndLanguage(IntentAndLanguage.get_default_config(), None, None).process(message)
        with self.assertRaisesRegex(RuntimeError, "before it was trained"):
            SentenceFeaturizer(SentenceFeaturizer.get_default_config(), None, None).process(message)


if __name__ == "__main__":
    unittest.main()
