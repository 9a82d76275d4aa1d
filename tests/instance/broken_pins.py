"""Broken tables of pins."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.broken_resources import GOOD, using
from tests.instance.broken_stores import routes
from tests.instance.folders import Change, both, cell, content, more


def pin(row: str, column: str, words: str, before: Change | None = None) -> Broken:
    """A pin that is wrong in a column, after another change."""
    head = "pin,decision,name,stage,sector,from_store,to_store,at_least,at_most\n"
    change = content("pins.csv", f"{head}a,{row}\n")
    return Broken(change if before is None else both(before, change), "pins.csv", 2, column, words)


THERE_AND_BACK = routes("Dy oxide,depot,annex,,,\n,annex,depot,,,\n")
ROUND = both(
    more("goods.csv", "ore,,,,,,,,,\n"),
    content("processes.csv", "process\nrefining\nspoiling\n"),
    content(
        "recipes.csv",
        "process,good,amount\nrefining,Dy oxide,-2\nrefining,ore,1\nspoiling,ore,-1\nspoiling,Dy oxide,1\n",
    ),
)

PINS = {
    "pin-of-what": pin("serve,Dy oxide,,,,,5,", "decision", "did you mean 'service'?"),
    "pin-of-a-good": pin("service,Dy oxid,,,,,5,", "name", "is not in goods.csv; did you mean 'Dy oxide'?"),
    "pin-of-a-fund": pin("draw,facilty,,,,,5,", "name", "is not in funds.csv; did you mean"),
    "pin-of-no-facility": pin("draw,treasury,,,,,5,", "name", "is no credit facility"),
    "pin-to-borrow-for-nothing": pin(
        "draw,facility,,,,,5,",
        "at_least",
        "could be spent by paying the dear steps of market 'exchange' first",
        both(
            content("markets.csv", "market,step,width,price\nexchange,1,5,9\nexchange,2,,12\n"),
            cell("sources", 2, "market", "exchange"),
            content("prices.csv", "source,price\nrecycler,9\nseparation plant,9\n"),
        ),
    ),
    "pin-of-no-debt": pin("repayment,treasury,,,,,5,", "name", "is no credit facility"),
    "pin-for-whom": pin("service,Dy oxide,,motor,,,5,", "sector", "did you mean 'motors'?"),
    "pin-with-a-sector": pin("stock,Dy oxide,,motors,,,5,", "sector", "a pin of stock has no sector"),
    "pin-with-a-stage": pin("sale,Dy oxide,1,,,,5,", "stage", "a pin of sale has no stage"),
    "pin-with-a-store": pin("sale,Dy oxide,,,depot,,5,", "from_store", "a pin of sale has no from store"),
    "pin-over-a-stage": pin("release,separation plant,1,,,,2,", "at_least", "at_least is 0 or 1"),
    "pin-over-a-project": pin(
        "abandonment,separation plant,,,,,2,",
        "at_least",
        "a project is abandoned once; at_least is 0 or 1",
        content("projects.csv", "project,may_abandon\nseparation plant,true\n"),
    ),
    "pin-to-abandon": pin("abandonment,separation plant,,,,,1,", "name", "set may_abandon in projects.csv"),
    "pin-to-lend": pin("exchange,Dy oxide,,,,,1,", "name", "it has no exchange in rotation.csv"),
    "pin-to-work": pin("overtime,crews,,,,,1,", "name", "is not in resources.csv; did you mean 'crew'?", using(GOOD)),
    "pin-to-work-longer": pin("overtime,crew,,,,,1,", "name", "has no overtime; give it some", using(GOOD)),
    "pin-to-wait": pin(
        "backlog,Dy oxide,,,,,,1", "name", "no sector may wait for 'Dy oxide'; give it a row in backlog"
    ),
    "pin-to-replace": pin(
        "substitution,Dy oxide,,motors,,,1,",
        "name",
        "'motors' is no sector that takes 'Dy oxide' instead of a good that it wants; give it a row in accepts.csv",
    ),
    "pin-to-lack": pin(
        "shortfall,Dy oxide,,motors,,,,1",
        "name",
        "'motors' is no sector that may lack 'Dy oxide'; give it a row in tiers.csv, or delete the pin",
        content("tiers.csv", "sector,tier,share,penalty\ndefence,1,1,900\n"),
    ),
    "pin-of-no-store": pin("transfer,Dy oxide,,,depo,,,5", "from_store", "did you mean 'depot'?", THERE_AND_BACK),
    "pin-of-no-route": pin(
        "transfer,Dy oxide,,,annex,,,5",
        "name",
        "'Dy oxide' has no route from 'annex' to any store; give it one in transfers.csv",
        routes("Dy oxide,depot,annex,,,\n"),
    ),
    "pin-to-run": pin("run,sorting,,,,,1,", "name", "is not in processes.csv; the table is missing"),
    "pin-to-run-round": pin("run,refining,,,,,1,", "at_least", "could become 'ore' and 'Dy oxide' again", ROUND),
    "pin-to-go-round": pin(
        "transfer,Dy oxide,,,depot,,5,",
        "at_least",
        "'Dy oxide' could go from 'depot' to 'annex' and back in one period",
        THERE_AND_BACK,
    ),
}
