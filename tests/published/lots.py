"""Production and lot sizing from textbooks: the data with their source, as tables, and solved again by counting."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Any

from stockpile.instance import Instance

Row = dict[str, Any]


@dataclass(frozen=True)
class Production:
    """One product; ``steps`` are (width, price), ``set_up`` is charged in a period with an order."""

    name: str
    citation: str
    optimum: float
    demand: tuple[int, ...]
    holding: float
    set_up: tuple[float, ...] = ()
    steps: tuple[tuple[float, float], ...] = ((inf, 0.0),)
    opening: int = 0
    room: float = inf
    orders: tuple[int, ...] = ()
    multiple: int = 1

    @property
    def set_ups(self) -> list[float]:
        """The set-up cost of every period."""
        return list(self.set_up) * len(self.demand) if len(self.set_up) == 1 else list(self.set_up)


SNYDER = Production(
    "snyder-shen-3-9",
    "Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd ed., Wiley 2019, example 3.9: cost 1380",
    1380,
    demand=(90, 120, 80, 70),
    holding=2,
    set_up=(500,),
    orders=(210, 0, 150, 0),
    multiple=10,
)
WAGNER_WHITIN = Production(
    "wagner-whitin-1958",
    "Wagner and Whitin, Dynamic version of the economic lot size model, Management Science 5 (1958), table 1: cost 864",
    864,
    demand=(69, 29, 36, 61, 61, 26, 34, 67, 45, 67, 79, 56),
    holding=1,
    set_up=(85, 102, 102, 101, 98, 114, 105, 86, 119, 110, 98, 114),
)
SILVER = Production(
    "silver-pyke-peterson-6",
    "Silver, Pyke and Peterson, Inventory Management and Production Planning and Scheduling, 3rd ed., Wiley 1998, "
    "chapter 6: set-up 54, carrying 0.40 a month, cost 501.20 by the Wagner-Whitin algorithm",
    501.2,
    demand=(10, 62, 12, 130, 154, 129, 88, 52, 124, 160, 238, 41),
    holding=0.4,
    set_up=(54,),
)
POCHET_WOLSEY = Production(
    "pochet-wolsey-bicycles",
    "Pochet and Wolsey, Production Planning by Mixed Integer Programming, Springer 2006, racing bicycles: cost 736000",
    736000,
    demand=(400, 400, 800, 800, 1200, 1200, 1200, 1200),
    holding=5,
    set_up=(5000,),
    steps=((inf, 100.0),),
    opening=200,
    multiple=200,
)
HILLIER = Production(
    "hillier-lieberman-airplanes",
    "Hillier and Lieberman, Introduction to Operations Research, 7th ed., McGraw-Hill 2001, section 19.4, airplanes: "
    "cost 4.8 million beyond production",
    4.8,
    demand=(3, 2, 3, 2),
    holding=0.2,
    set_up=(2,),
)
WINSTON_LOTS = Production(
    "winston-dynamic",
    "Winston, Operations Research: Applications and Algorithms, 4th ed., 2004, section 18.3, example 4: "
    "capacity 5, room for 4, cost 20",
    20,
    demand=(1, 3, 2, 4),
    holding=0.5,
    set_up=(3,),
    steps=((5, 1.0),),
    room=4,
)
SAILCO = Production(
    "sailco",
    "Winston, Operations Research: Applications and Algorithms, 4th ed., 2004, section 3.10, example 12, Sailco: "
    "40 boats at 400 and more at 450, cost 78450",
    78450,
    demand=(40, 60, 75, 25),
    holding=20,
    steps=((40, 400.0), (inf, 450.0)),
    opening=10,
    multiple=5,
)
BICYCLES = Production(
    "xpress-bicycles",
    "Gueret, Prins and Sevaux, Applications of Optimization with Xpress-MP, Dash 2002, section 8.1, bicycles in "
    "thousands: 30 at 32 and 15 more at 40 a month, cost 11247",
    11247,
    demand=(30, 15, 15, 25, 33, 40, 45, 45, 26, 14, 25, 30),
    holding=5,
    steps=((30, 32.0), (15, 40.0)),
    opening=2,
)
PRODUCTIONS = [SNYDER, WAGNER_WHITIN, SILVER, POCHET_WOLSEY, HILLIER, WINSTON_LOTS, SAILCO, BICYCLES]


def counted(case: Production) -> float:
    """The least cost over all orders in multiples of a unit, by recursion over the stock."""
    periods, unit, set_ups = len(case.demand), case.multiple, case.set_ups

    @cache
    def best(t: int, stock: int) -> float:
        if t == periods:
            return 0.0
        wanted = sum(case.demand[t:])
        least = inf
        for order in range(0, max(0, wanted - stock) + unit, unit):
            left = stock + order - case.demand[t]
            if 0 <= left <= case.room:
                charge = set_ups[t] if order and set_ups else 0.0
                least = min(least, charge + _price(case, order) + case.holding * left + best(t + 1, left))
        return least

    return best(0, case.opening)


def _price(case: Production, order: float) -> float:
    cost = 0.0
    for width, price in case.steps:
        part = min(order, width)
        cost, order = cost + price * part, order - part
    return inf if order > 1e-9 else cost


def instance_of(case: Production) -> Instance:
    """The case as tables: where set-up costs change there is one source for each period."""
    periods, years = len(case.demand), [f"{2001 + t}-01-01" for t in range(len(case.demand))]
    alike = len(set(case.set_ups)) <= 1
    tables: dict[str, list[Row]] = {
        "goods": [{"good": "product"}],
        "stores": [{"store": "store", "capacity": None if case.room == inf else case.room}],
        "storage": [{"good": "product", "store": "store", "holding_cost": case.holding}],
        "sources": [],
        "prices": [],
        "sectors": [{"sector": "customers"}],
        "demand": [
            {"sector": "customers", "good": "product", "from": day, "quantity": amount}
            for day, amount in zip(years, case.demand, strict=True)
        ],
    }
    for t in range(1 if alike else periods):
        source: Row = {"source": f"plant {t + 1}", "good": "product", "order_cost": (case.set_ups or [0.0])[t]}
        if not alike:
            source |= {"qualified_from": years[t], "until": years[t + 1] if t + 1 < periods else None}
        tables["sources"].append(source)
        for step, (width, price) in enumerate(case.steps, 1):
            row = {"source": source["source"], "step": step, "width": None if width == inf else width, "price": price}
            tables["prices"].append(row)
    if case.opening:
        tables["opening_stock"] = [{"good": "product", "store": "store", "age": "1", "quantity": case.opening}]
    return Instance.from_tables(name=case.name, settings=settings(case.name, periods), tables=tables)


def settings(name: str, periods: int, start: str = "2001-01-01") -> Row:
    """Yearly periods, rates per period, money in USD, no discount."""
    return {
        "format": 1,
        "name": name,
        "title": name,
        "horizon": {"start": start, "periods": periods, "step": "year"},
        "units": {"quantity": "unit", "price": "USD/unit", "money": "USD", "time": "period"},
    }
