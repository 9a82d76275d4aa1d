"""The exported model is the model: another reader of the file finds the same cost."""

from __future__ import annotations

from pathlib import Path

import highspy
import pytest

from stockpile import engine
from stockpile.data import make_data
from stockpile.instance import load
from stockpile.tree import build_tree
from tests.cli.program import ENVIRONMENT, call, run


def solved(file: Path) -> float:
    """The least cost of a model file, to the last digit."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(file)) == highspy.HighsStatus.kOk
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(highs.getInfo().objective_function_value)


@pytest.mark.parametrize("form", ["mps", "lp"])
def test_both_formats_read_back_from_a_file_and_from_standard_output(form: str, here: Path) -> None:
    """Standard output is the same file byte for byte; a message among its lines would spoil it."""
    assert call("export", "reserve", "--to", form, "-o", f"m.{form}") == 0
    piped = here / f"piped.{form}"
    with piped.open("wb") as sink:
        assert run("export", "reserve", "--to", form, "-v", folder=here, stdout=sink).returncode == 0
    assert piped.read_bytes() == (here / f"m.{form}").read_bytes()
    instance = load(here / "reserve")
    scale = make_data(instance, build_tree(instance)).money_scale
    assert solved(piped) * scale == pytest.approx(engine.solve(instance, gap=0).objective, rel=1e-6)


def test_a_terminal_of_few_letters_does_not_change_the_model(here: Path) -> None:
    """Letters that the terminal does not know would become question marks, and two rows might bear one name."""
    text = (here / "reserve" / "instance.toml").read_text(encoding="utf-8")
    (here / "reserve" / "instance.toml").write_text(text.replace("A reserve of", "Réserve de"), encoding="utf-8")
    assert call("export", "reserve", "--to", "lp", "-o", "m.lp") == 0
    with (here / "piped.lp").open("wb") as sink:
        few = {**ENVIRONMENT, "PYTHONIOENCODING": "ascii"}
        assert run("export", "reserve", "--to", "lp", folder=here, stdout=sink, env=few).returncode == 0
    assert (here / "piped.lp").read_bytes() == (here / "m.lp").read_bytes()


def test_a_file_is_replaced_whole_and_through_its_link(here: Path) -> None:
    """A link would be lost, or a file that another program reads would be empty for a while."""
    (here / "old.lp").write_text("old", encoding="utf-8")
    (here / "link.lp").symlink_to("old.lp")
    before = sorted(here.rglob("*"))
    assert call("export", "reserve", "--to", "lp", "-o", "link.lp") == 0
    assert (here / "link.lp").is_symlink()
    assert (here / "old.lp").read_text(encoding="utf-8").rstrip().lower().endswith("end")
    assert sorted(here.rglob("*")) == before


def test_a_workbook_is_an_instance_for_every_command(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same hash: a plan of the folder passes the audit of the workbook without a warning, and back in a folder it is the same."""
    assert call("export", "reserve", "--to", "xlsx", "-o", "reserve.xlsx") == 0
    assert call("solve", "reserve", "-q", "-o", "plan") == 0
    capsys.readouterr()
    assert call("audit", "reserve.xlsx", "plan") == 0
    assert "warning" not in capsys.readouterr().err
    assert call("check", "reserve.xlsx", "--set", "economics.discount_rate=0.05") == 0
    assert call("solve", "reserve.xlsx", "-q", "-o", "plan") == 0
    for form in ("csv", "parquet", "mps"):
        assert call("export", "reserve.xlsx", "--to", form, "-o", f"again.{form}") == 0
    assert load(here / "again.csv").hash == load(here / "again.parquet").hash == load(here / "reserve").hash
    capsys.readouterr()
    assert call("export", "plan", "--to", "xlsx", "-o", "plan.xlsx", "--json") == 0
    assert '"format": "xlsx"' in capsys.readouterr().out
    assert call("check", "plan.xlsx") == 2
    assert "the sheet is missing" in capsys.readouterr().out


def test_the_readme_goes_with_the_data(here: Path) -> None:
    """Sources and licence are lost otherwise."""
    (here / "reserve" / "README.md").write_text("# Mine\n\nCC BY 4.0 — ours\n", encoding="utf-8")
    assert call("export", "reserve", "--to", "xlsx", "-o", "reserve.xlsx") == 0
    assert call("export", "reserve.xlsx", "--to", "csv", "-o", "again") == 0
    assert (here / "again" / "README.md").read_text(encoding="utf-8") == "# Mine\n\nCC BY 4.0 — ours\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("export reserve --to xlsx", "needs -o FILE"),
        ("export reserve --to csv", "needs -o DIR"),
        ("export reserve --to xlsx -o book", "ends in .xlsx"),
        ("export reserve.xlsx --to xlsx -o reserve.xlsx", "the instance itself"),
        ("export reserve.xlsx --to csv -o reserve", "give a new one"),
        ("export plan --to mps -o x.mps", "is a plan"),
        ("export plan --to csv -o x", "whose tables are CSV already"),
        ("export plan --to xlsx -o x.xlsx --set economics.discount_rate=0.05", "a plan stays as it is"),
        ("export plan --to xlsx -o plan/x.xlsx", "give another place"),
        ("export nowhere.xlsx --to csv -o x", "there is no such file"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    arguments: str, words: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With nothing written, and what would work."""
    call("export", "reserve", "--to", "xlsx", "-o", "reserve.xlsx")
    call("solve", "reserve", "-q", "-o", "plan")
    capsys.readouterr()
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    assert call(*arguments.split()) == 2
    assert words in " ".join(capsys.readouterr().err.split())
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before
