"""How fast messages are understood, beside stock Rasa: `.venv/bin/python -m bench.parse_speed`.

Both learn the same English and Spanish examples; ours is served as it is shipped
(nlu_data/serve.py), stock Rasa by `rasa run`, with one worker each, on loopback. Both answer the
same messages of the newest round in those languages, in one run. Stock is WhitespaceTokenizer,
counted words, counted pieces of words (char_wb, 1 to 5) and LogisticRegressionClassifier. The
load is bounded and ends by itself.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import requests
from ruamel.yaml import YAML

from bench.peer_environment import ensure as peer_environment
from bench.stock import stock_config
from dev.nlu_environment import QUIET, ensure
from dev.redis_server import free_port

PROJECT = Path(__file__).resolve().parent.parent / "nlu_data"
LANGUAGES = ("en", "es")
MESSAGES, CALLERS, ROUNDS = 300, 8, 4
PATIENCE_SECONDS = 60.0
_RUN = "import sys; from rasa.__main__ import main; sys.argv[0] = 'rasa'; main()"


@dataclass
class Contender:
    """One pipeline, trained and served, and what was measured of it."""

    kind: str
    training: float
    base: str
    token: str
    server: subprocess.Popen[bytes]
    alone: list[float] = field(default_factory=list)
    seconds_for_all: float = 0.0
    right: int = 0

    @property
    def one(self) -> float:
        """Messages a second, one at a time."""
        return len(self.alone) / sum(self.alone)

    @property
    def eight(self) -> float:
        """Messages a second, CALLERS at once."""
        return len(self.alone) / self.seconds_for_all

    def within(self, share: float) -> float:
        """Milliseconds within which this share of the answers came, one at a time."""
        return 1000 * sorted(self.alone)[int(len(self.alone) * share)]

    @property
    def memory(self) -> float:
        return float(psutil.Process(self.server.pid).memory_info().rss) / 1e6

    def ask(self, text: str) -> str:
        """The intent of a text. Connections are kept, one a caller, as the bot keeps its own."""
        if not hasattr(_HERE, "session"):
            _HERE.session = requests.Session()
        answer = _HERE.session.post(
            f"{self.base}/model/parse?token={self.token}",
            json={"text": text},
            timeout=PATIENCE_SECONDS,
        )
        return str(answer.json()["intent"]["name"])


_HERE = threading.local()


def _rasa(python: Path, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **QUIET, "PYTHONPATH": str(PROJECT / "components")}
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [str(python), "-W", "ignore", "-c", _RUN, *arguments]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)


def _projects(folder: Path) -> dict[str, Path]:
    """Lay out both projects with the same examples; ours keeps its grammar and concepts."""
    ours, stock = folder / "ours", folder / "stock"
    for name in ("concepts", "entities", "grammar"):
        shutil.copytree(PROJECT / name, ours / name)
    for name in ("config.yml", "intents.yml", "shorthand.yml", "serve.py"):
        shutil.copy(PROJECT / name, ours)
    (ours / "components").symlink_to(PROJECT / "components")
    sentences = YAML(typ="safe", pure=True).load(PROJECT / "known_sentences.yml")
    known = [sentence for sentence in sentences if sentence["language"] in LANGUAGES]
    YAML(typ="safe", pure=True).dump(known, ours / "known_sentences.yml")
    for grammar in (ours / "grammar").glob("*.yml"):
        if grammar.stem not in LANGUAGES:
            grammar.unlink()
    for language in LANGUAGES:
        shutil.copytree(PROJECT / "data" / language, ours / "data" / language)
        shutil.copytree(PROJECT / "data" / language, stock / "data" / language)
    (stock / "config.yml").write_text(stock_config(max_ngram=5))
    return {"ours": ours, "stock": stock}


def _messages() -> list[tuple[str, str]]:
    newest = max((PROJECT / "rounds").glob("[0-9]*"), key=lambda folder: int(folder.name))
    lines = [
        line.split("\t")
        for language in LANGUAGES
        for line in (newest / f"{language}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    ]
    return [(cells[0], cells[1]) for cells in lines][:MESSAGES]


def _started(kind: str, python: Path, folder: Path) -> Contender:
    """Train and serve one pipeline."""
    started = time.monotonic()
    training = _rasa(python, folder, "train", "nlu", "--nlu", "data", "--fixed-model-name", "m")
    if training.wait() != 0:
        sys.exit((folder / "log").read_text())
    took = time.monotonic() - started
    port, token = free_port(), secrets.token_hex(16)
    server = _server(python, folder, port, token)
    base = f"http://127.0.0.1:{port}"
    _wait(base, server)
    return Contender(kind, took, base, token, server)


def _round(contender: Contender, messages: list[tuple[str, str]]) -> None:
    """All messages, one at a time and then CALLERS at once."""
    for text, _ in messages[:20]:
        contender.ask(text)
    for text, intent in messages:
        began = time.perf_counter()
        found = contender.ask(text)
        contender.alone.append(time.perf_counter() - began)
        contender.right += found == intent
    began = time.perf_counter()
    with ThreadPoolExecutor(CALLERS) as pool:
        list(pool.map(contender.ask, [text for text, _ in messages]))
    contender.seconds_for_all += time.perf_counter() - began


def _server(python: Path, folder: Path, port: int, token: str) -> subprocess.Popen[bytes]:
    if not (folder / "serve.py").exists():
        return _rasa(
            python, folder, "run", "--enable-api", "--model", "models/m.tar.gz",
            "--auth-token", token, "--interface", "127.0.0.1", "--port", str(port),
        )  # fmt: skip
    environment = {**os.environ, **QUIET, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment |= {"NLU_TOKEN": token, "NLU_PORT": str(port), "NLU_MODEL": "models/m.tar.gz"}
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [str(python), "-W", "ignore", "serve.py"],
            cwd=folder, env=environment, stdout=log, stderr=log,
        )  # fmt: skip


def _wait(base: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            requests.get(f"{base}/version", timeout=2)
        except requests.RequestException:
            time.sleep(0.3)
        else:
            return
    sys.exit("The server did not start.")


def main() -> None:
    # the project's own environment leaves out what the stock classifier needs to save its model
    pythons = {"ours": ensure() / "bin" / "python", "stock": peer_environment()}
    messages = _messages()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        contenders: list[Contender] = []
        try:
            for kind, folder in _projects(Path(name)).items():
                contenders.append(_started(kind, pythons[kind], folder))
            for turn in range(ROUNDS):
                # in turned order every other round: whatever else runs here hits both
                for contender in contenders[:: 1 if turn % 2 else -1]:
                    _round(contender, messages)
            _print(messages, *contenders)
        finally:
            for contender in contenders:
                contender.server.terminate()
                contender.server.wait(30)


def _print(messages: list[tuple[str, str]], ours: Contender, stock: Contender) -> None:
    rows = (
        ("messages a second, one at a time", ours.one, stock.one),
        (f"messages a second, {CALLERS} at once", ours.eight, stock.eight),
        ("median answer, ms", ours.within(0.5), stock.within(0.5)),
        ("99 of 100 answers within, ms", ours.within(0.99), stock.within(0.99)),
        ("training, s", ours.training, stock.training),
        ("memory of the server, MB", ours.memory, stock.memory),
        ("right, % of fresh messages", *(100 * c.right / len(c.alone) for c in (ours, stock))),
    )
    taught = " and ".join(LANGUAGES)
    print(f"{len(messages)} messages, {ROUNDS} rounds; the same {taught} examples for both")
    print(f"{'':38}{'ours':>10}{'stock':>10}{'ratio':>8}")
    for told, mine, theirs in rows:
        print(f"{told:38}{mine:10.1f}{theirs:10.1f}{mine / theirs:8.2f}")


if __name__ == "__main__":
    main()
