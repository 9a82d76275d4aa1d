"""Where limits of the audit stand in the model: the rows and bounds that have more room where a limit has a unit more."""

from __future__ import annotations

from dataclasses import dataclass

MORE, LESS = "more", "less"
SAME = 1e-9
"""How near, relatively, what ties an amount to a decision is to the limit that it stands for."""


@dataclass(frozen=True)
class Place:
    """Where a limit of the audit stands in the model: in ``rows`` and upper ``bounds`` with the index of its key and a node.

    Its unit is that of money, or of the good, source, market, process, store or resource (``measure``) that its key names at ``at``.
    ``less`` marks what asks for something: a unit less of it is worth something.  ``parts`` are those of the key that the index has.
    """

    measure: str
    at: int = 0
    rows: tuple[str, ...] = ()
    bounds: tuple[str, ...] = ()
    less: bool = False
    parts: int | None = None


def _money(*rows: str, bounds: tuple[str, ...] = (), less: bool = False) -> Place:
    return Place("money", rows=rows, bounds=bounds, less=less)


PLACES = {
    "payment_limit": _money(bounds=("paid",)),
    "credit_limit": _money(bounds=("debt",)),
    "commitment_limit": _money(bounds=("committed",)),
    "exposure_of_fund": _money("exposure_of_fund"),
    "exposure_of_project": _money("exposure_of_project"),
    "cash_not_negative": _money("cash_balance"),
    "private_share": _money("private_match", less=True),
    "maturity": _money("draws_are_repaid"),
    "least_share": _money("fund_pays_least_share", less=True),
    "greatest_share": _money("fund_pays_most_share"),
    "supply_capacity": Place("source", rows=("supply_capacity", "supply_capacity_at_times")),
    "price_step_width": Place("source", bounds=("order",)),
    "market_step_width": Place("market", rows=("market_step_width",)),
    "ordered_of_returns": Place("source", rows=("ordered_of_returns",)),
    "order_reaches_bracket": Place("source", rows=("order_reaches_bracket",), less=True),
    "minimum_order": Place("source", rows=("minimum_order",), less=True),
    "resource_capacity": Place("resource", rows=("resource_capacity",)),
    "overtime_limit": Place("resource", bounds=("overtime",)),
    "process_capacity": Place("process", rows=("process_capacity", "run_needs_set_up"), bounds=("run",)),
    "least_run": Place("process", rows=("least_run",), less=True),
    "store_capacity": Place("store", rows=("store_room",)),
    "storage_capacity": Place("good", bounds=("stock",)),
    "transfer_capacity": Place("good", rows=("transfer_capacity",)),
    "store_release": Place("store", rows=("store_release",)),
    "good_release": Place("good", rows=("good_release",)),
    "stock_target": Place("good", rows=("stock_target", "cover_target"), less=True),
    "end_stock": Place("good", rows=("end_stock",), less=True),
    "longest_wait": Place("good", 1, rows=("longest_wait",)),
    "tier_share": Place("good", 1, rows=("share_of_demand_left",), bounds=("short",)),
    "shelf_life": Place("good", rows=("shelf_life",)),
}
"""By family of the audit where a limit stands that has a unit, and a number of its own; those of pins, policies and terms come beside them."""


@dataclass(frozen=True)
class Move:
    """Sides of a row or column of the model that are ``room`` further up where a limit has a unit of the model more room."""

    at: int
    column: bool
    upper: bool
    lower: bool
    room: float

    def turned(self, by: float) -> Move:
        """The same side, so many times as far."""
        return Move(self.at, self.column, self.upper, self.lower, self.room * by)


@dataclass(frozen=True)
class Stand:
    """Where a limit stands: what moves with it, its units in one of the model, and whether more or less of it is room.

    Moves of a bundle are made together or not at all, as far as the planner may leave what they give.  ``per`` is the unit.
    """

    bundles: tuple[tuple[Move, ...], ...]
    unit: float
    way: str
    per: str


def same(one: float, other: float) -> bool:
    """Whether what ties an amount to a decision is the limit itself, not the most that could be used."""
    return bool(abs(one - other) <= SAME * max(1.0, abs(other)))
