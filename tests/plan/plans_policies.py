"""Plans made by hand under policies of every kind, in years and in quarters."""

from __future__ import annotations

from stockpile.instance import Instance
from stockpile.plan.plan import Plan
from tests.plan.plans import Tables, instance_of, plan_of

#: Ore from near and, a year later, from far by way of a market; gas from a well; a survey.  Each policy has room of its own.
LIMITED: Tables = {
    "goods": [{"good": "ore", "material": "metal"}, {"good": "gas"}],
    "stores": [{"store": "yard"}],
    "storage": [{"good": "ore", "store": "yard"}],
    "sources": [
        {"source": "near", "good": "ore", "origin": "Z", "supplier": "one", "emissions": 0.5},
        {"source": "far", "good": "ore", "origin": "X", "mined_in": "Y", "lead_time": "1", "market": "hub"},
        {"source": "well", "good": "gas"},
    ],
    "markets": [{"market": "hub", "step": 1, "width": 8, "price": 1}],
    "prices": [{"source": "near", "price": 2, "width": 10}, {"source": "well", "price": 1}],
    "opening_orders": [{"source": "far", "arrives": "2026", "quantity": 2, "price": 1}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": g, "quantity": q} for g, q in (("ore", 6), ("gas", 2))],
    "funds": [{"fund": "treasury"}],
    "budgets": [{"fund": "treasury", "amount": 40}],
    "projects": [{"project": "survey"}],
    "stages": [{"project": "survey", "stage": 1, "milestone": "report", "duration": "1", "cost": 3}],
    "origins": [
        {"origin": "Y", "group": "covered"},
        {"origin": "Z", "group": "allied"},
        {"origin": "Z", "group": "domestic"},
    ],
    "policies": [
        {"policy": "cap", "kind": "share", "good": "ore", "origin": "X", "at_most": 0.6, "per": "year", "penalty": 2},
        {"policy": "mined", "kind": "share", "material": "metal", "group": "covered", "by": "mined", "at_most": 0.9, "per": "horizon"},
        {"policy": "one", "kind": "share", "good": "ore", "supplier": "one", "until": "2028", "at_least": 0.3, "per": "horizon"},
        {"policy": "least", "kind": "deliveries", "source": "near", "at_least": 6, "per": "horizon"},
        {"policy": "little", "kind": "deliveries", "good": "ore", "origin": "X", "from": "2028", "at_most": 5},
        {"policy": "hub", "kind": "market-share", "market": "hub", "at_most": 0.7},
        {"policy": "world", "kind": "market-share", "good": "gas", "volume": 20, "at_most": 0.1},
        {"policy": "days", "kind": "cover", "good": "ore", "until": "2028", "at_least": 60.875},
        {"policy": "spend", "kind": "spending", "fund": "treasury", "at_least": 10, "per": "horizon"},
        {"policy": "survey", "kind": "spending", "project": "survey", "until": "2027", "at_most": 3},
        {"policy": "use", "kind": "budget-use", "at_most": 0.9, "per": "horizon"},
        {"policy": "soot", "kind": "emissions", "at_most": 3, "penalty": 4, "per": "horizon"},
        {"policy": "risk", "kind": "exposure", "at_most": 3.5},
    ],
}  # fmt: skip


def limited(tables: Tables = LIMITED) -> tuple[Instance, Plan]:
    """Of X come 2 of 7 t, then 5 of 7 and 4 of 4, so that the cap is missed by 0.8 and 1.6 t at 2 each.  What comes from near emits 0.5 t too much, at 4.

    All payments are 31 for goods and 3 for the survey, of a budget of 40.
    """
    instance = instance_of("limited", 3, tables)
    costs = {"purchases": 31.0, "projects": 3.0, "policies": 6.8}
    texts = {
        "orders": """
            2026 near ore 5 0 2026
            2026 far ore 5 0 2027
            2026 well gas 2 0 2026
            2027 near ore 2 0 2027
            2027 far ore 4 0 2028
            2027 well gas 2 0 2027
            2028 well gas 2 0 2028
            """,
        "order_steps": """
            2026 near 1 5 2
            2026 far 1 5 1
            2026 well 1 2 1
            2027 near 1 2 2
            2027 far 1 4 1
            2027 well 1 2 1
            2028 well 1 2 1
            """,
        "deliveries": """
            2026 near ore 2026 5 10 0
            2026 far ore - 2 2 0
            2026 well gas 2026 2 2 0
            2027 near ore 2027 2 4 0
            2027 far ore 2026 5 5 0
            2027 well gas 2027 2 2 0
            2028 far ore 2027 4 4 0
            2028 well gas 2028 2 2 0
            """,
        "stock": "2026 ore yard 1 0\n2027 ore yard 2 0",
        "balance": """
            2026 ore 0 0 7 6 0 0 1 0 0 0
            2026 gas 0 0 2 2 0 0 0 0 0 0
            2027 ore 1 0 7 6 0 0 2 0 0 0
            2027 gas 0 0 2 2 0 0 0 0 0 0
            2028 ore 2 0 4 6 0 0 0 0 0 0
            2028 gas 0 0 2 2 0 0 0 0 0 0
            """,
        "service": """
            2026 plant ore 6 6 0 0
            2026 plant gas 2 2 0 0
            2027 plant ore 6 6 0 0
            2027 plant gas 2 2 0 0
            2028 plant ore 6 6 0 0
            2028 plant gas 2 2 0 0
            """,
        "go": "2026 survey 1 report 3 2027",
        "disbursements": "2026 survey 1 treasury 3",
        "exposure": "2026 treasury survey 3 0",
        "policies": """
            2026 cap at_most 2 4.2 2.2
            2027 cap at_most 5 4.2 0 0.8 1.6
            2028 cap at_most 4 2.4 0 1.6 3.2
            2028 mined at_most 11 16.2 5.2
            2027 one at_least 7 4.2 2.8
            2028 least at_least 7 6 1
            2028 little at_most 4 5 1
            2026 hub at_most 5 5.6 0.6
            2027 hub at_most 4 5.6 1.6
            2028 hub at_most 0 5.6 5.6
            2026 world at_most 2 2 0
            2027 world at_most 2 2 0
            2028 world at_most 2 2 0
            2026 days at_least 1 1 0
            2027 days at_least 2 1 1
            2028 spend at_least 34 10 24
            2026 survey at_most 3 3 0
            2028 use at_most 34 36 2
            2028 soot at_most 3.5 3 0 0.5 2
            2026 risk at_most 3 3.5 0.5
            2027 risk at_most 0 3.5 3.5
            2028 risk at_most 0 3.5 3.5
            """,
        "payments": """
            2026 treasury purchases 14
            2026 treasury projects 3
            2027 treasury purchases 11
            2028 treasury purchases 6
            """,
        "funds": """
            2026 treasury 0 40 0 0 0 17 0 0 0 23 0
            2027 treasury 23 0 0 0 0 11 0 0 0 12 0
            2028 treasury 12 0 0 0 0 6 0 0 0 6 0
            """,
    }
    return instance, plan_of(instance, costs, texts)


#: Four quarters from July on: a fiscal year ends with March, a calendar year with December.
YEARS: Tables = {
    "goods": [{"good": "ore"}],
    "sources": [{"source": "near", "good": "ore", "origin": "Z"}, {"source": "far", "good": "ore", "origin": "X"}],
    "prices": [{"source": "near", "price": 2}, {"source": "far", "price": 1}],
    "sectors": [{"sector": "plant"}],
    "demand": [{"sector": "plant", "good": "ore", "quantity": 4}],
    "policies": [
        {"policy": "a", "kind": "share", "good": "ore", "origin": "X", "at_most": 0.75, "per": "year"},
        {"policy": "b", "kind": "deliveries", "source": "far", "at_most": 7, "per": "fiscal-year", "penalty": 3},
        {"policy": "b", "kind": "deliveries", "source": "far", "from": "2027Q1", "at_least": 1, "at_most": 3, "per": "fiscal-year"},
    ],
}  # fmt: skip


def in_quarters(tables: Tables = YEARS) -> tuple[Instance, Plan]:
    """Of 4 t a quarter 4, 2, 3 and 1 come from far.  The second row of b begins a sum of its own."""
    settings = {
        "format": 1,
        "name": "quarters",
        "title": "quarters",
        "horizon": {"start": "2026-07-01", "periods": 4, "step": "quarter"},
        "units": {"quantity": "t", "price": "USD/t", "money": "USD", "time": "period"},
        "economics": {"fiscal_year_start": "04-01"},
    }
    instance = Instance.from_tables("quarters", settings, tables)
    quarters = ("2026Q3", "2026Q4", "2027Q1", "2027Q2")
    far = dict(zip(quarters, (4, 2, 3, 1), strict=True))
    bought = [(q, k, a) for q in quarters for k, a in (("near", 4 - far[q]), ("far", far[q])) if a]
    price = {"near": 2, "far": 1}
    paid = {q: 8 - far[q] for q in quarters}
    texts = {
        "orders": "\n".join(f"{q} {k} ore {a} 0 {q}" for q, k, a in bought),
        "order_steps": "\n".join(f"{q} {k} 1 {a} {price[k]}" for q, k, a in bought),
        "deliveries": "\n".join(f"{q} {k} ore {q} {a} {a * price[k]} 0" for q, k, a in bought),
        "balance": "\n".join(f"{q} ore 0 0 4 4 0 0 0 0 0 0" for q in quarters),
        "service": "\n".join(f"{q} plant ore 4 4 0 0" for q in quarters),
        "policies": """
            2026Q4 a at_most 6 6 0
            2027Q2 a at_most 4 6 2
            2026Q4 b at_most 6 7 1
            2027Q1 b at_least 3 1 2
            2027Q1 b at_most 3 3 0
            2027Q2 b at_least 1 1 0
            2027Q2 b at_most 1 3 2
            """,
        "payments": "\n".join(f"{q} unlimited purchases {paid[q]}" for q in quarters),
        "funds": "\n".join(f"{q} unlimited 0 {paid[q]} 0 0 0 {paid[q]} 0 0 0 0 0" for q in quarters),
    }
    return instance, plan_of(instance, {"purchases": 22.0}, texts)
