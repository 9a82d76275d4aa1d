"""Plans side by side: each figure is the one that can be worked out by hand, whatever the units, and names stay text."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.cells import cell_len

from stockpile import engine
from stockpile.errors import DataError
from stockpile.instance import Instance, load
from stockpile.instance.generate import random_instance
from stockpile.plan.plan import Plan
from stockpile.report.comparison import Comparison, as_csv, as_document, compare, page
from tests.instance.test_names import NAMES
from tests.instance.test_names_everywhere import renamed
from tests.models.base import make
from tests.plan.cases import made
from tests.plan.plans_contracts import contracted

HOME = Path(__file__).resolve().parents[2] / "instances"
UNITS = ["units.quantity=t", "units.price=kUSD/t", "units.money=kUSD"]


@cache
def quick(*changes: str) -> Plan:
    """The plan of the quickstart with some changes; not to be changed."""
    return engine.solve(load(HOME / "quickstart", changes), gap=0)


def values(found: Comparison) -> dict[str, list[float | str]]:
    """Every figure by its words."""
    out = {figure.label: found.row(figure) for figure in found.figures}
    assert len(out) == len(found.figures)
    return out


def test_the_figures_of_the_quickstart_are_those_made_by_hand() -> None:
    """Its page works out every amount: 2, 6, 2 and 0 kt of 10 at the ends of the years, 22 of 34 kt imported."""
    short = engine.solve(load(HOME / "quickstart-no-smelter"), gap=0)
    found = values(compare([("a", quick()), ("b", short)]))
    expected: dict[str, list[Any]] = {
        "status": ["optimal", "optimal"],
        "first period": ["2026", "2026"],
        "last period": ["2029", "2029"],
        "periods": ["4", "4"],
        "step": ["year", "year"],
        "discount rate a year": [0, 0],
        "whose costs count": ["public", "public"],
        "made least first": ["cost", "cost"],
        "cost: purchases": [352, 408],
        "cost: project tranches": [21, 0],
        "total (objective)": [418, 527],
        "of it penalties": [35, 105],
        "bound (proven)": [418, 527],
        "gap": [0, 0],
        "penalty: all": [35, 105],
        "short: antimony": [2, 6],
        "penalty: antimony": [35, 105],
        "short: antimony for defence": [2, 6],
        "penalty: antimony for defence": [35, 105],
        "least: antimony": [0, 0],
        "mean: antimony": [(2 + 6 + 2 + 0) / 40 * 365.25, (2 + 10 + 2 + 0) / 40 * 365.25],
        "by cost, from abroad": [256 / 352, 1],
        "by cost, from home": [96 / 352, 0],
        "from abroad: antimony": [22 / 34, 1],
        "from home: antimony": [12 / 34, 0],
        "peak, unverified": [30, 0],
        "peak, outstanding": [0, 0],
        "peak, lost": [0, 0],
        "peak, all three": [30, 0],
        "paid by all": [82 + 185 + 66 + 50 + 14, 82 + 218 + 2 + 120],
        "paid by treasury": [82 + 185 + 66 + 50, 82 + 218 + 2 + 120],
        "paid by investors": [14, 0],
        "verified: smelter": ["2 of 2", ""],
        "last in: smelter": ["2028", ""],
        "abandoned: smelter": ["", ""],
    }
    assert {name: found[name] for name in expected} == {
        name: row if isinstance(row[0], str) else pytest.approx(row) for name, row in expected.items()
    }


def test_a_plan_is_read_without_its_instance(tmp_path: Path) -> None:
    """The folder has all that is needed, and gives what the plan in memory gives."""
    quick().write(tmp_path / "x")
    kept = Plan.read(tmp_path / "x")
    assert as_csv(compare([("x", kept), ("x", kept)])) == as_csv(compare([("x", quick()), ("x", quick())]))


def test_other_units_are_converted() -> None:
    """The same plan in kg and kUSD has the same figures in kt and MUSD, and the page says so."""
    found = compare([("a", quick()), ("b", in_small_units())])
    for name, (one, other) in values(found).items():
        if name != "hash of the instance":
            assert other == one or other == pytest.approx(one, rel=1e-6, abs=1e-6), name
    assert list(found.notes) == ["plan 2 is converted: t into kt and kUSD into MUSD"]


def in_small_units() -> Plan:
    """The quickstart in tonnes and thousands of dollars; 1 USD/kg is 1 kUSD/t."""
    amounts = ["demand[*].quantity", "opening_stock[*].quantity", "prices[*].width", "effects[*].amount",
               "stores[*].capacity", "budgets[*].amount", "stages[*].cost"]  # fmt: skip
    return quick(*UNITS, *(f"{cells}*=1000" for cells in amounts))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (["units.money=MEUR", "units.price=EUR/kg"], "one is in EUR, the other in USD"),
        (["units.quantity=magnet", "units.price=USD/magnet"], "one is a number of magnets, the other a mass"),
    ],
)
def test_what_does_not_convert_is_refused(changes: list[str], words: str) -> None:
    """Dollars beside euros would be read as the same."""
    with pytest.raises(DataError, match=words) as caught:
        compare([("a", quick()), ("b/c", quick(*changes))])
    assert caught.value.problems[0].file == "b/c/plan.json"


def test_what_differs_is_named() -> None:
    """A total over five years beside one over four looks dear without being so."""
    other = quick("horizon.periods=5", "economics.discount_rate=0.1", "economics.perspective=all",
                  "objective.goal=least-shortfall")  # fmt: skip
    notes = list(compare([("a", quick()), ("b", other)]).notes)
    assert [note.split(",")[0] for note in notes] == [
        "their horizons differ",
        "their discount rates differ",
        "they count the costs of different payers",
        "they make different things least first",
    ]


def test_energy_and_emissions_of_processes() -> None:
    """Where a plan has processes their sums are there, in the units of the first plan that has any."""
    instance = random_instance(3, 8, 2, 1, "all")
    assert len(instance.view("processes"))
    plans = [
        engine.solve(instance.changed(changes), gap=0.1) for changes in ([], ["units.energy=GJ", "units.emissions=kg"])
    ]
    found = compare([("a", quick()), *zip("bc", plans, strict=True)])
    energy, emissions = (values(found)[f"{name} of processes"] for name in ("energy", "emissions"))
    assert energy == pytest.approx([0, plans[0].summary["energy"]["value"], plans[0].summary["energy"]["value"] / 3.6])
    assert emissions[2] == pytest.approx(plans[0].summary["emissions"]["value"] / 1000)
    assert float(energy[1]) > 0
    assert "plan 3 is converted: t into kt and GJ into MWh and kg into t" in found.notes
    assert "energy of processes, MWh" in page(found)


def test_projects_that_began_before_and_those_that_are_left() -> None:
    """Opening stages count when they are verified; what is abandoned counts what was verified before, and says when."""
    begun, left = made("under_way")[1], made("given_up")[1]
    found = values(compare([("a", begun), ("b", left)]))
    verified = {name: row for name, row in found.items() if name.startswith(("verified", "last in", "abandoned"))}
    projects = {name: about for plan in (begun, left) for name, about in plan.summary["context"]["projects"].items()}
    assert any(about["before"] for about in projects.values())
    assert any(row[1] not in ("", "-") for name, row in verified.items() if name.startswith("abandoned"))
    for name, about in projects.items():
        for side, plan in enumerate((begun, left)):
            if name in plan.summary["context"]["projects"]:
                gone = min(plan.abandonments.query("project == @name")["period"], default="9999")
                labels = [
                    *plan.go.query("project == @name")["verified"],
                    *plan.summary["context"]["projects"][name]["before"].values(),
                ]
                assert (
                    verified[f"verified: {name}"][side]
                    == f"{sum(label <= gone for label in labels)} of {about['stages']}"
                )


def test_what_the_market_buys_is_no_delivery_to_the_reserve() -> None:
    """Normal consumption from a cheap origin would hide where the reserve buys."""
    found = values(compare([("a", made("trading")[1])] * 2))
    context = made("trading")[1].summary["context"]
    market = {about["origin"] for about in context["sources"].values() if about["paid_by"] == "market"}
    bought = {about["origin"] for about in context["sources"].values() if about["paid_by"] == "fund"}
    assert market
    assert not any(name.startswith(f"from {origin}: ") for origin in market - bought for name in found)


def test_futures_count_by_their_probability() -> None:
    """A year with two futures: the amounts are expected ones, the least and the peak are those of the worse future."""
    plan = quick()
    weights = {**dict.fromkeys(("2026", "2027", "2028"), 1.0), "a": 0.25, "b": 0.75}
    tables = {}
    for name, frame in plan.tables.items():
        last = frame[frame["node"] == "2029"]
        parts = [frame[frame["node"] != "2029"], last.assign(node="a"), last.assign(node="b")]
        tables[name] = pd.concat(parts, ignore_index=True)
    short, stock = tables["shortfall"], tables["balance"]
    short.loc[short["node"] == "b", ["quantity", "penalty"]] = [6.0, 105.0]
    stock.loc[stock["node"] == "b", "closing"] = 4.0
    context = {**plan.summary["context"], "probability": weights}
    forked = replace(plan, tables=tables, summary={**plan.summary, "context": context})
    found = values(compare([("a", plan), ("b", forked)]))
    assert found["short: antimony for defence"] == pytest.approx([2, 0.25 * 2 + 0.75 * 6])
    assert found["mean: antimony"][1] == pytest.approx((2 + 6 + 2 + 0.75 * 4) / 40 * 365.25)
    assert found["least: antimony"] == [0, 0]
    assert found["paid by treasury"][1] == pytest.approx(found["paid by treasury"][0])
    assert found["from home: antimony"] == pytest.approx([12 / 34] * 2)


def test_scenarios_have_their_best_and_worst() -> None:
    """With a ban in one of two futures: both costs, the tail, and amounts weighted as the tables of both say."""
    old = load(HOME / "quickstart")
    futures: dict[str, list[dict[str, Any]]] = {
        "scenarios": [{"scenario": "calm", "probability": 0.75}, {"scenario": "ban", "probability": 0.25}],
        "shocks": [
            {"scenario": "ban", "shock": "ban", "quantity": "price", "source": "imports", "from": "2027", "factor": 3}
        ],
    }
    settings = {**old.settings.as_document(), "risk": {"measure": "worst", "weight": 0.2}}
    plan = engine.solve(Instance.from_tables("ban", settings, {**old.tables, **futures}), gap=0)
    found = values(compare([("a", quick()), ("b", plan)]))
    calm, ban = plan.outcomes["cost"]
    assert ban > calm + 1
    assert found["scenarios"] == ["", "2"]
    assert found["cost of the best"] == pytest.approx([0, calm])
    assert found["cost of the worst"] == found["worst of cost"] == pytest.approx([0, ban])
    weight = plan.shortfall["node"].map(plan.summary["context"]["probability"])
    assert set(weight) <= {0.25, 0.75, 1.0}
    assert found["short: antimony for defence"][1] == pytest.approx(float((weight * plan.shortfall["quantity"]).sum()))
    assert "Scenarios  MUSD, discounted; what each path costs in all" in page(compare([("a", quick()), ("b", plan)]))


@pytest.mark.parametrize("entry", ["context", "units", "costs"])
def test_a_plan_that_does_not_say_from_what_it_is(entry: str) -> None:
    """A folder of an older version, or one that was changed by hand, is told with what to do."""
    plan = quick()
    for value in (None, {}, {"horizon": 3}, {"purchases": "x"}):
        broken = replace(plan, summary={**plan.summary, entry: value})
        if entry != "costs" or value == {"purchases": "x"}:
            with pytest.raises(DataError, match="solve the instance again"):
                compare([("a", plan), ("b", broken)])


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("count", [2, 4, 9])
def test_the_page_keeps_within_its_width(width: int, count: int) -> None:
    """Up to four plans stand side by side on 80 columns; of more, the first one beside the others, three at a time."""
    plans = [quick(f"prices[*].price*={1 + i / 10}") for i in range(3)]
    text = page(compare([(f"plans/number {i} of many", plans[i % 3]) for i in range(1, count + 1)]), width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    heads = [line for line in text.splitlines() if line.strip().startswith("1 number")]
    pages = len([line for line in text.splitlines() if line.startswith("  total (objective)")])
    assert pages == {(80, 4): 1, (80, 9): 3, (120, 9): 2}.get((width, count), pages)
    assert len(heads) % pages == 0
    assert sum(f"  {i} numb" in line for line in heads for i in range(2, count + 1)) == len(heads) // pages * (
        count - 1
    )


def test_of_many_rows_the_largest_are_shown() -> None:
    """A plan of a hundred goods would fill ten screens; what is left out is counted, and is in the CSV."""
    goods = [f"good {i}" for i in range(30)]
    plan = engine.solve(many(goods))
    found = compare([("a", plan), ("b", plan)])
    text = page(found)
    assert text.count("  short: good ") == text.count("  penalty: good ") == 10
    assert "  short: good 29 for users" in text
    assert "  and 40 more: --csv" in text
    assert as_csv(found).count("short: good ") == 2 * 30, "for the sector, and in all"


def many(goods: list[str]) -> Instance:
    """Demand that nobody serves, the last of the goods most."""
    return make(
        "many",
        1,
        {
            "goods": [{"good": good} for good in goods],
            "sectors": [{"sector": "users"}],
            "demand": [{"sector": "users", "good": good, "quantity": i + 1} for i, good in enumerate(goods)],
            "tiers": [{"share": 1, "penalty": 1}],
        },
    )


@pytest.mark.parametrize("name", [*NAMES, "=cmd|' /C calc'!A0", "+1", "a\x1b[31mb", "{0}{x}"])
def test_names_are_text(name: str) -> None:
    """In the CSV no cell begins with a sign that a spreadsheet takes for a formula; on the page nothing moves the cursor."""
    plan = quick()
    tables = {
        n: frame.replace({"antimony": name, "defence": name, "treasury": name}) for n, frame in plan.tables.items()
    }
    about = {**plan.summary["instance"], "name": name}
    context = {**plan.summary["context"], "sources": {"imports": {"origin": name, "paid_by": "fund"}}, "projects": {
        name: {"stages": 2, "before": {}}}}  # fmt: skip
    odd = replace(
        plan, tables=tables, summary={**plan.summary, "instance": about, "context": context, "options": {"set": [name]}}
    )
    found = compare([(f"plans/{name.replace('/', '')}", odd), ("b", plan)])
    text = page(found)
    assert all(line.isprintable() for line in text.split("\n"))
    assert max(cell_len(line) for line in text.splitlines()) <= 80
    rows = list(csv.reader(io.StringIO(as_csv(found))))
    assert {len(row) for row in rows} == {5}
    for cell in (cell for row in rows for cell in row):
        assert cell.isprintable()
        assert cell[:1] not in ("=", "+", "@", "\t", "\r")
        assert cell[:1] != "-" or float(cell) < 0
    shorts = [f for f in as_document(found)["figures"] if f["figure"].startswith("short: ")]
    assert shorts[0]["names"] == [name, name]


def test_everything_with_a_hostile_name_can_be_compared() -> None:
    """A whole instance of them, every rule in use."""
    plan = engine.solve(renamed(random_instance(3, 6, 2, 2, "all"))[0], gap=0.1)
    text = page(compare([("a", plan), ("b", plan)]))
    assert all(line.isprintable() for line in text.split("\n"))
    assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_what_contracts_deliver_has_an_origin() -> None:
    """A reserve supplied under a contract alone buys all of it where the contract's source is."""
    instance, plan = contracted()
    source = instance.view("sources").set_index("source")["origin"]
    by_contract = instance.view("contracts").set_index("contract")["source"]
    bought: dict[str, float] = {}
    for table, key in (("deliveries", "source"), ("contract_deliveries", "contract")):
        for name, cost in zip(plan.tables[table][key], plan.tables[table]["cost"], strict=True):
            origin = source[by_contract[name] if key == "contract" else name]
            origin = origin if isinstance(origin, str) else ""
            bought[origin] = bought.get(origin, 0.0) + cost
    found = values(compare([("a", plan), ("b", plan)]))
    for origin, cost in bought.items():
        words = f"by cost, from {origin}" if origin else "by cost, of unknown origin"
        assert found[words] == pytest.approx([cost / sum(bought.values())] * 2)
    assert plan.summary["context"]["contracts"]


def test_with_several_sectors_the_page_tells_what_goes_short_in_all() -> None:
    """Rows by good and sector would push the goods that matter off the page; they stay in the CSV."""
    tables: dict[str, list[dict[str, Any]]] = {
        "goods": [{"good": "x"}],
        "sectors": [{"sector": "users"}, {"sector": "others"}],
        "demand": [{"sector": s, "good": "x", "quantity": q} for s, q in (("users", 1), ("others", 2))],
        "tiers": [{"share": 1, "penalty": 1}],
    }
    plan = engine.solve(make("two", 1, tables))
    found = compare([("a", plan), ("b", plan)])
    assert "  short: x  " in page(found)
    assert "for users" not in page(found)
    assert "  and 4 more: --csv" in page(found)
    assert values(found)["short: x for users"] == [1, 1]
    assert values(found)["short: x"] == [3, 3]


def test_rows_about_the_same_are_shown_together() -> None:
    """Of forty goods those with the greatest penalty are told, each with its quantity; one is short of much at no price."""
    goods = [f"good {i}" for i in range(40)]
    instance = many(goods)
    tables: dict[str, list[dict[str, Any]]] = {
        name: [{str(key): cell for key, cell in row.items()} for row in frame.to_dict("records")]
        for name, frame in instance.tables.items()
    }
    tables["tiers"] = [{"share": 1, "penalty": 1}, {"good": "good 39", "share": 1, "penalty": 0.001}]
    plan = engine.solve(make("priced", 1, tables))
    text = page(compare([("a", plan), ("b", plan)]))
    for words in ("short", "penalty"):
        assert [i for i in range(40) if f"  {words}: good {i} for users" in text] == list(range(29, 39))
