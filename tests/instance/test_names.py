"""Names that spreadsheets, browsers and data frames would take for something else are names here."""

from __future__ import annotations

import json
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pytest

from stockpile.engine import solve
from stockpile.instance import Instance, load
from stockpile.instance.write import write
from stockpile.plan.audit import audit
from stockpile.plan.plan import Plan
from stockpile.report.terminal import render
from tests.models.cases import financed
from tests.models.cases_markets import shared_market
from tests.sampling import every

NAMES = [
    "=1+1",
    "-2+3",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "&amp; [bold]x[/bold] \\[red] {0} %s $HOME `ls`",
    "x" * 200,
    "תחמוצת דיספרוזיום",
    "أكسيد الديسبروسيوم",
    "酸化ジスプロシウム",
    "🧲 magnet 👩‍🔬",
    "quote \" and ' and \\",
    "comma, semicolon; tab-less",
    "NA",
    "nan",
    "null",
    "None",
    "N/A",
    "007",
    "1e5",
    "1.0",
    "True",
    "inf",
    "2027-01-01",
    "#REF!",
    "Dy\u00a0oxide",
    "e\u0301",
]


def named(name: str) -> Instance:
    """An instance in which every kind of thing bears the name."""
    old = financed()
    given = {"ore", "yard", "plant", "import", "plant A", "plant B", "treasury", "site", "permit"}
    own = {"yard", "import", "ore", "plant A", "treasury", "site", "permit"}
    rename = {word: name if word in own else word for word in given}
    tables = {}
    for table, frame in old.tables.items():
        fixed = {"kind", "every", "uses", "pay_on", "mode", "from", "until"}
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
        tables[table] = [
            {c: rename.get(v, v) if isinstance(v, str) and c not in fixed else v for c, v in row.items()}
            for row in rows
        ]
    tables["resources"] = [{"resource": name, "unit": name, "capacity": 900}]
    use: dict[Hashable, Any] = {"resource": name, "name": name}
    tables["resource_use"] = [
        {**use, "kind": "order", "per_unit": 1, "per_order": 2},
        {**use, "kind": "stage", "stage": 1, "over_stage": 3},
    ]
    floor: dict[Hashable, Any] = {"source": "plant", "fund": name, "index": name, "floor": 31}
    tables["price_floors"] = [{**floor, "project": p} for p in (name, "plant B")]
    credit: dict[Hashable, Any] = {"good": name, "fund": name, "rate": 2}
    tables["incentives"] = [{**credit, "incentive": p, "project": p} for p in (name,)]
    tables["origins"] = [{"origin": name, "group": name}]
    tables["sources"] = [{**row, "origin": name, "mined_in": name, "supplier": name} for row in tables["sources"]]
    tables["goods"] = [{**row, "material": name} for row in tables["goods"]]
    selected: dict[Hashable, Any] = dict.fromkeys(("good", "material", "origin", "group", "supplier", "source"), name)
    tables["policies"] = [{**selected, "policy": name, "kind": "share", "at_most": 0.9, "penalty": 3}]
    lent: dict[Hashable, Any] = {"instrument": "loan", "tenor": "2"}
    tables["financing"] = [row | lent if row["fund"] == "bank" else row for row in tables["financing"]]
    tables["guarantees"] = [{"project": name, "lender": "bank", "fund": name}]
    tables["indices"] = [{"index": name, "price": 5}]
    tables["contracts"] = [
        {"contract": name, "source": name, "duration": "1", "max_rate": 1, "index_kind": "series", "index": name}
    ]
    tables["accounts"] = [{"sector": "plant", "good": name, "entitlement": 1, "within": "1", "proceeds_to": name}]
    settings = {**old.settings.as_document(), "name": name, "title": name}
    return Instance.from_tables(name, settings, tables)


@pytest.mark.parametrize("name", every(3, NAMES))
def test_a_name_is_only_a_name(name: str, tmp_path: Path) -> None:
    """Loaded, solved, audited, written and read back it stays what it was, and is shown as text."""
    instance = named(name)
    for form in ("csv", "parquet"):
        write(instance, tmp_path / form, form)
        again = load(tmp_path / form)
        assert again.hash == instance.hash
        assert again.table("goods")["good"].tolist() == [name]
        assert again.table("projects")["group"].tolist() == [name, name]
    plan = solve(instance)
    plan.write(tmp_path / "plan")
    kept = Plan.read(tmp_path / "plan")
    assert set(kept.balance["good"]) == {name}
    assert set(kept.tables["price_floors"]["fund"]) == {name}
    assert json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))["instance"]["name"] == name
    assert not audit(load(tmp_path / "csv"), kept).breaches
    page = render(instance, plan, audit(instance, plan), hints=[], width=100, colour=False)
    assert "\x1b" not in page
    assert name[:6].replace("\u00a0", " ") in page


@pytest.mark.parametrize("name", every(3, NAMES))
def test_the_name_of_a_market_is_only_a_name(name: str, tmp_path: Path) -> None:
    """It indexes rows of the model and of the audit."""
    old = shared_market()
    tables = {
        t: frame.astype(object).where(frame.notna(), None).replace("spot", name) for t, frame in old.tables.items()
    }
    instance = Instance.from_tables("market", old.settings.as_document(), tables)
    write(instance, tmp_path)
    assert load(tmp_path).hash == instance.hash
    plan = solve(instance)
    assert plan.objective == pytest.approx(solve(old).objective)
    result = audit(instance, plan)
    assert {row.key for row in result.find("market_step_width")} == {(name, 1), (name, 2)}
    assert not result.breaches
    assert name[:6].replace("\u00a0", " ") in render(instance, plan, result, hints=[], width=100, colour=False)


def test_blanks_around_a_name_do_not_count(tmp_path: Path) -> None:
    """They cannot be seen in a spreadsheet, and two goods that differ in them alone would be one to every reader."""
    write(named("ore"), tmp_path / "a")
    file = tmp_path / "a" / "demand.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",ore,", ",\u00a0 ore\t ,"), encoding="utf-8")
    assert load(tmp_path / "a").hash == named("ore").hash
