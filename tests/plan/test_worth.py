"""What limits are worth in plan.json: each is held against a re-solve of the instance with the limit moved and integers fixed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from stockpile.data import make_data
from stockpile.engine import Found, find
from stockpile.instance import Instance
from stockpile.models.build import build_model
from stockpile.plan.worth import LESS, MORE
from stockpile.solver.compile import compile_model
from stockpile.solver.highs import Options, run
from stockpile.tree import build_tree
from tests.models.cases import CASES

STEP = 1e-3
#: Case, family and key of a limit; the table, column and cells of the rows that say it.
LIMITS: list[tuple[str, str, list[str], str, str, dict[str, Any]]] = [
    ("shared_market", "market_step_width", ["spot", "1"], "markets", "width", {"step": 1}),
    ("lean_magnets", "price_step_width", ["spot", "1"], "prices", "width", {"source": "spot", "step": 1}),
    ("small_order", "minimum_order", ["mine"], "sources", "min_order", {"source": "mine"}),
    ("tight_stock", "store_capacity", ["yard"], "stores", "capacity", {"store": "yard"}),
    ("tight_stock", "stock_target", ["gas"], "targets", "quantity", {"good": "gas"}),
    ("tight_stock", "end_stock", ["gas"], "goods", "end_stock", {"good": "gas"}),
    ("release_rates", "store_release", ["cavern"], "stores", "release_rate", {"store": "cavern"}),
    ("transfers", "transfer_capacity", ["ore", "port", "cavern"], "transfers", "capacity", {"good": "ore"}),
    ("transfers", "storage_capacity", ["ore", "port"], "storage", "capacity", {"good": "ore", "store": "port"}),
    ("furnaces", "process_capacity", ["old mixer"], "capacity", "capacity", {"process": "old mixer"}),
    ("separated", "least_run", ["metal making"], "processes", "min_run", {"process": "metal making"}),
    ("shared_machine", "resource_capacity", ["machine"], "resources", "capacity", {"resource": "machine"}),
    ("exchange", "exchange_limit", ["ore"], "rotation", "credit_limit", {"good": "ore"}),
    ("committed", "commitment_limit", ["treasury"], "funds", "commitment_limit", {"fund": "treasury"}),
    ("committed", "credit_limit", ["agency"], "funds", "credit_limit", {"fund": "agency"}),
    ("credit", "payment_limit", ["grant"], "funds", "limit", {"fund": "grant"}),
    ("sourced", "policy_at_least", ["works of Z"], "policies", "at_least", {"policy": "works of Z"}),
    ("pinned", "order_required", ["a"], "pins", "at_least", {"pin": "a"}),
    ("pinned", "order_forbidden", ["b"], "pins", "at_most", {"pin": "b"}),
    ("pinned_work", "repayment_forbidden", ["f"], "pins", "at_most", {"pin": "f"}),
]
#: Where the cost bends at the plan to more sides than one, so that its slope is neither of the two.
KINKS = {("exchange", "exchange_limit"), ("committed", "credit_limit"), ("committed", "commitment_limit")}


@cache
def planned(case: str) -> tuple[Instance, Found]:
    instance = CASES[case]()
    return instance, find(instance, gap=0.0)


def worth(case: str, family: str, key: list[str]) -> tuple[float, str]:
    """What plan.json says."""
    rows = planned(case)[1].plan.summary["binding"]["rows"]
    (row,) = [row for row in rows if (row["family"], row["key"]) == (family, key)]
    return row["worth"], row["way"]


def with_tables(instance: Instance, tables: dict[str, Any]) -> Instance:
    settings = {**instance.settings.as_document(), "name": instance.name, "title": instance.title}
    return Instance.from_tables(instance.name, settings, {**instance.tables, **tables})


def moved(instance: Instance, table: str, column: str, cells: dict[str, Any], step: float) -> Instance:
    """The instance with the amounts in some rows of a column greater by a step."""
    frame = instance.table(table).copy()
    chosen = frame[column].notna()
    for name, value in cells.items():
        chosen &= frame[name] == value
    assert chosen.any()
    frame.loc[chosen, column] = frame.loc[chosen, column].astype(float) + step
    return with_tables(instance, {table: frame})


def least_cost(instance: Instance, found: Found) -> float:
    """Of an instance like that of a plan with the integers of the plan (money), infinite where it has no plan."""
    data = make_data(instance, build_tree(instance))
    compiled = compile_model(build_model(data))
    whole = compiled.integer
    lower, upper = compiled.lower.copy(), compiled.upper.copy()
    lower[whole] = upper[whole] = np.round(found.point.x[whole])
    fixed = replace(compiled, lower=lower, upper=upper, integer=np.zeros_like(whole))
    outcome = run(fixed, Options(gap=0.0))
    return outcome.objective * data.money_scale if outcome.x is not None else np.inf


@pytest.mark.parametrize(("case", "family", "key", "table", "column", "cells"), LIMITS)
def test_a_unit_more_is_worth_what_the_plan_says(
    case: str, family: str, key: list[str], table: str, column: str, cells: dict[str, Any]
) -> None:
    """Between what a little more gains and what a little less costs lies the worth of the limit, the other way round of what is asked for."""
    (instance, found), (told, way) = planned(case), worth(case, family, key)
    assert told > 0
    sign = STEP if way == MORE else -STEP
    base = found.plan.objective
    better = least_cost(moved(instance, table, column, cells, sign), found)
    worse = least_cost(moved(instance, table, column, cells, -sign), found)
    assert (base - better) / STEP <= told * (1 + 1e-5) + 1e-6
    assert (worse - base) / STEP >= told * (1 - 1e-5) - 1e-6
    if (case, family) not in KINKS:
        assert min(abs((base - better) / STEP - told), abs((worse - base) / STEP - told)) <= 1e-5 * told


def test_a_unit_of_money_is_worth_what_it_saves() -> None:
    """Cash that is used up in one year: the budget of that year is what is moved."""
    (instance, found), (told, way) = planned("dropped"), worth("dropped", "cash_not_negative", ["treasury"])
    (row,) = [r for r in found.plan.summary["binding"]["rows"] if r["family"] == "cash_not_negative"]
    assert (way, row["first"], row["last"], row["per"]) == (MORE, "2029", "2029", "USD")
    more = [*instance.table("budgets").to_dict("records"), {"fund": "treasury", "from": "2029", "amount": STEP}]
    assert least_cost(instance, found) == pytest.approx(found.plan.objective)
    saved = found.plan.objective - least_cost(with_tables(instance, {"budgets": more}), found)
    assert saved / STEP == pytest.approx(told, rel=1e-5)


def test_what_has_no_unit_has_no_worth() -> None:
    """A stage that is required binds, and is told without a number."""
    rows = planned("pinned")[1].plan.summary["binding"]["rows"]
    assert [row for row in rows if row["family"] == "release_required"]
    assert all(("worth" in row) == (row["family"] not in ("release_required", "shelf_life")) for row in rows)
    assert {row["way"] for row in rows if "way" in row} == {MORE, LESS}


def test_a_plan_of_least_shortfall_tells_worth_at_its_shortfall() -> None:
    """The second phase has a row more than the model; what it proves is worth in cost."""
    instance = CASES["tight_stock"]().changed(["objective.goal=least-shortfall"])
    rows = find(instance, gap=0.0).plan.summary["binding"]["rows"]
    assert any(row.get("worth", 0.0) > 0 for row in rows)
