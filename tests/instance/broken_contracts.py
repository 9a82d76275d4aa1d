"""Broken tables of contracts, of those that run, and of the series that they follow."""

from __future__ import annotations

from tests.instance.broken import PLANT, Broken
from tests.instance.folders import Change, both, cell, content

TERMS = (
    "contract,source,sign_from,sign_until,duration,min_rate,max_rate,price,index_kind,index,floor,ceiling,upside_share,"
    "price_fixed\n"
)
FILE = "contracts.csv"
OPEN = "contract,age,price\n"
SERIES = "index,from,price\n"


def terms(row: str) -> Change:
    """A table with one contract."""
    return content(FILE, f"{TERMS}{row}\n")


def contract(row: str, column: str, words: str) -> Broken:
    """A contract that is wrong in a column."""
    return Broken(terms(row), FILE, 2, column, words)


def opened(row: str, opening: str, column: str, words: str) -> Broken:
    """A contract of before the horizon that is wrong in a column."""
    change = both(terms(row), content("opening_contracts.csv", f"{OPEN}{opening}\n"))
    return Broken(change, "opening_contracts.csv", 2, column, words)


AWAITING = "contract,source,project,duration,max_rate,price,index_kind,index,price_fixed\n"
NEEDS = "project,stage,needs_project,needs_stage,needs_contract\n"


def awaiting(row: str, opening: str) -> Change:
    """A contract that waits for a project, signed before the horizon."""
    return both(content(FILE, f"{AWAITING}{row}\n"), content("opening_contracts.csv", f"{OPEN}{opening}\n"))


ACCOUNT = "sector,good,entitlement,within,settled_by,price\n"


def account(row: str, column: str, words: str) -> Broken:
    """An account that is wrong in a column."""
    return Broken(content("accounts.csv", f"{ACCOUNT}{row}\n"), "accounts.csv", 2, column, words)


def needed(row: str, column: str, words: str) -> Broken:
    """A stage that needs a contract in a way that is wrong in a column."""
    return Broken(
        both(terms(f"{GOOD},,,,,,"), content("requires.csv", f"{NEEDS}{row}\n")), "requires.csv", 2, column, words
    )


GOOD = "deal,spot,,,2y,4,9,200"
FOLLOWS = "deal,spot,,,1y,4,9,10"
CONTRACTS = {
    "contract-with-unknown": contract("deal,spots,,,2y,4,9,200,,,,,,", "source", "did you mean 'spot'?"),
    "contract-between-no-rates": contract("deal,spot,,,2y,10,9,200,,,,,,", "min_rate", "no amount is between them"),
    "contract-without-most": contract("deal,spot,,,2y,4,,200,,,,,,", "max_rate", "is blank"),
    "contract-for-no-time": contract("deal,spot,,,0,4,9,200,,,,,,", "duration", "at least one period"),
    "contract-without-duration": contract("deal,spot,,,,4,9,200,,,,,,", "duration", "is blank"),
    "contract-never-signed": contract(
        "deal,spot,2027,2026Q4,2y,4,9,200,,,,,,", "sign_until", "does not leave a period"
    ),
    "contract-below-nothing": contract("deal,spot,,,2y,4,9,-5,,,,,,", "price", "a fixed price is at least 0"),
    "contract-of-a-kind": contract(f"{FOLLOWS},sources,spot,,,,", "index_kind", "did you mean 'source'?"),
    "contract-follows-unknown": contract(f"{FOLLOWS},source,spots,,,,", "index", "did you mean 'spot'?"),
    "contract-follows-nothing": contract(f"{FOLLOWS},source,,,,,", "index", "name the source that the price follows"),
    "contract-follows-no-table": contract(f"{FOLLOWS},series,exchange,,,,", "index", "the table is missing"),
    "contract-follows-what": contract(
        f"{FOLLOWS},,spot,,,,", "index_kind", "say what 'spot' is: source, market, series"
    ),
    "contract-floor-over-ceiling": contract(f"{FOLLOWS},source,spot,9,8,,", "floor", "no price is between them"),
    "contract-shares-nothing": contract(f"{FOLLOWS},source,spot,,,0.5,", "upside_share", "there is no ceiling"),
    "contract-fixed-when": contract(f"{FOLLOWS},source,spot,,,,begin", "price_fixed", "it is one of call, start"),
    "contract-follows-gap": Broken(
        both(terms(f"{FOLLOWS},series,exchange,,,,"), content("indices.csv", f"{SERIES}exchange,2027,9\n")),
        FILE,
        2,
        "index",
        "'exchange' has no price in 2026Q1, when the contract reads it",
    ),
    "contract-with-the-market": Broken(
        both(terms(f"{GOOD},,,,,,"), cell("sources", 2, "paid_by", "market")), FILE, 2, "source", "signs nothing there"
    ),
    "contract-twice": Broken(terms(f"{GOOD},,,,,,\n{GOOD},,,,,,"), FILE, 3, "contract", "first in record 2"),
    "contract-open-unknown": opened(f"{GOOD},,,,,,", "deals,1,", "contract", "did you mean 'deal'?"),
    "contract-open-too-long": opened(f"{GOOD},,,,,,", "deal,2y,", "age", "has ended before the start"),
    "contract-open-not-yet": opened(f"{GOOD},,,,,,", "deal,0,", "age", "at least one period"),
    "contract-open-at-what": opened(f"{FOLLOWS},source,spot,,,,start", "deal,1,", "price", "give the price that was"),
    "contract-open-at-two": opened(f"{GOOD},,,,,,", "deal,1,50", "price", "is in contracts.csv; leave it blank"),
    "contract-awaits-unknown": Broken(
        content(FILE, f"{AWAITING}deal,spot,{PLANT[:-1]},2y,9,200,,,\n"), FILE, 2, "project", f"did you mean '{PLANT}'?"
    ),
    "contract-open-and-waiting-at-what": Broken(
        awaiting(f"deal,spot,{PLANT},2y,9,,source,spot,start", "deal,1,50"),
        "opening_contracts.csv",
        2,
        "price",
        f"'deal' waits for '{PLANT}', and its index is read when it begins; leave it blank",
    ),
    "contract-open-and-ended-with-its-project": Broken(
        both(
            awaiting(f"deal,spot,{PLANT},6mo,9,200,,,", "deal,3y,"),
            content("opening_stages.csv", f"project,stage,age\n{PLANT},1,6y\n{PLANT},2,4y\n"),
        ),
        "opening_contracts.csv",
        2,
        "age",
        "has ended before the start",
    ),
    "stage-needs-unknown-contract": needed(f"{PLANT},2,,,deals", "needs_contract", "did you mean 'deal'?"),
    "stage-needs-two-things": needed(
        f"{PLANT},2,{PLANT},1,deal", "needs_contract", "give the contract a row of its own"
    ),
    "stage-needs-nothing": needed(f"{PLANT},2,,,", "needs_project", "name the project or the contract that is needed"),
    "stage-needs-no-stage": needed(f"{PLANT},2,{PLANT},,", "needs_stage", "name the stage"),
    "stage-needs-a-late-contract": Broken(
        both(
            terms("deal,spot,2028Q2,,2y,4,9,200,,,,,,"),
            content("requires.csv", f"{NEEDS}{PLANT},2,,,deal\n"),
        ),
        "stages.csv",
        3,
        "duration",
        "can never be reached",
    ),
    "account-of-unknown": account("motors,Dy oxid,5,6mo,,", "good", "did you mean 'Dy oxide'?"),
    "account-without-entitlement": account("motors,Dy oxide,,6mo,,", "entitlement", "is blank"),
    "account-settled-at-once": account("motors,Dy oxide,5,0,,", "within", "at least one period"),
    "account-bought-for-what": account("motors,Dy oxide,5,6mo,purchase,", "price", "give the set price"),
    "account-settled-somehow": account("motors,Dy oxide,5,6mo,swap,", "settled_by", "it is one of"),
    "account-of-what-it-does-not-want": Broken(
        both(
            content("sectors.csv", "sector\ndefence\nmotors\nidle\n"),
            content("accounts.csv", f"{ACCOUNT}idle,Dy oxide,5,6mo,,\n"),
        ),
        "accounts.csv",
        2,
        "good",
        "'idle' has no demand for 'Dy oxide'",
    ),
    "account-of-a-traced-good": Broken(
        both(cell("goods", 2, "trace", "true"), content("accounts.csv", f"{ACCOUNT}motors,Dy oxide,5,6mo,,\n")),
        "accounts.csv",
        2,
        "good",
        "where replacements come from is not known",
    ),
    "account-twice": Broken(
        content("accounts.csv", f"{ACCOUNT}motors,Dy oxide,5,6mo,,\nmotors,Dy oxide,6,6mo,,\n"),
        "accounts.csv",
        3,
        "sector",
        "is there twice",
    ),
    "index-twice": Broken(
        both(terms(f"{FOLLOWS},series,exchange,,,,"), content("indices.csv", f"{SERIES}exchange,,9\nexchange,,8\n")),
        "indices.csv",
        3,
        "index",
        "is there twice",
    ),
    "pin-of-no-contract": Broken(
        both(terms(f"{GOOD},,,,,,"), content("pins.csv", "pin,decision,name,at_least\na,signing,deals,1\n")),
        "pins.csv",
        2,
        "name",
        "is not in contracts.csv; did you mean 'deal'?",
    ),
    "pin-to-sign-twice": Broken(
        both(terms(f"{GOOD},,,,,,"), content("pins.csv", "pin,decision,name,at_least\na,signing,deal,2\n")),
        "pins.csv",
        2,
        "at_least",
        "a contract is signed once",
    ),
    "pin-to-sign-again": Broken(
        both(
            terms(f"{GOOD},,,,,,"),
            content("opening_contracts.csv", f"{OPEN}deal,1,\n"),
            content("pins.csv", "pin,decision,name,at_least\na,signing,deal,1\n"),
        ),
        "pins.csv",
        2,
        "name",
        "was signed before the horizon",
    ),
}
