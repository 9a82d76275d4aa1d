"""Plan folders: what is written is read back, whole or not at all, and nothing else is overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from stockpile.errors import DataError
from stockpile.plan.audit import audit
from stockpile.plan.plan import TABLES, Plan
from tests.plan.mutations import with_table
from tests.plan.plans import ageing, buying, financed


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_plan_comes_back_as_it_was(tmp_path: Path) -> None:
    """Tables, types and summary, and byte for byte when written again."""
    for make in (buying, ageing, financed):
        instance, plan = make()
        plan.write(tmp_path / "plan")
        again = Plan.read(tmp_path / "plan")
        assert again.summary == plan.summary
        assert (again.hash, again.folder) == (plan.hash, str(tmp_path / "plan"))
        for name in TABLES:
            pd.testing.assert_frame_equal(again.tables[name], plan.tables[name])
        assert audit(instance, again).clean
        again.write(tmp_path / "again")
        assert content(tmp_path / "plan") == content(tmp_path / "again")


def test_numbers_keep_every_digit(tmp_path: Path) -> None:
    """0.1 + 0.2 is not 0.3, and names that look like numbers or blanks stay names."""
    _, plan = buying()
    frame = plan.stock.assign(quantity=[0.1 + 0.2, 1 / 3, 1e-9], good=["NA", "007", "ore, red"])
    with_table(plan, "stock", frame).write(tmp_path / "plan")
    assert Plan.read(tmp_path / "plan").hash != plan.hash
    read = Plan.read(tmp_path / "plan").stock
    assert read["quantity"].tolist() == frame["quantity"].tolist()
    assert read["good"].tolist() == ["NA", "007", "ore, red"]


def test_a_plan_speaks_for_itself() -> None:
    """Tables are attributes; figures are numbers, also where no bound is known."""
    _, plan = ageing()
    assert plan.orders["quantity"].tolist() == [1.0]
    assert (plan.status, plan.objective, plan.bound, plan.gap) == ("optimal", 8.0, 8.0, 0.0)
    assert sum(plan.costs.values()) == 8.0
    stopped = Plan({**plan.summary, "bound": None, "gap": None}, plan.tables)
    assert (stopped.bound, stopped.gap) == (float("-inf"), float("inf"))
    with pytest.raises(AttributeError, match="no table 'harvests'"):
        _ = plan.harvests


def test_an_old_plan_is_replaced_whole(tmp_path: Path) -> None:
    """Nothing of the old plan stays, its solver.log neither, and nothing is left beside it."""
    log = tmp_path / "log.txt"
    log.write_text("HiGHS\n")
    buying()[1].write(tmp_path / "plans" / "plan", log=log)
    assert (tmp_path / "plans" / "plan" / "solver.log").read_text() == "HiGHS\n"
    ageing()[1].write(tmp_path / "plans" / "plan")
    assert Plan.read(tmp_path / "plans" / "plan").objective == 8.0
    assert not (tmp_path / "plans" / "plan" / "solver.log").exists()
    assert [entry.name for entry in (tmp_path / "plans").iterdir()] == ["plan"]


def test_an_old_plan_is_replaced_where_folders_cannot_be_exchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other systems move the old plan aside first."""
    monkeypatch.setattr("stockpile.plan.write.exchange", lambda one, other: False)
    buying()[1].write(tmp_path / "plan")
    ageing()[1].write(tmp_path / "plan")
    assert Plan.read(tmp_path / "plan").objective == 8.0
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan"]


def test_a_write_that_fails_leaves_the_old_plan(tmp_path: Path) -> None:
    """A plan that cannot be written (a figure that is not a number) does no harm."""
    _, plan = buying()
    plan.write(tmp_path / "plan")
    before = content(tmp_path / "plan")
    with pytest.raises(ValueError, match="not JSON compliant"):
        Plan({**plan.summary, "objective": float("nan")}, plan.tables).write(tmp_path / "plan")
    assert content(tmp_path / "plan") == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan"]


@pytest.mark.parametrize("name", ["notes.txt", "plan.json"])
def test_a_folder_that_is_no_plan_is_not_overwritten(tmp_path: Path, name: str) -> None:
    """`-o .` must not cost anybody their files."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text("{}")
    with pytest.raises(DataError, match="choose another folder"):
        buying()[1].write(tmp_path / "mine")
    assert (tmp_path / "mine" / name).read_text() == "{}"


def test_a_file_is_not_overwritten_and_an_empty_folder_is_filled(tmp_path: Path) -> None:
    """A plan is a folder."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(DataError, match="is a file"):
        buying()[1].write(tmp_path / "file")
    (tmp_path / "empty").mkdir()
    buying()[1].write(tmp_path / "empty")
    assert Plan.read(tmp_path / "empty").status == "optimal"


def test_a_broken_folder_is_reported_with_every_problem(tmp_path: Path) -> None:
    """Files, columns, numbers and the summary, each with its place."""
    _, plan = buying()
    folder = tmp_path / "plan"
    plan.write(folder)
    (folder / "go.csv").unlink()
    (folder / "orders.csv").write_text("node,period\n")
    stock = (folder / "stock.csv").read_text()
    (folder / "stock.csv").write_text(stock.replace("8.5", "eight"))
    summary = json.loads((folder / "plan.json").read_text())
    del summary["gap"]
    (folder / "plan.json").write_text(json.dumps(summary))
    with pytest.raises(DataError) as caught:
        Plan.read(folder)
    found = [str(problem) for problem in caught.value.problems]
    assert "plan.json: 'gap' is missing" in found
    assert "go.csv: the file is missing" in found
    assert "orders.csv:quantity: the column is missing" in found
    assert "stock.csv:3:quantity: 'eight' is not a number" in found


def test_an_empty_cell_is_read_and_fails_the_audit(tmp_path: Path) -> None:
    """A blank amount is not 0."""
    instance, plan = buying()
    plan.write(tmp_path / "plan")
    file = tmp_path / "plan" / "shortfall.csv"
    file.write_text(file.read_text().replace("10.0", ""))
    found = [str(breach) for breach in audit(instance, Plan.read(tmp_path / "plan")).breaches]
    assert "record 2 of shortfall: penalty is not a number" in found


@pytest.mark.parametrize("text", [None, "not json", "[]", '{"format": 7}'])
def test_what_is_no_plan_folder_is_said_to_be_none(tmp_path: Path, text: str | None) -> None:
    """A wrong path is the commonest mistake."""
    if text is not None:
        (tmp_path / "plan.json").write_text(text)
    with pytest.raises(DataError, match=r"plan\.json"):
        Plan.read(tmp_path)


def test_every_column_says_what_it_holds() -> None:
    """Reports and data packages take meanings and units from the declarations."""
    for table in TABLES.values():
        assert table.names[:2] == ["node", "period"]
        assert set(table.key) <= set(table.names)
        assert all(column.meaning for column in table.columns)
