"""Published problems of two stages: decide, see what comes, decide again."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.engine import solve
from stockpile.instance import Instance
from stockpile.study.value import solve_with_value
from tests.published.programs import Futures, Rows, free, in_year, program, stored, unwanted


def test_sizes_with_three_scenarios() -> None:
    """Jorjani, Scott and Woodruff (1999), Selection of an optimal subset of sizes: 224275.33, proven.

    Ten sizes are produced with a set-up of 453; a larger one can be cut to a smaller one at 0.008.  Data as in Lokketangen
    and Woodruff (1996) and the example ``sizes`` of PySP and mpi-sppy.
    """
    base = (2500, 7500, 12500, 10000, 35000, 25000, 15000, 12500, 12500, 5000)
    sizes = [f"size {i}" for i in range(1, 11)]
    tables: dict[str, Rows] = {
        "goods": free(sizes),
        **stored(sizes),
        "sources": [{"source": f"line of {g}", "good": g, "order_cost": 453} for g in sizes],
        "prices": [{"source": f"line of {g}", "price": round(0.748 + 0.0104 * i, 4)} for i, g in enumerate(sizes)],
        "resources": [{"resource": "plant", "capacity": 200_000}],
        "resource_use": [{"resource": "plant", "kind": "order", "name": f"line of {g}", "per_unit": 1} for g in sizes],
        "sectors": [{"sector": "users"}],
        "demand": [{"sector": "users", "good": g, "quantity": d} for g, d in zip(sizes, base, strict=True)],
        "accepts": [
            {"sector": "users", "wanted": small, "given": large, "rate": 1, "cost": 0.008}
            for i, small in enumerate(sizes)
            for large in sizes[i + 1 :]
        ],
    }
    futures = [(1 / 3, [{"quantity": "demand", "from": "2027", "factor": f}] if f != 1 else []) for f in (0.7, 1, 1.3)]
    plan = solve(program("sizes", 2, tables, futures), gap=1e-6, time_limit=120)
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(224_275.33, abs=0.01)


def lands() -> Instance:
    """Louveaux and Smeers (1988), Optimal investment for electricity generation: four plants, three modes of operation.

    At least 12 of capacity for at most 120; the demand of the first mode is 3, 5 or 7.
    """
    invest, modes = (10, 7, 16, 6), (1, 2, 3)
    running = ((40, 24, 4), (45, 27, 4.5), (32, 19.2, 3.2), (55, 33, 5.5))
    plants = [f"plant {i}" for i in range(1, 5)]
    tables: dict[str, Rows] = {
        "goods": free([*plants, *(f"mode {j}" for j in modes)]),
        "sources": [{"source": i, "good": i, "lead_time": "1", "supplier": "builder"} for i in plants],
        "prices": [{"source": i, "price": c} for i, c in zip(plants, invest, strict=True)],
        "resources": [{"resource": "budget", "capacity": 120}],
        "resource_use": [
            {"resource": "budget", "kind": "order", "name": i, "per_unit": c}
            for i, c in zip(plants, invest, strict=True)
        ],
        "policies": [{"policy": "least", "kind": "deliveries", "supplier": "builder", "from": "2027", "at_least": 12}],
        "processes": [
            {"process": f"{i} in {j}", "cost": c}
            for i, cs in zip(plants, running, strict=True)
            for j, c in zip(modes, cs, strict=True)
        ],
        "recipes": [
            {"process": f"{i} in {j}", "good": good, "amount": amount}
            for i in plants
            for j in modes
            for good, amount in ((i, -1), (f"mode {j}", 1))
        ],
        "sectors": [{"sector": "users"}],
        "demand": [
            {"sector": "users", "good": f"mode {j}", "from": "2027", "quantity": d} for j, d in ((1, 5), (2, 3), (3, 2))
        ],
    }
    futures = [(p, [in_year(2027, "demand", d, good="mode 1")]) for p, d in ((0.3, 3), (0.4, 5), (0.3, 7))]
    return program("lands", 2, tables, futures)


def test_investment_in_electricity() -> None:
    """LandS: 381.85 (Linderoth, Shapiro and Wright 2006, The empirical behavior of sampling methods)."""
    plan = solve(lands())
    assert plan.objective == pytest.approx(381.853, abs=0.001)
    assert plan.summary["audit"]["breaches"] == 0


def two_products() -> Instance:
    """Birge and Louveaux (2011), section 5.1, example 1: capacities x1 and x2, then two products at uncertain prices.

    min 100 x1 + 150 x2 + E[q1 y1 + q2 y2]; 6 y1 + 10 y2 <= 60 x1, 8 y1 + 5 y2 <= 80 x2, y <= d; x1 + x2 <= 120, x1 >= 40,
    x2 >= 20; d1, d2, -q1, -q2 are 500, 100, 24, 28 (0.4) or 300, 300, 28, 32 (0.6).  The prices are those at which the
    market would sell, without any supply.
    """
    machines, products = {"hours 1": (100, 60, 40), "hours 2": (150, 80, 20)}, ("product 1", "product 2")
    needs = {"product 1": (6, 8), "product 2": (10, 5)}
    tables: dict[str, Rows] = {
        "goods": free([*machines, *products]),
        **unwanted("product 1"),
        "sources": [
            *({"source": f"buy {h}", "good": h, "lead_time": "1"} for h in machines),
            *({"source": f"market {g}", "good": g} for g in products),
        ],
        "prices": [
            *({"source": f"buy {h}", "price": c / each} for h, (c, each, _) in machines.items()),
            *({"source": f"market {g}", "price": 30} for g in products),
        ],
        "supply": [{"source": f"market {g}", "capacity": 0} for g in products],
        "pins": [
            {"pin": h, "decision": "order", "name": f"buy {h}", "until": "2027", "at_least": least * each}
            for h, (_, each, least) in machines.items()
        ],
        "resources": [{"resource": "room", "capacity": 120}],
        "resource_use": [
            {"resource": "room", "kind": "order", "name": f"buy {h}", "per_unit": 1 / each}
            for h, (_, each, _) in machines.items()
        ],
        "processes": [{"process": f"make {g}"} for g in products],
        "recipes": [
            {"process": f"make {g}", "good": good, "amount": amount}
            for g in products
            for good, amount in (*((h, -n) for h, n in zip(machines, needs[g], strict=True)), (g, 1))
        ],
        "rotation": [{"good": g, "mode": "sale", "depth": 0} for g in products],
    }
    futures: Futures = [
        (
            p,
            [in_year(2027, "depth", d, good=g) for g, d in zip(products, ds, strict=True)]
            + [in_year(2027, "price", q, source=f"market {g}") for g, q in zip(products, qs, strict=True)],
        )
        for p, ds, qs in ((0.4, (500, 100), (24, 28)), (0.6, (300, 300), (28, 32)))
    ]
    return program("two-products", 2, tables, futures)


def test_two_products_and_what_information_is_worth() -> None:
    """RP -855.83, WS -1518.75, EVPI 662.92, EV -1445.92, EEV -568.92, VSS 286.92 (Biel and Johansson 2022, StochasticPrograms.jl)."""
    plan = solve_with_value(two_products())
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


def aircraft() -> Instance:
    """Dantzig (1963), Linear programming and extensions, chapter 28: four types of aircraft, five routes.

    What it costs to be short of seats adds up over routes, so that only the distribution of each route counts: here all
    demands are low, or high, together.
    """
    seats = ((16, 15, 28, 23, 81), (0, 10, 14, 15, 57), (0, 5, 0, 7, 29), (9, 11, 22, 17, 55))
    costs = ((18, 21, 18, 16, 10), (0, 15, 16, 14, 9), (0, 10, 0, 9, 6), (17, 16, 17, 15, 10))
    lost, fleet = (13, 13, 7, 7, 1), (10, 19, 25, 15)
    demand = (
        {200: 0.2, 220: 0.05, 250: 0.35, 270: 0.2, 300: 0.2},
        {50: 0.3, 150: 0.7},
        {140: 0.1, 160: 0.2, 180: 0.4, 200: 0.2, 220: 0.1},
        {10: 0.2, 50: 0.2, 80: 0.3, 100: 0.2, 340: 0.1},
        {580: 0.1, 600: 0.8, 620: 0.1},
    )
    flights = [(i, j) for i in range(4) for j in range(5) if seats[i][j]]
    tables: dict[str, Rows] = {
        "goods": free(f"route {j}" for j in range(5)),
        "sources": [{"source": f"{i} on {j}", "good": f"route {j}"} for i, j in flights],
        "prices": [{"source": f"{i} on {j}", "price": costs[i][j] / seats[i][j]} for i, j in flights],
        "resources": [{"resource": f"type {i}", "capacity": fleet[i]} for i in range(4)],
        "resource_use": [
            {"resource": f"type {i}", "kind": "order", "name": f"{i} on {j}", "per_unit": 1 / seats[i][j]}
            for i, j in flights
        ],
        "sectors": [{"sector": "passengers"}],
        "demand": [{"sector": "passengers", "good": f"route {j}", "quantity": max(demand[j])} for j in range(5)],
        "tiers": [
            {"sector": "passengers", "good": f"route {j}", "tier": 1, "share": 1, "penalty": lost[j]} for j in range(5)
        ],
    }
    steps = sorted({round(sum([*d.values()][:n]), 9) for d in demand for n in range(1, len(d) + 1)})
    futures = []
    for low, high in zip([0.0, *steps], steps, strict=False):
        rows = []
        for j, d in enumerate(demand):
            reached, total = [*d][-1], 0.0
            for quantity, p in d.items():
                total += p
                if total >= high - 1e-9:
                    reached = quantity
                    break
            rows.append(in_year(2026, "demand", reached, good=f"route {j}"))
        futures.append((high - low, rows))
    return program("aircraft", 1, tables, futures, decisions={"orders": "before"})


def test_aircraft_on_routes_of_uncertain_demand() -> None:
    """GAMS model library, aircraft (8): expected cost 1566.0422."""
    plan = solve(aircraft())
    assert plan.objective == pytest.approx(1566.0422, abs=0.001)
    assert plan.summary["audit"]["breaches"] == 0
