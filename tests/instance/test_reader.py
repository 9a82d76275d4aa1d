"""What the reader takes although it is not tidy, and what it leaves alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet
import pytest

from stockpile.errors import DataError
from stockpile.instance import Instance, load
from stockpile.instance.starter import SETTINGS, STARTER
from tests.instance.folders import Change, both, cell, content, instead, more

TABLES = ("demand.csv", "prices.csv", "funds.csv")


def in_bytes(old: bytes, new: bytes) -> Change:
    """Replace bytes in some tables and in the settings."""
    names = [*TABLES, "instance.toml"]
    return both(*(lambda f, n=n: (f / n).write_bytes((f / n).read_bytes().replace(old, new)) for n in names))


def marked(times: int) -> Change:
    """Byte order marks before some files."""
    names = [*TABLES, "instance.toml"]
    return both(*(lambda f, n=n: (f / n).write_bytes(b"\xef\xbb\xbf" * times + (f / n).read_bytes()) for n in names))


def wider(file: str, cells: str) -> Change:
    """More cells at the end of every line."""
    return lambda f: (f / file).write_text(
        "".join(f"{line}{cells}\n" for line in (f / file).read_text(encoding="utf-8").splitlines()), encoding="utf-8"
    )


UNTIDY = {
    "windows line ends": in_bytes(b"\n", b"\r\n"),
    "byte order mark": marked(1),
    "two byte order marks": marked(2),
    "empty rows at the end": more("demand.csv", ",,,,,\n,,,,,\n\n"),
    "wide empty rows at the end": more("demand.csv", ",,,,,,,,,,\n"),
    "empty columns at the end": wider("demand.csv", ",,,"),
    "blanks in rows at the end": more("demand.csv", "   \n , ,\n"),
    "blank rows between": instead("demand.csv", "\nmotors", "\n\n,,,,,\nmotors"),
    "no line end at the end": lambda f: (f / "demand.csv").write_bytes((f / "demand.csv").read_bytes().rstrip()),
    "blanks around cells": both(cell("demand", 3, "sector", "  motors\t"), cell("demand", 3, "quantity", " 40 ")),
    "everything in quotes": lambda f: (f / "sectors.csv").write_text(
        '"sector","status","reference"\n"defence","assumption","made up, to be replaced"\n'
        '"motors","assumption","made up, to be replaced"\n',
        encoding="utf-8",
    ),
    "numbers of other shapes": both(cell("demand", 3, "quantity", "4e1"), cell("demand", 2, "quantity", "+12.0")),
    "blank for a default": cell("sources", 2, "order_cost", ""),
    "other files": both(
        content("notes.txt", "x"), content("~$goods.xlsx", "x"), content(".goods.csv.swp", "x"),
        content("goods.csv.bak", "x"), content("datapackage.json", "{"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNTIDY)
def test_untidy_files_hold_the_same_instance(name: str, folder: Path) -> None:
    """Spreadsheets write marks, empty rows and quotes of their own; none of it may change an instance or be refused."""
    before = load(folder)
    UNTIDY[name](folder)
    after = load(folder)
    assert (after.hash, after.warnings) == (before.hash, ())


def test_small_letters_in_a_label_are_the_same_date(folder: Path) -> None:
    """``2027q1`` is a date that nobody can take for another one."""
    cell("duties", 2, "from", "2027q1")(folder)
    assert load(folder).view("duties")["from"].tolist() == [4]


def test_a_table_may_come_as_parquet_of_any_types(folder: Path) -> None:
    """Dates, whole numbers, categories and nulls as other tools write them mean the same as text in a CSV."""
    wanted = load(folder)
    frame = wanted.table("demand").drop(columns=["until", "note"])
    frame["from"] = [None, None, pd.Timestamp("2027-01-01").date()]
    frame["quantity"] = frame["quantity"].astype("int32")
    frame["sector"] = frame["sector"].astype("category")
    (folder / "demand.csv").unlink()
    pyarrow.parquet.write_table(pyarrow.Table.from_pandas(frame), folder / "demand.parquet")
    found = load(folder)
    assert found.view("demand").drop(columns="from").equals(wanted.view("demand").drop(columns="from"))
    assert found.view("demand")["from"].tolist() == [0, 0, 4]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (pyarrow.array([[1.0]]), "has list<.*> in the column 'quantity'"),
        (pyarrow.array([b"1"]), "has binary in the column 'quantity'"),
        (pyarrow.array([float("nan")]), "'nan' is not a finite number"),
        (pyarrow.array([True]), "'True' is not a finite number"),
    ],
)
def test_parquet_of_other_types_is_refused(cells: pyarrow.Array, words: str, folder: Path) -> None:
    """Lists and bytes have no meaning here, and a NaN that a computation left behind is not a blank."""
    (folder / "demand.csv").unlink()
    names = {"sector": pyarrow.array(["motors"]), "good": pyarrow.array(["Dy oxide"])}
    pyarrow.parquet.write_table(pyarrow.table({**names, "quantity": cells}), folder / "demand.parquet")
    with pytest.raises(DataError, match=words):
        load(folder)


def test_data_frames_are_read_like_files(starter: Path) -> None:
    """Who builds an instance in Python has NaN for what is blank, and numbers for names such as 7."""
    frames = {name: pd.DataFrame(rows) for name, rows in STARTER.items()}
    assert Instance.from_tables("x", SETTINGS, frames).hash == load(starter).hash
    rows: dict[str, list[dict[str, Any]]] = {**STARTER, "sectors": [{"sector": 7}, {"sector": np.int64(8)}]}
    rows["demand"] = [{"sector": n, "good": "Dy oxide", "quantity": 1} for n in (7, 8.0)]
    rows["tiers"] = [{"share": 1, "penalty": 1}]
    assert Instance.from_tables("x", SETTINGS, rows).table("sectors")["sector"].tolist() == ["7", "8"]


def test_unknown_tables_of_python_are_refused() -> None:
    """A mistyped table would be left out of the plan without a word."""
    with pytest.raises(DataError, match="did you mean 'duties'"):
        Instance.from_tables("x", SETTINGS, {**STARTER, "dutis": [{"origin": "x"}]})


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.mark.parametrize("name", ["goods.csv", "instance.toml", "."])
def test_what_may_not_be_read_is_said(name: str, starter: Path, open_folder: Path) -> None:
    """A missing permission is told with the file's name, and is not a traceback."""
    for file in starter.iterdir():
        (open_folder / file.name).write_bytes(file.read_bytes())
    load(open_folder)
    (open_folder / name).chmod(0)
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    try:
        with pytest.raises(DataError, match=r"cannot be read: Permission denied"):
            load(open_folder)
    finally:
        if superuser:
            os.seteuid(0)
        (open_folder / name).chmod(0o755)


def test_the_name_of_a_folder_stands_in_for_a_missing_name(folder: Path) -> None:
    """It goes into the plan and to the terminal, so what cannot be seen in it does not."""
    instead("instance.toml", 'name = "my-reserve"', "")(folder)
    odd = folder.rename(folder.parent / "a\x1b[31mb")
    assert load(odd).name == "a?[31mb"
