"""What binds: limits that are used to the last unit, and how near policies are to theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stockpile.instance.schema.policies import MEASURES
from stockpile.plan.places import MORE
from stockpile.plan.terms import HUNDREDTH
from stockpile.plan.tight import BINDING
from stockpile.report.binding import WORDS, limit_words
from stockpile.report.layout import plain, span
from stockpile.report.page.facts import Facts, summed
from stockpile.report.page.parts import Cell, Grid, Section, amount, limited, text
from stockpile.report.sheet import NOISE

ROWS, TOLD = 500, 3
"""Rows of a table, and sentences about what money and what other limits are worth."""
SECTION, TITLE = "binding", "What binds"
BINDS = "Limits that the plan uses to the last unit: with more of one of these it could be better."
HOLDS = (
    " What one unit is worth holds with the plan's whole decisions fixed (orders placed, lots, stages released, contracts"
    " signed): with these no more is saved by it, in all periods in which the limit binds together; where they may change,"
    " it can be worth more. Discounted, expected over scenarios."
)


def limits(f: Facts) -> Section:
    """Limits without slack with what they are worth, and every policy where it is nearest to its limit."""
    told = _told(f)
    grids = [*_binding(f, told), *_policies(f)]
    note = BINDS + (HOLDS if _known(told) else " What a unit more is worth is not told here.")
    return Section(SECTION, TITLE, [*_words(f, told)], grids=grids, note=note if grids else "")


def _told(f: Facts) -> list[dict[str, Any]]:
    """What plan.json says of limits: those of money first, then by worth, then by how often they bind."""
    found = f.plan.summary.get(BINDING)
    rows = found.get("rows") or [] if isinstance(found, dict) else []
    order = {family: i for i, family in enumerate(WORDS)}
    ranked = sorted(rows, key=lambda row: (-row["times"], order.get(row["family"], len(order))))
    return sorted(ranked, key=lambda row: (row.get("per") != f.money or not row.get("worth"), -row.get("worth", -1.0)))


def _known(told: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the plan says what limits are worth; one of an earlier version does not."""
    return any("worth" in row for row in told)


def _words(f: Facts, told: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What is worth most: of limits of money, and of others."""
    worth = [row for row in told if row.get("worth", 0.0) > NOISE]
    for money in (True, False):
        for row in [row for row in worth if (row["per"] == f.money) == money][:TOLD]:
            where = "in" if row["times"] == 1 else f"in each of {row['times']:,} {_where(f)} of"
            when = span([row["first"], row["last"]], f.order)
            words = plain(limit_words(row["family"], row["key"]))
            yield (
                f"{words[0].upper()}{words[1:]}: {_change(row)}, {where} {when}, would save at most"
                f" {row['worth']:,.4g} {f.money}."
            )


def _change(row: Mapping[str, Any]) -> str:
    """What is moved of a limit, in words: a unit, or a hundredth of a ratio."""
    if row["per"] == HUNDREDTH:
        return f"a bound 1 % {'higher' if row['way'] == MORE else 'lower'}"
    return f"one {plain(row['per'])} {row['way']}"


def _where(f: Facts) -> str:
    return "nodes" if f.weights else "periods"


def _binding(f: Facts, told: Sequence[Mapping[str, Any]]) -> list[Grid]:
    """The limits, with what one unit more of them (less of what they ask for) is worth where that is known."""
    known = _known(told)
    rows: list[list[Cell]] = []
    for row in told:
        worth = [row.get("worth"), _change(row) if "per" in row else ""] if known else []
        when = span([row["first"], row["last"]], f.order)
        rows.append([limit_words(row["family"], row["key"]), row["times"], when, *worth])
    where = _where(f)
    fields = [text("limit"), amount(where, "plain"), text("when")]
    fields += [amount("saves at most", f.money), text("for")] if known else []
    title = f"Limits used to the last unit, and in how many {where}"
    shown = limited("binding", title, fields, rows, ROWS, "plan.json, binding")
    more = f.plan.summary[BINDING]["limits"] - len(rows) if rows else 0
    return [Grid(g.name, g.title, g.fields, g.rows, g.more + more, g.where) for g in shown]


def _policies(f: Facts) -> list[Grid]:
    """Every policy at the place where it is missed furthest or nearest to its limit."""
    told = f.plan.tables["policies"]
    if told.empty:
        return []
    size = told["limit"].abs().clip(lower=1e-9)
    nearest = ((told["slack"] - told["violation"]) / size).groupby([told["policy"], told["side"]], sort=False).idxmin()
    paid = {(policy, side): cost for policy, side, cost in summed(f.rows("policies"), ["policy", "side"], ["cost"])}
    worst = told.loc[[*nearest]]
    rows: list[list[Cell]] = []
    for r in worst.to_dict("records"):
        sides = (float(r["value"]), float(r["limit"]), float(r["violation"]))
        at = str(r["node"] if f.weights else r["period"])
        charged = paid[r["policy"], r["side"]]
        rows.append([r["policy"], r["side"].replace("_", " "), at, *sides, _unit(f, r["policy"]), charged])
    fields = [
        *map(text, ("policy", "asks", "in")),
        *(amount(n) for n in ("value", "limit", "missed by")),
        text("unit"),
        amount("penalty", f.money),
    ]
    return limited(
        "policies",
        "Policies where they are missed furthest, or nearest to their limit",
        fields,
        rows,
        ROWS,
        "policies.csv",
    )


def _unit(f: Facts, policy: str) -> str:
    """The unit of what a policy limits."""
    measure = MEASURES.get((f.context.get("policies") or {}).get(policy, ""), "")
    named = {"quantity": f.quantity, "money": f.money}
    return named.get(measure) or (f.plan.summary.get(measure) or {}).get("unit", "")
