"""Why there is no plan: each rule in a conflict is needed, and the repair gives a plan at what it says."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stockpile.data import make_data
from stockpile.engine import solve
from stockpile.errors import InfeasibleError, NoPlanError
from stockpile.instance import Instance, load
from stockpile.models.build import build_model
from stockpile.report import reason as pages
from stockpile.solver.compile import compile_model
from stockpile.solver.conflict import only, with_bounds_as_rows
from stockpile.solver.highs import Options, run
from stockpile.study.explain import DROP, LOWER, PAY_IN, RAISE, Change, Reason, why_infeasible
from stockpile.study.variants import with_tables
from stockpile.study.words import LIMITS, RULES
from stockpile.tree import build_tree
from tests.models.test_golden import GOLDEN

QUICKSTART = Path(__file__).parents[2] / "instances" / "quickstart"
BUILD = [
    "pins[build].decision=release",
    "pins[build].name={project}",
    "pins[build].stage=2",
    "pins[build].at_least=1",
]
#: Causes: what is changed in quickstart, and families that must be in the conflict.
CAUSES: dict[str, tuple[list[str], set[str]]] = {
    "more at the end than the store holds": (["goods[*].end_stock=20"], {"store_room", "end_stock"}),
    "no money": (["tiers[*].share=0.1", "budgets[*].amount*=0.1"], {"cash_balance", "demand_met", "limit of short"}),
    "no supply": (["tiers[*].share=0.05", "prices[*].width=0.1"], {"limit of order", "demand_met"}),
    "no time": (["tiers[*].share=0.05", "sources[*].lead_time=3y"], {"demand_met"}),
    "a purchase that nobody can pay": (
        ["pins[buy].decision=order", "pins[buy].name={source}", "pins[buy].at_least=40"],
        {"orders_required"},
    ),
    "a purchase that is forbidden": (
        ["tiers[*].share=0.05", "pins[no].decision=order", "pins[no].name={source}", "pins[no].at_most=0"],
        {"orders_forbidden", "demand_met"},
    ),
    "a stage without the one before it": (
        [
            "pins[a].decision=release",
            "pins[a].name={project}",
            "pins[a].stage=2",
            "pins[a].at_least=1",
            "pins[b].decision=release",
            "pins[b].name={project}",
            "pins[b].stage=1",
            "pins[b].at_most=0",
        ],
        {"release_required", "release_forbidden"},
    ),
    "a stage that is not paid for": (
        [
            "pins[a].decision=release",
            "pins[a].name={project}",
            "pins[a].stage=1",
            "pins[a].at_least=1",
            "budgets[*].amount=0",
            "tiers[*].share=0.5",
        ],
        {"release_required", "cash_balance"},
    ),
    "a rule against buying abroad": (
        [
            "tiers[*].share=0.05",
            "policies[home].kind=deliveries",
            "policies[home].source={source}",
            "policies[home].at_most=0.5",
        ],
        {"demand_met"},
    ),
    "a target without a penalty": (["targets[{good}].quantity=13"], {"store_room"}),
    "more of a good than the store may keep of it": (
        [
            "storage[*].capacity=3",
            "pins[keep].decision=stock",
            "pins[keep].name={good}",
            "pins[keep].at_least=4",
            "pins[keep].until=2027",
        ],
        {"limit of stock", "stock_required"},
    ),
    "a contract that nobody can pay": (
        [
            "contracts[offtake].source={source}",
            "contracts[offtake].duration=4y",
            "contracts[offtake].min_rate=20",
            "contracts[offtake].max_rate=30",
            "contracts[offtake].price=12",
            "pins[sign].decision=signing",
            "pins[sign].name=offtake",
            "pins[sign].at_least=1",
            "pins[sign].until=2027",
        ],
        {"signing_required", "cash_balance"},
    ),
    "a promise beyond the limit of a fund": (
        [
            *BUILD,
            "funds[*].commitment_limit=17",
            "stages[*].pay_on=verification",
        ],
        {"limit of committed", "release_required"},
    ),
    "more than a fund may pay in all": (
        [*BUILD, "funds[*].limit=15"],
        {"limit of paid", "release_required"},
    ),
    "more hands than there are": (
        [
            *BUILD,
            "resources[crew].unit=h",
            "resources[crew].capacity=100",
            "resources[crew].overtime=10",
            "resource_use[crew].kind=stage",
            "resource_use[crew].name={project}",
            "resource_use[crew].stage=1",
            "resource_use[crew].over_stage=120",
        ],
        {"resource_capacity", "release_required", "limit of overtime"},
    ),
}
#: What gives way least of some causes, where, and in which unit: these limits have one of their own, or of nobody else.
WAYS = {
    "more of a good than the store may keep of it": (LOWER, 1.0, "kt", "stock_required", "2026"),
    "a contract that nobody can pay": (DROP, 1.0, "", "signing_required", "2026"),
    "a promise beyond the limit of a fund": (RAISE, 1.0, "MUSD", "limit of committed", None),
    "more than a fund may pay in all": (RAISE, 6.0, "MUSD", "limit of paid", ""),
    "more hands than there are": (RAISE, 10.0, "h", "resource_capacity", None),
}


def changed(changes: list[str]) -> Instance:
    """Quickstart with changes; rows that it has not are added."""
    plain = load(QUICKSTART)
    names = {"source": "sources", "project": "projects", "good": "goods"}
    first = {name: str(plain.table(table)[name].iloc[0]) for name, table in names.items()}
    tables: dict[str, Any] = dict(plain.tables)
    rows: dict[tuple[str, str], dict[str, str]] = {}
    rest = []
    for change in (text.format(**first) for text in changes):
        table, key = change.split("[")[0], change.split("[")[1].split("]")[0]
        if key == "*":
            rest.append(change)
        else:
            column, value = change.split("].")[1].split("=")
            rows.setdefault((table, key), {})[column] = value
    key_of = {"pins": "pin", "policies": "policy", "targets": "good", "contracts": "contract"}
    key_of |= {"resources": "resource", "resource_use": "resource"}
    for (table, key), cells in rows.items():
        tables[table] = [*tables.get(table, []), {key_of[table]: key, **cells}]
    settings = {**plain.settings.as_document(), "name": plain.name, "title": plain.title}
    instance = Instance.from_tables("changed", settings, tables)
    return instance.changed(rest) if rest else instance


@cache
def explained(cause: str) -> tuple[Instance, Reason]:
    instance = changed(CAUSES[cause][0])
    with pytest.raises(InfeasibleError):
        solve(instance)
    reason = why_infeasible(instance)
    assert reason is not None
    return instance, reason


def model_of(instance: Instance) -> Any:
    """The model whose bounds are rows."""
    return with_bounds_as_rows(compile_model(build_model(make_data(instance, build_tree(instance))))).compiled


def holds(compiled: Any, rows: list[int]) -> bool:
    """Whether some rows can hold together, by a run of its own."""
    outcome = run(only(compiled, np.array(rows, np.int32)), Options(gap=0.0))
    assert outcome.status in ("optimal", "infeasible")
    return outcome.status == "optimal"


@pytest.mark.parametrize("cause", CAUSES)
def test_each_rule_of_a_conflict_is_needed(cause: str) -> None:
    """All together cannot be kept, and without any one of them the others can."""
    instance, reason = explained(cause)
    rows, compiled = [rule.row for rule in reason.rules], model_of(instance)
    assert reason.minimal
    assert not holds(compiled, rows)
    for row in rows:
        assert holds(compiled, [other for other in rows if other != row]), reason.rules[rows.index(row)]
    assert CAUSES[cause][1] <= {rule.family for rule in reason.rules}


@pytest.mark.parametrize("cause", CAUSES)
def test_the_repair_gives_a_plan(cause: str) -> None:
    """With every limit as far away as the repair says there is a plan, and with a thousandth less of it there is none."""
    instance, reason = explained(cause)
    assert reason.repair
    compiled = model_of(instance)
    every = list(range(compiled.rows))
    assert holds(repaired(instance, compiled, reason.repair, 1 + 1e-7), every)
    assert not holds(repaired(instance, compiled, reason.repair, 0.999), every)


def repaired(instance: Instance, compiled: Any, repair: tuple[Change, ...], part: float) -> Any:
    """The model with a part of the repair."""
    data = make_data(instance, build_tree(instance))
    low, high = compiled.row_lower.copy(), compiled.row_upper.copy()
    for change in repair:
        row, equal = list(change.rows), compiled.row_lower[change.rule.row] == compiled.row_upper[change.rule.row]
        good, hour = float(data.scale.good[0]), float(data.resources.unit[0]) if "crew" in data.resources.names else 1.0
        scale = {instance.settings.units.money: data.money_scale, "kt": good, "h": hour, "": 1.0}[change.unit]
        amount = part * change.amount / scale
        assert change.how in (LOWER, RAISE, PAY_IN, DROP)
        if equal and change.how == PAY_IN:
            amount = amount if low[change.rule.row] >= 0 else -amount
        elif equal:
            amount = -amount if low[change.rule.row] > 0 else amount
        low[row] -= 0 if equal else amount
        high[row] += 0 if equal else amount
        if equal:
            low[row] = high[row] = low[row] + amount
    return replace(compiled, row_lower=low, row_upper=high)


@pytest.mark.parametrize("cause", WAYS)
def test_what_gives_way_is_told_in_its_own_unit(cause: str) -> None:
    """Hours of a resource, money of a fund's limits; what is yes or no has none, and a pin is told where its window ends."""
    _, reason = explained(cause)
    how, amount, unit, family, node = WAYS[cause]
    assert {(c.how, c.unit, c.rule.family) for c in reason.repair or ()} == {(how, unit, family)}
    assert [c.amount for c in reason.repair or ()] == pytest.approx([amount] * len(reason.repair or ()))
    assert node in (None, *(c.rule.node for c in reason.repair or ()))


#: Changes of a table as a repair says, and nearly as much.
TABLES = {
    "more of a good than the store may keep of it": ("pins[keep].at_least=3", "pins[keep].at_least=3.01"),
    "a promise beyond the limit of a fund": ("funds[*].commitment_limit=18", "funds[*].commitment_limit=17.9"),
    "more than a fund may pay in all": ("funds[treasury].limit=21", "funds[treasury].limit=20.9"),
    "more hands than there are": ("resources[*].capacity=110", "resources[*].capacity=109.9"),
}


@pytest.mark.parametrize("cause", ["a promise beyond the limit of a fund", "more than a fund may pay in all"])
def test_a_limit_of_a_fund_gives_way_once(cause: str) -> None:
    """It is the same at every node: it counts once, and is told without a period."""
    _, reason = explained(cause)
    (change,) = reason.repair or ()
    assert len(change.rows) > 1
    assert change.rule.node == ""


@pytest.mark.parametrize("cause", TABLES)
def test_what_a_repair_says_is_what_the_tables_need(cause: str) -> None:
    """A planner who changes the table by what is told has a plan, and with a little less there is none."""
    instance, _ = explained(cause)
    enough, less = TABLES[cause]
    assert solve(instance.changed([enough])).status == "optimal"
    with pytest.raises(InfeasibleError):
        solve(instance.changed([less]))


def test_a_name_that_is_a_period_is_a_name() -> None:
    """A sector that is called 2026 is told as whom a rule is about, and the period of the rule beside it."""
    plain = changed(CAUSES["no money"][0])
    tables = {name: frame.replace("defence", "2026") for name, frame in plain.tables.items()}
    reason = why_infeasible(with_tables(plain, tables))
    assert reason is not None
    met = [rule for rule in reason.rules if rule.family == "demand_met"]
    assert met
    assert all(rule.who == ("2026", "antimony") and rule.node in ("2026", "2027", "2028", "2029") for rule in met)


def test_a_repair_of_the_tables_gives_a_plan() -> None:
    """What is asked for less of at the end is what the table may ask for."""
    instance, reason = explained("more at the end than the store holds")
    (change,) = reason.repair or ()
    assert (change.how, change.unit, change.rule.limit) == (LOWER, "kt", 20.0)
    assert solve(instance.changed([f"goods[*].end_stock={20.0 - change.amount}"])).status == "optimal"
    with pytest.raises(InfeasibleError):
        solve(instance.changed([f"goods[*].end_stock={20.0 - change.amount + 0.01}"]))


def test_an_instance_with_a_plan_has_no_conflict() -> None:
    """Nothing is made up where nothing is wrong."""
    assert why_infeasible(load(QUICKSTART)) is None


def test_no_time_is_no_plan() -> None:
    """Where it is over before anything is known, an instance is not said to have a plan, nor to have none."""
    with pytest.raises(NoPlanError, match="the time was over"):
        why_infeasible(changed(CAUSES["no money"][0]), time_limit=0.0)


@pytest.mark.parametrize(("repair", "words"), [(None, "not known: the time ran out"), ((), "less may do")])
def test_a_repair_that_is_not_proven_says_so(repair: tuple[Change, ...] | None, words: str) -> None:
    """What the time was too short for is not told as if it were known."""
    _, reason = explained("no money")
    short = replace(reason, proven=False, repair=repair if repair is None else reason.repair)
    assert words in pages.page("x", short)
    assert pages.as_document("x", short)["repair_proven"] is False
    assert words not in pages.page("x", reason)


def test_one_rule_alone_is_told_as_one() -> None:
    """A pin that no decision can keep, and the window that is shut by then."""
    pins = [*BUILD, "pins[build].stage=1", "pins[build].from=2028"]
    plain = changed(pins)
    rows = [{**row, "start_until": "2027"} for row in plain.table("projects")[["project", "title"]].to_dict("records")]
    instance = with_tables(plain, {"projects": rows})
    reason = why_infeasible(instance)
    assert reason is not None
    assert [rule.family for rule in reason.rules] == ["release_required"]
    assert "one rule cannot be kept" in pages.page("x", reason)
    assert [(one.table, one.after, one.months) for one in reason.later] == [("projects", "2029", 24.0)]


def test_every_rule_has_words() -> None:
    """Each family of rows, and each variable with a greatest value, of all the small models: none is told by its name."""
    families, limited, whole = set(), set(), set()
    for file in GOLDEN.glob("*.lp"):
        rows, _, rest = file.read_text(encoding="utf-8").partition("\nbounds\n")
        bounds, _, integers = rest.partition("\ngeneral\n")
        families |= set(re.findall(r"^ (\w+)[.:]", rows.partition("subject to")[2], re.M))
        limited |= set(re.findall(r"^ \S+ <= (\w+)\.\S+ <= [\d.e+]+$", bounds, re.M))
        whole |= set(re.findall(r"^ (\w+)\.", integers, re.M))
    assert len(families) > 100
    assert {"stock", "order", "paid"} <= limited
    patterns = ("_paid", "_required", "_forbidden", "_at_least", "_at_most")
    assert {family for family in families - RULES.keys() if not family.endswith(patterns)} == set()
    assert limited - whole - LIMITS.keys() == set()


SECOND_STAGE = ["pins[a].decision=release", "pins[a].name={project}", "pins[a].stage=2", "pins[a].at_least=1"]
NOT_YET = [
    "pins[b].decision=release",
    "pins[b].name={project}",
    "pins[b].stage=1",
    "pins[b].at_most=0",
    "pins[b].until=2027",
]
#: What makes a date too early: pins, deadline of the second stage, and the table of the date, which gives a plan in 2029.
EARLY: dict[str, tuple[list[str], str | None, str]] = {
    "a deadline before which the stage cannot be reached": ([*SECOND_STAGE, *NOT_YET], "2028", "stages"),
    "a pin that ends too early": ([*SECOND_STAGE, "pins[a].until=2028", *NOT_YET], None, "pins"),
}


@pytest.mark.parametrize("cause", EARLY)
def test_a_date_that_is_too_early_is_told_in_months(cause: str) -> None:
    """The second stage can be released in 2028 at the earliest: a date that ends in 2027 has to be a year later."""
    changes, deadline, table = EARLY[cause]
    instance = with_deadline(changed(changes), deadline)
    reason = why_infeasible(instance)
    assert reason is not None
    (later,) = [one for one in reason.later if (one.table, one.before) == (table, "2028")]
    assert (later.after, later.months, later.periods) == ("2029", 12.0, 1)
    assert later.who in (("smelter", "2"), ("a",))
    told = " ".join(pages.page(instance.name, reason).split())
    assert f"{later.what} {' '.join(later.who)}: 12 months later (2029 instead of 2028)" in told
    assert {"months": 12.0, "before": "2028", "after": "2029"}.items() <= pages.as_document("x", reason)["later"][
        0
    ].items()


def with_deadline(instance: Instance, deadline: str | None) -> Instance:
    """The instance with a deadline of its second stage."""
    rows = instance.table("stages").to_dict("records")
    rows = [{**row, "deadline": deadline} if row["stage"] == 2 else row for row in rows]
    settings = {**instance.settings.as_document(), "name": instance.name, "title": instance.title}
    return Instance.from_tables("early", settings, {**instance.tables, "stages": rows})
