"""Results of a folder of runs: every number of every plan once, whoever writes meanwhile, and nothing else of the machine."""

from __future__ import annotations

import json
import math
import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from stockpile.engine import solve
from stockpile.errors import DataError
from stockpile.instance import load
from stockpile.plan.plan import TABLES, Plan
from stockpile.study.batch.folder import STATES, Record, keep, plan_folder, run_folder
from stockpile.study.results.columns import PLAN_TABLES, RUN_TABLES
from stockpile.study.results.query import ask
from tests.plan.mutations import with_table

QUICKSTART = Path(__file__).parents[2] / "instances" / "quickstart"
FACTORS = ("0.8", "1", "1.5")


def record_of(plan: Plan, name: str) -> Record:
    """A record as a batch writes it."""
    return Record(
        name,
        key="k" * 64,
        instance="instances/quickstart",
        instance_hash=plan.summary["instance"]["hash"],
        settings=plan.summary["options"]["set"],
        options={"gap": 0.001, "time_limit": None, "threads": 1, "seed": 3},
        versions=plan.summary["versions"],
        platform="Linux",
        state="optimal",
        exit=0,
        objective=plan.objective,
        bound=plan.bound,
        gap=plan.gap,
        unit="MUSD",
        seconds=1.25,
        memory_mb=300.5,
        started="2026-05-04T03:02:01.250+00:00",
        ended="2026-05-04T05:02:02.500+02:00",
        attempts=2,
    )


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    """Plans at several prices; one is made to have runs of a process, too."""
    found = {
        f"quickstart--price={factor}": solve(load(QUICKSTART, [f"prices[*].price*={factor}"]), threads=1)
        for factor in FACTORS
    }
    process = {column.name: "2026" for column in TABLES["runs"].columns if column.dtype == "str"}
    numbers = {column.name: 1.0 / 3 for column in TABLES["runs"].columns if column.dtype == "float64"}
    last = f"quickstart--price={FACTORS[-1]}"
    found[last] = with_table(found[last], "runs", pd.DataFrame([{**process, **numbers}] * 2))
    return found


@pytest.fixture(scope="module")
def batch(plans: dict[str, Plan], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of them, of a run without a plan, and of one that is just being written; not to be changed."""
    folder = tmp_path_factory.mktemp("results") / "batch [1] *"
    for name, plan in plans.items():
        keep(folder, record_of(plan, name), plan.write)
    keep(folder, Record("hopeless", state="infeasible", exit=3, message="no plan, 'quoted', =1+1\nsecond line"))
    shutil.copytree(run_folder(folder, "hopeless"), folder / "runs" / ".hopeless.new-0123456789ab")
    return folder


@pytest.fixture
def own(batch: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(batch, tmp_path / "own")
    return tmp_path / "own"


def rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    answer = ask(folder, sql)
    return list(zip(*(column.to_pylist() for column in answer.columns), strict=True))


def test_a_row_for_every_run(batch: Path, plans: dict[str, Plan]) -> None:
    """Those without a plan are results, too; half a run is none."""
    found = {row["run"]: row for row in ask(batch).to_pylist()}
    assert list(found) == sorted([*plans, "hopeless"])
    for name, plan in plans.items():
        row = found[name]
        assert (row["objective"], row["bound"], row["gap"]) == (plan.objective, plan.bound, plan.gap)
        assert (row["unit"], row["quantity_unit"], row["price_unit"]) == ("MUSD", "kt", "USD/kg")
        assert (row["asked_gap"], row["threads"], row["seed"], row["attempts"]) == (0.001, 1, 3, 2)
        assert row["time_limit"] == plan.summary["options"]["time_limit"]
        assert (row["ended"] - row["started"]).total_seconds() == 1.25
        assert row["highspy"] == plan.summary["versions"]["highspy"]
        assert row["settings"] == f"prices[*].price*={name.rpartition('=')[2]}"
    assert (found["hopeless"]["state"], found["hopeless"]["exit"]) == ("infeasible", 3)
    assert found["hopeless"]["objective"] is found["hopeless"]["quantity_unit"] is None


def test_every_cell_of_every_plan_is_there_once(batch: Path, plans: dict[str, Plan]) -> None:
    """To the last digit, with the run in front; a blank is NULL."""
    filled = [name for name in TABLES if any(len(plan.tables[name]) for plan in plans.values())]
    assert len(filled) > 10
    for name in [*filled, "batches"]:
        found = ask(batch, f"SELECT * FROM plan.{name}").to_pandas()
        for run, plan in plans.items():
            mine, wanted = found[found["run"] == run].drop(columns="run"), plan.tables[name]
            assert list(mine) == TABLES[name].names
            for column in TABLES[name].columns:
                cells, given = mine[column.name].tolist(), wanted[column.name].tolist()
                blank = [c is None or (isinstance(c, float) and math.isnan(c)) for c in cells]
                assert blank == [g == "" or g != g for g in given]
                kept = [c for c, b in zip(cells, blank, strict=True) if not b]
                assert kept == [g for g, b in zip(given, blank, strict=True) if not b], (name, column.name)
        assert len(found) == sum(len(plan.tables[name]) for plan in plans.values())


def test_changes_and_figures_one_by_one(batch: Path, plans: dict[str, Plan]) -> None:
    """What was varied is a number that can be joined; the costs sum to the objective."""
    asked = "SELECT setting, operator, number, objective FROM settings JOIN runs USING (run) ORDER BY number"
    assert rows(batch, asked) == [
        ("prices[*].price", "*=", float(factor), plan.objective)
        for factor, plan in zip(FACTORS, plans.values(), strict=True)
    ]
    sums = dict(rows(batch, "SELECT run, sum(value) FROM figures WHERE part = 'costs' GROUP BY run"))
    assert sums == {name: pytest.approx(plan.objective) for name, plan in plans.items()}


def test_runs_of_processes_have_a_name_of_their_own(batch: Path) -> None:
    """A table of plans is called as the one of all runs; every other name is of one table."""
    assert rows(batch, "SELECT count(*) FROM plan.runs") == [(2,)]
    assert rows(batch, "SELECT count(*) FROM runs") == [(4,)]
    assert set(PLAN_TABLES) & set(RUN_TABLES) == {"runs"}
    assert rows(batch, 'SELECT count(*) FROM "PLAN"."Runs", memory.main.runs') == [(8,)]


def test_what_is_documented_is_what_is_there(batch: Path) -> None:
    """Names and types; states that a run may have are listed."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    asked = "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns ORDER BY ordinal_position"
    for schema, table, column, kind in rows(batch, asked):
        found.setdefault((schema, table), []).append((column, kind.replace("TIMESTAMP_MS", "TIMESTAMP")))
    declared = [*RUN_TABLES.values(), *PLAN_TABLES.values()]
    assert found == {(t.schema or "main", t.name): [(c.name, c.type) for c in t.columns] for t in declared}
    for table in declared:
        assert all(column.meaning for column in table.columns)
        units = {column.unit for column in table.columns} - {"", "1", "s", "MB"}
        assert units <= {column.name for column in RUN_TABLES["runs"].columns}
    assert all(state in RUN_TABLES["runs"].columns[5].meaning for state in STATES)
    assert len(rows(batch, "SHOW ALL TABLES")) == len(declared)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT sum(cost) FROM deliveries",
        "FROM deliveries SELECT sum(cost)",
        "WITH runs AS (SELECT cost FROM deliveries) SELECT sum(cost) FROM runs",
        "SELECT sum(cost) FROM query('SELECT cost FROM ' || 'deliveries')",
        "SELECT sum(cost) FROM query_table('deliveries')",
        "SELECT (SELECT sum(cost) FROM deliveries) FROM runs LIMIT 1",
        "SELECT sum(cost) FROM (PIVOT deliveries ON duty USING max(source) GROUP BY cost, run, node)",
    ],
)
def test_whatever_the_form_of_a_query_it_sees_all_rows(sql: str, batch: Path, plans: dict[str, Plan]) -> None:
    """Only tables that a query names are read; one that was overlooked would be missing, never empty."""
    wanted = sum(plan.tables["deliveries"]["cost"].sum() for plan in plans.values())
    assert rows(batch, sql) == [(pytest.approx(wanted),)]


HOSTILE = [
    "",
    ";",
    "--",
    "SELEC",
    "SELECT 1; SELECT 2",
    "SELECT * FROM nowhere",
    "SELECT nonsense FROM runs",
    "SELECT 'a'::INTEGER",
    "\udcff",
    "SELECT '\udcff'",
    "SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_blob('{file}')",
    "SELECT * FROM read_csv('{file}')",
    "SELECT * FROM read_json('{file}')",
    "SELECT * FROM read_parquet('{file}')",
    "SELECT * FROM sniff_csv('{file}')",
    "SELECT * FROM '{file}'",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM query('FROM read_text(''{file}'')')",
    "COPY (SELECT 1) TO '{file}'",
    "COPY runs FROM '{file}'",
    "EXPORT DATABASE '{file}'",
    "IMPORT DATABASE '{file}'",
    "ATTACH '{file}'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA database_list",
    "CALL enable_logging()",
    "SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_path = '{file}')",
    "CREATE TABLE mine AS SELECT 1",
    "DROP TABLE runs",
    "INSERT INTO runs SELECT * FROM runs",
    "DELETE FROM runs",
    "UPDATE runs SET run = ''",
    "PREPARE x AS SELECT 1",
    "SELECT getenv('HOME')",
    "SELECT * FROM folder",
    "SELECT * FROM sql",
]


@pytest.mark.parametrize("sql", HOSTILE)
def test_a_query_reaches_these_tables_and_nothing_else(sql: str, batch: Path, tmp_path: Path) -> None:
    """Neither files, those of the batch included, nor settings, extensions, or variables of the program; and it only reads."""
    (tmp_path / "secret.csv").write_bytes(b"a,b\n1,2\n")
    for file in (tmp_path / "secret.csv", run_folder(batch, "hopeless") / "run.json"):
        before, folder = file.read_bytes(), batch
        with pytest.raises(DataError) as refused:
            ask(folder, sql.replace("{file}", str(file)))
        assert refused.value.problems[0].file == "--sql"
        assert file.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["secret.csv"]


def exchange(batch: Path, results: list[tuple[Record, Plan]], asked: threading.Semaphore, count: int) -> None:
    """Do a run again so many times, once whenever it is asked for, with one result and the other in turn."""
    for number in range(count):
        asked.acquire()
        record, plan = results[number % len(results)]
        keep(batch, record, plan.write)


def test_in_the_midst_of_a_batch_runs_and_plans_go_together(own: Path, plans: dict[str, Plan]) -> None:
    """A run that is done again while it is read is old or new, in all tables alike."""
    name, *_ = plans
    pairs = [(replace(record_of(plan, name), objective=plan.objective), plan) for plan in plans.values()][:2]
    known = {round(plan.objective, 6): round(plan.tables["deliveries"]["cost"].sum(), 6) for _, plan in pairs}
    asked = f"""SELECT objective, sum(cost), count(DISTINCT r.run) FROM runs r JOIN deliveries d USING (run)
        WHERE r.run = '{name}' GROUP BY objective"""
    asking = threading.Semaphore(0)
    writer = threading.Thread(target=exchange, args=(own, pairs, asking, 20), daemon=True)
    writer.start()
    for _ in range(10):
        asking.release(2)
        ((objective, cost, count),) = rows(own, asked)
        assert (known[round(objective, 6)], count) == (round(cost, 6), 1)
    writer.join()


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(bound="much", attempts=10**30, seconds=10**400, settings="x", started=7),
        lambda d: d.update(options=[1], versions=None, message={"a": 1}, settings=[1, "\ud800=1", "a.b=c"]),
        lambda d: d.update(state="nonsense"),
    ],
)
def test_a_record_that_was_edited_breaks_nothing(change: Callable[[dict[str, Any]], object], own: Path) -> None:
    """What is not of its type is blank, what is no record is no run."""
    file = run_folder(own, "hopeless") / "run.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    change(document)
    file.write_text(json.dumps(document), encoding="utf-8")
    count = 3 if document["state"] == "nonsense" else 4
    try:
        assert len(rows(own, "SELECT * FROM runs LEFT JOIN settings USING (run)")) >= count
    except DataError as error:
        pytest.fail(str(error))


def test_a_plan_that_was_edited_is_told_with_its_file(own: Path, plans: dict[str, Plan]) -> None:
    """A sum over what could not be read would be too small."""
    name, *_ = plans
    file = plan_folder(own, name) / "stock.csv"
    text = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([text[0], text[1].rpartition(",")[0] + ",much"]), encoding="utf-8")
    with pytest.raises(DataError, match=r"stock\.csv: is not a table of a plan"):
        ask(own, "SELECT * FROM stock")
    assert rows(own, "SELECT count(*) FROM runs") == [(4,)]


def test_plans_beside_each_other_are_runs_too(plans: dict[str, Plan], tmp_path: Path) -> None:
    """A frontier, or what a workflow has written, can be asked as a batch can."""
    for name, plan in plans.items():
        plan.write(tmp_path / name)
    (tmp_path / "notes").mkdir()
    found = {row["run"]: row for row in ask(tmp_path).to_pylist()}
    assert {name: found[name]["objective"] for name in found} == {n: p.objective for n, p in plans.items()}
    assert {row["state"] for row in found.values()} == {"optimal"}
    assert {row["instance"] for row in found.values()} == {str(QUICKSTART)}
    assert [row["threads"] for row in found.values()] == [1, 1, 1]
    count = sum(len(plan.tables["stock"]) for plan in plans.values())
    assert rows(tmp_path, "SELECT count(*) FROM stock") == [(count,)]
    for folder in (tmp_path / "notes", tmp_path / "nowhere", tmp_path / next(iter(plans)) / "plan.json"):
        with pytest.raises(DataError):
            ask(folder)


def test_hundreds_of_runs_take_a_second_or_two(own: Path, plans: dict[str, Plan]) -> None:
    """Processor seconds for 200 runs: all records, and a table of all plans."""
    name = next(iter(plans))
    for number in range(200):
        again = f"again-{number}"
        shutil.copytree(run_folder(own, name), run_folder(own, again), copy_function=os.link)
        file = run_folder(own, again) / "run.json"
        text = file.read_text(encoding="utf-8").replace(f'"{name}"', f'"{again}"')
        file.unlink()
        file.write_text(text, encoding="utf-8")
    started = time.process_time()
    assert rows(own, "SELECT count(*), count(DISTINCT run) FROM runs") == [(204, 204)]
    assert rows(own, "SELECT count(DISTINCT run) FROM deliveries") == [(203,)]
    assert time.process_time() - started < 2.0
