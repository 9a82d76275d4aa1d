"""Traced goods, where they meet other rules."""

from __future__ import annotations

import pytest

from stockpile.engine import solve
from stockpile.errors import InfeasibleError
from stockpile.instance import Instance
from stockpile.plan.audit import audit
from tests.models.base import Rows, demand, make
from tests.models.cases_tracing import traced


def army_only(*sources: dict[str, object], **more: Rows) -> Instance:
    """An army that needs 5 magnets of allies in each of two years."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "magnet", "trace": True}],
        "stores": [{"store": "yard"}],
        "storage": [{"good": "magnet", "store": "yard"}],
        "sources": [dict(row) for row in sources],
        "prices": [{"source": row["source"], "price": 2} for row in sources],
        "sectors": [{"sector": "plant", "accepted_origins": "allied"}],
        "demand": demand(5, 5, good="magnet"),
        "tiers": [{"share": 0, "penalty": 1}],
        "origins": [{"origin": "Y", "group": "allied"}],
        **more,
    }
    return make("army-only", 2, tables)


def test_where_a_process_works_is_the_origin_of_what_it_makes() -> None:
    """The works of Y serve those who take no magnets of X; in X the same plan breaks the rule, and the audit says so."""
    instance = traced()
    plan = solve(instance, threads=1)
    assert plan.tables["runs"]["level"].sum() > 0
    assert audit(instance, plan).breaches == []
    tables = {name: frame.copy() for name, frame in instance.tables.items()}
    tables["processes"] = tables["processes"].assign(origin="X")
    moved = Instance.from_tables(instance.name, instance.settings.as_document(), tables)
    said = [str(breach) for breach in audit(moved, plan).breaches]
    assert any("magnet of origin allied: received is" in text for text in said), said


def test_stock_of_no_known_origin_is_for_nobody_who_asks() -> None:
    """10 lie in the yard, of nobody knows where; those of Y are bought for the army, and the others stay."""
    opening: Rows = [{"good": "magnet", "store": "yard", "age": "1", "quantity": 10}]
    plan = solve(army_only({"source": "Y", "good": "magnet", "origin": "Y"}, opening_stock=opening), threads=1)
    assert plan.objective == pytest.approx(20)
    with pytest.raises(InfeasibleError):
        solve(army_only({"source": "X", "good": "magnet", "origin": "X"}, opening_stock=opening), threads=1)


def test_what_is_lent_comes_back_as_it_was() -> None:
    """4.55 of Y are lent and come back as 5 of Y; the 5 of X may be lent as well, and are still of X."""
    opening: Rows = [{"good": "magnet", "store": "yard", "age": "1", "origin": "X", "quantity": 5}]
    rotation: Rows = [{"good": "magnet", "mode": "exchange", "lag": "1", "premium": 0.1, "depth": 9}]
    instance = army_only(
        {"source": "Y", "good": "magnet", "origin": "Y", "until": "2027"}, opening_stock=opening, rotation=rotation
    )
    assert solve(instance, threads=1).objective == pytest.approx(2 * (5 + 5 / 1.1))


def test_a_policy_on_use_that_no_plan_keeps_says_so() -> None:
    """At most a fifth of what the army gets may be of Y, and all that it takes is."""
    rule: Rows = [{"policy": "a", "kind": "origin-in-use", "origin": "Y", "at_most": 0.2}]
    instance = army_only({"source": "Y", "good": "magnet", "origin": "Y"}, policies=rule)
    with pytest.raises(InfeasibleError, match="policy a cannot be kept: it is missed by 4 unit"):
        solve(instance, threads=1)
