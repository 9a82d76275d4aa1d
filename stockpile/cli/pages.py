"""Pages on standard output."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from stockpile.cli.console import coloured

if TYPE_CHECKING:
    from stockpile.instance import Instance
    from stockpile.plan.audit import Audit
    from stockpile.plan.plan import Plan

NARROWEST, WIDEST = 60, 120


def page_width() -> int:
    """As wide as the terminal, within reason."""
    columns = shutil.get_terminal_size(fallback=(80, 24)).columns
    return min(max(columns, NARROWEST), WIDEST)


def show(instance: Instance, plan: Plan, audit: Audit, hints: Sequence[str]) -> None:
    """Print the page of a plan."""
    from stockpile.report.terminal import render

    sys.stdout.write(render(instance, plan, audit, hints=hints, width=page_width(), colour=coloured(sys.stdout)))
