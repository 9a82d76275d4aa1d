"""Batches: runs told apart by the worst of what they take, where rules follow goods back through processes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from stockpile.data import Data
from stockpile.models.parameters import add_pinned, add_rows, grouped, members_by
from stockpile.vector import Var


def add_batches(m: pyo.ConcreteModel, data: Data) -> None:
    """Variables ``batch`` (the part of a run that passes on some marks) and ``batch_input`` (of a class, into a batch).

    Nothing where no rule follows a good back through a process.
    """
    block, nodes = data.tracing.batches, data.nodes
    m.trace_batches = bool(block.batches)
    if not block.batches:
        return
    m.BATCHES = pyo.Set(dimen=2, initialize=block.batches)
    m.BATCHING = pyo.Set(within=m.PROCESSES, initialize=list(dict.fromkeys(j for j, _ in block.batches)))
    m.BATCHES_OF = grouped(m.BATCHING, members_by(block.batches, lambda jb: jb[0]), dimen=2)
    count, past = len(block.batches), len(nodes.past)
    add_pinned(m, "batch", m.BATCHES, np.zeros((count, past)), np.full((count, len(nodes.horizon)), np.inf))
    m.FED = pyo.Set(dimen=4, initialize=block.fed)
    m.batch_input = Var(m.FED, m.NODES, domain=pyo.NonNegativeReals)
    inputs = [(j, g, b) for j, b in block.batches for g in block.takes[j]]
    m.BATCH_INPUTS = pyo.Set(dimen=3, initialize=inputs)
    fed = members_by(block.fed, lambda jgcb: (jgcb[0], jgcb[1], jgcb[3]))
    m.CLASSES_FED = grouped(m.BATCH_INPUTS, fed, dimen=4)
    m.FED_FROM = grouped(m.TRACED_CLASSES, members_by(block.fed, lambda jgcb: jgcb[1:3]), dimen=4)
    made = members_by(block.made, lambda jgb: block.made[jgb])
    m.BATCHES_OF_CLASS = grouped(m.TRACED_CLASSES, made, dimen=3)


def add_batch_rows(m: pyo.ConcreteModel, data: Data) -> None:
    """Rows of the batches of a run, and of what each takes."""
    if not data.tracing.batches.batches:
        return
    add_rows(m, m.BATCHING, m.NODES, rule=run_in_batches)
    add_rows(m, m.BATCH_INPUTS, m.NODES, rule=batch_takes_inputs)


def run_in_batches(m: Any, j: Any, n: Any) -> Any:
    r"""Every run of a process that passes origins on is one or several batches.

    .. math:: \sum_b \mathit{batch}_{j,b,n} = r_{j,n}

    A batch b passes on the marks that it bears: an origin that some rule limits as soon as one of its traced inputs bears it,
    and one that some rule requires only where all of them do; where a rule speaks of the whole chain the place of the
    process counts as another input.  There is one for every mixture of the classes of the inputs that differs in its marks.
    Units: quantity.
    """
    return sum(m.batch[k, b, n] for k, b in m.BATCHES_OF[j]) == m.run[j, n]


def batch_takes_inputs(m: Any, j: Any, g: Any, b: Any, n: Any) -> Any:
    r"""A batch takes what its recipe says of every traced input, of classes that bear nothing worse than it passes on.

    .. math:: \sum_{c \in C_{j,g,b}} \mathit{batch}^{\text{in}}_{j,g,c,b,n} = |a_{j,g}|\, \mathit{batch}_{j,b,n}

    C are the classes of good g that make the batch no worse: mixed with what bears its marks they leave them as they are.  Exact,
    since a batch of inputs of several classes is as good as separate ones of each mixture, or worse.  Units: quantity.
    """
    return (
        sum(m.batch_input[k, h, c, d, n] for k, h, c, d in m.CLASSES_FED[j, g, b])
        == m.input_per_run[j, g] * m.batch[j, b, n]
    )
