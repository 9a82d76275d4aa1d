"""The small commented instance that ``stockpile new`` writes: one good that ages, three sources, a plant to finance."""

from __future__ import annotations

from typing import Any

SETTINGS: dict[str, Any] = {
    "format": 1,
    "name": "my-reserve",
    "title": "A reserve of dysprosium oxide, 2026-2028",
    "horizon": {"start": "2026-01-01", "periods": 12, "step": "quarter"},
    "units": {"quantity": "t", "price": "USD/kg", "money": "MUSD", "time": "year"},
    "economics": {"discount_rate": 0.03, "perspective": "public", "fiscal_year_start": "10-01"},
    "solver": {"gap": 1e-4, "time_limit": 60},
}
_MADE_UP = "made up, to be replaced"

STARTER: dict[str, list[dict[str, Any]]] = {
    "goods": [
        {
            "good": "Dy oxide",
            "material": "dysprosium",
            "form": "oxide",
            "shelf_life": "2y",
            "terminal_value": 90,
            "note": "stock older than two years must have left",
        },
    ],
    "stores": [{"store": "depot", "capacity": 60, "note": "shared by all goods"}],
    "storage": [{"good": "Dy oxide", "store": "depot", "holding_cost": 2, "note": "USD/kg for a year in stock"}],
    "opening_stock": [
        {"good": "Dy oxide", "store": "depot", "age": "15mo", "quantity": 12, "note": "must leave within nine months"}
    ],
    "rotation": [
        {
            "good": "Dy oxide",
            "mode": "sale",
            "discount": 0.25,
            "depth": 20,
            "proceeds_to": "treasury",
            "note": "the market takes 20 t a year at 25 % below its price",
        },
    ],
    "targets": [
        {
            "good": "Dy oxide",
            "from": "2026Q3",
            "cover": 90,
            "penalty": 60,
            "note": "soft: a missing t costs 60 USD/kg for a year",
        }
    ],
    "sources": [
        {"source": "spot", "good": "Dy oxide", "origin": "Overseas", "note": "the world market"},
        {
            "source": "recycler",
            "good": "Dy oxide",
            "origin": "Home",
            "lead_time": "3mo",
            "order_cost": 0.2,
            "min_order": 2,
            "note": "a charge of 0.2 MUSD for every order",
        },
        {
            "source": "plant output",
            "good": "Dy oxide",
            "origin": "Home",
            "note": "capacity comes from the project alone",
        },
    ],
    "supply": [{"source": "recycler", "capacity": 16}],
    "prices": [
        {"source": "spot", "step": 1, "width": 40, "price": 220, "note": "the first 40 t a year"},
        {"source": "spot", "step": 2, "price": 300, "note": "more bids the price up"},
        {"source": "recycler", "step": 1, "price": 240},
        {"source": "plant output", "step": 1, "price": 150},
    ],
    "duties": [{"origin": "Overseas", "rate": 0.05, "from": "2027Q1"}],
    "sectors": [{"sector": "defence"}, {"sector": "motors"}],
    "demand": [
        {"sector": "defence", "good": "Dy oxide", "quantity": 12},
        {"sector": "motors", "good": "Dy oxide", "quantity": 40},
        {"sector": "motors", "good": "Dy oxide", "from": "2027Q1", "quantity": 52},
    ],
    "tiers": [
        {"sector": "motors", "tier": 1, "share": 0.2, "penalty": 280, "note": "thrift: cheap to go without"},
        {"sector": "motors", "tier": 2, "share": 0.8, "penalty": 900},
        {"sector": "defence", "tier": 1, "share": 1, "penalty": 4000, "note": "critical need"},
    ],
    "funds": [
        {
            "fund": "treasury",
            "kind": "appropriation",
            "carry_over": 0.5,
            "note": "half of the cash lapses on 1 October",
        },
        {
            "fund": "facility",
            "kind": "credit",
            "credit_limit": 8,
            "interest": 0.05,
            "maturity": "18mo",
            "uses": "purchases;storage",
        },
        {"fund": "investors", "kind": "private", "uses": "projects"},
    ],
    "budgets": [
        {"fund": "treasury", "amount": 14, "every": "year"},
        {"fund": "facility", "from": "2027Q1", "amount": 4, "every": "year"},
        {"fund": "investors", "amount": 5, "note": "once, at the start"},
    ],
    "projects": [
        {"project": "separation plant", "title": "Dysprosium from a pilot to 30 t a year", "min_private_share": 0.3}
    ],
    "stages": [
        {"project": "separation plant", "stage": 1, "milestone": "pilot metallurgy", "duration": "3mo", "cost": 0.5},
        {
            "project": "separation plant",
            "stage": 2,
            "milestone": "commissioning",
            "duration": "9mo",
            "cost": 4,
            "pay_on": "release",
        },
    ],
    "financing": [
        {"project": "separation plant", "fund": "treasury"},
        {"project": "separation plant", "fund": "investors", "max_share": 0.6},
    ],
    "effects": [
        {
            "project": "separation plant",
            "after": 2,
            "kind": "supply",
            "name": "plant output",
            "amount": 30,
            "ramp": "6mo",
        },
    ],
}
for _rows in STARTER.values():
    for _row in _rows:
        _row.update(status="assumption", reference=_MADE_UP)

TOML = """# The settings of an instance; every table beside this file is described in instances/README.md of the project.
format = 1
name = "my-reserve"
title = "A reserve of dysprosium oxide, 2026-2028"

[horizon]
start = 2026-01-01
periods = 12
step = "quarter"                    # week, month, quarter or year

[units]                             # what the numbers in the tables mean
quantity = "t"                      # a good may have a unit of its own
price = "USD/kg"
money = "MUSD"
time = "year"                       # basis of every rate: demand, capacity, price step widths, holding cost, interest

[economics]
discount_rate = 0.03                # per year, real
perspective = "public"              # whose payments count: those of public funds, or "all"
fiscal_year_start = "10-01"         # cash that is not carried over lapses at the end of a fiscal year

[solver]
gap = 0.0001                        # stop when the plan is proven this close to the best
time_limit = 60                     # or after so many seconds, with the best plan so far
"""

README = """# my-reserve

A small made-up reserve to start from: one good with a shelf life of two years, three sources, two sectors, three funds and
a plant that can be financed in two stages. Change the tables in a spreadsheet or a text editor, then:

    stockpile check .
    stockpile solve . -o ../my-plan

| file | holds |
| --- | --- |
| instance.toml | horizon, units, discount rate, when the search may stop |
| goods, stores, storage, opening_stock | what is kept, where, at what cost, and what is there at the start |
| sources, supply, prices, duties | who sells, how much, at which price steps |
| sectors, demand, tiers | who needs what, and the price of going without |
| targets, rotation | stock that is wanted, and how ageing stock may be sold |
| funds, budgets | money and its rules |
| projects, stages, financing, effects | what can be financed, milestone by milestone, by whom, and what it brings |

Every row says in `status` and `reference` where its figures come from. Here all are made up.
"""

NOTES = {"instance.toml": TOML, "README.md": README}
