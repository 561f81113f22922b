"""Makes the environment that the understanding part runs in, and links it as .venv-nlu.

Rasa 3.6 needs Python 3.10 and old versions of libraries that the bot uses too, so it lives apart.
The environment is kept in the cache folder under a name made from its inputs: another checkout with
the same lock uses the same one, and a changed lock makes a new one. Standard library only, Python
3.8 up.

    python3 dev/nlu_environment.py       set up, then print the environment's folder
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dev.uv import SetupError, cache_folder, fingerprint, only_one, uv_executable

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "nlu_data" / "requirements.txt"
LINK = ROOT / ".venv-nlu"
# Rasa 3.6.21 declares `Requires-Python: >=3.8,<3.11`; the lock is made for the newest of these.
PYTHON_VERSION = "3.10"
# TensorFlow's import prints pages about processors and drivers; nothing of it concerns us.
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore"}


def say(text: str) -> None:
    """Show progress on standard error, so that standard output stays the answer."""
    print(text, file=sys.stderr, flush=True)


def _version_of(python: str) -> str | None:
    """Return "3.10" or the like, or None when `python` does not run (a pyenv shim may not)."""
    try:
        asked = subprocess.run(
            [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None


def _local_pythons() -> Iterator[str]:
    """Yield candidates: the one named in NLU_PYTHON, PATH's, then pyenv's, newest first."""
    if os.environ.get("NLU_PYTHON"):
        yield os.environ["NLU_PYTHON"]
    on_path = shutil.which("python" + PYTHON_VERSION)
    if on_path:
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for folder in sorted(
        pyenv.glob(f"versions/{PYTHON_VERSION}*"), key=lambda path: path.name, reverse=True
    ):
        yield str(folder / "bin" / "python")


def find_python(uv: Path) -> str:
    """Return a Python 3.10, as a last resort downloaded by uv. Raises SetupError without one."""
    for candidate in _local_pythons():
        if _version_of(candidate) == PYTHON_VERSION:
            return candidate
    subprocess.run([str(uv), "python", "install", PYTHON_VERSION], stdout=sys.stderr)
    found = subprocess.run(
        [str(uv), "python", "find", PYTHON_VERSION], capture_output=True, text=True
    )
    python = found.stdout.strip()
    if found.returncode == 0 and _version_of(python) == PYTHON_VERSION:
        return python
    raise SetupError(
        f"No Python {PYTHON_VERSION} found, and none could be downloaded; Rasa 3.6 needs it.\n"
        f"Remedy, any of: `uv python install {PYTHON_VERSION}`, `pyenv install {PYTHON_VERSION}`,\n"
        f"the system's python{PYTHON_VERSION} package, or, in the environment,\n"
        f"NLU_PYTHON=/path/to/python{PYTHON_VERSION}"
    )


def environment_folder() -> Path:
    """Return where the environment for the present lock belongs; it need not exist yet."""
    machine = f"{sys.platform} {platform.machine()} {PYTHON_VERSION}"
    return cache_folder() / f"nlu-env-{fingerprint(LOCK.read_bytes(), machine.encode())}"


def _run(step: list[str]) -> None:
    if subprocess.run(step, stdout=sys.stderr).returncode != 0:
        raise SetupError(
            "This step of the NLU environment failed, its words are above:\n  " + " ".join(step)
        )


def _build(folder: Path) -> None:
    started = time.monotonic()
    uv = uv_executable()
    python = find_python(uv)
    say(f"NLU environment: installing about 1.5 GB with {python} (once for this lock) ...")
    shutil.rmtree(folder, ignore_errors=True)
    inside = folder / "bin" / "python"
    # uv's moving bars are progress on a terminal and a hundred lines of noise in a log.
    install = [str(uv), "pip", "sync"] + ([] if sys.stderr.isatty() else ["--quiet"])
    _run([str(uv), "venv", "--quiet", "--python", python, str(folder)])
    # `sync` installs the lock as it is and resolves nothing: what the lock leaves out stays out.
    _run([*install, "--require-hashes", "--compile-bytecode", "--python", str(inside), str(LOCK)])
    tried = subprocess.run(
        [str(inside), "-c", "import rasa.server"],
        capture_output=True,
        text=True,
        env={**os.environ, **QUIET},
    )
    if tried.returncode != 0:
        raise SetupError(
            f"The NLU environment was installed but Rasa does not start in it:\n{tried.stderr}"
        )
    (folder / ".complete").touch()
    say(f"NLU environment: ready after {time.monotonic() - started:.0f} s")


def _link(folder: Path) -> None:
    if LINK.is_symlink() and Path(os.readlink(str(LINK))) == folder:
        return
    if LINK.exists() and not LINK.is_symlink():
        raise SetupError(f"{LINK} is not a link of ours. Remedy: remove it and run this again.")
    fresh = LINK.with_name(f"{LINK.name}.{os.getpid()}")
    fresh.symlink_to(folder)
    os.replace(str(fresh), str(LINK))


def ensure() -> Path:
    """Return the folder of a complete environment for the present lock, making it if needed.

    Raises SetupError with the remedy when that is not possible. A half-built folder carries no
    `.complete` mark and is built again; a virtual environment cannot be built elsewhere and moved.
    """
    folder = environment_folder()
    if not (folder / ".complete").exists():
        with only_one(folder.with_suffix(".lock")):
            if not (folder / ".complete").exists():
                _build(folder)
    _link(folder)
    return folder


if __name__ == "__main__":
    try:
        print(ensure())
    except SetupError as problem:
        sys.exit(str(problem))
