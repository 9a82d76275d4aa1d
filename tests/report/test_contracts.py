"""Contracts on the page."""

from __future__ import annotations

from dataclasses import replace

from stockpile.plan.audit import audit
from stockpile.report.terminal import render
from tests.plan.plans import changed
from tests.plan.plans_contracts import CONTRACTED, contracted


def test_contracts_are_told_with_what_is_called_and_what_binds() -> None:
    """The dearest comes first; what is paid for without being taken stands beside what is called."""
    instance, plan = contracted()
    page = render(instance, plan, audit(instance, plan))
    section = page.split("\nContracts")[1].split("\nResources")[0]
    lines = [line.split() for line in section.splitlines() if line.strip()]
    assert ["option", "2027", "2028", "4", "-", "5.875", "23.5"] in lines
    assert ["offtake", "2026", "2027", "4", "1", "3.000", "15.0"] in lines
    assert ["old", "before", "2026", "-", "1", "4.000", "4.0"] in lines
    assert "least rate of contract offtake" in page
    assert "contracts" in page.split("\nCosts")[1].split("\nMoney")[0]
    assert "- contracts" in page.split("\nMoney")[1].split("\nContracts")[0]
    assert max(len(line) for line in page.splitlines()) <= 80


def test_contracts_that_nobody_signs_are_named() -> None:
    """What was on offer and not taken is worth knowing."""
    instance, plan = contracted(changed(CONTRACTED, "pins", 0, at_least=0))
    none = {name: plan.tables[name].iloc[:0] for name in ("contracts", "calls", "contract_deliveries")}
    page = render(instance, replace(plan, tables={**plan.tables, **none}), audit(instance, plan))
    assert "not signed: offtake, option" in page


def test_an_instance_without_contracts_says_nothing_of_them() -> None:
    """A section that is always empty is noise."""
    tables = {
        name: rows for name, rows in CONTRACTED.items() if "contracts" not in name and name not in ("pins", "indices")
    }
    instance, plan = contracted(
        {**tables, "prices": [*tables["prices"], *({"source": k, "price": 9} for k in ("far", "works"))]}
    )
    assert "\nContracts" not in render(instance, plan, audit(instance, plan))
