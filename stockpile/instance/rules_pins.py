"""What a random instance gets of pins on loans, transfers, runs, overtime, substitutes, waiting, borrowing and abandonment."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import Draws, Tables

#: Parts of a year's demand that may be moved, lent or given instead, or that may wait.
SHARE = 0.3
#: The part of its limit that a facility must draw, and the part that it must repay.
DRAWN, REPAID = 0.005, 0.002


def add_pin_rules(tables: Tables, periods: int, seed: int) -> None:
    """Pin some of what the other rules decide, within what leaves a plan; after all of them."""
    draws = Draws(Random(f"pins {seed}"), periods, tables)
    _limit_goods(draws)
    for name in dict.fromkeys(row["resource"] for row in tables.get("resources", []) if row.get("overtime")):
        if draws.chance(0.4):
            most = next(row["overtime"] for row in tables["resources"] if row["resource"] == name)
            _pin(draws, "overtime", name, at_most=round(most * draws.number(0.5, 2.0), 2))
    late = {row["project"] for row in tables.get("stages", []) if row.get("deadline")}
    for row in tables.get("projects", []):
        if row.get("may_abandon") and row["project"] not in late and draws.chance(0.3):
            _pin(draws, "abandonment", row["project"], at_most=0)
    _limit_runs(draws)
    barred = any(row["decision"] == "draw" for row in tables.get("pins", [])) or bool(tables.get("markets"))
    for row in tables["funds"]:
        if row["kind"] == "credit" and periods >= 4 and not barred and draws.chance(0.4):
            _pin(draws, "draw", row["fund"], at_least=round(DRAWN * row["credit_limit"], 6))
            _pin(draws, "repayment", row["fund"], at_least=round(REPAID * row["credit_limit"], 6))


def _limit_runs(draws: Draws) -> None:
    """For some time a process runs less than it could."""
    for row in draws.tables.get("processes", []):
        if draws.chance(0.2):
            most = next(c["capacity"] for c in draws.tables["capacity"] if c["process"] == row["process"])
            until = draws.date(draws.pick(1, draws.periods))
            _pin(draws, "run", row["process"], until=until, at_most=round(most * draws.number(0.2, 0.9), 4))


def _limit_goods(draws: Draws) -> None:
    """From a date on no more than a part of a year's demand is moved or lent, waits, or is given instead of another good."""
    tables = draws.tables
    yearly: dict[str, float] = {}
    for row in tables["demand"]:
        if row["from"] is None:
            yearly[row["good"]] = yearly.get(row["good"], 0.0) + row["quantity"]
    for good, amount in yearly.items():
        ways = [row for row in tables.get("transfers", []) if row["good"] == good]
        lent = [row for row in tables.get("rotation", []) if (row["good"], row["mode"]) == (good, "exchange")]
        given = [row for row in tables.get("accepts", []) if row["given"] == good]
        waits = [row for row in tables.get("backlog", []) if row["good"] == good]
        found = {"transfer": ways, "exchange": lent, "substitution": given, "backlog": waits}
        for decision, rows in found.items():
            if rows and draws.chance(0.3):
                cells = {c: rows[0][c] for c in ("sector", "from_store") if c in rows[0]}
                begin = draws.date(draws.pick(0, draws.periods - 1))
                most = round(amount * SHARE * draws.number(0.5, 1.0) + 0.01, 2)
                _pin(draws, decision, good, **cells, **{"from": begin}, at_most=most)


def _pin(draws: Draws, decision: str, name: str, **cells: object) -> None:
    draws.add("pins", pin=f"{decision}: {name}", decision=decision, name=name, **cells)


__all__ = ["add_pin_rules"]
