"""Small instances with contracts."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, demand, make


def offtake() -> Instance:
    """Ore that a mine delivers a year after it is called, at the exchange's price of the year of signing.

    Signed in 2027, when the exchange stands low; two years of at least 4, of which a part is lost on its way from 2029 on.
    What was signed before is dear, and only what must be paid for is taken of it.
    """
    return make(
        "offtake",
        5,
        {
            "goods": [{"good": "ore"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": "ore", "store": "yard", "holding_cost": 1}],
            "sources": [
                {"source": "spot", "good": "ore"},
                {"source": "mine", "good": "ore", "lead_time": "1", "origin": "abroad"},
                {"source": "old works", "good": "ore"},
            ],
            "prices": [{"source": "spot", "price": 14}, {"source": "spot", "from": "2028", "price": 20}],
            "supply": [{"source": "mine", "capacity": 7}],
            "arrivals": [{"source": "mine", "from": "2029", "share": 0.75}],
            "duties": [{"origin": "abroad", "rate": 0.25}],
            "indices": [{"index": "exchange", "from": str(2026 + t), "price": p} for t, p in enumerate((9, 6, 8))],
            "contracts": [
                {
                    "contract": "offtake",
                    "source": "mine",
                    "sign_until": "2029",
                    "duration": "2",
                    "min_rate": 4,
                    "max_rate": 8,
                    "price": 1,
                    "index_kind": "series",
                    "index": "exchange",
                    "price_fixed": "start",
                    "premium": 5,
                },
                {
                    "contract": "old",
                    "source": "old works",
                    "duration": "3",
                    "min_rate": 2,
                    "max_rate": 3,
                    "price": 22,
                },
            ],
            "opening_contracts": [{"contract": "old", "age": "1"}],
            "sectors": SECTOR,
            "demand": demand(6, 6, 6, 6, 6),
            "tiers": TIER,
        },
    )


def answered() -> Instance:
    """A treasury that may promise 20 and a bank at 20 % together answer for four years of 4 a year at 5.

    An option at the price of the market beside it, which shares what is above its ceiling, costs a premium; it must be had.
    """
    return make(
        "answered",
        4,
        {
            "goods": [{"good": "ore"}],
            "sources": [
                {"source": "spot", "good": "ore", "market": "exchange"},
                {"source": "mine", "good": "ore"},
                {"source": "stock abroad", "good": "ore", "lead_time": "1"},
            ],
            "markets": [
                {"market": "exchange", "step": 1, "from": str(2026 + t), "price": p, "width": 20}
                for t, p in enumerate((12, 12, 30, 30))
            ],
            "contracts": [
                {
                    "contract": "supply",
                    "source": "mine",
                    "sign_until": "2027",
                    "duration": "4",
                    "min_rate": 4,
                    "max_rate": 4,
                    "price": 5,
                },
                {
                    "contract": "option",
                    "source": "stock abroad",
                    "duration": "3",
                    "max_rate": 2,
                    "index_kind": "market",
                    "index": "exchange",
                    "index_factor": 0.5,
                    "floor": 7,
                    "ceiling": 8,
                    "upside_share": 0.25,
                    "premium": 3,
                },
                {"contract": "swap", "source": "mine", "duration": "2", "max_rate": 3, "price": 4},
            ],
            "sectors": SECTOR,
            "demand": demand(6, 6, 6, 6),
            "tiers": TIER,
            "funds": [
                {"fund": "treasury", "commitment_limit": 20},
                {"fund": "bank", "kind": "credit", "credit_limit": 400, "interest": 0.2},
            ],
            "budgets": [{"fund": "treasury", "amount": 400}, {"fund": "bank", "from": "2029", "amount": 100}],
            "pins": [
                {"pin": "have it", "decision": "signing", "name": "option", "from": "2027", "at_least": 1},
                {"pin": "no swap", "decision": "signing", "name": "swap", "at_most": 0},
            ],
        },
    )


def in_the_dark() -> Instance:
    """Whether demand trebles is seen only after the calls and signings of 2027; a later contract pays in a boom alone."""
    plain = make(
        "in-the-dark",
        3,
        {
            "goods": [{"good": "ore", "disposal_cost": 1}],
            "sources": [{"source": "spot", "good": "ore"}, {"source": "mine", "good": "ore"}],
            "prices": [{"source": "spot", "price": 12}],
            "indices": [{"index": "exchange", "price": 5}],
            "contracts": [
                {
                    "contract": "now",
                    "source": "mine",
                    "sign_until": "2027",
                    "duration": "2",
                    "max_rate": 20,
                    "price": 5,
                },
                {
                    "contract": "later",
                    "source": "mine",
                    "sign_from": "2027",
                    "sign_until": "2028",
                    "duration": "2",
                    "max_rate": 20,
                    "price": 1,
                    "index_kind": "series",
                    "index": "exchange",
                    "premium": 30,
                },
            ],
            "sectors": SECTOR,
            "demand": demand(4, 4, 4),
            "tiers": TIER,
            "scenarios": [{"scenario": "calm", "probability": 0.7}, {"scenario": "boom", "probability": 0.3}],
            "shocks": [
                {"scenario": "boom", "shock": "boom", "quantity": "demand", "from": "2027", "factor": 3},
                {
                    "scenario": "boom",
                    "shock": "boom",
                    "quantity": "price",
                    "index": "exchange",
                    "from": "2028",
                    "value": 6,
                },
            ],
        },
    )
    document = {**plain.settings.as_document(), "decisions": {"orders": "before"}}
    return Instance.from_tables(plain.name, document, plain.tables)


def bankable() -> Instance:
    """Lenders of a plant ask for a dear offtake, which begins with it, as an option does; a line needs a swap or a permit.

    A mill from before the horizon delivers at 40 what could be had for 30, and may not be abandoned for that.  A kiln must
    be given up in 2028, and brings nothing under a contract that can only be signed then.
    """
    return make(
        "bankable",
        5,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": k, "good": "ore"} for k in ("import", "plant", "mine", "mill", "line")],
            "prices": [{"source": k, "price": p} for k, p in (("import", 30), ("mine", 1), ("line", 2))],
            "contracts": [
                {"source": "plant", "project": "plant", "contract": "offtake", "duration": "2"}
                | {"min_rate": 1, "max_rate": 1, "price": 35},
                {"source": "plant", "project": "plant", "contract": "option", "duration": "4"}
                | {"max_rate": 2, "price": 5, "premium": 4},
                {"source": "import", "contract": "bridge", "duration": "5", "max_rate": 1, "price": 20, "premium": 15},
                {"source": "import", "contract": "swap", "duration": "1", "max_rate": 1, "price": 28, "premium": 6},
                {"source": "mill", "project": "mill", "contract": "toll", "duration": "3"}
                | {"min_rate": 1, "max_rate": 1, "price": 40},
                {"source": "mill", "project": "kiln", "contract": "late toll", "sign_from": "2028", "duration": "3"}
                | {"max_rate": 2, "price": 3},
            ],
            "opening_contracts": [{"contract": "toll", "age": "2"}],
            "projects": [
                {"project": "plant"},
                {"project": "line"},
                {"project": "permit"},
                {"project": "mill", "may_abandon": True, "exit_cost": 5},
                {"project": "kiln", "may_abandon": True, "exit_cost": 1},
            ],
            "stages": [
                {"project": "plant", "stage": 1, "duration": "1", "cost": 8},
                {"project": "plant", "stage": 2, "duration": "1", "cost": 10},
                {"project": "line", "stage": 1, "duration": "0", "cost": 3},
                {"project": "permit", "stage": 1, "duration": "1", "cost": 9},
                {"project": "mill", "stage": 1, "duration": "1", "cost": 50},
                {"project": "kiln", "stage": 1, "duration": "0", "cost": 50},
            ],
            "opening_stages": [{"project": p, "stage": 1, "age": "2"} for p in ("mill", "kiln")],
            "requires": [
                {"project": "plant", "stage": 2, "needs_contract": "offtake"},
                {"project": "line", "stage": 1, "alternative": 1, "needs_contract": "swap"},
                {"project": "line", "stage": 1, "alternative": 2, "needs_project": "permit", "needs_stage": 1},
            ],
            "effects": [
                {"project": "plant", "after": 2, "kind": "supply", "name": "mine", "amount": 2},
                {"project": "line", "after": 1, "kind": "supply", "name": "line", "amount": 1},
            ],
            "sectors": SECTOR,
            "demand": demand(6, 6, 6, 6, 6),
            "tiers": TIER,
            "pins": [
                {
                    "pin": "close",
                    "decision": "abandonment",
                    "name": "kiln",
                    "from": "2028",
                    "until": "2029",
                    "at_least": 1,
                }
            ],
        },
    )


def participants() -> Instance:
    """A plant draws ore on its account and replaces it a year later, and buys at 8 what it draws of flux; spot ore is dear.

    Up to 3 of ore may be unsettled, so that it does not draw every year, and no more than it gets.
    """
    return make(
        "participants",
        5,
        {
            "goods": [{"good": "ore"}, {"good": "flux"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": "ore", "store": "yard", "holding_cost": 1}],
            "opening_stock": [{"good": "ore", "store": "yard", "quantity": 4}],
            "sources": [{"source": "spot", "good": "ore"}, {"source": "shop", "good": "flux"}],
            "prices": [{"source": "spot", "price": 20}, {"source": "shop", "price": 5}],
            "accounts": [
                {"sector": "plant", "good": "ore", "entitlement": 3, "within": "2", "until": "2029", "entry_fee": 2},
                {"sector": "plant", "good": "flux", "from": "2027", "entitlement": 2, "within": "1", "price": 8}
                | {"settled_by": "purchase", "carrying_cost": 0.5, "proceeds_to": "vault"},
            ],
            "sectors": SECTOR,
            "demand": [*demand(2, 2, 2, 2, 2), *demand(1, 1, 1, 1, 1, good="flux")],
            "tiers": TIER,
            "funds": [{"fund": "vault"}],
            "budgets": [{"fund": "vault", "amount": 300}],
        },
    )


CONTRACT_CASES = (offtake, answered, in_the_dark, bankable, participants)
