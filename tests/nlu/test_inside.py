"""Runs the unit tests that need the NLU environment's libraries, which the bot's does not have."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.nlu_server import PYTHON, ROOT

INSIDE = Path(__file__).resolve().parent / "inside"


@pytest.mark.parametrize("module", sorted(file.stem for file in INSIDE.glob("unit_*.py")))
def test_inside(module):
    run = subprocess.run(
        [PYTHON, "-W", "ignore", "-m", "unittest", module],
        cwd=INSIDE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "nlu_data" / "components")},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert "Ran 0 tests" not in run.stderr
