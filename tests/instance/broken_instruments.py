"""Broken tables of instruments that move risk and no money at first."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import both, cell, content, more

PLANT = "separation plant"
FLOORS = "project,source,fund,floor,index,share,strike,upside_share,from,until,term\n"


def floor(*cells: str) -> Broken:
    """A price floor on the plant's output with other cells from the floor on, and where it is broken: column and words."""
    *given, column, words = cells
    row = ["plant output", "treasury", "250", "spot", "", "", "", "", "", ""]
    row[: len(given)] = given
    return Broken(
        content("price_floors.csv", f"{FLOORS}{PLANT},{','.join(row)}\n"), "price_floors.csv", 2, column, words
    )


GUARANTEES = "project,stage,lender,fund,share,fee\n"


def guarantee(*lines: str, column: str, words: str, loan: bool = True) -> Broken:
    """Guarantees of what investors may lend the plant, the last of which is broken: its column and words."""
    lend = [cell("financing", 3, "instrument", "loan"), cell("financing", 3, "tenor", "2y")] if loan else []
    text = "".join(f"{PLANT},{line}\n" for line in lines)
    changes = both(*lend, content("guarantees.csv", f"{GUARANTEES}{text}"))
    return Broken(changes, "guarantees.csv", len(lines) + 1, column, words)


INSTRUMENTS = {
    "guarantee-without-a-loan": guarantee(
        ",investors,treasury,,", column="lender", words="'investors' does not lend to 'separation plant'", loan=False
    ),
    "guarantee-of-another-lender": guarantee(",facility,treasury,,", column="lender", words="give it a loan"),
    "guarantee-of-no-stage": guarantee("3,investors,treasury,,", column="stage", words="its stages are 1, 2"),
    "guarantee-of-nothing-old": guarantee(
        "0,investors,treasury,,", column="lender", words="lent nothing to 'separation plant' before the horizon"
    ),
    "guarantee-of-what-is-repaid-by-date": Broken(
        both(
            content(
                "opening_loans.csv", f"project,fund,principal,tenor,first_instalment\n{PLANT},investors,1,1y,2027Q1\n"
            ),
            content("guarantees.csv", f"{GUARANTEES}{PLANT},0,investors,treasury,,\n"),
        ),
        "guarantees.csv",
        2,
        "lender",
        "there is nothing to guarantee",
    ),
    "guarantee-of-oneself": guarantee(",investors,investors,,", column="fund", words="cannot guarantee its own loan"),
    "guarantee-by-a-fund-for-stock": guarantee(
        ",investors,facility,,", column="fund", words="may not pay for projects"
    ),
    "guarantee-by-nobody": guarantee(",investors,treasure,,", column="fund", words="did you mean 'treasury'?"),
    "guarantee-of-more-than-the-loan": guarantee(",investors,treasury,1.2,", column="share", words="0 to 1"),
    "guarantees-of-more-than-all": Broken(
        both(
            cell("financing", 3, "instrument", "loan"),
            cell("financing", 3, "tenor", "2y"),
            more("funds.csv", "agency" + "," * 11 + "\n"),
            content(
                "guarantees.csv", f"{GUARANTEES}{PLANT},,investors,treasury,0.7,\n{PLANT},2,investors,agency,0.4,\n"
            ),
        ),
        "guarantees.csv",
        3,
        "share",
        "1.1 of what 'investors' lends 'separation plant' is guaranteed",
    ),
    "negative-fee": guarantee(",investors,treasury,,-0.1", column="fee", words="at least 0"),
    "floor-on-what-is-not-supplied": floor(
        "recycler", "source", "supplies nothing to 'recycler' that a floor could cover"
    ),
    "floor-on-an-unknown-source": floor("plant outputs", "source", "did you mean 'plant output'?"),
    "floor-of-nobody": floor("plant output", "treasure", "fund", "did you mean 'treasury'?"),
    "floor-of-a-fund-for-stock": floor("plant output", "facility", "fund", "may not pay for projects"),
    "floor-without-a-level": floor("plant output", "treasury", "", "floor", "is blank"),
    "floor-without-a-market": floor("plant output", "treasury", "250", "", "index", "is blank"),
    "floor-on-an-unknown-market": floor("plant output", "treasury", "250", "spots", "index", "did you mean 'spot'?"),
    "strike-below-the-floor": floor(
        "plant output", "treasury", "250", "spot", "", "240", "0.3", "strike", "below the floor"
    ),
    "strike-for-nothing": floor("plant output", "treasury", "250", "spot", "", "260", "strike", "give upside_share"),
    "floor-of-no-term": floor(
        "plant output", "treasury", "250", "spot", "", "", "", "", "", "0", "term", "at least one period"
    ),
    "floor-over-before-it-begins": floor(
        "plant output", "treasury", "250", "spot", "", "", "", "2027Q1", "2026Q4", "until", "does not leave a period"
    ),
    "floors-on-more-than-all": Broken(
        content(
            "price_floors.csv",
            f"{FLOORS}{PLANT},plant output,treasury,250,spot,0.7,,,,,\n{PLANT},plant output,investors,250,spot,0.4,,,,,\n",
        ),
        "price_floors.csv",
        3,
        "share",
        "1.1 of what 'separation plant' supplies",
    ),
    "floor-against-another-good": Broken(
        both(
            more("goods.csv", "Tb oxide" + "," * 7 + "\n"),
            content("price_floors.csv", f"{FLOORS}{PLANT},plant output,treasury,250,tb,,,,,,\n"),
            more("sources.csv", "tb,Tb oxide" + "," * 7 + "\n"),
            more("prices.csv", "tb,1,,900,,,\n"),
        ),
        "price_floors.csv",
        2,
        "index",
        "a source of the same good",
    ),
    "floor-without-a-price": Broken(
        both(
            content("price_floors.csv", f"{FLOORS}{PLANT},plant output,treasury,250,late,,,,,,\n"),
            more("sources.csv", "late,Dy oxide" + "," * 7 + "\n"),
            more("prices.csv", "late,1,,900,,,\n"),
            cell("prices", 6, "from", "2027Q1"),
        ),
        "price_floors.csv",
        2,
        "index",
        "has no price in 2026Q1",
    ),
}
