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


MONEY = (opening_money,)
