"""By how much rows fail that cannot all hold: the least sum of what they lack."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from stockpile.solver.compile import Compiled, Floats, Ints
from stockpile.solver.job import Job, Options


def least_failure(
    compiled: Compiled, rows: Ints, weight: Floats, options: Options, sign: Floats | None = None
) -> Floats | None:
    """How much each of some rows fails in a plan that breaks them least, costs aside; None where there is no plan at all.

    As ``failure`` finds it.
    """
    return failure(compiled, rows, weight, options, sign)[0]


def failure(
    compiled: Compiled,
    rows: Ints,
    weight: Floats,
    options: Options,
    sign: Floats | None = None,
    limit: Ints | None = None,
) -> tuple[Floats | None, bool]:
    """How much each of some rows fails in a plan that breaks them least, None without a plan, and whether that is proven.

    What a row lacks of its lower side, or is over its upper one, counts with its ``weight``.  An
    equality lacks something unless its ``sign`` is -1: then it is over.  Rows of one ``limit``, numbered from 0, fail by as
    much together, which counts once, with the weight of the first.  Units: those of the rows.
    """
    job = Job(compiled, options, None, time.perf_counter())
    flat = replace(compiled, cost=np.zeros(compiled.columns), maximise=False)
    highs = job.load(flat, job.remaining())
    side = np.where(np.isfinite(compiled.row_lower[rows]), 1.0, -1.0) if sign is None else sign
    own = np.arange(len(rows)) if limit is None else limit
    for number in range(int(own.max(initial=-1)) + 1):
        at = np.flatnonzero(own == number)
        highs.addCol(float(weight[at[0]]), 0.0, np.inf, len(at), rows[at].astype(np.int32), side[at])
    answer = job.solve(highs, flat)
    proven = answer.status in ("kOptimal", "kInfeasible")
    return None if answer.x is None else answer.x[compiled.columns :][own], proven
