"""Published problems under uncertainty, at their published values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from stockpile.engine import solve
from stockpile.instance import Instance

YIELD = {"wheat": 2.5, "corn": 3.0, "beets": 20.0}
PLANTING = {"wheat": 150, "corn": 230, "beets": 260}


def farmer(
    weather: dict[str, float], planted: dict[str, float] | None = None, risk: dict[str, Any] | None = None
) -> Instance:
    """Birge and Louveaux (2011), Introduction to stochastic programming, section 1.1: 500 acres, three crops.

    A field is a source that is ordered from in tonnes of its best yield; land and the cost of planting are resources.
    ``weather`` are yields relative to the average, each as likely; ``planted`` fixes the acres.
    """
    best = max(weather.values())
    names = list(YIELD)
    use = [
        {"resource": resource, "kind": "order", "name": f"{crop} field", "per_unit": each / (YIELD[crop] * best)}
        for crop in names
        for resource, each in (("land", 1), ("planting", PLANTING[crop]))
    ]
    pins = [
        {"pin": f"{crop} {word}", "decision": "order", "name": f"{crop} field", word: acres * YIELD[crop] * best}
        for crop, acres in (planted or {}).items()
        for word in ("at_least", "at_most")
    ]
    shocks = [
        {"scenario": name, "shock": "weather", "quantity": "arrival", "source": f"{crop} field", "from": "2027", "value": y / best}
        for name, y in weather.items()
        for crop in names
        if y < best
    ]  # fmt: skip
    settings: dict[str, Any] = {
        "format": 1,
        "name": "farmer",
        "horizon": {"start": "2026-01-01", "periods": 2, "step": "year"},
        "units": {"quantity": "t", "price": "USD/t", "money": "USD", "time": "period"},
        "solver": {"gap": 0.0},
    }
    tables: dict[str, Any] = {
        "goods": [{"good": crop} for crop in names],
        "sources": [{"source": f"{crop} field", "good": crop, "lead_time": "1"} for crop in names]
        + [{"source": f"{crop} market", "good": crop} for crop in ("wheat", "corn")],
        "prices": [{"source": f"{crop} field", "price": 0} for crop in names]
        + [{"source": "wheat market", "price": 238}, {"source": "corn market", "price": 210}],
        "resources": [
            {"resource": "land", "capacity": 500},
            {"resource": "planting", "capacity": 0, "overtime": 1e9, "overtime_price": 1},
        ],
        "resource_use": use,
        "sectors": [{"sector": "cattle"}],
        "demand": [
            {"sector": "cattle", "good": "wheat", "from": "2027", "quantity": 200},
            {"sector": "cattle", "good": "corn", "from": "2027", "quantity": 240},
        ],
        "rotation": [
            {"good": "wheat", "price": 170},
            {"good": "corn", "price": 150},
            {"good": "beets"},
        ],
        "sales": [
            {"good": "beets", "step": 1, "width": 6000, "price": 36},
            {"good": "beets", "step": 2, "price": 10},
        ],
        "scenarios": [{"scenario": name, "probability": 1 / len(weather)} for name in weather],
        "shocks": shocks,
        "pins": pins,
    }
    if risk:
        settings["risk"] = risk
    return Instance.from_tables("farmer", settings, tables)


WEATHER = {"bad": 0.8, "average": 1.0, "good": 1.2}


def test_the_farmer() -> None:
    """Recourse problem -108,390; 170 acres of wheat, 80 of corn, 250 of beets."""
    plan = solve(farmer(WEATHER))
    assert plan.objective == pytest.approx(-108_390, abs=0.01)
    ordered = plan.orders.set_index("source")["quantity"]
    acres = [ordered[f"{crop} field"] / (1.2 * YIELD[crop]) for crop in YIELD]
    assert acres == pytest.approx([170, 80, 250])
    assert plan.summary["audit"]["breaches"] == 0
    assert plan.outcomes["cost"].tolist() == pytest.approx([-48_820, -109_350, -167_000])


def test_the_farmer_of_the_expected_yield() -> None:
    """Expected value problem -118,600; its acres cost -107,240 in the three weathers: stochastic solution 1,150."""
    mean = solve(farmer({"average": 1.0}))
    assert mean.objective == pytest.approx(-118_600, abs=0.01)
    ordered = mean.orders.set_index("source")["quantity"]
    planted = {crop: float(ordered[f"{crop} field"]) / YIELD[crop] for crop in YIELD}
    assert planted == pytest.approx({"wheat": 120, "corn": 80, "beets": 300})
    assert solve(farmer(WEATHER, planted)).objective == pytest.approx(-107_240, abs=0.5)


def test_the_farmer_who_knows_the_weather() -> None:
    """Wait and see -115,406: perfect information is worth 7,016."""
    each = [solve(farmer({"only": y})).objective for y in WEATHER.values()]
    assert each == pytest.approx([-59_950, -118_600, -167_667], abs=1)
    assert sum(each) / 3 == pytest.approx(-115_406, abs=1)


def test_the_farmer_who_fears_the_worst() -> None:
    """With the worst weather alone in mind he plants as for it: -59,950, the value of the worst year known."""
    plan = solve(farmer(WEATHER, risk={"measure": "worst", "weight": 1.0}))
    assert plan.objective == pytest.approx(-59_950, abs=1)
    assert plan.summary["risk"]["tail"] == pytest.approx(plan.objective)


def farmers_tail(level: float, weight: float) -> tuple[float, list[float]]:
    """The same from the book's formulation, as a linear program of its own: objective, acres.

    Columns are three crops in acres, for each weather what is bought of wheat and corn, sold of wheat, corn and beets in
    two steps, then the level of the tail and what each weather exceeds it by (Rockafellar and Uryasev 2000).
    """
    count = 3 + 3 * 6 + 1 + 3
    buy, sell = np.array([238, 210]), np.array([170, 150, 36, 10])
    cost = np.zeros((3, count))
    rows, most = [], []
    for s, y in enumerate(WEATHER.values()):
        at = 3 + 6 * s
        cost[s, :3] = list(PLANTING.values())
        cost[s, at : at + 2], cost[s, at + 2 : at + 6] = buy, -sell
        for crop, need in enumerate((200, 240)):
            row = np.zeros(count)
            row[crop], row[at + crop], row[at + 2 + crop] = -[*YIELD.values()][crop] * y, -1, 1
            rows.append(row)
            most.append(-need)
        row = np.zeros(count)
        row[2], row[at + 4], row[at + 5] = -YIELD["beets"] * y, 1, 1
        rows.append(row)
        most.append(0)
        row = cost[s].copy()
        row[21], row[22 + s] = -1, -1
        rows.append(row)
        most.append(0)
    rows.append(np.r_[np.ones(3), np.zeros(count - 3)])
    most.append(500)
    tail = np.zeros(count)
    tail[21], tail[22:] = 1, 1 / 3 / (1 - level)
    bounds: list[tuple[float | None, float | None]] = [(0, None)] * count
    for s in range(3):
        bounds[3 + 6 * s + 4] = (0, 6000)
    bounds[21] = (None, None)
    found = linprog((1 - weight) * cost.mean(axis=0) + weight * tail, np.array(rows), most, bounds=bounds)
    return float(found.fun), [float(x) for x in found.x[:3]]


@pytest.mark.parametrize(("level", "weight"), [(0.5, 0.3), (0.5, 0.6), (0.6, 1.0), (0.2, 0.5)])
def test_the_farmer_who_weighs_the_worst_share(level: float, weight: float) -> None:
    """His CVaR form, between the farmer who counts the mean and the one who fears the worst; no published value is known."""
    plan = solve(farmer(WEATHER, risk={"measure": "cvar", "level": level, "weight": weight}))
    objective, acres = farmers_tail(level, weight)
    assert plan.objective == pytest.approx(objective, abs=0.01)
    assert -108_390 < plan.objective <= -59_950 + 1
    ordered = plan.orders.set_index("source")["quantity"]
    assert [float(ordered[f"{crop} field"]) / (1.2 * YIELD[crop]) for crop in YIELD] == pytest.approx(acres, abs=0.01)
    assert plan.summary["audit"]["breaches"] == 0


def test_the_farmers_program_is_that_of_the_book() -> None:
    """Without risk it has the published value, so that it can be a witness."""
    objective, acres = farmers_tail(0.5, 0.0)
    assert objective == pytest.approx(-108_390, abs=0.01)
    assert acres == pytest.approx([170, 80, 250])
