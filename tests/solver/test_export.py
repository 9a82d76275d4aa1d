"""MPS and LP files as other programs read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import highspy
import pyomo.environ as pyo
import pyscipopt
import pytest

from stockpile.errors import SolverError
from stockpile.solver.compile import compile_model
from stockpile.solver.export import export_model
from stockpile.solver.highs import Options, run
from stockpile.solver.launch import Quiet
from stockpile.solver.names import LONGEST, Names
from tests.solver.examples import purchasing

EXACT = Options(gap=0.0, threads=1)
OXIDE = 'Seltene Erden – Neodym-Praseodym-Oxid, 99,5 % "rein", 25-kg-Fass <frei> '


def by_scip(path: Path) -> tuple[str, float]:
    """Status and optimum of a file by SCIP."""
    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.readProblem(str(path))
    scip.optimize()
    return str(scip.getStatus()), float(scip.getObjVal()) if scip.getNSols() else float("nan")


def by_highs(path: Path) -> tuple[str, float]:
    """Status and optimum of a file by HiGHS."""
    highs = Quiet()
    highs.setOptionValue("mip_rel_gap", 0.0)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    highs.run()
    return str(highs.modelStatusToString(highs.getModelStatus())).lower(), float(
        highs.getInfo().objective_function_value
    )


def awkward() -> Any:
    """Names that no reader takes as they are, and bounds of every kind."""
    labels = [2 * OXIDE, 2 * OXIDE + "!", "钕铁硼", "钕铁棚", "a b", "a_b", "e5", "free", "2026-01", "inf", "[x]", ""]
    m = pyo.ConcreteModel()
    m.LABELS = pyo.Set(initialize=labels)
    m.e5 = pyo.Var(m.LABELS, bounds=(-5, None))
    m.free = pyo.Var(domain=pyo.Integers, bounds=(None, 7.5))
    m.objective = pyo.Var()
    m.st = pyo.Var(domain=pyo.Integers, bounds=(-2, None))
    m.one = pyo.Var(bounds=(3, 3))
    m.below = pyo.Var(bounds=(-9, -4))
    m.nowhere = pyo.Var(domain=pyo.Integers, bounds=(0, None))
    m.c = pyo.Constraint(m.LABELS, rule=lambda m, i: (1, m.e5[i] + m.free, 9))
    m.d = pyo.Constraint(expr=m.objective + m.st + m.one >= -12.5)
    costs = sum((k + 1) * m.e5[i] for k, i in enumerate(labels))
    m.total = pyo.Objective(expr=costs - m.free + 3.7 + m.objective + 1.5 * m.st + 1e-7 * m.below)
    return m


@pytest.mark.parametrize("ending", ["mps", "lp"])
@pytest.mark.parametrize("maximise", [False, True])
@pytest.mark.parametrize("integers", [False, True])
def test_other_programs_find_the_same_optimum(integers: bool, maximise: bool, ending: str, tmp_path: Path) -> None:
    """SCIP and HiGHS read the file as the model that was compiled, with its sense, constant, ranges and integers."""
    compiled = compile_model(purchasing(3, integers, maximise))
    path = tmp_path / f"model.{ending}"
    export_model(compiled, path)
    best = run(compiled, EXACT).objective
    for status, objective in (by_scip(path), by_highs(path)):
        assert status == "optimal"
        assert objective == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize("ending", ["mps", "lp"])
def test_awkward_names_and_bounds_are_read(ending: str, tmp_path: Path) -> None:
    """Blanks, quotes, key words, numbers, other scripts and 150 characters."""
    compiled = compile_model(awkward())
    path = tmp_path / f"model.{ending}"
    export_model(compiled, path, title="Ein Titel\nüber zwei Zeilen")
    best = run(compiled, EXACT).objective
    for status, objective in (by_scip(path), by_highs(path)):
        assert status == "optimal"
        assert objective == pytest.approx(best, rel=1e-6)
    assert max(len(line) for line in path.read_text(encoding="utf-8").splitlines()) < 560


@pytest.mark.parametrize("ending", ["mps", "lp"])
def test_a_row_that_cannot_hold_stays_in_the_file(ending: str, tmp_path: Path) -> None:
    """An empty row with a bound above 0 makes the file infeasible."""
    model = purchasing(0)
    model.never = pyo.Constraint(expr=model.store.start >= 50)
    path = tmp_path / f"model.{ending}"
    export_model(compile_model(model), path)
    assert by_scip(path)[0] == "infeasible"
    assert by_highs(path)[0] == "infeasible"


@pytest.mark.parametrize("ending", ["mps", "lp"])
def test_a_model_without_columns_can_be_written(ending: str, tmp_path: Path) -> None:
    """Everything is fixed: what is left is the constant."""
    model = pyo.ConcreteModel()
    model.x = pyo.Var(initialize=4)
    model.x.fix()
    model.o = pyo.Objective(expr=2 * model.x)
    path = tmp_path / f"model.{ending}"
    export_model(compile_model(model), path)
    assert by_scip(path) == ("optimal", 8.0)


def test_the_header_tells_unit_scale_and_altered_names(tmp_path: Path) -> None:
    """Who opens the file learns what the objective is in and what a name stood for."""
    for ending, mark in (("mps", "* "), ("lp", "\\ ")):
        path = tmp_path / f"model.{ending}"
        export_model(compile_model(awkward()), path, title="reserve 2030", unit="MUSD", scale=0.25)
        lines = path.read_text(encoding="utf-8").splitlines()
        notes = [line.removeprefix(mark) for line in lines if line.startswith(mark)]
        assert notes[:3] == ["reserve 2030", "the row objective is minimised", "1 in the objective is 0.25 MUSD"]
        assert any(note.startswith("column ") and note.endswith("= e5[钕铁硼]") for note in notes)
        assert not any("a_b" in note and note.startswith("column e5.a_b =") for note in notes)


def test_another_ending_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    """Only .mps and .lp are known."""
    with pytest.raises(SolverError, match=r"model\.nl: the file must end"):
        export_model(compile_model(purchasing(0)), tmp_path / "model.nl")
    export_model(compile_model(purchasing(0)), tmp_path / "model.LP")
    assert [p.name for p in tmp_path.iterdir()] == ["model.LP"]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("order[China,1,2026Q1]", "order.China.1.2026Q1"),
        ("order['north sea',1]", "order.north_sea.1"),
        ("coût", "cout"),
        ("2026-01", "_2026_01"),
        ("e5", "_e5"),
        ("E", "_E"),
        ("Free", "_Free"),
        ("", "_"),
        ("x" * 200, "x" * LONGEST),
    ],
)
def test_names_become_legal(wanted: str, name: str) -> None:
    """One name alone."""
    assert Names().take(wanted) == name


def test_names_are_taken_once() -> None:
    """Numbers tell apart what becomes the same, even where the numbered name was wanted by another."""
    names = Names()
    given = [names.take(wanted) for wanted in ("a.2", "a", "a", "a b", "a_b", "x" * 200, "x" * 201)]
    assert len(set(given)) == len(given)
    assert given[:5] == ["a.2", "a", "a.3", "a_b", "a_b.2"]
    assert names.altered["a_b.2"] == "a_b"
    assert names.altered[given[6]] == "x" * 201
