"""Make the bot's own environment, .venv, from its locked requirements.

Runs under any Python 3.8 or newer with the standard library alone, because on a fresh
machine there is nothing else.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dev.uv import uv_executable

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements" / "dev.txt"
MARK = ENVIRONMENT / ".complete"
#: pyproject.toml says requires-python; uv finds one or fetches it.
PYTHON = ">=3.11,<3.14"


def main() -> None:
    """Build .venv unless it is complete and made from these very requirements."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if MARK.exists() and MARK.read_text() == wanted:
        return
    uv = str(uv_executable())
    print("Setting up the bot's environment (about a minute on a fresh machine) ...", flush=True)
    MARK.unlink(missing_ok=True) if MARK.exists() else None
    if not (ENVIRONMENT / "bin" / "python").exists():
        made = subprocess.run([uv, "venv", "--quiet", "--python", PYTHON, str(ENVIRONMENT)])
        if made.returncode:
            sys.exit(
                "No Python 3.11, 3.12 or 3.13 was found and none could be fetched.\n"
                "Remedy: install one (for example `apt-get install python3.11`) and try again."
            )
    subprocess.run(
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python",
         str(ENVIRONMENT / "bin" / "python"), str(REQUIREMENTS)],
        check=True,
    )  # fmt: skip
    MARK.write_text(wanted)


if __name__ == "__main__":
    main()
