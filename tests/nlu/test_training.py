"""dev/train.py: when it trains, what it keeps, and that a bad model never replaces a good one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from dev.train import (
    KEPT,
    PROJECT,
    TrainingFailed,
    inputs_fingerprint,
    is_current,
    model_file,
    rasa_trainer,
    train_if_changed,
)

INPUTS = {
    "config.yml": "recipe: default.v1",
    "concepts/en.yml": "a: []",
    "entities/en.yml": "endings: [s]",
    "intents.yml": "languages: [en]",
    "known_sentences.yml": "[]",
    "shorthand.yml": "en: {}",
    "requirements.txt": "rasa==3.6.21",
    "components/rights_nlu/part.py": "pass",
    "data/en/talk.yml": "nlu: []",
}


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    for name, text in INPUTS.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


@pytest.fixture
def cache(tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


class Trainer:
    """Writes an archive that says which run made it; training itself is tested below."""

    def __init__(self):
        self.runs = 0

    def __call__(self, project: Path, output: Path) -> Path:
        self.runs += 1
        archive = output / "nlu.tar.gz"
        archive.write_text(f"model {self.runs}")
        return archive


def test_it_trains_once_and_then_finds_nothing_changed(project, cache):
    trainer = Trainer()
    model, how = train_if_changed(project, cache, trainer)
    assert (how, model.read_text()) == ("trained", "model 1")
    assert train_if_changed(project, cache, trainer)[1] == "current"
    assert trainer.runs == 1


@pytest.mark.parametrize("name", INPUTS)
def test_every_input_counts(project, cache, name):
    trainer = Trainer()
    train_if_changed(project, cache, trainer)
    (project / name).write_text("changed")
    model, how = train_if_changed(project, cache, trainer)
    assert (how, model.read_text()) == ("trained", "model 2")


@pytest.mark.parametrize("name", ["data/es/talk.yml", "components/rights_nlu/new.py"])
def test_a_new_file_counts_and_so_does_its_name(project, name):
    before = inputs_fingerprint(project)
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("")
    added = inputs_fingerprint(project)
    (project / name).rename((project / name).with_stem("renamed"))
    assert len({before, added, inputs_fingerprint(project)}) == 3


@pytest.mark.parametrize("name", ["README.md", "models/x.yml", "components/rights_nlu/a.pyc"])
def test_what_no_model_depends_on_does_not_count(project, name):
    before = inputs_fingerprint(project)
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("anything")
    assert inputs_fingerprint(project) == before


def test_going_back_takes_the_model_from_the_cache(project, cache):
    trainer = Trainer()
    train_if_changed(project, cache, trainer)
    (project / "config.yml").write_text("other")
    train_if_changed(project, cache, trainer)
    (project / "config.yml").write_text(INPUTS["config.yml"])
    model, how = train_if_changed(project, cache, trainer)
    assert (how, model.read_text(), trainer.runs) == ("cached", "model 1", 2)


def test_another_checkout_shares_the_cache(project, cache, tmp_path):
    trainer = Trainer()
    train_if_changed(project, cache, trainer)
    other = tmp_path / "other"
    shutil.copytree(project, other, ignore=shutil.ignore_patterns("models"))
    assert train_if_changed(other, cache, trainer)[1] == "cached"


def test_a_damaged_model_in_place_is_replaced(project, cache):
    trainer = Trainer()
    model, _ = train_if_changed(project, cache, trainer)
    model.write_text("damaged")
    assert not is_current(project, inputs_fingerprint(project))
    assert train_if_changed(project, cache, trainer)[1] == "cached"
    assert model.read_text() == "model 1"


def test_force_trains_in_any_case(project, cache):
    trainer = Trainer()
    train_if_changed(project, cache, trainer)
    model, how = train_if_changed(project, cache, trainer, force=True)
    assert (how, model.read_text()) == ("trained", "model 2")


def test_a_failed_training_leaves_the_former_model_and_no_litter(project, cache):
    train_if_changed(project, cache, Trainer())
    (project / "config.yml").write_text("other")

    def fails(project: Path, output: Path) -> Path:
        (output / "half").write_text("half a model")
        raise TrainingFailed("on purpose")

    with pytest.raises(TrainingFailed):
        train_if_changed(project, cache, fails)
    assert model_file(project).read_text() == "model 1"
    assert len([file for file in cache.iterdir() if file.suffix == ".gz"]) == 1
    assert not list(cache.glob("nlu-training-*"))


def test_the_cache_keeps_the_models_used_last(project, cache):
    trainer = Trainer()
    for number in range(KEPT + 3):
        (project / "config.yml").write_text(f"number {number}")
        train_if_changed(project, cache, trainer)
        for age, file in enumerate(
            sorted(cache.glob("nlu-model-*.tar.gz"), key=lambda file: -file.stat().st_mtime)
        ):
            os.utime(file, (1e9 - 10 * age, 1e9 - 10 * age))
    kept = {file.read_text() for file in cache.glob("nlu-model-*.tar.gz")}
    assert kept == {f"model {number + 1}" for number in range(3, KEPT + 3)}


def a_small_project(folder: Path, known: str) -> Path:
    """A real project with six intents' worth of our own parts and two languages."""
    shutil.copytree(PROJECT / "components", folder / "components")
    shutil.copytree(PROJECT / "concepts", folder / "concepts")
    shutil.copytree(PROJECT / "entities", folder / "entities")
    for name in ("config.yml", "shorthand.yml", "requirements.txt"):
        shutil.copy(PROJECT / name, folder)
    (folder / "intents.yml").write_text(
        "languages: [en, es]\nintents:\n  greet: {group: talk}\n  thanks: {group: talk}\n"
    )
    texts = {
        "en": {
            "greet": ["hello", "good morning", "hi there", "hello hello", "hey hello"],
            "thanks": ["thank you", "thanks", "thanks a lot", "thank you so much", "many thanks"],
        },
        "es": {
            "greet": ["hola", "buenos dias", "hola que tal", "hola hola", "buenas hola"],
            "thanks": ["gracias", "muchas gracias", "mil gracias", "gracias gracias", "ay gracias"],
        },
    }
    for language, intents in texts.items():
        lines = ['version: "3.1"', "nlu:"]
        for intent, examples in intents.items():
            lines += [f"- intent: {intent}", "  examples: |", *(f"    - {e}" for e in examples)]
        file = folder / "data" / language / "talk.yml"
        file.parent.mkdir(parents=True)
        file.write_text("\n".join(lines) + "\n")
    (folder / "known_sentences.yml").write_text(known)
    return folder


def test_rasa_accepts_no_model_that_gets_a_known_sentence_wrong(tmp_path, capfd):
    known = "- {text: muchas gracias, intent: greet, language: es}\n"
    project = a_small_project(tmp_path / "project", known)
    with pytest.raises(TrainingFailed):
        rasa_trainer(project, tmp_path / "output")
    said = capfd.readouterr().err
    assert "muchas gracias" in said
    assert "Traceback" not in said


def test_rasa_says_which_intent_has_no_examples(tmp_path, capfd):
    project = a_small_project(tmp_path / "project", "[]")
    with (project / "intents.yml").open("a") as taxonomy:
        taxonomy.write("  goodbye: {group: talk}\n")
    with pytest.raises(TrainingFailed):
        rasa_trainer(project, tmp_path / "output")
    said = capfd.readouterr().err
    assert "goodbye" in said
    assert "Traceback" not in said
