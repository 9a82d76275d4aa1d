"""Transfers: their stores keep what they move; sources and sectors name stores that keep what they bring or want."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockpile.instance.faults import Report

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance


def kept_in(instance: Instance) -> dict[str, list[str]]:
    """By store the goods that it keeps at some time."""
    kept: dict[str, list[str]] = {}
    view = instance.view("storage")
    for good, store in dict.fromkeys(zip(view["good"], view["store"], strict=True)):
        kept.setdefault(str(store), []).append(str(good))
    return kept


def balanced_by_store(instance: Instance) -> frozenset[str]:
    """Goods that have a route between stores, or a store with a release rate."""
    found: frozenset[str] = instance.kept("balanced by store", lambda: _balanced_by_store(instance))
    return found


def _balanced_by_store(instance: Instance) -> frozenset[str]:
    kept, view = kept_in(instance), instance.view("transfers")
    stores, storage = instance.view("stores"), instance.view("storage")
    slow = stores.loc[stores["release_rate"].notna(), "store"]
    found: set[str] = {good for store in slow for good in kept.get(str(store), ())}
    found |= {str(good) for good in storage.loc[storage["release_rate"].notna(), "good"]}
    for good, v, w in zip(view["good"], view["from_store"], view["to_store"], strict=True):
        both = set(kept.get(v, ())) & set(kept.get(w, ()))
        found |= both if not isinstance(good, str) else both & {good}
    return frozenset(found)


def goods_moved(instance: Instance) -> dict[str, dict[tuple[str, str], float]]:
    """By good the routes from store to store that it has, and how many periods each takes."""
    kept, view = kept_in(instance), instance.view("transfers")
    moved: dict[str, dict[tuple[str, str], float]] = {}
    columns = (view[name].tolist() for name in ("good", "from_store", "to_store", "lead_time"))
    rows = list(zip(*columns, strict=True))
    for of_all in (True, False):
        for good, v, w, lead in rows:
            both = set(kept.get(v, ())) & set(kept.get(w, ()))
            if isinstance(good, str) != of_all:
                for moving in both if of_all else both & {good}:
                    moved.setdefault(moving, {})[v, w] = lead
    return moved


def _check_routes(instance: Instance, report: Report) -> None:
    """A route joins two stores that keep the good."""
    kept, view = kept_in(instance), instance.view("transfers")
    for row, (good, v, w) in enumerate(zip(view["good"], view["from_store"], view["to_store"], strict=True)):
        if v == w:
            report.fault("transfers", f"{v!r} is where the route begins; give another store", row, "to_store")
        elif isinstance(good, str):
            for column, store in (("from_store", v), ("to_store", w)):
                if good not in kept.get(store, ()):
                    said = f"store {store!r} does not keep {good!r}; add it to storage.csv"
                    report.fault("transfers", said, row, column)
        elif not set(kept.get(v, ())) & set(kept.get(w, ())):
            said = f"no good is kept in both {v!r} and {w!r}, so nothing can move; add one to storage.csv"
            report.fault("transfers", said, row, "to_store")


def _check_lead_times(instance: Instance, report: Report) -> None:
    """The rows of a route have one lead time, and what is sent can arrive within the horizon."""
    view = instance.view("transfers")
    first: dict[tuple[object, ...], tuple[int, float]] = {}
    columns = (view[name].tolist() for name in ("good", "from_store", "to_store", "from", "lead_time"))
    for row, (good, v, w, begin, lead) in enumerate(zip(*columns, strict=True)):
        route = (good if isinstance(good, str) else None, v, w)
        before, known = first.setdefault(route, (row, lead))
        if lead != known:
            said = (
                f"is {lead:g} periods, but {known:g} in {report.of('transfers').record(before)}; "
                "a route has one lead time"
            )
            report.fault("transfers", said, row, "lead_time")
        elif begin + lead > instance.calendar.periods - 1:
            said = f"nothing sent from {v!r} to {w!r} can arrive within the horizon"
            report.warn("transfers", said, row, "lead_time")


def _check_delivery(instance: Instance, report: Report) -> None:
    """A source delivers to a store that keeps its good, which is balanced store by store."""
    kept, by_store = kept_in(instance), balanced_by_store(instance)
    view = instance.view("sources")
    for row, (good, store) in enumerate(zip(view["good"], view["store"], strict=True)):
        if not isinstance(store, str):
            continue
        if good not in kept.get(store, ()):
            report.fault("sources", f"store {store!r} does not keep {good!r}; add it to storage.csv", row, "store")
        elif good not in by_store:
            said = (
                f"{good!r} moves between its stores freely, so that it does not matter where it is delivered; "
                "leave the store blank, or give its routes in transfers.csv"
            )
            report.fault("sources", said, row, "store")


def _check_service(instance: Instance, report: Report) -> None:
    """A store that serves a sector keeps what the sector wants, or takes instead, of goods balanced store by store."""
    kept, by_store = kept_in(instance), balanced_by_store(instance)
    wanted, accepts = instance.view("demand"), instance.view("accepts")
    pairs = [
        *zip(wanted["sector"], wanted["good"], strict=True),
        *zip(accepts["sector"], accepts["given"], strict=True),
    ]
    view = instance.view("sectors")
    for row, (sector, store) in enumerate(zip(view["sector"], view["store"], strict=True)):
        if not isinstance(store, str):
            continue
        goods = [good for good in dict.fromkeys(g for e, g in pairs if e == sector) if good in by_store]
        missing = [good for good in goods if good not in kept.get(store, ())]
        if missing:
            said = f"store {store!r} does not keep {missing[0]!r}, which {sector!r} takes; add it to storage.csv"
            report.fault("sectors", said, row, "store")
        elif not goods:
            said = f"all that {sector!r} takes moves freely between stores, so that its store does not matter"
            report.warn("sectors", said, row, "store")


def _check_ages(instance: Instance, report: Report) -> None:
    """A good that is kept by age moves freely: its ages are those of all stores together."""
    by_store = balanced_by_store(instance)
    for table in ("ages", "freshness"):
        for row, good in enumerate(instance.view(table)["good"]):
            if good in by_store:
                said = (
                    f"{good!r} is balanced store by store, as it has routes in transfers.csv or a release_rate; such a good "
                    f"cannot be in {table}.csv as well: leave out one of the two"
                )
                report.fault(table, said, row, "good")


STORE_RULES = (
    (_check_ages, "transfers stores storage ages freshness"),
    (_check_routes, "transfers storage"),
    (_check_lead_times, "transfers"),
    (_check_delivery, "transfers stores storage"),
    (_check_service, "transfers stores storage sectors demand accepts"),
)
