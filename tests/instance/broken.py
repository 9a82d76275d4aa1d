"""Broken instances: a small change to the good folder, and what must be said of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.instance.folders import Change, both, cell, content, gone, instead, more, recoded, renamed


class Broken(NamedTuple):
    """A change, the place that the message must name, and words that it must hold: what would be right."""

    change: Change
    file: str
    row: int | None
    column: str | None
    words: str


TOML = "instance.toml"
LONG = "x" * 201


def replaced(name: str, make: Callable[[Path], object]) -> Change:
    """Something else where a file should be."""

    def change(folder: Path) -> None:
        (folder / name).unlink()
        make(folder / name)

    return change


def folder_named(name: str) -> Change:
    """A folder where a file should be."""
    return replaced(name, Path.mkdir)


def link_to(name: str, target: str) -> Change:
    """A link where a file should be."""
    return replaced(name, lambda path: path.symlink_to(target))


def pipe(name: str) -> Change:
    """A named pipe, which nobody will ever write to."""
    return replaced(name, os.mkfifo)


def deep(folder: Path) -> None:
    """Brackets in brackets beyond what a recursive reader can follow."""
    (folder / TOML).write_text(f"a = {'[' * 50_000}{']' * 50_000}", encoding="utf-8")


CELLS = {
    "text-for-a-number": Broken(cell("demand", 2, "quantity", "many"), "demand.csv", 2, "quantity", "not a finite"),
    "negative": Broken(cell("demand", 3, "quantity", "-40"), "demand.csv", 3, "quantity", "at least 0"),
    "nan": Broken(cell("demand", 2, "quantity", "NaN"), "demand.csv", 2, "quantity", "not a finite number"),
    "infinity": Broken(cell("prices", 2, "width", "inf"), "prices.csv", 2, "width", "leave the cell blank"),
    "overflow": Broken(cell("prices", 3, "price", "1e400"), "prices.csv", 3, "price", "not a finite number"),
    "huge": Broken(cell("prices", 3, "price", "1e308"), "prices.csv", 3, "price", "numbers go up to 1e+15"),
    "blank-required": Broken(cell("demand", 2, "quantity", " "), "demand.csv", 2, "quantity", "is blank"),
    "blank-name": Broken(cell("sectors", 2, "sector", ""), "sectors.csv", 2, "sector", "is blank; it is a name"),
    "share-over-1": Broken(cell("tiers", 2, "share", "1.2"), "tiers.csv", 2, "share", "0 to 1"),
    "loss-of-1": Broken(cell("goods", 2, "loss_rate", "1"), "goods.csv", 2, "loss_rate", "below 1"),
    "percent": Broken(cell("tiers", 2, "share", "20%"), "tiers.csv", 2, "share", "write 5 % as 0.05"),
    "decimal-comma": Broken(cell("stages", 2, "cost", "0,5"), "stages.csv", 2, "cost", "decimal point"),
    "thousands": Broken(cell("stages", 2, "cost", "1,000"), "stages.csv", 2, "cost", "separators of thousands"),
    "thin-thousands": Broken(cell("stages", 2, "cost", "1 000"), "stages.csv", 2, "cost", "separators of"),
    "underscore": Broken(cell("stages", 2, "cost", "1_000"), "stages.csv", 2, "cost", "separators of"),
    "with-unit": Broken(cell("demand", 2, "quantity", "12 t"), "demand.csv", 2, "quantity", "the number alone"),
    "with-currency": Broken(cell("prices", 2, "price", "$220"), "prices.csv", 2, "price", "the number alone"),
    "formula": Broken(cell("demand", 2, "quantity", "=1+1"), "demand.csv", 2, "quantity", "not a finite number"),
    "true-for-a-number": Broken(cell("demand", 2, "quantity", "TRUE"), "demand.csv", 2, "quantity", "finite"),
    "fraction-of-a-stage": Broken(cell("stages", 3, "stage", "1.5"), "stages.csv", 3, "stage", "whole number"),
    "stage-0": Broken(cell("stages", 2, "stage", "0"), "stages.csv", 2, "stage", "at least 1"),
    "bad-flag": Broken(cell("funds", 2, "public", "maybe"), "funds.csv", 2, "public", "neither true nor false"),
    "bad-choice": Broken(cell("funds", 3, "kind", "credits"), "funds.csv", 3, "kind", "did you mean 'credit'?"),
    "far-choice": Broken(cell("budgets", 2, "every", "zz"), "budgets.csv", 2, "every", "it is one of year, period"),
    "bad-words": Broken(
        cell("funds", 3, "uses", "purchases, storage"), "funds.csv", 3, "uses", "several are separated by ';'"
    ),
    "bad-duration": Broken(cell("stages", 2, "duration", "nine"), "stages.csv", 2, "duration", "write 9mo, 2y"),
    "minutes-or-months": Broken(cell("stages", 2, "duration", "9m"), "stages.csv", 2, "duration", "write 9mo"),
    "endless-duration": Broken(
        cell("goods", 2, "shelf_life", "9" * 150), "goods.csv", 2, "shelf_life", "not a duration"
    ),
    "shelf-life-0": Broken(cell("goods", 2, "shelf_life", "0"), "goods.csv", 2, "shelf_life", "at least one period"),
    "unknown-unit": Broken(cell("goods", 2, "unit", "tonne"), "goods.csv", 2, "unit", "t is the tonne of 1000 kg"),
    "unit-mismatch": Broken(cell("goods", 2, "unit", "barrel"), "goods.csv", 2, "unit", "does not convert into 't'"),
    "slashes": Broken(cell("duties", 2, "from", "01/02/2027"), "duties.csv", 2, "from", "2027-03-01 (year-month-day)"),
    "points": Broken(cell("duties", 2, "from", "1.2.2027"), "duties.csv", 2, "from", "period label as 2026Q1"),
    "serial": Broken(cell("duties", 2, "from", "46023"), "duties.csv", 2, "from", "a spreadsheet's serial number"),
    "no-such-day": Broken(cell("duties", 2, "from", "2027-02-29"), "duties.csv", 2, "from", "is not a date"),
    "no-such-quarter": Broken(cell("duties", 2, "from", "2027Q5"), "duties.csv", 2, "from", "is not a date"),
    "no-such-week": Broken(cell("duties", 2, "from", "2027-W54"), "duties.csv", 2, "from", "is not a date"),
    "before-the-horizon": Broken(
        cell("duties", 2, "from", "2025-12-31"), "duties.csv", 2, "from", "leave it blank for what holds from the start"
    ),
    "after-the-horizon": Broken(
        cell("duties", 2, "from", "2028-10-02"), "duties.csv", 2, "from", "no period starts on or after it"
    ),
    "over-before-it-begins": Broken(
        cell("duties", 2, "until", "2026-01-01"), "duties.csv", 2, "until", "the row would never hold"
    ),
    "until-before-from": Broken(
        cell("duties", 2, "until", "2026Q4"), "duties.csv", 2, "until", "does not leave a period after from"
    ),
    "long-name": Broken(cell("sectors", 2, "sector", LONG), "sectors.csv", 2, "sector", "at most 200"),
    "long-cell": Broken(cell("sectors", 2, "title", "x" * 10_001), "sectors.csv", 2, "title", "at most 10,000"),
    "long-number": Broken(cell("demand", 2, "quantity", "1" * 20_000), "demand.csv", 2, "quantity", "not a finite"),
    "escape": Broken(cell("sectors", 2, "sector", "a\x1b[31mb"), "sectors.csv", 2, "sector", "'\\x1b'"),
    "line-in-a-name": Broken(cell("sectors", 2, "sector", "a\nb"), "sectors.csv", 2, "sector", "'\\n'"),
    "turned-text": Broken(cell("sectors", 2, "sector", "a\u202eb"), "sectors.csv", 2, "sector", "'\\u202e'"),
    "no-width": Broken(cell("sectors", 2, "sector", "a\u200bb"), "sectors.csv", 2, "sector", "'\\u200b'"),
    "nul": Broken(cell("sectors", 2, "sector", "a\0b"), "sectors.csv", 2, "sector", "'\\x00'"),
}

TABLES = {
    "no-goods": Broken(gone("goods.csv"), "goods.csv", None, None, "the file is missing"),
    "no-demand": Broken(gone("demand.csv"), "demand.csv", None, None, "what a sector wants"),
    "no-sectors": Broken(gone("sectors.csv"), "sectors.csv", None, None, "the file is missing"),
    "no-funds": Broken(gone("funds.csv"), "budgets.csv", 2, "fund", "the table is missing"),
    "no-column": Broken(instead("goods.csv", "good,", "mineral,"), "goods.csv", None, "good", "the column is missing"),
    "unknown-column": Broken(
        instead("demand.csv", "quantity", "quanttiy"), "demand.csv", None, "quanttiy", "did you mean 'quantity'?"
    ),
    "other-case": Broken(
        instead("demand.csv", "quantity", "QUANTITY"), "demand.csv", None, "QUANTITY", "did you mean 'quantity'?"
    ),
    "unknown-table": Broken(content("price.csv", "a\n1\n"), "price.csv", None, None, "did you mean 'prices'?"),
    "capital-ending": Broken(renamed("duties.csv", "duties.CSV"), "duties.CSV", None, None, "save it as duties.csv"),
    "workbook": Broken(renamed("duties.csv", "duties.xlsx"), "duties.xlsx", None, None, "save it as duties.csv"),
    "hidden-ending": Broken(
        renamed("duties.csv", "duties.csv.txt"), "duties.csv.txt", None, None, "save it as duties.csv"
    ),
    "column-twice": Broken(
        instead("demand.csv", "sector,good", "sector,sector"), "demand.csv", None, None, "'sector' twice"
    ),
    "nameless-column": Broken(instead("demand.csv", "from", ""), "demand.csv", None, None, "no name for column 3"),
    "zero-bytes": Broken(content("prices.csv", b""), "prices.csv", None, None, "is empty; add a header"),
    "header-only": Broken(content("prices.csv", "source,price\n"), "prices.csv", None, None, "has no rows; add one"),
    "short-record": Broken(more("demand.csv", "motors,Dy oxide\n"), "demand.csv", 5, None, "has 2 cells"),
    "long-record": Broken(
        more("demand.csv", "motors,Dy oxide,2028Q1,1,5,x,y\n"), "demand.csv", 5, None, "decimals have a point"
    ),
    "unclosed-quote": Broken(more("demand.csv", 'motors,"Dy\n'), "demand.csv", None, None, "a quote is not closed"),
    "text-after-quote": Broken(more("demand.csv", 'motors,"Dy"x\n'), "demand.csv", None, None, "quotes doubled"),
    "semicolons": Broken(
        content("duties.csv", "origin;rate\nOverseas;0,05\n"), "duties.csv", None, None, "save it with commas"
    ),
    "tabs": Broken(content("duties.csv", "origin\trate\nOverseas\t1\n"), "duties.csv", None, None, "has tabs"),
    "sep": Broken(content("duties.csv", "sep=,\norigin,rate\nA,1\n"), "duties.csv", None, None, "remove that line"),
    "latin-1": Broken(
        both(cell("sectors", 3, "title", "défense"), recoded("sectors.csv", "latin-1")),
        "sectors.csv",
        None,
        None,
        "line 3, byte 0xe9",
    ),
    "utf-16": Broken(recoded("sectors.csv", "utf-16"), "sectors.csv", None, None, "it is UTF-16"),
    "utf-16-le": Broken(recoded("sectors.csv", "utf-16-le"), "sectors.csv", None, None, "NUL bytes"),
    "csv-and-parquet": Broken(
        content("goods.parquet", b"PAR1"), "goods.parquet", None, None, "the table is there twice, also as goods.csv"
    ),
    "broken-parquet": Broken(
        both(gone("goods.csv"), content("goods.parquet", b"PAR1 nonsense PAR1")),
        "goods.parquet",
        None,
        None,
        "is not a Parquet file",
    ),
    "empty-parquet": Broken(
        both(gone("goods.csv"), content("goods.parquet", b"")), "goods.parquet", None, None, "is not a Parquet file"
    ),
    "folder-for-a-table": Broken(folder_named("goods.csv"), "goods.csv", None, None, "is a folder"),
    "link-to-itself": Broken(link_to("goods.csv", "goods.csv"), "goods.csv", None, None, "cannot be read"),
    "link-to-nothing": Broken(link_to("goods.csv", "nowhere"), "goods.csv", None, None, "cannot be read"),
    "pipe": Broken(pipe("goods.csv"), "goods.csv", None, None, "is not an ordinary file"),
}

SETTINGS = {
    "no-settings": Broken(gone(TOML), TOML, None, None, "stockpile new makes an example"),
    "not-toml": Broken(instead(TOML, "[horizon]", "[horizon"), TOML, None, None, "line 6"),
    "latin-1-settings": Broken(content(TOML, "title = 'é'".encode("latin-1")), TOML, None, None, "save it as UTF-8"),
    "deep-settings": Broken(deep, TOML, None, None, "too deep"),
    "endless-number": Broken(instead(TOML, "= 12", "= " + "1" * 5000), TOML, None, None, "is not TOML"),
    "folder-for-settings": Broken(folder_named(TOML), TOML, None, None, "is a folder"),
    "pipe-for-settings": Broken(pipe(TOML), TOML, None, None, "is not an ordinary file"),
    "format-2": Broken(instead(TOML, "format = 1", "format = 2"), TOML, None, "format", "reads format = 1"),
    "format-true": Broken(instead(TOML, "format = 1", "format = true"), TOML, None, "format", "reads format = 1"),
    "no-format": Broken(instead(TOML, "format = 1", ""), TOML, None, "format", "is missing"),
    "unknown-section": Broken(instead(TOML, "[solver]", "[slover]"), TOML, None, "slover", "did you mean 'solver'?"),
    "unknown-setting": Broken(instead(TOML, "gap =", "gaps ="), TOML, None, "solver.gaps", "did you mean 'gap'?"),
    "no-section": Broken(instead(TOML, "format", "solver = 3\nformat"), TOML, None, None, "is not TOML"),
    "section-as-number": Broken(content(TOML, "format = 1\nhorizon = 3\n"), TOML, None, "horizon", "write [horizon]"),
    "no-start": Broken(instead(TOML, "start = 2026-01-01", ""), TOML, None, "horizon.start", "first day"),
    "bad-start": Broken(
        instead(TOML, "= 2026-01-01", '= "01/02/2026"'), TOML, None, "horizon.start", "write it as 2026-01-01"
    ),
    "no-periods": Broken(instead(TOML, "= 12", "= 0"), TOML, None, "horizon.periods", "whole number from 1"),
    "many-periods": Broken(instead(TOML, "= 12", "= 10001"), TOML, None, "horizon.periods", "10,000"),
    "half-periods": Broken(instead(TOML, "= 12", "= 12.5"), TOML, None, "horizon.periods", "whole number"),
    "bad-step": Broken(instead(TOML, '"quarter"', '"quartr"'), TOML, None, "horizon.step", "did you mean 'quarter'?"),
    "after-9999": Broken(instead(TOML, "2026-01-01", "9998-01-01"), TOML, None, "horizon", "after the year 9999"),
    "price-currency": Broken(instead(TOML, '"USD/kg"', '"EUR/kg"'), TOML, None, "units", "convert one of them"),
    "price-without-quantity": Broken(instead(TOML, '"USD/kg"', '"USD"'), TOML, None, "units", "such as 'USD/kg'"),
    "price-quantity": Broken(instead(TOML, '"USD/kg"', '"USD/barrel"'), TOML, None, "units", "does not convert"),
    "unknown-quantity": Broken(instead(TOML, '"t"', '"tons"'), TOML, None, "units", "t is the tonne of 1000 kg"),
    "unknown-money": Broken(instead(TOML, '"MUSD"', '"M$"'), TOML, None, "units", "after k, M or bn"),
    "unknown-time": Broken(instead(TOML, 'time = "year"', 'time = "yr"'), TOML, None, "units.time", "'year'"),
    "rate-in-percent": Broken(instead(TOML, "= 0.03", "= 3"), TOML, None, "economics.discount_rate", "3 % as 0.03"),
    "unknown-goal": Broken(
        instead(TOML, "[solver]", '[objective]\ngoal = "least-costs"\n\n[solver]'),
        TOML,
        None,
        "objective.goal",
        "did you mean 'least-cost'?",
    ),
    "tolerance-in-percent": Broken(
        instead(TOML, "[solver]", "[objective]\nshortfall_tolerance = 5\n\n[solver]"),
        TOML,
        None,
        "objective.shortfall_tolerance",
        "1 % as 0.01",
    ),
    "rate-nan": Broken(instead(TOML, "= 0.03", "= nan"), TOML, None, "economics.discount_rate", "number from 0"),
    "gap-too-long": Broken(instead(TOML, "= 0.0001", "= 1" + "0" * 400), TOML, None, "solver.gap", "number from 0"),
    "fiscal-year": Broken(
        instead(TOML, '"10-01"', '"02-30"'), TOML, None, "economics.fiscal_year_start", "write it as '10-01'"
    ),
    "title-with-escape": Broken(instead(TOML, "oxide", "\\u001b[31m"), TOML, None, "title", "can be seen"),
    "long-title": Broken(instead(TOML, "oxide", LONG), TOML, None, "title", "up to 200"),
}

PLANT = "separation plant"
SHARES = "project,fund,min_share,max_share\n"
RULES = {
    "name-twice": Broken(more("sectors.csv", "motors,,\n"), "sectors.csv", 4, "sector", "first in record 3"),
    "date-twice": Broken(
        more("demand.csv", "motors,Dy oxide,2026-12-30,7,,\n"), "demand.csv", 5, "sector", "first in record 4"
    ),
    "blank-key-twice": Broken(
        content("tiers.csv", "share,penalty\n0.5,1\n0.5,2\n"), "tiers.csv", 3, "sector", "first in record 2"
    ),
    "unknown-name": Broken(
        cell("demand", 3, "sector", "motor"), "demand.csv", 3, "sector", "not in sectors.csv; did you mean 'motors'?"
    ),
    "unknown-far-name": Broken(
        cell("demand", 3, "sector", "Q"), "demand.csv", 3, "sector", "known are defence, motors"
    ),
    "no-break-space": Broken(
        cell("demand", 3, "good", "Dy\xa0oxide"), "demand.csv", 3, "good", "written with other characters"
    ),
    "effect-on-unknown-source": Broken(
        cell("effects", 2, "name", "plant"), "effects.csv", 2, "name", "not in sources.csv; did you mean"
    ),
    "effect-on-wrong-table": Broken(
        cell("effects", 2, "kind", "capacity"), "effects.csv", 2, "name", "not in stores.csv; known are depot"
    ),
    "effect-after-no-stage": Broken(cell("effects", 2, "after", "3"), "effects.csv", 2, "after", "stages are 1, 2"),
    "needs-itself": Broken(
        content("requires.csv", f"project,stage,needs_project,needs_stage\n{PLANT},1,{PLANT},2\n"),
        "requires.csv",
        2,
        "needs_stage",
        "in a circle",
    ),
    "needs-no-stage": Broken(
        content("requires.csv", f"project,stage,needs_project,needs_stage\n{PLANT},1,{PLANT},7\n"),
        "requires.csv",
        2,
        "needs_stage",
        "stages are 1, 2",
    ),
    "stage-missing": Broken(cell("stages", 3, "stage", "3"), "stages.csv", 3, "stage", "number them 1, 2"),
    "stage-unreachable": Broken(
        cell("stages", 3, "duration", "33mo"), "stages.csv", 3, "duration", "can never be reached"
    ),
    "window-closed": Broken(
        both(
            more("projects.csv", "late,,,,\n"),
            cell("projects", 3, "start_until", "2026Q2"),
            more("stages.csv", "late,1,,3mo,1,,\n"),
            content("requires.csv", f"project,stage,needs_project,needs_stage\nlate,1,{PLANT},2\n"),
        ),
        "stages.csv",
        4,
        "duration",
        "window has closed",
    ),
    "no-stages": Broken(more("projects.csv", "mine,,,,\n"), "projects.csv", 3, "project", "rows in stages.csv"),
    "no-stages-at-all": Broken(gone("stages.csv"), "projects.csv", 2, "project", "rows in stages.csv"),
    "window": Broken(
        both(cell("projects", 2, "start_from", "2027Q1"), cell("projects", 2, "start_until", "2027Q1")),
        "projects.csv",
        2,
        "start_until",
        "after start_from",
    ),
    "tier-shares": Broken(cell("tiers", 2, "share", "0.3"), "tiers.csv", 3, "share", "sum to 1.1; they may be 1"),
    "tier-penalties": Broken(cell("tiers", 3, "penalty", "90"), "tiers.csv", 3, "penalty", "later tiers cost as much"),
    "price-steps": Broken(cell("prices", 3, "price", "200"), "prices.csv", 3, "price", "which may not fall"),
    "price-step-missing": Broken(cell("prices", 3, "step", "4"), "prices.csv", 3, "step", "number them 1, 2"),
    "no-price": Broken(
        content("prices.csv", "source,price\nspot,9\nrecycler,9\n"), "sources.csv", 4, "source", "a row in prices.csv"
    ),
    "sale-without-price": Broken(
        both(gone("sources.csv"), gone("supply.csv"), gone("prices.csv"), gone("effects.csv"), gone("duties.csv")),
        "rotation.csv",
        2,
        "price",
        "give a price",
    ),
    "unbounded-order": Broken(
        both(cell("rotation", 2, "depth", ""), gone("supply.csv")),
        "sources.csv",
        3,
        "order_cost",
        "give its price steps a width",
    ),
    "min-over-max": Broken(
        content("financing.csv", f"{SHARES}{PLANT},treasury,0.6,0.5\n{PLANT},investors,0.3,1\n"),
        "stages.csv",
        2,
        "cost",
        "a least share is above the greatest",
    ),
    "shares-below-1": Broken(
        content("financing.csv", f"{SHARES}{PLANT},treasury,0,0.5\n{PLANT},investors,0,0.4\n"),
        "stages.csv",
        2,
        "cost",
        "sum to 0.9, below 1",
    ),
    "shares-above-1": Broken(
        content("financing.csv", f"{SHARES}{PLANT},treasury,0.8,1\n{PLANT},investors,0.3,1\n"),
        "stages.csv",
        2,
        "cost",
        "sum to more than 1",
    ),
    "private-match": Broken(
        content("financing.csv", f"{SHARES}{PLANT},treasury,0,1\n{PLANT},investors,0,0.1\n"),
        "stages.csv",
        2,
        "cost",
        "private funds may pay 0.1 of it, but must pay 0.3",
    ),
    "credit-without-limit": Broken(
        cell("funds", 3, "credit_limit", ""), "funds.csv", 3, "credit_limit", "give the most it may owe"
    ),
    "interest-without-credit": Broken(
        cell("funds", 2, "interest", "0.1"), "funds.csv", 2, "interest", "only a fund of kind credit has it"
    ),
    "expired": Broken(cell("opening_stock", 2, "age", "2y"), "opening_stock.csv", 2, "age", "it has expired"),
    "not-kept": Broken(
        both(more("stores.csv", "shed,5,,,\n"), cell("opening_stock", 2, "store", "shed")),
        "opening_stock.csv",
        2,
        "store",
        "add it to storage.csv",
    ),
}

BROKEN = {**CELLS, **TABLES, **SETTINGS, **RULES}
