"""Further tables of the plan, added up by calendar year: moves between stores, resources, accounts, what is left at the end."""

from __future__ import annotations

from stockpile.plan.plan import TABLES, Column, Table
from stockpile.report.page.facts import Facts, summed
from stockpile.report.page.parts import Field, Grid, Section, amount, limited, text
from stockpile.report.sheet import NOISE

ROWS = 300
FLOWS = {
    "market_supply": ("quantity",),
    "substitution": ("quantity", "replaces", "cost"),
    "backlog": ("postponed", "caught_up", "cost"),
    "releases": ("quantity", "amount"),
    "accounts": ("drawn", "replaced", "bought", "fees", "paid"),
    "transfers": ("quantity", "cost"),
    "resources": ("used", "overtime", "cost"),
    "returns": ("available", "ordered"),
    "price_floors": ("output", "paid", "received"),
    "commitments": ("amount",),
    "end_values": ("amount", "value"),
}
"""Tables with their columns that add up over time."""
SECTION, TITLE = "more", "Further tables"


def more(f: Facts) -> Section:
    """Those of the tables that have rows."""
    return Section(SECTION, TITLE, grids=[grid for name in FLOWS for grid in _grid(f, TABLES[name])])


def _grid(f: Facts, table: Table) -> list[Grid]:
    columns = {column.name: column for column in table.columns}
    keys = [name for name in table.key if name != "age"]
    sums = summed(f.rows(table.name), [*keys, "year"], FLOWS[table.name])
    rows = [row for row in sums if max(map(abs, row[len(keys) + 1 :])) > NOISE]
    rows.sort(key=lambda row: -abs(row[len(keys) + 1]))
    fields = [
        *(text(name.replace("_", " ")) for name in keys),
        amount("year", "plain"),
        *(_field(f, columns[name]) for name in FLOWS[table.name]),
    ]
    title = f"{table.name.replace('_', ' ').capitalize()}: {table.meaning}, by calendar year"
    return limited(table.name.replace("_", "-"), title, fields, rows, ROWS, f"{table.name}.csv")


def _field(f: Facts, column: Column) -> Field:
    unit = {"money": f.money, "quantity": f.quantity}.get(column.kind, "")
    return amount(column.name.replace("_", " "), unit)
