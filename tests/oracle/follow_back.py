"""Random instances in which rules follow goods back: what they are made of is traced, in amounts that recipes say."""

from __future__ import annotations

from tests.oracle.maker import Maker, Row


def follow_back(m: Maker, apart: set[str]) -> None:
    """Trace what goods are made of that policies by mine or chain follow; where that cannot be the policy speaks of processing.

    ``apart`` are the goods that cannot be traced.
    """
    rules = [row for row in m.rows("policies") if row.get("by") and row["kind"] == "origin-in-use"]
    changed = True
    while changed:
        changed = False
        for rule in rules:
            if rule.get("by") and not _reach(m, rule, apart):
                for row in rules:
                    if row["policy"] == rule["policy"]:
                        del row["by"]
                changed = True
    followed = {process for rule in rules if rule.get("by") for process in _makers(m, _followed(m, rule))}
    for process in sorted(followed):
        _give_amounts(m, process)


def _followed(m: Maker, rule: Row) -> set[str]:
    """The traced goods that a rule is about, and those that they are made of."""
    found = {
        row["good"]
        for row in m.rows("goods")
        if row.get("trace") and rule.get("good") in (None, row["good"])
        if rule.get("material") in (None, row["material"])
    }
    while True:
        more = {g for process in _makers(m, found) for g in _inputs(m, process) if _is_traced(m, g)}
        if more <= found:
            return found
        found |= more


def _reach(m: Maker, rule: Row, apart: set[str]) -> bool:
    """Trace an input of every process on the way back that has none yet; false where that cannot be."""
    while True:
        lacking = [j for j in _makers(m, _followed(m, rule)) if not any(_is_traced(m, g) for g in _inputs(m, j))]
        if not lacking:
            return True
        able = [g for g in _inputs(m, lacking[0]) if g not in apart]
        if not able:
            return False
        next(row for row in m.rows("goods") if row["good"] == able[0])["trace"] = True


def _is_traced(m: Maker, good: str) -> bool:
    return any(row.get("trace") for row in m.rows("goods") if row["good"] == good)


def _makers(m: Maker, goods: set[str]) -> list[str]:
    """The processes that make any of some goods."""
    rows = [row for row in m.rows("recipes") if row["good"] in goods and row.get("amount", 0.0) > 0]
    return list(dict.fromkeys(row["process"] for row in rows))


def _inputs(m: Maker, process: str) -> list[str]:
    """What a process takes."""
    return [row["good"] for row in m.rows("recipes") if row["process"] == process and row.get("amount", -1.0) < 0]


def _give_amounts(m: Maker, process: str) -> None:
    """Let a blend take the same of each of its inputs, whatever they are like."""
    free = [row for row in m.rows("recipes") if row["process"] == process and "amount" not in row]
    for row in free:
        row["amount"] = -m.quantity(row["good"], 1.0 / len(free))
    if free and "blend" in m.tables:
        m.tables["blend"] = [row for row in m.rows("blend") if row["process"] != process]
