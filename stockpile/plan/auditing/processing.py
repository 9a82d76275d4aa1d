"""Processing: runs within capacity and horizon, what they take, make and cost, and chains of which nothing gets lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from stockpile.plan.auditing.book import Bools, Floats, Ints, Key
from stockpile.plan.auditing.case import ROUNDED, Case
from stockpile.plan.auditing.grid import Grid


@dataclass(frozen=True)
class Processed:
    """What the other blocks need: what processes make and take of every good (goods, nodes), and what they cost (nodes,).

    ``delivered`` and ``issued`` are what goes to and comes from stores that processes name, (nodes,) by good and store;
    ``levels`` and ``ran`` how much every process is run, and 1 where it is, (nodes,); ``energy`` and ``emissions`` (nodes,);
    ``brought`` what comes of every process, by process and good, (nodes,).
    """

    made: Floats
    taken: Floats
    spending: Floats
    delivered: dict[tuple[str, str], Floats]
    issued: dict[tuple[str, str], Floats]
    levels: dict[str, Floats]
    ran: dict[str, Floats]
    energy: Floats
    emissions: Floats
    brought: dict[Key, Floats]


class _Processes:
    """The processes of the instance and how much the plan runs them."""

    def __init__(self, case: Case) -> None:
        self.case = case
        view, recipes = case.view("processes"), case.view("recipes")
        self.names = view.texts("process")
        self.at = {j: i for i, j in enumerate(self.names)}
        self.keys: list[Key] = [(j,) for j in self.names]
        self.column = {name: view[name].to_numpy(dtype=np.float64)[:, None] for name in _FIGURES}
        self.lead = view["lead_time"].to_numpy(dtype=np.float64).astype(np.int64)
        self.store = dict(zip(self.names, view.texts("store"), strict=True))
        self.partner = view.texts("runs_with")
        pairs = zip(recipes.texts("process"), recipes.texts("good"), strict=True)
        self.recipe: dict[Key, float] = dict(zip(pairs, recipes["amount"].tolist(), strict=True))
        makers = {j for (j, _), amount in self.recipe.items() if amount > 0}
        self.makes: Bools = np.array([j in makers for j in self.names], dtype=bool)
        self.grid = case.reader.grid("runs", self.keys)
        self.level = self.grid.amount("level")
        self.ran = self.grid.present.astype(np.float64)

    def arrived(self) -> Floats:
        """(processes, nodes) the runs whose outputs arrive at a node, those from before the horizon among them."""
        case = self.case
        out = case.earlier_by_row(self.level, self.lead)
        view = case.view("opening_runs")
        for process, period, level in zip(view.texts("process"), view["arrives"], view["level"], strict=True):
            out[self.at[process], case.period == period] += float(level)
        return out


_FIGURES = ("cost", "set_up_cost", "min_run", "energy", "emissions")


def check_processing(case: Case, throughput: Mapping[str, Floats]) -> Processed:
    """Check every run; ``throughput`` is what projects add to the capacity of a process, (nodes,)."""
    s = _Processes(case)
    _check_figures(s)
    _check_limits(s, throughput)
    _check_partners(s)
    taken, made = _check_conversions(s)
    level, ran, cost = s.level, s.ran, s.column
    stores = [{}, {}]  # type: list[dict[tuple[str, str], Floats]]
    sums = [np.zeros((len(case.good_at), len(case.tree))) for _ in range(2)]
    for by_store, total, amounts in zip(stores, sums, (taken, made), strict=True):
        for (process, good), amount in zip(s.recipe, amounts, strict=True):
            total[case.good_at[str(good)]] += amount
            if s.store[str(process)] and amount.any():
                pair = (str(good), s.store[str(process)])
                by_store[pair] = by_store.get(pair, 0.0 * amount) + amount
    return Processed(
        made=sums[1],
        taken=sums[0],
        spending=(cost["cost"] * level + cost["set_up_cost"] * ran).sum(axis=0),
        delivered=stores[1],
        issued=stores[0],
        levels=dict(zip(s.names, level, strict=True)),
        ran=dict(zip(s.names, ran, strict=True)),
        energy=(cost["energy"] * level).sum(axis=0),
        emissions=(cost["emissions"] * level).sum(axis=0),
        brought=dict(zip(s.recipe, made, strict=True)),
    )


def _check_figures(s: _Processes) -> None:
    """Cost, set-up, energy and emissions are those of the run, and the label says when its outputs arrive."""
    case, grid, book = s.case, s.grid, s.case.book
    case.not_negative(grid, "level", "cost", "set_up", "energy", "emissions")
    labels = case.reader.periods

    def arrives(row: Ints, node: Ints) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        label = labels[np.minimum(case.period[node] + s.lead[row], case.last)]
        return np.where(s.makes[row], label, "")

    case.reader.labels(grid, "arrives", arrives, "is not when the outputs arrive")
    units = case.instance.settings.units
    for name, figure, unit in (
        ("cost", "cost", case.money),
        ("energy", "energy", units.energy),
        ("emissions", "emissions", units.emissions),
    ):
        words = f"{name} of the run of {{0}} is {{left}}, but its level makes it {{right}}"
        rule = case.rule(f"run_{name}", grid, s.keys, unit, words)
        book.equal(rule, grid.amount(name), s.column[figure] * s.level, scale=s.column[figure] * ROUNDED)
    words = "the set-up of {0} costs {left}, but its charge is {right}"
    rule = case.rule("run_set_up", grid, s.keys, case.money, words)
    book.equal(rule, grid.amount("set_up"), s.column["set_up_cost"] * s.ran)


def _check_limits(s: _Processes, throughput: Mapping[str, Floats]) -> None:
    """A run stays within the capacity in force and what projects add, is at least the least, and ends within the horizon."""
    case, grid = s.case, s.grid
    known, raised = set(case.view("capacity").texts("process")), set(throughput)
    base = case.series("capacity", "capacity", 0.0, s.keys)
    free = np.array([[j not in known | raised] for j in s.names], dtype=bool).reshape(-1, 1)
    added = np.array([throughput.get(j, np.zeros(len(case.tree))) for j in s.names]).reshape(s.level.shape)
    limit = np.where(free | np.isnan(base), np.inf, base + added)
    words = "{0} is run {left}, {amount} over its capacity of {right}"
    case.book.at_most(case.rule("process_capacity", grid, s.keys, case.quantity, words), s.level, limit)
    words = "{0} is run {left}, {amount} below its least run of {right}"
    least = s.column["min_run"]
    rule = case.rule("least_run", grid, s.keys, case.quantity, words)
    case.book.at_least(rule, s.level, least, where=(s.ran > 0) & (least > 0))
    late = s.makes[:, None] & (case.period + s.lead[:, None] > case.last)
    words = "{0} is run {left} although what it makes would arrive after the horizon"
    case.never(case.rule("run_in_horizon", grid, s.keys, case.quantity, words), s.level, late)
    words = "{0} is set up although what it makes would arrive after the horizon"
    case.never(case.rule("set_up_in_horizon", grid, s.keys, "", words), s.ran, late)


def _check_partners(s: _Processes) -> None:
    """A process that runs with another one runs only where that one does."""
    rows = [i for i, other in enumerate(s.partner) if other]
    keys: list[Key] = [(s.names[i], s.partner[i]) for i in rows]
    there = s.ran[[s.at[s.partner[i]] for i in rows]]
    alone = (s.ran[rows] > 0) & (there == 0)
    words = "{0} runs although {1} does not, which must run with it"
    s.case.never(s.case.rule("runs_with_another", s.grid, keys, "", words), s.ran[rows], alone)


def _check_conversions(s: _Processes) -> tuple[Floats, Floats]:
    """What is taken and brought is what the recipe makes of the runs, and free inputs are those of the blend.

    Gives both, (rows of recipes, nodes).
    """
    case = s.case
    keys = list(s.recipe)
    grid = case.reader.grid("conversions", keys)
    case.not_negative(grid, "taken", "brought")
    row = np.array([s.at[str(j)] for j, _ in keys], dtype=np.int64)
    amount = np.array(list(s.recipe.values()), dtype=np.float64)[:, None]
    free = np.isnan(amount)
    taken = np.where(free, grid.amount("taken"), np.maximum(-amount, 0.0) * s.level[row])
    made = np.where(free, 0.0, np.maximum(amount, 0.0) * s.arrived()[row])
    for name, expected, why in (("taken", taken, "run takes"), ("brought", made, "runs bring")):
        words = f"{name} of {{1}} by {{0}} is written as {{left}}, but by its recipe the {why} {{right}}"
        _equal(case, grid, (f"recipe_{name}", words), grid.amount(name), expected)
    _check_blends(s, {key: taken[i] for i, key in enumerate(keys) if free[i, 0]})
    return taken, made


def _equal(case: Case, grid: Grid, named: tuple[str, str], written: Floats, expected: Floats) -> None:
    family, words = named
    case.book.equal(case.rule(family, grid, grid.keys, case.quantity, words), written, expected, scale=expected)


def _check_blends(s: _Processes, fed: dict[Key, Floats]) -> None:
    """Free inputs add up to the run, and the means of their attributes are within bounds; ``fed`` by process and good, (nodes,)."""
    case, view = s.case, s.case.view("attributes")
    blends = list(dict.fromkeys(str(j) for j, _ in fed))
    member = np.array([blends.index(str(j)) for j, _ in fed], dtype=np.int64)
    whole = case.total(np.array(list(fed.values())).reshape(len(fed), len(case.tree)), member, len(blends))
    words = "the free inputs of {0} add up to {left}, but it is run {right}"
    rule = case.rule("feeds_add_up", "conversions", [(j,) for j in blends], case.quantity, words)
    case.book.equal(rule, whole, s.level[[s.at[j] for j in blends]], scale=whole)
    value = dict(zip(zip(view.texts("good"), view.texts("attribute"), strict=True), view["value"], strict=True))
    bounds = case.view("blend")
    keys: list[Key] = list(dict.fromkeys(zip(bounds.texts("process"), bounds.texts("attribute"), strict=True)))
    grid = case.reader.grid("grades", keys)
    content, size, run = (np.zeros((len(keys), len(case.tree))) for _ in range(3))
    for i, (process, attribute) in enumerate(keys):
        run[i] = whole[blends.index(str(process))]
        for (j, good), amount in fed.items():
            if j == process:
                content[i] += float(value[str(good), str(attribute)]) * amount
                size[i] += abs(float(value[str(good), str(attribute)])) * amount
    mean = content / np.where(run > 0, run, 1.0)
    words = "the mean {1} of what goes into {0} is written as {left}, but it is {right}"
    rule = case.rule("grade", grid, keys, "", words)
    case.book.equal(rule, grid.amount("value"), mean, scale=size / np.where(run > 0, run, 1.0))
    words = "{1} of what goes into {0} is {left} together, {amount} over its bound of {right}"
    most = case.series("blend", "max", np.nan, keys)
    rule = case.rule("greatest_grade", grid, keys, "", words)
    case.book.at_most(rule, content, np.nan_to_num(most) * run, scale=size, where=~np.isnan(most) & (run > 0))
    words = "{1} of what goes into {0} is {left} together, {amount} below its bound of {right}"
    least = case.series("blend", "min", np.nan, keys)
    rule = case.rule("least_grade", grid, keys, "", words)
    case.book.at_least(rule, content, np.nan_to_num(least) * run, scale=size, where=~np.isnan(least) & (run > 0))


def check_chains(case: Case, inward: Floats, outward: Floats) -> None:
    """Nothing gets lost in a chain of processes: what comes into its goods, opening stock and what is made included, is what
    leaves them, what is taken and is left included; to the tolerance of all that goes through it.

    ``inward`` and ``outward`` are (goods, nodes).
    """
    view = case.view("recipes")
    chain = {g: g for g in case.good_at}
    for goods in view.frame.groupby("process", sort=False)["good"].agg(list):
        old, new = {chain[g] for g in goods}, chain[goods[0]]
        chain = {g: new if c in old else c for g, c in chain.items()}
    names = list(dict.fromkeys(chain[g] for g in view.texts("good")))
    rows = [g for g, c in chain.items() if c in names]
    member = np.array([names.index(chain[g]) for g in rows], dtype=np.int64)
    good = [case.good_at[g] for g in rows]
    came, left = (case.total(amount[good], member, len(names)) for amount in (inward, outward))
    words = "the chain of processes of {0}: {left} comes into its goods, but {right} leaves them or is left"
    rule = case.rule("chain_balance", "conversions", [(c,) for c in names], case.quantity, words)
    case.book.equal(rule, came, left, scale=came)
