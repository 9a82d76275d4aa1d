"""Policies in random instances: origins in groups, shares, bans, cover, and limits on money."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import MONEY, Draws, Tables

#: Where goods are mined, with the groups of each.
GROUPS = {
    "Atlantis": ("allied",),
    "Borealis": ("allied", "domestic"),
    "Cascadia": ("allied",),
    "Drava": ("covered",),
    "Elbonia": ("covered",),
}


def add_policy_rules(tables: Tables, periods: int, seed: int) -> None:
    """Say where sources mine and who they are, and add policies.

    What could not always be kept is missed at a penalty, so it stays feasible.
    """
    draws = Draws(Random(f"policies {seed}"), periods, tables)
    for origin, groups in GROUPS.items():
        for group in groups:
            draws.add("origins", origin=origin, group=group)
    places, suppliers = list(GROUPS), ("First Metals", "Second Metals", "Third Metals")
    for source in tables["sources"]:
        source["mined_in"] = places[draws.pick(0, len(places) - 1)]
        source["supplier"] = suppliers[draws.pick(0, 2)]
    for good in [row["good"] for row in tables["goods"]]:
        _for_good(draws, good)
    _burdens(draws)
    _trace(draws)
    _bans(draws)
    _for_money(draws)
    _follow_back(Draws(Random(f"chains {seed}"), periods, tables))


def _for_good(draws: Draws, good: str) -> None:
    """Shares of what is bought, of the world's volume, and days of cover."""
    begin = draws.date(draws.pick(0, draws.periods - 1))
    price = max(row["price"] for row in draws.tables["prices"])
    fine = round(price * draws.number(0.05, 0.5), 4)
    mined = {"kind": "share", "good": good, "by": "mined", "from": begin, "penalty": fine}
    own = [row for row in draws.tables["sources"] if row["good"] == good and row.get("paid_by") is None]
    there = {group for row in own for group in GROUPS[row["mined_in"]]}
    if draws.chance(0.3) and "covered" in there:
        per = "year" if draws.chance(0.5) else "horizon"
        draws.add(
            "policies", policy=f"covered {good}", **mined, group="covered", at_most=draws.number(0.2, 0.7), per=per
        )
    if draws.chance(0.2) and "allied" in there:
        draws.add("policies", policy=f"allied {good}", **mined, group="allied", at_least=draws.number(0.1, 0.5))
    yearly = sum(r["quantity"] for r in draws.tables["demand"] if r["good"] == good and r["from"] is None)
    if draws.chance(0.2) and yearly > 0:
        cells = {"kind": "market-share", "good": good, "volume": round(10 * yearly, 2), "penalty": fine}
        draws.add("policies", policy=f"world's {good}", **cells, at_most=draws.number(0.05, 0.15))
    kept = any(row["good"] == good for row in draws.tables.get("storage", []))
    if draws.chance(0.2) and kept and yearly > 0:
        cells = {"kind": "cover", "good": good, "sector": "defence", "from": begin, "penalty": fine}
        draws.add("policies", policy=f"days of {good}", **cells, at_least=draws.pick(30, 120))


def _trace(draws: Draws) -> None:
    """Goods that are told apart by origin, where they are kept neither by age nor store by store, and who must get which."""
    apart = _kept_apart(draws)
    places = list(GROUPS)
    for row in draws.tables["goods"]:
        good = row["good"]
        if good in apart or not draws.chance(0.4) or not any(d["good"] == good for d in draws.tables["demand"]):
            continue
        row["trace"] = True
        for table in ("opening_stock", "opening_lent"):
            for before in draws.tables.get(table, []):
                if before["good"] == good:
                    before["origin"] = places[draws.pick(0, len(places) - 1)]
        cells = {"kind": "origin-in-use", "good": good, "group": "covered", "paid_by": "both"}
        price = max(p["price"] for p in draws.tables["prices"])
        draws.add(
            "policies",
            policy=f"no covered {good} in use",
            **cells,
            **{"from": draws.date(draws.pick(0, draws.periods - 1))},
            sector="defence" if draws.chance(0.7) else None,
            at_most=0 if draws.chance(0.5) else draws.number(0.1, 0.5),
            penalty=round(price * draws.number(0.2, 2.0), 4),
        )


def _kept_apart(draws: Draws) -> set[str]:
    """Goods that are kept by age or store by store."""
    apart = {row["good"] for table in ("ages", "freshness") for row in draws.tables.get(table, [])}
    slow = {row["store"] for row in draws.tables["stores"] if row.get("release_rate")}
    apart |= {r["good"] for r in draws.tables.get("storage", []) if r.get("release_rate") or r["store"] in slow}
    routes = draws.tables.get("transfers", [])
    if any(route.get("good") is None for route in routes):
        return {row["good"] for row in draws.tables["goods"]}
    return apart | {route["good"] for route in routes}


def _follow_back(draws: Draws) -> None:
    """Let half of the rules on goods in use that processes make speak of the whole chain, where what they are made of can be traced."""
    places, apart = list(GROUPS), _kept_apart(draws)
    for rule in [row for row in draws.tables.get("policies", []) if row["kind"] == "origin-in-use"]:
        inputs = _chain(draws, rule["good"])
        if not inputs or inputs & apart or not draws.chance(0.5):
            continue
        rule["by"] = "chain"
        for row in draws.tables["goods"]:
            row["trace"] = row.get("trace") or row["good"] in inputs or None
        for table in ("opening_stock", "opening_lent", "opening_runs"):
            for before in draws.tables.get(table, []):
                if before.get("good", "") in inputs | {rule["good"]} or "process" in before:
                    before["mined_in"] = before.get("mined_in") or places[draws.pick(0, len(places) - 1)]


def _chain(draws: Draws, good: str) -> set[str]:
    """What processes make a good of, at once or after others, that good too where it comes back; nothing where a blend decides that."""
    found, todo = set[str](), {good}
    while todo:
        recipes = draws.tables.get("recipes", [])
        makers = {r["process"] for r in recipes if r["good"] in todo and (r["amount"] or 0.0) > 0}
        taken = [r for r in recipes if r["process"] in makers and (r["amount"] is None or r["amount"] < 0)]
        if any(r["amount"] is None for r in taken):
            return set()
        todo = {r["good"] for r in taken} - found
        found |= todo
    return found


def _burdens(draws: Draws) -> None:
    """What goods emit before they arrive, and limits on that and on the energy of processes."""
    for row in draws.tables["sources"]:
        row["emissions"] = draws.number(0.5, 20) if draws.chance(0.3) else None
    yearly = sum(r["quantity"] for r in draws.tables["demand"] if r["from"] is None)
    for kind, most in (("emissions", 5.0), ("energy", 8.0)):
        known = draws.tables["sources"] if kind == "emissions" else draws.tables.get("processes", [])
        if any(row.get(kind) for row in known) and draws.chance(0.4):
            amount = round(yearly * draws.number(0.1, 1.0) * most, 2)
            cells = {"per": "year", "at_most": amount, "penalty": round(draws.number(0.01, 0.2) * MONEY, 8)}
            draws.add("policies", policy=f"{kind} of a year", kind=kind, **cells)


def _bans(draws: Draws) -> None:
    """Sources from which nothing may arrive for a while, where nothing has to."""
    bound = {pin["name"] for pin in draws.tables.get("pins", []) if pin.get("at_least")}
    bound |= {order["source"] for order in draws.tables.get("opening_orders", [])}
    for row in draws.tables["sources"]:
        if row["source"] not in bound and row.get("paid_by") is None and draws.chance(0.1):
            cells = {"kind": "deliveries", "source": row["source"], "at_most": 0}
            draws.add(
                "policies",
                policy=f"none of {row['source']}",
                **cells,
                **{"from": draws.date(draws.pick(0, draws.periods - 1))},
            )


def _for_money(draws: Draws) -> None:
    """What funds spend in a fiscal year, use of their budget, and have at risk."""
    budget = next(row for row in draws.tables["budgets"] if row["fund"] == "treasury")["amount"]
    fiscal, fine = {"per": "fiscal-year"}, draws.number(0.05, 0.5)
    if draws.chance(0.3):
        cells = {"kind": "spending", "fund": "treasury", "at_most": round(budget * draws.number(0.6, 1.5), 3)}
        draws.add("policies", policy="spending of a year", **cells, **fiscal, penalty=fine)
    if draws.chance(0.3):
        cells = {"kind": "budget-use", "fund": "treasury", "at_least": draws.number(0.1, 0.6)}
        draws.add("policies", policy="use of the budget", **cells, **fiscal, penalty=fine)
    if draws.chance(0.3) and draws.tables.get("stages"):
        most = max(row["cost"] for row in draws.tables["stages"]) * draws.number(0.5, 1.5)
        draws.add("policies", policy="money at risk", kind="exposure", at_most=round(most, 3), penalty=fine)
