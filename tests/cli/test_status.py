"""Each exit status by a real case, with messages on the right stream and one JSON document where that is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stockpile.instance import load
from stockpile.instance.write import write
from stockpile.plan.plan import Plan
from tests.cli.program import call, write_hard
from tests.instance.broken import BROKEN
from tests.instance.folders import cell
from tests.models.base import make

SAMPLE = [
    "negative", "decimal-comma", "slashes", "escape", "latin-1", "utf-16", "no-goods", "pipe", "not-toml",
    "unknown-quantity", "needs-itself", "tier-shares", "workbook", "csv-and-parquet",
]  # fmt: skip
Capture = pytest.CaptureFixture[str]


def unbounded(folder: Path) -> Path:
    """Bought without limit and sold dearer without limit."""
    tables: dict[str, Any] = {
        "goods": [{"good": "ore"}],
        "sources": [{"source": "mine", "good": "ore"}],
        "prices": [{"source": "mine", "price": 1}],
        "rotation": [{"good": "ore", "mode": "sale", "price": 2}],
        "sectors": [{"sector": "plant"}],
        "demand": [{"sector": "plant", "good": "ore", "quantity": 1}],
    }
    write(make("endless", 2, tables), folder / "endless")
    return folder / "endless"


def document(capsys: Capture) -> dict[str, Any]:
    """Standard output as the one JSON document that it must be."""
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_0_a_plan(here: Path, capsys: Capture) -> None:
    """The plan is written, the page goes to standard output, the news to standard error."""
    assert call("solve", "reserve", "-o", "new plan") == 0
    out, err = capsys.readouterr()
    assert "optimal" in out
    assert "plan written to new plan" in err
    assert Plan.read(here / "new plan").status == "optimal"
    assert "stockpile audit reserve 'new plan'" in out


def test_0_everything_in_json(here: Path, capsys: Capture) -> None:
    """A program reads one document per command, whatever is said beside it."""
    assert call("check", "reserve", "--json") == 0
    assert document(capsys)["size"]["stages"] == 2
    assert call("solve", "reserve", "--json", "-v") == 0
    assert document(capsys)["status"] == "optimal"
    assert call("audit", "reserve", "plan", "--json") == 0
    assert document(capsys)["breaches"] == []
    assert call("new", "other", "--json") == 0
    assert document(capsys)["rows"]["goods"] == 1
    assert call("export", "reserve", "--to", "lp", "-o", "m.lp", "--json") == 0
    assert document(capsys)["file"] == "m.lp"


def test_0_a_page_that_extends_another(here: Path, capsys: Capture) -> None:
    """Every command reads it; the check says how many rows differ, so that a mistyped key is seen."""
    (here / "what-if").mkdir()
    (here / "what-if" / "instance.toml").write_text('format = 1\nextends = "../reserve"\n', encoding="utf-8")
    (here / "what-if" / "prices.csv").write_text("source,price,delete\nrecycler,250,\nbroker,9,\n", encoding="utf-8")
    (here / "what-if" / "sources.csv").write_text("source,good\nbroker,Dy oxide\n", encoding="utf-8")
    assert call("check", "what-if") == 0
    page = capsys.readouterr().out
    assert "  extends   ../reserve\n" in page
    assert "  rows      sources: 1 added\n            prices: 1 changed, 1 added\n" in page
    assert call("check", "what-if", "--json") == 0
    assert document(capsys)["patched"]["prices"] == {"changed": 1, "added": 1, "removed": 0}
    assert call("solve", "what-if", "-o", "kept") == 0
    assert call("audit", "what-if", "kept") == 0
    assert call("export", "what-if", "--to", "lp", "-o", "m.lp") == 0
    cell("prices", 2, "price", "x")(here / "reserve")
    capsys.readouterr()
    assert call("solve", "what-if") == 2
    assert "  ../reserve/prices.csv:2:price: " in capsys.readouterr().err


def test_1_a_tampered_plan(here: Path, capsys: Capture) -> None:
    """A tonne that nobody bought is found, and told in words."""
    file = here / "plan" / "service.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    cells[5] = str(float(cells[5]) + 1)
    file.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", encoding="utf-8")
    assert call("audit", "reserve", "plan") == 1
    assert "breach" in capsys.readouterr().out
    assert call("audit", "reserve", "plan", "--json") == 1
    assert document(capsys)["status"] == "breach"


def test_a_plan_of_other_data_is_warned_of(here: Path, capsys: Capture) -> None:
    """Its breaches would otherwise look like faults of the plan."""
    cell("demand", 2, "quantity", "13")(here / "reserve")
    assert call("audit", "reserve", "plan") == 1
    assert "made from other data" in capsys.readouterr().err


@pytest.mark.parametrize("name", SAMPLE)
def test_2_a_broken_instance(name: str, here: Path, capsys: Capture) -> None:
    """Nothing is written, the fault goes to standard error with its place, and there is no traceback."""
    broken = BROKEN[name]
    broken.change(here / "reserve")
    before = sorted(here.rglob("*"))
    assert call("solve", "reserve", "-o", "new/plan", "-v") == 2
    out, err = capsys.readouterr()
    assert out == ""
    place = ":".join(str(part) for part in (broken.file, broken.row, broken.column) if part is not None)
    assert err.startswith("error: ")
    assert f"  {place}: " in err
    assert "Traceback" not in err
    assert all(line.isprintable() for line in err.splitlines())
    assert call("check", "reserve") == 2
    assert f"  {place}: " in capsys.readouterr().out
    assert call("export", "reserve", "--to", "mps", "-o", "m.mps", "--json") == 2
    problems = document(capsys)["problems"]
    assert (broken.file, broken.row, broken.column) in [(p["file"], p["row"], p["column"]) for p in problems]
    assert sorted(here.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("solve", "Missing argument 'INSTANCE'"),
        ("solve nowhere", "there is no such folder"),
        ("solve plan", "instance.toml: the file is missing"),
        ("solve reserve --gap nan", "'nan' is not a number of at least 0"),
        ("solve reserve --gap -1", "is not a number of at least 0"),
        ("solve reserve --time-limit 1e999", "is not a number of at least 0"),
        ("solve reserve --threads 0", "not in the range"),
        ("solve reserve --threads 1000000", "not in the range"),
        ("solve reserve -o reserve", "holds an instance"),
        ("solve reserve -o .", "the folder you are in"),
        ("solve reserve -o below", "holds what is not part of a plan"),
        ("solve reserve -o reserve/goods.csv", "a plan is a folder"),
        ("solve reserve -o reserve/goods.csv/x", "is not a folder"),
        ("solve reserve -o new/../reserve/goods.csv", "a plan is a folder"),
        ("solve reserve -o loop", "a link that leads nowhere"),
        ("solve reserve -o loop/plan", "is not a folder"),
        ("solve reserve -o /proc/plan", "cannot write in /proc"),
        ("solve reserve --output=", "an empty name"),
        ("solve reserve --start nowhere", "no plan.json"),
        ("solve reserve --start reserve", "no plan.json"),
        ("solve loop", "there is no such folder"),
        ("solve reserve plan", "unexpected extra argument"),
        ("audit reserve reserve", "not a plan folder"),
        ("audit plan reserve", "instance.toml: the file is missing"),
        ("new reserve", "give a new one"),
        ("new reserve/goods.csv/x", "lies below a file"),
        ("new x --goods 0", "not in the range"),
        ("new x --seed -1", "not in the range"),
        ("export reserve", "--to"),
        ("new loop/x", "lies below a file"),
        ("export reserve --to lp -o reserve/goods.csv", "a file of the instance"),
        ("export reserve --to lp -o /proc/m.lp", "cannot write in /proc"),
        ("export reserve --to lp -o reserve", "a folder; give the name of a file"),
        ("export reserve --to lp -o no/m.lp", "there is no folder"),
        ("export reserve --to lp --json", "needs -o FILE"),
        ("nonsense", "No such command"),
        ("check reserve --nonsense", "No such option"),
        ("check " + "x" * 300, "too long"),
    ],
)  # fmt: skip
def test_2_usage(arguments: str, words: str, here: Path, capsys: Capture) -> None:
    """What cannot work is said before any work is done, and nothing is touched."""
    (here / "loop").symlink_to("loop")
    (here / "below" / "deep").mkdir(parents=True)
    before = sorted(here.rglob("*"))
    assert call(*arguments.split()) == 2
    out, err = capsys.readouterr()
    assert words in out + err
    assert "Traceback" not in out + err
    assert sorted(here.rglob("*")) == before
    assert call(*arguments.split(), "--json") == 2
    told = document(capsys)
    assert words in told["message"] or any(words in f"{p['file']}: {p['message']}" for p in told["problems"])


def test_3_infeasible(here: Path, capsys: Capture) -> None:
    """More is wanted at the end than the store holds; the hints name it."""
    cell("goods", 2, "end_stock", "1000")(here / "reserve")
    assert call("solve", "reserve", "-o", "new") == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "end_stock must be there at the end: Dy oxide" in err
    assert not (here / "new").exists()
    assert call("solve", "reserve", "--json") == 3
    assert document(capsys)["status"] == "infeasible"


def test_4_a_limit_with_a_plan(here: Path, capsys: Capture) -> None:
    """The best plan is kept, audited and written, and it is said that it may not be the best there is."""
    write_hard(here)
    for seconds in ("3", "15", "60"):  # a slow machine needs longer to its first plan
        status = call("solve", "hard", "--gap", "0", "--time-limit", seconds, "--threads", "1", "-o", "new")
        out, err = capsys.readouterr()
        if status != 5:
            break
    assert status == 4
    assert "stopped by the time limit" in err
    assert "audit passed" in out
    assert (Plan.read(here / "new").status, call("audit", "hard", "new")) == ("feasible", 0)


def test_5_no_time_for_a_plan(here: Path, capsys: Capture) -> None:
    """That none was found does not mean that there is none, and no folder is left."""
    assert call("solve", "reserve", "--time-limit", "0", "-o", "new") == 5
    assert "that does not mean that there is none" in capsys.readouterr().err
    assert not (here / "new").exists()
    assert call("solve", "reserve", "--time-limit", "0", "--json") == 5
    assert document(capsys)["status"] == "no plan"


def test_6_unbounded(here: Path, capsys: Capture) -> None:
    """Something earns without end: it is said where to look."""
    folder = unbounded(here)
    assert call("solve", folder) == 6
    assert "sale price above the price of a source" in capsys.readouterr().err
    assert call("solve", folder, "--json") == 6
    assert document(capsys)["exit_status"] == 6


def test_quiet_and_verbose(here: Path, capsys: Capture) -> None:
    """-q leaves errors and results alone; -v adds sizes and seconds."""
    cell("duties", 2, "origin", "Nowhere")(here / "reserve")
    assert call("solve", "reserve", "-o", "a", "-q") == 0
    out, err = capsys.readouterr()
    assert (err, "Nowhere" in out) == ("", False)
    assert call("solve", "reserve", "-o", "a", "-v") == 0
    err = capsys.readouterr().err
    assert "warning: duties.csv:2:origin: no source has the origin 'Nowhere'" in err
    assert all(word in err for word in ("sizes: ", "seconds: ", "plan written to a"))
    assert call("solve", "nowhere", "-q") == 2
    assert "no such folder" in capsys.readouterr().err


def test_a_plan_replaces_a_plan_and_nothing_else(here: Path, capsys: Capture) -> None:
    """An older plan is ours to replace; a plan folder with somebody's notes in it is not."""
    assert call("solve", "reserve", "-o", "plan", "-q") == 0
    (here / "plan" / "notes.txt").write_text("mine", encoding="utf-8")
    assert call("solve", "reserve", "-o", "plan") == 2
    assert "notes.txt" in capsys.readouterr().err
    assert (here / "plan" / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_new_says_what_comes_next(here: Path, capsys: Capture) -> None:
    """The hint works when pasted, whatever the folder is called."""
    assert call("new", "my 2nd reserve", "--goods", "2", "--periods", "4", "--projects", "0") == 0
    assert "next: stockpile solve 'my 2nd reserve'" in capsys.readouterr().err
    assert load(here / "my 2nd reserve").warnings == ()
