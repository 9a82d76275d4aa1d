"""Random small instances over all blocks; scarce money, shelves that fill, projects that may pay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import strategies as st

from stockpile.instance import Instance
from tests.oracle.abandonment import add_abandonment, add_alternatives, add_opening_stages
from tests.oracle.accounts import draw_accounts
from tests.oracle.backlog import add_backlog
from tests.oracle.draw_contracts import draw_contracts, reserve_signings, tie_contracts
from tests.oracle.draw_policies import draw_policies
from tests.oracle.draw_stores import add_release_rates, add_transfers
from tests.oracle.finance import (
    add_commitment_limits,
    add_exposure_limits,
    add_funds,
    add_loans,
    add_opening_money,
    add_projects,
    add_recoveries,
)
from tests.oracle.guarantees import add_guarantees
from tests.oracle.incentives import draw_incentives
from tests.oracle.maker import LENGTH, UNITS, Maker
from tests.oracle.market_supply import add_market_orders
from tests.oracle.markets import add_market_supply, add_markets
from tests.oracle.more_rotation import add_events, add_exchange, add_lent_values, add_sales
from tests.oracle.opening_finance import add_opening_finance
from tests.oracle.pins import add_more_pins, add_use_pins
from tests.oracle.price_floors import add_price_floors
from tests.oracle.processing import draw_processing
from tests.oracle.resources import draw_resources
from tests.oracle.returns import draw_returns
from tests.oracle.undelivered import add_order_values

SECTORS = ["civil", "army"]


@st.composite
def instances(
    draw: Callable[[st.SearchStrategy[Any]], Any],
    periods: int = 4,
    room: int = 64,
    scattered: bool = False,
    least: int = 2,
) -> Instance:
    """An instance of ``least`` to ``periods`` periods with about ``room`` discrete assignments at most.

    Where ``scattered`` all draws come from one random generator: the instances differ more and do not shrink.
    """

    def drawn(low: int, high: int) -> int:
        return int(draw(st.integers(low, high)))

    integer = draw(st.randoms(use_true_random=True)).randint if scattered else drawn
    m = Maker(
        integer,
        periods=integer(least, periods),
        step=["year", "quarter", "month", "week"][integer(0, 3)],
        start=[date(2026, 1, 1), date(2025, 10, 1), date(2027, 5, 15)][integer(0, 2)],
        units=UNITS[integer(0, 2)],
        time=["period", "year"][integer(0, 1)],
        room=room,
    )
    add_goods(m)
    add_sources(m)
    signings = reserve_signings(m)
    first = m.pick([add_discounts, add_lots, None])
    if first is not None:
        first(m)
    early = m.chance(50)
    if early:
        add_lumps(m)
    add_demand(m)
    add_accepts(m)
    add_funds(m)
    add_projects(m)
    if not early:
        add_lumps(m)
    for add in (add_discounts, add_lots):
        if add is not first:
            add(m)
    add_open_orders(m)
    add_rotation(m)
    add_pins(m)
    add_opening_money(m)
    add_end_values(m)
    add_backlog(m)
    add_markets(m)
    add_abandonment(m)
    add_sales(m)
    add_exchange(m)
    add_events(m)
    add_lent_values(m)
    add_ages(m)
    add_use_pins(m)
    add_loans(m)
    add_commitment_limits(m)
    add_exposure_limits(m)
    add_recoveries(m)
    add_guarantees(m)
    add_transfers(m)
    add_release_rates(m)
    add_market_supply(m)
    add_alternatives(m)
    add_opening_stages(m)
    add_principal_values(m)
    draw_contracts(m, signings)
    draw_resources(m)
    add_order_values(m)
    add_price_floors(m)
    draw_processing(m)
    draw_returns(m)
    add_market_orders(m)
    draw_policies(m)
    add_more_pins(m)
    add_opening_finance(m)
    tie_contracts(m)
    draw_accounts(m)
    draw_incentives(m)
    return Instance.from_tables(name="random", settings=m.settings(), tables=dict(m.tables))


def add_goods(m: Maker) -> None:
    """Goods, the stores they may lie in, and what lies there at first."""
    dear = m.chance(25)
    for store in ["S1", "S2"][: m.pick([1, 1, 2])]:
        m.add("stores", store=store, capacity=m.number(4, 25) if dear or m.chance(50) else None)
    for good in ["A", "B"][: m.pick([1, 1, 2])]:
        kilos = m.units[0] == "t" and m.chance(20)
        m.good_units[good] = 1000.0 if kilos else 1.0
        life = m.pick([None, None, 1, 2, 3])
        m.add(
            "goods",
            good=good,
            unit="kg" if kilos else None,
            shelf_life=None if life is None else m.lasting(life),
            loss_rate=m.share_rate(m.number(0.05, 0.4)) if m.chance(35) else None,
            disposal_cost=m.number(0.5, 3) if m.chance(30) else None,
            terminal_value=m.number(0.3, 7 if dear else 0.9) if dear or m.chance(35) else None,
            end_stock=m.quantity(good, m.number(1, 5)) if m.chance(20) else None,
        )
        for row in m.rows("stores"):
            if m.chance(90 if row["store"] == "S1" else 50):
                _add_storage(m, good, row["store"])
                _add_opening(m, good, row["store"], life)


def _add_storage(m: Maker, good: str, store: str) -> None:
    changes = [0] if m.chance(75) else [0, m.later()]
    if m.chance(10):
        changes = [m.later()]
    for begin in changes:
        m.add(
            "storage",
            good=good,
            store=store,
            **{"from": m.since(begin), "until": m.first_day(m.periods - 1).isoformat() if _ends(m, begin) else None},
            holding_cost=m.rate(m.number(0.05, 0.8)) if m.chance(60) else None,
            capacity=m.quantity(good, m.number(3, 20)) if m.chance(35) else None,
        )


def _ends(m: Maker, begin: int, percent: int = 8) -> bool:
    return begin < m.periods - 1 and m.chance(percent)


def _add_opening(m: Maker, good: str, store: str, life: int | None) -> None:
    ages = [age for age in range(4) if life is None or age < life]
    for age in ages:
        if m.chance(30):
            row = {"good": good, "store": store, "quantity": m.quantity(good, m.number(1, 12))}
            m.add("opening_stock", **row, age=m.lasting(age) if age or m.chance(50) else None)


def add_sources(m: Maker) -> None:
    """Sources with price steps, limits and duties."""
    goods = [row["good"] for row in m.rows("goods")]
    for i in range(m.pick([1, 2, 2, 3])):
        good = goods[i % len(goods)] if i < 2 else m.pick(goods)
        name = f"K{i + 1}"
        lead = m.pick([0, 0, 0, 1, 1, 2]) if m.periods > 2 else m.pick([0, 0, 1])
        begin = m.later() if m.chance(12) else 0
        m.add(
            "sources",
            source=name,
            good=good,
            origin=m.pick([None, "X", "X", "Y"]),
            lead_time=m.lasting(lead) if lead else None,
            qualified_from=m.since(begin) or None,
            until=m.first_day(m.periods - 1).isoformat() if _ends(m, begin, 12) else None,
        )
        if m.chance(50):
            _add_supply(m, name, good)
        _add_prices(m, name, good)
    if m.chance(45):
        _add_duties(m, goods)


def _add_supply(m: Maker, source: str, good: str) -> None:
    begins = m.pick([[0], [0], [0, m.later()], [m.later()]])
    for begin in begins:
        capacity = None if m.chance(20) else m.rate(m.quantity(good, m.number(0, 15)))
        end = m.first_day(m.periods - 1).isoformat() if _ends(m, begin) else None
        m.add("supply", source=source, **{"from": m.since(begin), "until": end}, capacity=capacity)


def _add_prices(m: Maker, source: str, good: str) -> None:
    begins = [0] if m.chance(60) else [0, m.later()]
    if m.chance(6):
        begins = [m.later()]
    steps = m.pick([1, 1, 2, 3])
    for begin in begins:
        price = m.number(1, 6)
        for step in range(1, steps + 1):
            wide = step == steps and m.chance(60)
            m.add(
                "prices",
                source=source,
                step=None if steps == 1 and m.chance(50) else step,
                **{"from": m.since(begin)},
                width=None if wide else m.rate(m.quantity(good, m.number(2, 12))),
                price=price,
            )
            price = round(price + m.number(0, 3), 6)


def _add_duties(m: Maker, goods: list[str]) -> None:
    m.add("duties", origin="X", rate=m.pick([0.1, 0.25, 1.5]), **{"from": m.since(m.pick([0, 0, m.later()]))})
    if m.chance(50):
        m.add("duties", origin="X", good=m.pick(goods), rate=m.pick([0.0, 0.5]))
    if m.chance(40):
        m.add("duties", origin="Y", rate=0.3, until=m.first_day(m.later()).isoformat())


def add_lumps(m: Maker) -> None:
    """Order costs and least orders, as far as there is room for the assignments."""
    for row in m.rows("sources"):
        if m.chance(55) and m.take(2**m.periods):
            kind = m.pick(["cost", "least", "both"])
            if kind != "least":
                row["order_cost"] = m.money(m.number(2, 25))
            if kind != "cost":
                row["min_order"] = m.quantity(row["good"], m.number(3, 14))


def add_lots(m: Maker) -> None:
    """Sources that sell in lots, at most three to an order, as far as there is room for the assignments."""
    for row in m.rows("sources"):
        mine = [p for p in m.rows("prices") if p["source"] == row["source"]]
        if any("width" not in p for p in mine) or not m.chance(65):
            continue
        wide = max(sum(p["width"] for p in mine if p["from"] == since) for since in {p["from"] for p in mine})
        wide *= len({p["from"] for p in mine}) * (1.0 if m.time == "period" else LENGTH[m.step])
        most = m.pick([1, 2, 3])
        if m.take((most + 1) ** m.periods):
            row["lot_size"] = round(wide / (most + m.pick([0.0, 0.3, 0.7])), 6)


def add_discounts(m: Maker) -> None:
    """Sources whose prices fall, as far as there is room for the assignments."""
    for row in m.rows("sources"):
        mine = [p for p in m.rows("prices") if p["source"] == row["source"]]
        steps = max(p.get("step", 1) for p in mine)
        if steps == 1 or not m.chance(60) or not m.take((steps + 1) ** m.periods):
            continue
        fall = m.pick([0.0, 0.3, 0.45])
        row["discount"] = m.pick(["incremental", "all-units"])
        for p in mine:
            p["price"] = round(p["price"] * (1.3 + fall - fall * p["step"]), 6)
            if p["step"] < steps:
                p["width"] = m.rate(m.quantity(row["good"], m.number(1, 5)))


def add_open_orders(m: Maker) -> None:
    """Orders from before the horizon, and deliveries that are cut on their way."""
    for row in m.rows("sources"):
        if m.chance(25):
            for n in m.pick([[0], [m.later()], [0, m.later()]]):
                price = m.pick([None, m.number(1, 6)])
                amount = m.quantity(row["good"], m.number(1, 8))
                arrives = m.first_day(n).isoformat()
                m.add("opening_orders", source=row["source"], arrives=arrives, quantity=amount, price=price)
        if m.chance(20):
            for n in m.pick([[0], [m.later()], [0, m.later()]]):
                end = m.first_day(m.periods - 1).isoformat() if _ends(m, n) else None
                cells = {"from": m.since(n), "until": end, "share": m.pick([0.0, 0.5, 0.8])}
                m.add("arrivals", source=row["source"], **cells)


def add_pins(m: Maker) -> None:
    """Orders and releases that are required or forbidden, some of them impossible."""
    for row in m.rows("sources"):
        if m.chance(20):
            side = m.pick(["at_least", "at_most"])
            amount = m.quantity(row["good"], m.number(0, 9)) if side == "at_least" else m.pick([0.0, 2.0])
            cells = {"from": m.since(m.pick([0, m.later()])), side: amount / m.good_units.get(row["good"], 1.0)}
            m.add("pins", pin=f"pin {row['source']}", decision="order", name=row["source"], **cells)
    for row in m.rows("stages"):
        if m.chance(15):
            cells = {m.pick(["at_least", "at_most"]): m.pick([0.0, 1.0, 1.0])}
            name = f"pin {row['project']} {row['stage']}"
            m.add("pins", pin=name, decision="release", name=row["project"], stage=row["stage"], **cells)


def add_end_values(m: Maker) -> None:
    """Debt that counts at the end and projects that are worth something then."""
    credit = [row["fund"] for row in m.rows("funds") if row.get("kind") == "credit"]
    if credit and m.chance(40):
        m.add("end_values", kind="debt", name=m.pick([None, credit[0]]), value=m.number(0.2, 1.0))
    for row in m.rows("projects"):
        if m.chance(30):
            m.add("end_values", kind="project", name=row["project"], value=m.money(m.number(1, 25)))
    if m.rows("projects") and m.chance(15):
        m.add("end_values", kind="project", value=m.money(m.number(1, 10)))


def add_ages(m: Maker) -> None:
    """Goods whose loss, price or use depends on their age."""
    for row in m.rows("goods"):
        good = row["good"]
        sold = good in {r["good"] for r in m.rows("rotation") if r["mode"] == "sale"}
        if m.chance(60 if sold else 20):
            for age in m.pick([[0], [1], [2], [0, 1], [1, 2], [0, 2, 3]]):
                loss, factor = m.pick([(True, False), (False, True), (True, True)])
                m.add(
                    "ages",
                    good=good,
                    age=m.lasting(age) if age or m.chance(50) else None,
                    loss_rate=m.share_rate(m.number(0, 0.4)) if loss else None,
                    price_factor=m.number(0, 1) if factor else None,
                )
        if m.chance(25):
            for sector in [s["sector"] for s in m.rows("sectors")]:
                if m.chance(70):
                    m.add("freshness", sector=sector, good=good, max_age=m.lasting(m.pick([0, 0, 1, 2])))


def add_principal_values(m: Maker) -> None:
    """Principal that is worth something at the end."""
    lenders = [r["fund"] for t in ("financing", "opening_loans") for r in m.rows(t) if r.get("instrument") != "grant"]
    if lenders and m.chance(50):
        m.add("end_values", kind="principal", name=m.pick([None, m.pick(lenders)]), value=m.number(0.2, 1.0))


def add_demand(m: Maker) -> None:
    """Sectors, demand, tiers of shortfall and targets."""
    goods = [row["good"] for row in m.rows("goods")]
    sectors = SECTORS[: m.pick([1, 1, 2])]
    for sector in sectors:
        m.add("sectors", sector=sector)
        for good in goods:
            if sector == SECTORS[0] or m.chance(60):
                for begin in m.pick([[0], [0, m.later()], [m.later()]]):
                    end = m.first_day(m.periods - 1).isoformat() if _ends(m, begin) else None
                    amount = m.rate(m.quantity(good, m.number(2, 14)))
                    cells = {"from": m.since(begin), "until": end, "quantity": amount}
                    m.add("demand", sector=sector, good=good, **cells)
    _add_tiers(m, sectors, goods)
    for good in goods:
        if m.chance(35):
            _add_target(m, good)


def add_accepts(m: Maker) -> None:
    """Sectors that take one good for another."""
    goods = [row["good"] for row in m.rows("goods")]
    if len(goods) < 2:
        return
    for sector in [row["sector"] for row in m.rows("sectors")]:
        for wanted, given in (goods, goods[::-1]):
            if m.chance(45):
                cells = {"wanted": wanted, "given": given, "rate": m.pick([None, 0.5, 2.0])}
                m.add("accepts", sector=sector, **cells, cost=m.pick([None, 0.5, 2.0]))


def _add_tiers(m: Maker, sectors: list[str], goods: list[str]) -> None:
    if m.chance(6):
        return
    keys: list[tuple[str | None, str | None]] = [(None, None)]
    keys += [key for key in [(sectors[0], None), (None, goods[-1]), (sectors[-1], goods[0])] if m.chance(25)]
    for sector, good in keys:
        shares = m.pick([[1.0], [1.0], [0.3, 0.7], [0.2, 0.3, 0.5], [0.8]])
        penalty = m.number(3, 12)
        for i, share in enumerate(shares):
            m.add("tiers", sector=sector, good=good, tier=i + 1, share=share, penalty=penalty)
            penalty = round(penalty + m.number(0, 20), 6)


def _add_target(m: Maker, good: str) -> None:
    for begin in m.pick([[0], [m.later()], [0, m.later()]]):
        soft = m.chance(75)
        days = LENGTH_DAYS[m.step]
        m.add(
            "targets",
            good=good,
            **{"from": m.since(begin)},
            quantity=m.quantity(good, m.number(1, 10)) if m.chance(50) else None,
            cover=round(m.number(0.1, 1.2) * days, 3) if m.chance(60) else None,
            penalty=m.rate(m.number(0.3, 8)) if soft else None,
        )


LENGTH_DAYS = {"year": 365.25, "quarter": 91.3, "month": 30.4, "week": 7.0}


def add_rotation(m: Maker) -> None:
    """Sales at a discount on the market or at a price of their own."""
    for row in m.rows("goods"):
        good = row["good"]
        if not m.chance(40):
            continue
        mine = [s for s in m.rows("sources") if s["good"] == good]
        names = {s["source"] for s in mine}
        supplied = any(p["source"] in names and not p.get("from") for p in m.rows("prices"))
        bounded = any({"order_cost", "min_order", "lot_size", "discount"} & set(s) for s in mine)
        for begin in m.pick([[0], [0], [m.later()], [0, m.later()]]):
            own = not supplied or m.chance(40)
            end = m.first_day(m.periods - 1).isoformat() if _ends(m, begin) else None
            m.add(
                "rotation",
                good=good,
                mode="sale",
                **{"from": m.since(begin), "until": end},
                discount=m.number(0, 0.6) if m.chance(70) else None,
                price=m.number(0.5, 5) if own else None,
                depth=None if m.chance(6) and not bounded else m.rate(m.quantity(good, m.number(2, 10))),
                proceeds_to=m.pick([None, *(f["fund"] for f in m.rows("funds"))]),
            )
