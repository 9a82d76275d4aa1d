"""Random scenarios on random instances, and the model of each scenario by itself with explicit non-anticipativity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
from hypothesis import assume
from hypothesis import strategies as st

from stockpile.data import make_data
from stockpile.errors import DataError
from stockpile.instance import Instance
from stockpile.instance.shocks import COLUMNS, OF_STAGES
from stockpile.models.build import build_model
from stockpile.solver.compile import Compiled, compile_model
from stockpile.tree import Tree
from tests.oracle.courses import courses_of
from tests.oracle.strategies import instances

SPLIT = {2: (0.25, 0.75), 3: (0.5, 0.3, 0.2)}


@st.composite
def with_scenarios(draw: Callable[[st.SearchStrategy[Any]], Any], periods: int = 4, failing: bool = False) -> Instance:
    """A random instance with two or three scenarios, shocks on what it has, and sometimes risk or decisions in the dark.

    Where ``failing`` it has a project that must be begun, of which a stage fails in the second scenario.
    """
    plain = draw(instances(periods=periods, room=16, scattered=True))
    pick = draw(st.randoms(use_true_random=True)).randint
    names = ["calm", "shock", "worse"][: pick(2, 3)]
    scenarios = [{"scenario": s, "probability": p} for s, p in zip(names, SPLIT[len(names)], strict=True)]
    shocks = [_shock(plain, pick, names, number) for number in range(pick(1, 4))]
    document = {**plain.settings.as_document()}
    if pick(0, 2) == 0:
        measure, of = ["cvar", "worst"][pick(0, 1)], ["cost", "shortfall", "taxpayer_loss"][pick(0, 2)]
        document["risk"] = {
            "measure": measure,
            "of": of,
            "level": [0.5, 0.6, 0.8][pick(0, 2)],
            "weight": pick(1, 10) / 10,
        }
    if pick(0, 5) == 0:
        document["risk"] = {
            **document.get("risk", {}),
            "cover": [0.5, 0.7][pick(0, 1)],
            "cover_shortfall": pick(0, 900),
        }
    if pick(0, 2) == 0:
        words = ["after", "before"]
        document["decisions"] = {"orders": words[pick(0, 1)], "releases": words[pick(0, 1)], "here_and_now": pick(0, 2)}
    tables = {**plain.tables, "scenarios": scenarios, "shocks": [row for row in shocks if row]}
    if failing:
        tables |= _failure(plain, pick, tables["shocks"])
    try:
        return Instance.from_tables("random", document, tables)
    except DataError:
        assume(not failing)
        return Instance.from_tables("random", document, {**plain.tables, "scenarios": scenarios})


def _shock(instance: Instance, pick: Callable[[int, int], int], names: list[str], number: int) -> dict[str, Any]:
    """One row: a quantity that the instance has, for a part of it, from some period on."""
    goods = [str(g) for g in instance.table("goods")["good"]]
    sources = [str(k) for k in instance.table("sources")["source"]]
    sectors = [str(e) for e in instance.table("sectors")["sector"]]
    funds = [str(f) for f in instance.table("budgets")["fund"]]
    chosen: list[dict[str, Any]] = [
        {"quantity": "demand", "good": goods[pick(0, len(goods) - 1)]},
        {"quantity": "demand", "sector": sectors[pick(0, len(sectors) - 1)]},
        {"quantity": "price"},
        {"quantity": "depth"},
        {"quantity": "capacity"},
    ]
    if sources:
        name = sources[pick(0, len(sources) - 1)]
        chosen += [{"quantity": q, "source": name} for q in ("supply", "price", "arrival", "supply", "arrival")]
    if len(instance.table("indices")):
        chosen += [{"quantity": "price", "index": "exchange"}] * 3
    if funds:
        chosen.append({"quantity": "budget", "fund": funds[pick(0, len(funds) - 1)]})
    chosen += _of_stages(instance, pick)
    cells = chosen[pick(0, len(chosen) - 1)]
    labels = instance.calendar.starts
    begin = labels[pick(0, instance.calendar.periods - 1)].isoformat()
    least = 0 if cells["quantity"] not in ("price", "budget") else 5
    factor = pick(least, 10 if cells["quantity"] == "arrival" else 20) / 10
    if cells["quantity"] in OF_STAGES:
        begin, factor = labels[pick(0, 1)].isoformat(), 0 if cells["quantity"] == "outcome" else pick(1, 5) / 2
    return {
        "scenario": names[pick(1, len(names) - 1)],
        "shock": f"shock {number}",
        **cells,
        "from": begin,
        "factor": factor,
    }


def _of_stages(instance: Instance, pick: Callable[[int, int], int]) -> list[dict[str, Any]]:
    """Shocks on a stage that the instance has: delays, and failures of projects that may be abandoned."""
    stages, projects = instance.view("stages"), instance.table("projects")
    may = {str(p) for p, m in zip(projects["project"], projects["may_abandon"], strict=True) if m in (True, "true")}
    every = [(str(p), int(i)) for p, i in zip(stages["project"], stages["stage"], strict=True)]
    failing = [key for key, d in zip(every, stages["duration"].tolist(), strict=True) if d > 0 and key[0] in may]
    found: list[dict[str, Any]] = []
    for quantity, keys, weight in (("duration", every, 8), ("outcome", failing, 24)):
        if keys:
            project, stage = keys[pick(0, len(keys) - 1)]
            found += [{"quantity": quantity, "project": project, "stage": stage}] * weight
    return found


def _failure(instance: Instance, pick: Callable[[int, int], int], shocks: list[dict[str, Any]]) -> dict[str, Any]:
    """Tables with a project that must be begun, and of which a stage fails in the second scenario."""
    stages, opening = instance.view("stages"), set(instance.view("opening_stages")["project"])
    keys = zip(stages["project"], stages["stage"], stages["duration"], strict=True)
    lasting = [(str(p), int(i)) for p, i, duration in keys if duration > 0 and p not in opening]
    assume(lasting)
    project, stage = lasting[pick(0, len(lasting) - 1)]
    projects = instance.table("projects").copy()
    projects["may_abandon"] = [
        p == project or m in (True, "true") for p, m in zip(projects["project"], projects["may_abandon"], strict=True)
    ]
    pin = {"pin": "begin", "decision": "release", "name": project, "stage": 1, "at_least": 1}
    failure = {
        "scenario": "shock",
        "shock": "failure",
        "quantity": "outcome",
        "project": project,
        "stage": stage,
        "factor": 0,
    }
    pins = [*instance.table("pins").dropna(axis=1, how="all").to_dict("records"), pin]
    return {"projects": projects, "pins": pins, "shocks": [*shocks, failure]}


class Apart(Tree):
    """A path for every scenario, none of which share a node; lags follow the parents although no node has two children."""

    @property
    def branches(self) -> bool:
        """As on a tree that branches."""
        return True


def apart(instance: Instance) -> Apart:
    """The paths of an instance's scenarios, one after the other."""
    assert instance.scenarios is not None
    names, periods = instance.scenarios.names, instance.calendar.periods
    count, every = len(names), np.arange(periods)
    parent = np.concatenate([np.where(every > 0, every - 1 + s * periods, -1) for s in range(count)])
    return Apart(
        labels=tuple(f"{s}/{label}" for s in range(count) for label in instance.calendar.labels),
        parent=parent,
        period=np.tile(every, count),
        probability=np.repeat(instance.scenarios.probability, periods),
        leaves=np.arange(count) * periods + periods - 1,
        scenarios=names,
        paths=np.arange(count * periods).reshape(count, periods),
    )


def scenario_wise(instance: Instance) -> Compiled:
    """The model of all scenarios side by side, with a row for each pair of decisions that must be equal.

    Scenarios are together as long as no step function of theirs has differed.
    """
    tree = apart(instance)
    unseen = replace_decisions(instance)
    model = build_model(make_data(unseen, tree))
    compiled = compile_model(model)
    periods, labels = instance.calendar.periods, {label: n for n, label in enumerate(tree.labels)}
    first = together(instance)
    pairs: list[tuple[int, int]] = []
    for var in model.component_objects(pyo.Var, active=True):
        columns = compiled.columns_of(var)
        place: dict[Any, int] = {}
        indices = [index if isinstance(index, tuple) else (index,) for index in var.index_set()]
        place = {index: int(column) for index, column in zip(indices, columns, strict=True)}
        for index, column in place.items():
            node = labels.get(index[-1])
            if node is None or column < 0:
                continue
            scenario, period = divmod(node, periods)
            other = place[
                (*index[:-1], tree.labels[_leader(instance, var.name, first, scenario, period) * periods + period])
            ]
            if other != column:
                assert other >= 0
                pairs.append((column, other))
    return with_equal(compiled, pairs)


def _leader(instance: Instance, variable: str, first: Any, scenario: int, period: int) -> int:
    """The first scenario whose decision of a period must be that of another."""
    asked = instance.settings.decisions
    kind = {"order": "orders", "sign": "orders", "call": "orders", "go": "releases"}.get(variable)
    if kind is None:
        return int(first[scenario, period])
    if period < asked.here_and_now:
        return 0
    if getattr(asked, kind) == "before":
        return int(first[scenario, period - 1]) if period else 0
    return int(first[scenario, period])


def replace_decisions(instance: Instance) -> Instance:
    """The same instance with every decision after its data are seen."""
    document = {k: v for k, v in instance.settings.as_document().items() if k != "decisions"}
    return Instance.from_tables(instance.name, document, instance.tables)


def together(instance: Instance) -> Any:
    """(scenarios, periods) the first scenario that cannot be told apart from each by a period.

    Known in a period are the shocks that have begun, but for those on stages: scenarios are the same if all data are that
    these make, and if what could have ended of every stage is the same and has passed in both or in neither.
    """
    assert instance.scenarios is not None
    count, periods = len(instance.scenarios.names), instance.calendar.periods
    same = np.ones((count, count, periods), dtype=bool)
    begins = instance.view("shocks")["from"].to_numpy(dtype=float, copy=True)
    begins[instance.view("shocks")["quantity"].isin(OF_STAGES).to_numpy()] = periods
    courses = [courses_of(instance, scenario) for scenario in range(count)]
    for t in range(periods):
        known = Instance.from_tables("known", {**instance.settings.as_document()}, _begun(instance, begins <= t))
        for values in _data(known):
            values = np.nan_to_num(values, nan=-1.0).reshape(-1, count, periods)
            same[:, :, t] &= (values[:, :, None, :] == values[:, None, :, :]).all(axis=(0, 3))
        ended = [{key: passed for key, (end, passed) in course.items() if end <= t} for course in courses]
        same[:, :, t] &= np.array([[one == other for other in ended] for one in ended])
        same[:, :, t] &= same[:, :, max(t - 1, 0)]
    return same.argmax(axis=1)


def _begun(instance: Instance, rows: Any) -> dict[str, Any]:
    """The tables with some of the shocks."""
    shocks = instance.table("shocks")[rows]
    return {name: frame for name, frame in instance.tables.items() if name != "shocks"} | (
        {"shocks": shocks} if len(shocks) else {}
    )


def _data(instance: Instance) -> list[Any]:
    """The step functions that a shock may change, over all columns."""
    found = [
        instance.series(table, column, 0.0)[1]
        for columns in COLUMNS.values()
        for table, column in columns
        if table not in ("duties", "budgets")
    ]
    found += [instance.budget(str(f))[None, :] for f in instance.view("funds")["fund"]]
    return [values for values in found if len(values)]


def with_equal(compiled: Compiled, pairs: list[tuple[int, int]]) -> Compiled:
    """The same model with rows that make columns equal."""
    flat = np.array(pairs, dtype=compiled.index.dtype).reshape(-1)
    zeros = np.zeros(len(pairs))
    ends = compiled.start[-1] + 2 * np.arange(1, len(pairs) + 1)
    return replace(
        compiled,
        row_lower=np.append(compiled.row_lower, zeros),
        row_upper=np.append(compiled.row_upper, zeros),
        start=np.append(compiled.start, ends).astype(compiled.start.dtype),
        index=np.append(compiled.index, flat).astype(compiled.index.dtype),
        value=np.append(compiled.value, np.tile([1.0, -1.0], len(pairs))),
    )
