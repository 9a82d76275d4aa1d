"""Recipes that make something from nothing are found exactly, and processes that can never run are warned of."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from stockpile.errors import DataError
from stockpile.instance import Instance
from stockpile.instance.checking.cycles import circles, from_nothing
from tests.models.base import SECTOR, demand, make

Recipes = dict[str, dict[str, Fraction]]


def exact(**recipes: dict[str, str]) -> Recipes:
    """Recipes in fractions."""
    return {j: {good: Fraction(amount) for good, amount in recipe.items()} for j, recipe in recipes.items()}


def test_a_circle_without_loss_is_no_gain() -> None:
    """A third made of one and three of a third: exactly what went in, which floating point could not tell from more."""
    there = {"oxide": "-1", "metal": "1/3"}
    assert from_nothing(exact(a=there, b={"metal": "-1", "oxide": "3"})) == []
    assert from_nothing(exact(a=there, b={"metal": "-1", "oxide": "3.0000000000001"})) == ["a", "b"]
    assert from_nothing(exact(a=there, b={"metal": "-1", "oxide": "3", "heat": "0.01"})) == ["a", "b"]


def test_what_comes_from_outside_is_no_gain() -> None:
    """More oxide comes back than went in, but acid goes in that no process makes."""
    there = {"oxide": "-1", "metal": "0.8"}
    assert from_nothing(exact(a=there, b={"metal": "-1", "acid": "-1", "oxide": "2"})) == []
    assert from_nothing(exact(a=there, b={"metal": "-1", "acid": "-1", "oxide": "2"}, c={"oxide": "-1", "acid": "9"}))


def test_a_long_circle_is_told_without_those_that_only_stand_by() -> None:
    """Ten processes in a circle that gains a thousandth, one that feeds it and one that it feeds."""
    ring: dict[str, dict[str, str]] = {f"p{i}": {f"g{i}": "-1", f"g{(i + 1) % 10}": "1"} for i in range(10)}
    ring["p4"]["g5"] = "1.001"
    more: dict[str, dict[str, str]] = {"in": {"ore": "-1", "g0": "1"}, "out": {"g3": "-1", "slag": "1"}}
    assert from_nothing(exact(**more, **ring)) == [f"p{i}" for i in range(10)]


def test_circles_are_those_that_reach_one_another() -> None:
    """Two circles with a way from one to the other are two."""
    follows = {"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"c", "e"}, "e": set[str]()}
    assert circles(follows) == [["a", "b"], ["c", "d"]]


def test_random_recipes_agree_with_a_linear_program() -> None:
    """Of 300 small sets of recipes the simplex of another library finds a gain in the same ones."""
    random, found = Random(5), 0
    for _ in range(300):
        goods, names = [f"g{i}" for i in range(random.choice([2, 3, 4]))], range(random.choice([2, 3, 5]))
        recipes = {}
        for j in names:
            taken, made = random.sample(goods, 2)
            recipe = {taken: Fraction(-random.randint(2, 9)), made: Fraction(random.randint(1, 6))}
            recipe |= {g: Fraction(random.randint(-3, 3)) for g in goods if g not in recipe and random.random() < 0.4}
            recipes[f"p{j}"] = {g: a for g, a in recipe.items() if a}
        matrix = np.array([[float(r.get(g, 0)) for r in recipes.values()] for g in goods])
        gain = linprog(-matrix.sum(axis=0), A_ub=-matrix, b_ub=np.zeros(len(goods)), bounds=[(0, 1)] * len(recipes))
        told = from_nothing(recipes)
        assert bool(told) == (gain.fun < -1e-9), recipes
        found += bool(told)
    assert 30 < found < 270


BASE: dict[str, list[dict[str, Any]]] = {
    "goods": [{"good": "ore"}, {"good": "oxide"}, {"good": "metal"}],
    "sources": [{"source": "mine", "good": "ore"}],
    "prices": [{"source": "mine", "price": 1}],
    "processes": [{"process": "separation"}, {"process": "smelting"}],
    "recipes": [
        {"process": "separation", "good": "ore", "amount": -3},
        {"process": "separation", "good": "oxide", "amount": 1},
        {"process": "smelting", "good": "oxide", "amount": -1},
        {"process": "smelting", "good": "metal", "amount": 0.8},
    ],
    "sectors": SECTOR,
    "demand": demand(1, 1, good="metal"),
}


def warned(**tables: list[dict[str, Any]]) -> list[str]:
    """The warnings of a chain with some tables replaced."""
    return [str(problem) for problem in make("chain", 2, {**BASE, **tables}).warnings]


def test_what_is_made_of_what_is_bought_is_there() -> None:
    """Oxide has no source, but ore has one."""
    assert warned() == []


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        (
            {"sources": [{"source": "mine", "good": "metal"}]},
            "recipes.csv:2:good: 'separation' can never run: nothing brings 'ore' into the reserve",
        ),
        (
            {"sources": [{"source": "mine", "good": "ore", "paid_by": "market"}], "demand": demand(1, 1)},
            "recipes.csv:2:good: 'separation' can never run: nothing brings 'ore' into the reserve",
        ),
        (
            {"processes": [{"process": "separation", "lead_time": "2"}, {"process": "smelting"}]},
            "processes.csv:2:lead_time: nothing that 'separation' makes can arrive within the horizon",
        ),
        (
            {
                "processes": [{"process": "separation"}, {"process": "smelting", "min_run": 5}],
                "capacity": [{"process": "smelting", "capacity": 4}],
            },
            "processes.csv:3:min_run: 'smelting' can never run: its capacity is 4 at most in a period",
        ),
        (
            {"recipes": [*BASE["recipes"][:3]]},
            "processes.csv:3:process: 'smelting' makes nothing: what it takes is gone",
        ),
        (
            {"funds": [{"fund": "treasury", "uses": "purchases"}], "processes": [{"process": "separation", "cost": 1}, {"process": "smelting"}]},
            "funds.csv:uses: no fund may pay for processing",
        ),
        (
            {
                "stores": [{"store": "yard"}],
                "storage": [{"good": "oxide", "store": "yard"}],
                "processes": [{"process": "separation", "store": "yard"}, {"process": "smelting"}],
            },
            "processes.csv:2:store: all that 'separation' takes and makes moves freely between stores",
        ),
    ],
)  # fmt: skip
def test_what_can_never_run_is_warned_of(tables: dict[str, list[dict[str, Any]]], words: str) -> None:
    """It is allowed, and surely not meant."""
    assert any(text.startswith(words) for text in warned(**tables)), warned(**tables)


BLEND: dict[str, list[dict[str, Any]]] = {
    "recipes": [*BASE["recipes"][:3], {"process": "smelting", "good": "ore"}, {"process": "smelting", "good": "metal", "amount": 1}],
    "attributes": [{"good": "ore", "attribute": "grade", "value": 0.2}],
}  # fmt: skip


def test_blends_that_cannot_be_are_warned_of() -> None:
    """A bound beyond all that may go in, an attribute that nothing bounds, and free inputs of which none is there."""
    bound = [{"process": "smelting", "attribute": "grade", "min": 0.3}]
    assert warned(**BLEND, blend=bound) == [
        "blend.csv:2:min: no blend keeps this: what may go into 'smelting' has 0.2 to 0.2"
    ]
    assert warned(**BLEND) == ["attributes.csv:2:attribute: no blend bounds 'grade'"]
    recipes = [
        *BASE["recipes"],
        {"process": "mixing", "good": "scrap"},
        {"process": "mixing", "good": "metal", "amount": 1},
    ]
    processes = [*BASE["processes"], {"process": "mixing"}]
    goods = [*BASE["goods"], {"good": "scrap"}]
    assert warned(recipes=recipes, processes=processes, goods=goods) == [
        "recipes.csv:6:good: 'mixing' can never run: nothing brings 'scrap' into the reserve"
    ]
    assert warned(recipes=[*recipes, {"process": "mixing", "good": "ore"}], processes=processes, goods=goods) == []


def test_a_blend_of_pieces_and_tonnes_is_counted_in_one_unit() -> None:
    """A tonne of run is 1000 kg of the oxide in kilograms: a circle that brings back 1000 kg for a tonne gains nothing."""
    goods = [{"good": "ore"}, {"good": "oxide", "unit": "kg"}, {"good": "metal"}]
    for back, told in ((1000, False), (1000.001, True)):
        recipes: list[dict[str, Any]] = [
            *BASE["recipes"][:2],
            {"process": "smelting", "good": "oxide"},
            {"process": "smelting", "good": "metal", "amount": 1},
            {"process": "parting", "good": "metal", "amount": -1},
            {"process": "parting", "good": "oxide", "amount": back},
        ]
        tables = {**BASE, "goods": goods, "recipes": recipes, "processes": [*BASE["processes"], {"process": "parting"}]}
        if told:
            with pytest.raises(DataError, match="'smelting', 'parting' feed one another in a circle"):
                make("units", 2, tables, quantity="t")
        else:
            make("units", 2, tables, quantity="t")


def test_returns_of_what_nobody_uses_are_warned_of() -> None:
    """A sector that takes none of a good, use of which nothing comes back, and use so old that all of it has."""
    source = [*BASE["sources"], {"source": "scrap", "good": "metal"}]
    prices = [*BASE["prices"], {"source": "scrap", "price": 1}]
    back = [{"source": "scrap", "sector": "plant", "good": "metal", "share": 0.5, "lag": "1"}]
    use = [
        {"sector": "plant", "good": "metal", "age": "2", "quantity": 3},
        {"sector": "plant", "good": "ore", "age": "1", "quantity": 3},
    ]
    told = warned(sources=source, prices=prices, returns=[*back, {**back[0], "good": "oxide"}], opening_use=use)
    assert told == [
        "returns.csv:3:good: 'plant' uses no 'oxide': it does not want it, nor take it instead",
        "opening_use.csv:2:age: what went into use 2 periods before the start has come back: the longest lag is 1",
        "opening_use.csv:3:good: nothing comes back of the 'ore' that 'plant' uses; give it a row in returns.csv",
    ]


def test_units_of_runs_energy_and_emissions() -> None:
    """A good in kilograms in an instance in tonnes: 1.2 kg for a tonne of run are 0.0012 t; units of energy are kept."""
    tables: dict[str, list[dict[str, Any]]] = {
        **BASE,
        "goods": [{"good": "ore"}, {"good": "oxide", "unit": "kg"}, {"good": "metal"}],
        "capacity": [{"process": "smelting", "capacity": 40}],
        "processes": [{"process": "separation", "cost": 2}, {"process": "smelting", "energy": 5, "min_run": 2}],
    }
    settings = {
        "format": 1,
        "horizon": {"start": "2026-01-01", "periods": 4, "step": "quarter"},
        "units": {"quantity": "t", "price": "USD/kg", "money": "MUSD", "energy": "GJ"},
    }
    instance = Instance.from_tables("units", settings, {**tables, "demand": demand(1, good="metal")})
    assert instance.view("recipes")["amount"].tolist() == pytest.approx([-3, 0.001, -0.001, 0.8])
    assert instance.view("processes")["cost"].tolist() == pytest.approx([0.002, 0])
    assert instance.view("processes")["energy"].tolist() == [0, 5]
    assert instance.view("capacity")["capacity"].tolist() == pytest.approx([10])
    document = instance.settings.as_document()
    assert document["units"]["energy"] == "GJ"
    assert "emissions" not in document["units"]
