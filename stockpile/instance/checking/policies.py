"""Policies: what they select exists and goes with their kind, and what they ask for can be asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from stockpile.instance.cells import nearest, shown
from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

Record = dict[str, Any]

_OF_SOURCES = ("good", "material", "origin", "group", "supplier", "source", "market", "paid_by")
#: By kind what may be selected; any other selector has to be blank.
SELECTORS = {
    "deliveries": _OF_SOURCES,
    "share": _OF_SOURCES,
    "market-share": (*_OF_SOURCES, "volume"),
    "cover": ("good", "material", "sector"),
    "exposure": ("fund", "project"),
    "spending": ("fund", "project"),
    "budget-use": ("fund",),
    "energy": (*_OF_SOURCES, "process"),
    "emissions": (*_OF_SOURCES, "process"),
    "origin-in-use": ("good", "material", "origin", "group", "paid_by", "sector"),
}
#: Kinds that limit a ratio, and those that hold in every period.
RATIOS = ("share", "market-share", "budget-use", "origin-in-use")
STANDING = ("cover", "exposure")
#: What a share is of must be more than what it takes: one of these says what counts.
PARTS = ("origin", "group", "supplier", "source", "market")


def _records(instance: Instance) -> list[Record]:
    """The rows of the table in view units, None for a blank name."""
    return instance.records("policies")


def _check_names(instance: Instance, report: Report) -> None:
    """Materials, origins, groups and suppliers are those of goods, sources and origins."""
    sources = instance.view("sources")
    origins = instance.view("origins")
    known: dict[str, tuple[Iterable[Any], str]] = {
        "material": (instance.view("goods")["material"], "the material of no good"),
        "group": (origins["group"], "a group of no origin in origins.csv"),
        "supplier": (sources["supplier"], "the supplier of no source"),
    }
    for row, record in enumerate(_records(instance)):
        places = {"processed": ("origin",), "mined": ("mined_in",)}.get(record["by"], ("origin", "mined_in"))
        told = "the origin of no source" if "origin" in places else "where no source is mined"
        both = [*(name for place in places for name in sources[place].dropna()), *origins["origin"]]
        both += [*instance.view("processes")["origin"].dropna()] if "origin" in places else []
        for column, (cells, words) in {**known, "origin": (both, told)}.items():
            names = list(dict.fromkeys(c for c in cells if isinstance(c, str)))
            name = record[column]
            if isinstance(name, str) and name not in names:
                hint = nearest(name, names) if names else f"no {column} is given anywhere"
                report.fault("policies", f"{shown(name)} is {words}; {hint}", row, column)


def _check_selectors(instance: Instance, report: Report) -> None:
    """A row selects only what its kind knows of, and a share is one of something larger."""
    for row, record in enumerate(_records(instance)):
        kind, allowed = record["kind"], SELECTORS[record["kind"]]
        for column in (*_OF_SOURCES, "process", "sector", "fund", "project", "volume"):
            given = record[column] == record[column] and record[column] not in (None, "fund")
            if given and column not in allowed:
                said = f"a policy of kind {kind} selects no {column}; leave it blank"
                report.fault("policies", said, row, column)
        if record["by"] != "processed" and record["origin"] is None and record["group"] is None:
            report.fault("policies", "by says what origin and group speak of; give one of them", row, "by")
        elif record["by"] == "chain" and kind != "origin-in-use":
            said = f"a policy of kind {kind} is about what arrives, not about its chain; say processed or mined"
            report.fault("policies", said, row, "by")
        parts = PARTS[:2] if kind == "origin-in-use" else PARTS
        if kind in ("share", "origin-in-use") and all(record[column] is None for column in parts):
            said = f"the share of everything is always 1; give one of {', '.join(parts)}"
            report.fault("policies", said, row, "origin")
        if record["process"] is not None and any(record[column] is not None for column in _OF_SOURCES[:-1]):
            said = "a process is selected by its name alone, and no source with it; leave the other selectors blank"
            report.fault("policies", said, row, "process")
        if kind in STANDING and record["per"] != "period":
            said = f"a policy of kind {kind} holds in every period; leave per blank"
            report.fault("policies", said, row, "per")
        if kind == "budget-use" and instance.table("funds").empty:
            report.fault("policies", "without funds.csv nothing is paid into funds", row, "kind")


def _check_limits(instance: Instance, report: Report) -> None:
    """A row asks for something, in the range of its kind, and not both more and less."""
    for row, record in enumerate(_records(instance)):
        least, most, kind = record["at_least"], record["at_most"], record["kind"]
        if least != least and most != most:
            said = f"{record['policy']!r} asks for nothing; give at_least or at_most"
            report.fault("policies", said, row, "at_least")
        if kind in ("exposure", "energy", "emissions") and least > 0:
            said = f"{'money at risk' if kind == 'exposure' else kind} may be limited only; give at_most"
            report.fault("policies", said, row, "at_least")
        if least > most:
            report.fault("policies", f"at_least is above at_most ({most:g}); nothing can be both", row, "at_least")
        for column in ("at_least", "at_most"):
            if kind in RATIOS and kind != "budget-use" and record[column] > 1:
                said = f"{record[column]:g} is more than the whole; a share is a ratio, 0.6 for 60 %"
                report.fault("policies", said, row, column)


def _check_rows(instance: Instance, report: Report) -> None:
    """The rows of a policy differ in their dates, limits and penalty only."""
    first: dict[str, Record] = {}
    for row, record in enumerate(_records(instance)):
        begun = first.setdefault(str(record["policy"]), record)
        for column in ("kind", *_OF_SOURCES[:-1], "by", "paid_by", "process", "sector", "fund", "project", "per"):
            if record[column] != begun[column]:
                said = (
                    f"{record['policy']!r} has another {column} above ({shown(begun[column])}); only dates, limits, volume "
                    "and penalty change from row to row"
                )
                report.fault("policies", said, row, column)


def selected(instance: Instance, record: Record) -> tuple[list[str], list[str]]:
    """Names of the sources that count, and of those that what counts is a share of: the same goods, whoever sells them.

    The price steps that market-share is a share of are those of the second, but for the market that is selected.
    """
    goods = instance.view("goods")
    material = dict(zip(goods["good"], goods["material"], strict=True))
    wanted = record["origin"], record["group"]
    groups = instance.view("origins")
    members = set(groups.loc[groups["group"] == wanted[1], "origin"])
    part, whole = [], []
    for source in instance.records("sources"):
        if record["good"] not in (None, source["good"]) or record["material"] not in (None, material[source["good"]]):
            continue
        if record["paid_by"] not in ("both", source["paid_by"]):
            continue
        whole.append(str(source["source"]))
        place = source["mined_in" if record["by"] == "mined" else "origin"]
        named = all(record[c] in (None, source[c]) for c in ("supplier", "source", "market"))
        if named and wanted[0] in (None, place) and (wanted[1] is None or place in members):
            part.append(str(source["source"]))
    return part, whole


def _check_selected(instance: Instance, report: Report) -> None:
    """Something is selected, and it is known where it comes from."""
    sources, origins = instance.view("sources"), set(instance.view("origins")["origin"])
    warned: set[tuple[str, str]] = set()
    for row, record in enumerate(_records(instance)):
        if record["kind"] not in ("deliveries", "share", "market-share"):
            continue
        part, whole = selected(instance, record)
        if not part and record["at_least"] > 0:
            said = f"no source is selected, so at_least {record['at_least']:g} cannot be reached"
            report.warn("policies", said, row, "at_least")
        elif not part:
            report.warn("policies", "no source is selected, so the policy limits nothing", row, "policy")
        column = "mined_in" if record["by"] == "mined" else "origin"
        if record["origin"] is None and record["group"] is None:
            continue
        for at, (source, place) in enumerate(zip(sources["source"], sources[column], strict=True)):
            if source not in whole or (source, column) in warned:
                continue
            if place is None:
                warned.add((source, column))
                said = f"{source!r} has no {column}; it counts as of none in {record['policy']!r}"
                report.warn("sources", said, at, column)
            elif record["group"] is not None and place not in origins:
                warned.add((source, column))
                said = f"{shown(place)} is not in origins.csv; it counts as in no group in {record['policy']!r}"
                report.warn("sources", said, at, column)


def _check_goods(instance: Instance, report: Report) -> None:
    """Cover is of goods that are kept and wanted; a share of what is offered needs to know how much that is."""
    goods, demand = instance.view("goods"), instance.view("demand")
    kept = set(instance.view("storage")["good"])
    for row, record in enumerate(_records(instance)):
        mine = [
            good
            for good, material in zip(goods["good"], goods["material"], strict=True)
            if record["good"] in (None, good) and record["material"] in (None, material)
        ]
        if record["kind"] == "cover" and record["at_least"] > 0 and not kept & set(mine):
            said = f"{' and '.join(map(repr, mine))} are kept in no store; cover needs a row in storage.csv"
            report.fault("policies", said, row, "good")
        if record["kind"] == "cover":
            wants = set(demand.loc[demand["good"].isin(mine), "sector"])
            if record["sector"] not in (None, *wants) or not wants:
                who = "nobody wants" if record["sector"] is None else f"{record['sector']!r} does not want"
                report.warn("policies", f"{who} what cover is measured by; it is always 0", row, "sector")
        if record["kind"] == "market-share" and record["volume"] != record["volume"]:
            _check_offered(instance, report, row, record)


def _check_offered(instance: Instance, report: Report, row: int, record: Record) -> None:
    """Some period has price steps that are all of limited width."""
    view = instance.view("sources")
    mine = view[view["source"].isin(selected(instance, record)[1])]
    if record["market"] is not None:
        mine = mine[mine["market"] == record["market"]]
    keys, widths = instance.offers("width", 0.0)
    rows = [i for i, (source, _) in enumerate(keys) if source in set(mine["source"])]
    if len(rows) and np.isnan(widths[rows]).any(axis=0).all():
        said = (
            "what is offered has no limit, so a share of it is none; give the volume, or the last price steps a width"
        )
        report.fault("policies", said, row, "volume")


POLICY_RULES = (
    (_check_names, "policies origins goods sources processes"),
    (_check_selectors, "policies funds"),
    (_check_limits, "policies"),
    (_check_rows, "policies"),
    (_check_selected, "policies origins goods sources"),
    (_check_goods, "policies goods sources storage demand prices markets"),
)
