"""An instance that extends another is the one written out whole, and its faults name the file in which they stand."""

from __future__ import annotations

import csv
import io
import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from stockpile import load
from stockpile.errors import DataError, Problem
from stockpile.instance import Instance
from stockpile.instance.generate import random_instance
from stockpile.instance.schema import PROVENANCE, TABLES, Table
from stockpile.instance.write import csv_of, toml_of, write
from tests.instance.folders import Change, both, cell, content, instead, more
from tests.instance.test_names_everywhere import renamed

TRUST = [column.name for column in PROVENANCE]
Tables = Mapping[str, str]


def extending(base: Path, name: str, tables: Tables | None = None, settings: str = "") -> Path:
    """A folder beside the base that extends it, with some files and lines of settings."""
    folder = base.parent / name
    folder.mkdir()
    (folder / "instance.toml").write_text(f'format = 1\nextends = "../{base.name}"\n{settings}', encoding="utf-8")
    for table, text in (tables or {}).items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def problems_of(folder: Path) -> list[Problem]:
    """The faults of a folder, which must have some."""
    with pytest.raises(DataError) as caught:
        load(folder)
    return caught.value.problems


def test_a_page_is_the_instance_written_out_whole(folder: Path) -> None:
    """Cells change, are emptied, rows come and go, with what needs them; the hash is that of the edited copy."""
    short = extending(
        folder,
        "strategy",
        {
            "sources": "source,good,lead_time,order_cost,delete,note\nspot,,6mo,,,slower\nrecycler,,,,min_order,\n"
            "broker,Dy oxide,,0.1,,\n",
            "prices": "source,step,price\nspot,2,310\nbroker,,260\n",
            "demand": "sector,good,from,quantity\nmotors,Dy oxide,2027-01-01,60\nmotors,Dy oxide,2028,70\n",
            "projects": "project,delete\nseparation plant,true\n",
        },
        'title = "Without a plant"\ndelete = ["duties", "solver.time_limit"]\n[economics]\ndiscount_rate = 0.05\n',
    )
    whole = Path(shutil.copytree(folder, folder.parent / "whole"))
    both(
        cell("sources", 2, "lead_time", "6mo"),
        *(cell("sources", record, name, "") for record in (2, 3) for name in ("status", "reference")),
        cell("sources", 2, "note", "slower"),
        cell("sources", 3, "min_order", ""),
        cell("sources", 3, "note", ""),
        instead("instance.toml", 'name = "my-reserve"', 'name = "strategy"'),
        instead("instance.toml", '"A reserve of dysprosium oxide, 2026-2028"', '"Without a plant"'),
        instead("instance.toml", "discount_rate = 0.03", "discount_rate = 0.05"),
        instead("instance.toml", "time_limit = 60", ""),
    )(whole)
    for table in ("duties", "projects", "stages", "financing", "effects"):
        (whole / f"{table}.csv").unlink()
    for table, row in {
        "sources": {"source": "broker", "good": "Dy oxide", "order_cost": "0.1"},
        "prices": {"source": "broker", "price": "260"},
        "demand": {"sector": "motors", "good": "Dy oxide", "from": "2028", "quantity": "70"},
    }.items():
        add(whole / f"{table}.csv", row)
    for table, record, column, value in (("prices", 3, "price", "310"), ("demand", 4, "quantity", "60")):
        both(cell(table, record, column, value), *(cell(table, record, name, "") for name in TRUST))(whole)
    found = load(short)
    assert found.hash == load(whole).hash
    assert found.lineage.extends == ("../my-reserve",)
    assert found.lineage.patched["sources"] == (2, 1, 0)
    assert found.lineage.patched["prices"] == (1, 1, 0)
    assert found.lineage.patched["effects"] == (0, 0, 1)
    assert found.lineage.patched["duties"] == (0, 0, 1)
    assert found.tables["prices"]["source"].tolist() == ["spot", "spot", "recycler", "plant output", "broker"]


def add(file: Path, row: Mapping[str, str]) -> None:
    """A row at the end of a table."""
    with file.open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines))
    with file.open("a", encoding="utf-8", newline="") as lines:
        csv.DictWriter(lines, header, lineterminator="\n").writerow(row)


def taken_apart(whole: Instance, home: Path, draw: random.Random) -> Path:
    """A folder that extends a base made by spoiling an instance at random, and mends all of it."""
    base, short = home / "base", home / "short"
    write(whole, base)
    short.mkdir()
    document = toml_of(whole.settings).replace("format = 1", 'format = 1\nextends = "../base"')
    (short / "instance.toml").write_text(document, encoding="utf-8")
    for name, frame in whole.tables.items():
        table = TABLES[name]
        rows = rows_of(table, frame)
        kept = rows[: draw.randint(0, len(rows))]
        mended: list[dict[str, str]] = [*rows[len(kept) :]]
        spoiled = []
        for row in kept:
            able = [c for c in table.names if c not in table.key and c not in TRUST]
            column = draw.choice(able) if able else ""
            if able and draw.random() < 0.3:
                spoiled.append({**row, column: "" if row[column] else "spoiled"})
                keys = {k: row[k] for k in (*table.key, *TRUST)}
                mended.insert(0, {**keys, column: row[column]} if row[column] else {**keys, "delete": column})
            else:
                spoiled.append(row)
        if draw.random() < 0.4 and table.column(table.key[0]).kind == "name":
            spoiled.insert(0, {**rows[0], table.key[0]: "not wanted"})
            mended.append({**{k: rows[0][k] for k in table.key}, table.key[0]: "not wanted", "delete": "yes"})
        write_rows(base / f"{name}.csv", table.names, spoiled)
        write_rows(short / f"{name}.csv", [*table.names, "delete"], mended)
    return short


def rows_of(table: Table, frame: pd.DataFrame) -> list[dict[str, str]]:
    """The records of a table as text, every column in them."""
    records = csv.DictReader(io.StringIO(csv_of(table, frame), newline=""))
    return [{name: record.get(name, "") for name in table.names} for record in records]


def write_rows(file: Path, names: list[str], rows: list[dict[str, str]]) -> None:
    """A table with these rows; no file without any."""
    file.unlink(missing_ok=True)
    if rows:
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


@pytest.mark.parametrize("seed", range(8))
def test_any_base_can_be_mended_into_any_instance(seed: int, tmp_path: Path) -> None:
    """Every table with hostile names: rows and cells that a base lacks or has too much come out as they should be."""
    whole = (
        renamed(random_instance(3, 8, 2, seed + 1, "all"))[0] if seed % 2 else random_instance(3, 8, 2, seed + 1, "all")
    )
    short = taken_apart(whole, tmp_path, random.Random(seed))
    assert load(short).hash == whole.hash


def test_several_levels(folder: Path) -> None:
    """The last one that gives a cell or a setting counts; each file is named as seen from the first folder."""
    middle = extending(
        folder, "middle", {"prices": "source,step,price\nspot,1,230\nspot,2,310\n"}, "[solver]\ngap = 0.5\n"
    )
    top = extending(middle, "top", {"prices": "source,step,price\nspot,2,320\n"}, "[economics]\ndiscount_rate = 0\n")
    found = load(top)
    assert found.name == "top"
    assert found.tables["prices"]["price"].tolist()[:2] == [230, 320]
    assert (found.settings.solver.gap, found.settings.economics.discount_rate) == (0.5, 0)
    assert found.lineage.extends == ("../middle", "../my-reserve")
    both(cell("prices", 3, "price", "x"), instead("instance.toml", "gap = 0.5", "gap = -1"))(middle)
    cell("prices", 2, "width", "-1")(folder)
    places = {(p.file, p.row, p.column) for p in problems_of(top)}
    assert places == {("../middle/instance.toml", None, "solver.gap"), ("../my-reserve/prices.csv", 2, "width")}
    cell("prices", 2, "price", "y")(top)
    assert ("prices.csv", 2, "price") in {(p.file, p.row, p.column) for p in problems_of(top)}


@dataclass(frozen=True)
class Wrong:
    """A folder that extends the starter: tables, settings and a change of the base; where the fault stands, in which words."""

    tables: Tables
    words: str
    place: tuple[str, int | None, str | None]
    settings: str = ""
    base: Change = lambda folder: None


S, P = "sources.csv", "../my-reserve/prices.csv"
WRONG: dict[str, Wrong] = {
    "removes what is not there": Wrong(
        {"sources": "source,delete\nrecycle,true\n"}, "'recycle' is not in ../my-reserve/sources.csv, so nothing of it "
        "can be removed; did you mean 'recycler'?", (S, 2, "source"),
    ),
    "empties a cell of what is not there": Wrong(
        {"sources": "source,delete\nmine,lead_time\n"}, "nothing of it can be removed", (S, 2, "source")
    ),
    "empties a blank cell": Wrong(
        {"sources": "source,delete\nspot,supplier\n"}, "supplier is blank in ../my-reserve/sources.csv", (S, 2, "delete")
    ),
    "empties an unknown column": Wrong(
        {"sources": "source,delete\nspot,led_time\n"}, "'led_time' is not a column that can be emptied; did you mean "
        "'lead_time'?", (S, 2, "delete"),
    ),
    "empties its key": Wrong({"sources": "source,delete\nspot,source\n"}, "can be emptied", (S, 2, "delete")),
    "empties and gives a cell": Wrong(
        {"sources": "source,order_cost,delete\nrecycler,1,order_cost\n"}, "emptied and given", (S, 2, "delete")
    ),
    "removes and gives a cell": Wrong(
        {"sources": "source,order_cost,delete\nrecycler,1,true\n"}, "the row goes, so it has no order_cost", (S, 2, "delete")
    ),
    "changes nothing": Wrong(
        {"sources": "source,order_cost\nrecycler,\n"}, "'recycler' changes nothing in ../my-reserve/sources.csv",
        (S, 2, "source"),
    ),
    "half a new row": Wrong(
        {"prices": "source,step,width\nspot,3,2\n"}, "'spot, 3' is not in ../my-reserve/prices.csv; did you mean 'spot, 2'?; "
        "a new row needs price", ("prices.csv", 2, "source"),
    ),
    "a row twice": Wrong(
        {"prices": "source,step,price\nspot,1,2\nspot,1.0,3\n"}, "is there twice, first in record 2", ("prices.csv", 3, "source")
    ),
    "changes what goes": Wrong(
        {"sources": "source,delete\nspot,1\n", "prices": "source,price\nspot,3\n"}, "changes a row that goes",
        ("prices.csv", 2, None),
    ),
    "a row of the base that is there twice": Wrong(
        {"prices": "source,price\nrecycler,3\n"}, "first in record 3 of ../my-reserve/prices.csv", (P, 6, "source"),
        base=more("prices.csv", "spot,2,,9,,,\n"),
    ),
    "a name that still is needed": Wrong(
        {"funds": "fund,delete\ntreasury,true\n"}, "'treasury' is not in funds.csv", ("../my-reserve/rotation.csv", 2, "proceeds_to")
    ),
    "a cell that it changes": Wrong(
        {"prices": "source,price\nspot,220 USD\n"}, "write the number alone", ("prices.csv", 2, "price")
    ),
    "a cell that it empties": Wrong({"tiers": "sector,delete\nmotors,penalty\n"}, "is blank", ("tiers.csv", 2, "penalty")),
    "a cell of the base": Wrong(
        {"prices": "source,price\nspot,221\n"}, "'40 t' is not a finite number", (P, 2, "width"), base=cell("prices", 2, "width", "40 t")
    ),
    "a rule between both": Wrong(
        {"prices": "source,step,price\nspot,2,200\n"}, "falls from step 1 to step 2", ("prices.csv", 2, "price")
    ),
    "a key of the base that is there twice": Wrong(
        {"prices": "source,price\nspot,221\n"}, "'spot' stands for 2 rows of ../my-reserve/prices.csv", ("prices.csv", 2, "source"),
        base=more("prices.csv", "spot,1,,9,,,\n"),
    ),
    "an unknown column": Wrong({"prices": "source,prize\nspot,1\n"}, "did you mean 'price'?", ("prices.csv", None, "prize")),
    "an unknown column of the base": Wrong(
        {"prices": "source,price\nspot,221\n"}, "'colour' is not a column", (P, None, "colour"), base=cell("prices", 2, "colour", "x")
    ),
    "a table of the base that cannot be read": Wrong(
        {"goods": "good,material\nDy oxide,x\n"}, "is empty", ("../my-reserve/goods.csv", None, None), base=content("goods.csv", b"")
    ),
    "no row left": Wrong({"goods": "good,delete\nDy oxide,true\n"}, "no row of it is left", ("goods.csv", None, None)),
    "a setting": Wrong({}, "is not a number", ("instance.toml", None, "solver.gap"), '[solver]\ngap = "x"\n'),
    "a setting of the base": Wrong(
        {}, "is not a number", ("../my-reserve/instance.toml", None, "solver.gap"), "[solver]\ntime_limit = 3\n",
        instead("instance.toml", "gap = 0.0001", 'gap = "x"'),
    ),
    "an unknown setting": Wrong({}, "did you mean 'solver'?", ("instance.toml", None, "solvr"), "[solvr]\ngap = 1\n"),
    "units that do not go together": Wrong({}, "is in USD", ("instance.toml", None, "units"), '[units]\nmoney = "MEUR"\n'),
    "leaves out what is not there": Wrong(
        {}, "the base has no 'dutis'; did you mean 'duties'?", ("instance.toml", None, "delete"), 'delete = ["dutis"]\n'
    ),
    "leaves out an unknown setting": Wrong(
        {}, "did you mean 'solver.gap'?", ("instance.toml", None, "delete"), 'delete = ["solver.gpa"]\n'
    ),
    "leaves out what must be there": Wrong(
        {}, "is missing", ("instance.toml", None, "horizon.periods"), 'delete = ["horizon.periods"]\n'
    ),
    "a list that is none": Wrong({}, "is a list of tables and settings", ("instance.toml", None, "delete"), 'delete = "duties"\n'),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_fault_names_the_file_in_which_it_stands(name: str, folder: Path) -> None:
    """A planner with three folders open must not search all of them for record 2."""
    wrong = WRONG[name]
    wrong.base(folder)
    problems = problems_of(extending(folder, "short", wrong.tables, wrong.settings))
    places = [(p.file, p.row, p.column) for p in problems]
    assert wrong.place in places, [str(p) for p in problems]
    assert any(wrong.words in p.message for p in problems if (p.file, p.row, p.column) == wrong.place), problems
    assert all(str(problem).isprintable() for problem in problems)


@dataclass(frozen=True)
class Astray:
    """What ``extends`` says, and what is wrong with it."""

    extends: str
    words: str
    make: Callable[[Path], object] = lambda folder: None


ASTRAY = {
    "itself": Astray('"."', "a folder cannot extend itself"),
    "itself by another way": Astray('"../short/../short"', "a folder cannot extend itself"),
    "itself by a link": Astray('"../link"', "extend itself", lambda f: (f.parent / "link").symlink_to("short")),
    "nothing": Astray('"../nowhere"', "the folder '../nowhere' is not there"),
    "a file": Astray('"instance.toml"', "is a file"),
    "a number": Astray("3", "'3' is not a folder"),
    "nobody": Astray('""', "'' is not a folder"),
    "a NUL": Astray('"a\\u0000b"', "is not a folder"),
    "no string": Astray('["../my-reserve"]', "is not a folder"),
}


@pytest.mark.parametrize("name", ASTRAY)
def test_a_base_that_is_none(name: str, folder: Path) -> None:
    """A mistyped path, or a folder that comes back to itself, is told where it is written."""
    short = extending(folder, "short")
    ASTRAY[name].make(folder)
    instead("instance.toml", '"../my-reserve"', ASTRAY[name].extends)(short)
    (problem,) = problems_of(short)
    assert (problem.file, problem.column) == ("instance.toml", "extends")
    assert ASTRAY[name].words in problem.message
    assert str(problem).isprintable()


def test_a_cycle_of_three_is_told_where_it_closes(folder: Path) -> None:
    """Each of them is sound alone."""
    middle = extending(folder, "middle")
    top = extending(middle, "top")
    instead("instance.toml", "format = 1", 'format = 1\nextends = "../top"')(folder)
    (problem,) = problems_of(top)
    assert (problem.file, problem.column) == ("../my-reserve/instance.toml", "extends")
    assert "is this folder" in problem.message


def test_a_base_without_settings(folder: Path) -> None:
    """Its files are told beside the faults of the folder's own."""
    (folder / "instance.toml").unlink()
    short = extending(folder, "short", {"gods": "good\nx\n"})
    assert [p.file for p in problems_of(short)] == ["gods.csv", "../my-reserve/instance.toml"]


def test_delete_without_a_base(folder: Path) -> None:
    """The column and the setting belong to folders that extend another; elsewhere they would be passed over."""
    instead("instance.toml", "format = 1", 'format = 1\ndelete = ["duties"]')(folder)
    cell("goods", 2, "delete", "true")(folder)
    places = {(p.file, p.column): p.message for p in problems_of(folder)}
    assert "goes with extends" in places["instance.toml", "delete"]
    assert "only folders that extend another have it" in places["goods.csv", "delete"]


def test_a_shorter_horizon_leaves_out_what_begins_after_it(folder: Path) -> None:
    """A what-if of two years would otherwise have to delete every row of the third; its own rows must still lie on it."""
    cell("demand", 4, "from", "2028")(folder)
    short = extending(folder, "short", settings="[horizon]\nperiods = 8\n")
    found = load(short)
    assert len(found.tables["demand"]) == 2
    (told,) = [w for w in found.warnings if "after the horizon" in w.message]
    assert (told.file, told.message) == ("../my-reserve/demand.csv", "1 row begins after the horizon, and is left out")
    own = extending(
        folder, "own", {"demand": "sector,good,from,quantity\nmotors,Dy oxide,2028,1\n"}, "[horizon]\nperiods = 8\n"
    )
    assert [(p.file, p.row, p.column) for p in problems_of(own)] == [("demand.csv", 2, "from")]


def test_a_parquet_base_and_a_csv_page(folder: Path) -> None:
    """Keys meet by what they mean: a number of Parquet is the text of a CSV."""
    write(load(folder), folder.parent / "stored", "parquet")
    page = {"prices": "source,step,price\nspot,2,310\n", "stages": "project,stage,cost\nseparation plant,2,5\n"}
    hashes = [load(extending(b, f"x-{b.name}", page, 'name = "x"\n')).hash for b in (folder, folder.parent / "stored")]
    assert hashes[0] == hashes[1]


def test_a_name_goes_with_its_last_row(folder: Path) -> None:
    """A resource with two dated rows stays while one of them does, and so do those who use it."""
    (folder / "resources.csv").write_text("resource,from,capacity\nh,,5\nh,2027,9\n", encoding="utf-8")
    (folder / "resource_use.csv").write_text("resource,kind,name,per_unit\nh,order,spot,1\n", encoding="utf-8")
    one = load(extending(folder, "one", {"resources": "resource,from,delete\nh,2027,true\n"}))
    assert len(one.tables["resource_use"]) == 1
    gone = load(extending(folder, "gone", {"resources": "resource,from,delete\nh,2027,true\nh,,true\n"}))
    assert "resource_use" not in gone.tables
    moved = load(
        extending(folder, "moved", {"resources": "resource,from,capacity,delete\nh,2027,,true\nh,,,true\nh,2028,4,\n"})
    )
    assert len(moved.tables["resource_use"]) == 1


def test_rows_that_name_it_by_their_kind_go_too(folder: Path) -> None:
    """Pins, end values and effects say in another column of what their name is; those of other things stay."""
    (folder / "pins.csv").write_text(
        "pin,decision,name,stage,at_least,at_most\na,order,recycler,,0,\nb,order,spot,,0,\n"
        "c,release,separation plant,1,,0\nd,draw,facility,,,3\n", encoding="utf-8",
    )  # fmt: skip
    (folder / "end_values.csv").write_text(
        "kind,name,value\nproject,separation plant,1\nproject,,1\ndebt,facility,1\n", encoding="utf-8"
    )
    page = {"sources": "source,delete\nrecycler,true\n", "projects": "project,delete\nseparation plant,true\n"}
    short = load(extending(folder, "short", page))
    assert short.tables["pins"]["pin"].tolist() == ["b", "d"]
    assert short.tables["end_values"]["name"].tolist() == [None, "facility"]


def test_a_patched_figure_does_not_keep_its_source(folder: Path) -> None:
    """What was sourced and then changed would pass for a fact."""
    cell("prices", 2, "status", "sourced")(folder)
    page = {"prices": "source,step,price,reference\nspot,,230,\nspot,2,,measured\n"}
    rows = load(extending(folder, "short", page)).tables["prices"]
    assert rows["status"].tolist()[:2] == [None, "assumption"]
    assert rows["reference"].tolist()[:2] == [None, "measured"]


def test_an_extended_instance_is_written_whole(folder: Path) -> None:
    """What is written no longer needs its base."""
    short = load(extending(folder, "short", {"prices": "source,price\nspot,230\n"}))
    write(short, folder.parent / "written")
    again = load(folder.parent / "written")
    assert (again.hash, again.lineage.extends) == (short.hash, ())
