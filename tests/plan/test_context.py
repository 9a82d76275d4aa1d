"""What plan.json keeps of an instance and of its audit for readers of the plan."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from stockpile import engine
from stockpile.instance import Instance, load
from stockpile.plan.audit import audit
from stockpile.plan.provenance import provenance_of
from stockpile.plan.tight import binding_of, tight
from tests.plan.cases import CASES

HOME = Path(__file__).resolve().parents[2] / "instances"


def test_rows_are_counted_by_status() -> None:
    """By table, and by name where the rows of a table differ; a row that says nothing is counted, too."""
    old = load(HOME / "quickstart")
    tables = dict(old.tables)
    prices = tables["prices"].copy()
    prices["status"] = ["sourced" if source == "imports" else None for source in prices["source"]]
    counted = provenance_of(Instance.from_tables("x", old.settings.as_document(), {**tables, "prices": prices}))
    sources = prices["source"].value_counts()
    assert counted["prices"]["rows"] == {"sourced": sources["imports"], "": len(prices) - sources["imports"]}
    assert counted["prices"]["by"]["imports"] == {"sourced": sources["imports"]}
    assert counted["stages"] == {"rows": {"assumption": 2}}
    assert set(counted) == set(old.tables)


def test_an_instance_without_status_has_no_counts() -> None:
    """Nothing is said of data of which nothing is said."""
    old = load(HOME / "quickstart")
    tables = {
        name: frame.assign(status=pd.Series([None] * len(frame), dtype=object)) for name, frame in old.tables.items()
    }
    assert provenance_of(Instance.from_tables("x", old.settings.as_document(), tables)) == {}


def test_what_binds_is_kept() -> None:
    """Each limit with its family and names, how often it binds, when first and last, and what a unit more is worth."""
    instance = load(HOME / "quickstart")
    plan = engine.solve(instance, gap=0)
    found = plan.summary["binding"]
    assert found["limits"] == len(found["rows"]) == len(tight(instance, audit(instance, plan)))
    full = {"family": "price_step_width", "key": ["imports", "1"], "times": 2, "first": "2026", "last": "2027"}
    assert {**full, "worth": 11.0, "way": "more", "per": "kt"} in found["rows"]


def test_a_plan_that_uses_nothing_up_has_no_limits() -> None:
    """Where nothing binds nothing is listed."""
    instance, plan = CASES["ageing"][0]()
    found = audit(instance, plan)
    found.book.blocks.clear()
    assert binding_of(instance, found) == {"limits": 0, "rows": []}
