"""A small good content folder that tests damage, one thing at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.mistake import ContentFolder


@pytest.fixture
def folder(tmp_path: Path) -> ContentFolder:
    return ContentFolder.copied_to(tmp_path / "content")
