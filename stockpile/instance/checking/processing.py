"""Processes: recipes that can be, capacities where they are needed, stores that keep what they take and make."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from stockpile.instance.cells import shown
from stockpile.instance.checking.cycles import from_nothing
from stockpile.instance.checking.stores import balanced_by_store, kept_in
from stockpile.instance.faults import Report
from stockpile.instance.units import quantity_factor

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

MOST_TOLD = 8
"""Processes of a circle that are named."""


def recipes_of(instance: Instance) -> dict[str, dict[str, float]]:
    """By process the amounts of its recipe by good, as entered, NaN for a free input; empty for a process without one."""
    recipes: dict[str, dict[str, float]] = {str(j): {} for j in instance.table("processes")["process"]}
    view = instance.table("recipes")
    for process, good, amount in zip(view["process"], view["good"], view["amount"], strict=True):
        recipes.setdefault(str(process), {})[str(good)] = float(amount)
    return recipes


def _exact(instance: Instance, recipe: dict[str, float]) -> dict[str, dict[str, Fraction]]:
    """The ways to run a process, by free input (the empty name where it has none), in fractions of what was entered.

    A blend is a mixture of runs that each take one of its free inputs alone, whatever its bounds: a unit of the instance's
    quantity of it.
    """
    goods, units = instance.table("goods"), instance.settings.units
    unit = {str(g): units.quantity if u is None else str(u) for g, u in zip(goods["good"], goods["unit"], strict=True)}
    fixed = {good: Fraction(repr(amount)) for good, amount in recipe.items() if amount == amount}
    free = [good for good, amount in recipe.items() if amount != amount]
    one = {good: -1 / Fraction(repr(quantity_factor(unit[good], units.quantity))) for good in free}
    return {good: {**fixed, good: one[good]} for good in free} or {"": fixed}


def endless_processes(instance: Instance) -> set[str]:
    """Processes that have no capacity in some period, whatever projects add."""
    keys, capacity = instance.series("capacity", "capacity", 0.0)
    limited = {str(j): not np.isnan(most).any() for (j,), most in zip(keys, capacity, strict=True)}
    effects = instance.view("effects")
    raised = set(effects.loc[effects["kind"] == "process", "name"])
    return {str(j) for j in instance.view("processes")["process"] if not limited.get(str(j), j in raised)}


def _check_recipes(instance: Instance, report: Report) -> None:
    """Every process has a recipe, which takes something for what it makes; alone and with others."""
    recipes = recipes_of(instance)
    for row, process in enumerate(instance.view("processes")["process"]):
        amounts = recipes[process].values()
        if not recipes[process]:
            report.fault(
                "processes", f"{process!r} takes and makes nothing; give it rows in recipes.csv", row, "process"
            )
        elif not any(amount > 0 for amount in amounts):
            said = f"{process!r} makes nothing: what it takes is gone; give it a good with an amount above 0"
            report.warn("processes", said, row, "process")
    first: dict[str, int] = {}
    view = instance.view("recipes")
    for row, (process, amount) in enumerate(zip(view["process"], view["amount"], strict=True)):
        first.setdefault(process, row)
        if amount == 0:
            report.fault("recipes", "is 0; give what a unit of run takes (below 0) or makes (above 0)", row, "amount")
    sourceless = [j for j, recipe in recipes.items() if recipe and all(a > 0 for a in recipe.values())]
    for process in sourceless:
        said = f"{process!r} makes something from nothing; give what it takes, as an amount below 0"
        report.fault("recipes", said, first[process], "amount")
    exact = {
        (j, free): way
        for j, recipe in recipes.items()
        if j not in sourceless
        for free, way in _exact(instance, recipe).items()
    }
    circle = list(dict.fromkeys(j for j, _ in from_nothing(exact)))
    if circle:
        named = ", ".join(repr(j) for j in circle[:MOST_TOLD]) + (", ..." if len(circle) > MOST_TOLD else "")
        said = (
            f"the processes {named} feed one another in a circle that makes something from nothing: together they take no "
            "more of any good than they make, and make more of one; a yield is too high, or an input is missing"
        )
        report.fault("recipes", said, first[circle[0]], "amount")


def _check_blends(instance: Instance, report: Report) -> None:
    """A bound is one of a process with free inputs, each of which has a value; some mixture of them keeps it."""
    view, recipes, attributes = instance.view("blend"), recipes_of(instance), instance.view("attributes")
    value = {
        (g, a): v for g, a, v in zip(attributes["good"], attributes["attribute"], attributes["value"], strict=True)
    }
    columns = (view[name] for name in ("process", "attribute", "min", "max"))
    for row, (process, attribute, least, most) in enumerate(zip(*columns, strict=True)):
        free = [good for good, amount in recipes[process].items() if amount != amount]
        unknown = [good for good in free if (good, attribute) not in value]
        known = [value[good, attribute] for good in free if good not in unknown]
        if not free:
            said = f"{process!r} has no free inputs to blend; leave the amounts blank in recipes.csv of those that it may mix"
            report.fault("blend", said, row, "process")
        elif unknown:
            said = f"{unknown[0]!r}, which may go into {process!r}, has no {shown(attribute)}; give it a row in attributes.csv"
            report.fault("blend", said, row, "attribute")
        elif least != least and most != most:
            report.fault("blend", "the row bounds nothing; give min or max", row, "min")
        elif least > most:
            report.fault("blend", f"min is above max ({most:g}); no blend can be both", row, "min")
        elif least > max(known) or most < min(known):
            said = f"no blend keeps this: what may go into {process!r} has {min(known):g} to {max(known):g}"
            report.warn("blend", said, row, "min" if least > max(known) else "max")
    bounded, told = set(view["attribute"]), set[str]()
    for row, attribute in enumerate(attributes["attribute"]):
        if attribute not in bounded | told:
            told.add(attribute)
            report.warn("attributes", f"no blend bounds {shown(attribute)}", row, "attribute")


def _check_set_ups(instance: Instance, report: Report) -> None:
    """What a process that needs a set-up can run is bounded, and is as much as its least run at some time."""
    view, use = instance.view("processes"), instance.view("resource_use")
    endless = endless_processes(instance)
    set_up = set(use.loc[(use["kind"] == "process") & (use["per_order"] > 0), "name"])
    paired = set(view["runs_with"].dropna()) | set(view.loc[view["runs_with"].notna(), "process"])
    columns = (view[name] for name in ("process", "set_up_cost", "min_run", "runs_with"))
    for row, (process, cost, least, other) in enumerate(zip(*columns, strict=True)):
        if other == process:
            report.fault("processes", "a process runs with another one, not with itself", row, "runs_with")
        tied = cost > 0 or least > 0 or process in set_up or process in paired
        if tied and process in endless:
            said = (
                f"nothing bounds a run of {process!r}, which has a charge, a set-up, a least run or runs with another one; "
                "give it a capacity in capacity.csv"
            )
            column = "set_up_cost" if cost > 0 else "min_run" if least > 0 else "process"
            report.fault("processes", said, row, column)


def _check_capacity(instance: Instance, report: Report) -> None:
    """A process can run as much as it must at least, and what it makes can arrive within the horizon."""
    view, recipes = instance.view("processes"), recipes_of(instance)
    keys, capacity = instance.series("capacity", "capacity", 0.0)
    most = {str(j): float(np.nan_to_num(c, nan=np.inf).max()) for (j,), c in zip(keys, capacity, strict=True)}
    effects = instance.view("effects")
    for process, amount in effects.loc[effects["kind"] == "process", ["name", "amount"]].itertuples(index=False):
        most[process] = most.get(process, 0.0) + amount
    columns = (view[name] for name in ("process", "min_run", "lead_time"))
    for row, (process, least, lead) in enumerate(zip(*columns, strict=True)):
        if least > most.get(process, np.inf):
            said = f"{process!r} can never run: its capacity is {most[process]:g} at most in a period"
            report.warn("processes", said, row, "min_run")
        if lead >= instance.calendar.periods and any(amount > 0 for amount in recipes[process].values()):
            said = f"nothing that {process!r} makes can arrive within the horizon"
            report.warn("processes", said, row, "lead_time")


def _check_opening(instance: Instance, report: Report) -> None:
    """What a run from before the horizon makes arrives before what one within it could."""
    view, opening = instance.view("processes"), instance.view("opening_runs")
    lead = dict(zip(view["process"], view["lead_time"], strict=True))
    for row, (process, arrives) in enumerate(zip(opening["process"], opening["arrives"], strict=True)):
        if arrives >= lead[process]:
            said = f"{process!r} takes {lead[process]:g} periods, so that a run from before the horizon has arrived by then"
            report.fault("opening_runs", said, row, "arrives")


def _check_stores(instance: Instance, report: Report) -> None:
    """The store of a process keeps what it takes and makes, as far as that is balanced store by store."""
    kept, by_store, recipes = kept_in(instance), balanced_by_store(instance), recipes_of(instance)
    view = instance.view("processes")
    for row, (process, store) in enumerate(zip(view["process"], view["store"], strict=True)):
        if not isinstance(store, str):
            continue
        goods = [good for good in recipes[process] if good in by_store]
        missing = [good for good in goods if good not in kept.get(store, ())]
        if missing:
            said = (
                f"store {store!r} does not keep {missing[0]!r}, which {process!r} takes or makes; add it to storage.csv"
            )
            report.fault("processes", said, row, "store")
        elif not goods:
            said = (
                f"all that {process!r} takes and makes moves freely between stores, so that its store does not matter"
            )
            report.warn("processes", said, row, "store")


def _check_spared(instance: Instance, report: Report) -> None:
    """Only demand names a sector; what falls away is demand, and no more of it than there is."""
    view, demand, groups = instance.view("effects"), instance.view("demand"), instance.view("projects")
    wanted = set(zip(demand["sector"], demand["good"], strict=True))
    group = {p: (p, g) if isinstance(g, str) and g else (p, None) for p, g in groups[["project", "group"]].to_numpy()}
    shares: dict[tuple[str, str], dict[object, dict[str, float]]] = {}
    columns = (view[name] for name in ("project", "kind", "name", "sector", "amount"))
    for row, (project, kind, good, sector, amount) in enumerate(zip(*columns, strict=True)):
        if kind != "demand":
            if sector is not None:
                report.fault("effects", f"an effect on {kind} has no sector; leave it blank", row, "sector")
            continue
        if sector is None:
            report.fault("effects", "an effect on demand names the sector whose demand falls", row, "sector")
            continue
        if (sector, good) not in wanted:
            report.fault("effects", f"{sector!r} has no demand for {good!r} that could fall", row, "name")
        one = group[project][1] or group[project]
        mine = shares.setdefault((sector, good), {}).setdefault(one, {})
        mine[project] = mine.get(project, 0.0) + amount
        total = sum(max(each.values()) for each in shares[sector, good].values())
        if total > 1 + 1e-9:
            said = f"the shares of the demand of {sector!r} for {good!r} that fall away add up to {total:g}; 1 is all of it"
            report.fault("effects", said, row, "amount")


PROCESSING_RULES = (
    (_check_recipes, "processes recipes"),
    (_check_blends, "processes recipes attributes blend"),
    (_check_set_ups, "processes recipes capacity effects resource_use"),
    (_check_capacity, "processes recipes capacity effects"),
    (_check_opening, "processes opening_runs"),
    (_check_stores, "processes recipes stores storage transfers"),
    (_check_spared, "effects demand projects"),
)
