"""How fast messages are understood, beside stock Rasa: `.venv/bin/python -m bench.parse_speed`.

Both learn the same English and Spanish examples, both are served by `rasa run` on loopback, both
answer the same messages of the newest round in those languages, in one run. Stock is
WhitespaceTokenizer, counted words, counted pieces of words (char_wb, 1 to 5) and
LogisticRegressionClassifier. The load is bounded and ends by itself.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests

from dev.nlu_environment import QUIET, ensure
from dev.redis_server import free_port

PROJECT = Path(__file__).resolve().parent.parent / "nlu_data"
LANGUAGES = ("en", "es")
MESSAGES, CALLERS = 300, 8
PATIENCE_SECONDS = 60.0
STOCK = """\
recipe: default.v1
assistant_id: stock
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 5
  - name: LogisticRegressionClassifier
"""
_RUN = "import sys; from rasa.__main__ import main; sys.argv[0] = 'rasa'; main()"


@dataclass(frozen=True)
class Figures:
    """What one pipeline came to."""

    training: float
    one: float
    eight: float
    p50: float
    p99: float
    memory: float
    right: float


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
    for name in ("config.yml", "intents.yml", "shorthand.yml"):
        shutil.copy(PROJECT / name, ours)
    for grammar in (ours / "grammar").glob("*.yml"):
        if grammar.stem not in LANGUAGES:
            grammar.unlink()
    for language in LANGUAGES:
        shutil.copytree(PROJECT / "data" / language, ours / "data" / language)
        shutil.copytree(PROJECT / "data" / language, stock / "data" / language)
    (stock / "config.yml").write_text(STOCK)
    return {"ours": ours, "stock": stock}


def _messages() -> list[tuple[str, str]]:
    newest = max((PROJECT / "rounds").glob("[0-9]*"), key=lambda folder: int(folder.name))
    lines = [
        line.split("\t")
        for language in LANGUAGES
        for line in (newest / f"{language}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    ]
    return [(cells[0], cells[1]) for cells in lines][:MESSAGES]


def _measure(python: Path, folder: Path, messages: list[tuple[str, str]]) -> Figures:
    started = time.monotonic()
    training = _rasa(python, folder, "train", "nlu", "--nlu", "data", "--fixed-model-name", "m")
    if training.wait() != 0:
        sys.exit((folder / "log").read_text()[-2000:])
    took = time.monotonic() - started
    port, token = free_port(), secrets.token_hex(16)
    server = _rasa(
        python, folder, "run", "--enable-api", "--model", "models/m.tar.gz", "--auth-token", token,
        "--interface", "127.0.0.1", "--port", str(port),
    )  # fmt: skip
    try:
        base = f"http://127.0.0.1:{port}"
        _wait(base, server)

        def ask(text: str) -> tuple[float, str]:
            began = time.perf_counter()
            answer = requests.post(
                f"{base}/model/parse?token={token}", json={"text": text}, timeout=PATIENCE_SECONDS
            )
            return time.perf_counter() - began, answer.json()["intent"]["name"]

        for text, _ in messages[:30]:
            ask(text)
        began = time.perf_counter()
        alone = [ask(text) for text, _ in messages]
        one = len(messages) / (time.perf_counter() - began)
        began = time.perf_counter()
        with ThreadPoolExecutor(CALLERS) as pool:
            list(pool.map(ask, [text for text, _ in messages]))
        eight = len(messages) / (time.perf_counter() - began)
        times = sorted(seconds for seconds, _ in alone)
        right = [found == intent for (_, found), (_, intent) in zip(alone, messages, strict=True)]
        return Figures(
            took, one, eight, 1000 * times[len(times) // 2], 1000 * times[len(times) * 99 // 100],
            psutil.Process(server.pid).memory_info().rss / 1e6, sum(right) / len(right),
        )  # fmt: skip
    finally:
        server.terminate()
        server.wait(30)


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
    python = ensure() / "bin" / "python"
    messages = _messages()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        found = {
            kind: _measure(python, folder, messages)
            for kind, folder in _projects(Path(name)).items()
        }
    ours, stock = found["ours"], found["stock"]
    rows = (
        ("messages a second, one at a time", ours.one, stock.one),
        (f"messages a second, {CALLERS} at once", ours.eight, stock.eight),
        ("median answer, ms", ours.p50, stock.p50),
        ("99 of 100 answers within, ms", ours.p99, stock.p99),
        ("training, s", ours.training, stock.training),
        ("memory of the server, MB", ours.memory, stock.memory),
        ("right, % of fresh messages", 100 * ours.right, 100 * stock.right),
    )
    print(f"{len(messages)} messages; the same {' and '.join(LANGUAGES)} examples for both")
    print(f"{'':38}{'ours':>10}{'stock':>10}{'ratio':>8}")
    for told, mine, theirs in rows:
        print(f"{told:38}{mine:10.1f}{theirs:10.1f}{mine / theirs:8.2f}")


if __name__ == "__main__":
    main()
