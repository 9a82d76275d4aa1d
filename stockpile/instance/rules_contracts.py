"""Contracts of a random instance: offtake at several kinds of price, for projects too, options, and one signed before."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import MONEY, Draws, Row, Tables


def add_contract_rules(tables: Tables, periods: int, seed: int) -> None:
    """Add contracts, the series that some follow, and pins that forbid some for a while.

    Nothing has to be signed, and the treasury gets what the contract from before costs, so it stays feasible.
    """
    draws = Draws(Random(f"contracts {seed}"), periods, tables)
    yearly: dict[str, float] = {}
    for row in tables["demand"]:
        if row["from"] is None:
            yearly[row["good"]] = yearly.get(row["good"], 0.0) + row["quantity"]
    for good, amount in yearly.items():
        prices = [row["price"] for row in tables["prices"] if row["source"].startswith(f"{good} from")]
        if draws.chance(0.4):
            _offtake(draws, good, amount, sum(prices) / len(prices))
        if draws.chance(0.25):
            _option(draws, good, amount, sum(prices) / len(prices))
        if draws.chance(0.2):
            _from_before(draws, good, amount, min(prices))
    _add_offtakes(draws)


def _offtake(draws: Draws, good: str, amount: float, price: float) -> None:
    """A source that sells under a contract alone, with a least rate, at a fixed price or one that follows an exchange."""
    source, lead = f"{good} works", min(draws.pick(0, 1), draws.periods - 1)
    draws.add("sources", source=source, good=good, origin="Cascadia", lead_time=lead)
    most = round(amount * draws.number(0.2, 0.6) + 0.01, 2)
    row = draws.add(
        "contracts",
        contract=f"offtake of {good}",
        source=source,
        sign_until=draws.date(draws.pick(2, 8)) if draws.periods > 2 else None,
        duration=draws.pick(2, 12),
        min_rate=round(most * draws.number(0.3, 0.9), 3),
        max_rate=most,
        price=round(price * draws.number(0.85, 1.05), 4),
        premium=draws.number(0, 0.05),
    )
    if draws.chance(0.6):
        _follow(draws, row, f"{good} exchange", price)
    if draws.chance(0.3):
        draws.add(
            "pins", pin=f"no {good} deal yet", decision="signing", name=row["contract"], until=draws.date(2), at_most=0
        )


def _follow(draws: Draws, row: Row, index: str, price: float) -> None:
    """Let a contract follow an exchange that moves every year."""
    for t in range(0, draws.periods, 4):
        draws.add("indices", index=index, **{"from": draws.date(t)}, price=round(price * draws.number(0.7, 1.4), 4))
    factor = draws.number(0.7, 0.95)
    row |= {"index_kind": "series", "index": index, "index_factor": factor, "price": round(price * (0.95 - factor), 4)}
    row["price_fixed"] = "start" if draws.chance(0.5) else None
    if draws.chance(0.6):
        row |= {
            "floor": round(price * 0.8, 4),
            "ceiling": round(price * 1.1, 4),
            "upside_share": draws.number(0.1, 0.5),
        }


def _option(draws: Draws, good: str, amount: float, price: float) -> None:
    """An option with a known source, at a premium now and a price later."""
    source = next(row["source"] for row in draws.tables["sources"] if row["source"].startswith(f"{good} from"))
    most = round(amount * draws.number(0.1, 0.3) + 0.01, 2)
    draws.add(
        "contracts",
        contract=f"option on {good}",
        source=source,
        duration=draws.pick(2, 10),
        max_rate=most,
        price=round(price * draws.number(0.8, 1.0), 4),
        premium=round(most * price * MONEY * draws.number(0.01, 0.05), 6),
    )


def _add_offtakes(draws: Draws) -> None:
    """Contracts that wait for a project, whose last stage is released only once they are signed, or another one is verified."""
    begun = {(row["project"], row["stage"]) for row in draws.tables.get("opening_stages", [])}
    last = {row["project"]: row["stage"] for row in draws.tables.get("stages", [])}
    free = [(project, stage) for project, stage in last.items() if (project, stage) not in begun]
    for row in draws.tables.get("contracts", []):
        if not free or row["contract"].startswith("old") or not draws.chance(0.5):
            continue
        project, stage = free.pop(draws.pick(0, len(free) - 1))
        row["project"] = project
        if draws.chance(0.6):
            draws.add("requires", project=project, stage=stage, needs_contract=row["contract"], alternative=1)


def _from_before(draws: Draws, good: str, amount: float, price: float) -> None:
    """A contract that still runs for up to three quarters; the treasury gets what it may cost."""
    source, age = f"{good} by old contract", draws.pick(1, 6)
    draws.add("sources", source=source, good=good)
    most = round(amount * draws.number(0.05, 0.15) + 0.01, 2)
    cells = {"min_rate": round(most * 0.5, 3), "max_rate": most, "price": round(price * draws.number(0.9, 1.2), 4)}
    name = f"old contract for {good}"
    draws.add("contracts", contract=name, source=source, duration=age + draws.pick(1, 3), **cells)
    draws.add("opening_contracts", contract=name, age=age)
    budget = next(row for row in draws.tables["budgets"] if row["fund"] == "treasury")
    budget["amount"] = round(budget["amount"] + 1.1 * cells["min_rate"] * cells["price"] * MONEY, 3)
