"""Build and hand-over of the benchmark model by each peer, up to a HiGHS that could run."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import models, raw
from benchmarks.case import LIFE, SOURCES, STEPS, Case


def by_raw(case: Case) -> Any:
    """Numpy arrays by hand."""
    return raw.hand_over(raw.build(case))


def by_vector(case: Case) -> Any:
    """This package."""
    from stockpile.vector import compile_arrays

    return raw.hand_over(compile_arrays(models.build(case, models.VECTOR)))


def by_pyomo(case: Case) -> Any:
    """Pyomo and its own interface to HiGHS."""
    from pyomo.contrib.appsi.solvers import Highs

    interface = Highs()
    interface.set_instance(models.build(case, models.STOCK))
    return interface._solver_model


def by_file(case: Case) -> Any:
    """Pyomo, an LP file, and HiGHS reading it."""
    import highspy

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.lp"
        models.build(case, models.STOCK).write(str(path))
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.readModel(str(path))
    return highs


def by_linopy(case: Case) -> Any:
    """linopy and its direct interface to HiGHS."""
    import warnings

    import linopy
    import xarray

    warnings.simplefilter("ignore")
    m = linopy.Model()
    goods, nodes = range(case.goods), range(case.nodes)
    sizes = {"g": goods, "k": range(SOURCES), "s": range(STEPS), "n": nodes}

    def array(values: Any, *dims: str) -> Any:
        return xarray.DataArray(values, coords={d: list(sizes[d]) for d in dims}, dims=dims)

    def variable(name: str, *dims: str, **options: Any) -> Any:
        return m.add_variables(coords=[list(sizes[d]) for d in dims], dims=dims, name=name, **options)

    width = array(np.repeat(case.width[..., None], case.nodes, axis=3), "g", "k", "s", "n")
    price = array(case.price[..., None] * case.level, "g", "k", "s", "n")
    order = m.add_variables(lower=0, upper=width, name="order")
    place = variable("place", "g", "k", "n", binary=True)
    inflow, so_far, stock, release, short = (
        variable(name, "g", "n", lower=0) for name in ("inflow", "so_far", "stock", "release", "short")
    )
    m.add_constraints(order - array(case.width, "g", "k", "s") * place <= 0, name="linked")
    arriving = sum(order.sel(k=k).shift(n=k).sum("s") for k in range(SOURCES))
    m.add_constraints(inflow - arriving == 0, name="arrivals")
    m.add_constraints(stock - stock.shift(n=1) - inflow + release == 0, name="balance")
    m.add_constraints(so_far - so_far.shift(n=1) - inflow == 0, name="adds_up")
    m.add_constraints(stock - so_far + so_far.shift(n=LIFE - 1) <= 0, name="shelf_life")
    m.add_constraints(release + short == array(case.demand, "g", "n"), name="met")
    charge = array(case.charge, "g")
    spent = (price * order).sum(["g", "k", "s"]) + (charge * place).sum(["g", "k"])
    m.add_constraints(spent <= array(case.budget, "n"), name="spent")
    m.add_constraints(stock.sum("g") <= case.room, name="kept")
    storage = (array(case.holding, "g") * stock).sum() + (array(case.penalty, "g") * short).sum()
    m.add_objective((price * order).sum() + (charge * place).sum() + storage)
    from linopy.io import to_highspy

    return to_highspy(m)


PEERS: dict[str, Callable[[Case], Any]] = {
    "raw numpy arrays": by_raw,
    "stockpile.vector": by_vector,
    "linopy": by_linopy,
    "Pyomo, its highs interface": by_pyomo,
    "Pyomo, LP file": by_file,
}


def seconds(peer: str, case: Case) -> float:
    """Seconds of build and hand-over."""
    started = time.perf_counter()
    highs = PEERS[peer](case)
    elapsed = time.perf_counter() - started
    del highs
    return elapsed


def optimum(peer: str, case: Case) -> float:
    """The optimum of the relaxation, by which peers are seen to have built the same model."""
    import highspy

    highs = PEERS[peer](case)
    highs.setOptionValue("output_flag", False)
    lp = highs.getLp()
    count = lp.num_col_
    if len(lp.integrality_):
        continuous = np.full(count, int(highspy.HighsVarType.kContinuous), np.uint8)
        highs.changeColsIntegrality(count, np.arange(count, dtype=np.int32), continuous)
    highs.run()
    return float(highs.getInfo().objective_function_value)
