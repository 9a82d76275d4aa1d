"""Problems of the literature, shipped as instances: each comes out at its published value, and at that of other means."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from stockpile import engine
from stockpile.instance import load
from tests.oracle.test_scip import optimum
from tests.published.counting import counted

HOME = Path(__file__).resolve().parents[2] / "instances" / "classics"
FOLDERS = sorted(path.parent for path in HOME.glob("*/instance.toml"))


def expected(folder: Path) -> dict[str, Any]:
    """What the folder says of its optimum."""
    found: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_published_value_comes_out(folder: Path) -> None:
    """To 1e-6 of it, proven, with a clean audit."""
    plan = engine.solve(load(folder), gap=0)
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(expected(folder)["objective"], rel=1e-6)
    assert plan.summary["audit"]["breaches"] == 0


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_other_means_find_it_too(folder: Path, tmp_path: Path) -> None:
    """SCIP on the exported model, and counting where that can be done: a wrong reading of the source would show."""
    instance, value = load(folder), expected(folder)["objective"]
    engine.export(instance, tmp_path / "model.mps")
    assert optimum(tmp_path / "model.mps") == pytest.approx(value, rel=1e-6)
    best = counted(instance)
    assert best is None or best == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_problem_names_its_source(folder: Path) -> None:
    """A published value without a publication is a guess: the page has the citation, the year and the value."""
    published, page = expected(folder)["published"], (folder / "README.md").read_text(encoding="utf-8")
    assert published["citation"] in page
    assert any(str(year) in published["citation"] for year in range(1913, 2027))
    assert f"{published['value']:.12g}" in page
    assert abs(expected(folder)["objective"]) == pytest.approx(abs(published["value"]))


def test_there_are_many_and_counting_finds_most() -> None:
    """Without it problems could be lost, or a change of their tables could leave them uncounted."""
    assert len(FOLDERS) >= 30
    many = (folder for folder in FOLDERS if counted(load(folder)) is not None)
    assert len(list(islice(many, 16))) == 16


def test_the_orders_of_the_textbook() -> None:
    """The only optimal orders are 210, 0, 150, 0."""
    orders = engine.solve(load(HOME / "snyder-shen-3-9"), gap=0).tables["orders"]
    assert dict(zip(orders["period"], orders["quantity"], strict=True)) == pytest.approx({"2001": 210, "2003": 150})


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("lorie-savage", [1, 3, 4, 6, 9]),
        ("stockco", [2, 3, 4]),
        ("petersen-1", [2, 3, 6]),
        ("taha-project-selection", [1, 2, 3, 4]),
    ],
)
def test_the_projects_of_the_source(name: str, chosen: list[int]) -> None:
    """The set that the source names, not only its value."""
    plan = engine.solve(load(HOME / name), gap=0)
    last = plan.go["stage"].max()
    assert set(plan.go.loc[plan.go["stage"] == last, "project"]) == {f"project {j}" for j in chosen}
