"""Broken tables of incentives."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import both, content, more

PLANT = "separation plant"
HEADER = "incentive,project,good,fund,rate,from,until,term,cap\n"
FILE = "incentives.csv"


def incentive(*cells: str) -> Broken:
    """An incentive with other cells from the project on, and where it is broken: column and words."""
    *given, column, words = cells
    row = [PLANT, "", "treasury", "5", "", "", "", ""]
    row[: len(given)] = given
    return Broken(content(FILE, f"{HEADER}credit,{','.join(row)}\n"), FILE, 2, column, words)


def rows(*lines: str, column: str, words: str) -> Broken:
    """Several rows of one incentive, the last of which is broken: its column and words."""
    text = "".join(f"credit,{PLANT},{line}\n" for line in lines)
    return Broken(content(FILE, f"{HEADER}{text}"), FILE, len(lines) + 1, column, words)


METAL = both(
    more("goods.csv", "metal" + "," * 7 + "\nscrap" + "," * 7 + "\n"),
    content("processes.csv", "process\nsmelting\n"),
    content("recipes.csv", "process,good,amount\nsmelting,Dy oxide,-1.2\nsmelting,metal,1\nsmelting,scrap,0.1\n"),
    content("effects.csv", f"project,after,kind,name,amount\n{PLANT},2,process,smelting,20\n"),
)

INCENTIVES = {
    "incentive-for-nobody": incentive("separation plan", "project", "did you mean 'separation plant'?"),
    "incentive-by-nobody": incentive(PLANT, "", "treasure", "fund", "did you mean 'treasury'?"),
    "incentive-by-a-fund-for-stock": incentive(PLANT, "", "facility", "fund", "may not pay for projects"),
    "incentive-for-an-unknown-good": incentive(PLANT, "Dy oxid", "good", "did you mean 'Dy oxide'?"),
    "incentive-without-a-rate": incentive(PLANT, "", "treasury", "", "rate", "is blank"),
    "incentive-below-0": incentive(PLANT, "", "treasury", "-5", "rate", "at least 0"),
    "incentive-over-before-it-begins": incentive(
        PLANT, "", "treasury", "5", "2027Q1", "2026Q4", "until", "does not leave a period"
    ),
    "incentive-of-no-term": incentive(PLANT, "", "treasury", "5", "", "", "0", "term", "at least one period"),
    "incentive-of-a-negative-cap": incentive(PLANT, "", "treasury", "5", "", "", "", "-1", "cap", "at least 0"),
    "incentive-twice": rows(",treasury,5,,,,", ",treasury,6,,,,", column="incentive", words="is there twice"),
    "incentive-by-two-funds": rows(
        ",treasury,5,,,,",
        ",investors,6,2027Q1,,,",
        column="fund",
        words="'investors' is not that of the first row of 'credit', 'treasury'; give the same in all of them",
    ),
    "incentive-of-two-caps": rows(
        ",treasury,5,,,,9", ",treasury,6,2027Q1,,,", column="cap", words="is not that of the first row of 'credit', '9'"
    ),
    "incentive-of-two-terms": rows(
        ",treasury,5,,,1y,", ",treasury,6,2027Q1,,2y,", column="term", words="is not that of the first row"
    ),
    "incentive-for-a-good-that-is-not-made": Broken(
        both(
            more("goods.csv", "metal" + "," * 7 + "\n"), content(FILE, f"{HEADER}credit,{PLANT},metal,treasury,5,,,,\n")
        ),
        FILE,
        2,
        "good",
        "'separation plant' does not make 'metal'; it makes Dy oxide",
    ),
    "incentive-for-nothing": Broken(
        both(
            content("effects.csv", f"project,after,kind,name,amount\n{PLANT},2,revenue,treasury,20\n"),
            content(FILE, f"{HEADER}credit,{PLANT},,treasury,5,,,,\n"),
        ),
        FILE,
        2,
        "project",
        "'separation plant' makes nothing; give it an effect of kind supply",
    ),
    "incentive-for-one-of-two-goods": Broken(
        both(METAL, content(FILE, f"{HEADER}credit,{PLANT},,treasury,5,,,,\n")),
        FILE,
        2,
        "good",
        "'separation plant' makes metal, scrap; name the good that is paid for",
    ),
    "incentive-for-what-a-source-sells-anyway": Broken(
        both(more("supply.csv", "plant output,4,,\n"), content(FILE, f"{HEADER}credit,{PLANT},,treasury,5,,,,\n")),
        FILE,
        2,
        "project",
        "'plant output' has a capacity in supply.csv: what it delivers is not that of 'separation plant' "
        "alone; give the project a source of its own",
    ),
    "incentive-for-what-a-process-makes-anyway": Broken(
        both(
            METAL,
            content("capacity.csv", "process,from,capacity\nsmelting,,3\n"),
            content(FILE, f"{HEADER}credit,{PLANT},metal,treasury,5,,,,\n"),
        ),
        FILE,
        2,
        "project",
        "'smelting' has a capacity in capacity.csv: what it delivers is not that of 'separation plant' "
        "alone; give the project a process of its own",
    ),
    "incentive-for-what-another-supplies": Broken(
        both(
            more("projects.csv", "second plant" + "," * 5 + "\n"),
            more("stages.csv", "second plant,1,,3mo,1,,,,\n"),
            more("effects.csv", "second plant,1,supply,plant output,4,,,,\n"),
            content(FILE, f"{HEADER}credit,{PLANT},,treasury,5,,,,\n"),
        ),
        FILE,
        2,
        "project",
        "'second plant' gives 'plant output' capacity, too: what it delivers is not that of 'separation plant' alone; "
        "give the project a source of its own, or both one group",
    ),
    "incentive-for-what-came-before": Broken(
        both(
            content("opening_orders.csv", "source,arrives,quantity,price\nplant output,2026Q2,3,150\n"),
            content(FILE, f"{HEADER}credit,{PLANT},,treasury,5,,,,\n"),
        ),
        FILE,
        2,
        "project",
        "'plant output' has rows in opening_orders.csv, but no project had given it capacity before the horizon",
    ),
}
