"""The page about a plan that a planner reads in a terminal: 80 columns, complete without colour."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from stockpile.report.accounts import accounts
from stockpile.report.binding import binding
from stockpile.report.contracts import contracts
from stockpile.report.expected import expected
from stockpile.report.goods import cover, purchases, rotation
from stockpile.report.information import information
from stockpile.report.layout import heading
from stockpile.report.money import money
from stockpile.report.policies import policies
from stockpile.report.processing import processing
from stockpile.report.projects import projects
from stockpile.report.resources import resources
from stockpile.report.scenarios import scenarios
from stockpile.report.sheet import Sheet
from stockpile.report.stores import transfers
from stockpile.report.summary import breaches, costs, head
from stockpile.report.tracing import tracing
from stockpile.report.undelivered import on_order

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.audit import Audit
    from stockpile.plan.plan import Plan

SECTIONS = (
    head,
    costs,
    scenarios,
    information,
    money,
    purchases,
    on_order,
    processing,
    contracts,
    accounts,
    rotation,
    transfers,
    projects,
    resources,
    policies,
    tracing,
    cover,
    binding,
    breaches,
)


def render(
    instance: Instance,
    plan: Plan,
    audit: Audit,
    *,
    hints: Sequence[str] = (),
    width: int = 80,
    colour: bool = False,
) -> str:
    """The page, ``width`` columns wide; ``hints`` say what to do next.  Amounts are in the instance's units."""
    sheet = Sheet(instance, expected(plan, audit.tree), audit, plan, width)
    lines = [line for section in SECTIONS for line in section(sheet)]
    if hints:
        lines += heading("Next", "", width)
        for hint in hints:
            lines += [Text(f"  {hint}")]
    return written(lines, width, colour)


def written(lines: Sequence[Text], width: int, colour: bool) -> str:
    """Text, with the codes of a terminal only where colour is wanted."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for line in lines:
        console.print(line, soft_wrap=True)
    return out.getvalue()
