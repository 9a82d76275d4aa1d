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
