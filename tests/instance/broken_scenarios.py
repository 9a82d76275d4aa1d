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
        more("instance.toml", '\n[risk]\nmeasure = "cvar"\nof = "taxpayer_los"\nweight = 0.5\n'),
        "instance.toml",
        None,
        "risk.of",
        "did you mean 'taxpayer_loss'?",
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

STATES = "chain,state,probability"


def chains(states: str, moves: str, shocks_of: str, place: tuple[str, int, str], words: str) -> Broken:
    """A chain of some states, moves and shocks, wrong in a place."""
    change = both(
        content("chains.csv", "chain,from\nprice,2027\n"),
        content("chain_states.csv", f"{STATES}\n{states}\n"),
        *([content("chain_moves.csv", f"chain,from_state,to_state,probability\n{moves}\n")] if moves else []),
        content("chain_shocks.csv", f"chain,state,quantity,source,factor\n{shocks_of}\n"),
    )
    return Broken(change, *place, words)


TWO, HIGH = "price,low,0.7\nprice,high,0.3", "price,high,price,spot,2"
FUTURES |= {
    "states-of-0.9": chains(
        "price,low,0.6\nprice,high,0.3",
        "",
        HIGH,
        ("chain_states.csv", 2, "probability"),
        "sum to 0.9; they must sum to 1",
    ),
    "moves-of-0.9": chains(
        TWO,
        "price,low,low,0.9\nprice,high,high,1",
        HIGH,
        ("chain_moves.csv", 2, "probability"),
        "the moves from 'low' of 'price' have probabilities that sum to 0.9",
    ),
    "no-way-on": chains(TWO, "price,low,low,1", HIGH, ("chain_states.csv", 3, "state"), "no move leads on from 'high'"),
    "no-such-state": chains(
        TWO, "", "price,hi,price,spot,2", ("chain_shocks.csv", 2, "state"), "its states are low, high"
    ),
    "state-changes-what": chains(TWO, "", "price,high,depth,spot,2", ("chain_shocks.csv", 2, "source"), "but by good"),
    "state-says-nothing": chains(TWO, "", "price,high,price,spot,", ("chain_shocks.csv", 2, "factor"), "neither"),
    "chain-too-long": Broken(
        both(
            chains(TWO, "", HIGH, ("chains.csv", 2, "every"), "").change,
            more("instance.toml", "\n[tree]\nmost_scenarios = 20\n"),
        ),
        "chains.csv",
        2,
        "every",
        "let them move less often (every)",
    ),
    "no-tree-at-all": Broken(
        more("instance.toml", "\n[tree]\nmost_scenarios = 0\n"),
        "instance.toml",
        None,
        "tree.most_scenarios",
        "not a whole number from 1",
    ),
    "chains-beside-scenarios": Broken(
        both(
            content("chains.csv", "chain,from\nprice,2027\n"),
            content("chain_states.csv", f"{STATES}\nprice,low,1\n"),
            content("scenarios.csv", CALM),
        ),
        "chains.csv",
        None,
        None,
        "there can be no scenarios.csv beside them",
    ),
}
