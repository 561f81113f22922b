"""Provides the `uv` installer, at the version and with the hashes that dev/uv.txt names.

Every environment of this project is installed with uv; a fresh machine need not have it. It goes
into a small virtual environment in the cache folder, once for all checkouts. Standard library only,
Python 3.8 up.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LOCK = Path(__file__).resolve().with_name("uv.txt")


class SetupError(Exception):
    """Set-up cannot go on; the message says what to do about it."""


def cache_folder() -> Path:
    """Return the folder, made if need be, for what can be thrown away and made again."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "rights-by-text"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def only_one(lock_file: Path) -> Iterator[None]:
    """Hold `lock_file` so that two set-ups never write the same folder; waits, and says so once."""
    import fcntl  # here and not above: Windows has no fcntl, and ought to hear that in words

    with lock_file.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(
                f"waiting for another set-up that holds {lock_file.name} ...",
                file=sys.stderr,
                flush=True,
            )
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def fingerprint(*parts: bytes) -> str:
    """Return 12 hexadecimal digits that change when any of `parts` changes."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:12]


def uv_executable() -> Path:
    """Return a working uv, installing it on the first call.

    Raises SetupError when this Python can make no virtual environment and no uv is on PATH, or when
    the installation fails.
    """
    home = cache_folder() / f"uv-{fingerprint(LOCK.read_bytes())}"
    executable, complete = home / "bin" / "uv", home / ".complete"
    if complete.exists() and executable.exists():
        return executable
    with only_one(home.with_suffix(".lock")):
        if complete.exists() and executable.exists():
            return executable
        shutil.rmtree(home, ignore_errors=True)
        made = subprocess.run(
            [sys.executable, "-m", "venv", str(home)], capture_output=True, text=True
        )
        if made.returncode != 0:
            # Debian's python3 comes without ensurepip unless python3-venv is installed.
            on_path = shutil.which("uv")
            if on_path:
                return Path(on_path)
            raise SetupError(
                f"{sys.executable} cannot make a virtual environment:\n{made.stdout}{made.stderr}\n"
                "Remedy: install the system's venv package "
                "(Debian, Ubuntu: apt-get install python3-venv)."
            )
        pip = [
            str(home / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        installed = subprocess.run(
            [*pip, "--require-hashes", "--requirement", str(LOCK)], stderr=sys.stderr
        )
        if installed.returncode != 0:
            raise SetupError(
                "uv could not be installed; the lines above say why. "
                "Remedy: check the network, run again."
            )
        complete.touch()
    return executable


if __name__ == "__main__":
    try:
        print(uv_executable())
    except SetupError as problem:
        sys.exit(str(problem))
