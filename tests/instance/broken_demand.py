"""Broken tables of demand that waits."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import content

WAITS = "sector,good,cost,max_wait,end_penalty\n"


def waits(row: str, column: str, words: str, record: int = 2) -> Broken:
    """A backlog of some rows, wrong in a column."""
    return Broken(content("backlog.csv", f"{WAITS}{row}\n"), "backlog.csv", record, column, words)


DEMAND = {
    "waits-for-nobody": waits("motor,,1,,", "sector", "did you mean 'motors'?"),
    "waits-for-what": waits(",Dy oxid,1,,", "good", "did you mean 'Dy oxide'?"),
    "waits-free": waits("motors,,,,", "cost", "is blank"),
    "waits-at-a-loss": waits(",,-1,,", "cost", "at least 0"),
    "waits-how-long": waits(",,1,long,", "max_wait", "a duration"),
    "waits-backwards": waits(",,1,-2,", "max_wait", "duration"),
    "waits-for-a-reward": waits(",,1,,-5", "end_penalty", "at least 0"),
    "waits-twice": waits("motors,,1,,\nmotors,,2,,", "sector", "first in record 2", 3),
}
