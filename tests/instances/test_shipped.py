"""The instances that the project ships: sound, sourced, and solved to what their pages say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stockpile import engine
from stockpile.instance import load
from stockpile.plan.plan import Plan

HOME = Path(__file__).resolve().parents[2] / "instances"
SHIPPED = sorted(path.parent for path in HOME.glob("*/instance.toml"))
EVERY = sorted(path.parent for path in HOME.rglob("instance.toml"))


@pytest.mark.parametrize("folder", EVERY, ids=lambda path: path.name)
def test_every_row_says_where_it_comes_from(folder: Path) -> None:
    """A figure without a status and a reference would pass for a fact."""
    instance = load(folder)
    assert instance.warnings == ()
    for name, frame in instance.tables.items():
        for row, (status, reference) in enumerate(zip(frame["status"], frame["reference"], strict=True), start=2):
            assert status, f"{name}.csv:{row}: no status"
            assert reference, f"{name}.csv:{row}: no reference"
            assert status == "assumption" or "assumption" not in reference.split(";")[0].lower(), f"{name}.csv:{row}"


def expected_of(folder: Path) -> dict[str, Any]:
    """Gap, range and unit of the objective that a page tells; ``slow`` where finding it takes more than half a minute."""
    found: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return found


def solved(slow: bool) -> list[Path]:
    """The shipped instances that are solved in a moment, or those that are not."""
    return [folder for folder in SHIPPED if expected_of(folder).get("slow", False) == slow]


@pytest.mark.soak
@pytest.mark.parametrize("folder", solved(slow=True), ids=lambda path: path.name)
def test_it_solves_to_what_its_page_says_in_time(folder: Path) -> None:
    """The larger ones, with the time that they take on two slow cores."""
    test_it_solves_to_what_its_page_says(folder)


@pytest.mark.parametrize("folder", solved(slow=False), ids=lambda path: path.name)
def test_it_solves_to_what_its_page_says(folder: Path) -> None:
    """A change of the mathematics or of the data must not change an answer without anybody noticing."""
    expected = expected_of(folder)
    plan = engine.solve(load(folder), gap=expected["gap"], time_limit=900 if expected.get("slow") else 300)
    assert plan.status == "optimal"
    assert plan.summary["audit"]["breaches"] == 0
    low, high = expected["objective"]
    assert low - 1e-6 <= plan.objective <= high + 1e-6
    assert (folder / "README.md").exists()


def test_quickstart_is_the_plan_made_by_hand() -> None:
    """The README works it out step by step; every amount is there."""
    plan = engine.solve(load(HOME / "quickstart"), gap=0)
    costs = {name: cost for name, cost in plan.costs.items() if cost}
    assert costs == pytest.approx({"purchases": 352, "storage": 10, "shortfall": 35, "projects": 21})
    bought = {
        (s, p): q for s, p, q in zip(plan.orders["source"], plan.orders["period"], plan.orders["quantity"], strict=True)
    }
    smelter = {("smelter output", "2028"): 6, ("smelter output", "2029"): 6}
    assert bought == pytest.approx({("imports", "2026"): 8, ("imports", "2027"): 14, **smelter})
    assert plan.balance["closing"].tolist() == pytest.approx([2, 6, 2, 0])
    assert plan.go["period"].tolist() == ["2026", "2027"]


def test_quickstart_without_the_smelter_is_the_same_as_written_out() -> None:
    """Two rows that delete take out all that the page about quickstart says; what they save is told there."""
    instance = load(HOME / "quickstart")
    projects = {"projects", "stages", "financing", "effects"}
    tables = {name: frame for name, frame in instance.tables.items() if name not in projects}
    for name in ("sources", "prices"):
        tables[name] = tables[name][tables[name]["source"] != "smelter output"]
    short = load(HOME / "quickstart-no-smelter")
    assert type(instance).from_tables("whole", short.settings.as_document(), tables).hash == short.hash


def test_the_plan_is_the_same_every_time(tmp_path: Path) -> None:
    """Same input, same plan: byte for byte, seconds aside."""
    plans: list[Plan] = [engine.solve(load(HOME / "quickstart"), gap=0) for _ in range(2)]
    for plan, name in zip(plans, "ab", strict=True):
        plan.summary["seconds"] = {}
        plan.write(tmp_path / name)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
