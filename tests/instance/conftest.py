"""A good folder to start from, made once and copied for every test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stockpile.instance.generate import new_instance


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small commented instance; not to be changed."""
    folder = tmp_path_factory.mktemp("starter") / "my-reserve"
    new_instance(folder)
    return folder


@pytest.fixture
def folder(starter: Path, tmp_path: Path) -> Path:
    """A copy of it to break."""
    return Path(shutil.copytree(starter, tmp_path / "my-reserve"))
