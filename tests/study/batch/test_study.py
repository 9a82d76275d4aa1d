"""Study files: what they mean, and every fault at once with its place and remedy."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from stockpile.errors import DataError
from stockpile.study.batch.expand import LONGEST_ID, Run, expand
from stockpile.study.batch.study import Limits, read_study, study_from


def runs_of(text: str, tmp_path: Path) -> list[Run]:
    """The runs of a study whose text is given without its format."""
    file = tmp_path / "study.toml"
    file.write_text(f"format = 1\n{text}", encoding="utf-8")
    return expand(read_study(file), file.name)


def test_every_value_meets_every_other(tmp_path: Path) -> None:
    """Two instances, two changes and an option: ids tell what is varied, and nothing else."""
    runs = runs_of(
        """
        options = { gap = 0.05, threads = 2 }
        [[grid]]
        instances = ["a", "sub/b.xlsx"]
        always = ["economics.discount_rate=0.03"]
        [grid.set]
        "prices[*].price*" = "0.8:1.2:3"
        budget = { key = "budgets[treasury].amount", values = [100, 250.5] }
        "horizon.periods" = 4
        [grid.options]
        seed = [7, 8]
        time_limit = 60
        """,
        tmp_path,
    )
    assert len(runs) == 2 * 3 * 2 * 2
    assert len({run.id for run in runs}) == len(runs)
    first, last = runs[0], runs[-1]
    assert first.id == "a--price=0.8--budget=100--seed=7"
    assert last.id == "b--price=1.2--budget=250.5--seed=8"
    assert last.path == str(tmp_path / "sub" / "b.xlsx")
    assert last.settings == (
        "economics.discount_rate=0.03",
        "prices[*].price*=1.2",
        "budgets[treasury].amount=250.5",
        "horizon.periods=4",
    )
    assert last.options == {"gap": 0.05, "threads": 2, "seed": 8, "time_limit": 60.0}


def test_a_run_has_one_thread_unless_told(tmp_path: Path) -> None:
    """So that several at a time do not take one another's cores."""
    assert runs_of("[[grid]]\ninstances = ['a']", tmp_path)[0].options == {"threads": 1, "seed": 0}


def test_futures_and_random_instances_are_gone_through(tmp_path: Path) -> None:
    """Beside instances from files; what a draw leaves out is as `stockpile new` has it."""
    runs = runs_of(
        """
        [[grid]]
        instances = "a"
        new = { goods = 2, seed = "1:3:3" }
        scenarios = ["all", "expected", "a ban/2028"]
        """,
        tmp_path,
    )
    assert [run.id for run in runs[:4]] == [
        "a--scenarios=all",
        "a--scenarios=expected",
        "a--scenarios=a-ban-2028",
        "new--seed=1--scenarios=all",
    ]
    assert len(runs) == 4 * 3
    assert runs[-1].new == {"goods": 2, "periods": 20, "projects": 3, "scenarios": 1, "rules": "core", "seed": 3}


def test_ids_are_told_apart(tmp_path: Path) -> None:
    """Names that are the same for a file system, or too long for it, end with a hash of what is asked for."""
    runs = runs_of(
        """
        [[grid]]
        instances = ["one/x", "two/x", "y"]
        [grid.set]
        title = ["A/B", "a:b", "{long}"]
        """.replace("{long}", "z" * 300),
        tmp_path,
    )
    names = [run.id for run in runs]
    assert len({name.casefold() for name in names}) == len(runs) == 9
    assert names[0].startswith("one-x--title=A-B--")
    assert names[3].startswith("two-x--title=A-B--")
    assert max(map(len, names)) <= LONGEST_ID + 10
    assert names == [run.id for run in runs_of((tmp_path / "study.toml").read_text().split("\n", 1)[1], tmp_path)]


def test_columns_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    """Two amounts would be told by the same word."""
    [run, *_] = runs_of(
        "[[grid]]\ninstances = ['a']\nset = { 'budgets[a].amount' = [1, 2], 'effects[b].amount*' = [3, 4] }", tmp_path
    )
    assert run.id == "a--budgets-a-.amount=1--effects-b-.amount=3"


def test_the_same_run_twice_is_one(tmp_path: Path) -> None:
    """Grids may overlap."""
    grid = "[[grid]]\ninstances = ['a', './a']\nset = {{ 'economics.discount_rate' = {values} }}\n"
    text = grid.format(values="[0.01, 0.02]") + grid.format(values="[0.02, 0.03]")
    runs = runs_of(text, tmp_path)
    assert [run.id for run in runs] == [f"a--discount_rate={rate}" for rate in (0.01, 0.02, 0.03)]


def test_limits_are_read(tmp_path: Path) -> None:
    """Seconds and MB as numbers."""
    file = tmp_path / "s.toml"
    file.write_text("format = 1\nlimits = { seconds = 9, memory_mb = 500 }\n[[grid]]\ninstances = ['a']")
    assert read_study(file).limits == Limits(9.0, 500.0)
    assert read_study(file).name == "s"


BROKEN = {
    "": ["s.toml:format: is missing; this version reads format = 1", "s.toml:grid: is missing; write [[grid]]"],
    "format = 2\n[[grid]]\ninstances=['a']": ["s.toml:format: '2' is not known"],
    "format = 1\ngird = 1\n[[grid]]\ninstances=['a']": ["s.toml:gird: 'gird' is not a key here; did you mean 'grid'?"],
    "format = 1\n[option]\n[[grid]]\ninstances=['a']": ["s.toml:option: 'option' is not a key here; did you mean 'options'?"],
    "format = 1\noptions = 3\n[[grid]]\ninstances=['a']": ["s.toml:options: '3' is not a table; write [options]"],
    "format = 1\noptions = { gap = -1, threads = 0, time_limit = 0, seed = 1.5 }\n[[grid]]\ninstances=['a']": [
        "s.toml:options.gap: '-1' is not a number of at least 0, 0.01 for 1 %",
        "s.toml:options.time_limit: '0' is not a number above 0, s",
        "s.toml:options.threads: '0' is not a whole number of at least 1",
        "s.toml:options.seed: '1.5' is not a whole number of at least 0",
    ],
    "format = 1\noptions = { gap = [0.1, 0.2] }\n[[grid]]\ninstances=['a']": ["s.toml:options.gap: '[0.1, 0.2]' is not a number"],
    "format = 1\nlimits = { memory_mb = '4 GB' }\n[[grid]]\ninstances=['a']": ["s.toml:limits.memory_mb: '4 GB' is not a number above 0, MB"],
    "format = 1\n[[grid]]": ["s.toml:grid[1].instances: is missing; give paths of instances, or new = {"],
    "format = 1\n[[grid]]\ninstances = [3]": ["s.toml:grid[1].instances: '[3]' is not a list of paths"],
    "format = 1\n[[grid]]\ninstances = ['a']\nset = { 'prices[*.price' = [1] }": ["s.toml:grid[1].set.prices[*.price: 'prices[*.price=1' "],
    "format = 1\n[[grid]]\ninstances = ['a']\nset = { 'a.b' = [] }": ["s.toml:grid[1].set.a.b: is an empty list"],
    "format = 1\n[[grid]]\ninstances = ['a']\nset = { 'a.b' = '1:2:x' }": ["s.toml:grid[1].set.a.b: '1:2:x' is not a range; write LOW:HIGH:N"],
    "format = 1\n[[grid]]\ninstances = ['a']\nset = { 'a.b' = [[1]] }": ["s.toml:grid[1].set.a.b: '[1]' is not a value"],
    "format = 1\n[[grid]]\ninstances = ['a']\nset = { x = { values = [1] } }": ["s.toml:grid[1].set.x: needs key and values"],
    "format = 1\n[[grid]]\ninstances = ['a']\nalways = ['nothing']": ["s.toml:grid[1].always: 'nothing' has no value; write KEY=VALUE"],
    "format = 1\n[[grid]]\nnew = { goods = 0, periods = 1, rules = 'some', scenarios = 2 }": [
        "s.toml:grid[1].new.goods: '0' is not a whole number of at least 1",
        "s.toml:grid[1].new.rules: 'some' is neither core nor all",
        "s.toml:grid[1].new.periods: is below 2",
    ],
    "format = 1\n[[grid]]\nnew = { rules = 'all', scenarios = [1, 2] }": ["s.toml:grid[1].new.scenarios: is above 1 with all rules"],
    "format = 1\n[[grid]]\ninstances = ['a']\noptions = { gaps = 1 }": ["s.toml:grid[1].options.gaps: 'gaps' is not a key here; did you mean 'gap'?"],
    "format = 1\n[[grid]]\ninstances = ['a']\nscenarios = 3": ["s.toml:grid[1].scenarios: '3' is not a list of scenarios"],
}  # fmt: skip


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_every_fault_is_told_with_place_and_remedy(text: str) -> None:
    """All at once, in the order of the file's parts, and no other."""
    _, problems = study_from(tomllib.loads(text), Path("s.toml"))
    assert len(problems) == len(BROKEN[text])
    for problem, expected in zip(problems, BROKEN[text], strict=True):
        assert str(problem).startswith(expected)


def test_a_file_that_is_no_study_is_told(tmp_path: Path) -> None:
    """With what would make one."""
    with pytest.raises(DataError, match=r"--new INSTANCE"):
        read_study(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("format = ")
    with pytest.raises(DataError, match=r"bad\.toml: is not TOML"):
        read_study(tmp_path / "bad.toml")
    (tmp_path / "wide.toml").write_bytes("format = 1".encode("utf-16"))
    with pytest.raises(DataError, match="UTF-8"):
        read_study(tmp_path / "wide.toml")


def test_too_many_runs_are_refused(tmp_path: Path) -> None:
    """Before they are made."""
    axis = "'0:1:1000'"
    with pytest.raises(DataError, match="makes 1,000,000,000 runs; 100,000 are the most"):
        runs_of(f"[[grid]]\ninstances=['a']\nset = {{ 'a.b'={axis}, 'a.c'={axis}, 'a.d'={axis} }}", tmp_path)
