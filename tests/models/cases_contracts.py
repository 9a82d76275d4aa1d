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


CONTRACT_CASES = (offtake, answered, in_the_dark)
