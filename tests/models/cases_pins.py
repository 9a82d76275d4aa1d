"""Instances in which what is used, kept and borrowed is pinned."""

from __future__ import annotations

from typing import Any

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, demand, make


def pin(name: str, decision: str, of: str, **cells: Any) -> dict[str, Any]:
    """A pin."""
    return {"pin": name, "decision": decision, "name": of, **cells}


def pinned_use() -> Instance:
    """Against what is cheapest: the mill is served, gas is rationed, ore is sold at a loss, thrown away and kept.

    Oil may not be thrown away before 2027, little gas is sold or kept for the dear year, and a bank whose money does not
    count lends little.
    """
    return make(
        "pinned-use",
        2,
        {
            "goods": [{"good": "ore"}, {"good": "gas"}, {"good": "oil"}],
            "stores": [{"store": "yard"}],
            "storage": [
                {"good": g, "store": "yard", "holding_cost": h} for g, h in (("ore", 1), ("gas", 0), ("oil", 3))
            ],
            "opening_stock": [{"good": "oil", "store": "yard", "age": "1", "quantity": 5}],
            "sources": [{"source": "mine", "good": "ore"}, {"source": "well", "good": "gas"}],
            "prices": [
                {"source": "mine", "price": 4},
                {"source": "well", "price": 1},
                {"source": "well", "from": "2027", "price": 9},
            ],
            "rotation": [{"good": "ore", "price": 1, "depth": 5}, {"good": "gas", "price": 3, "depth": 5}],
            "sectors": [*SECTOR, {"sector": "mill"}],
            "demand": [
                *demand(6, 6),
                *demand(6, 6, good="gas"),
                {"sector": "mill", "good": "ore", "from": "2026", "quantity": 5},
            ],
            "tiers": [{**TIER[0], "good": None}, {**TIER[0], "sector": "mill", "good": None, "penalty": 2}],
            "funds": [
                {"fund": "treasury"},
                {"fund": "free bank", "kind": "credit", "credit_limit": 90, "public": False},
            ],
            "budgets": [
                {"fund": "treasury", "amount": 500},
                {"fund": "free bank", "from": "2027", "amount": 9},
            ],
            "pins": [
                pin("a", "service", "ore", sector="mill", at_least=4),
                pin("b", "service", "gas", until="2027", at_most=5),
                pin("c", "sale", "ore", at_least=2),
                pin("d", "sale", "gas", at_most=3),
                pin("e", "disposal", "ore", at_least=1),
                pin("f", "disposal", "oil", until="2027", at_most=2),
                pin("g", "stock", "ore", until="2027", at_least=3),
                pin("h", "stock", "gas", at_most=2),
                pin("i", "draw", "free bank", at_most=7),
            ],
        },
    )


def pinned_flows() -> Instance:
    """Against what is cheapest: ore is moved, gas lent, coal given for ore, and the mill waits for ore and goes short.

    Of what would pay little is moved, lent, given instead, left waiting and left short.
    """
    goods = ("ore", "gas", "oil", "tin", "zinc", "coal")
    opening = (("ore", 30), ("gas", 10), ("oil", 10), ("zinc", 9), ("coal", 20))
    wanted = (("ore", 4, 4), ("gas", 10, 0), ("oil", 0, 20), ("tin", 6, 0), ("zinc", 9, 0))
    return make(
        "pinned-flows",
        2,
        {
            "goods": [{"good": g} for g in goods],
            "stores": [{"store": "depot"}, {"store": "annex"}],
            "storage": [{"good": g, "store": "depot"} for g in goods]
            + [{"good": g, "store": "annex"} for g in ("ore", "zinc")],
            "opening_stock": [{"good": g, "store": "depot", "age": "1", "quantity": q} for g, q in opening],
            "transfers": [{"good": g, "from_store": "depot", "to_store": "annex", "cost": 2} for g in ("ore", "zinc")],
            "sources": [
                {"source": "smelter", "good": "tin"},
                {"source": "late", "good": "tin", "qualified_from": "2027"},
            ],
            "prices": [{"source": "smelter", "price": 60}, {"source": "late", "price": 1}],
            "rotation": [
                {"good": g, "mode": "exchange", "premium": p, "lag": "1", "depth": 9}
                for g, p in (("gas", 0), ("oil", 0.5))
            ],
            "sectors": [{"sector": "plant"}, {"sector": "mill"}, {"sector": "works", "store": "annex"}],
            "demand": [
                *[row for g, *amounts in wanted for row in demand(*amounts, good=g) if g != "zinc"],
                *[{**row, "sector": "works"} for row in demand(9, 0, good="zinc")],
                *[{**row, "sector": "mill"} for row in [*demand(5, good="ore"), *demand(6, 0, good="tin")]],
            ],
            "tiers": [{"sector": None, "good": None, "tier": 1, "share": 1.0, "penalty": 50}],
            "backlog": [{"sector": "plant", "good": "tin", "cost": 7}, {"sector": "mill", "good": "ore", "cost": 7}],
            "accepts": [
                {"sector": "plant", "wanted": "ore", "given": "coal", "cost": 3},
                {"sector": "plant", "wanted": "gas", "given": "coal", "cost": 1},
                {"sector": "mill", "wanted": "tin", "given": "coal", "cost": 1},
            ],
            "pins": [
                pin("a", "transfer", "ore", from_store="depot", at_least=3),
                pin("b", "transfer", "zinc", from_store="depot", to_store="annex", until="2027", at_most=5),
                pin("c", "exchange", "gas", at_least=4),
                pin("d", "exchange", "oil", at_most=2),
                pin("e", "substitution", "coal", **{"from": "2027"}, sector="plant", at_least=2),
                pin("f", "substitution", "coal", sector="mill", at_most=1),
                pin("g", "backlog", "tin", sector="plant", until="2027", at_most=3),
                pin("h", "backlog", "ore", sector="mill", until="2027", at_least=1),
                pin("i", "shortfall", "ore", sector="mill", at_least=1),
                pin("j", "shortfall", "tin", sector="plant", at_most=2),
            ],
        },
    )


def pinned_work() -> Instance:
    """Against what is cheapest: a crew works longer, a plant that pays is given up, a kiln burns, a bank lends and is repaid.

    A mill that has missed its date may not be given up, a team may work little longer, a cheap kiln may burn little, a costly
    loan may hardly be repaid.
    """
    return make(
        "pinned-work",
        2,
        {
            "goods": [{"good": "ore"}, {"good": "lime"}],
            "sources": [
                *({"source": k, "good": "ore"} for k in ("mine", "dear", "plant")),
                {"source": "lime", "good": "lime"},
            ],
            "prices": [{"source": k, "price": p} for k, p in (("mine", 2), ("dear", 9), ("plant", 1), ("lime", 12))],
            "processes": [{"process": "kiln", "cost": 1}, {"process": "oven", "cost": 7}],
            "recipes": [
                {"process": j, "good": g, "amount": a} for j in ("kiln", "oven") for g, a in (("ore", -1), ("lime", 1))
            ],
            "sectors": SECTOR,
            "demand": [*demand(10, 10), *demand(4, 0, good="lime")],
            "tiers": TIER,
            "resources": [
                {"resource": "crew", "unit": "h", "capacity": 20, "overtime": 5, "overtime_price": 3},
                {"resource": "team", "capacity": 4, "overtime": 5, "overtime_price": 1},
            ],
            "resource_use": [{"resource": r, "kind": "order", "name": "mine", "per_unit": 1} for r in ("crew", "team")],
            "projects": [
                {"project": "plant", "may_abandon": True, "exit_cost": 1},
                {"project": "mill", "may_abandon": True, "exit_cost": 5},
            ],
            "stages": [
                {"project": "plant", "stage": 1, "duration": "1", "cost": 9},
                {"project": "mill", "stage": 1, "duration": "1", "cost": 9},
                {"project": "mill", "stage": 2, "duration": "0", "cost": 30, "deadline": "2027"},
            ],
            "opening_stages": [
                {"project": "plant", "stage": 1, "age": "1"},
                {"project": "mill", "stage": 1, "age": "1"},
            ],
            "effects": [{"project": "plant", "after": 1, "kind": "supply", "name": "plant", "amount": 3}],
            "funds": [
                {"fund": "treasury"},
                {"fund": "bank", "kind": "credit", "credit_limit": 90, "interest": 0.5, "maturity": "1"},
                {"fund": "club", "kind": "credit", "credit_limit": 90},
                {"fund": "usurer", "kind": "credit", "credit_limit": 90, "interest": 0.75},
            ],
            "budgets": [
                {"fund": "treasury", "amount": 50, "every": "year"},
                {"fund": "usurer", "amount": 50, "every": "year"},
                {"fund": "bank", "from": "2027", "amount": 50},
            ],
            "rotation": [{"good": "ore", "price": 1, "depth": 9, "proceeds_to": "club"}],
            "opening_cash": [
                {"fund": "club", "debt": 20, "cash": 5},
                {"fund": "usurer", "debt": 20, "cash": 50},
            ],
            "pins": [
                pin("a", "overtime", "crew", at_least=2),
                pin("b", "overtime", "team", at_most=3),
                pin("h", "run", "kiln", at_most=1),
                pin("i", "run", "oven", at_least=2),
                pin("c", "abandonment", "plant", until="2027", at_least=1),
                pin("d", "abandonment", "mill", at_most=0),
                pin("e", "draw", "bank", until="2027", at_least=10),
                pin("f", "repayment", "usurer", at_most=8),
                pin("g", "repayment", "club", until="2027", at_least=8),
            ],
        },
    )


PIN_CASES = (pinned_use, pinned_flows, pinned_work)
