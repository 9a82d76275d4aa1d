"""Broken tables of what comes back of goods in use."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import Change, both, content

HEAD, USE = "source,sector,good,share,lag\n", "sector,good,age,quantity\n"
BACK = "recycler,motors,Dy oxide,0.5,1y\n"
FILE, OPENING = "returns.csv", "opening_use.csv"


def returns(rows: str = BACK, use: str = "") -> Change:
    """What comes back to the recycler, and what went into use before."""
    back = content(FILE, f"{HEAD}{rows}")
    return both(back, content(OPENING, f"{USE}{use}")) if use else back


RETURNS = {
    "returns-to-unknown-source": Broken(
        returns("recycle,motors,Dy oxide,0.5,1y\n"), FILE, 2, "source", "did you mean 'recycler'?"
    ),
    "returns-of-unknown-sector": Broken(
        returns("recycler,motor,Dy oxide,0.5,1y\n"), FILE, 2, "sector", "did you mean 'motors'?"
    ),
    "returns-of-unknown-good": Broken(
        returns("recycler,motors,Dy oxid,0.5,1y\n"), FILE, 2, "good", "did you mean 'Dy oxide'?"
    ),
    "returns-of-more-than-all": Broken(
        returns("recycler,motors,Dy oxide,1.5,1y\n"), FILE, 2, "share", "1.5 is too large"
    ),
    "returns-that-add-up-to-more": Broken(
        returns(f"{BACK}recycler,motors,Dy oxide,0.4,2y\nspot,motors,Dy oxide,0.2,1y\n"),
        FILE,
        4,
        "share",
        "that 'motors' uses add up to 1.1; they may be 1 at most",
    ),
    "returns-at-once": Broken(returns("recycler,motors,Dy oxide,0.5,0\n"), FILE, 2, "lag", "at least one period"),
    "returns-without-lag": Broken(returns("recycler,motors,Dy oxide,0.5,\n"), FILE, 2, "lag", "blank"),
    "returns-twice": Broken(returns(f"{BACK}{BACK}"), FILE, 3, "source", "first in record 2"),
    "use-negative": Broken(returns(use="motors,Dy oxide,1y,-4\n"), OPENING, 2, "quantity", "at least 0"),
    "use-of-today": Broken(returns(use="motors,Dy oxide,0,4\n"), OPENING, 2, "age", "at least one period"),
    "use-of-unknown-sector": Broken(returns(use="motor,Dy oxide,1y,4\n"), OPENING, 2, "sector", "mean 'motors'?"),
}
