"""Broken tables of resources and of who uses them."""

from __future__ import annotations

from tests.instance.broken import Broken
from tests.instance.folders import Change, both, cell, content

HAVE = "resource,from,unit,capacity,overtime,overtime_price\n"
USE = "resource,kind,name,stage,per_unit,per_order,over_stage\n"
FILE = "resource_use.csv"


def using(rows: str, there: str = "crew,,h,100,,\n") -> Change:
    """Both tables, with a crew unless other resources are given."""
    return both(content("resources.csv", f"{HAVE}{there}"), content(FILE, f"{USE}{rows}"))


GOOD = "crew,order,spot,,1,2,\n"
RESOURCES = {
    "resource-unknown": Broken(using("crews,order,spot,,1,,\n"), FILE, 2, "resource", "did you mean 'crew'?"),
    "resource-used-by-unknown": Broken(using("crew,order,spots,,1,,\n"), FILE, 2, "name", "did you mean 'spot'?"),
    "resource-used-by-unknown-project": Broken(
        using("crew,stage,separation plan,1,,,3\n"), FILE, 2, "name", "did you mean 'separation plant'?"
    ),
    "resource-of-unknown-kind": Broken(using("crew,orders,spot,,1,,\n"), FILE, 2, "kind", "did you mean 'order'?"),
    "resource-used-for-nothing": Broken(
        using("crew,order,spot,,,,\n"), FILE, 2, "per_unit", "the row uses nothing; give per_unit or per_order"
    ),
    "resource-order-over-stage": Broken(using("crew,order,spot,,,,3\n"), FILE, 2, "over_stage", "has no over_stage"),
    "resource-stage-per-order": Broken(
        using("crew,stage,separation plant,1,,3,\n"), FILE, 2, "per_order", "give over_stage"
    ),
    "resource-without-stage": Broken(
        using("crew,stage,separation plant,,,,3\n"), FILE, 2, "stage", "the stages of 'separation plant' are 1, 2"
    ),
    "resource-of-unknown-stage": Broken(
        using("crew,stage,separation plant,7,,,3\n"), FILE, 2, "stage", "the stages of 'separation plant' are 1, 2"
    ),
    "resource-order-with-stage": Broken(using("crew,order,spot,1,1,,\n"), FILE, 2, "stage", "leave it blank"),
    "resource-used-twice": Broken(using(f"{GOOD}{GOOD}"), FILE, 3, "resource", "first in record 2"),
    "resource-negative": Broken(using("crew,order,spot,,-1,,\n"), FILE, 2, "per_unit", "at least 0"),
    "resource-in-two-units": Broken(
        using(GOOD, "crew,,h,100,,\ncrew,2027Q1,days,9,,\n"), "resources.csv", 3, "unit", "the same unit"
    ),
    "overtime-without-capacity": Broken(using(GOOD, "crew,,h,,5,1\n"), "resources.csv", 2, "overtime", "no need"),
    "overtime-negative": Broken(using(GOOD, "crew,,h,9,-5,1\n"), "resources.csv", 2, "overtime", "at least 0"),
    "resource-table-missing": Broken(content(FILE, f"{USE}{GOOD}"), FILE, 2, "resource", "the table is missing"),
    "set-up-without-bound": Broken(
        both(
            using("crew,order,spot,,,2,\n"),
            cell("rotation", 2, "depth", ""),
        ),
        "sources.csv",
        2,
        "source",
        "nothing bounds an order at 'spot'",
    ),
}
