"""The audit of pins: what it says, in the planner's words, where one is not kept."""

from __future__ import annotations

from typing import Any

import pytest

from stockpile.plan.audit import audit
from tests.plan.cases import CASES
from tests.plan.plans import messages

PINS: list[tuple[str, dict[str, Any], str]] = [
    (
        "buying",
        {"decision": "service", "name": "ore", "at_least": 12},
        "2028: pin a: 11 t is released to sectors, 1 t below the 12 t required",
    ),
    (
        "buying",
        {"decision": "service", "name": "ore", "sector": "plant", "from": "2028", "at_most": 2},
        "2028: pin a: 3 t is released to sectors, 1 t over the 2 t allowed",
    ),
    (
        "buying",
        {"decision": "disposal", "name": "ore", "at_most": 0.15},
        "2028: pin a: 0.65 t is thrown away, 0.5 t over the 0.15 t allowed",
    ),
    (
        "buying",
        {"decision": "disposal", "name": "ore", "until": "2028", "at_least": 1},
        "2028: pin a: 0 t is thrown away, 1 t below the 1 t required",
    ),
    (
        "buying",
        {"decision": "stock", "name": "ore", "from": "2027", "at_least": 5},
        "2028: pin a: 4 t is in stock, 1 t below the 5 t required",
    ),
    (
        "buying",
        {"decision": "stock", "name": "ore", "until": "2028", "at_most": 8},
        "2027: pin a: 8.5 t is in stock, 0.5 t over the 8 t allowed",
    ),
    (
        "ageing",
        {"decision": "sale", "name": "ore", "at_least": 3},
        "2028: pin a: 1 t is sold, 2 t below the 3 t required",
    ),
    ("ageing", {"decision": "sale", "name": "ore", "at_most": 0}, "2028: pin a: 1 t is sold, 1 t over the 0 t allowed"),
    (
        "financed",
        {"decision": "draw", "name": "facility", "until": "2029", "at_most": 10},
        "2030: pin a: 15 USD is drawn, 5 USD over the 10 USD allowed",
    ),
    (
        "financed",
        {"decision": "draw", "name": "facility", "at_least": 18},
        "2030: pin a: 15 USD is drawn, 3 USD below the 18 USD required",
    ),
    (
        "financed",
        {"decision": "repayment", "name": "facility", "from": "2030", "at_least": 9},
        "2030: pin a: 7 USD is repaid, 2 USD below the 9 USD required",
    ),
    (
        "moving",
        {"decision": "transfer", "name": "ore", "at_least": 9},
        "2028: pin a: 8 t is sent, 1 t below the 9 t required",
    ),
    (
        "moving",
        {"decision": "transfer", "name": "gas", "to_store": "port", "at_most": 1},
        "2028: pin a: 3 t is sent, 2 t over the 1 t allowed",
    ),
    (
        "moving",
        {
            "decision": "transfer",
            "name": "ore",
            "from_store": "port",
            "to_store": "cavern",
            "from": "2027",
            "at_least": 1,
        },
        "2028: pin a: 0 t is sent, 1 t below the 1 t required",
    ),
    (
        "rotating",
        {"decision": "exchange", "name": "ore", "until": "2028", "at_most": 5},
        "2028: pin a: 6 t is lent, 1 t over the 5 t allowed",
    ),
    (
        "working",
        {"decision": "overtime", "name": "machine", "at_least": 2},
        "2028: pin a: 1 h is worked in overtime, 1 h below the 2 h required",
    ),
    (
        "waiting",
        {"decision": "backlog", "name": "ore", "sector": "plant", "from": "2027", "at_most": 1},
        "2027: pin a: 2 t is waiting, 1 t over the 1 t allowed",
    ),
    (
        "waiting",
        {"decision": "shortfall", "name": "ore", "at_most": 0},
        "2028: pin a: 1 t is short, 1 t over the 0 t allowed",
    ),
    (
        "replacing",
        {"decision": "substitution", "name": "gas", "at_least": 5},
        "2026: pin a: 4.5 t is given instead of another good, 0.5 t below the 5 t required",
    ),
    (
        "making",
        {"decision": "run", "name": "smelting", "from": "2027", "at_most": 6},
        "2028: pin a: 7 t is run, 1 t over the 6 t allowed",
    ),
    (
        "given_up",
        {"decision": "abandonment", "name": "mine", "at_most": 0},
        "2029: pin a: 1 is abandoned, 1 over the 0 allowed",
    ),
    (
        "given_up",
        {"decision": "abandonment", "name": "mine", "until": "2028", "at_least": 1},
        "2029: pin a: 0 is abandoned, 1 below the 1 required",
    ),
]


@pytest.mark.parametrize(("name", "cells", "words"), PINS)
def test_a_pin_that_is_not_kept_is_caught(name: str, cells: dict[str, Any], words: str) -> None:
    """The plan stays as it was and the instance gets a pin: it alone is broken, in the periods that it speaks of."""
    make, tables = CASES[name]
    assert messages(audit(*make({**tables, "pins": [{"pin": "a", **cells}]}))) == [words]


def test_a_pin_that_is_kept_is_no_breach() -> None:
    """Limits that are met to the last unit, in the periods of each pin alone."""
    make, tables = CASES["buying"]
    cells: list[dict[str, Any]] = [
        {"decision": "service", "name": "ore", "at_least": 11, "at_most": 11},
        {"decision": "stock", "name": "ore", "from": "2027", "until": "2028", "at_least": 8.5},
        {"decision": "disposal", "name": "ore", "from": "2028", "at_least": 0.65},
    ]
    pins = [{"pin": f"pin {i}", **c} for i, c in enumerate(cells)]
    assert messages(audit(*make({**tables, "pins": pins}))) == []


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("moving", {"decision": "transfer", "name": "gas", "from_store": "cavern", "at_least": 3, "at_most": 3}),
        ("moving", {"decision": "transfer", "name": "ore", "from_store": "cavern", "at_most": 0}),
        ("rotating", {"decision": "exchange", "name": "ore", "from": "2027", "at_least": 4, "at_most": 4}),
        ("working", {"decision": "overtime", "name": "machine", "from": "2027", "at_most": 0}),
        ("waiting", {"decision": "backlog", "name": "ore", "at_least": 1, "at_most": 3}),
        ("waiting", {"decision": "shortfall", "name": "ore", "sector": "plant", "from": "2027", "at_most": 0}),
        ("given_up", {"decision": "abandonment", "name": "mine", "from": "2028", "until": "2029", "at_least": 1}),
        ("indebted", {"decision": "repayment", "name": "facility", "at_least": 10, "at_most": 10}),
    ],
)
def test_a_pin_on_what_flows_that_is_kept_is_no_breach(name: str, cells: dict[str, Any]) -> None:
    """To the last unit, on the routes, in the periods and of the sectors that it names."""
    make, tables = CASES[name]
    assert messages(audit(*make({**tables, "pins": [{"pin": "a", **cells}]}))) == []
