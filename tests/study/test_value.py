"""What information is worth: by hand, beside other ways to find it, and when the time runs out."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stockpile import engine
from stockpile.errors import DataError, NoPlanError
from stockpile.instance import Instance
from stockpile.instance.generate import random_instance
from stockpile.instance.write import write
from stockpile.plan.audit import audit
from stockpile.plan.keeping import DECISIONS, FOLLOWING, shared_periods
from stockpile.report.terminal import render
from stockpile.study import searches, value
from stockpile.study.futures import expected, known, only
from stockpile.study.value import solve_with_value
from stockpile.tree import build_tree
from tests.cli.program import call
from tests.models.base import SECTOR, TIER, Rows, demand, make
from tests.models.cases_scenarios import FUTURES, gamble, unseen, with_sections
from tests.models.test_golden import GOLDEN
from tests.published.test_stochastic import WEATHER, farmer

FIGURES = (
    "recourse",
    "wait_and_see",
    "expected_problem",
    "expected_result",
    "perfect_information",
    "stochastic_solution",
)


def figures(instance: Instance, **options: Any) -> dict[str, tuple[float | None, float | None]]:
    """Low and high of every figure."""
    told = solve_with_value(instance, **options).summary["value"]
    return {name: (told[name]["low"], told[name]["high"]) for name in FIGURES}


def test_every_variable_is_a_decision_or_follows_from_them() -> None:
    """A new decision that nobody names would be taken anew in each future, and the expected plan look better than it is."""
    named = {name for names in DECISIONS.values() for name in names}
    assert not named & FOLLOWING
    for file in GOLDEN.glob("*.lp"):
        objective = file.read_text(encoding="utf-8").split("\nminimize\n")[1].split("\nsubject to\n")[0]
        found = set(re.findall(r" ([a-z_]+)\.", objective))
        assert "order" in found
        assert found <= named | FOLLOWING, f"{file.stem}: {found - named - FOLLOWING}"


def test_the_farmer_has_his_published_figures() -> None:
    """Birge and Louveaux: RP -108390, WS -115406, EV -118600, EEV -107240, EVPI 7016, VSS 1150."""
    wanted = dict(zip(FIGURES, (-108_390, -115_405.56, -118_600, -107_240, 7_015.56, 1_150), strict=True))
    for name, (low, high) in figures(farmer(WEATHER)).items():
        assert low == pytest.approx(wanted[name], abs=0.01)
        assert high == pytest.approx(wanted[name], abs=0.01)


def newsvendor() -> dict[str, Rows]:
    """Demand of 4 or 12 is not seen before it is ordered at 10; what lacks costs 50, what is left is lost."""
    return {
        "goods": [{"good": "ore", "disposal_cost": 0}],
        "sources": [{"source": "mine", "good": "ore"}],
        "prices": [{"source": "mine", "price": 10}],
        "sectors": SECTOR,
        "demand": demand(4),
        "tiers": TIER,
        "scenarios": FUTURES,
        "shocks": [{"scenario": "ban", "shock": "boom", "quantity": "demand", "factor": 3}],
    }


def test_orders_in_the_dark_are_kept_where_futures_have_parted() -> None:
    """12 cost 120.  The mean 6.4 cost 64 and 0.3 x 5.6 x 50 = 84.  Who knows orders 4 or 12: 64."""
    found = figures(with_sections(make("newsvendor", 1, newsvendor()), decisions={"orders": "before"}))
    wanted = dict(zip(FIGURES, (120, 64, 64, 148, 56, 28), strict=True))
    assert {name: low for name, (low, _) in found.items()} == pytest.approx(wanted)
    assert {name: high for name, (_, high) in found.items()} == pytest.approx(wanted)


def test_where_nothing_is_decided_before_the_mean_costs_nothing() -> None:
    """The same demand, seen before it is ordered."""
    found = figures(make("seen", 1, newsvendor()))
    assert found["perfect_information"] == found["stochastic_solution"] == (0, 0)
    assert found["expected_result"] == found["recourse"] == pytest.approx((64, 64))


def test_a_first_decision_that_cannot_be_carried_out_is_worth_nothing() -> None:
    """For the expected future no stock is kept; the worst future then costs more than its limit allows."""
    plan = solve_with_value(gamble())
    told = plan.summary["value"]
    assert told["expected_result"] == {"low": None, "high": None, "status": "infeasible"}
    assert told["stochastic_solution"] == {"low": None, "high": None}
    assert told["recourse"]["status"] == "optimal"
    page = " ".join(render(gamble(), plan, audit(gamble(), plan)).split())
    assert "cannot be carried out in all futures: EEV and VSS are without limit" in page


def test_what_is_not_there_in_one_future_is_not_there_in_the_mean() -> None:
    """Supply without limit or none is without limit; a price of 30 or 40 is 33."""
    mean = expected(gamble())
    assert math.isnan(mean.series("supply", "capacity", math.nan)[1][0, 1])
    assert mean.series("prices", "price", math.nan)[1][1].tolist() == pytest.approx([30, 33])
    assert build_tree(mean).labels == ("2026", "2027")


@pytest.mark.soak
def test_a_random_instance_agrees_with_other_ways() -> None:
    """WS <= RP <= EEV; futures known one by one cost what they cost together; the first orders and tranches are the mean's."""
    made = (random_instance(2, 5, 2, number, rules="all") for number in range(100))
    branching = next(i for i in made if shared_periods(i, build_tree(i))["others"] not in ([], [*range(5)]))
    least_cost = {"goal": "least-cost"}
    instance = with_sections(branching, solver={"gap": 0.0}, objective=least_cost, risk={"measure": "expected"})
    recourse, told = engine.solve(instance), engine.solve(known(instance))
    room = 1e-6 * sum(abs(cost) for cost in recourse.costs.values())
    view = instance.view("scenarios")
    each = [engine.solve(only(instance, s)).objective for s in view["scenario"]]
    assert sum(view["probability"] * each) == pytest.approx(told.objective, abs=room)
    mean = engine.find(expected(instance))
    result = engine.find(instance, like=mean.point).plan
    assert result.summary["audit"]["breaches"] == 0
    assert told.objective <= recourse.objective + room <= result.objective + 2 * room
    shared = shared_periods(instance, build_tree(instance))
    for table, of in (("orders", "orders"), ("go", "releases"), ("sale_steps", "others"), ("service", "others")):
        labels = [instance.calendar.labels[t] for t in shared[of]]
        first, kept = (p.tables[table][p.tables[table]["period"].isin(labels)] for p in (mean.plan, result))
        assert not first.empty or table in ("go", "sale_steps")
        assert first["node"].tolist() == kept["node"].tolist()
        if "quantity" in first:
            assert first["quantity"].tolist() == pytest.approx(kept["quantity"].tolist(), abs=1e-6)


def coarse() -> Instance:
    """Lots and set-ups in two futures: at a gap of 30 % the first plan will do."""
    tables = newsvendor()
    tables["sources"] = [
        {"source": "mine", "good": "ore", "order_cost": 37, "lot_size": 3},
        {"source": "port", "good": "ore", "order_cost": 11, "lot_size": 5},
    ]
    tables["prices"] = [{"source": "mine", "price": 10}, {"source": "port", "price": 13}]
    tables["stores"], tables["storage"] = [{"store": "yard"}], [{"good": "ore", "store": "yard", "holding_cost": 3}]
    tables["demand"] = demand(4, 7, 5, 9, 6)
    tables["shocks"] = [{"scenario": "ban", "shock": "boom", "quantity": "demand", "from": "2028", "factor": 1.7}]
    return make("coarse", 5, tables)


def test_the_intervals_hold_what_is_proven_with_more_time() -> None:
    """Whatever the gap, the true figures are inside; EEV belongs to the expected plan that was found, so it is left out."""
    exact, wide = figures(coarse(), gap=0.0), figures(coarse(), gap=0.5)
    assert all(low == pytest.approx(high) for low, high in exact.values())
    for name in ("recourse", "wait_and_see", "expected_problem", "perfect_information"):
        (low, high), (value_of, _) = wide[name], exact[name]
        assert low is not None
        assert high is not None
        assert value_of is not None
        assert low - 1e-6 <= value_of <= high + 1e-6, name
    assert any(high - low > 1 for low, high in wide.values() if low is not None and high is not None)


class Impatient:
    """The engine, but all searches after the first end as told."""

    def __init__(self, ending: BaseException | None) -> None:
        self.ending, self.calls = ending, 0

    def __call__(self, instance: Instance, **options: Any) -> Any:
        self.calls += 1
        if self.calls > 1 and self.ending is not None:
            raise self.ending
        limit = 0.0 if self.calls > 1 else options.pop("time_limit")
        return engine.find(instance, **{**options, "time_limit": limit})


def be_impatient(monkeypatch: pytest.MonkeyPatch, engine_of_it: Any) -> None:
    """The search for the plan, and those beside it, go to one engine."""
    for room in (value, searches):
        monkeypatch.setattr(room, "find", engine_of_it)


def test_no_time_leaves_intervals_open_and_is_not_infeasible(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no plan in its time may have one."""
    be_impatient(monkeypatch, Impatient(None))
    plan = solve_with_value(coarse(), gap=0.0)
    told = plan.summary["value"]
    assert {told[name]["status"] for name in FIGURES[1:4]} == {"no plan"}
    assert told["perfect_information"]["low"] == told["stochastic_solution"]["low"] == 0.0
    assert told["stochastic_solution"]["high"] is None
    assert told["wait_and_see"]["high"] == told["recourse"]["high"]
    page = " ".join(render(coarse(), plan, audit(coarse(), plan)).split())
    assert "unknown" in page
    assert "raise --time-limit to narrow the intervals" in page


@pytest.mark.parametrize("ending", [NoPlanError("stopped", stopped_by="interrupt"), KeyboardInterrupt()])
def test_a_hand_that_stops_one_search_stops_all(ending: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan is there and is kept; the rest is unknown."""
    patient = Impatient(ending)
    be_impatient(monkeypatch, patient)
    plan = solve_with_value(coarse())
    assert patient.calls == 2
    assert plan.status == "optimal"
    assert plan.summary["value"]["stopped_by"] == "interrupt"
    assert "stopped by hand" in render(coarse(), plan, audit(coarse(), plan))


def test_a_bound_without_a_plan_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has no plan may still know that none costs less."""
    be_impatient(monkeypatch, Impatient(NoPlanError("stopped", bound=100.0)))
    told = solve_with_value(coarse()).summary["value"]
    assert told["wait_and_see"]["low"] == 100.0
    assert told["perfect_information"]["high"] == pytest.approx(told["recourse"]["high"] - 100.0)


def test_searches_share_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The four searches beyond the plan's together take as long as it may."""
    limits = []

    def find(instance: Instance, **options: Any) -> Any:
        limits.append(options["time_limit"])
        return engine.find(instance, **options)

    be_impatient(monkeypatch, find)
    solve_with_value(coarse(), time_limit=80.0)
    assert limits[:2] == [80.0, 20.0]
    assert all(20.0 <= limit <= 80.0 for limit in limits[2:])


def test_risk_counts_where_futures_are_known_too() -> None:
    """Known, the boom costs 424 and the calm 280; with half the weight on the worst future's shortfall, of which there is 0."""
    told = solve_with_value(unseen()).summary["value"]
    assert told["scenarios"] == []
    assert told["wait_and_see"]["low"] == pytest.approx(engine.solve(known(unseen())).objective)


def test_a_chance_of_cover_is_asked_of_all_known_futures_together() -> None:
    """Both futures may lack nothing in half of them: who knows covers the calm and lets the boom lack, one by one both would be covered."""
    covered = with_sections(unseen(), risk={"cover": 0.7}, decisions={"orders": "before"})
    told = solve_with_value(covered).summary["value"]
    assert told["scenarios"] == []
    assert told["wait_and_see"]["low"] == pytest.approx(engine.solve(known(covered)).objective)
    assert told["wait_and_see"]["low"] <= told["recourse"]["low"]


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        (
            lambda: make("one", 1, {k: v for k, v in newsvendor().items() if k not in ("scenarios", "shocks")}),
            "scenarios.csv",
        ),
        (lambda: with_sections(unseen(), objective={"goal": "least-shortfall"}), "objective.goal"),
        (lambda: with_sections(unseen(), risk={"measure": "nested", "weight": 0.5}), "risk.measure"),
    ],
)
def test_what_has_no_value_is_said(broken: Any, place: str) -> None:
    """One future has nothing to know; costs of plans with other shortfalls cannot be compared."""
    with pytest.raises(DataError, match=place):
        solve_with_value(broken())


def test_the_command_prints_and_keeps_the_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a page, as a document, and in plan.json."""
    write(replace(farmer(WEATHER)), tmp_path / "farmer")
    assert call("solve", tmp_path / "farmer", "--value", "-q") == 0
    cells = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["planning", "for", "all", "(VSS", "=", "EEV", "-", "RP)", "1,150.00", "1,150.00"] in cells
    assert ["expected", "future", "alone", "(EV)", "-118,600.00", "-118,600.00"] in cells
    assert call("solve", tmp_path / "farmer", "--value", "-q", "--json", "-o", tmp_path / "plan") == 0
    told = json.loads(capsys.readouterr().out)["value"]
    assert told["expected_result"]["high"] == pytest.approx(-107_240)
    assert json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))["value"] == told
    assert call("solve", tmp_path / "farmer", "-q", "--json") == 0
    assert "value" not in json.loads(capsys.readouterr().out)
