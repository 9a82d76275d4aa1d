"""Broken scenarios and shocks."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import both, cell, content, more

CALM = "scenario,probability\ncalm,0.7\nban,0.3\n"
STAGED = "scenario,shock,quantity,project,stage,factor,value"
HEAD = "scenario,shock,quantity,good,source,from,factor,value,announced"


def futures(rows: str, column: str | None, words: str, record: int | None = 2) -> Broken:
    """Scenarios of some rows, wrong in a column."""
    return Broken(content("scenarios.csv", f"scenario,probability\n{rows}\n"), "scenarios.csv", record, column, words)


def shocks(rows: str, column: str, words: str, record: int = 2) -> Broken:
    """Shocks of some rows in two scenarios, wrong in a column."""
    change = both(content("scenarios.csv", CALM), content("shocks.csv", f"{HEAD}\n{rows}\n"))
    return Broken(change, "shocks.csv", record, column, words)


def courses(rows: str, column: str, words: str) -> Broken:
    """Shocks on the stages of the plant, wrong in a column."""
    change = both(content("scenarios.csv", CALM), content("shocks.csv", f"{STAGED}\n{rows}\n"))
    return Broken(change, "shocks.csv", 2, column, words)


FUTURES = {
    "failure-of-what-may-not-end": courses(
        "ban,x,outcome,separation plant,1,,0", "quantity", "set may_abandon to true in projects.csv"
    ),
    "failure-of-what-takes-no-time": Broken(
        both(
            content("scenarios.csv", CALM),
            content("shocks.csv", f"{STAGED}\nban,x,outcome,separation plant,1,,0\n"),
            cell("projects", 2, "may_abandon", "true"),
            cell("stages", 2, "duration", "0"),
        ),
        "shocks.csv",
        2,
        "quantity",
        "lasts no period, so nothing can be seen to fail",
    ),
    "half-an-outcome": courses("ban,x,outcome,separation plant,1,0.5,", "factor", "1 passes, 0 fails"),
    "half-a-period": courses("ban,x,duration,separation plant,1,,2.5", "value", "no whole number of periods"),
    "no-such-stage": courses("ban,x,duration,separation plant,7,2,", "quantity", "hits nothing: no stages row is of"),
    "stage-of-a-good": courses("ban,x,demand,,1,2,", "stage", "not chosen by stage, but by good, sector"),
    "probabilities-of-0.9": futures("calm,0.5\nban,0.4", "probability", "sum to 0.9; they must sum to 1", None),
    "probability-of-0": futures("calm,1\nban,0", "probability", "leave the scenario out", 3),
    "probability-above-1": futures("calm,1.2", "probability", "0 to 1"),
    "probability-blank": futures("calm,", "probability", "is blank"),
    "scenario-twice": futures("calm,0.5\ncalm,0.5", "scenario", "first in record 2", 3),
    "risk-of-one-future": Broken(
        more("instance.toml", '\n[risk]\nmeasure = "cvar"\nweight = 0.5\n'),
        "scenarios.csv",
        None,
        None,
        "the file is missing",
    ),
    "weight-of-what": Broken(
        more("instance.toml", "\n[risk]\nweight = 0.5\n"), "instance.toml", None, "risk.weight", "give measure"
    ),
    "nested-without-weight": Broken(
        both(content("scenarios.csv", CALM), more("instance.toml", '\n[risk]\nmeasure = "nested"\n')),
        "instance.toml",
        None,
        "risk.weight",
        "nested then is the mean",
    ),
    "covered-by-what-chance": Broken(
        both(content("scenarios.csv", CALM), more("instance.toml", "\n[risk]\ncover_shortfall = 3\n")),
        "instance.toml",
        None,
        "risk.cover_shortfall",
        "no effect without cover",
    ),
    "chance-of-one-future": Broken(
        more("instance.toml", "\n[risk]\ncover = 0.9\n"), "scenarios.csv", None, None, "the file is missing"
    ),
    "risk-of-what": Broken(
        more("instance.toml", '\n[risk]\nmeasure = "cvar"\nof = "loss"\nweight = 0.5\n'),
        "instance.toml",
        None,
        "risk.of",
        "taxpayer_loss",
    ),
    "level-of-1": Broken(
        more("instance.toml", '\n[risk]\nmeasure = "cvar"\nlevel = 1.0\n'),
        "instance.toml",
        None,
        "risk.level",
        "nothing is left for a tail",
    ),
    "shock-of-what": shocks("ban,x,suply,,spot,2027,0,,", "quantity", "did you mean 'supply'?"),
    "shock-where": shocks("bann,x,supply,,spot,2027,0,,", "scenario", "did you mean 'ban'?"),
    "shock-on-whom": shocks("ban,x,supply,,spott,2027,0,,", "source", "did you mean 'spot'?"),
    "shock-says-nothing": shocks("ban,x,supply,,spot,2027,,,", "factor", "neither a factor nor a value"),
    "shock-says-both": shocks("ban,x,supply,,spot,2027,0.5,3,", "factor", "give one of them"),
    "shock-hits-nothing": shocks("ban,x,depth,,spot,2027,0.5,,", "source", "not chosen by source, but by good"),
    "shock-told-late": shocks("ban,x,supply,,spot,2027,0.5,,2027Q3", "announced", "give an earlier date"),
    "shock-off-the-horizon": shocks("ban,x,supply,,spot,2042,0.5,,", "from", "no period starts on or after"),
    "shocks-contradict": shocks(
        "ban,x,supply,,spot,2027,,5,\nban,y,supply,Dy oxide,,2027Q2,,6,", "value", "record 2 sets it to 5", 3
    ),
    "shock-twice": shocks("ban,x,supply,,spot,2027,0.5,,\nban,x,supply,,spot,2027,0.6,,", "scenario", "twice", 3),
}
