"""What is written reads back as the same instance, and a folder is written whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from pandas.testing import assert_frame_equal

from stockpile.errors import DataError
from stockpile.instance import Instance, load
from stockpile.instance import write as writing
from stockpile.instance.generate import new_instance, random_instance
from stockpile.instance.starter import SETTINGS, STARTER
from stockpile.instance.write import write
from tests.models.cases import CASES
from tests.oracle.strategies import instances

SOURCES: dict[str, Callable[[], Instance]] = {
    "starter": lambda: Instance.from_tables("x", SETTINGS, STARTER),
    "random": lambda: random_instance(5, 20, 4, 3),
    **CASES,
}


def assert_same(one: Instance, other: Instance) -> None:
    """Equal settings, hash, and tables as they were entered."""
    assert one.settings == other.settings
    assert one.hash == other.hash
    assert list(one.tables) == list(other.tables)
    for name, frame in one.tables.items():
        assert_frame_equal(frame, other.tables[name])


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("source", SOURCES)
def test_reading_what_was_written_gives_the_same_instance(source: str, form: str, tmp_path: Path) -> None:
    """A digit, a date or a blank lost on the way would be another instance with the same name."""
    instance = SOURCES[source]()
    write(instance, tmp_path / "a", form)
    again = load(tmp_path / "a")
    assert_same(instance, again)
    write(again, tmp_path / "b", form)
    names = sorted(file.name for file in (tmp_path / "a").iterdir())
    assert names == sorted(file.name for file in (tmp_path / "b").iterdir())
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(instances(scattered=True))
def test_any_instance_reads_back(instance: Instance) -> None:
    """Weeks, months, kilograms among tonnes, long fractions and blanks of every table."""
    for form in ("csv", "parquet"):
        with tempfile.TemporaryDirectory() as folder:
            write(instance, Path(folder) / "x", form)
            assert_same(instance, load(Path(folder) / "x"))


def test_every_digit_is_kept(tmp_path: Path) -> None:
    """A third, the smallest number, a large whole one and one that no short decimal holds."""
    numbers = [1 / 3, 5e-324, 123456789012345.0, 0.1 + 0.2, 1e-9, 999999999999999.9]
    rows = [{"sector": f"s{i}", "good": "Dy oxide", "quantity": number} for i, number in enumerate(numbers)]
    tables = {**STARTER, "sectors": [{"sector": row["sector"]} for row in rows], "demand": rows, "tiers": []}
    write(Instance.from_tables("x", SETTINGS, tables), tmp_path / "x")
    assert load(tmp_path / "x").table("demand")["quantity"].tolist() == numbers


def test_a_default_in_words_or_blank_is_the_same(tmp_path: Path) -> None:
    """The hash of an instance does not depend on whether a default was written down."""
    plain = Instance.from_tables("x", SETTINGS, STARTER)
    rows = [{"mode": "sale", **row} for row in STARTER["rotation"]]
    told = [{"step": 1, **row} for row in STARTER["prices"]]
    assert Instance.from_tables("x", SETTINGS, {**STARTER, "rotation": rows, "prices": told}).hash == plain.hash


@pytest.mark.parametrize("what", ["file in it", "file", "link to nothing"])
def test_nothing_is_overwritten(what: str, tmp_path: Path) -> None:
    """A folder with anything in it may be somebody's work."""
    target = tmp_path / "there"
    if what == "file":
        target.write_text("mine", encoding="utf-8")
    elif what == "link to nothing":
        target.symlink_to(tmp_path / "nowhere")
    else:
        target.mkdir()
        (target / "mine.txt").write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(DataError, match="give a new one"):
        new_instance(target)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("link", [False, True])
def test_an_empty_folder_is_filled(link: bool, tmp_path: Path) -> None:
    """Who made the folder, or a link to it, need not remove it first."""
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    new_instance(tmp_path / ("link" if link else "there"))
    assert load(tmp_path / "there").name == "my-reserve"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link", "there"]


def test_half_an_instance_is_never_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up halfway leaves neither a folder nor a hidden draft."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "datapackage", full)
    with pytest.raises(OSError, match="No space"):
        new_instance(tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_a_moved_folder_is_the_same_instance(starter: Path, tmp_path: Path) -> None:
    """The hash is of the content, not of where it lies."""
    shutil.copytree(starter, tmp_path / "elsewhere")
    assert load(tmp_path / "elsewhere").hash == load(starter).hash
    assert np.isfinite(load(starter).discount).all()
