"""New instances: the same bytes for the same seed, the size that was asked for, nothing to warn of, and a plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockpile.engine import solve
from stockpile.instance import Instance, load
from stockpile.instance.generate import new_instance, random_instance
from stockpile.instance.schema import TABLES
from stockpile.instance.write import write
from stockpile.plan.audit import audit
from tests.sampling import every

SIZES = [(1, 1, 0), (1, 2, 0), (1, 2, 2), (2, 3, 3), (6, 12, 3), (20, 20, 6), (5, 60, 8)]


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """A benchmark that cannot be made again proves nothing; another seed must give another instance."""
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        write(random_instance(4, 16, 3, seed), tmp_path / name)
    assert content(tmp_path / "a") == content(tmp_path / "b")
    different = [
        name for name in content(tmp_path / "a") if content(tmp_path / "c").get(name) != content(tmp_path / "a")[name]
    ]
    assert {"demand.csv", "prices.csv", "goods.csv", "stages.csv"} <= set(different)


def test_more_rules_leave_the_core_as_it_is() -> None:
    """What a benchmark of the core measures does not change with the rules that come later."""
    core, more = random_instance(4, 16, 3, 7), random_instance(4, 16, 3, 7, "all")
    for name in ("goods", "demand", "prices", "stages"):
        known = core.table(name).dropna(axis=1, how="all")
        assert known.equals(more.table(name)[known.columns].head(len(known))), name
    assert len(more.tables) > len(core.tables)


def test_the_small_instance_is_the_same_everywhere(tmp_path: Path) -> None:
    """Its settings are kept twice, as text with comments and as values; they must not part."""
    made = new_instance(tmp_path / "a")
    new_instance(tmp_path / "b")
    assert content(tmp_path / "a") == content(tmp_path / "b")
    again = load(tmp_path / "a")
    assert again.settings == made.settings
    assert again.hash == made.hash


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", every(3, range(6)))
@pytest.mark.parametrize("rules", ["core", "all"])
def test_random_instances_have_the_size_asked_for_and_no_warnings(
    size: tuple[int, int, int], seed: int, rules: str
) -> None:
    """A warning would teach that warnings mean nothing, and a smaller instance would make a benchmark look fast."""
    goods, periods, projects = size
    instance = random_instance(goods, periods, projects, seed, rules)
    assert instance.warnings == ()
    assert len(instance.table("goods")) == goods
    assert instance.calendar.periods == periods
    assert len(instance.table("projects")) == projects
    assert len(set(instance.table("stages")["project"])) == projects


def test_a_long_horizon_stays_within_reason() -> None:
    """Growth over 2500 years would make numbers that no solver takes."""
    assert random_instance(1, 10_000, 0, 1).table("demand")["quantity"].max() < 10_000


@pytest.fixture(scope="module")
def several() -> list[Instance]:
    """Instances of middling size with all rules."""
    return [random_instance(6, 16, 6, seed, "all") for seed in range(12)]


def test_every_table_and_almost_every_column_occurs(several: list[Instance]) -> None:
    """What no generated instance holds is never tried by those who test with them."""
    assert {name for instance in several for name in instance.tables} == set(TABLES)


def test_seeds_are_not_alike(several: list[Instance]) -> None:
    """Goods that age and that do not, lumps and none, one store and more: within one size all occur."""
    lives = [v for i in several for v in i.table("goods")["shelf_life"].notna()]
    lumps = [v for i in several for v in i.table("sources")["order_cost"] > 0]
    assert {"incremental", "all-units"} <= {v for i in several for v in i.table("sources")["discount"]}
    assert {"least-cost", "least-shortfall"} == {i.settings.objective.goal for i in several}
    assert {"fund", "market"} <= {v for i in several for v in i.table("sources")["paid_by"]}
    lots = [v for i in several for v in i.table("sources")["lot_size"] > 0]
    late = [v for i in several for v in i.table("stages")["pay_on"]]
    assert {True, False} == set(lives) == set(lumps) == set(lots)
    assert {"release", "verification"} == set(late)
    assert len({instance.hash for instance in several}) == len(several)


@pytest.mark.parametrize("size", [(1, 1, 0), (1, 2, 0), (1, 2, 1), (6, 12, 3), (2, 40, 2)])
def test_random_instances_have_a_plan_that_passes_its_audit(size: tuple[int, int, int]) -> None:
    """They are said to be feasible, and the smallest sizes are where a model forgets a case."""
    for seed, rules in ((1, "core"), (2, "core"), (3, "all"), (4, "all")):
        instance = random_instance(*size, seed=seed, rules=rules)
        plan = solve(instance, gap=0.05, time_limit=20, threads=1)
        assert audit(instance, plan).breaches == []
        assert plan.objective > 0


def test_the_small_instance_shows_what_a_reserve_decides(starter: Path) -> None:
    """A newcomer's first plan buys, sells ageing stock, draws on credit, finances the plant and leaves a shortfall."""
    plan = solve(load(starter), threads=1)
    assert plan.status == "optimal"
    used = {
        name for name in ("orders", "rotation", "go", "disbursements", "effects", "shortfall") if len(plan.tables[name])
    }
    assert {"orders", "go", "disbursements", "effects"} <= used
    assert audit(load(starter), plan).breaches == []
