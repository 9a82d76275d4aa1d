"""The README shows what the program prints."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_run_in_the_readme_is_the_real_one(tmp_path: Path) -> None:
    """A page that changes, or an answer that changes, is shown as it was otherwise."""
    shutil.copytree(ROOT / "instances" / "quickstart", tmp_path / "instances" / "quickstart")
    shown = README.split("$ stockpile solve instances/quickstart -o plans/quickstart\n")[1].split("\n```")[0]
    command = [sys.executable, "-m", "stockpile.cli", "solve", "instances/quickstart", "-o", "plans/quickstart"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, env={"COLUMNS": "80"})
    assert run.stdout.rstrip("\n") == shown


def test_the_python_example_works(tmp_path: Path) -> None:
    """The example is copied by the first user who has no terminal."""
    code = re.findall(r"```python\n(.*?)```", README, re.S)[0]
    shutil.copytree(ROOT / "instances" / "quickstart", tmp_path / "instances" / "quickstart")
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert (tmp_path / "plans" / "quickstart" / "plan.json").exists()


def test_links_lead_somewhere() -> None:
    """A file that moves leaves a dead link."""
    for page in [ROOT / "README.md", *ROOT.glob("instances/*/README.md"), ROOT / "models" / "README.md"]:
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_dependency_is_named() -> None:
    """Each library that the project installs has its reason in the README."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = project.split("dependencies = [")[1].split("]")[0]
    for name in re.findall(r'"([a-z]+)', block):
        assert re.search(rf"\b{name}\b", README.split("## Dependencies")[1]), name
