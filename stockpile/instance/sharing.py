"""Resources of a random instance: handling that orders and deliveries share, engineers that build plants."""

from __future__ import annotations

from stockpile.instance.draws import MONEY, Draws, Row

#: Hours of handling that the yearly demand of a good takes, and those of a set-up.
HOURS, SET_UP = 100.0, 2.0


def add_resources(draws: Draws, yearly: dict[str, float]) -> None:
    """Add resources to the tables; ``yearly`` is the demand of every good in a year.

    What must be ordered or is on its way takes none, so that a plan remains.
    """
    _add_handling(draws, yearly)
    _add_engineers(draws)


def _add_handling(draws: Draws, yearly: dict[str, float]) -> None:
    """Hours with overtime, shared by some sources; about half of their orders need a set-up."""
    bound = {pin["name"] for pin in draws.tables.get("pins", []) if pin.get("at_least")}
    bound |= {order["source"] for order in draws.tables.get("opening_orders", [])}
    bound |= {source["source"] for source in draws.tables["sources"] if source.get("paid_by") == "market"}
    users: list[Row] = []
    for source in draws.tables["sources"]:
        if source["source"] not in bound and yearly.get(source["good"], 0.0) > 0 and draws.chance(0.4):
            users.append(source)
            draws.add(
                "resource_use",
                resource="handling",
                kind="delivery" if draws.chance(0.3) else "order",
                name=source["source"],
                stage=None,
                per_unit=round(HOURS / yearly[source["good"]] * draws.number(0.5, 1.5), 6),
                per_order=SET_UP if draws.chance(0.5) else None,
                over_stage=None,
            )
    if users:
        goods = {source["good"] for source in users}
        first = users[0]
        prices = [row["price"] for row in draws.tables["prices"] if row["source"] == first["source"]]
        prices += [row["price"] for row in draws.tables.get("markets", []) if row["market"] == first.get("market")]
        dear = yearly[first["good"]] * min(prices) * MONEY / HOURS * draws.number(0.02, 0.1)
        for begin in (None, draws.date(draws.pick(1, 8))) if draws.periods > 1 else (None,):
            hours = round(HOURS * len(goods) * draws.number(0.4, 0.9), 1)
            cells = {"capacity": hours, "overtime": round(hours * 0.3, 1), "overtime_price": round(dear, 8)}
            draws.add("resources", resource="handling", **{"from": begin}, unit="h", **cells)


def _add_engineers(draws: Draws) -> None:
    """Teams that cannot build all plants at once."""
    stages = [row for row in draws.tables.get("stages", []) if draws.chance(0.7)]
    for row in stages:
        teams = draws.pick(1, 3)
        cells = {"name": row["project"], "stage": row["stage"], "per_unit": None, "per_order": None}
        draws.add("resource_use", resource="engineers", kind="stage", **cells, over_stage=teams)
    if stages:
        draws.add("resources", resource="engineers", **{"from": None}, unit="teams", capacity=draws.pick(3, 6))
