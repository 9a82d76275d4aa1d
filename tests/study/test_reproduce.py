"""Plans made again: the same to the last digit where they must be, and what is not is found at its place."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stockpile.engine import solve
from stockpile.errors import DataError
from stockpile.instance import Instance, load
from stockpile.instance.generate import random_instance
from stockpile.instance.write import write
from stockpile.plan.plan import SUMMARY, TABLES, Plan
from stockpile.study.asked import Asked, instance_of, start_of
from stockpile.study.differences import FREE, Difference, differences
from stockpile.study.frontier import Search, against_shortfall
from stockpile.study.futures import expected, known, only
from stockpile.study.reproduce import Reproduction, reproduce
from tests.sampling import every

QUICKSTART = Path(__file__).parents[2] / "instances" / "quickstart"


@pytest.fixture(scope="module")
def quick() -> Instance:
    return load(QUICKSTART)


@pytest.fixture(scope="module")
def quick_plan(quick: Instance) -> Plan:
    return solve(quick, threads=1)


def again(folder: Path, told: Path | None = None) -> Reproduction:
    """The plan in a folder made again, from what is there."""
    asked = Asked.of(Plan.read(folder))
    return reproduce(folder, instance_of(folder, asked, told), asked, start_of(folder, asked, None))


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change plan.json."""
    summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    change(summary)
    (folder / SUMMARY).write_text(json.dumps(summary), encoding="utf-8")


@pytest.mark.parametrize(
    "changes",
    [
        ["prices[*].price*=1.2"],
        ["objective.goal=least-shortfall"],
        ["demand[defence,antimony,2026].quantity=14", "horizon.periods=5"],
    ],
)
def test_a_plan_is_made_again_to_the_last_digit(changes: list[str], tmp_path: Path) -> None:
    """Without the changes of the plan, or its goal, another plan would come out."""
    solve(load(QUICKSTART, changes), threads=1, gap=1e-3).write(tmp_path / "plan")
    found = again(tmp_path / "plan")
    assert (found.exact, found.differences, found.breaches, found.reproduced) == (True, [], (0, 0), True)


def test_a_plan_for_futures_with_seed_and_start_is_made_again(tmp_path: Path) -> None:
    """The plan that the search set out from is found by its path, and by its content if it is the one."""
    write(random_instance(3, 8, 3, 2), tmp_path / "futures")
    instance = load(tmp_path / "futures")
    solve(instance, gap=0.05, threads=1).write(tmp_path / "first")
    solve(instance, gap=0.02, threads=1, seed=3, start=Plan.read(tmp_path / "first")).write(tmp_path / "second")
    found = again(tmp_path / "second")
    assert (found.exact, found.differences) == (True, [])
    assert found.again is not None
    assert found.again.summary["options"]["start"]["hash"] == Plan.read(tmp_path / "first").hash
    solve(instance, gap=0.1, threads=1, seed=5).write(tmp_path / "first")
    edit(tmp_path / "second", lambda s: s["options"]["start"].update(hash="another"))
    found = again(tmp_path / "second")
    assert found.loose == ["the search set out from a plan that is not here"]
    assert found.reproduced
    with pytest.raises(DataError, match="not the plan that the search set out from"):
        start_of(tmp_path / "second", Asked.of(Plan.read(tmp_path / "second")), tmp_path / "first")


@pytest.mark.parametrize("make", every(3, [None, expected, known, partial(only, scenario="prices 2")]))
def test_a_drawn_instance_and_what_was_made_of_its_futures(
    make: Callable[[Instance], Instance] | None, tmp_path: Path
) -> None:
    """A plan for one of the futures, or for their mean, is not one for all of them, though the files are the same."""
    drawn = random_instance(2, 6, 1, 5, scenarios=3).changed(["prices[*].price*=1.1"])
    instance = drawn if make is None else make(drawn)
    plan = solve(instance, threads=1)
    plan.write(tmp_path / "plan")
    found = again(tmp_path / "plan")
    assert (found.exact, found.differences) == (True, [])
    write(random_instance(2, 6, 1, 5, scenarios=3), tmp_path / "files")
    assert again(tmp_path / "plan", tmp_path / "files").reproduced
    if make is not None:
        edit(tmp_path / "plan", lambda s: s["instance"].update(futures=["nonsense"]))
        with pytest.raises(DataError, match="cannot be made"):
            again(tmp_path / "plan")
    edit(tmp_path / "plan", lambda s: s["instance"].update(drawn={"goods": "many"}))
    with pytest.raises(DataError, match="cannot be made"):
        again(tmp_path / "plan")


def test_a_point_of_a_frontier_keeps_its_limit(quick: Instance, tmp_path: Path) -> None:
    """Without the limit of shortfall the cost would be far below what is proven for the point."""
    middle = against_shortfall(quick, 3, Search(threads=1))[1].plan
    assert middle is not None
    middle.write(tmp_path / "plan")
    assert again(tmp_path / "plan").reproduced
    edit(tmp_path / "plan", lambda s: s["options"].pop("most"))
    found = again(tmp_path / "plan")
    assert not found.reproduced
    assert "the bound of the objective" in found.apart


def edited(text: str, only: str = "") -> tuple[list[tuple[int, str]], str]:
    """A table with a digit more in one cell of every column, or of one alone: rows and columns of these cells, and its text."""
    rows = list(csv.reader(io.StringIO(text)))
    places = []
    for at, column in enumerate(rows[0] if len(rows) > 1 else ()):
        if only in ("", column):
            row = 1 + at % (len(rows) - 1)
            rows[row][at] += "1"
            places.append((row + 1, column))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return sorted(places, key=lambda place: place[0]), out.getvalue()


def test_every_edited_cell_is_found_at_its_place(quick_plan: Plan, tmp_path: Path) -> None:
    """A digit more in any column of any table; and rows that are left out, and bytes that hide in quotes."""
    quick_plan.write(tmp_path / "plan")
    assert differences(tmp_path / "plan", quick_plan) == []
    places = []
    texts = {}
    for name in TABLES:
        file = tmp_path / "plan" / f"{name}.csv"
        texts[file] = file.read_text(encoding="utf-8")
        changed, text = edited(texts[file])
        file.write_text(text, encoding="utf-8")
        places += [(file.name, *place) for place in changed]
    found = differences(tmp_path / "plan", quick_plan)
    assert [(d.file, d.row, d.column) for d in found] == places
    assert len(places) > 80
    assert str(found[0]).startswith(":".join(map(str, places[0])))
    assert all(d.then == ("1" if d.now == "blank" else f"{d.now}1") for d in found)
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")
    file = tmp_path / "plan" / "stock.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert [d.then for d in differences(tmp_path / "plan", quick_plan)] == ["written with other line ends or quotes"]
    file.write_text(text[: text.rstrip().rindex("\n") + 1], encoding="utf-8")
    count = text.count("\n") - 1
    assert differences(tmp_path / "plan", quick_plan) == [
        Difference("stock.csv", None, "", f"{count - 1} rows", f"{count} rows")
    ]


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths of all plain values of a document."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, key))
    else:
        yield path


def test_every_edited_entry_of_the_summary_is_found(quick_plan: Plan, tmp_path: Path) -> None:
    """All but times, versions, platform, threads and paths, which depend on where and when."""
    quick_plan.write(tmp_path / "plan")
    file = tmp_path / "plan" / SUMMARY
    text = file.read_text(encoding="utf-8")
    changed = json.loads(text)
    wanted, free = [], 0
    for path in leaves(json.loads(text)):
        place = changed
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = "changed"
        if any(path[: len(entry)] == entry for entry in FREE):
            free += 1
        else:
            wanted.append(".".join(map(str, path)))
    file.write_text(json.dumps(changed), encoding="utf-8")
    assert [d.column for d in differences(tmp_path / "plan", quick_plan)] == wanted
    assert 10 < free < 25 < len(wanted)


def test_other_versions_or_threads_ask_for_valid_plans_only(quick_plan: Plan, tmp_path: Path) -> None:
    """Another HiGHS may find another plan that is as good; one that breaks a rule, or is better than can be, is none."""
    quick_plan.write(tmp_path / "plan")
    edit(tmp_path / "plan", lambda s: s["versions"].update(highspy="1.0.0"))
    found = again(tmp_path / "plan")
    assert [why.partition(":")[0] for why in found.loose] == ["highspy"]
    assert (found.differences, found.reproduced) == ([], True)
    edit(tmp_path / "plan", lambda s: s.update(bound=s["objective"] * 1.01))
    found = again(tmp_path / "plan")
    assert "is above what the other reaches" in found.apart
    assert not found.reproduced
    quick_plan.write(tmp_path / "plan")
    edit(tmp_path / "plan", lambda s: s.update(platform="Atari"))
    stock = tmp_path / "plan" / "stock.csv"
    stock.write_text(edited(stock.read_text(encoding="utf-8"), "quantity")[1], encoding="utf-8")
    found = again(tmp_path / "plan")
    assert found.breaches[0] > 0
    assert not found.reproduced


def test_as_many_threads_run_as_then(quick_plan: Plan, tmp_path: Path) -> None:
    """Where the solver chose, a machine with other cores would take another number, and perhaps find another plan."""
    quick_plan.write(tmp_path / "plan")
    edit(tmp_path / "plan", lambda s: s["options"].update(threads=0, threads_used=3))
    found = again(tmp_path / "plan")
    assert found.again is not None
    assert found.again.summary["options"]["threads_used"] == 3
    assert (found.exact, found.differences) == (True, [])


STOPPED = {"status": "feasible", "stopped_by": "time limit"}


def test_a_search_that_was_stopped_is_reproduced_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock ended it, and would end it elsewhere next time: both plans are valid and agree on what can be."""
    write(random_instance(3, 12, 2, 2), tmp_path / "searched")
    early = solve(load(tmp_path / "searched"), gap=0.05, threads=1)
    early.summary["options"]["gap"] = 1e-4
    early.summary.update(STOPPED)
    early.write(tmp_path / "plan")
    found = again(tmp_path / "plan")
    assert found.loose == ["the search was stopped by the time limit before the asked gap"]
    assert found.again is not None
    assert found.again.hash != early.hash
    assert {difference.file for difference in found.differences} > {SUMMARY, "orders.csv"}
    assert found.reproduced
    found.again.write(tmp_path / "plan")
    monkeypatch.setattr("stockpile.study.reproduce.find", lambda *_, **__: SimpleNamespace(plan=early))
    found = again(tmp_path / "plan")
    assert found.loose == ["this time the search was stopped by the time limit before the asked gap"]
    assert found.reproduced


def test_the_instance_must_be_the_same(quick: Instance, quick_plan: Plan, tmp_path: Path) -> None:
    """From a copy that has changed since, another plan would come, and blame would fall on the program."""
    quick_plan.write(tmp_path / "plan")
    write(quick, tmp_path / "copy")
    assert again(tmp_path / "plan", tmp_path / "copy").reproduced
    write(quick.changed(["prices[*].price*=1.1"]), tmp_path / "dear")
    asked = Asked.of(Plan.read(tmp_path / "plan"))
    with pytest.raises(DataError, match="the hash differs"):
        instance_of(tmp_path / "plan", asked, tmp_path / "dear")
    edit(tmp_path / "plan", lambda s: s["instance"].update(path=None))
    with pytest.raises(DataError, match="made in memory"):
        instance_of(tmp_path / "plan", Asked.of(Plan.read(tmp_path / "plan")), None)


@pytest.mark.parametrize("entry", ["gap", "threads", "seed", "set", "time_limit", "most", "start", "threads_used"])
def test_a_plan_that_does_not_say_how_it_was_asked_for(entry: str, quick_plan: Plan, tmp_path: Path) -> None:
    """An edited or older plan.json is refused in words."""
    quick_plan.write(tmp_path / "plan")
    edit(tmp_path / "plan", lambda s: s["options"].update({entry: "?"}))
    with pytest.raises(DataError, match="cannot be made again"):
        Asked.of(Plan.read(tmp_path / "plan"))
