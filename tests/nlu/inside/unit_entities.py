"""The Rasa component of entities; run inside .venv-nlu by tests/nlu/test_inside.py."""

# ruff: noqa: PT009, PT027

import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rights_nlu import entities_by_lookup
from rights_nlu.entities_by_lookup import DEFAULTS, EntitiesByLookup, read_words

CONTEXT = ExecutionContext(GraphSchema({}))


class Component(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.storage = LocalModelStorage(Path(cls.folder.name))
        cls.resource = Resource("entities")
        cls.fresh = EntitiesByLookup.create(dict(DEFAULTS), cls.storage, cls.resource, CONTEXT)
        cls.fresh.train(TrainingData([]))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def load(self):
        return EntitiesByLookup.load(dict(DEFAULTS), self.storage, self.resource, CONTEXT)

    def test_a_loaded_one_needs_no_file_of_the_project(self):
        with patch.object(entities_by_lookup, "_PROJECT", Path("/nowhere")):
            loaded = self.load()
        message = Message({"text": "mi esposo está en Krome"})
        message.set("language", {"name": "es", "confidence": 0.9})
        loaded.process([message])
        self.assertEqual(
            message.as_dict(only_output_properties=True)["entities"],
            [
                {"entity": "relation", "value": "spouse", "start": 3, "end": 9,
                 "extractor": "EntitiesByLookup"},
                {"entity": "detention_place", "value": "krome", "start": 18, "end": 23,
                 "extractor": "EntitiesByLookup"},
            ],
        )  # fmt: skip

    def test_without_language_and_without_text(self):
        messages = [
            Message({"text": "suçum yok, kardeşim Winn'de"}),
            Message({"text": ""}),
            Message({}),
        ]
        messages[1].set("language", {"name": None, "confidence": 0.0})
        self.fresh.process(messages)
        values = [[found["value"] for found in message.get("entities")] for message in messages]
        self.assertEqual(values, [["sibling", "winn"], [], []])

    def test_it_never_works_without_words(self):
        empty = EntitiesByLookup.create(dict(DEFAULTS), self.storage, Resource("none"), CONTEXT)
        with self.assertRaises(RuntimeError):
            empty.process([Message({"text": "my son"})])
        with self.assertRaises(ValueError):
            EntitiesByLookup.load(dict(DEFAULTS), self.storage, Resource("none"), CONTEXT)
        with self.assertRaises(FileNotFoundError):
            read_words(Path(self.folder.name) / "nothing")


if __name__ == "__main__":
    unittest.main()
