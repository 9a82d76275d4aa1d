"""Published problems of several stages: what is decided now waits for more than one answer."""

from __future__ import annotations

from itertools import product

import pytest

from stockpile.engine import solve
from stockpile.instance import Instance, load
from tests.published.programs import Futures, Rows, free, in_year, independent, program, stored, unwanted
from tests.published.test_published import HOME


def test_air_conditioners_are_made_before_the_demand_that_needs_them() -> None:
    """All 200 of the first month are made, in the one node that all futures share."""
    plan = solve(load(HOME / "air-conditioners"))
    first = plan.orders[plan.orders["period"] == "2026"]
    assert first["node"].tolist() == ["2026"]
    assert first.set_index("source")["quantity"].to_dict() == pytest.approx({"work": 200})


def test_goods_that_wait_a_period() -> None:
    """Production management of FAST (Cambier 2015), in SDDP.jl, FAST_production_management: -23.96.

    Two goods cost 0.2 and 0.7 a period before they sell at 2.33 and 2.54, to 2 or 10 buyers together; none is kept.
    """
    goods = {"first": (0.2, 2.33), "second": (0.7, 2.54)}
    tables: dict[str, Rows] = {
        "goods": free([*goods, "money"]),
        **unwanted("money"),
        "sources": [{"source": f"make {g}", "good": g, "lead_time": "1"} for g in goods],
        "prices": [{"source": f"make {g}", "price": c} for g, (c, _) in goods.items()],
        "processes": [{"process": f"sell {g}"} for g in goods],
        "recipes": [
            {"process": f"sell {g}", "good": good, "amount": amount}
            for g, (_, price) in goods.items()
            for good, amount in ((g, -1), ("money", price))
        ],
        "resources": [{"resource": "buyers", "capacity": 2}],
        "resource_use": [{"resource": "buyers", "kind": "process", "name": f"sell {g}", "per_unit": 1} for g in goods],
        "rotation": [{"good": "money", "mode": "sale", "price": 1}],
    }
    stages = ([(0.5, []), (0.5, [in_year(year, "capacity", 10, resource="buyers")])] for year in (2027, 2028))
    assert solve(program("fast-production", 3, tables, independent(*stages))).objective == pytest.approx(
        -23.96, abs=0.005
    )


def capacity_expansion(stages: int) -> Instance:
    """Problem 5.2 of StructDualDynProg.jl (Legat), in SDDP.jl: four plants, three modes of demand, built a stage before use.

    What is built works in every later stage: the goods are the capacity of a stage.
    """
    plants = {"a": (16, 25), "b": (5, 80), "c": (32, 6.5), "d": (2, 160)}
    hours = (1.0, 7000 / 8760, 1500 / 8760)
    usual, rare = (3919, 7329 - 3919, 10315 - 7329), (7086, 9004 - 7086, 11169 - 9004)
    years = range(2027, 2026 + stages)
    cap = {(i, y): f"{i} in {y}" for i in plants for y in years}
    mode = {(j, y): f"mode {j} in {y}" for j in range(3) for y in years}
    build = [(i, y) for i in plants for y in range(2026, 2025 + stages)]
    runs = [(i, j, y) for i, j, y in product(plants, range(3), years)]
    tables: dict[str, Rows] = {
        "goods": free([*cap.values(), *mode.values(), "site"]),
        **stored(cap.values()),
        "sources": [{"source": "site", "good": "site"}],
        "prices": [{"source": "site", "price": 0}],
        "processes": [{"process": f"build {i} in {y}", "lead_time": "1", "cost": plants[i][0]} for i, y in build]
        + [{"process": f"{i} on {j} in {y}", "cost": plants[i][1] * hours[j]} for i, j, y in runs],
        "capacity": [
            {"process": f"build {i} in {y}", "from": start, "capacity": most}
            for i, y in build
            for start, most in ((None, None if y == 2026 else 0), (str(y), None), (str(y + 1), 0))
            if start != "2026"
        ],
        "recipes": [
            *({"process": f"build {i} in {y}", "good": "site", "amount": -1} for i, y in build),
            *(
                {"process": f"build {i} in {y}", "good": cap[i, z], "amount": 1}
                for i, y in build
                for z in years
                if z > y
            ),
            *({"process": f"{i} on {j} in {y}", "good": cap[i, y], "amount": -1} for i, j, y in runs),
            *({"process": f"{i} on {j} in {y}", "good": mode[j, y], "amount": 1} for i, j, y in runs),
        ],
        "sectors": [{"sector": "users"}],
        "demand": [
            {"sector": "users", "good": mode[j, y], "from": str(y), "until": str(y + 1), "quantity": usual[j]}
            for j, y in mode
        ],
        "tiers": [{"sector": "users", "tier": 1, "share": 1, "penalty": 1e5}],
    }
    outcomes = ([(0.9, []), (0.1, [in_year(y, "demand", rare[j], good=mode[j, y]) for j in range(3)])] for y in years)
    return program("capacity-expansion", stages, tables, independent(*outcomes))


@pytest.mark.parametrize(("stages", "cost"), [(2, 340_315.52), (3, 406_712.49)])
def test_capacity_is_built_before_demand_is_seen(stages: int, cost: float) -> None:
    """340315.52 in two stages, 406712.49 in three."""
    plan = solve(capacity_expansion(stages))
    assert plan.objective == pytest.approx(cost, abs=0.1)
    assert plan.summary["audit"]["breaches"] == 0


def hydro_valley(futures: Futures) -> Instance:
    """Two reservoirs in a row (SDDP.jl, hydro_valley; StOpt): a turbine passes 50, 60 or 70 and makes 55, 65 or 70 of power.

    Prices are 1, 2, 3; no water flows in.
    """
    points = {50: 55, 60: 65, 70: 70}
    turbines = [(r, flow) for r in ("upper", "lower") for flow in points]
    tables: dict[str, Rows] = {
        "goods": [*({"good": r, "disposal_cost": 1000} for r in ("upper", "lower")), *free(["sea", "power"])],
        **unwanted("power"),
        **stored(["upper", "lower"], capacity=200),
        "opening_stock": [{"good": r, "store": "yard", "age": 0, "quantity": 200} for r in ("upper", "lower")],
        "sources": [
            *({"source": f"rain on {r}", "good": r} for r in ("upper", "lower")),
            {"source": "market", "good": "power"},
        ],
        "prices": [
            *({"source": f"rain on {r}", "price": 0} for r in ("upper", "lower")),
            *({"source": "market", "from": str(2025 + p), "price": p} for p in (1, 2, 3)),
        ],
        "supply": [{"source": k, "capacity": 0} for k in ("rain on upper", "rain on lower", "market")],
        "processes": [{"process": f"{r} {flow}"} for r, flow in turbines],
        "recipes": [
            {"process": f"{r} {flow}", "good": good, "amount": amount}
            for r, flow in turbines
            for good, amount in ((r, -flow), ("lower" if r == "upper" else "sea", flow), ("power", points[flow]))
        ],
        "resources": [{"resource": f"turbine {r}", "capacity": 1} for r in ("upper", "lower")],
        "resource_use": [
            {"resource": f"turbine {r}", "kind": "process", "name": f"{r} {flow}", "per_unit": 1}
            for r, flow in turbines
        ],
        "rotation": [{"good": "power", "mode": "sale"}],
    }
    return program("hydro-valley", 3, tables, futures)


def rain(year: int, upper: float, lower: float) -> Rows:
    """Water that flows in."""
    return [in_year(year, "supply", water, source=f"rain on {r}") for r, water in (("upper", upper), ("lower", lower))]


def markov_prices() -> Futures:
    """2 or 1 in the second stage, 3 or 4 in the third, by a Markov chain."""
    chain = {(2, 3): 0.6 * 0.6, (2, 4): 0.6 * 0.4, (1, 3): 0.4 * 0.3, (1, 4): 0.4 * 0.7}
    return [
        (p, [in_year(y, "price", price, source="market") for y, price in zip((2027, 2028), prices, strict=True)])
        for prices, p in chain.items()
    ]


def test_water_in_a_valley() -> None:
    """835 where all is known, 838.33 with rain of three kinds, 851.8 with prices of a Markov chain."""
    three = [(1 / 3, (0, 0)), (1 / 3, (20, 0)), (1 / 3, (50, 20))]
    stages = ([(p, rain(year, *water)) for p, water in three] for year in (2027, 2028))
    assert solve(hydro_valley([(1.0, [])])).objective == pytest.approx(-835)
    assert solve(hydro_valley(independent(*stages))).objective == pytest.approx(-838.33, abs=0.01)
    assert solve(hydro_valley(markov_prices())).objective == pytest.approx(-851.8, abs=0.01)


def test_newspapers_at_changing_prices() -> None:
    """SDDP.jl, newsvendor: three days, two demands each, a price of 5 or 8 by a Markov chain; cost -97.9.

    Half of the demand at least is served, at 7; 5 papers are there.
    """
    tables: dict[str, Rows] = {
        "goods": free(["paper"]),
        **stored(["paper"], capacity=100),
        "opening_stock": [{"good": "paper", "store": "yard", "age": 0, "quantity": 5}],
        "sources": [{"source": "press", "good": "paper"}],
        "prices": [{"source": "press", "price": 5}],
        "sectors": [{"sector": "readers"}],
        "demand": [
            {"sector": "readers", "good": "paper", "from": str(y), "quantity": d}
            for y, d in ((2026, 10), (2027, 12), (2028, 8))
        ],
        "tiers": [{"sector": "readers", "tier": 1, "share": 0.5, "penalty": 0}],
        "release_prices": [{"sector": "readers", "good": "paper", "price": 7}],
    }
    dear = {y: [in_year(y, "price", 8, source="press")] for y in (2027, 2028)}
    many = {y: [in_year(y, "demand", d)] for y, d in ((2026, 15), (2027, 20), (2028, 20))}
    demands = [[(0.5, []), (0.5, many[y])] for y in (2026, 2027, 2028)]
    prices = [[(0.6, []), (0.4, dear[2027])], [(0.3, []), (0.7, dear[2028])]]
    plan = solve(program("newspapers", 3, tables, independent(*demands, *prices)))
    assert plan.objective == pytest.approx(-97.9, abs=0.001)
    assert plan.summary["audit"]["breaches"] == 0


def test_saving_for_a_school() -> None:
    """Birge and Louveaux (2011), section 1.2: 55 become 80 by stocks and bonds over three stages; utility -1.514.

    What is above 80 counts once, what is missing four times; a stage is good (1.25, 1.14) or not (1.06, 1.12).
    """
    best = {"stocks": 1.25, "bonds": 1.14}
    poor = {"stocks": 1.06, "bonds": 1.12}
    tables: dict[str, Rows] = {
        "goods": [*free([*best, "fees"]), {"good": "savings", "terminal_value": 1}],
        **stored(["savings"]),
        "sources": [
            *({"source": f"hold {g}", "good": g, "lead_time": "1", "until": "2029"} for g in best),
            {"source": "school", "good": "fees", "qualified_from": "2029"},
            {"source": "bank", "good": "savings", "qualified_from": "2029"},
        ],
        "prices": [
            *({"source": f"hold {g}", "price": 0} for g in best),
            {"source": "school", "price": 1},
            {"source": "bank", "price": 1},
        ],
        "resources": [{"resource": "money", "capacity": 0, "overtime": 1e4, "overtime_price": 1}],
        "resource_use": [
            {"resource": "money", "kind": "order", "name": f"hold {g}", "per_unit": 1 / r} for g, r in best.items()
        ],
        "rotation": [{"good": g, "mode": "sale", "price": 1, "proceeds_to": "family"} for g in best],
        "sectors": [{"sector": "school"}],
        "demand": [{"sector": "school", "good": "fees", "from": "2029", "quantity": 80}],
        "tiers": [{"sector": "school", "tier": 1, "share": 1, "penalty": 4}],
        "funds": [{"fund": "family", "kind": "private"}],
        "budgets": [{"fund": "family", "from": "2026-01-01", "amount": 55}],
    }
    bad = {y: [in_year(y, "arrival", poor[g] / best[g], source=f"hold {g}") for g in best] for y in (2027, 2028, 2029)}
    futures = independent(*([(0.5, []), (0.5, bad[y])] for y in bad))
    plan = solve(program("school", 4, tables, futures))
    assert plan.objective == pytest.approx(1.514, abs=0.001)
    assert plan.summary["audit"]["breaches"] == 0
    first = plan.orders[plan.orders["period"] == "2026"].set_index("source")["quantity"]
    assert first["hold stocks"] / 1.25 == pytest.approx(41.479, abs=0.01)
    assert first["hold bonds"] / 1.14 == pytest.approx(13.521, abs=0.01)
