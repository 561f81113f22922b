"""Makes the environment that stock Rasa runs in, as its authors publish it.

The project's own .venv-nlu leaves out what stock components need (skops, sklearn-crfsuite) and
replaces what they are pinned to; a peer measured in it would not be the peer. The lock is made,
from inside bench/, by

    uv pip compile --universal --python-version 3.10 --generate-hashes --no-header --no-annotate \
        --override peer_requirements.override peer_requirements.in -o peer_requirements.txt
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

from dev.nlu_environment import PYTHON_VERSION, find_python, say
from dev.uv import SetupError, cache_folder, fingerprint, only_one, uv_executable

LOCK = Path(__file__).resolve().with_name("peer_requirements.txt")


def ensure() -> Path:
    """Return the Python of a complete environment for the lock, made on the first call.

    Raises SetupError when it cannot be made. It is kept in the cache folder under a name
    made from the lock, so that all checkouts with the same lock share it.
    """
    machine = f"{sys.platform} {platform.machine()} {PYTHON_VERSION}"
    folder = cache_folder() / f"peer-env-{fingerprint(LOCK.read_bytes(), machine.encode())}"
    python = folder / "bin" / "python"
    if not (folder / ".complete").exists():
        with only_one(folder.with_suffix(".lock")):
            if not (folder / ".complete").exists():
                _build(folder, python)
    return python


def _build(folder: Path, python: Path) -> None:
    started = time.monotonic()
    uv = uv_executable()
    found = find_python(uv)
    say(f"Peer's environment: installing stock Rasa, about 1.7 GB, with {found} (once) ...")
    shutil.rmtree(folder, ignore_errors=True)
    _run([str(uv), "venv", "--quiet", "--python", found, str(folder)])
    sync = [str(uv), "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode"]
    _run([*sync, "--python", str(python), str(LOCK)])
    (folder / ".complete").touch()
    say(f"Peer's environment: ready after {time.monotonic() - started:.0f} s")


def _run(step: list[str]) -> None:
    if subprocess.run(step, stdout=sys.stderr).returncode != 0:
        raise SetupError("This step failed, its words are above:\n  " + " ".join(step))
