"""The page about the formulation goes with the mathematics."""

from __future__ import annotations

from pathlib import Path

import pyomo.environ as pyo

from stockpile.report.formulation import formulation
from tests.models.cases import CASES
from tests.models.test_families import built

PAGE = Path(__file__).resolve().parents[2] / "models" / "README.md"


def test_the_page_is_current() -> None:
    """`make docs` writes it; a docstring that changes without it leaves a wrong equation on the page."""
    assert PAGE.read_text(encoding="utf-8") == formulation()


def test_every_family_has_its_equation_on_the_page() -> None:
    """A family without a docstring with an equation and units would not be explained anywhere."""
    text = formulation()
    for case in CASES:
        for component in built(case).component_objects(pyo.Constraint):
            name = title(component.name)
            part = text.split(f"### {name}\n", 1)
            assert len(part) == 2, component.name
            section = part[1].split("\n### ", 1)[0]
            assert "$$" in section, name
            assert "Units:" in section, name


def title(family: str) -> str:
    """The title under which a family of rows stands: those of a class of spending or a mode of rotation share one."""
    ends = {
        "_paid": "spending is paid",
        "_needs_event": "rotation needs event",
        "_required": "pin required",
        "_forbidden": "pin forbidden",
        "_at_least": "policy at least",
        "_at_most": "policy at most",
    }
    shared = next((words for end, words in ends.items() if family.endswith(end)), None)
    if family in ("least_sale", "least_exchange"):
        shared = "least lot"
    return shared or family.removesuffix("_at_times").replace("_", " ")
