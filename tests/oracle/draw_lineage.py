"""Random chains of goods that rules follow back: ore into metal, metal with an alloying metal into magnets, and scrap back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import strategies as st

from stockpile.instance import Instance
from tests.oracle.maker import UNITS, Maker, Row

PLACES = (None, "X", "Y", "Z")
GOODS = ("ore", "metal", "heavy", "magnet", "scrap")


@st.composite
def chains(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Instance:
    """An instance of two or three periods, in which few decisions are discrete."""
    integer = draw(st.randoms(use_true_random=True)).randint
    m = Maker(
        integer,
        periods=integer(2, 3),
        step="year",
        start=date(2026, 1, 1),
        units=UNITS[integer(0, 2)],
        time="period",
    )
    _goods(m)
    _sources(m)
    _processes(m)
    _before(m)
    _demand(m)
    _rules(m)
    return Instance.from_tables(name="chain", settings=m.settings(), tables=dict(m.tables))


def _place(m: Maker) -> str | None:
    return m.pick(PLACES)


def _goods(m: Maker) -> None:
    """Most are traced, some age or get lost, all are kept and may be lent."""
    m.add("stores", store="S")
    for good in GOODS:
        life = m.pick([None, None, None, 1, 2])
        traced = good != "heavy" or m.chance(75)
        m.add(
            "goods",
            good=good,
            trace=True if traced else None,
            shelf_life=None if life is None else m.lasting(life),
            loss_rate=m.number(0.05, 0.3) if m.chance(25) else None,
        )
        m.add("storage", good=good, store="S", holding_cost=m.number(0.05, 0.4))
        if m.chance(25):
            depth = m.number(0.5, 3)
            m.add("rotation", good=good, mode="exchange", depth=depth, premium=m.pick([None, 0.3]), lag=m.lasting(1))
    for origin, groups in (("X", ["covered"]), ("Y", ["allied"]), ("Z", ["allied", "far"])):
        for group in groups:
            m.add("origins", origin=origin, group=group)


def _sources(m: Maker) -> None:
    """Ore and alloying metal from here and there, magnets at a high price."""
    for number, good in enumerate(["ore", "ore", "ore", "heavy", "heavy", *["magnet", "metal"][: m.pick([0, 1, 2])]]):
        name = f"K{number}"
        m.add("sources", source=name, good=good, origin=_place(m), mined_in=_place(m))
        low = {"ore": 1.0, "heavy": 2.0, "metal": 5.0, "magnet": 12.0}[good]
        width = m.number(1, 6) if m.chance(50) else None
        m.add("prices", source=name, price=m.number(low, 3 * low), width=width)


def _processes(m: Maker) -> None:
    """Each takes a fixed amount of each input; scrap goes back into metal at a loss."""
    recipes: list[tuple[str, dict[str, float]]] = [
        ("smelting", {"ore": -m.number(1, 1.5), "metal": 1.0}),
        ("sintering", {"metal": -1.0, "heavy": -m.number(0.1, 0.5), "magnet": 1.0, "scrap": m.number(0.1, 0.5)}),
        ("remelting", {"scrap": -1.0, "metal": m.number(0.3, 0.6)}),
    ]
    for name, recipe in recipes:
        lead = m.pick([0, 0, 1])
        m.add(
            "processes",
            process=name,
            origin=_place(m),
            lead_time=m.lasting(lead) if lead else None,
            cost=m.number(0.1, 1),
            set_up_cost=m.money(m.number(0.5, 3)) if m.chance(15) and m.take(2**m.periods) else None,
        )
        for good, amount in recipe.items():
            m.add("recipes", process=name, good=good, amount=round(amount, 3))
        m.add("capacity", process=name, capacity=m.number(2, 8))
        for _ in range(m.pick([0, 1, 2]) if lead else 0):
            arrives, seen = (
                m.first_day(0).isoformat(),
                {(r.get("origin"), r.get("mined_in")) for r in m.rows("opening_runs") if r["process"] == name},
            )
            origin, mined = _place(m), _place(m)
            if (origin, mined) not in seen:
                m.add(
                    "opening_runs", process=name, arrives=arrives, origin=origin, mined_in=mined, level=m.number(0.5, 4)
                )


def _before(m: Maker) -> None:
    """Stock of before, and what was lent."""
    for row in m.rows("goods"):
        for _ in range(m.pick([0, 0, 1, 2])):
            age = m.pick([0, 1]) if row.get("shelf_life") != "1" else 0
            cells: Row = {
                "good": row["good"],
                "store": "S",
                "age": m.lasting(age),
                "origin": _place(m),
                "mined_in": _place(m),
            }
            if not any(
                {**r, "quantity": 0} == {**{k: v for k, v in cells.items() if v is not None}, "quantity": 0}
                for r in m.rows("opening_stock")
            ):
                m.add("opening_stock", **cells, quantity=m.number(0.5, 4))
        if m.chance(15):
            due = m.first_day(m.pick([0, m.later()])).isoformat()
            m.add(
                "opening_lent",
                good=row["good"],
                due=due,
                origin=_place(m),
                mined_in=_place(m),
                quantity=m.number(0.5, 3),
            )


def _demand(m: Maker) -> None:
    """Two sectors want magnets, one perhaps metal too."""
    for sector in ("civil", "army"):
        m.add("sectors", sector=sector, accepted_origins=m.pick([None, None, None, "allied"]))
        for good in ["magnet", "metal"][: m.pick([1, 1, 2])]:
            m.add("demand", sector=sector, good=good, quantity=m.number(1, 5))
            m.add("tiers", sector=sector, good=good, share=1, penalty=m.number(15, 60))


def _rules(m: Maker) -> None:
    """One to three rules on origin in use, most of which follow magnets back."""
    for number in range(m.pick([1, 2, 2, 3])):
        limits = m.pick([{"at_most": 0.0}, {"at_most": m.number(0.1, 0.8)}, {"at_least": m.number(0.1, 0.9)}])
        place = m.pick([{"group": "covered"}, {"group": "allied"}, {"group": "far"}, {"origin": "X"}, {"origin": "Y"}])
        m.add(
            "policies",
            policy=f"rule {number}",
            kind="origin-in-use",
            good=m.pick(["magnet", "magnet", "magnet", "metal", None]),
            sector=m.pick([None, "civil", "army"]),
            by=m.pick(["mined", "mined", "chain", "chain", None]),
            per=m.pick([None, None, "horizon"]),
            penalty=m.number(0.5, 20) if m.chance(70) else None,
            **place,
            **limits,
        )


__all__ = ["chains"]
