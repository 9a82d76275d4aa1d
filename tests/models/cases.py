"""Small instances, each made so that certain rows of the model decide its optimum."""

from __future__ import annotations

from stockpile.instance import Instance
from tests.models.base import SECTOR, TIER, Rows, demand, make
from tests.models.cases_backlog import BACKLOG_CASES
from tests.models.cases_cohorts import COHORT_CASES
from tests.models.cases_contracts import CONTRACT_CASES
from tests.models.cases_courses import COURSE_CASES
from tests.models.cases_incentives import INCENTIVE_CASES
from tests.models.cases_instruments import INSTRUMENT_CASES
from tests.models.cases_markets import MARKET_CASES
from tests.models.cases_money import MONEY
from tests.models.cases_opening import carried_on
from tests.models.cases_pins import PIN_CASES
from tests.models.cases_policies import POLICY_CASES
from tests.models.cases_processing import PROCESSING_CASES
from tests.models.cases_resources import shared_machine, shared_team
from tests.models.cases_rotation import ROTATION_CASES
from tests.models.cases_scenarios import SCENARIO_CASES
from tests.models.cases_stages import abandoned, alternatives, begun
from tests.models.cases_stores import STORES
from tests.models.cases_tracing import TRACING_CASES
from tests.models.cases_undelivered import UNDELIVERED


def lumpy_orders() -> Instance:
    """A charge and a minimum per order against holding: 3 x 10 wanted, at least 15 an order, holding 1."""
    return make(
        "lumpy-orders",
        3,
        {
            "goods": [{"good": "ore"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": "ore", "store": "yard", "holding_cost": 1}],
            "sources": [{"source": "mine", "good": "ore", "order_cost": 40, "min_order": 15}],
            "prices": [{"source": "mine", "step": 1, "width": 100, "price": 2}],
            "sectors": SECTOR,
            "demand": demand(10, 10, 10),
        },
    )


def whole_lots() -> Instance:
    """Lots of 8 from a mine whose deliveries are halved from 2028 on, an order from before, and dear ore by the unit."""
    return make(
        "whole-lots",
        3,
        {
            "goods": [{"good": "ore"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": "ore", "store": "yard", "holding_cost": 1}],
            "sources": [
                {"source": "mine", "good": "ore", "origin": "far", "lot_size": 8},
                {"source": "dear", "good": "ore"},
            ],
            "prices": [{"source": "mine", "width": 40, "price": 2}, {"source": "dear", "price": 9}],
            "arrivals": [{"source": "mine", "from": "2028", "share": 0.5}],
            "opening_orders": [{"source": "mine", "arrives": "2027", "quantity": 3, "price": 1}],
            "duties": [{"origin": "far", "rate": 0.5}],
            "sectors": SECTOR,
            "demand": demand(10, 10, 10),
            "tiers": TIER,
        },
    )


def discounts() -> Instance:
    """A mine whose second step is cheaper than its first; a well and a rig where one price holds for all of an order."""
    return make(
        "discounts",
        2,
        {
            "goods": [{"good": "ore"}, {"good": "gas"}, {"good": "oil"}],
            "sources": [
                {"source": "mine", "good": "ore", "discount": "incremental"},
                {"source": "rig", "good": "oil", "discount": "all-units"},
                {"source": "well", "good": "gas", "discount": "all-units"},
            ],
            "prices": [
                {"source": "mine", "step": 1, "width": 6, "price": 9},
                {"source": "mine", "step": 2, "width": 8, "price": 4},
                {"source": "well", "step": 1, "width": 7, "price": 5},
                {"source": "well", "step": 2, "width": 4, "price": 6},
                {"source": "rig", "step": 1, "width": 7, "price": 8},
                {"source": "rig", "step": 2, "width": 9, "price": 5},
            ],
            "sectors": SECTOR,
            "demand": [*demand(7, 3), *demand(4, 12, good="gas"), *demand(4, 6, good="oil")],
            "tiers": [
                {**TIER[0], "penalty": 6.2},
                *({**TIER[0], "good": good, "penalty": 20} for good in ("gas", "oil")),
            ],
        },
    )


def substitutes() -> Instance:
    """Ore is dear and gas is cheap; half as much again of it, and 2 for its use, replace a unit of ore."""
    return make(
        "substitutes",
        2,
        {
            "goods": [{"good": "ore"}, {"good": "gas"}],
            "sources": [{"source": "mine", "good": "ore"}, {"source": "well", "good": "gas", "order_cost": 3}],
            "prices": [{"source": "mine", "price": 9}, {"source": "well", "width": 20, "price": 2}],
            "sectors": SECTOR,
            "demand": [*demand(10, 10), *demand(4, 4, good="gas")],
            "accepts": [{"sector": "plant", "wanted": "ore", "given": "gas", "rate": 1.5, "cost": 2}],
            "tiers": TIER,
        },
    )


def small_order() -> Instance:
    """One demand of 10 and a minimum order of 15: five too many are bought, or 10 fall short at 2 more each."""
    return make(
        "small-order",
        1,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "mine", "good": "ore", "min_order": 15}],
            "prices": [{"source": "mine", "price": 2}],
            "sectors": SECTOR,
            "demand": demand(10),
            "tiers": [{**TIER[0], "penalty": 4}],
        },
    )


def tight_stock() -> Instance:
    """Cheap now and dear later, with a supply capacity, a shared store, a shelf life of 2, loss, a target and an end stock."""
    return make(
        "tight-stock",
        4,
        {
            "goods": [{"good": "ore", "shelf_life": "2", "loss_rate": 0.1}, {"good": "gas", "end_stock": 3}],
            "stores": [{"store": "yard", "capacity": 6}],
            "storage": [{"good": "ore", "store": "yard"}, {"good": "gas", "store": "yard", "holding_cost": 1}],
            "opening_stock": [
                {"good": "ore", "store": "yard", "age": "1", "quantity": 6},
                {"good": "ore", "store": "yard", "age": "0", "quantity": 1},
            ],
            "sources": [{"source": "mine", "good": "ore"}, {"source": "well", "good": "gas"}],
            "supply": [{"source": "mine", "capacity": 16}],
            "prices": [
                {"source": "mine", "price": 1},
                {"source": "mine", "from": "2027", "price": 9},
                {"source": "mine", "from": "2029", "price": 12},
                {"source": "well", "price": 1},
            ],
            "rotation": [{"good": "ore", "mode": "sale", "discount": 0.5, "depth": 2}],
            "targets": [{"good": "gas", "from": "2027", "until": "2028", "quantity": 5}],
            "sectors": SECTOR,
            "demand": demand(4, 8, 8, 8),
            "tiers": TIER,
        },
    )


def capacity_at_times() -> Instance:
    """A cheap mine without limit in its first year and of 4 a year from then on, beside a dear one."""
    return make(
        "capacity-at-times",
        2,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "mine", "good": "ore"}, {"source": "dear", "good": "ore"}],
            "supply": [{"source": "mine"}, {"source": "mine", "from": "2027", "capacity": 4}],
            "prices": [{"source": "mine", "price": 1}, {"source": "dear", "price": 9}],
            "sectors": SECTOR,
            "demand": demand(10, 10),
        },
    )


FUNDS: Rows = [
    {"fund": "treasury", "kind": "appropriation", "carry_over": 0.5},
    {"fund": "bank", "kind": "private", "uses": "projects"},
]


def financed() -> Instance:
    """A plant in two stages against dear imports, with an exclusive variant, shares, a private match and a store to build."""
    return make(
        "financed",
        5,
        {
            "goods": [{"good": "ore"}],
            "stores": [{"store": "yard", "capacity": 2}],
            "storage": [{"good": "ore", "store": "yard"}],
            "sources": [{"source": "import", "good": "ore"}, {"source": "plant", "good": "ore"}],
            "prices": [{"source": "import", "price": 30}, {"source": "plant", "price": 1}],
            "sectors": SECTOR,
            "demand": demand(10, 10, 10, 10, 10),
            "tiers": TIER,
            "funds": FUNDS,
            "budgets": [
                {"fund": "treasury", "amount": 900, "every": "year"},
                {"fund": "bank", "amount": 400},
            ],
            "projects": [
                {"project": "plant A", "group": "site", "min_private_share": 0.2},
                {"project": "plant B", "group": "site"},
            ],
            "stages": [
                {"project": "plant A", "stage": 1, "milestone": "permit", "duration": "1", "cost": 20},
                {
                    "project": "plant A",
                    "stage": 2,
                    "milestone": "build",
                    "duration": "1",
                    "cost": 100,
                    "pay_on": "verification",
                },
                {"project": "plant B", "stage": 1, "milestone": "build", "duration": "1", "cost": 60},
            ],
            "financing": [
                {"project": "plant A", "stage": None, "fund": "treasury", "min_share": 0.6, "max_share": 1.0},
                {"project": "plant A", "stage": None, "fund": "bank", "min_share": 0.0, "max_share": 0.3},
                {"project": "plant B", "stage": None, "fund": "treasury", "min_share": 0.0, "max_share": 1.0},
            ],
            "effects": [
                {"project": "plant A", "after": 2, "kind": "supply", "name": "plant", "amount": 8, "ramp": "2"},
                {"project": "plant B", "after": 1, "kind": "supply", "name": "plant", "amount": 6},
                {"project": "plant A", "after": 1, "kind": "capacity", "name": "yard", "amount": 5},
                {"project": "plant B", "after": 1, "kind": "revenue", "name": "treasury", "amount": 2},
            ],
        },
    )


def private_money() -> Instance:
    """A dear public share: the private match and the greatest share of the bank bind, since private money is not counted."""
    return make(
        "private-money",
        2,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "import", "good": "ore"}, {"source": "plant", "good": "ore"}],
            "prices": [{"source": "import", "price": 30}, {"source": "plant", "price": 1}],
            "sectors": SECTOR,
            "demand": demand(10, 10),
            "tiers": TIER,
            "funds": FUNDS,
            "budgets": [{"fund": "treasury", "amount": 700, "every": "year"}, {"fund": "bank", "amount": 60}],
            "projects": [{"project": "plant", "min_private_share": 0.4}, {"project": "mill"}],
            "stages": [
                {"project": "plant", "stage": 1, "duration": "1", "cost": 50},
                {"project": "mill", "stage": 1, "duration": "1", "cost": 50},
            ],
            "financing": [
                {"project": "plant", "stage": 1, "fund": "treasury"},
                {"project": "plant", "stage": 1, "fund": "bank"},
                {"project": "mill", "stage": 1, "fund": "treasury", "min_share": 0.5},
                {"project": "mill", "stage": 1, "fund": "bank", "max_share": 0.1},
            ],
            "effects": [
                {"project": "plant", "after": 1, "kind": "supply", "name": "plant", "amount": 4},
                {"project": "mill", "after": 1, "kind": "supply", "name": "plant", "amount": 4},
            ],
        },
    )


def matched() -> Instance:
    """Private capital earns elsewhere: in the perspective of all it costs nothing to match, but the bank's cash is short."""
    tables: dict[str, Rows] = {
        "goods": [{"good": "ore"}],
        "sources": [{"source": "import", "good": "ore"}, {"source": "plant", "good": "ore"}],
        "prices": [{"source": "import", "price": 30}, {"source": "plant", "price": 1}],
        "sectors": SECTOR,
        "demand": demand(10, 10),
        "tiers": TIER,
        "funds": [{"fund": "treasury"}, {"fund": "bank", "kind": "private", "uses": "projects"}],
        "budgets": [{"fund": "treasury", "amount": 700, "every": "year"}, {"fund": "bank", "amount": 10}],
        "projects": [{"project": "plant", "min_private_share": 0.5}],
        "stages": [{"project": "plant", "stage": 1, "duration": "1", "cost": 50}],
        "effects": [{"project": "plant", "after": 1, "kind": "supply", "name": "plant", "amount": 9}],
    }
    return make("matched", 2, tables, perspective="all")


def credit() -> Instance:
    """A reserve bought on credit at 20 % for 2 years, with little income: limit, maturity, interest and total limit bind."""
    return make(
        "credit",
        4,
        {
            "goods": [{"good": "ore", "disposal_cost": 1, "shelf_life": "2"}],
            "stores": [{"store": "yard"}],
            "storage": [{"good": "ore", "store": "yard", "holding_cost": 1}],
            "opening_stock": [{"good": "ore", "store": "yard", "age": "1", "quantity": 9}],
            "sources": [{"source": "mine", "good": "ore", "origin": "far", "order_cost": 3}],
            "prices": [
                {"source": "mine", "width": 20, "price": 5},
                {"source": "mine", "from": "2028", "width": 20, "price": 8},
            ],
            "duties": [{"origin": "far", "good": None, "rate": 0.2}],
            "sectors": SECTOR,
            "demand": demand(6, 6, 6, 6),
            "tiers": TIER,
            "targets": [{"good": "ore", "from": "2026", "cover": 200, "penalty": 2}],
            "funds": [
                {"fund": "facility", "kind": "credit", "credit_limit": 60, "interest": 0.2, "maturity": "2"},
                {"fund": "grant", "kind": "appropriation", "carry_over": 0.0, "limit": 50},
            ],
            "budgets": [
                {"fund": "facility", "from": "2029", "amount": 300},
                {"fund": "grant", "amount": 30, "until": "2028", "every": "year"},
            ],
        },
    )


def maturity() -> Instance:
    """A purchase on credit that falls due a year before the money to repay it comes."""
    return make(
        "maturity",
        4,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "mine", "good": "ore"}],
            "prices": [{"source": "mine", "price": 5}],
            "sectors": SECTOR,
            "demand": demand(10, 0, 0, 0),
            "tiers": TIER,
            "funds": [{"fund": "facility", "kind": "credit", "credit_limit": 90, "maturity": "2"}],
            "budgets": [{"fund": "facility", "from": "2029", "amount": 90}],
        },
    )


def least_share() -> Instance:
    """A plant worth building, of which the fund with little cash must pay half."""
    return make(
        "least-share",
        2,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "import", "good": "ore"}, {"source": "plant", "good": "ore"}],
            "prices": [{"source": "import", "price": 30}, {"source": "plant", "price": 1}],
            "sectors": SECTOR,
            "demand": demand(10, 10),
            "tiers": TIER,
            "funds": [{"fund": "treasury"}, {"fund": "defence"}],
            "budgets": [{"fund": "treasury", "amount": 700, "every": "year"}, {"fund": "defence", "amount": 10}],
            "projects": [{"project": "plant"}],
            "stages": [{"project": "plant", "stage": 1, "duration": "1", "cost": 50}],
            "financing": [
                {"project": "plant", "stage": None, "fund": "treasury"},
                {"project": "plant", "stage": None, "fund": "defence", "min_share": 0.5},
            ],
            "effects": [{"project": "plant", "after": 1, "kind": "supply", "name": "plant", "amount": 9}],
        },
    )


def pinned() -> Instance:
    """A dear mine that must be used, a cheap one that may not, a plant that must be built and one that may not."""
    return make(
        "pinned",
        2,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": k, "good": "ore"} for k in ("dear", "cheap", "plant")],
            "prices": [{"source": k, "price": p} for k, p in (("dear", 9), ("cheap", 2), ("plant", 1))],
            "sectors": SECTOR,
            "demand": demand(10, 10),
            "tiers": TIER,
            "projects": [{"project": "plant"}, {"project": "mill"}],
            "stages": [
                {"project": p, "stage": 1, "duration": "1", "cost": c} for p, c in (("plant", 99), ("mill", 0.25))
            ],
            "effects": [
                {"project": p, "after": 1, "kind": "supply", "name": "plant", "amount": 4} for p in ("plant", "mill")
            ],
            "pins": [
                {"pin": "a", "decision": "order", "name": "dear", "from": "2027", "at_least": 5},
                {"pin": "b", "decision": "order", "name": "cheap", "until": "2027", "at_most": 3},
                {"pin": "c", "decision": "release", "name": "plant", "stage": 1, "at_least": 1},
                {"pin": "d", "decision": "release", "name": "mill", "stage": 1, "at_most": 0},
            ],
        },
    )


def what_is_left() -> Instance:
    """Debt that counts at the end is repaid, though interest is low; a mill that brings nothing is built for what it is worth."""
    return make(
        "what-is-left",
        2,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "mine", "good": "ore"}],
            "prices": [{"source": "mine", "price": 2}],
            "sectors": SECTOR,
            "demand": demand(1),
            "funds": [{"fund": "bank", "kind": "credit", "credit_limit": 30, "interest": 0.5}],
            "budgets": [{"fund": "bank", "from": "2027", "amount": 15}],
            "projects": [{"project": "mill"}, {"project": "kiln"}],
            "stages": [{"project": p, "stage": 1, "duration": "1", "cost": 10} for p in ("mill", "kiln")],
            "end_values": [
                {"kind": "debt", "value": 0.9},
                {"kind": "project", "value": 16},
                {"kind": "project", "name": "kiln", "value": 12},
            ],
        },
    )


CASES = {
    case.__name__: case
    for case in (
        *ROTATION_CASES,
        lumpy_orders,
        whole_lots,
        substitutes,
        discounts,
        small_order,
        tight_stock,
        capacity_at_times,
        financed,
        private_money,
        matched,
        credit,
        maturity,
        least_share,
        pinned,
        *MONEY,
        *STORES,
        *UNDELIVERED,
        what_is_left,
        *BACKLOG_CASES,
        *MARKET_CASES,
        abandoned,
        *COHORT_CASES,
        *PIN_CASES,
        *POLICY_CASES,
        *TRACING_CASES,
        alternatives,
        begun,
        carried_on,
        shared_machine,
        shared_team,
        *INSTRUMENT_CASES,
        *INCENTIVE_CASES,
        *PROCESSING_CASES,
        *CONTRACT_CASES,
        *SCENARIO_CASES,
        *COURSE_CASES,
    )
}
