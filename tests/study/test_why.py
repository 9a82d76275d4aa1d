"""Why a plan is as it is: each figure is held against plans that are made without it."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from stockpile.engine import find, solve
from stockpile.errors import DataError, InfeasibleError
from stockpile.instance import Instance, load
from stockpile.instance.generate import random_instance
from stockpile.plan.audit import audit
from stockpile.plan.places import MORE
from stockpile.plan.plan import Plan
from stockpile.study.break_even import BreakEven, break_even, repriced
from stockpile.study.decisions import PROJECT, SOURCE, Decision, chosen, decisions_of
from stockpile.study.forcing import NOT_SEARCHED, Answer, Asked, forced
from stockpile.study.limits import BUDGET, Limit, limits_of
from stockpile.study.plan_point import PlanPoint, at_plan
from stockpile.study.searches import Searches
from stockpile.study.variants import pinned, setting_out
from stockpile.study.why import why_so
from tests.models.cases import CASES
from tests.plan.test_worth import KINKS, LIMITS, STEP, least_cost, moved, planned, with_tables

QUICKSTART = Path(__file__).parents[2] / "instances" / "quickstart"
EXACT = Asked(gap=0.0, each=60.0, total=600.0)
#: Random instances: goods, periods, projects, seed, rules.
SMALL = (1, 2, 1, 5, "core")
RANDOM = [
    SMALL,
    *(pytest.param((1, 3, 2, seed, rules), marks=pytest.mark.soak) for seed in range(3) for rules in ("core", "all")),
]


@cache
def explored(arguments: tuple[Any, ...]) -> tuple[Instance, Plan, tuple[Answer, ...]]:
    """A random instance, its best plan, and what every decision the other way round costs more."""
    instance = random_instance(*arguments)
    plan = solve(instance, gap=0.0)
    answers, left, stopped_by = forced(instance, plan, decisions_of(instance, plan), EXACT)
    assert (left, stopped_by) == ([], None)
    return instance, plan, tuple(answers)


def pin(instance: Instance, decision: Decision) -> Instance:
    """The instance with a pin as a planner would write it."""
    what = {PROJECT: "release", SOURCE: "order"}.get(decision.kind, "signing")
    row: dict[str, Any] = {"pin": "mine", "decision": what, "name": decision.name}
    row |= {"stage": decision.stage} if decision.stage else {}
    row |= {"at_most": 0} if decision.used else {"at_least": decision.amount or 1}
    return with_tables(instance, {"pins": [*instance.table("pins").to_dict("records"), row]})


@pytest.mark.parametrize("arguments", RANDOM)
def test_a_forced_decision_costs_what_a_plan_of_the_pinned_instance_costs_more(arguments: tuple[Any, ...]) -> None:
    """At gap 0 the difference is the same number; where there is no plan, there is none of the pinned instance."""
    instance, plan, answers = explored(arguments)
    assert answers
    for answer in answers:
        try:
            other = solve(pin(instance, answer.decision), gap=0.0).objective
        except (InfeasibleError, DataError):
            assert (answer.status, answer.low, answer.high) == ("infeasible", math.inf, math.inf)
            continue
        assert answer.low == pytest.approx(answer.high, abs=1e-6 * abs(plan.objective))
        assert answer.high == pytest.approx(other - plan.objective, abs=1e-6 * abs(plan.objective))


def test_with_a_gap_the_interval_holds_the_difference() -> None:
    """A plan that is only near the best, and searches that end as near, leave an interval; it has the exact one in it."""
    instance, _, exact = explored(SMALL)
    rough = solve(instance, gap=0.2)
    assert rough.summary["gap"] <= 0.2
    decisions = [answer.decision for answer in exact]
    found, _, _ = forced(instance, rough, decisions, Asked(gap=0.2, each=60.0, total=600.0))
    for answer, known in zip(found, exact, strict=True):
        if known.status == "infeasible":
            assert answer.status == "infeasible"
            continue
        assert answer.low <= known.high + 1e-6
        assert answer.high >= known.low - 1e-6


def test_a_search_that_finds_nothing_leaves_what_it_set_out_from() -> None:
    """With no seconds for a search the plan of the other way round that it set out from still bounds the difference."""
    instance, plan, exact = explored(SMALL)
    known = [answer for answer in exact if math.isfinite(answer.high)]
    found, left, _ = forced(instance, plan, [a.decision for a in known], Asked(gap=0.0, each=0.0, total=60.0))
    assert left == []
    assert any(answer.status == "feasible" and answer.plan is None for answer in found)
    for answer, best in zip(found, known, strict=True):
        assert answer.low <= best.low + 1e-6
        assert answer.high >= best.high - 1e-6
        assert math.isfinite(answer.high)


def test_what_is_not_searched_for_is_told_from_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the time of the searches is over, the plan with a decision alone changed bounds what that costs."""
    instance, plan, exact = explored(SMALL)
    known = [answer for answer in exact if math.isfinite(answer.high)]
    told: list[str] = []
    monkeypatch.setattr(Searches, "over", property(lambda self: self.count < len(known)))
    asked = Asked(gap=0.0, each=60.0, total=60.0, progress=lambda p: told.append(p.phase))
    found, left, _ = forced(instance, plan, [a.decision for a in known], asked)
    assert left == []
    assert {answer.status for answer in found[1:]} == {NOT_SEARCHED}
    assert found[0].status == "optimal"
    assert sum("without a search" in phase for phase in told) == len(known) - 1
    for answer, best in zip(found, known, strict=True):
        assert answer.low <= best.low + 1e-6
        assert best.high - 1e-6 <= answer.high < math.inf


def test_ctrl_c_after_the_searches_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left was stopped by hand, not for want of time."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    instance, plan, exact = explored(SMALL)
    decisions = [answer.decision for answer in exact]
    monkeypatch.setattr(Searches, "over", property(lambda self: self.count < len(decisions)))
    monkeypatch.setattr("stockpile.study.forcing.at_plan", interrupted)
    found, left, stopped_by = forced(instance, plan, decisions, Asked(gap=0.0, each=60.0, total=60.0))
    assert ([answer.decision for answer in found], left, stopped_by) == (decisions[:1], decisions[1:], "interrupt")


@pytest.mark.parametrize(("case", "theirs"), [("magnets_back", "trade"), ("traced", "trade of X")])
def test_where_the_market_pays_nothing_is_asked(case: str, theirs: str) -> None:
    """The reserve decides nothing there; its own sources are asked for."""
    instance, found = planned(case)
    names = {d.name for d in decisions_of(instance, found.plan) if d.kind == SOURCE}
    assert theirs in set(instance.table("sources")["source"])
    assert names
    assert theirs not in names


@pytest.mark.parametrize(("seed", "source"), [(2, "good 1 from Drava 1"), (4, "good 1 from Drava 3")])
def test_a_source_is_not_used_above_its_break_even_price(seed: int, source: str) -> None:
    """A fund has money left without it, which it has used up with it: one dual does not tell both."""
    instance = random_instance(1, 2, 1, seed)
    plan = solve(instance, gap=0.0)
    point = at_plan(instance, plan)
    answer = Answer(Decision(SOURCE, source, True), 0.0, 0.0, "optimal", None)
    ((told,), _) = break_even(point, [answer], 60.0)
    without = at_plan(repriced(instance, 1e3, source), plan).objective
    assert at_plan(repriced(instance, told.low * 0.99, source), plan).objective < without * (1 - 1e-6)
    assert at_plan(repriced(instance, told.high * 1.01, source), plan).objective == pytest.approx(without)


def test_ctrl_c_between_searches_keeps_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may come while the next variant is made, not only while one is solved."""
    instance, plan, exact = explored(SMALL)
    decisions = [answer.decision for answer in exact]
    made: list[Decision] = []

    def stopped(instance: Instance, decision: Decision) -> Instance:
        made.append(decision)
        if len(made) > 1:
            raise KeyboardInterrupt
        return pinned(instance, decision)

    monkeypatch.setattr("stockpile.study.forcing.pinned", stopped)
    found, left, stopped_by = forced(instance, plan, decisions, EXACT)
    assert ([answer.decision for answer in found], left, stopped_by) == (decisions[:1], decisions[1:], "interrupt")


def test_no_time_leaves_decisions() -> None:
    """What was not asked is told, and nothing is made up about it."""
    instance, plan, exact = explored(SMALL)
    decisions = [answer.decision for answer in exact]
    found, left, stopped_by = forced(instance, plan, decisions, Asked(gap=0.0, each=0.0, total=0.0))
    assert (found, left, stopped_by) == ([], decisions, None)


def test_a_project_whose_milestone_may_fail_is_asked_for_up_to_it() -> None:
    """A stage can be released on every path only if the one before it is verified on every path; in one future, all can."""
    instance = CASES["fails"]()
    plan = planned("fails")[1].plan
    idle = replace(plan, tables={**plan.tables, "go": plan.tables["go"].iloc[:0]})
    shocks = instance.table("shocks")
    (failing,) = set(zip(shocks["project"], shocks["stage"].astype(int), strict=True))
    stages = instance.table("stages")
    asked = {d.name: d.stage for d in decisions_of(instance, idle) if d.kind == PROJECT}
    last = {p: int(i) for p, i in stages.groupby("project")["stage"].max().items()}
    assert asked[failing[0]] == min(failing[1], last[failing[0]])
    assert all(asked[p] == last[p] for p in asked if p != failing[0])


def test_a_search_sets_out_from_a_plan_with_what_is_required() -> None:
    """The plan of all decisions the other way round has a point in the pinned model, with whole decisions as the pin wants them."""
    instance, plan, answers = explored(SMALL)
    asked = [answer.decision for answer in answers if math.isfinite(answer.high)]
    assert asked
    for decision in asked:
        point = at_plan(pin(instance, decision), setting_out(instance, plan, decision))
        assert point.objective >= plan.objective - 1e-6 * abs(plan.objective)


def test_a_plan_of_least_shortfall_is_explained_at_its_shortfall() -> None:
    """Cost comes second: a variant may cost less, with more shortfall; it is what the pinned instance costs."""
    instance = load(QUICKSTART, ["objective.goal=least-shortfall"])
    plan = solve(instance, gap=0.0)
    point = at_plan(instance, plan)
    assert point.objective == pytest.approx(plan.objective, rel=1e-6)
    decisions = decisions_of(instance, plan)[:1]
    (answer,), _, _ = forced(instance, plan, decisions, EXACT)
    other = solve(pin(instance, decisions[0]), gap=0.0).objective
    assert answer.low == pytest.approx(answer.high, abs=1e-3)
    assert answer.high == pytest.approx(other - plan.objective, abs=1e-3)


def test_limits_of_a_trade_off_hold_where_its_plan_is_explained() -> None:
    """A plan of a frontier kept shortfall within a limit: so does its point, and it costs what the plan does."""
    instance = load(QUICKSTART)
    free = solve(instance, gap=0.0)
    plan = find(instance, gap=0.0, most={"shortfall": free.costs["shortfall"] * 0.5}).plan
    assert plan.objective > free.objective
    assert at_plan(instance, plan).objective == pytest.approx(plan.objective, rel=1e-6)


@cache
def at(case: str) -> tuple[PlanPoint, list[Limit]]:
    instance, found = planned(case)
    point = at_plan(instance, found.plan)
    return point, limits_of(point, audit(instance, found.plan), 60.0)


@pytest.mark.parametrize("case", ["committed", "dropped", "discounts", "separated", "offtake", "pinned_work"])
def test_the_point_of_a_plan_costs_what_the_plan_does(case: str) -> None:
    """Integers are read from the tables; the LP finds what the plan has."""
    point, _ = at(case)
    assert point.objective == pytest.approx(point.plan.objective)
    assert not point.compiled.integer.any()


@pytest.mark.parametrize(
    ("case", "family", "key", "table", "column", "cells"),
    [x for x in LIMITS if (*x[:2], x[2][0]) in KINKS] + LIMITS[:4],
)
def test_a_unit_more_gains_what_is_told(
    case: str, family: str, key: list[str], table: str, column: str, cells: dict[str, Any]
) -> None:
    """Also where the cost bends, so that the dual is more than what is gained."""
    instance, found = planned(case)
    (limit,) = [limit for limit in at(case)[1] if (limit.family, list(limit.key)) == (family, key)]
    step = STEP if limit.way == MORE else -STEP
    gained = found.plan.objective - least_cost(moved(instance, table, column, cells, step), found)
    assert limit.exact
    assert limit.worth == pytest.approx(gained / STEP, rel=1e-4, abs=1e-5)


def test_a_kink_is_told_from_its_dual() -> None:
    """Somewhere the dual is more than a unit more gains: the moved limit is what tells."""
    duals = {
        (r["family"], tuple(r["key"])): r.get("worth") for r in planned("committed")[1].plan.summary["binding"]["rows"]
    }
    assert any(limit.worth != duals.get((limit.family, limit.key), limit.worth) for limit in at("committed")[1])


def test_no_time_leaves_the_dual_as_a_limit() -> None:
    """Without time for LPs the worth is the most that it can be, and says so."""
    instance, found = planned("committed")
    point = at("committed")[0]
    rough = {(x.family, x.key): x for x in limits_of(point, audit(instance, found.plan), 0.0)}
    assert any(not limit.exact for limit in rough.values())
    for limit in at("committed")[1]:
        most = rough[limit.family, limit.key].worth
        assert limit.worth is None or (most is not None and most >= limit.worth * (1 - 1e-5))


def test_a_budget_is_worth_what_money_of_its_period_saves() -> None:
    """Periods with the same worth stand together; a unit more in one of them is what is told."""
    instance, found = planned("dropped")
    told = [limit for limit in at("dropped")[1] if limit.family == BUDGET and limit.worth]
    assert told
    for limit in told:
        row = {"fund": limit.key[0], "from": limit.last, "amount": STEP}
        more = [*instance.table("budgets").to_dict("records"), row]
        saved = found.plan.objective - least_cost(with_tables(instance, {"budgets": more}), found)
        assert saved / STEP == pytest.approx(limit.worth, rel=1e-4)


@cache
def prices(case: str, names: tuple[str, ...]) -> tuple[Instance, tuple[BreakEven, ...]]:
    """Break-even prices of some sources of a case."""
    instance, found = planned(case)
    decisions = chosen(decisions_of(instance, found.plan), names)
    answers, _, _ = forced(instance, found.plan, decisions, EXACT)
    return instance, tuple(break_even(at_plan(instance, found.plan), answers, 60.0)[0])


@pytest.mark.parametrize("case", ["sourced", "waiting", "unused"])
def test_a_source_is_used_below_its_break_even_price_and_not_above(case: str) -> None:
    """Without lumps the plan of the instance at other prices changes there: all of it solved again."""
    if case == "unused":
        instance, found = unused()
    else:
        instance, found = prices(case, {"sourced": ("dear",), "waiting": ("well",)}[case])
    assert found
    for one in found:
        assert one.fixed
        assert one.used == (one.high > 1)
        for factor, used in ((one.low * 0.999, True), (one.high * 1.001, False)):
            other = solve(repriced(instance, factor, one.source), gap=0.0)
            assert (one.source in set(other.orders["source"])) == used, (one, factor)


@cache
def unused() -> tuple[Instance, tuple[BreakEven, ...]]:
    """A source that is dearer than what it would replace, with the price at which it would be used."""
    instance = CASES["sourced"]()
    dear = repriced(instance, 30.0, "well")
    plan = solve(dear, gap=0.0)
    decisions = [d for d in decisions_of(dear, plan) if d.name == "well"]
    answers, _, _ = forced(dear, plan, decisions, EXACT)
    return dear, tuple(break_even(at_plan(dear, plan), answers, 60.0)[0])


def test_of_lumpy_orders_the_variant_tells_the_price() -> None:
    """What the plan with a lot of an unused source costs more is made up for by a lower price of it: just below it is used."""
    instance, found = prices("discounts", ("mine",))
    (one,) = found
    assert (one.fixed, one.used) == (False, False)
    assert one.low == pytest.approx(one.high)
    assert "mine" in set(solve(repriced(instance, one.low * 0.99, "mine"), gap=0.0).orders["source"])


def test_a_plan_with_other_amounts_says_what_the_best_would_save() -> None:
    """A plan that buys more than it needs passes its audit; the LP at its decisions costs less."""
    instance, _ = planned("tight_stock")
    worse = with_tables(
        instance,
        {
            "goods": [
                {**row, "end_stock": row["end_stock"] + 0.25} for row in instance.table("goods").to_dict("records")
            ]
        },
    )
    plan = solve(worse, gap=0.0)
    assert at_plan(instance, plan).objective < plan.objective - 0.01


def test_pins_that_are_there_stay_as_they_are() -> None:
    """An instance with pins of its own, whose other cells are blank, can be asked about as any other."""
    own = [
        {"pin": "few", "decision": "order", "name": "imports", "at_most": 30},
        {"pin": "go", "decision": "release", "name": "smelter", "stage": 1, "at_least": 1},
    ]
    instance = with_tables(load(QUICKSTART), {"pins": own})
    decision = Decision(SOURCE, "smelter output", True)
    pins = pinned(instance, decision).table("pins")
    assert pins.iloc[:2].equals(instance.table("pins"))
    assert pins.iloc[2][["decision", "name", "at_most"]].tolist() == ["order", "smelter output", 0.0]
    (answer,) = forced(instance, solve(instance), [decision], EXACT)[0]
    assert answer.status == "optimal"
    assert 0 < answer.low <= answer.high < math.inf


def test_names_of_decisions_are_looked_up() -> None:
    """One that is unknown is told with the nearest; a kind before it tells two of a name apart."""
    decisions = [
        Decision(PROJECT, "smelter", True, stage=1),
        Decision(SOURCE, "smelter", True),
        Decision(SOURCE, "mine", False),
    ]
    assert chosen(decisions, ["smelter", "mine"]) == decisions
    assert chosen(decisions, ["source:smelter"]) == [decisions[1]]
    with pytest.raises(DataError, match="did you mean 'mine'"):
        chosen(decisions, ["mien"])


def test_all_of_it_together() -> None:
    """A plan is explained in one go; what is not asked about is not told."""
    instance, found = planned("tight_stock")
    why = why_so(instance, found.plan, audit(instance, found.plan), [], EXACT)
    assert (why.answers, why.break_even, why.left, why.stopped_by) == ([], [], [], None)
    assert why.least == pytest.approx(found.plan.objective)
    worth = [limit.worth for limit in why.limits if limit.worth is not None]
    assert worth == sorted(worth, reverse=True)
    assert worth[0] > 0
