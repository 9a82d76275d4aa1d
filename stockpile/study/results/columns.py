"""The tables of results: every column once, with its type, unit and meaning.

Their names, types and meanings are a format with a number: a column may be added to it; one that goes or means something else
makes it the next.
"""

from __future__ import annotations

from dataclasses import dataclass

from stockpile.plan.plan import TABLES
from stockpile.plan.plan import Table as PlanTable
from stockpile.study.batch.folder import STATES

FORMAT = 1
PLAN = "plan"
"""The schema that the tables of plans are in."""


@dataclass(frozen=True)
class Column:
    """One column: ``type`` is that of SQL, ``unit`` of a quantity, price or money the column of ``runs`` that says it."""

    name: str
    type: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """One table; ``schema`` is empty for those about runs."""

    schema: str
    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def full_name(self) -> str:
        """With its schema where the bare name means another table."""
        return f"{self.schema}.{self.name}" if self.schema and self.name in RUN_TABLES else self.name


def _table(name: str, meaning: str, lines: str) -> Table:
    """A table from lines of ``name type unit meaning``, a unit of ``-`` for none."""
    parts = [line.split(maxsplit=3) for line in lines.strip().splitlines()]
    columns = tuple(Column(name, kind, "" if unit == "-" else unit, said) for name, kind, unit, said in parts)
    return Table("", name, meaning, columns)


RUN_TABLES = {
    table.name: table
    for table in (
        _table(
            "runs",
            "one row for every run",
            f"""
            run VARCHAR - id of the run
            instance VARCHAR - path of the instance as told
            instance_hash VARCHAR - hash of its content after the changes
            settings VARCHAR - its changes as of --set, in one text; one by one they are in the table settings
            scenarios VARCHAR - which of its futures
            state VARCHAR - {", ".join(STATES)}
            exit BIGINT - exit status that stockpile solve would have had
            objective DOUBLE unit objective of the plan
            bound DOUBLE unit what no plan costs less than
            gap DOUBLE 1 (objective - bound) / |objective|
            seconds DOUBLE s from reading to writing
            memory_mb DOUBLE MB the most that its process took
            asked_gap DOUBLE 1 gap asked for
            time_limit DOUBLE s time limit
            threads BIGINT - threads asked for, 0 where the solver chose
            seed BIGINT - seed of the solver's random numbers
            unit VARCHAR - unit of money
            quantity_unit VARCHAR - unit of quantities of the plan
            price_unit VARCHAR - unit of prices of the plan
            started TIMESTAMP - UTC
            ended TIMESTAMP - UTC
            attempts BIGINT - how often it was begun
            message VARCHAR - what there is to say of how it ended
            stockpile VARCHAR - version of the program
            highspy VARCHAR - version of the solver
            python VARCHAR - version of Python
            platform VARCHAR - machine and system
            key VARCHAR - hash of all that the result depends on
            """,
        ),
        _table(
            "settings",
            "one row for every change of a run's instance",
            """
            run VARCHAR - id of the run
            setting VARCHAR - address of the setting or the cells
            operator VARCHAR - =, *= or +=
            value VARCHAR - value as text
            number DOUBLE - value as a number, where it is one
            """,
        ),
        _table(
            "figures",
            "one row for every figure of a plan.json",
            """
            run VARCHAR - id of the run
            part VARCHAR - costs (in the run's unit of money), sizes, search, or seconds
            name VARCHAR - name of the cost, the size or the phase
            value DOUBLE - the figure
            """,
        ),
    )
}
"""The tables about runs, by name."""

_UNITS = {"quantity": "quantity_unit", "price": "price_unit", "money": "unit", "share": "1"}


def _of_plan(table: PlanTable) -> Table:
    types = {"float64": "DOUBLE", "int64": "BIGINT", "str": "VARCHAR"}
    columns = [Column(c.name, types[c.dtype], _UNITS.get(c.kind, ""), c.meaning) for c in table.columns]
    return Table(PLAN, table.name, table.meaning, (Column("run", "VARCHAR", "", "id of the run"), *columns))


PLAN_TABLES = {name: _of_plan(table) for name, table in TABLES.items()}
"""The tables of plans, by name: those of a plan folder with the run's id in front."""

__all__ = ["FORMAT", "PLAN", "PLAN_TABLES", "RUN_TABLES", "Column", "Table"]
