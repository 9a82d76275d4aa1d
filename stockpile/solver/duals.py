"""What rows are worth once the integers are fixed: duals by family, with a sign that does not depend on how a row is stored."""

from __future__ import annotations

import numpy as np

from stockpile.errors import SolverError
from stockpile.solver.compile import Compiled, Floats
from stockpile.solver.highs import Outcome


def marginal_values(compiled: Compiled, outcome: Outcome) -> dict[str, Floats]:
    """By family, over its index set: what one more unit is worth, objective per unit of the row; NaN where there is no row.

    Of an inequality or a range it is what the cost falls (or the gain grows) by for a unit of room more, never negative: the
    same for ``a <= b`` and ``b >= a``.  Of an equality it is the change of the objective for a unit more on the right side of
    the rule.  Valid while the integers stay as they are in the plan.  Raises SolverError where the LP with the integers
    fixed was not solved.
    """
    if outcome.row_dual is None:
        raise SolverError("there are no duals: the LP with the integers fixed was not solved")
    equal = compiled.row_lower == compiled.row_upper
    values = np.where(equal, outcome.row_dual, np.abs(outcome.row_dual))
    found = {}
    for family in compiled.families:
        plain, signed = (compiled.by_index(family, values, signed=s) for s in (False, True))
        found[family] = np.where(compiled.by_index(family, equal.astype(np.float64)) == 1.0, signed, plain)
    return found


def reduced_costs(compiled: Compiled, outcome: Outcome, var: object) -> Floats:
    """Change of the objective for a unit more of a variable, in the order of its index set; 0 where it is fixed.

    Raises KeyError for a variable that is not part of the model, SolverError where there are none.
    """
    if outcome.reduced_cost is None:
        raise SolverError("there are no reduced costs: the LP with the integers fixed was not solved")
    columns = compiled.columns_of(var)
    return np.where(columns >= 0, outcome.reduced_cost[np.maximum(columns, 0)], 0.0)
