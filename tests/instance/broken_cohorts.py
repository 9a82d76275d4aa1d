"""Broken tables of goods that are kept by age."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import content


def ages(rows: str, column: str, words: str, record: int = 2) -> Broken:
    """Ages of some rows, wrong in a column."""
    return Broken(content("ages.csv", f"good,age,loss_rate,price_factor\n{rows}\n"), "ages.csv", record, column, words)


def fresh(row: str, column: str, words: str, record: int = 2) -> Broken:
    """Freshness of some rows, wrong in a column."""
    return Broken(content("freshness.csv", f"sector,good,max_age\n{row}\n"), "freshness.csv", record, column, words)


COHORTS = {
    "ages-of-what": ages("Dy oxid,0,0.1,", "good", "did you mean 'Dy oxide'?"),
    "age-in-words": ages("Dy oxide,old,0.1,", "age", "a duration"),
    "age-loses-all": ages("Dy oxide,0,1,", "loss_rate", "below 1"),
    "age-makes-dear": ages("Dy oxide,1y,,1.2", "price_factor", "a share, 0 to 1"),
    "age-says-nothing": ages("Dy oxide,1y,,", "loss_rate", "give loss_rate or price_factor"),
    "age-twice": ages("Dy oxide,1y,,0.5\nDy oxide,1y,,0.6", "good", "first in record 2", 3),
    "same-age-in-other-words": ages(
        "Dy oxide,1y,,0.5\nDy oxide,12mo,,0.6", "age", "12mo is 4 periods of 'Dy oxide'", 3
    ),
    "fresh-for-nobody": fresh("motor,Dy oxide,1y", "sector", "did you mean 'motors'?"),
    "fresh-how-long": fresh("motors,Dy oxide,", "max_age", "is blank"),
    "fresh-backwards": fresh("motors,Dy oxide,-1", "max_age", "duration"),
    "fresh-twice": fresh("motors,Dy oxide,1y\nmotors,Dy oxide,2y", "sector", "first in record 2", 3),
}
