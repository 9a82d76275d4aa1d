"""The terminal page of a plan on standard output."""

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


def show(instance: Instance, plan: Plan, audit: Audit, hints: Sequence[str]) -> None:
    """Print the page as wide as the terminal, within reason."""
    from stockpile.report.terminal import render

    columns = shutil.get_terminal_size(fallback=(80, 24)).columns
    width = min(max(columns, NARROWEST), WIDEST)
    sys.stdout.write(render(instance, plan, audit, hints=hints, width=width, colour=coloured(sys.stdout)))
