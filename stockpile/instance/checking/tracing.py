"""Traced goods: rules on origin in use find goods that are traced, and these are kept in a way that can be traced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockpile.instance.cells import nearest, shown
from stockpile.instance.faults import Report
from stockpile.instance.provenance import linked_goods, links_of

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance


def _traced(instance: Instance) -> dict[str, int]:
    """Row of every traced good."""
    trace = instance.view("goods")["trace"]
    return {str(g): row for row, g in enumerate(instance.view("goods")["good"]) if trace.iloc[row] is True}


def _rules(instance: Instance) -> list[dict[Any, Any]]:
    """The policies on origin in use, each with its row and the traced goods that it is about."""
    goods, traced = instance.view("goods"), _traced(instance)
    material = dict(zip(goods["good"], goods["material"], strict=True))
    found = []
    for row, record in enumerate(instance.records("policies")):
        if record["kind"] == "origin-in-use":
            mine = [g for g in traced if record["good"] in (None, g) and record["material"] in (None, material[g])]
            found.append({**record, "row": row, "goods": mine})
    return found


def _taken(instance: Instance) -> set[tuple[str, str]]:
    """Sectors with the goods that they want, or take instead."""
    demand, accepts = instance.view("demand"), instance.view("accepts")
    return {*zip(demand["sector"], demand["good"], strict=True), *zip(accepts["sector"], accepts["given"], strict=True)}


def _check_rules(instance: Instance, report: Report) -> None:
    """A policy on origin in use is about traced goods that a sector takes."""
    taken = _taken(instance)
    for rule in _rules(instance):
        if not rule["goods"]:
            what = "no good that it selects" if rule["good"] is None else repr(rule["good"])
            said = f"{what} is traced; set trace in goods.csv, so that stock is told apart by origin"
            report.fault("policies", said, rule["row"], "good")
        elif not any(g in rule["goods"] and rule["sector"] in (None, e) for e, g in taken):
            report.warn(
                "policies", "no sector that it selects takes such a good; it limits nothing", rule["row"], "sector"
            )


def _check_accepted(instance: Instance, report: Report) -> None:
    """What a sector accepts is a group, and it takes something that is traced."""
    view, groups = instance.view("sectors"), list(dict.fromkeys(instance.view("origins")["group"]))
    traced, taken = _traced(instance), _taken(instance)
    for row, (sector, group) in enumerate(zip(view["sector"], view["accepted_origins"], strict=True)):
        if group is None:
            continue
        if group not in groups:
            hint = nearest(group, groups) if groups else "the table is missing"
            said = f"{shown(group)} is a group of no origin in origins.csv; {hint}"
            report.fault("sectors", said, row, "accepted_origins")
        elif not any(e == sector and g in traced for e, g in taken):
            said = f"{sector!r} takes no good that is traced; set trace in goods.csv, or leave accepted_origins blank"
            report.warn("sectors", said, row, "accepted_origins")


def _check_kept(instance: Instance, report: Report) -> None:
    """A traced good is kept neither by age nor store by store, and it is traced for something."""
    by_age = {*instance.view("ages")["good"], *instance.view("freshness")["good"]}
    by_store = _by_store(instance)
    followed = {g for rule in _rules(instance) for g in rule["goods"]} | linked_goods(links_of(instance))
    view = instance.view("sectors")
    choosy = {e for e, group in zip(view["sector"], view["accepted_origins"], strict=True) if group is not None}
    followed |= {g for e, g in _taken(instance) if e in choosy}
    for good, row in _traced(instance).items():
        if good in by_age:
            said = f"{good!r} is kept by age (ages.csv, freshness.csv), so it cannot be traced as well; choose one of the two"
            report.fault("goods", said, row, "trace")
        elif good in by_store:
            said = (
                f"{good!r} is balanced store by store (transfers.csv, release_rate), so it cannot be traced as well; choose "
                "one of the two"
            )
            report.fault("goods", said, row, "trace")
        elif good not in followed:
            said = f"no policy on origin in use and no accepted_origins tells origins of {good!r} apart; it need not be traced"
            report.warn("goods", said, row, "trace")


def _check_followed_back(instance: Instance, report: Report) -> None:
    """Whatever makes a good that is followed back takes something traced, so much of it as its recipe says."""
    row_of, links, recipes = _traced(instance), links_of(instance), instance.view("recipes")
    for process, link in links.items():
        if not link.takes:
            said = (
                f"a policy follows {link.makes[0]!r} back to where it was mined, and nothing that {process!r} makes it of is "
                "traced; set trace for the inputs that count, or let the policy speak of where it was processed"
            )
            report.fault("goods", said, row_of[link.makes[0]], "trace")
    for row, (process, amount) in enumerate(zip(recipes["process"], recipes["amount"].tolist(), strict=True)):
        if amount != amount and process in links:
            said = (
                f"a policy follows {links[process].makes[0]!r} back to where it was mined, and a blend that decides what goes "
                "into it cannot be followed; give the amount, in a process for every mixture that may be"
            )
            report.fault("recipes", said, row, "amount")


def _check_mines(instance: Instance, report: Report) -> None:
    """What is followed back to a mine has one; otherwise it counts as of none."""
    links = links_of(instance)
    goods = linked_goods(links)
    for table, column, members in (
        ("sources", "good", goods),
        ("opening_stock", "good", goods),
        ("opening_lent", "good", goods),
        ("opening_runs", "process", frozenset(links)),
    ):
        view = instance.view(table)
        for row, (name, origin, mine) in enumerate(zip(view[column], view["origin"], view["mined_in"], strict=True)):
            if name in members and mine is None and (origin is not None or table in ("sources", "opening_runs")):
                said = f"policies follow goods of {name!r} back to the mine, and nothing says where this was mined; it counts as of none"
                report.warn(table, said, row, "mined_in")


def _by_store(instance: Instance) -> set[str]:
    """Goods that are balanced store by store."""
    storage, stores, routes = (instance.view(name) for name in ("storage", "stores", "transfers"))
    slow = set(stores.loc[stores["release_rate"].notna(), "store"])
    found = set(storage.loc[storage["release_rate"].notna() | storage["store"].isin(slow), "good"])
    for good, v, w in zip(routes["good"], routes["from_store"], routes["to_store"], strict=True):
        both = set(storage.loc[storage["store"] == v, "good"]) & set(storage.loc[storage["store"] == w, "good"])
        found |= both if good is None else {good}
    return found


def _check_opening(instance: Instance, report: Report) -> None:
    """Stock of before whose origin nobody knows is accepted by nobody who asks."""
    traced = _traced(instance)
    for table in ("opening_stock", "opening_lent"):
        view = instance.view(table)
        for row, (good, origin, mine) in enumerate(zip(view["good"], view["origin"], view["mined_in"], strict=True)):
            if good in traced and origin is None and mine is None:
                said = f"{good!r} is traced, and nothing says where this came from; it counts as of no origin"
                report.warn(table, said, row, "origin")


TRACING_RULES = (
    (_check_rules, "policies goods demand accepts"),
    (_check_accepted, "sectors origins goods demand accepts"),
    (_check_kept, "goods policies ages freshness storage stores transfers processes recipes sectors demand accepts"),
    (_check_followed_back, "goods policies processes recipes"),
    (_check_mines, "goods policies processes recipes sources opening_stock opening_lent opening_runs"),
    (_check_opening, "goods opening_stock opening_lent"),
)
