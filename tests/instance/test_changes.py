"""``--set``: every setting and every cell has an address, and what cannot be set is told by it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockpile import load
from stockpile.errors import DataError
from stockpile.instance import Instance
from stockpile.instance.cells import cell_text
from stockpile.instance.generate import random_instance
from stockpile.instance.schema import TABLES
from stockpile.instance.settings import SECTIONS
from stockpile.instance.target import Change, Target, parse_change, parse_target
from tests.instance.folders import both, cell, content, instead
from tests.instance.test_extends import extending
from tests.instance.test_names import NAMES
from tests.instance.test_names_everywhere import renamed

WORDS = st.one_of(st.sampled_from([*NAMES, "", "*", '"', "]", "a]b.c=1", "a,b", '""', "[x]"]), st.text(max_size=8))


@given(
    st.lists(st.one_of(st.none(), WORDS), min_size=1, max_size=4),
    st.sampled_from(["=", "*=", "+="]),
    st.one_of(WORDS, st.sampled_from(["=1", "*=2", "].x=3"])),
)
def test_an_address_reads_back(parts: list[str | None], operator: str, value: str) -> None:
    """Whatever a name holds: the plan records changes as text, and studies write them."""
    key = tuple(None if part is None else part.strip() for part in parts)
    change = Change(Target("prices", "price", key), operator, value.strip())
    assert parse_change(str(change)) == change
    assert parse_target(str(change.target)) == change.target


@pytest.mark.parametrize("seed", [1, 2])
def test_every_row_has_an_address(seed: int) -> None:
    """Every row of every table under hostile names: the full key, and nothing else, is changed."""
    instance = renamed(random_instance(1, 4, 1, seed, "all"))[0]
    for name, frame in instance.tables.items():
        keys = frame[list(TABLES[name].key)].map(cell_text).to_numpy().tolist()
        targets = [str(Target(name, "note", tuple(key))) for key in keys]
        found = instance.changed([f"{target}=row {i}" for i, target in enumerate(targets)])
        assert found.table(name)["note"].tolist() == [f"row {i}" for i in range(len(frame))]
        assert [count for _, count in found.lineage.set] == [1] * len(frame)


def test_every_setting_has_an_address(folder: Path) -> None:
    """What the file says can be said on the command line."""
    (folder / "scenarios.csv").write_text("scenario,probability\ncalm,0.75\nstorm,0.25\n")
    values = {
        "horizon.start": "2026-04-01", "horizon.periods": "9", "horizon.step": "quarter", "units.quantity": "kg",
        "units.price": "EUR/kg", "units.money": "kEUR", "units.time": "quarter", "economics.discount_rate": "0.07",
        "economics.perspective": "all", "economics.fiscal_year_start": "04-01", "objective.goal": "least-shortfall",
        "objective.shortfall_tolerance": "0.2", "units.energy": "GJ", "units.emissions": "kg", "decisions.orders": "before",
        "decisions.here_and_now": "2", "risk.measure": "worst", "risk.weight": "0.5", "solver.gap": "0.5", "solver.time_limit": "7",
    }  # fmt: skip
    known = {f"{section}.{setting}" for section, fields in SECTIONS.items() for setting in fields.__dataclass_fields__}
    assert set(values) <= known
    changes = [f"{key}={value}" for key, value in {**values, "name": "x", "title": "=1+1"}.items()]
    changed = ["demand[motors,Dy oxide,2027].from=2027-04-01", "duties[Overseas].from=2027-04-01"]
    moved = ["targets[*].from=2026-07-01", "budgets[facility].from=2027-04-01"]
    document = load(folder, [*changes, *changed, *moved]).settings.as_document()
    assert {key: str(document[key.split(".")[0]][key.split(".")[1]]) for key in values} == {
        **values, "solver.time_limit": "7.0"
    }  # fmt: skip
    assert (document["name"], document["title"]) == ("x", "=1+1")


def test_what_is_set_is_what_a_page_says(folder: Path) -> None:
    """The same instance as a folder that extends it, with the same hash: figures, blanks, durations, defaults."""
    page = {
        "prices": "source,step,price,delete\nspot,1,264,width\nspot,2,360,\nrecycler,1,288,\nplant output,1,180,\n",
        "sources": "source,lead_time\nrecycler,6mo\n",
        "demand": "sector,good,from,quantity\nmotors,Dy oxide,2027Q1,57\n",
    }
    short = extending(folder, "my-reserve-2", page, 'name = "my-reserve"\n[economics]\ndiscount_rate = 0.06\n')
    changes = [
        "prices[*].price*=1.2",
        "prices[spot,1].width=",
        "sources[recycler].lead_time*=2",
        " demand[ motors , Dy oxide , 2027-01-01 ].quantity += 5 ",
        "economics.discount_rate*=2",
    ]
    found = load(folder, changes)
    assert found.hash == load(short).hash
    assert found.lineage.set[0] == ("prices[*].price*=1.2", 4)
    assert found.lineage.changes[3] == "demand[motors,Dy oxide,2027-01-01].quantity+=5"
    assert found.hash == load(folder).changed(changes).hash
    assert load(short, ["prices[spot,1].price=1"]).lineage.extends == ("../my-reserve",)


def test_changes_come_one_after_the_other(folder: Path) -> None:
    """The last one counts, and a factor acts on what was set before."""
    found = load(folder, ["prices[recycler].price=10", "prices[recycler,1].price*=2", "sources[recycler].source=x",
                          "sources[x].order_cost=", "prices[recycler].source=x", "supply[*].source=x"])  # fmt: skip
    assert found.table("prices")["price"].tolist()[2] == 20
    assert found.table("sources")["order_cost"].tolist()[1] == 0


def test_a_blank_limit_stays_blank(folder: Path) -> None:
    """Twice no limit is no limit; a blank that stands for a number is that number."""
    found = load(folder, ["prices[*].width*=2", "sources[*].min_order+=3"])
    assert np.array_equal(found.table("prices")["width"], [80, np.nan, np.nan, np.nan], equal_nan=True)
    assert found.table("sources")["min_order"].tolist() == [3, 5, 3]


def test_an_instance_is_changed_again(starter: Path) -> None:
    """A study starts from what was read and changed before; all changes are recorded, the first one is not made twice."""
    one = load(starter, ["prices[recycler].price*=2"])
    two = one.changed(["prices[recycler].price*=2"])
    assert two.table("prices")["price"].tolist()[2] == 4 * load(starter).table("prices")["price"].tolist()[2]
    assert two.lineage.changes == ["prices[recycler].price*=2"] * 2
    assert isinstance(two, Instance)


def test_a_shorter_horizon_leaves_out_what_begins_after_it(folder: Path) -> None:
    """Otherwise no horizon could be shortened for a run."""
    both(cell("demand", 4, "from", "2027Q4"), cell("budgets", 3, "from", "2028"))(folder)
    found = load(folder, ["horizon.periods=6"])
    assert len(found.table("demand")) == 2
    assert [w.file for w in found.warnings if "after the horizon" in w.message] == ["budgets.csv", "demand.csv"]


WRONG = {
    "prices[MP].price=1": "'MP' is not in prices.csv; ",
    "sources[recycle].lead_time=1y": "'recycle' is not in sources.csv; did you mean 'recycler'?",
    "prices[spot,3].price=1": "no row of 'spot' has the step '3'; there are prices[spot,1,]; prices[spot,2,]",
    "demand[motors,Dy oxide,2028].quantity=1": "has the from '2028'; there are demand[motors,Dy oxide,]; "
    "demand[motors,Dy oxide,2027Q1]",
    "prices[spot].price=1": "2 rows have this key: prices[spot,1,], prices[spot,2,]; name one of them, or all as prices[spot,*]",
    "prices[spot,1,2026,9].price=1": "the key of prices has 3 parts: source, step, from",
    "prices[spot,1].prize=1": "'prize' is not a column of prices; did you mean 'price'?",
    "prizes[spot,1].price=1": "'prizes' is not a table; did you mean 'prices'?",
    "sales[Dy oxide].price=1": "the instance has no sales.csv; ",
    "prices.price=1": "which row? write prices[KEY].price, or prices[*].price for all of them",
    "economics.discount=1": "'discount' is not a setting of economics; did you mean 'discount_rate'?",
    "economy.discount_rate=1": "'economy.discount_rate' is not a setting; did you mean 'economics.discount_rate'?",
    "format=2": "'format' is not a setting; ",
    "economics.discount_rate=5%": "'5%' is not a number from 0 to 1; write 3 % as 0.03",
    "horizon.periods=": "is missing; it is the number of periods",
    "horizon.periods*=1.01": "is not a whole number",
    "horizon.periods=1e3000": "is not a whole number",
    "horizon.step*=2": "'quarter' is not a number, so it cannot be changed by *=; give a value with =",
    "horizon.periods+=x": "'x' is not a number",
    "horizon.start=soon": "is not a date",
    "horizon.periods=10_0": "is not a whole number",
    "units.money=MEUR": "'USD/kg' is in USD, but money is in EUR",
    "prices[*].price=x": "'x' is not a finite number; the column holds price",
    "prices[*].price=1,5": "write it with a decimal point",
    "prices[*].price*=x": "'x' is not a number",
    "prices[*].price*=nan": "'nan' is not a number",
    "prices[*].price*=-1": "is negative",
    "prices[spot,1].price=": "is blank; it is price",
    "prices[recycler].from*=2": "the column holds a date or period label",
    "goods[Dy oxide].shelf_life+=2": "only numbers can be added to",
    "supply[recycler].until=2020": "is off the horizon",
    "sources[spot].good=gold": "'gold' is not in goods.csv",
    "sources[spot].min_order=1\x1b": "'1\\x1b' is not a finite number",
    "supply[recycler].capacity=\x1b": "is not a finite number",
    "sources[spot].supplier=a\x1bb": "holds the character",
    "prices[plant output].width*=2": "changes nothing: width is blank there; give a value with =",
    "sources[*].source=same": "same is there twice",
    "": "does not begin with a setting or a table",
    "=3": "does not begin with a setting or a table",
    "prices": "has no value; write KEY=VALUE",
    "prices[spot": 'has no "]" after its key',
    'prices["spot].price=1': "has a quote that is not closed",
    'prices["spot"x].price=1': "after a quoted name",
    "prices[spot]=1": "names no column; write prices[KEY].COLUMN=VALUE",
    "prices[spot,1].price": "has no value",
    "prices[spot,1].price.x=1": "has no value",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_set_is_told(text: str, starter: Path) -> None:
    """A change that was passed over in silence would give the plan of another question."""
    with pytest.raises(DataError) as caught:
        load(starter, [text])
    assert any(WRONG[text] in p.message for p in caught.value.problems), caught.value.problems
    assert any(p.file == "--set" for p in caught.value.problems)
    assert all(str(p).isprintable() and len(str(p)) < 1000 for p in caught.value.problems)
    assert len([p for p in caught.value.problems if p.file == "--set"]) <= 4


def test_a_change_is_told_beside_the_faults_of_the_files(folder: Path) -> None:
    """All faults in one pass, and those of a table that cannot be read only once."""
    both(cell("demand", 2, "quantity", "-1"), content("duties.csv", b""), instead("instance.toml", "gap =", "gpa ="))(
        folder
    )
    with pytest.raises(DataError) as caught:
        load(folder, ["duties[Overseas].rate=2", "prices[MP].price=1", "x"])
    assert [(p.file, p.column) for p in caught.value.problems] == [
        ("duties.csv", None), ("instance.toml", "solver.gpa"), ("--set", "x"), ("--set", "prices[MP].price"),
        ("demand.csv", "quantity"),
    ]  # fmt: skip
