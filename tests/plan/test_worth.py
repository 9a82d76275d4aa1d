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
from stockpile.plan.audit import audit
from stockpile.plan.places import LESS, MORE
from stockpile.plan.worth import Limits
from stockpile.solver.compile import Compiled, compile_model
from stockpile.solver.highs import Options, run
from stockpile.tree import build_tree
from tests.models.cases import CASES
from tests.plan.worth_cases import WORTH_CASES

STEP = 1e-3
#: Case, family and key of a limit; the table, column and cells of the rows that say it.
LIMITS: list[tuple[str, str, list[str], str, str, dict[str, Any]]] = [
    ("shared_market", "market_step_width", ["spot", "1"], "markets", "width", {"step": 1}),
    ("normal_first", "market_step_width", ["spot", "1"], "markets", "width", {"step": 1}),
    ("normal_first", "market_step_width", ["spot", "2"], "markets", "width", {"step": 2}),
    ("lean_magnets", "price_step_width", ["spot", "1"], "prices", "width", {"source": "spot", "step": 1}),
    ("small_order", "minimum_order", ["mine"], "sources", "min_order", {"source": "mine"}),
    ("tight_stock", "store_capacity", ["yard"], "stores", "capacity", {"store": "yard"}),
    ("tight_stock", "stock_target", ["gas"], "targets", "quantity", {"good": "gas"}),
    ("tight_stock", "end_stock", ["gas"], "goods", "end_stock", {"good": "gas"}),
    ("release_rates", "store_release", ["cavern"], "stores", "release_rate", {"store": "cavern"}),
    ("transfers", "transfer_capacity", ["ore", "port", "cavern"], "transfers", "capacity", {"good": "ore"}),
    ("transfers", "transfer_capacity", ["gas", "port", "cavern"], "transfers", "capacity", {"cost": 0.5}),
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
    ("sale_events", "sale_depth", ["ore", "sale"], "rotation", "depth", {"good": "ore", "mode": "sale"}),
    ("ages", "sale_depth", ["gas", "sale"], "rotation", "depth", {"good": "gas", "mode": "sale"}),
    ("exchange", "least_lot", ["ore", "exchange"], "rotation", "min_lot", {"good": "ore", "mode": "exchange"}),
    ("traced", "exchange_depth", ["magnet"], "rotation", "depth", {"good": "magnet", "mode": "exchange"}),
    ("cheaper_steps", "price_step_width", ["mine", "1"], "prices", "width", {"step": 1}),
    ("cheaper_steps", "price_step_width", ["mine", "2"], "prices", "width", {"step": 2}),
    ("cheaper_steps", "price_step_width", ["mine", "3"], "prices", "width", {"step": 3}),
    ("lends", "exchange_limit", ["ore"], "rotation", "credit_limit", {"good": "ore"}),
    ("sold_out", "sale_step_width", ["ore", "2"], "sales", "width", {"step": 2}),
    ("discounts", "order_reaches_bracket", ["rig", "2"], "prices", "width", {"source": "rig", "step": 1}),
    ("offtake", "take_or_pay", ["old"], "contracts", "min_rate", {"contract": "old"}),
    ("credited", "greatest_rate", ["offtake"], "contracts", "max_rate", {"contract": "offtake"}),
    ("answered", "greatest_rate", ["option"], "contracts", "max_rate", {"contract": "option"}),
    ("bankable", "greatest_rate", ["bridge"], "contracts", "max_rate", {"contract": "bridge"}),
    ("bankable", "greatest_rate", ["swap"], "contracts", "max_rate", {"contract": "swap"}),
    ("bankable", "greatest_rate", ["option"], "contracts", "max_rate", {"contract": "option"}),
    ("participants", "entitlement", ["plant", "ore"], "accounts", "entitlement", {"good": "ore"}),
    (
        "credited",
        "cap_of_incentive",
        ["tight credit", "smelter", "slag", "treasury"],
        "incentives",
        "cap",
        {"incentive": "tight credit"},
    ),
    (
        "credited_in_futures",
        "cap_of_incentive",
        ["ore credit", "mill", "ore", "treasury"],
        "incentives",
        "cap",
        {"incentive": "ore credit"},
    ),
]
#: Where the cost bends at the plan to more sides than one, so that its slope is neither of the two.
KINKS = {
    ("exchange", "exchange_limit", "ore"),
    ("exchange", "least_lot", "ore"),
    ("committed", "credit_limit", "agency"),
    ("committed", "commitment_limit", "treasury"),
    ("bankable", "greatest_rate", "bridge"),
    ("bankable", "greatest_rate", "option"),
}


@cache
def planned(case: str) -> tuple[Instance, Found]:
    instance = ({**CASES, **WORTH_CASES})[case]()
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
    return cost_of(compile_model(build_model(data)), found) * data.money_scale


def cost_of(compiled: Compiled, found: Found) -> float:
    """The least of the arrays of a model with the integers of a plan, infinite where there is none."""
    whole, planned_at = compiled.integer, dict(zip(found.point.compiled.column_names, found.point.x, strict=True))
    lower, upper = compiled.lower.copy(), compiled.upper.copy()
    names = [name for name, flag in zip(compiled.column_names, whole, strict=True) if flag]
    lower[whole] = upper[whole] = np.round([planned_at[name] for name in names])
    outcome = run(replace(compiled, lower=lower, upper=upper, integer=np.zeros_like(whole)), Options(gap=0.0))
    return outcome.objective if outcome.x is not None else np.inf


def test_a_step_that_must_be_full_is_not_worth_its_width() -> None:
    """Wider it would cost more: what is left of the order is no cheaper for it."""
    (instance, found), (told, way) = planned("full_step"), worth("full_step", "price_step_width", ["mine", "1"])
    wider = least_cost(moved(instance, "prices", "width", {"step": 1}, STEP), found)
    assert wider > found.plan.objective
    assert (told, way) == (0.0, MORE)


def test_what_a_market_takes_in_all_its_steps_has_no_worth_beside_theirs() -> None:
    """It is no cell, but the sum of the widths."""
    rows = planned("sold_out")[1].plan.summary["binding"]["rows"]
    assert {row["family"]: "worth" in row for row in rows} == {"sale_step_width": True, "sale_depth": False}


def test_a_longer_wait_is_worth_what_the_plan_says() -> None:
    """The rows of the longest wait moved a little: no cell of an instance says that some demand may wait a period longer."""
    (instance, found), (told, way) = planned("waiting"), worth("waiting", "longest_wait", ["plant", "ore"])
    compiled = found.point.compiled
    more = compiled.row_upper.copy()
    rows = compiled.families["longest_wait"]
    more[rows.start : rows.stop] += STEP
    data = make_data(instance, found.point.tree)
    gained = (cost_of(compiled, found) - cost_of(replace(compiled, row_upper=more), found)) * data.money_scale
    assert way == MORE
    assert told > 0
    assert gained / (STEP * data.scale.good[data.stock.goods.index("ore")]) == pytest.approx(told, rel=1e-5)


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
    if (case, family, key[0]) not in KINKS:
        assert min(abs((base - better) / STEP - told), abs((worse - base) / STEP - told)) <= 1e-5 * told


def test_a_hundredth_of_the_bound_of_a_grade_is_worth_what_the_plan_says() -> None:
    """Both bounds of a blend, each moved by a part of itself."""
    instance, found = planned("blended")
    base = found.plan.objective
    for end, family, attribute, sign in (
        ("max", "greatest_grade", "P", STEP),
        ("min", "least_grade", "grade", -STEP),
    ):
        told, way = worth("blended", family, ["mixing", attribute])
        assert told > 0
        assert way == (MORE if sign > 0 else LESS)
        gains = []
        for by in (sign, -sign):
            blend = instance.table("blend").copy()
            rows = (blend["process"] == "mixing") & (blend["attribute"] == attribute) & blend[end].notna()
            blend.loc[rows, end] *= 1 + by / 100
            gains.append((base - least_cost(with_tables(instance, {"blend": blend}), found)) / STEP)
        assert gains[0] <= told * (1 + 1e-5) + 1e-6
        assert -gains[1] >= told * (1 - 1e-5) - 1e-6
        assert min(abs(gains[0] - told), abs(-gains[1] - told)) <= 1e-3 * told


def test_what_comes_back_of_use_is_worth_what_the_plan_says() -> None:
    """Use of the two years before the horizon, of which shares come back in the two years that have no more than that."""
    (instance, found), (told, _) = planned("magnets_back"), worth("magnets_back", "ordered_of_returns", ["scrap"])
    table = instance.table("returns")
    share = {
        lag: float(s) for k, lag, s in zip(table["source"], table["lag"], table["share"], strict=True) if k == "scrap"
    }
    more = [moved(instance, "opening_use", "quantity", {"age": age}, STEP) for age in ("1", "2")]
    younger, older = [(found.plan.objective - least_cost(each, found)) / STEP for each in more]
    first = older / share["2"]
    second = (younger - share["1"] * first) / share["2"]
    assert first > 0
    assert second > 0
    assert first + second == pytest.approx(told, rel=1e-5)


@pytest.mark.parametrize("contract", ["toll", "offtake"])
def test_a_contract_of_one_rate_is_worth_less_of_it(contract: str) -> None:
    """A unit less of the least rate may be called all the same, but need not be paid for."""
    (instance, found), (told, way) = planned("bankable"), worth("bankable", "take_or_pay", [contract])
    less = moved(instance, "contracts", "min_rate", {"contract": contract}, -STEP)
    assert way == LESS
    assert told > 0
    assert (found.plan.objective - least_cost(less, found)) / STEP == pytest.approx(told, rel=1e-5)


@pytest.mark.parametrize(
    ("case", "family"),
    [
        ("exchange", "shelf_life"),
        ("tight_stock", "shelf_life"),
        ("credit", "maturity"),
        ("opening_money", "maturity"),
        ("traced", "traced_shelf_life"),
    ],
)
def test_a_limit_that_no_cell_says_has_its_slack_in_the_model(case: str, family: str) -> None:
    """What is left of it by the audit is what is left of the row that it stands for, at every node."""
    instance, found = planned(case)
    data = make_data(instance, found.point.tree)
    compiled, x = found.point.compiled, found.point.x
    limits = Limits(instance, data, found.point.model, compiled, x)
    left, checked = compiled.row_upper - compiled.activity(x), 0
    for row in audit(instance, found.plan).find(family):
        stand = limits.stand(family, row.key, row.unit, [row.node])
        assert stand is not None
        for (move,) in stand.bundles:
            assert (move.upper, move.lower, move.column, move.room) == (True, False, False, 1.0)
            assert left[move.at] * stand.unit == pytest.approx(row.slack, abs=1e-6)
            checked += 1
    assert checked >= 2


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
