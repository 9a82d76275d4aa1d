"""SMPS files as other programs read them: a reader of its own that builds the extensive form, and SCIP for two stages."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyscipopt
import pytest
from hypothesis import given, seed

from stockpile import engine
from stockpile.data import make_data
from stockpile.errors import DataError
from stockpile.instance import Instance, load
from stockpile.instance.write import write
from stockpile.plan.plan import Plan
from stockpile.tree import build_tree
from tests.cli.program import call
from tests.models.base import make
from tests.models.cases_scenarios import built_in_the_dark, gamble, unseen, with_sections
from tests.oracle.scenarios import with_scenarios
from tests.oracle.test_oracle import drawing
from tests.oracle.verdict import plan_or_verdict
from tests.published.test_many_stages import hydro_valley, markov_prices
from tests.published.test_published import HOME
from tests.solver import smps
from tests.study.test_value import coarse, newsvendor


def in_money(instance: Instance, value: float) -> float:
    """A value of the file in the instance's money."""
    return value * make_data(instance, build_tree(instance)).money_scale


def careful() -> Instance:
    """The worst futures count, but have no limit."""
    return with_sections(gamble(), risk={"measure": "cvar", "level": 0.8, "weight": 0.4})


def in_the_dark() -> Instance:
    """Copies are ordered before demand is seen, in the one period that there is: the first stage has nothing else."""
    return with_sections(make("newsvendor", 1, newsvendor()), decisions={"orders": "before"})


def certain() -> Instance:
    """One future."""
    tables = {name: rows for name, rows in newsvendor().items() if name not in ("scenarios", "shocks")}
    return make("certain", 1, tables)


def long_bound() -> Instance:
    """Orders of two periods are the same in all futures, which part in the second."""
    return with_sections(built_in_the_dark(), decisions={"here_and_now": 2})


def classic(name: str) -> Callable[[], Instance]:
    """A published problem."""

    def read() -> Instance:
        return load(HOME / name)

    return read


def valley() -> Instance:
    """Three stages with prices of a Markov chain."""
    return hydro_valley(markov_prices())


TWO_STAGES: dict[str, Callable[[], Instance]] = {
    "careful": careful,
    "unseen": unseen,
    "coarse": coarse,
    "in the dark": in_the_dark,
    "farmer": classic("birge-louveaux-farmer"),
    "lands": classic("lands"),
    "aircraft": classic("dantzig-aircraft"),
}
CASES: dict[str, Callable[[], Instance]] = {
    **TWO_STAGES,
    "certain": certain,
    "long bound": long_bound,
    "built in the dark": built_in_the_dark,
    "air conditioners": classic("air-conditioners"),
    "valley": valley,
}


@pytest.mark.parametrize("case", CASES)
def test_the_extensive_form_of_the_files_has_the_same_optimum(case: str, tmp_path: Path) -> None:
    """A decision in the wrong stage, a probability or an entry that is lost would change it."""
    instance = CASES[case]()
    files = engine.export_smps(instance, tmp_path / "model")
    assert [file.name for file in files] == ["model.cor", "model.tim", "model.sto"]
    found = in_money(instance, smps.solve(tmp_path / "model"))
    assert found == pytest.approx(engine.solve(instance, gap=0).objective, rel=1e-6)


@pytest.mark.parametrize("case", TWO_STAGES)
def test_scip_reads_two_stages(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reader takes probabilities of later stages as conditional, so that it reads no more stages as others do."""
    instance = TWO_STAGES[case]()
    engine.export_smps(instance, tmp_path / "model")
    (tmp_path / "model.smps").write_text("model.cor\nmodel.tim\nmodel.sto\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.readProblem("model.smps")
    scip.optimize()
    found = in_money(instance, float(scip.getObjVal()))
    assert found == pytest.approx(engine.solve(instance, gap=0).objective, rel=1e-6)


@pytest.mark.parametrize("examples", [15, pytest.param(20, marks=pytest.mark.soak)])
def test_random_instances_are_read_back(examples: int, tmp_path: Path) -> None:
    """All rules that random instances have, with decisions in the dark and risk."""
    seen: Counter[str] = Counter()

    @seed(3)
    @drawing(examples)
    @given(with_scenarios())
    def compare(instance: Instance) -> None:
        plan = plan_or_verdict(instance) if build_tree(instance).branches else None
        if not isinstance(plan, Plan):
            return
        try:
            engine.export_smps(instance, tmp_path / "model")
        except DataError:
            return
        found = in_money(instance, smps.solve(tmp_path / "model"))
        size = max(abs(found), sum(abs(cost) for cost in plan.costs.values()))
        assert abs(plan.objective - found) <= 1e-6 * size + 1e-8, (plan.objective, found)
        seen["read"] += 1

    compare()
    assert seen["read"] >= 2, seen


def test_only_what_differs_is_told(tmp_path: Path) -> None:
    """Two of three demands: a line each; the costs of the core are those of one path."""
    engine.export_smps(load(HOME / "lands"), tmp_path / "model")
    lines = (tmp_path / "model.sto").read_text(encoding="utf-8").splitlines()
    assert [line.split()[0] for line in lines] == ["STOCH", "SCENARIOS", "SC", "SC", "RHS", "SC", "RHS", "ENDATA"]
    assert [line.split()[3] for line in lines if " SC " in line] == ["0.3", "0.4", "0.3"]


@pytest.mark.parametrize(
    ("risk", "said"),
    [
        ({"measure": "cvar", "limit": 380.0}, r"risk\.limit: limits a mean over futures"),
        ({"measure": "nested", "weight": 0.5}, r"risk\.measure: is taken at every fork"),
        ({"cover": 0.5}, r"risk\.cover: counts futures"),
    ],
)
def test_what_speaks_of_several_futures_has_no_row(risk: dict[str, Any], said: str, tmp_path: Path) -> None:
    """Left out in silence, the files would be of another problem."""
    with pytest.raises(DataError, match=said):
        engine.export_smps(with_sections(gamble(), risk=risk), tmp_path / "model")
    assert not list(tmp_path.iterdir())


def test_the_command_writes_three_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With or without an ending in the name; to a pipe they cannot go."""
    write(in_the_dark(), tmp_path / "news")
    assert call("export", tmp_path / "news", "--to", "smps", "-o", tmp_path / "m.sto", "--json") == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert files == [str(tmp_path / f"m{ending}") for ending in (".cor", ".tim", ".sto")]
    assert in_money(in_the_dark(), smps.solve(tmp_path / "m")) == pytest.approx(120)
    assert call("export", tmp_path / "news", "--to", "smps") == 2
    assert "it writes NAME.cor, NAME.tim and NAME.sto" in capsys.readouterr().err


def test_the_reader_tells_right_from_wrong(tmp_path: Path) -> None:
    """With the shared order in the second stage the newsvendor would know demand: 64, not 120."""
    engine.export_smps(in_the_dark(), tmp_path / "model")
    core, time = (tmp_path / f"model{ending}" for ending in (".cor", ".tim"))
    text = time.read_text(encoding="utf-8")
    first = next(line for line in text.splitlines() if line.endswith("STAGE2"))
    shared = next(name for name in smps.read_core(core).columns if name.startswith("shared_order"))
    time.write_text(text.replace(first.split()[0], shared), encoding="utf-8")
    assert math.isclose(in_money(in_the_dark(), smps.solve(tmp_path / "model")), 64, rel_tol=1e-6)
