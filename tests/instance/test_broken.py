"""Every kind of broken instance is refused with its place and with what would be right, and all faults come at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockpile.errors import DataError, Problem
from stockpile.instance import load
from stockpile.instance.generate import random_instance
from stockpile.instance.write import write
from tests.instance.broken import BROKEN
from tests.instance.broken_cohorts import COHORTS
from tests.instance.broken_contracts import CONTRACTS
from tests.instance.broken_demand import DEMAND
from tests.instance.broken_incentives import INCENTIVES
from tests.instance.broken_instruments import INSTRUMENTS
from tests.instance.broken_markets import MARKETS
from tests.instance.broken_money import MONEY
from tests.instance.broken_orders import ORDERS
from tests.instance.broken_pins import PINS
from tests.instance.broken_policies import POLICIES
from tests.instance.broken_processing import PROCESSING
from tests.instance.broken_resources import RESOURCES
from tests.instance.broken_returns import RETURNS
from tests.instance.broken_rotation import ROTATION
from tests.instance.broken_scenarios import FUTURES
from tests.instance.broken_stages import STAGES
from tests.instance.broken_stores import STORES
from tests.instance.folders import both, cell, content, instead, more


def problems_of(folder: Path) -> list[Problem]:
    """The faults of a folder, which must have some."""
    with pytest.raises(DataError) as caught:
        load(folder)
    return caught.value.problems


def test_the_folder_is_good_before_it_is_broken(folder: Path) -> None:
    """Otherwise the tests below would find faults of its own."""
    assert load(folder).warnings == ()


ALL = {
    **BROKEN,
    **ORDERS,
    **MONEY,
    **DEMAND,
    **MARKETS,
    **STAGES,
    **FUTURES,
    **ROTATION,
    **COHORTS,
    **PINS,
    **STORES,
    **RESOURCES,
    **INSTRUMENTS,
    **INCENTIVES,
    **PROCESSING,
    **RETURNS,
    **POLICIES,
    **CONTRACTS,
}


@pytest.mark.parametrize("name", ALL)
def test_a_broken_instance_is_refused_where_it_is_broken(name: str, folder: Path) -> None:
    """Without the check a planner would search the fault by hand, or get a plan for other data than was meant."""
    broken = ALL[name]
    broken.change(folder)
    problems = problems_of(folder)
    places = [(p.file, p.row, p.column) for p in problems]
    assert (broken.file, broken.row, broken.column) in places
    told = [p.message for p in problems if (p.file, p.row, p.column) == (broken.file, broken.row, broken.column)]
    assert any(broken.words in message for message in told), told
    assert all(len(str(problem)) < 1000 and str(problem).isprintable() for problem in problems)


def test_a_fault_has_no_echo(folder: Path) -> None:
    """A table that cannot be read is one fault, not one more for every row that refers to it."""
    content("goods.csv", b"")(folder)
    assert [p.file for p in problems_of(folder)] == ["goods.csv"]


def test_all_faults_come_in_one_pass(folder: Path) -> None:
    """Six faults of six kinds in five files are told together: otherwise the planner would mend and run six times."""
    both(
        instead("instance.toml", "gap =", "gpa ="),
        cell("demand", 2, "quantity", "-1"),
        cell("duties", 2, "from", "01/02/2027"),
        cell("supply", 2, "source", "recycle"),
        cell("supply", 2, "capacity", "5%"),
        cell("tiers", 3, "penalty", "90"),
    )(folder)
    assert {(p.file, p.row, p.column) for p in problems_of(folder)} == {
        ("instance.toml", None, "solver.gpa"),
        ("demand.csv", 2, "quantity"),
        ("duties.csv", 2, "from"),
        ("supply.csv", 2, "source"),
        ("supply.csv", 2, "capacity"),
        ("tiers.csv", 3, "penalty"),
    }


def test_rules_between_sound_tables_are_told_beside_broken_cells(folder: Path) -> None:
    """A broken cell hides only the rules that read its table: a falling price and an expired stock are told too."""
    both(
        cell("sectors", 2, "sector", ""),
        cell("prices", 3, "price", "1"),
        cell("opening_stock", 2, "age", "9y"),
        more("projects.csv", "mine,,,,\n"),
    )(folder)
    assert [p.file for p in problems_of(folder)] == ["opening_stock.csv", "prices.csv", "sectors.csv", "projects.csv"]


def test_a_thousand_faults_of_one_kind_are_told_shortly(folder: Path) -> None:
    """A wrong column in a long table would otherwise scroll every other fault away."""
    rows = "".join(f"motors,Dy oxide,2027Q1,-{i},,\n" for i in range(1, 1001))
    both(more("demand.csv", rows), cell("goods", 2, "unit", "lbs"))(folder)
    problems = problems_of(folder)
    assert len(problems) == 22
    assert [p.message for p in problems if p.file == "demand.csv"][-1] == "and 980 more like these"
    assert any(p.file == "goods.csv" for p in problems)


def test_many_unknown_names_and_keys_are_found_quickly(folder: Path) -> None:
    """Looking for the nearest name of 50,000 unknown ones would take minutes; twenty are enough."""
    names = [f"sector {i:05}" for i in range(50_000)]
    content("sectors.csv", "sector\n" + "\n".join(names) + "\n")(folder)
    content("demand.csv", "sector,good,quantity\n" + "".join(f"{n}x,Dy oxide,1\n" for n in names))(folder)
    assert len(problems_of(folder)) < 50


@pytest.mark.parametrize(
    ("table", "column", "value", "words"),
    [
        ("storage", "store", "depot 9", "did you mean 'depot 1'?"),
        ("stages", "pay_on", "realease", "did you mean 'release'?"),
        ("financing", "fund", "treasure", "did you mean 'treasury'?"),
        ("requires", "needs_stage", "9", "has no stage 9"),
        ("effects", "ramp", "soon", "not a duration"),
        ("targets", "cover", "-60", "is negative"),
        ("sources", "lead_time", "-1", "not a duration"),
    ],
)
def test_random_instances_are_checked_alike(table: str, column: str, value: str, words: str, tmp_path: Path) -> None:
    """The checks hold for any instance, not only for the small one."""
    write(random_instance(3, 24, 4, 5), tmp_path / "random")
    cell(table, 2, column, value)(tmp_path / "random")
    assert any(
        (p.file, p.row, p.column) == (f"{table}.csv", 2, column) and words in p.message
        for p in problems_of(tmp_path / "random")
    )


def test_records_are_numbered_as_a_spreadsheet_numbers_them(folder: Path) -> None:
    """Blank records are passed over and still counted; a line break within quotes makes no record."""
    text = 'sector,good,quantity,note\n\n,,,\ndefence,Dy oxide,1,"two\nlines"\n,,,\nmotors,Dy oxide,-1,\n'
    content("demand.csv", text)(folder)
    assert [(p.row, p.column) for p in problems_of(folder)] == [(4, "note"), (6, "quantity")]


@pytest.mark.parametrize("where", ["nowhere", "file", "x" * 300, "nul\0"])
def test_what_is_no_folder_is_refused(where: str, tmp_path: Path) -> None:
    """A mistyped path is bad input like any other, whatever the system thinks of it."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    problem = problems_of(tmp_path / where)[0]
    assert "folder" in problem.message or "too long" in problem.message or "null byte" in problem.message
