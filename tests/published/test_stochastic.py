"""Published problems under uncertainty, at their published values."""

from __future__ import annotations

from typing import Any

import pytest

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
