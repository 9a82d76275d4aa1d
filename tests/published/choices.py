"""Capital budgeting from the literature: projects with outlays year by year, of which the best set is wanted.

Outlays are stages of one period each; a stage left out or late leaves no time for the last one, whose verification pays
the project's value.  The budgets are another party's money, so that the objective is minus the value.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

from stockpile.instance import Instance
from tests.published.lots import settings

Row = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """``outlays`` has a row for each year and a column for each project."""

    name: str
    citation: str
    optimum: float
    values: tuple[float, ...]
    outlays: tuple[tuple[float, ...], ...]
    budgets: tuple[float, ...]
    chosen: tuple[int, ...]


LORIE_SAVAGE = Choice(
    "lorie-savage",
    "Lorie and Savage, Three problems in rationing capital, Journal of Business 28 (1955), nine projects over two "
    "years; Weingartner, Mathematical Programming and the Analysis of Capital Budgeting Problems, 1963: integer optimum 70",
    70,
    values=(14, 17, 17, 15, 40, 12, 14, 10, 12),
    outlays=((12, 54, 6, 6, 30, 6, 48, 36, 18), (3, 7, 6, 2, 35, 6, 4, 3, 3)),
    budgets=(50, 20),
    chosen=(1, 3, 4, 6, 9),
)
STOCKCO = Choice(
    "stockco",
    "Winston, Operations Research: Applications and Algorithms, 4th ed., 2004, section 9.2, example 1, Stockco: "
    "investments 2, 3 and 4, value 42",
    42,
    values=(16, 22, 12, 8),
    outlays=((5, 7, 4, 3),),
    budgets=(14,),
    chosen=(2, 3, 4),
)
PETERSEN = Choice(
    "petersen-1",
    "Petersen, Computational experience with variants of the Balas algorithm applied to the selection of R&D projects, "
    "Management Science 13 (1967), problem 1; OR-Library, mknap1: optimum 3800.  Its ten limits stand for ten years",
    3800,
    values=(100, 600, 1200, 2400, 500, 2000),
    outlays=(
        (8, 12, 13, 64, 22, 41),
        (8, 12, 13, 75, 22, 41),
        (3, 6, 4, 18, 6, 4),
        (5, 10, 8, 32, 6, 12),
        (5, 13, 8, 42, 6, 20),
        (5, 13, 8, 48, 6, 20),
        (0, 0, 0, 0, 8, 0),
        (3, 0, 4, 0, 8, 0),
        (3, 2, 4, 0, 8, 4),
        (3, 2, 4, 8, 8, 4),
    ),
    budgets=(80, 96, 20, 36, 44, 48, 10, 18, 22, 24),
    chosen=(2, 3, 6),
)
CHOICES = [LORIE_SAVAGE, STOCKCO, PETERSEN]


def counted(case: Choice) -> float:
    """The best value over all sets of projects."""
    best = 0.0
    for picks in product((0, 1), repeat=len(case.values)):
        if all(
            sum(o * x for o, x in zip(row, picks, strict=True)) <= budget
            for row, budget in zip(case.outlays, case.budgets, strict=True)
        ):
            best = max(best, sum(v * x for v, x in zip(case.values, picks, strict=True)))
    return best


def instance_of(case: Choice) -> Instance:
    """The case as tables; nothing is bought or stored."""
    years = len(case.outlays)
    tables: dict[str, list[Row]] = {
        "goods": [{"good": "none"}],
        "sectors": [{"sector": "nobody"}],
        "demand": [{"sector": "nobody", "good": "none", "quantity": 0}],
        "funds": [
            {"fund": "capital", "public": False, "carry_over": 0, "uses": "projects"},
            {"fund": "returns", "uses": "purchases;storage"},
        ],
        "budgets": [{"fund": "capital", "from": str(2001 + t), "amount": b} for t, b in enumerate(case.budgets)],
        "projects": [],
        "stages": [],
        "effects": [],
    }
    for j, value in enumerate(case.values):
        name = f"project {j + 1}"
        tables["projects"].append({"project": name})
        for t in range(years):
            stage = {"project": name, "stage": t + 1, "duration": "1", "cost": case.outlays[t][j]}
            tables["stages"].append(stage)
        paid = {"project": name, "after": years, "kind": "revenue", "name": "returns", "amount": value}
        tables["effects"].append(paid)
    return Instance.from_tables(name=case.name, settings=settings(case.name, years + 1), tables=tables)
