"""A folder with a good instance and its plan, made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stockpile.engine import solve
from stockpile.instance.generate import new_instance


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds ``reserve`` and its plan ``plan``; not to be changed."""
    folder = tmp_path_factory.mktemp("made")
    solve(new_instance(folder / "reserve"), gap=0.01, threads=1).write(folder / "plan")
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it as the working folder."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path
