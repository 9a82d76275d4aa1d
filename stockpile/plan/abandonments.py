"""Projects that a plan abandons."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockpile.plan.solution import Floats, Solution, names


def abandoned(s: Solution) -> dict[str, Floats]:
    """(N,) 1 where a project has been abandoned, for every project that may be."""
    projects = s.data.abandonment.projects
    return dict(zip(projects, np.round(s.read("abandoned", len(projects))), strict=True))


def abandonments(s: Solution) -> pd.DataFrame:
    """Where projects are abandoned, and at what cost."""
    block = s.data.abandonment
    given_up = s.read("abandon", len(block.projects)) > 0.5
    cost = given_up * (block.exit_cost * s.data.scale.money)[:, None]
    return s.table({"project": names(block.projects)}, {"cost": cost}, given_up)
