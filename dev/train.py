"""Trains the language model if its inputs changed, and puts it where the server looks for it.

    python dev/train.py               train, take the model from the cache, or see nothing changed
    python dev/train.py --force       train in any case

A model is kept in ${XDG_CACHE_HOME:-~/.cache} under a name made from everything it depends on, so
that switching between branches trains nothing twice. No model is accepted that gets a known
sentence wrong. Standard library and this project only.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dev.nlu_environment import QUIET, ensure
from dev.uv import SetupError, cache_folder, fingerprint, only_one

PROJECT = Path(__file__).resolve().parent.parent / "nlu_data"
#: Everything that a model depends on, relative to the project's folder.
INPUTS = (
    "concepts/*.yml",
    "config.yml",
    "entities/*.yml",
    "grammar/*.yml",
    "intents.yml",
    "known_sentences.yml",
    "requirements.txt",
    "shorthand.yml",
    "components/**/*.py",
    "data/**/*.yml",
)
#: How many models the cache keeps: enough for the branches of a week, at 6 to 30 MB each.
KEPT = 8
#: (project folder, folder for the archive) -> the archive, proved on the known sentences.
Trainer = Callable[[Path, Path], Path]


class TrainingFailed(Exception):
    """No model was made; what went wrong is on standard error already, or in the message."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def input_files(project: Path) -> Iterator[Path]:
    """Yield the files that a model depends on, in a fixed order."""
    for pattern in INPUTS:
        yield from sorted(project.glob(pattern))


def inputs_fingerprint(project: Path) -> str:
    """Return digits that change when an input is changed, added, renamed or removed."""
    parts: list[bytes] = []
    for file in input_files(project):
        parts += [file.relative_to(project).as_posix().encode(), file.read_bytes()]
    return fingerprint(*parts)


def model_file(project: Path) -> Path:
    """Return where the server looks for the model; nothing need be there yet."""
    return project / "models" / "nlu.tar.gz"


def is_current(project: Path, inputs: str) -> bool:
    """Whether the model in place was made from these inputs and is whole."""
    model = model_file(project)
    note = model.with_suffix(".made-from")
    if not model.exists() or not note.exists():
        return False
    return note.read_text().split() == [inputs, _digest(model)]


def train_if_changed(
    project: Path, cache: Path, trainer: Trainer, force: bool = False
) -> tuple[Path, str]:
    """Return the model in place, and how it came there: "current", "cached" or "trained".

    Raises TrainingFailed and leaves the former model where it is when training does not succeed.
    """
    inputs = inputs_fingerprint(project)
    model = model_file(project)
    if not force and is_current(project, inputs):
        return model, "current"
    with only_one(cache / "nlu-model.lock"):
        kept = cache / f"nlu-model-{inputs}.tar.gz"
        how = "cached"
        if force or not kept.exists():
            with tempfile.TemporaryDirectory(dir=cache, prefix="nlu-training-") as folder:
                os.replace(trainer(project, Path(folder)), kept)
            how = "trained"
        os.utime(kept)
        _put(kept, model, inputs)
        _forget_oldest(cache)
    return model, how


def _put(kept: Path, model: Path, inputs: str) -> None:
    """Copy into place; a server that loads at this moment sees the old or the new one, whole."""
    model.parent.mkdir(parents=True, exist_ok=True)
    fresh = model.with_name(f"{model.name}.{os.getpid()}")
    shutil.copyfile(kept, fresh)
    os.replace(fresh, model)
    model.with_suffix(".made-from").write_text(f"{inputs} {_digest(model)}\n")


def _forget_oldest(cache: Path) -> None:
    models = sorted(cache.glob("nlu-model-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in models[:-KEPT]:
        old.unlink()


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def rasa_trainer(project: Path, output: Path) -> Path:
    """Train with Rasa. Raises TrainingFailed, or SetupError when there can be no environment."""
    count = sum(
        line.lstrip().startswith("- ") and not line.lstrip().startswith("- intent:")
        for file in (project / "data").glob("*/*.yml")
        for line in file.read_text(encoding="utf-8").splitlines()
    )
    say(f"Training the language model on {count:,} examples (half a minute to three) ...")
    started = time.monotonic()
    answer = inside("rights_nlu.train_model", str(project), str(output), stdout=subprocess.PIPE)
    if answer.returncode != 0:
        raise TrainingFailed("The model was not trained; the lines above say why.")
    say(f"Trained and checked in {time.monotonic() - started:.0f} s.")
    return Path(answer.stdout.strip())


def inside(
    module: str, *arguments: str, stdout: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one of our modules in the NLU environment; its progress goes to standard error."""
    python = ensure() / "bin" / "python"
    ours = os.pathsep.join((str(PROJECT / "components"), str(PROJECT)))
    environment = {**os.environ, **QUIET, "PYTHONPATH": ours, "OMP_NUM_THREADS": "1"}
    command = [str(python), "-W", "ignore", "-m", module, *arguments]
    return subprocess.run(command, env=environment, stdout=stdout, text=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the language model if its inputs changed.")
    parser.add_argument("--force", action="store_true", help="train even if nothing changed")
    chosen = parser.parse_args()
    try:
        model, how = train_if_changed(PROJECT, cache_folder(), rasa_trainer, chosen.force)
    except (SetupError, TrainingFailed) as problem:
        sys.exit(str(problem))
    words = {
        "current": "The language model is up to date",
        "cached": "Took the language model from the cache",
        "trained": "The language model is ready",
    }
    say(f"{words[how]}: {model.relative_to(PROJECT.parent)}")


if __name__ == "__main__":
    main()
