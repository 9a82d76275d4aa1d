"""Random policies: most at a penalty, or asking for little, so that a plan remains."""

from __future__ import annotations

from typing import Any

from tests.oracle.follow_back import follow_back
from tests.oracle.maker import Maker

ORIGINS = ("X", "Y")


def draw_policies(m: Maker) -> None:
    """Up to three policies, where instances have any, some with a row for later that asks for more or less."""
    if not m.chance(80 if _market_paid(m) else 60):
        return
    for row in m.rows("sources"):
        for burden in ("energy", "emissions"):
            row[burden] = m.number(0.1, 4) / m.good_units.get(row["good"], 1.0) if m.chance(30) else None
        row["mined_in"], row["supplier"] = m.pick([None, *ORIGINS]), m.pick([None, "one", "two"])
    for row in m.rows("goods"):
        row["material"] = m.pick([None, "metal", "metal"])
    for origin, groups in (("X", [["covered"], ["covered", "far"]]), ("Y", [["allied"], ["allied", "far"]])):
        for group in m.pick(groups):
            m.add("origins", origin=origin, group=group)
    kinds = [_share, _share, _cover, _cover, _spending] + [_market_share] * 2 + [_budget_use] * 3
    kinds += [_deliveries] * 3 + [_exposure] * 5 + [_burden] * 3
    if m.chance(90 if _market_paid(m) else 60) and _trace(m):
        kinds += [_in_use] * 20
    for number in range(m.pick([1, 2, 2, 3])):
        m.pick(kinds)(m, f"policy {number + 1}")
    follow_back(m, kept_apart(m))


def _put(m: Maker, name: str, kind: str, limits: list[tuple[str, float]], fine: float, **cells: Any) -> None:
    """The rows of a policy: at a penalty for the most part, perhaps from a date on, or changed then."""
    later = m.chance(25)
    begins = [m.pick([0, 0, 0, m.later()])]
    if begins == [0] and later:
        begins.append(m.later())
    soft = m.chance(65)
    for begin in begins:
        most = {side: round(amount * m.number(0.5, 1.5), 6) for side, amount in limits}
        if "at_least" in most and "at_most" in most:
            most["at_least"], most["at_most"] = sorted(most.values())
        if kind in ("share", "market-share", "origin-in-use"):
            most = {side: min(amount, 1.0) for side, amount in most.items()}
        end = m.first_day(m.periods - 1).isoformat() if begin < m.periods - 1 and m.chance(12) else None
        penalty = fine * m.pick([0.0, *[m.number(0, 2)] * 6]) if soft or m.chance(30) else None
        given = {"penalty": None if penalty is None else round(penalty, 9)}
        m.add("policies", policy=name, kind=kind, **{"from": m.since(begin), "until": end}, **cells, **most, **given)


def _of(m: Maker) -> dict[str, Any]:
    """The good or material that a policy is about."""
    goods = [row["good"] for row in m.rows("goods")]
    metal = any(row["material"] == "metal" for row in m.rows("goods"))
    return m.pick([{}, {"good": m.pick(goods)}, {"good": m.pick(goods)}, *([{"material": "metal"}] if metal else [])])


def _from(m: Maker) -> dict[str, Any]:
    """The sources that a policy counts."""
    ways: list[dict[str, Any]] = []
    by = m.pick([None, "mined"])
    place = "mined_in" if by else "origin"
    ways += [{"origin": o, "by": by} for o in ORIGINS if any(r.get(place) == o for r in m.rows("sources"))]
    ways += [{"group": row["group"], "by": by} for row in m.rows("origins")]
    ways += [{"supplier": r["supplier"]} for r in m.rows("sources") if r["supplier"] is not None]
    ways += [{"source": r["source"]} for r in m.rows("sources")]
    ways += [{"market": r["market"]} for r in m.rows("markets")]
    return {**m.pick(ways), "paid_by": m.pick([None, "market", "both"]) if _market_paid(m) else None}


def _per(m: Maker) -> str | None:
    return m.pick([None, "year", "fiscal-year", "horizon", "horizon"])


def _tonnes(m: Maker, cells: dict[str, Any], amount: float) -> float:
    """An amount in the unit of the policy's good."""
    return m.quantity(str(cells.get("good")), amount)


def _price(m: Maker) -> float:
    return m.number(1, 8)


def _deliveries(m: Maker, name: str) -> None:
    cells = {**_of(m), **_from(m), "per": _per(m)}
    side, amount = m.pick([("at_most", 0.0), ("at_most", m.number(0.5, 12)), ("at_least", m.number(0.5, 5))])
    _put(m, name, "deliveries", [(side, _tonnes(m, cells, amount))], _price(m), **cells)


def _share(m: Maker, name: str) -> None:
    cells = {**_of(m), **_from(m), "per": _per(m)}
    limits = m.pick([[("at_most", 0.6)], [("at_least", 0.3)], [("at_least", 0.2), ("at_most", 0.8)]])
    _put(m, name, "share", limits, _price(m), **cells)


def _market_share(m: Maker, name: str) -> None:
    """Of a volume, or of what is offered where something limits that in every period."""
    of, markets = {"good": m.pick(m.rows("sources"))["good"]}, [r["market"] for r in m.rows("markets")]
    if markets and m.chance(50):
        of = {"market": m.pick(markets)}
    mine = [r for r in m.rows("sources") if r["good"] == of.get("good") or r.get("market") == of.get("market", "-")]
    names = {r["source"] for r in mine}
    open_ended = [r for r in m.rows("prices") if r["source"] in names and r.get("width") is None]
    open_ended += [
        r for r in m.rows("markets") if r["market"] in {s.get("market") for s in mine} and r.get("width") is None
    ]
    volume = m.rate(_tonnes(m, of, m.number(5, 40))) if open_ended or m.chance(40) else None
    limits = [("at_most", m.number(0.1, 0.7))] if m.chance(55) else [("at_least", m.number(0.02, 0.3))]
    paid_by = m.pick([None, "both"])
    _put(m, name, "market-share", limits, _price(m), **of, volume=volume, per=_per(m), paid_by=paid_by)


def _cover(m: Maker, name: str) -> None:
    kept = [r["good"] for r in m.rows("storage")]
    most = ("at_most", m.pick([m.number(1, 20), m.number(30, 200)]))
    sides = [most] if m.chance(40) or not kept else [("at_least", m.number(10, 150))]
    goods = [g for g in m.rows("goods") if g["material"] == "metal" and g["good"] in kept]
    of = {"good": m.pick(kept)} if kept and (not goods or m.chance(50)) else {"material": "metal"} if goods else {}
    sector = m.pick([None, m.pick(m.rows("sectors"))["sector"]])
    limits = [
        (side, amount * {"year": 1, "quarter": 0.25, "month": 0.08, "week": 0.02}[m.step]) for side, amount in sides
    ]
    _put(m, name, "cover", limits, m.rate(_price(m)), **of, sector=sector)


def _spending(m: Maker, name: str) -> None:
    funds, projects = [r["fund"] for r in m.rows("funds")], [r["project"] for r in m.rows("projects")]
    cells: dict[str, Any] = {"fund": m.pick([None, *funds]), "per": _per(m)}
    if projects and m.chance(40):
        cells["project"] = m.pick(projects)
    limits = [("at_most", m.money(m.number(5, 90)))] if m.chance(70) else [("at_least", m.money(m.number(1, 20)))]
    _put(m, name, "spending", limits, m.number(0.1, 2), **cells)


def _budget_use(m: Maker, name: str) -> None:
    funds = [r["fund"] for r in m.rows("funds")]
    if not funds:
        _spending(m, name)
        return
    limits = [("at_most", m.number(0.2, 1.2))] if m.chance(50) else [("at_least", m.number(0.05, 0.6))]
    _put(m, name, "budget-use", limits, m.number(0.1, 2), fund=m.pick([None, *funds]), per=_per(m))


def _exposure(m: Maker, name: str) -> None:
    funds, projects = [r["fund"] for r in m.rows("funds")], [r["project"] for r in m.rows("projects")]
    if not projects:
        _share(m, name)
        return
    way = m.pick([{}, {"project": m.pick(projects)}, *({"fund": fund} for fund in funds[:1])])
    _put(m, name, "exposure", [("at_most", m.money(m.number(1, 20)))], m.rate(m.number(0.02, 0.5)), **way)


def _burden(m: Maker, name: str) -> None:
    """Energy or emissions of what is bought and made, or of one process."""
    kind, processes = m.pick(["energy", "emissions"]), [r["process"] for r in m.rows("processes")]
    cells = {**m.pick([{}, {}, _of(m), _from(m)])}
    if processes and m.chance(40):
        cells = {"process": m.pick(processes)}
    _put(m, name, kind, [("at_most", m.number(0.5, 25))], m.money(m.number(0.05, 3)), **cells, per=_per(m))


def kept_apart(m: Maker) -> set[str]:
    """Goods that are kept by age or store by store."""
    slow = {r["store"] for r in m.rows("stores") if "release_rate" in r}
    apart = {r["good"] for t in ("ages", "freshness") for r in m.rows(t)}
    apart |= {r["good"] for r in m.rows("storage") if r["store"] in slow or "release_rate" in r}
    apart |= {r["good"] for r in m.rows("transfers") if "good" in r}
    routes = [{r["from_store"], r["to_store"]} for r in m.rows("transfers") if "good" not in r]
    kept = {g["good"]: {r["store"] for r in m.rows("storage") if r["good"] == g["good"]} for g in m.rows("goods")}
    return apart | {g for g, stores in kept.items() if any(route <= stores for route in routes)}


def _trace(m: Maker) -> bool:
    """Goods that are told apart by origin, where they are kept neither by age nor store by store; who takes which."""
    apart = kept_apart(m)
    bought = _market_paid(m)
    chosen = [r for r in m.rows("goods") if r["good"] not in apart and m.chance(95 if r["good"] in bought else 80)]
    for row in chosen:
        row["trace"] = True
    for table in ("opening_stock", "opening_lent"):
        for row in m.rows(table):
            row["origin"], row["mined_in"] = m.pick([None, *ORIGINS]), m.pick([None, *ORIGINS])
    for row in m.rows("processes"):
        row["origin"] = m.pick([None, *ORIGINS])
    for row in m.rows("opening_runs"):
        row["origin"], row["mined_in"] = m.pick([None, *ORIGINS]), m.pick([None, *ORIGINS])
    for row in m.rows("sectors"):
        if chosen and m.chance(30):
            row["accepted_origins"] = m.pick(m.rows("origins"))["group"]
    return bool(chosen)


def _market_paid(m: Maker) -> set[str]:
    """Goods that the market pays for beside the reserve."""
    return {row["good"] for row in m.rows("sources") if row.get("paid_by") == "market"}


def _wanted(m: Maker) -> list[str]:
    """Goods that some sector wants."""
    return list(dict.fromkeys(row["good"] for row in m.rows("demand")))


def _in_use(m: Maker, name: str) -> None:
    """Shares of what sectors get of traced goods."""
    traced = [r for r in m.rows("goods") if r.get("trace")]
    made = {r["good"] for r in m.rows("recipes") if r.get("amount", 0.0) > 0}
    ways: list[dict[str, Any]] = [{"good": m.pick(traced)["good"]}, {}]
    ways += [{"good": r["good"]} for r in traced if r["good"] in made]
    ways += [{"good": r["good"]} for r in traced if r["good"] in _market_paid(m)] * 3
    ways += [{"material": "metal"}] * any(r["material"] == "metal" for r in traced)
    ways += [{"good": g} for g in _wanted(m) if g in {r["good"] for r in traced}] * 3
    way = m.pick(ways)
    places = [r["origin"] for r in m.rows("sources") if r["good"] == way.get("good") and r.get("origin") in ORIGINS]
    place = m.pick([{"origin": m.pick(places or ORIGINS)}, {"group": m.pick(m.rows("origins"))["group"]}])
    sector = m.pick([None, m.pick(m.rows("sectors"))["sector"]])
    limits = m.pick([[("at_most", 0.0)], [("at_most", m.number(0.1, 0.7))], [("at_least", m.number(0.1, 0.6))]])
    by, payer = m.pick([None, "mined", "chain"] if made else [None, None, "mined"]), m.pick([None, "market", "both"])
    cells = {**way, **place, "by": by, "sector": sector, "paid_by": payer, "per": _per(m)}
    _put(m, name, "origin-in-use", limits, _price(m), **cells)
