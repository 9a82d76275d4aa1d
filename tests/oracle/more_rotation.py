"""Rotation of random instances beyond sales at a single price: demand curves, loans, charges, releases that are paid for."""

from __future__ import annotations

from tests.oracle.maker import Maker, Row


def add_sales(m: Maker) -> None:
    """Demand curves instead of one price, and sectors that pay."""
    for row in m.rows("goods"):
        good = row["good"]
        mine = [r for r in m.rows("rotation") if r["good"] == good]
        if mine and m.chance(45):
            _add_curve(m, good, any("depth" not in r for r in mine))
            for r in mine:
                r.pop("price", None)
                r.pop("depth", None)
    funds = [f["fund"] for f in m.rows("funds")]
    for sector in [row["sector"] for row in m.rows("sectors")]:
        for good in [row["good"] for row in m.rows("goods")]:
            if m.chance(15):
                for begin in m.pick([[0], [m.later()], [0, m.later()]]):
                    end = m.first_day(m.periods - 1).isoformat() if begin < m.periods - 1 and m.chance(20) else None
                    cells = {"from": m.since(begin), "until": end, "proceeds_to": m.pick([None, *funds])}
                    m.add("release_prices", sector=sector, good=good, price=m.number(0, 4), **cells)


def add_exchange(m: Maker) -> None:
    """Goods that are lent and come back fresh; goods that were lent before."""
    for row in m.rows("goods"):
        good = row["good"]
        if m.chance(25):
            for begin in m.pick([[0], [0, m.later()], [m.later()]]):
                end = m.first_day(m.periods - 1).isoformat() if begin < m.periods - 1 and m.chance(10) else None
                limit = m.quantity(good, m.number(2, 12)) if m.chance(50) else None
                m.add(
                    "rotation",
                    good=good,
                    mode="exchange",
                    **{"from": m.since(begin), "until": end},
                    depth=None if limit is not None and m.chance(50) else m.rate(m.quantity(good, m.number(1, 8))),
                    premium=m.pick([None, 0.1, 0.4]),
                    lag=m.lasting(m.pick([1, 1, 2])),
                    credit_limit=limit,
                )
        if m.chance(15):
            for n in m.pick([[0], [m.later()], [0, m.later()]]):
                due = m.first_day(n).isoformat()
                m.add("opening_lent", good=good, due=due, quantity=m.quantity(good, m.number(1, 8)))


def add_lent_values(m: Maker) -> None:
    """What goods that are still owed at the end are worth."""
    lent = dict.fromkeys(r["good"] for r in m.rows("rotation") if r["mode"] == "exchange")
    for good in lent:
        if m.chance(60):
            m.add(
                "end_values", kind="lent", name=m.pick([good, None]) if len(lent) == 1 else good, value=m.number(0.5, 6)
            )


def add_events(m: Maker) -> None:
    """Charges and least lots of sales and loans, as far as there is room for the assignments."""
    endless = {r["good"] for r in m.rows("sales") if "width" not in r}
    curved = {r["good"] for r in m.rows("sales")}
    for key in dict.fromkeys((r["good"], r["mode"]) for r in m.rows("rotation")):
        mine = [r for r in m.rows("rotation") if (r["good"], r["mode"]) == key]
        limited = all("depth" in r or "credit_limit" in r for r in mine)
        if key[0] in endless or not (limited or (key[1] == "sale" and key[0] in curved)):
            continue
        chosen = _charged(m, mine) if m.chance(70) else []
        for r in chosen:
            kind = m.pick(["cost", "lot", "both"])
            if kind != "lot":
                r["fixed_cost"] = m.money(m.number(0.2, 4))
            if kind != "cost":
                r["min_lot"] = m.quantity(key[0], m.number(1, 5))


def _charged(m: Maker, mine: list[Row]) -> list[Row]:
    """The rows of a good and a mode that may get charges: all of them, or one of their own for the last periods."""
    if m.take(2**m.periods):
        return mine
    last = 1 if mine[0]["mode"] == "sale" else min(2, m.periods - 1)
    if len(mine) > 1 or mine[0]["from"] or not m.take(2**last):
        return []
    row = {**mine[0], "from": m.since(m.periods - last)}
    row.pop("until", None)
    m.rows("rotation").append(row)
    return [row]


def _add_curve(m: Maker, good: str, endless: bool) -> None:
    """Two or three steps of falling prices, the first perhaps only for a while."""
    steps = m.pick([1, 2, 2, 3])
    for begin in m.pick([[0], [0], [0, m.later()]]):
        price = m.number(1, 6)
        for step in range(1, steps + 1):
            wide = endless and step == steps
            end = m.first_day(m.periods - 1).isoformat() if begin < m.periods - 1 and m.chance(10) else None
            m.add(
                "sales",
                good=good,
                step=step,
                **{"from": m.since(begin), "until": end},
                width=None if wide else m.rate(m.quantity(good, m.number(1, 6))),
                price=price,
            )
            price = round(price * m.number(0.3, 1.0), 6)
