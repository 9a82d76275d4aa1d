"""The audit: clean on plans made by hand, and awake to every number, row, name and limit in them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from stockpile.plan.audit import audit, is_clean
from stockpile.plan.auditing.book import Book
from stockpile.plan.auditing.case import Case
from stockpile.plan.plan import TABLES
from stockpile.tree import Tree
from tests.plan.cases import CASES, made
from tests.plan.mutations import missed, with_cell, with_table
from tests.plan.plans import BUYING, Tables, ageing, buying, financed, messages


@pytest.mark.parametrize("name", CASES)
def test_a_plan_made_by_hand_is_clean(name: str) -> None:
    """A false alarm would make every true one worthless."""
    instance, plan = made(name)
    result = audit(instance, plan)
    assert messages(result) == []
    assert result.objective == pytest.approx(plan.objective, abs=1e-9)
    assert result.costs == pytest.approx(plan.costs, abs=1e-9)
    assert result.rows > 100


def test_the_costs_by_hand() -> None:
    """Purchases 18/1.1, not 18: money is discounted from the period it is paid in, and stock left from the end."""
    costs = audit(*buying()).costs
    assert costs["purchases"] == pytest.approx(16.363636363636363)
    assert costs["terminal_value"] == pytest.approx(-3.005259203606311)
    assert audit(*financed()).objective == pytest.approx(27.7)


def test_private_money_counts_where_all_is_counted() -> None:
    """The bank's 3 + 5 come on top of the 24 of public funds."""
    instance, plan = financed(perspective="all")
    result = audit(instance, plan)
    assert result.costs["projects"] == pytest.approx(32.0)
    assert "plan.json: the cost projects is 24 USD, but the tables make it 32 USD" in messages(result)


def test_duties_paid_to_oneself_do_not_count() -> None:
    """The duty that a public fund pays comes back to it; without a funds table it is a cost."""
    funds: Tables = {"funds": [{"fund": "unlimited"}], "budgets": [{"fund": "unlimited", "amount": 100}]}
    assert audit(*buying({**BUYING, **funds})).costs["duties"] == 0.0
    assert audit(*buying()).costs["duties"] == pytest.approx(1.8 / 1.1)


@pytest.mark.parametrize("name", CASES)
def test_every_changed_number_is_caught(name: str) -> None:
    """Any numeric column of any table, up and down; a row deleted, doubled, or without a number."""
    instance, plan = made(name)
    assert missed(instance, plan) == []


@pytest.mark.soak
@pytest.mark.parametrize("name", CASES)
def test_every_changed_number_of_a_last_row_is_caught(name: str) -> None:
    """What happens last is written down as carefully as what is largest."""
    instance, plan = made(name)
    assert missed(instance, plan, last=True) == []


@pytest.mark.parametrize("name", CASES)
def test_every_changed_name_is_caught(name: str) -> None:
    """Nodes, periods, names and labels, in the first row of every table."""
    instance, plan = made(name)
    for table in TABLES.values():
        for column in table.columns:
            if not column.is_amount and column.kind != "number" and len(plan.tables[table.name]):
                mutant = with_cell(plan, table.name, 0, column.name, "elsewhere")
                assert not is_clean(instance, mutant), f"{table.name}.{column.name}"


def first_with(table: str) -> str:
    """The first case whose plan has rows in a table; the first of all for a table without any."""
    return next((name for name in CASES if len(made(name)[1].tables[table])), next(iter(CASES)))


@pytest.mark.parametrize("table", TABLES)
def test_a_table_or_column_that_is_missing_is_caught(table: str) -> None:
    """Each table with rows, and each column of it; a table without rows must be there, too."""
    for name in dict.fromkeys([next(iter(CASES)), first_with(table)]):
        instance, plan = made(name)
        rest = {other: frame for other, frame in plan.tables.items() if other != table}
        assert f"the table {table} is missing" in messages(audit(instance, replace(plan, tables=rest)))
        for column in TABLES[table].names:
            frame = plan.tables[table].drop(columns=column)
            found = messages(audit(instance, with_table(plan, table, frame)))
            assert f"the table {table} has no column {column}" in found


def test_what_is_no_part_of_a_plan_is_caught() -> None:
    """An unknown table or column could hide what the audit does not read."""
    instance, plan = buying()
    more = with_table(plan, "bribes", plan.orders)
    assert messages(audit(instance, more)) == ["bribes is not a table of a plan"]
    extra = with_table(plan, "orders", plan.orders.assign(mood=1))
    assert messages(audit(instance, extra)) == ["mood is not a column of the table orders"]


def test_a_row_added_is_caught() -> None:
    """An order that nobody placed, too late to arrive: it adds up with nothing."""
    instance, plan = buying()
    row = pd.DataFrame([["2028", "2028", "mine", 1, 4.0, 2.0]], columns=TABLES["order_steps"].names)
    found = messages(audit(instance, with_table(plan, "order_steps", pd.concat([plan.order_steps, row]))))
    assert "2028: 4 t is ordered at mine although it would arrive after the horizon" in found
    assert "2028: 4 t is ordered at mine without the charge of an order" in found
    assert "2028: the order at mine is written as 0 t, but its price steps add up to 4 t" in found


def test_rounding_is_no_breach_and_a_thousandth_is() -> None:
    """Tables carry 9 decimals; the tolerance is a millionth of the amounts in a row."""
    instance, plan = buying()
    assert audit(instance, with_cell(plan, "stock", 1, "quantity", 8.5 + 4e-9)).clean
    assert not audit(instance, with_cell(plan, "stock", 1, "quantity", 8.501)).clean
    assert audit(instance, with_cell(plan, "stock", 1, "quantity", 8.501), tolerance=1e-2).clean


def test_slacks_say_what_binds() -> None:
    """8 of 9 t are ordered in 2026, and the first price step is full."""
    instance, plan = buying()
    slacks = audit(instance, plan).slacks
    values = slacks[["family", "key", "node", "slack", "limit", "unit"]].to_numpy(dtype=object).tolist()
    found = {(family, key, node): tuple(rest) for family, key, node, *rest in values}
    assert found["supply_capacity", ("mine",), "2026"] == (1.0, 9.0, "t")
    assert found["price_step_width", ("mine", 1), "2026"] == (0.0, 6.0, "t")
    assert ("price_step_width", ("mine", 2), "2026") not in found
    assert found["end_stock", ("ore",), "2028"] == (0.0, 4.0, "t")
    assert not {"cash_not_negative", "stock.quantity >= 0"} & {family for family, _, _ in found}
    assert slacks["period"].tolist() == slacks["node"].tolist()


def test_rows_can_be_looked_up() -> None:
    """The shelf-life row of 2026: 2 t at the close, and only the 2 t that came fresh may stay."""
    rows = [r for r in audit(*ageing()).find("shelf_life") if r.node == "2026"]
    assert [(r.key, r.left, r.right, r.sense, r.slack) for r in rows] == [(("ore",), 2.0, 2.0, "<=", 0.0)]


def test_paths_of_a_tree_are_followed() -> None:
    """Two futures of one past: each leaf sees the root and its own past, never its sibling."""
    instance, plan = buying()
    parent, period = np.array([-1, 0, 0, 1, 2]), np.array([0, 1, 1, 2, 2])
    tree = Tree(("r", "a", "b", "aa", "bb"), parent, period, np.array([1, 0.6, 0.4, 0.6, 0.4]), np.array([3, 4]))
    case = Case(instance, tree, plan, Book(tree.labels, 1e-6))
    values = np.array([[1.0, 10.0, 20.0, 100.0, 200.0]])
    assert case.so_far(values).tolist() == [[1.0, 11.0, 21.0, 111.0, 221.0]]
    assert case.before(values, 7.0).tolist() == [[7.0, 1.0, 1.0, 10.0, 20.0]]
    assert case.earlier(values, 2).tolist() == [[0.0, 0.0, 0.0, 1.0, 1.0]]
    assert case.final_weight.tolist() == pytest.approx([0.6 / 1.331, 0.4 / 1.331])


def test_a_plan_of_nonsense_gets_a_short_verdict() -> None:
    """Every row wrong: the first hundred of a kind are put into words, the rest counted."""
    instance, plan = ageing()
    junk = pd.concat([plan.stock.assign(good="gold")] * 100, ignore_index=True)
    found = messages(audit(instance, with_table(plan, "stock", junk)))
    assert len(found) < 250
    assert any(text.startswith("400 more rows of stock") for text in found)
