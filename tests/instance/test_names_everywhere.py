"""Whatever an instance can name may bear any printable name: goods, pins, markets, resources, routes, sectors, all."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from stockpile import engine
from stockpile.instance import Instance, load
from stockpile.instance.generate import random_instance
from stockpile.instance.schema import TABLES
from stockpile.instance.write import write
from stockpile.plan.audit import audit
from stockpile.plan.plan import Plan
from stockpile.report.terminal import render
from tests.instance.test_names import NAMES
from tests.sampling import every


def renamed(instance: Instance) -> tuple[Instance, dict[str, str]]:
    """The same instance with a hostile name for everything that it names, and what each was called before."""
    columns = {(t, c.name) for t, table in TABLES.items() for c in table.columns if c.kind == "name"}
    columns |= {("sources", "origin"), ("duties", "origin"), ("projects", "group"), ("stages", "milestone")}
    columns |= {("sources", "mined_in"), ("sources", "supplier"), ("goods", "material")}
    columns |= {("opening_stock", "origin"), ("opening_stock", "mined_in"), ("opening_lent", "origin")}
    columns |= {("opening_lent", "mined_in"), ("processes", "origin")}
    known = {v for t, c in columns for v in instance.table(t)[c].dropna()}
    given = {word: f"{NAMES[i % len(NAMES)][:190]} {i}" for i, word in enumerate(sorted(known))}
    tables = {}
    for name, frame in instance.tables.items():
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
        tables[name] = [
            {c: given.get(v, v) if (name, c) in columns and isinstance(v, str) else v for c, v in row.items()}
            for row in rows
        ]
    return Instance.from_tables("renamed", {**instance.settings.as_document(), "name": "renamed"}, tables), given


@pytest.mark.parametrize("seed", every(3, [1, 2, 3, 13]))
def test_everything_may_bear_any_name(seed: int, tmp_path: Path) -> None:
    """The plan costs the same, passes its audit, is written and read back, and its page has the names as text."""
    old = random_instance(3, 6, 2, seed, "all")
    instance, given = renamed(old)
    write(instance, tmp_path / "instance")
    assert load(tmp_path / "instance").hash == instance.hash
    plan = engine.solve(instance, gap=1e-6)
    assert plan.objective == pytest.approx(engine.solve(old, gap=1e-6).objective, rel=2e-6)
    plan.write(tmp_path / "plan")
    kept = Plan.read(tmp_path / "plan")
    result = audit(instance, kept)
    assert result.breaches == []
    goods = {given[g] for g in old.table("goods")["good"]}
    assert set(kept.balance["good"]) == goods
    page = render(instance, plan, result, hints=[], width=100, colour=False)
    assert "\x1b" not in page
    assert max(cell_len(line) for line in page.splitlines()) <= 100
