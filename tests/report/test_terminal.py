"""The page about a plan: within its width whatever the names, complete without colour, every amount with its unit."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from stockpile import engine
from stockpile.instance import Instance, load
from stockpile.instance.generate import random_instance
from stockpile.plan.audit import audit
from stockpile.plan.plan import Plan
from stockpile.report.layout import Column, table
from stockpile.report.terminal import render
from tests.plan.mutations import with_cell

ROOT = Path(__file__).resolve().parents[2]


@cache
def solved() -> dict[str, tuple[Instance, Plan]]:
    """Instances with their plans."""
    instances = [load(ROOT / "instances" / "quickstart"), random_instance(9, 12, 4, 4), hostile()]
    return {instance.name: (instance, engine.solve(instance, gap=0.02)) for instance in instances}


LONG = "n" * 200
SCRIPT = "<script>alert(1)</script> [bold red]=1+1"


def hostile() -> Instance:
    """Names that are long, look like markup, or are written from right to left."""
    tables: dict[str, Any] = {
        "goods": [{"good": LONG}, {"good": SCRIPT, "shelf_life": 2}],
        "stores": [{"store": "מחסן"}],
        "storage": [{"good": g, "store": "מחסן"} for g in (LONG, SCRIPT)],
        "opening_stock": [{"good": SCRIPT, "store": "מחסן", "age": 1, "quantity": 30}],
        "sources": [{"source": f"{g[:190]} src", "good": g, "origin": "中国"} for g in (LONG, SCRIPT)],
        "prices": [{"source": f"{g[:190]} src", "price": 3} for g in (LONG, SCRIPT)],
        "sectors": [{"sector": "=1+1"}],
        "demand": [{"sector": "=1+1", "good": g, "quantity": 5} for g in (LONG, SCRIPT)],
        "targets": [{"good": LONG, "quantity": 1, "penalty": 1}],
    }
    settings = {
        "format": 1,
        "name": "hostile",
        "title": SCRIPT,
        "horizon": {"start": "2026-01-01", "periods": 12, "step": "month"},
        "units": {"quantity": "t", "price": "USD/t", "money": "USD", "time": "period"},
    }
    return Instance.from_tables("hostile", settings, tables)


def page(name: str, width: int = 80, colour: bool = False) -> str:
    """The page of one of the plans."""
    instance, plan = solved()[name]
    return render(instance, plan, audit(instance, plan), width=width, colour=colour, hints=["next"])


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", ["quickstart", "random-9-12-4-4", "hostile"])
def test_no_line_is_wider_than_the_page(name: str, width: int) -> None:
    """A line that wraps by itself tears the columns apart."""
    lines = page(name, width).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert len(lines) > 20


def test_a_name_that_wraps_is_told_whole() -> None:
    """What has no room goes on in the next line; other columns are as they were."""
    name = "greatest share in project stage, fund: separation of heavy rare earths, 2, investors"
    columns = [Column("limit", least=24, wraps=True), Column("worth", right=True), Column("when")]
    lines = [line.plain for line in table(columns, [(name, "12", "2026Q1"), ("short", "3", "2027")], 60)]
    assert len(lines) > 3
    assert all(len(line) <= 60 for line in lines)
    assert lines[1].split()[-2:] == ["12", "2026Q1"]
    told = [lines[1].replace("12  2026Q1", ""), *lines[2:-1]]
    assert " ".join(" ".join(told).split()) == name
    assert lines[-1].split() == ["short", "3", "2027"]


def test_names_stay_text() -> None:
    """Markup in a name neither vanishes nor colours the page."""
    text = page("hostile")
    assert "<script>alert(1)</script>" in text
    assert "[bold red]" in text
    assert "\x1b" not in text
    assert "\x1b" in page("hostile", colour=True)


def test_figures_are_those_of_the_plan() -> None:
    """Objective, bound, gap and every section are on the page, with units."""
    instance, plan = solved()["random-9-12-4-4"]
    text = page("random-9-12-4-4")
    assert f"{plan.objective:,.2f} MUSD" in text
    assert f"{plan.bound:,.2f} MUSD" in text
    for title in ("Costs", "Money", "Largest purchases", "Rotation", "Projects", "Cover and shortfall", "What binds"):
        assert f"\n{title}" in text + page("hostile"), title
    assert "t  USD/kg   MUSD" in text
    cost = float(plan.deliveries["cost"].sum())
    assert plan.costs["purchases"] <= cost
    assert instance.name in text


def test_average_prices_are_in_the_unit_of_prices() -> None:
    """100 t for 2 MUSD cost 20 USD/kg, not 0.02."""
    instance, plan = solved()["random-9-12-4-4"]
    steps = plan.order_steps
    entered = instance.table("prices")["price"]
    assert entered.min() <= steps["price"].min() <= steps["price"].max() <= entered.max()
    money = float((steps["quantity"] * steps["price"]).sum()) * instance.price_factor
    undelivered = set(plan.orders["arrives"]) - set(instance.calendar.labels)
    assert not undelivered
    assert money == pytest.approx(float(plan.deliveries["cost"].sum()))


def test_a_plan_that_fails_its_audit_says_so_on_top() -> None:
    """Nobody acts on a plan that breaks a rule without having been told."""
    instance, plan = solved()["quickstart"]
    broken = with_cell(plan, "stock", 0, "quantity", 9.0)
    text = render(instance, broken, audit(instance, broken))
    assert "audit FAILED" in text.split("Costs")[0]
    assert "What the audit found" in text


def test_a_plan_stopped_early_says_how_good_it_is() -> None:
    """Time running out is no proof of anything."""
    instance, plan = solved()["quickstart"]
    summary = {**plan.summary, "status": "feasible", "stopped_by": "time limit", "bound": None, "gap": None}
    text = render(instance, Plan(summary, plan.tables), audit(instance, Plan(summary, plan.tables)))
    assert "feasible: stopped by the time limit before the asked gap of 2.00 % was proven" in text
    assert "none known" in text
