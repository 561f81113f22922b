"""A stock Rasa project over the same training data, and the model trained from it.

Rasa's own parts only: whitespace tokenizer, counted words and pieces of words, logistic
regression, and one rule for each intent that answers with one text. DIET, Rasa's default, is
slower to answer and takes long to train on so many pieces; a comparison with it would flatter us.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from ruamel.yaml import YAML

from bench.stock import stock_config
from dev.nlu_environment import QUIET, say
from dev.uv import SetupError, cache_folder, fingerprint, only_one

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "nlu_data" / "data"
LANGUAGES = ("en", "es")
POLICIES = """\
policies:
  - name: RulePolicy
"""
#: Characters of an answer, as many as the answers of this service have on average (printed by
#: the benchmark); without blank lines, at which Rasa's Twilio channel would cut it in two.
ANSWER_LENGTH = 330
#: How many models the cache keeps.
KEPT = 3


def intents() -> list[str]:
    """Names of all intents that the examples have, in order."""
    reader = YAML(typ="safe", pure=True)
    return sorted({part["intent"] for file in data_files() for part in reader.load(file)["nlu"]})


def data_files() -> list[Path]:
    return [file for language in LANGUAGES for file in sorted((DATA / language).glob("*.yml"))]


def config() -> str:
    """Text of the peer's config.yml: the stock pipeline and the policy its rules need."""
    return stock_config(max_ngram=4) + POLICIES


def model(python: Path) -> Path:
    """Return the trained archive, from the cache when nothing changed. Raises SetupError."""
    lock = Path(__file__).with_name("peer_requirements.txt")
    parts = [Path(__file__).read_bytes(), config().encode(), lock.read_bytes()]
    parts += [file.read_bytes() for file in data_files()]
    cache = cache_folder()
    kept = cache / f"peer-model-{fingerprint(*parts)}.tar.gz"
    with only_one(cache / "peer-model.lock"):
        if not kept.exists():
            with tempfile.TemporaryDirectory(dir=cache, prefix="peer-training-") as folder:
                os.replace(_train(python, Path(folder)), kept)
        os.utime(kept)
        models = sorted(cache.glob("peer-model-*.tar.gz"), key=lambda path: path.stat().st_mtime)
        for old in models[:-KEPT]:
            old.unlink()
    return kept


def write_project(folder: Path) -> None:
    """Write config, domain, rules and the examples into an empty folder."""
    names = intents()
    domain = {
        "version": "3.1",
        "intents": names,
        "responses": {f"utter_{name}": [{"text": answer(name)}] for name in names},
    }
    rules = [
        {"rule": name, "steps": [{"intent": name}, {"action": f"utter_{name}"}]} for name in names
    ]
    (folder / "data").mkdir()
    (folder / "config.yml").write_text(config())
    # Rasa finds out what a file holds by looking for "rules:" at the start of a line
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.dump(domain, folder / "domain.yml")
    writer.dump({"version": "3.1", "rules": rules}, folder / "data" / "rules.yml")
    for file in data_files():
        shutil.copyfile(file, folder / "data" / f"{file.parent.name}_{file.name}")


def answer(intent: str) -> str:
    """A text of ANSWER_LENGTH characters; it says nothing that anybody could take for advice."""
    line = f"This text answers {intent.replace('_', ' ')} in a benchmark and is sent to nobody. "
    return (line * (ANSWER_LENGTH // len(line) + 1))[:ANSWER_LENGTH].strip()


def _train(python: Path, folder: Path) -> Path:
    say("Training stock Rasa on the same examples (some minutes, once for these examples) ...")
    started = time.monotonic()
    write_project(folder)
    done = subprocess.run(
        [str(python), "-m", "rasa", "train", "--fixed-model-name", "peer", "--out", "models"],
        cwd=folder, env={**os.environ, **QUIET}, capture_output=True, text=True,
    )  # fmt: skip
    made = folder / "models" / "peer.tar.gz"
    if done.returncode != 0 or not made.exists():
        raise SetupError(f"Stock Rasa was not trained:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    say(f"Stock Rasa: trained in {time.monotonic() - started:.0f} s")
    return made
