"""The page about studies is current, and its example is a study that lists and runs."""

from __future__ import annotations

from stockpile.study.batch import document
from stockpile.study.batch.batch import WORST
from stockpile.study.batch.expand import expand
from stockpile.study.batch.folder import STATES
from stockpile.study.batch.study import read_study


def test_the_page_is_the_generated_one() -> None:
    """A key that is added without `make docs` would not be on it."""
    assert document.PAGE.read_text(encoding="utf-8") == document.page()


def test_the_example_is_a_study() -> None:
    """Of fifteen runs; the first is told in the page's words."""
    runs = expand(read_study(document.EXAMPLE), document.EXAMPLE.name)
    assert len(runs) == 15
    assert runs[0].id == "quickstart--price=0.8--budget=0.5"


def test_every_state_is_on_the_page() -> None:
    """With its exit status, and in the order of --fail-on."""
    assert set(document.EXITS) == set(WORST) == set(STATES)
