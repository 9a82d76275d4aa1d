"""Contracts: whom they are with, what their price follows, when they can run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from stockpile.instance.cells import nearest, shown
from stockpile.instance.commencement import awaited_stages, begun_before
from stockpile.instance.faults import Report
from stockpile.instance.indexes import index_values
from stockpile.instance.schema import TABLES
from stockpile.instance.schema.contracts import INDEXES

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

Bools = npt.NDArray[np.bool_]


def _check_terms(instance: Instance, report: Report) -> None:
    """Rates and the bounds of the price go together; the market signs nothing."""
    sources = instance.view("sources")
    traded = set(sources.loc[sources["paid_by"] == "market", "source"])
    for row, terms in enumerate(instance.table("contracts").to_dict("records")):
        if terms["min_rate"] > terms["max_rate"]:
            said = f"min_rate is above max_rate ({terms['max_rate']:g}); no amount is between them"
            report.fault("contracts", said, row, "min_rate")
        if terms["floor"] > terms["ceiling"]:
            said = f"the floor is above the ceiling ({terms['ceiling']:g}); no price is between them"
            report.fault("contracts", said, row, "floor")
        if terms["upside_share"] > 0 and terms["ceiling"] != terms["ceiling"]:
            said = "there is no ceiling above which the price could be shared; give one"
            report.fault("contracts", said, row, "upside_share")
        if terms["source"] in traded:
            said = f"the market pays {terms['source']!r}: the reserve signs nothing there"
            report.fault("contracts", said, row, "source")


def _check_index(instance: Instance, report: Report) -> None:
    """A price follows something that is there, or is fixed and needs nothing."""
    for row, terms in enumerate(instance.records("contracts")):
        kind, name = terms["index_kind"], terms["index"]
        if not isinstance(kind, str):
            if isinstance(name, str):
                said = f"say what {shown(name)} is: {', '.join(INDEXES)}"
                report.fault("contracts", said, row, "index_kind")
            elif terms["price"] < 0:
                report.fault("contracts", "a fixed price is at least 0", row, "price")
            elif terms["price_fixed"] == "start":
                report.warn("contracts", "the price is fixed anyway; leave it blank", row, "price_fixed")
            continue
        table = INDEXES[kind]
        known = [str(v) for v in instance.view(table)[TABLES[table].columns[0].name]]
        if not isinstance(name, str):
            report.fault("contracts", f"name the {kind} that the price follows", row, "index")
        elif name not in known:
            hint = nearest(name, dict.fromkeys(known)) if known else "the table is missing"
            report.fault("contracts", f"{shown(name)} is not in {table}.csv; {hint}", row, "index")


def _check_indices_used(instance: Instance, report: Report) -> None:
    """A series is followed by some contract."""
    view = instance.view("contracts")
    used = set(view.loc[view["index_kind"] == "series", "index"])
    known = [str(i) for i in instance.view("indices")["index"]]
    for name in dict.fromkeys(known):
        if name not in used:
            report.warn("indices", f"no contract follows {name!r}", known.index(name), "index")


def _check_opening(instance: Instance, report: Report) -> None:
    """What was signed before still runs, and its price is known where it was fixed then."""
    terms, begun = instance.view("contracts").set_index("contract"), begun_before(instance)
    for row, record in enumerate(instance.records("opening_contracts")):
        mine = terms.loc[record["contract"]]
        if begun.get(record["contract"], 0) >= mine["duration"]:
            said = f"{record['contract']!r} has ended before the start: it runs for {mine['duration']:g} periods"
            report.fault("opening_contracts", said, row, "age")
        fixed = isinstance(mine["index_kind"], str) and mine["price_fixed"] == "start"
        if fixed and record["contract"] not in begun:
            if record["price"] == record["price"]:
                said = f"{record['contract']!r} waits for {mine['project']!r}, and its index is read when it begins; leave it blank"
                report.fault("opening_contracts", said, row, "price")
        elif fixed and record["price"] != record["price"]:
            said = f"the index of {record['contract']!r} was read when it began; give the price that was fixed then"
            report.fault("opening_contracts", said, row, "price")
        elif not fixed and record["price"] == record["price"]:
            said = f"the price of {record['contract']!r} is in contracts.csv; leave it blank"
            report.fault("opening_contracts", said, row, "price")


def _check_runs(instance: Instance, report: Report) -> None:
    """A contract can run so that something arrives in the horizon; its index then has a value."""
    opening, begun = set(instance.view("opening_contracts")["contract"]), begun_before(instance)
    awaited, calls = awaited_stages(instance), _callable(instance)
    for row, terms in enumerate(instance.records("contracts")):
        name = terms["contract"]
        if name in awaited and name not in begun:
            signing, running = _course_in_wait(terms, calls[row], name in opening)
        else:
            signing, running = _course(terms, calls[row], begun.get(name))
        if not running.any():
            said = f"nothing of {terms['contract']!r} could arrive within the horizon and the window of its source"
            report.warn("contracts", said, row, "sign_from")
        if isinstance(terms["index_kind"], str):
            needed = signing if terms["price_fixed"] == "start" else running
            values = index_values(instance, terms["index_kind"], terms["index"]).reshape(-1, len(needed))
            missing = needed & np.isnan(values).any(axis=0)
            if missing.any():
                when = instance.calendar.labels[int(np.flatnonzero(missing)[0])]
                said = f"{terms['index']!r} has no price in {when}, when the contract reads it"
                report.fault("contracts", said, row, "index")


def _course(terms: dict[Any, Any], calls: Bools, age: int | None) -> tuple[Bools, Bools]:
    """(periods,) where a contract may be signed, and where it may run; ``age`` is that of one signed before the horizon."""
    signing, running, duration = np.zeros_like(calls), np.zeros_like(calls), int(terms["duration"])
    if age is not None:
        running[: duration - age] = True
        return signing, running
    for t in range(int(terms["sign_from"]), int(terms["sign_until"])):
        signing[t] = calls[t : t + duration].any()
        running[t : t + duration] |= signing[t]
    return signing, running


def _course_in_wait(terms: dict[Any, Any], calls: Bools, opening: bool) -> tuple[Bools, Bools]:
    """(periods,) where a contract that waits for a project may begin, and where it may run."""
    period = np.arange(len(calls))
    begins = (period >= (0 if opening else int(terms["sign_from"]))) & (np.cumsum(calls[::-1])[::-1] > 0)
    return begins, begins & calls


def _callable(instance: Instance) -> Bools:
    """(contracts, periods) where something can be called: the source takes orders, and it arrives within the horizon."""
    sources = instance.view("sources").set_index("source")
    own = sources.loc[instance.view("contracts")["source"]]
    period = np.arange(instance.calendar.periods)[None, :]
    start, until, lead = (own[name].to_numpy(dtype=float)[:, None] for name in ("qualified_from", "until", "lead_time"))
    return np.asarray((period >= start) & (period < until) & (period + lead < instance.calendar.periods))


CONTRACT_RULES = (
    (_check_terms, "contracts"),
    (_check_index, "contracts sources markets indices"),
    (_check_indices_used, "contracts indices"),
    (_check_opening, "contracts opening_contracts projects stages opening_stages"),
    (_check_runs, "contracts opening_contracts sources prices markets indices projects stages opening_stages"),
)
