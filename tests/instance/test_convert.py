"""Views: step functions, rates, units, interest and loss, against numbers worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stockpile.errors import DataError
from stockpile.instance import Instance

Rows = list[dict[str, Any]]


def made(
    step: str = "quarter",
    start: str = "2026-01-01",
    periods: int = 8,
    time: str = "year",
    units: tuple[str, str, str] = ("t", "USD/kg", "MUSD"),
    economics: dict[str, Any] | None = None,
    **tables: Rows,
) -> Instance:
    """An instance of one good in tonnes and one in kilograms, with some tables of its own."""
    settings = {
        "format": 1,
        "horizon": {"start": start, "periods": periods, "step": step},
        "units": dict(zip(("quantity", "price", "money"), units, strict=True)) | {"time": time},
        "economics": economics or {},
    }
    base: dict[str, Rows] = {
        "goods": [{"good": "graphite"}, {"good": "gallium", "unit": "kg"}],
        "stores": [{"store": "depot"}],
        "sources": [{"source": "mine", "good": "graphite"}, {"source": "smelter", "good": "gallium"}],
        "prices": [{"source": "mine", "price": 9}, {"source": "smelter", "price": 900}],
        "sectors": [{"sector": "all"}],
        "demand": [{"sector": "all", "good": "graphite", "quantity": 40}],
    }
    return Instance.from_tables("made", settings, {**base, **tables})


def wanted(*rows: tuple[str | None, str | None, float], **options: Any) -> list[float]:
    """Demand by period of rows of from, until and quantity."""
    demand = [{"sector": "all", "good": "graphite", "from": a, "until": b, "quantity": q} for a, b, q in rows]
    instance = made(demand=demand, time="period", **options)
    return [float(v) for v in instance.series("demand", "quantity", 0.0)[1][0]]


def test_a_row_holds_until_the_next_of_its_key() -> None:
    """In whatever order the rows stand; before the first nothing is wanted."""
    assert wanted(("2027Q1", None, 5), ("2026Q2", None, 3)) == [0, 3, 3, 3, 5, 5, 5, 5]
    assert wanted((None, None, 1), ("2026-04-02", None, 2)) == [1, 1, 2, 2, 2, 2, 2, 2]


def test_until_is_exclusive_and_ends_a_row_early() -> None:
    """``until`` a period's first day leaves that period out; one that no period starts on or after is the end."""
    assert wanted((None, "2026Q3", 4)) == [4, 4, 0, 0, 0, 0, 0, 0]
    assert wanted((None, "2026-07-02", 4)) == [4, 4, 4, 0, 0, 0, 0, 0]
    assert wanted((None, "2031", 4)) == [4] * 8
    assert wanted((None, "2026Q2", 4), ("2026Q4", None, 6)) == [4, 0, 0, 6, 6, 6, 6, 6]
    assert wanted((None, "2027Q3", 4), ("2026Q2", "2026Q3", 6)) == [4, 6, 0, 0, 0, 0, 0, 0]


def test_horizons_that_do_not_start_in_january() -> None:
    """A US fiscal year from October, months from the middle of May, weeks over New Year."""
    assert wanted(("2026", None, 5), start="2025-10-01", periods=3) == [0, 5, 5]
    assert wanted(("2027-06-15", "2027-07", 5), start="2027-05-15", periods=3, step="month") == [0, 5, 0]
    assert wanted(("2027-W01", None, 5), start="2026-12-21", periods=4, step="week") == [0, 0, 5, 5]


@pytest.mark.parametrize(
    ("step", "time", "amount"),
    [
        ("year", "year", 40.0),
        ("quarter", "year", 10.0),
        ("month", "year", 40 / 12),
        ("week", "year", 40 * 7 / 365.25),
        ("quarter", "month", 120.0),
        ("quarter", "period", 40.0),
        ("week", "day", 280.0),
        ("month", "quarter", 40 / 3),
        ("year", "week", 40 * 365.25 / 7),
    ],
)
def test_a_rate_times_the_length_of_a_period_is_an_amount(step: str, time: str, amount: float) -> None:
    """40 t a year are 10 t a quarter and 7/365.25 of 40 t a week; ``period`` is already an amount."""
    rows = [{"source": "mine", "capacity": 40}]
    instance = made(step=step, time=time, supply=rows)
    assert instance.view("demand")["quantity"].tolist() == [pytest.approx(amount)]
    assert instance.series("supply", "capacity", np.inf)[1][0].tolist() == [pytest.approx(amount)] * 8


@pytest.mark.parametrize(
    ("step", "time", "loss", "interest"),
    [
        ("year", "year", 0.1, 0.1),
        ("quarter", "year", 1 - 0.9**0.25, 1.1**0.25 - 1),
        ("month", "year", 1 - 0.9 ** (1 / 12), 1.1 ** (1 / 12) - 1),
        ("year", "quarter", 1 - 0.9**4, 1.1**4 - 1),
        ("quarter", "period", 0.1, 0.1),
    ],
)
def test_losses_and_interest_compound(step: str, time: str, loss: float, interest: float) -> None:
    """Four quarters of loss leave the 90 % that a year leaves; four quarters of interest make its 10 %."""
    goods: list[dict[str, Any]] = [{"good": "graphite", "loss_rate": 0.1}, {"good": "gallium", "unit": "kg"}]
    funds = [{"fund": "bank", "kind": "credit", "credit_limit": 5, "interest": 0.1}]
    instance = made(step=step, time=time, goods=goods, funds=funds)
    assert instance.view("goods")["loss_rate"].tolist() == [pytest.approx(loss), 0.0]
    assert instance.view("funds")["interest"].tolist() == [pytest.approx(interest)]


def test_a_good_in_kilograms_in_an_instance_in_tonnes() -> None:
    """500 kg a year are 0.125 t a quarter; prices are per kilogram for both, so 900 USD/kg is 0.9 MUSD/t."""
    instance = made(
        demand=[{"sector": "all", "good": "gallium", "quantity": 500}],
        supply=[{"source": "smelter", "capacity": 2000}, {"source": "mine", "capacity": 2000}],
        storage=[{"good": "gallium", "store": "depot", "capacity": 300, "holding_cost": 8}],
        opening_stock=[{"good": "gallium", "store": "depot", "quantity": 250}],
    )
    assert instance.view("demand")["quantity"].tolist() == [0.125]
    assert instance.view("supply")["capacity"].tolist() == [0.5, 500.0]
    assert instance.view("prices")["price"].tolist() == pytest.approx([0.009, 0.9])
    assert instance.view("storage")[["capacity", "holding_cost"]].iloc[0].tolist() == pytest.approx([0.3, 0.002])
    assert instance.view("opening_stock")["quantity"].tolist() == [0.25]
    assert instance.price_factor == 0.001


def test_money_and_stores_are_not_touched_by_a_goods_unit() -> None:
    """A store's capacity is in the instance's unit, an order's charge in its money, whatever the good is counted in."""
    sources: list[dict[str, Any]] = [
        {"source": "mine", "good": "graphite"},
        {"source": "smelter", "good": "gallium", "order_cost": 0.25, "min_order": 40},
    ]
    instance = made(sources=sources, stores=[{"store": "depot", "capacity": 7}])
    assert instance.view("sources")[["order_cost", "min_order"]].iloc[1].tolist() == [0.25, 0.04]
    assert instance.view("stores")["capacity"].tolist() == [7.0]


def test_effects_have_the_unit_of_what_they_add_to() -> None:
    """800 kg a year of gallium are 0.2 t a quarter, 5 t of room stay 5 t, 2 MUSD of revenue a year are 0.5 a quarter."""
    instance = made(
        projects=[{"project": "p"}],
        stages=[{"project": "p", "stage": 1, "duration": "1", "cost": 1}],
        funds=[{"fund": "f"}],
        effects=[
            {"project": "p", "after": 1, "kind": "supply", "name": "smelter", "amount": 800},
            {"project": "p", "after": 1, "kind": "capacity", "name": "depot", "amount": 5},
            {"project": "p", "after": 1, "kind": "revenue", "name": "f", "amount": 2},
        ],
    )
    assert instance.view("effects")["amount"].tolist() == pytest.approx([0.2, 5.0, 0.5])


@pytest.mark.parametrize(
    ("row", "paid"),
    [
        ({"amount": 6}, [6, 0, 0, 0, 0, 0, 0, 0]),
        ({"amount": 6, "every": "period"}, [6] * 8),
        ({"amount": 6, "every": "year"}, [6, 0, 0, 0, 6, 0, 0, 0]),
        ({"amount": 6, "every": "year", "from": "2026-10-01"}, [0, 0, 0, 6, 0, 0, 0, 6]),
        ({"amount": 6, "every": "year", "from": "2026-02-15"}, [0, 6, 0, 0, 0, 6, 0, 0]),
        ({"amount": 6, "every": "year", "until": "2027Q1"}, [6, 0, 0, 0, 0, 0, 0, 0]),
        ({"amount": 6, "every": "period", "from": "2026Q3", "until": "2027Q1"}, [0, 0, 6, 6, 0, 0, 0, 0]),
    ],
)
def test_budgets_are_paid_on_their_days(row: dict[str, Any], paid: list[float]) -> None:
    """Once, every period, or on every anniversary; in the first period that starts on or after the day."""
    assert made(funds=[{"fund": "f"}], budgets=[{"fund": "f", **row}]).budget("f").tolist() == paid


def test_a_new_budget_replaces_the_one_before() -> None:
    """10 a year from 2026, 4 a period from mid-2027: the old one is not paid beside the new."""
    rows = [
        {"fund": "f", "amount": 4, "every": "period", "from": "2027Q3"},
        {"fund": "f", "amount": 10, "every": "year"},
    ]
    assert made(funds=[{"fund": "f"}], budgets=rows).budget("f").tolist() == [10, 0, 0, 0, 10, 0, 4, 4]


def test_an_anniversary_of_a_leap_day_is_paid() -> None:
    """29 February 2028 itself is a day of payment; in 2029 it is the 28th."""
    rows = [{"fund": "f", "amount": 1, "every": "year", "from": "2028-02-29"}]
    instance = made(step="month", start="2028-01-29", periods=15, funds=[{"fund": "f"}], budgets=rows)
    assert np.flatnonzero(instance.budget("f")).tolist() == [1, 13]
    late = made(step="month", start="2028-01-28", periods=15, funds=[{"fund": "f"}], budgets=rows)
    assert np.flatnonzero(late.budget("f")).tolist() == [2, 13]


def test_the_discount_factor_is_of_the_start_of_a_period() -> None:
    """At 5 % a year: 1, then 1.05 to minus a quarter, and the end of two years at 1.05 to minus two."""
    discount = made(economics={"discount_rate": 0.05}).discount
    assert discount[[0, 1, 8]].tolist() == pytest.approx([1.0, 1.05**-0.25, 1.05**-2])


def test_the_most_specific_rows_count() -> None:
    """A duty of a good comes before one of all goods; tiers of sector and good before those of a sector, good, or all."""
    sources: list[dict[str, Any]] = [
        {"source": "mine", "good": "graphite", "origin": "X"},
        {"source": "smelter", "good": "gallium", "origin": "X"},
    ]
    duties = [
        {"origin": "X", "rate": 0.25},
        {"origin": "X", "good": "gallium", "rate": 0.5, "from": "2027", "until": "2027Q3"},
    ]
    tiers: list[dict[str, Any]] = [
        {"share": 1, "penalty": 1},
        {"good": "graphite", "share": 1, "penalty": 2},
        {"sector": "all", "share": 1, "penalty": 3},
    ]
    instance = made(sources=sources, duties=duties, tiers=tiers)
    assert instance.duty_rates("X", "graphite").tolist() == [0.25] * 8
    assert instance.duty_rates("X", "gallium").tolist() == [0, 0, 0, 0, 0.5, 0.5, 0, 0]
    assert instance.duty_rates("", "gallium").tolist() == [0.0] * 8
    assert instance.tiers_of("all", "graphite")["penalty"].tolist() == pytest.approx([0.003])
    assert instance.tiers_of("none", "graphite")["penalty"].tolist() == pytest.approx([0.002])
    assert instance.tiers_of("none", "gallium")["penalty"].tolist() == pytest.approx([0.001])


@pytest.mark.parametrize(("value", "public"), [(None, False), ("true", True), ("no", False), ("1", True), (True, True)])
def test_private_funds_are_not_public_unless_it_is_said(value: Any, public: bool) -> None:
    """The public perspective counts what is public, and a blank follows from the kind."""
    funds = [{"fund": "a"}, {"fund": "b", "kind": "private", "public": value}]
    assert made(funds=funds).view("funds")["public"].tolist() == [True, public]


def test_rates_do_not_overflow_when_converted() -> None:
    """The largest number in the largest unit is still a number; one beyond is refused, not made infinite."""
    goods: list[dict[str, Any]] = [{"good": "graphite", "unit": "Mt"}, {"good": "gallium", "unit": "kg"}]
    demand = [{"sector": "all", "good": "graphite", "quantity": 1e15}]
    assert np.isfinite(made(goods=goods, demand=demand, units=("g", "USD/g", "USD")).view("demand")["quantity"]).all()
    with pytest.raises(DataError, match="too large"):
        made(goods=goods, demand=[{**demand[0], "quantity": 1.1e15}])
