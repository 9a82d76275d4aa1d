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

**Time-varying values** are step functions: a row holds from its `from` date until the next row of the same key, or until
its `until`. A blank `from` means the start. Dates are ISO dates or period labels (`2027-03-01`, `2027-03`, `2027Q1`,
`2027`); they act from the first period that starts on or after them and may not lie off the horizon.

**Rates.** What is called a flow, a rate or interest is per time unit as `[units] time` says; the amount in a period is the
rate times the period's length (a loss or an interest rate is compounded). Everything else is an amount.

**Names** are any printable text of up to 200 characters; the first column of a table is the name that others refer to.

**Trust.** Every table may have the columns `status` (sourced, derived, low_trust, assumption, unsourced), `reference` and
`note`: where the figures of the row come from.
"""


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
            rows.append(f"| `{column.name}` | {column.meaning} | {_kind(column)} | {_blank(column)} |")
    return "\n".join(rows) + "\n"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _kind(column: Column) -> str:
    text = KINDS[column.kind].replace("|", "\\|")
    if column.choices:
        text += f": {', '.join(column.choices)}"
    return f"{text}, from `{column.refers}`" if column.refers else text


def _blank(column: Column) -> str:
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
            {
                "name": name.replace("_", "-"),
                "path": f"{name}.{form}",
                "profile": "tabular-data-resource",
                "format": form,
                "encoding": "utf-8",
                "description": _sentence(TABLES[name].meaning),
                "schema": _schema(TABLES[name], headers[name], instance),
            }
            for name in instance.tables
        ],
    }


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


def main() -> None:
    """Write the data dictionary and the description of every shipped instance."""
    from stockpile.instance.read import load

    home = Path(__file__).resolve().parents[2] / "instances"
    (home / "README.md").write_text(dictionary(), encoding="utf-8")
    for settings in sorted(home.glob("*/instance.toml")):
        headers = {}
        for file in settings.parent.glob("*.csv"):
            with file.open(encoding="utf-8", newline="") as lines:
                headers[file.stem] = next(csv.reader(lines))
        text = json.dumps(datapackage(load(settings.parent), headers), indent=2, ensure_ascii=False)
        (settings.parent / "datapackage.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
