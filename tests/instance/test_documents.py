"""The data dictionary and the data packages are those of the schema, and agree with the files they describe."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from stockpile.instance.document import classics, dictionary, package_of
from stockpile.instance.generate import random_instance
from stockpile.instance.schema import KINDS, TABLES
from stockpile.instance.write import write

HOME = Path(__file__).resolve().parents[2] / "instances"
SHIPPED = sorted(file.parent for file in HOME.rglob("instance.toml"))


def header(file: Path) -> list[str]:
    """The names of a CSV's columns."""
    with file.open(encoding="utf-8", newline="") as lines:
        return next(csv.reader(lines))


def package(folder: Path) -> dict[str, Any]:
    """The description of a folder."""
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return found


def assert_describes(folder: Path) -> None:
    """Every table of a folder is described, its fields in the order of its header, its links to what is there."""
    resources = {resource["path"]: resource for resource in package(folder)["resources"]}
    assert set(resources) == {file.name for file in folder.glob("*.csv")}
    fields = {name: [f["name"] for f in r["schema"]["fields"]] for name, r in resources.items()}
    names = {resource["name"]: path for path, resource in resources.items()}
    for path, resource in resources.items():
        assert fields[path] == header(folder / path)
        assert set(resource["schema"].get("primaryKey", [])) <= set(fields[path])
        for link in resource["schema"].get("foreignKeys", []):
            assert link["fields"] in fields[path]
            assert link["reference"]["fields"] in fields[names[link["reference"]["resource"]]]


def test_there_are_shipped_instances() -> None:
    """Without any the tests below would pass for nothing."""
    assert SHIPPED


def test_the_dictionary_is_current() -> None:
    """A column that the page does not tell of is one that nobody uses."""
    assert (HOME / "README.md").read_text(encoding="utf-8") == dictionary(), "run make docs"


def test_the_page_on_published_problems_is_current() -> None:
    """Every problem stands on it with its value and its source."""
    page = (HOME / "classics" / "README.md").read_text(encoding="utf-8")
    assert page == classics(HOME / "classics"), "run make docs"
    assert all(f"[{folder.name}](" in page for folder in SHIPPED if folder.parent.name == "classics")


def test_the_dictionary_names_every_column() -> None:
    """Every table and column with its meaning and what its cells hold."""
    page = dictionary()
    for table in TABLES.values():
        part = page.split(f"### {table.name}\n")[1].split("\n### ")[0]
        for column in table.columns[:-3]:
            assert f"| `{column.name}` | {column.meaning} | {KINDS[column.kind]}" in part


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_shipped_instance_is_sound_and_described(folder: Path) -> None:
    """Tools that open the folder as a data package read these types and keys; a stale one would mislead them."""
    assert package(folder) == json.loads(json.dumps(package_of(folder))), "run make docs"
    assert_describes(folder)


def test_a_written_instance_is_described(starter: Path, tmp_path: Path) -> None:
    """What ``stockpile new`` writes opens as a data package too."""
    assert_describes(starter)
    write(random_instance(6, 16, 6, 1), tmp_path / "random")
    assert_describes(tmp_path / "random")


def test_types_and_limits_of_a_field(starter: Path) -> None:
    """A share is a number from 0 to 1, a stage a whole number from 1, a kind one of its words, a link a foreign key."""
    resources = {r["name"]: r["schema"] for r in package(starter)["resources"]}
    fields = {(t, f["name"]): f for t, schema in resources.items() for f in schema["fields"]}
    assert fields["tiers", "share"]["constraints"] == {"required": True, "minimum": 0.0, "maximum": 1.0}
    assert fields["stages", "stage"]["type"] == "integer"
    assert fields["stages", "stage"]["constraints"]["minimum"] == 1
    assert fields["funds", "kind"]["constraints"]["enum"] == ["appropriation", "credit", "private", "revolving"]
    assert resources["stages"]["primaryKey"] == ["project", "stage"]
    assert "primaryKey" not in resources["tiers"]
    assert {
        "fields": "project",
        "reference": {"resource": "projects", "fields": "project"},
    } in resources["stages"]["foreignKeys"]


def test_a_page_that_extends_another_is_described_as_it_stands() -> None:
    """Its rows are parts of rows: a tool that wanted whole ones, or what they refer to, would refuse all of them."""
    found = package(HOME / "quickstart-no-smelter")
    assert "../quickstart" in found["description"]
    (sources,) = [r["schema"] for r in found["resources"] if r["name"] == "sources"]
    assert [f["name"] for f in sources["fields"]] == ["source", "delete", "note"]
    assert sources["primaryKey"] == ["source"]
    assert [f["name"] for f in sources["fields"] if f.get("constraints", {}).get("required")] == ["source"]
    assert "foreignKeys" not in sources
