"""Guarantees under policies: what a fund guarantees counts as its risk, and what it is called for as its spending."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile import engine
from stockpile.instance import Instance
from tests.models.cases_instruments import guaranteed


def with_policies(instance: Instance, rows: list[dict[str, Any]], limits: bool) -> Instance:
    """The instance with policies, and with or without its limits on exposure."""
    tables = dict(instance.tables)
    if not limits:
        tables["funds"] = tables["funds"].assign(exposure_limit=float("nan"))
    return Instance.from_tables(instance.name, instance.settings.as_document(), {**tables, "policies": rows})


def test_a_policy_on_exposure_binds_as_the_limit_does() -> None:
    """If a policy saw the lender alone, the agency could guarantee whatever it liked."""
    plain = engine.solve(guaranteed(), gap=0)
    free = engine.solve(with_policies(guaranteed(), [], limits=False), gap=0)
    limits = {"bank": 12, "agency": 45}
    rows = [{"policy": f, "kind": "exposure", "fund": f, "at_most": most} for f, most in limits.items()]
    kept = engine.solve(with_policies(guaranteed(), rows, limits=False), gap=0)
    assert kept.objective == pytest.approx(plain.objective)
    assert kept.objective > free.objective + 1
    assert kept.summary["audit"]["breaches"] == 0


def test_calls_are_spending() -> None:
    """What the agency pays for the mine is what a policy on its spending counts beside its loan to the plant."""
    row = {"policy": "thrift", "kind": "spending", "fund": "agency", "at_most": 0, "per": "horizon", "penalty": 1e-3}
    plan = engine.solve(with_policies(guaranteed(), [row], limits=True), gap=0)
    called = float(plan.tables["guarantees"]["called"].sum())
    paid = plan.tables["disbursements"]
    lent = float(paid.loc[paid["fund"] == "agency", "amount"].sum())
    assert called > 0
    assert plan.tables["policies"]["violation"].tolist() == pytest.approx([called + lent])
    assert plan.summary["audit"]["breaches"] == 0
