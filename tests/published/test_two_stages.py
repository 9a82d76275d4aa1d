"""Published problems of two stages beside those that are shipped: decide, see what comes, decide again."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.engine import solve
from stockpile.instance import Instance, load
from stockpile.study.value import solve_with_value
from tests.published.programs import Rows, free, in_year, program, stored
from tests.published.test_published import HOME


def test_the_plants_of_lands_and_what_is_first_decided() -> None:
    """Louveaux and Smeers: capacities 8/3, 4, 10/3 and 2, which use all 120, before the demand of 3, 5 or 7 is seen."""
    plan = solve(load(HOME / "lands"))
    built = plan.orders.set_index("source")["quantity"].to_dict()
    assert built == pytest.approx({"plant 1": 8 / 3, "plant 2": 4, "plant 3": 10 / 3, "plant 4": 2}, abs=1e-6)


def test_two_products_and_what_information_is_worth() -> None:
    """RP -855.83, WS -1518.75, EVPI 662.92, EV -1445.92, EEV -568.92, VSS 286.92 (Biel and Johansson 2022, StochasticPrograms.jl)."""
    plan = solve_with_value(load(HOME / "birge-louveaux-two-products"))
    told = plan.summary["value"]
    wanted = {
        "recourse": -855.8333,
        "wait_and_see": -1518.75,
        "perfect_information": 662.9167,
        "expected_problem": -1445.92,
        "expected_result": -568.92,
        "stochastic_solution": 286.9167,
    }
    found = {name: told[name]["low"] for name in wanted}
    assert found == pytest.approx(wanted, abs=0.005)
    assert {name: told[name]["high"] for name in wanted} == pytest.approx(found)


def test_water_in_a_reservoir() -> None:
    """The hydro-thermal problem of FAST (Cambier 2015), in SDDP.jl, FAST_hydro_thermal: cost 10."""
    tables: dict[str, Rows] = {
        "goods": free(["water"]),
        **stored(["water"], capacity=8),
        "sources": [{"source": "rain", "good": "water"}, {"source": "plant", "good": "water"}],
        "prices": [{"source": "rain", "price": 0}, {"source": "plant", "price": 5}],
        "supply": [{"source": "rain", "capacity": 6}],
        "sectors": [{"sector": "users"}],
        "demand": [{"sector": "users", "good": "water", "quantity": 6}],
    }
    futures = [(0.5, [in_year(2027, "supply", rain, source="rain")]) for rain in (2, 10)]
    assert solve(program("fast-hydro", 2, tables, futures)).objective == pytest.approx(10)


def newsvendor(
    cost: float, price: float, refund: float, demand: dict[int, float], **sections: dict[str, Any]
) -> Instance:
    """Copies are ordered before demand is seen; what is left is returned."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "copy"}],
        "sources": [{"source": "press", "good": "copy"}],
        "prices": [{"source": "press", "price": cost}],
        "sectors": [{"sector": "readers"}],
        "demand": [{"sector": "readers", "good": "copy", "quantity": max(demand)}],
        "tiers": [{"sector": "readers", "good": "copy", "tier": 1, "share": 1, "penalty": 0}],
        "release_prices": [{"sector": "readers", "good": "copy", "price": price}],
        "rotation": [{"good": "copy", "mode": "sale", "price": refund}],
    }
    futures = [(p, [in_year(2026, "demand", d)]) for d, p in demand.items()]
    return program("newsvendor", 1, tables, futures, decisions={"orders": "before"}, **sections)


CALENDARS = {100: 0.3, 150: 0.2, 200: 0.3, 250: 0.15, 300: 0.05}


@pytest.mark.parametrize(
    ("prices", "demand", "order", "profit"),
    [
        pytest.param((7.5, 10, 2.5), CALENDARS, 150, 262.5, id="walton"),
        pytest.param((1.5, 2.5, 0.5), {15: 0.4, 16: 0.2, 17: 0.3, 18: 0.1}, 16, 15.2, id="freddie"),
    ],
)
def test_the_newsvendor(
    prices: tuple[float, float, float], demand: dict[int, float], order: float, profit: float
) -> None:
    """Calendars at the Walton bookstore (Winston and Albright, Practical management science), Freddie the newsboy (Hillier
    and Lieberman, Introduction to operations research): the least order whose distribution is at least the critical ratio.
    """
    plan = solve(newsvendor(*prices, demand))
    assert plan.objective == pytest.approx(-profit)
    assert plan.orders["quantity"].unique() == pytest.approx([order])
    cost, price, refund = prices
    assert (
        sum(p for d, p in demand.items() if d < order)
        < (price - cost) / (price - refund)
        <= sum(p for d, p in demand.items() if d <= order)
    )


def test_the_newsvendor_who_fears_the_worst() -> None:
    """By the mean of the worst share of futures the critical ratio shrinks with the share (Gotoh and Takano 2007,
    Newsvendor solutions via conditional value-at-risk minimization): F(q) = 0.8 x 2.5 / 7.5 = 0.267, so 100 and no more.
    """
    risk = {"measure": "cvar", "level": 0.2, "weight": 1.0}
    plan = solve(newsvendor(7.5, 10, 2.5, CALENDARS, risk=risk))
    assert plan.orders["quantity"].unique() == pytest.approx([100])
    assert plan.objective == pytest.approx(-250)
    risk["level"] = 0.05
    plan = solve(newsvendor(7.5, 10, 2.5, CALENDARS, risk=risk))
    assert plan.orders["quantity"].unique() == pytest.approx([150])
    assert plan.objective == pytest.approx(-(0.3 * 0 + 0.65 * 375) / 0.95)
