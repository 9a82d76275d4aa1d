"""The data dictionary and the data packages, from the schema.

``python -m stockpile.instance.document`` writes ``instances/README.md`` and the ``datapackage.json`` of every shipped
instance; a test keeps them current.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stockpile.instance.schema import BLOCKS, KINDS, PROVENANCE, TABLES, Column, Table
from stockpile.instance.settings import CHOICES, SECTIONS

if TYPE_CHECKING:
    import pandas as pd

    from stockpile.instance.instance import Instance

HEAD = """# Instances

Generated from the schema by `python -m stockpile.instance.document`; do not edit.

An instance is a folder: `instance.toml` and one table per file, `NAME.csv` or `NAME.parquet`. Only the tables that are
used need exist, but `goods`, `sectors` and `demand` always do. CSV is UTF-8 with a header; a blank cell is none, or the
default named below. `datapackage.json` describes the folder to Frictionless tools and is not read.

An instance is also a workbook (`.xlsx`, with the extra `stockpile[excel]`): a sheet per table, named like it, and a sheet
`settings` with the columns `setting` (`horizon.start`) and `value`. `stockpile export INSTANCE --to xlsx -o FILE` writes one,
`stockpile export FILE --to csv -o DIR` the folder; the instance, and so its hash, is the same. The workbook has what an instance
extends written out whole, and the folder's README; not `expected.json` and other files. Its sheet `guide` says how to edit it.

**Time-varying values** are step functions: a row holds from its `from` date until the next row of the same key, or until
its `until`. A blank `from` means the start. Dates are ISO dates or period labels (`2027-03-01`, `2027-03`, `2027Q1`,
`2027`); they act from the first period that starts on or after them and may not lie off the horizon.

**Rates.** What is called a flow, a rate or interest is per time unit as `[units] time` says; the amount in a period is the
rate times the period's length (a loss or an interest rate is compounded). Everything else is an amount.

**Names** are any printable text of up to 200 characters; the first column of a table is the name that others refer to.

**Trust.** Every table may have the columns `status` (sourced, derived, low_trust, assumption, unsourced), `reference` and
`note`: where the figures of the row come from.

## An instance that extends another

A strategy or a what-if is a page, not a copy: its `instance.toml` has `extends = "../base"` (the path of a folder, seen from
its own) and only what differs. [`quickstart-no-smelter`](quickstart-no-smelter/README.md) is one; [STRATEGIES.md](STRATEGIES.md) sets
four that patch Project Vault side by side.

    format = 1
    name = "no-smelter"
    extends = "../quickstart"
    delete = ["targets", "solver.time_limit"]    # if needed: whole tables and settings of the base that go

    [economics]
    discount_rate = 0.05                         # the other settings are those of the base

- *Settings* are merged key by key. `format` and `name` are each folder's own; `title` is taken from the base unless given.
- *Rows* meet by the key of their table, by what it means: `2027Q1` is `2027-01-01`, a blank is its default.
  - The base has the key: the cells that are given replace the base's, a blank cell keeps it. `status`, `reference` and `note`
    are then the new row's, blank or not: a changed figure does not keep the source of the old one. A row may also give
    nothing but these.
  - The base does not have it: the row is new, with everything that a row needs, and stands after the base's.
  - `delete`, a column that only such folders have: `true` removes the row; names of columns, separated by `;`, empty these
    cells, so that they are blank again.
- *With a row that goes* goes what cannot be without it: every row of the base that has its name in its key or must have it
  (the prices of a source, the stages of a project). A cell that may be blank keeps the name and is a fault.
- *A horizon of its own*: rows of the base whose key begins after it are left out, with a warning.
- Several levels are possible. The result is the same instance, with the same hash, as one written out whole in that order.
- Faults name the file in which a cell stands, `../base/prices.csv:3:price`. Faults are also a folder that extends itself, a
  row that changes nothing, and removing what is not there. `stockpile check` tells how many rows are changed, added, removed.

The folder's `datapackage.json` describes its own rows: with the column `delete`, without links to tables of the base.

## A change for one run: `--set`

`solve`, `check`, `audit` and `export` take `--set KEY=VALUE`, as often as needed; `stockpile.load(path, changes=[...])` and
`instance.changed([...])` take the same texts in Python. Brackets, `*` and blanks mean something to a shell, so put the whole
in single quotes.

    --set economics.discount_rate=0.05           # a setting
    --set horizon.periods=20                     # rows that begin after the horizon are left out, with a warning
    --set 'sources[MP].lead_time=2y'             # a cell: table[KEY].column
    --set 'budgets[treasury,2027].amount=500'    # the parts of a key in the order named below: fund, from
    --set 'prices[*].price*=1.2'                 # * is any: a whole column, times 1.2
    --set 'prices[MP,*].price+=3'                # every step and date of a source
    --set 'prices[MP,2,].width='                 # an empty part of a key is a blank cell; an empty value makes one
    --set 'sources["a, b [c]"].order_cost=0.1'   # a name with a comma, a bracket or a quote, or * itself, in quotes

- A key may be cut short at its end where that leaves one row; with a `*` in it all rows that it leaves are meant.
- `=` takes a value as a cell of the file would have it. `*=` and `+=` change numbers (and `*=` durations); a blank cell stands
  for its default, and stays blank where it has none.
- Changes are made one after the other, after `extends`, and are checked like files; a fault names `--set:KEY`.
- The plan records its changes (`plan.json`, `options.set`), and its audit needs the same ones. `stockpile check` tells how many
  cells each of them has changed. A row that is changed has no `status`, `reference` and `note`.
"""


CLASSICS = """# Classics

Published problems as instances, each solved to its published value in the tests. Generated by `make docs`; do not edit.

| instance | what | published | source |
| --- | --- | --- | --- |"""


#: The column that only folders which extend another have.
DELETED = Column("delete", "text", "what goes: true for the row, or columns whose cells are emptied, separated by ;")


def dictionary() -> str:
    """The page as Markdown."""
    parts = [HEAD, "## instance.toml\n", *_settings_page()]
    for block, tables in BLOCKS.items():
        parts.append(f"## {block}\n")
        parts += [_table_page(table) for table in tables]
    return "\n".join(parts)


def _settings_page() -> list[str]:
    rows = ["| setting | meaning | default |", "| --- | --- | --- |", "| `format` | layout of the folder: 1 | |"]
    rows += ["| `name` | short name | name of the folder |", "| `title` | what the instance is about, in a line | |"]
    rows += ["| `extends` | folder of the instance whose tables and settings this one patches | none |"]
    rows += ["| `delete` | tables and settings of the base that are left out | none |"]
    for section, declared in SECTIONS.items():
        for setting in fields(declared):
            default = setting.default if isinstance(setting.default, str | float | int) else ""
            where = f"{section}.{setting.name}"
            choices = (
                f" ({', '.join(CHOICES[where])})" if where in CHOICES and ":" not in setting.metadata["meaning"] else ""
            )
            rows.append(f"| `[{section}] {setting.name}` | {setting.metadata['meaning']}{choices} | {default} |")
    return ["\n".join(rows) + "\n"]


def _table_page(table: Table) -> str:
    rows = [f"### {table.name}", "", f"{_sentence(table.meaning)} Key: {', '.join(f'`{k}`' for k in table.key)}.", ""]
    rows += ["| column | meaning | kind | blank |", "| --- | --- | --- | --- |"]
    for column in table.columns:
        if column not in PROVENANCE:
            rows.append(f"| `{column.name}` | {column.meaning} | {kind_of(column)} | {blank_of(column)} |")
    return "\n".join(rows) + "\n"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def kind_of(column: Column) -> str:
    """What a column holds, as Markdown."""
    text = KINDS[column.kind].replace("|", "\\|")
    if column.choices:
        text += f": {', '.join(column.choices)}"
    return f"{text}, from `{column.refers}`" if column.refers else text


def blank_of(column: Column) -> str:
    """What a blank cell of a column means."""
    if column.required:
        return "not allowed"
    if column.default is not None:
        return f"{column.default:g}" if isinstance(column.default, float) else str(column.default)
    return column.blank or "none"


def columns_of(table: Table, frame: pd.DataFrame) -> list[Column]:
    """The columns worth writing: keys, required ones, and those that hold something beside their default."""
    kept = []
    for column in table.columns:
        cells = frame[column.name]
        filled = cells.notna()
        if column.default is not None:
            filled &= cells != column.default
        if column.required or column.name in table.key[:1] or bool(filled.any()):
            kept.append(column)
    first = [c for c in kept if c not in PROVENANCE]
    return [*first, *(c for c in kept if c in PROVENANCE)]


def datapackage(instance: Instance, headers: Mapping[str, Sequence[str]], form: str = "csv") -> dict[str, Any]:
    """The Frictionless description of an instance's folder; ``headers`` are the columns of its tables as they stand."""
    return {
        "profile": "data-package",
        "name": re.sub(r"[^a-z0-9._-]+", "-", instance.name.lower()).strip("-") or "instance",
        "title": instance.title or instance.name,
        "resources": [
            {**_resource(TABLES[name], form), "schema": _schema(TABLES[name], headers[name], instance)}
            for name in instance.tables
        ],
    }


def _resource(table: Table, form: str) -> dict[str, Any]:
    """What is said of the file of a table, but for its schema."""
    return {
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}.{form}",
        "profile": "tabular-data-resource",
        "format": form,
        "encoding": "utf-8",
        "description": _sentence(table.meaning),
    }


def patch_package(instance: Instance, headers: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The Frictionless description of a folder that extends another: its own rows, whose blank cells are those of the base."""
    whole = datapackage(instance, {name: [] for name in instance.tables})
    return {
        **{key: value for key, value in whole.items() if key != "resources"},
        "description": f"Patches {instance.lineage.extends[0]}: a blank cell is that of the base's row of the same key.",
        "resources": [
            {**_resource(table, "csv"), "schema": _patch_schema(table, headers[table.name])}
            for table in TABLES.values()
            if table.name in headers
        ],
    }


def _patch_schema(table: Table, names: Sequence[str]) -> dict[str, Any]:
    """Fields without what only a whole table has: links, and cells that must be given."""
    fields = []
    for name in names:
        field = _field(DELETED if name == DELETED.name else table.column(name))
        limits = {k: v for k, v in field.pop("constraints", {}).items() if k != "required" or name in table.key}
        fields.append({**field, "constraints": limits} if limits else field)
    key = [name for name in table.key if name in names]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    return {**schema, "primaryKey": key} if all(table.column(name).required for name in key) else schema


def _schema(table: Table, names: Sequence[str], instance: Instance) -> dict[str, Any]:
    columns = [table.column(name) for name in names]
    key = [name for name in table.key if name in names]
    schema: dict[str, Any] = {"fields": [_field(c) for c in columns], "missingValues": [""]}
    if all(table.column(name).required for name in key):
        schema["primaryKey"] = key
    links = [
        {
            "fields": c.name,
            "reference": {"resource": c.refers.replace("_", "-"), "fields": TABLES[c.refers].columns[0].name},
        }
        for c in columns
        if c.refers and c.refers in instance.tables
    ]
    return {**schema, "foreignKeys": links} if links else schema


def _field(column: Column) -> dict[str, Any]:
    kinds = {"integer": "integer", "flag": "boolean"}
    kind = kinds.get(column.kind, "number" if column.is_number else "string")
    limits: dict[str, Any] = {"required": True} if column.required else {}
    if column.is_number and column.minimum is not None:
        limits["minimum"] = int(column.minimum) if column.kind == "integer" else column.minimum
    if column.is_number and column.upper is not None:
        limits["maximum"] = column.upper
    if column.kind == "choice":
        limits["enum"] = list(column.choices)
    field = {"name": column.name, "type": kind, "description": f"{column.meaning} ({KINDS[column.kind]})"}
    return {**field, "constraints": limits} if limits else field


def classics(home: Path) -> str:
    """The page on the published problems in a folder: each with its question's title, its value and its source."""
    lines = [CLASSICS]
    for file in sorted(home.glob("*/expected.json")):
        published = json.loads(file.read_text(encoding="utf-8"))["published"]
        title = (file.parent / "README.md").read_text(encoding="utf-8").split("\n")[0].removeprefix("# ")
        value = f"{published['what']} {published['value']:.12g}"
        lines.append(
            f"| [{file.parent.name}]({file.parent.name}/README.md) | {title} | {value} | {published['citation']} |"
        )
    return "\n".join(lines) + "\n"


def package_of(folder: Path) -> dict[str, Any]:
    """The Frictionless description of an instance folder as it stands."""
    from stockpile.instance.read import load

    headers = {}
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            headers[file.stem] = next(csv.reader(lines))
    instance = load(folder)
    return patch_package(instance, headers) if instance.lineage.extends else datapackage(instance, headers)


def main() -> None:
    """Write the data dictionary, the page on published problems and the description of every shipped instance."""
    home = Path(__file__).resolve().parents[2] / "instances"
    (home / "README.md").write_text(dictionary(), encoding="utf-8")
    (home / "classics" / "README.md").write_text(classics(home / "classics"), encoding="utf-8")
    for settings in sorted(home.rglob("instance.toml")):
        text = json.dumps(package_of(settings.parent), indent=2, ensure_ascii=False)
        (settings.parent / "datapackage.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
