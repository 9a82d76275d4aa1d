"""Charts as pictures, and the library on the page."""

from __future__ import annotations

import re

import pytest

from stockpile.report.page.document import report
from stockpile.report.page.draw import library, picture, with_data
from stockpile.report.page.html import script
from stockpile.report.page.marks import CONFIG, DARK, INK
from stockpile.report.page.parts import Chart
from tests.report.page.plans import forked, quick


def test_the_library_fits_into_a_page() -> None:
    """It ends no script element, and is small enough."""
    code = library()
    assert 200_000 < len(code) < 1_500_000
    assert code in script(code)


def test_code_that_would_end_its_element_is_refused() -> None:
    """A new version of the library might hold such text."""
    for code in ("'</script>'", "'<!--'"):
        with pytest.raises(ValueError, match="ends its script element"):
            script(code)


@pytest.mark.parametrize("name", ["costs", "stock-1", "tree", "stages", "spread-1"])
def test_a_chart_is_a_picture(name: str) -> None:
    """With the colours themselves, its title, and marks."""
    (chart,) = [c for place, c in report([("x", forked())]).charts() if place == name]
    svg, png = picture(chart)
    assert png.startswith(b"\x89PNG")
    assert "var(" not in svg
    assert chart.title in svg
    assert len(re.findall(r"<(?:path|line)", svg)) > 5


def test_names_are_no_colours() -> None:
    """A good that is called as a colour of the page keeps its name in a picture."""
    (chart,) = [c for place, c in report([("x", quick())]).charts() if place == "costs"]
    odd = "var(--c1)"
    spec = {**chart.spec, "encoding": {**chart.spec["encoding"], "y": {**chart.spec["encoding"]["y"], "sort": [odd]}}}
    svg, _ = picture(Chart("costs", odd, "", spec, [{**row, "part": odd} for row in chart.rows]))
    assert svg.count(f">{odd}<") == 2


def test_every_colour_has_a_value_in_light_and_dark() -> None:
    """One that is missing would leave marks black."""
    assert set(INK) == set(DARK)
    used = set(
        re.findall(
            r"var\((--[a-z0-9]+)\)", str([with_data(c) for _, c in report([("x", forked())]).charts()]) + str(CONFIG)
        )
    )
    assert used
    assert used <= set(INK)
