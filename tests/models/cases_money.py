"""Small instances of what funds have, lend and promise, each made so that certain rows of the model decide its optimum."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, demand, make


def opening_money() -> Instance:
    """A facility that opens with cash and old debt, most of its limit used; ore is bought with what it has."""
    return make(
        "opening-money",
        3,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "mine", "good": "ore"}],
            "prices": [{"source": "mine", "price": 5}],
            "sectors": SECTOR,
            "demand": demand(10, 10, 10),
            "tiers": TIER,
            "funds": [
                {
                    "fund": "facility",
                    "kind": "credit",
                    "credit_limit": 60,
                    "interest": 0.1,
                    "maturity": "3",
                    "limit": 90,
                }
            ],
            "budgets": [{"fund": "facility", "from": "2027", "amount": 40, "every": "year"}],
            "opening_cash": [
                {"fund": "facility", "cash": 20, "debt": 25, "paid": 10},
                {"fund": "facility", "age": "2", "debt": 15},
            ],
        },
    )


def lent() -> Instance:
    """Loans of a treasury and a bank to a plant, repaid after a year of grace, equity, and an old loan that waits for it."""
    return make(
        "lent",
        6,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "import", "good": "ore"}, {"source": "plant", "good": "ore"}],
            "prices": [{"source": "import", "price": 8}, {"source": "plant", "price": 1}],
            "sectors": SECTOR,
            "demand": demand(10, 10, 10, 10, 10, 10),
            "tiers": TIER,
            "funds": [
                {"fund": "treasury"},
                {"fund": "bank", "kind": "private", "uses": "projects"},
                {"fund": "agency", "uses": "projects"},
            ],
            "budgets": [
                {"fund": "treasury", "amount": 90, "every": "year"},
                {"fund": "bank", "amount": 40},
                {"fund": "agency", "amount": 30},
            ],
            "projects": [{"project": "plant", "min_private_share": 0.2}],
            "stages": [
                {"project": "plant", "stage": 1, "duration": "1", "cost": 30},
                {"project": "plant", "stage": 2, "duration": "1", "cost": 60, "pay_on": "verification"},
            ],
            "financing": [
                {
                    "project": "plant",
                    "fund": "treasury",
                    "instrument": "loan",
                    "interest": 0.1,
                    "grace": "1",
                    "tenor": "2",
                },
                {"project": "plant", "fund": "bank", "instrument": "loan", "interest": 0.2, "tenor": "9"},
                {"project": "plant", "fund": "agency", "instrument": "equity", "dividend": 0.3, "min_share": 0.1},
                {"project": "plant", "stage": 1, "fund": "agency"},
            ],
            "opening_loans": [
                {"project": "plant", "fund": "treasury", "principal": 20, "interest": 0.1, "tenor": "3", "grace": "1"},
                {"project": "old mill", "fund": "treasury", "principal": 8, "tenor": "2", "first_instalment": "2027"},
            ],
            "effects": [{"project": "plant", "after": 2, "kind": "supply", "name": "plant", "amount": 8}],
        },
        discount_rate=0.05,
    )


def committed() -> Instance:
    """A treasury that may promise little and an agency that may promise all; slow imports, and a plant paid when verified."""
    return make(
        "committed",
        4,
        {
            "goods": [{"good": "ore"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": "ore", "store": "yard", "holding_cost": 1}],
            "sources": [
                {"source": "import", "good": "ore", "lead_time": "2"},
                {"source": "dear", "good": "ore"},
                {"source": "plant", "good": "ore"},
            ],
            "prices": [
                {"source": "import", "price": 4},
                {"source": "dear", "price": 9},
                {"source": "plant", "price": 1},
            ],
            "arrivals": [{"source": "import", "from": "2029", "share": 0.8}],
            "sectors": SECTOR,
            "demand": demand(4, 10, 20, 20),
            "tiers": TIER,
            "funds": [
                {"fund": "treasury", "commitment_limit": 50},
                {"fund": "agency", "kind": "credit", "credit_limit": 60, "interest": 0.1},
            ],
            "budgets": [{"fund": "treasury", "amount": 150, "every": "year"}],
            "projects": [{"project": "plant"}],
            "stages": [{"project": "plant", "stage": 1, "duration": "2", "cost": 60, "pay_on": "verification"}],
            "effects": [{"project": "plant", "after": 1, "kind": "supply", "name": "plant", "amount": 25}],
        },
    )


def exposed() -> Instance:
    """A treasury that may not risk a grant to one plant and a loan to another at once; a third plant may not be risked at all."""
    terms = {"instrument": "loan", "interest": 0.1, "tenor": "2"}
    plants = ("one", "two", "three")
    return make(
        "exposed",
        5,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "import", "good": "ore"}, {"source": "plant", "good": "ore"}],
            "prices": [{"source": "import", "price": 9}, {"source": "plant", "price": 1}],
            "sectors": SECTOR,
            "demand": demand(15, 15, 15, 15, 15),
            "tiers": TIER,
            "funds": [{"fund": "treasury", "exposure_limit": 40}, {"fund": "agency"}],
            "budgets": [{"fund": f, "amount": 200, "every": "year"} for f in ("treasury", "agency")],
            "projects": [{"project": p, "exposure_limit": 10 if p == "three" else None} for p in plants],
            "stages": [{"project": p, "stage": 1, "duration": "1", "cost": 12 if p == "three" else 30} for p in plants],
            "financing": [
                {"project": "one", "fund": "treasury"},
                {"project": "two", "fund": "treasury", **terms},
                {"project": "three", "fund": "agency"},
            ],
            "effects": [{"project": p, "after": 1, "kind": "supply", "name": "plant", "amount": 4} for p in plants],
        },
    )


def written_off() -> Instance:
    """A mine that must be begun and is given up at a deadline: its loan is written off, its grant keeps a limit used."""
    return make(
        "written-off",
        5,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "import", "good": "ore"}, {"source": "plant", "good": "ore"}],
            "prices": [{"source": "import", "price": 9}, {"source": "plant", "price": 1}],
            "sectors": SECTOR,
            "demand": demand(10, 10, 10, 10, 10),
            "tiers": TIER,
            "funds": [{"fund": "treasury"}, {"fund": "agency", "exposure_limit": 25}],
            "budgets": [{"fund": f, "amount": 200, "every": "year"} for f in ("treasury", "agency")],
            "projects": [
                {"project": "mine", "may_abandon": True, "recovery": 0.5, "recovery_lag": "1"},
                {"project": "plant"},
            ],
            "stages": [
                {"project": "mine", "stage": 1, "duration": "1", "cost": 20},
                {"project": "mine", "stage": 2, "duration": "1", "cost": 9000, "deadline": "2028"},
                {"project": "plant", "stage": 1, "duration": "1", "cost": 20},
            ],
            "financing": [
                {
                    "project": "mine",
                    "fund": "treasury",
                    "instrument": "loan",
                    "interest": 0.1,
                    "tenor": "2",
                    "max_share": 0.5,
                },
                {"project": "mine", "fund": "agency", "max_share": 0.5},
                {"project": "plant", "fund": "agency"},
            ],
            "effects": [{"project": "plant", "after": 1, "kind": "supply", "name": "plant", "amount": 8}],
            "pins": [
                {"pin": "a", "decision": "release", "name": "mine", "stage": 1, "until": "2027", "at_least": 1},
            ],
        },
    )


def dropped() -> Instance:
    """A mine whose second stage must be released and cannot be paid: until it would be due, its promise keeps ore from being ordered."""
    return make(
        "dropped",
        4,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "import", "good": "ore", "lead_time": "1"}, {"source": "dear", "good": "ore"}],
            "prices": [{"source": "import", "price": 4}, {"source": "dear", "price": 9}],
            "sectors": SECTOR,
            "demand": demand(0, 10, 10, 10),
            "tiers": TIER,
            "funds": [{"fund": "treasury", "commitment_limit": 220}],
            "budgets": [{"fund": "treasury", "amount": 100}, {"fund": "treasury", "from": "2027", "amount": 60}],
            "projects": [{"project": "mine", "may_abandon": True, "exit_cost": 2}],
            "effects": [{"project": "mine", "after": 1, "kind": "revenue", "name": "treasury", "amount": 1}],
            "stages": [
                {"project": "mine", "stage": 1, "duration": "0", "cost": 1},
                {"project": "mine", "stage": 2, "duration": "2", "cost": 200, "pay_on": "verification"},
            ],
            "pins": [
                {"pin": "a", "decision": "release", "name": "mine", "stage": 2, "until": "2027", "at_least": 1},
            ],
        },
    )


MONEY = (opening_money, lent, committed, exposed, written_off, dropped)
