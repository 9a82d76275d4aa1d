"""What binds: limits that are used to the last unit, and how near policies are to theirs."""

from __future__ import annotations

from stockpile.instance.schema.policies import MEASURES
from stockpile.plan.tight import BINDING
from stockpile.report.binding import WORDS, limit_words
from stockpile.report.layout import span
from stockpile.report.page.facts import Facts, summed
from stockpile.report.page.parts import Cell, Grid, Section, amount, limited, text

ROWS = 500
SECTION, TITLE = "binding", "What binds"


def limits(f: Facts) -> Section:
    """Limits without slack, by how often they bind, and every policy where it is nearest to its limit."""
    grids = [*_binding(f), *_policies(f)]
    note = "Limits that the plan uses to the last unit: with more of one of these it could be better. What a unit more is worth is not told here."
    return Section(SECTION, TITLE, grids=grids, note=note if grids else "")


def _binding(f: Facts) -> list[Grid]:
    found = f.plan.summary.get(BINDING)
    if not isinstance(found, dict) or not found.get("rows"):
        return []
    order = {family: i for i, family in enumerate(WORDS)}
    told = sorted(found["rows"], key=lambda row: (order.get(row["family"], len(order)), -row["times"]))
    rows: list[list[Cell]] = [
        [limit_words(row["family"], row["key"]), row["times"], span([row["first"], row["last"]], f.order)]
        for row in told
    ]
    where = "nodes" if f.weights else "periods"
    fields = [text("limit"), amount(where, "plain"), text("when")]
    rows.sort(key=lambda row: -int(row[1] or 0))
    shown = limited(
        "binding",
        f"Limits used to the last unit, and in how many {where}",
        fields,
        rows,
        ROWS,
        "stockpile solve tells them, too",
    )
    more = found["limits"] - len(rows)
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
