"""The workflow of the instances runs as it stands, and does again only what has changed."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stockpile.plan.plan import Plan

ROOT = Path(__file__).resolve().parents[2]


def snakemake(folder: Path, prices: str) -> str:
    """What Snakemake says of a run of the workflow in a folder; ``stockpile`` is that of this Python."""
    program = Path(sys.executable).parent
    environment = {**os.environ, "HOME": str(folder), "PATH": f"{program}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--config", f"prices={prices}"]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


@pytest.fixture
def workflow(tmp_path: Path) -> Path:
    """A copy of the workflow beside its instance."""
    for name in ("quickstart", "workflow"):
        shutil.copytree(
            ROOT / "instances" / name,
            tmp_path / name,
            ignore=shutil.ignore_patterns(".snakemake", "plans", "checks", "logs"),
        )
    return tmp_path / "workflow"


def test_the_workflow_plans_checks_and_tells(workflow: Path) -> None:
    """From a table of the instance to one of the answer; a price that is new is all that is added the second time."""
    snakemake(workflow, "[1.2]")
    said = snakemake(workflow, "[1.0, 1.2]")
    assert "rule solve" in said
    assert "price-1.2" not in said.split("rule solve")[1].split("rule")[0]
    assert sorted(plan.name for plan in (workflow / "plans").iterdir()) == ["price-1.0", "price-1.2"]
    with (workflow / "prices.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["price_factor"]) for row in rows] == [1.0, 1.2]
    for row in rows:
        name = f"price-{row['price_factor']}"
        plan = Plan.read(workflow / "plans" / name)
        assert float(row["objective"]) == plan.objective
        check = json.loads((workflow / "checks" / f"{name}.json").read_text(encoding="utf-8"))
        assert (check["status"], check["exact"]) == ("reproduced", True)
        log = (workflow / "logs" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        assert json.loads(log[-1])["message"] == f"plan written to plans/{name}"
    assert "Nothing to be done" in snakemake(workflow, "[1.0, 1.2]")
