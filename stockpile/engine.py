"""The main job: an instance in, an audited plan out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stockpile.data import Data, make_data
from stockpile.errors import DataError, InfeasibleError, NoPlanError, Problem, UnboundedError
from stockpile.instance.settings import FILE
from stockpile.models.build import build_model
from stockpile.plan.audit import Audit, audit
from stockpile.plan.circumstances import circumstances
from stockpile.plan.context import CONTEXT, context_of
from stockpile.plan.extract import extract, tidy
from stockpile.plan.failing import failing
from stockpile.plan.guess import guide_of
from stockpile.plan.keeping import Point, kept
from stockpile.plan.outcomes import cover_of_futures, nested_of, risk_of
from stockpile.plan.plan import Plan
from stockpile.plan.processing import processing_totals
from stockpile.plan.solution import Solution
from stockpile.plan.steps import in_order
from stockpile.plan.tight import BINDING, binding_of
from stockpile.plan.worth import Worths, worths_at
from stockpile.solver.compile import compile_model
from stockpile.solver.export import export_model
from stockpile.solver.highs import Options, Outcome, Progress, run, settle
from stockpile.solver.launch import gap_between, in_units
from stockpile.solver.phases import at_most, run_in_order
from stockpile.solver.smps import Tied, write_smps
from stockpile.tree import Tree, build_tree

if TYPE_CHECKING:
    import pandas as pd

    from stockpile.instance import Instance
    from stockpile.solver.compile import Compiled

SHORTFALL = ("shortfall",)
"""The named costs that a goal of least shortfall makes least first."""
LEAST_COST = " (the objective is cost alone, though the instance asks for least shortfall first)"


def solve(
    instance: Instance,
    *,
    gap: float | None = None,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
    log_file: str | os.PathLike[str] | None = None,
    start: Plan | None = None,
) -> Plan:
    """Plan an instance.

    ``gap`` (relative) and ``time_limit`` (seconds) are those of the instance unless given; ``threads`` is the solver's
    choice unless given, and ``seed`` (0 to 2147483647) that of its random numbers.  ``start`` is an older plan, of this
    instance or one like it, from which the search may set out.  ``progress`` is called in this thread with figures in the
    instance's money, and with the name of each phase as it begins.  Ctrl-C ends the search and keeps the best plan.
    Raises InfeasibleError, UnboundedError, or NoPlanError where the search was stopped before it found a plan.
    """
    found = find(
        instance,
        gap=gap,
        time_limit=time_limit,
        threads=threads,
        seed=seed,
        progress=progress,
        log_file=log_file,
        start=start,
    )
    return found.plan


@dataclass(frozen=True)
class Found:
    """A plan, and the point of the model that it was read from."""

    plan: Plan
    point: Point


def find(
    instance: Instance,
    *,
    gap: float | None = None,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int = 0,
    progress: Callable[[Progress], None] | None = None,
    log_file: str | os.PathLike[str] | None = None,
    start: Plan | None = None,
    like: Point | None = None,
    most: Mapping[str, float] | None = None,
    hints: bool = True,
) -> Found:
    """Plan an instance as ``solve`` does, and keep the point of the model.

    Where ``like`` is given, the decisions that are the same in all futures are kept as they are there: at a point of an
    instance with the same tables whose tree does not branch.  ``most`` says how much named costs may come to at most, money,
    in the expected sum over the horizon.  Without ``hints`` an error does not tell which pins and policies are in the way.
    """
    options, clock = _options(instance, gap, time_limit, threads, seed, log_file), _Clock(progress)
    with clock("data"):
        tree = build_tree(instance)
        data = make_data(instance, tree)
    with clock("build"):
        model = build_model(data)
    with clock("compile"):
        compiled = compile_model(model)
        compiled = compiled if like is None else _kept(instance, tree, model, compiled, like)
        limited = at_most(compiled, {name: money / data.money_scale for name, money in (most or {}).items()})
    with clock("solve"):
        listener = in_units(progress, data.money_scale)
        guide = guide_of(model, compiled, start, lots_of(instance))
        search = (options, listener, lambda x: tidy(model, compiled, x), guide)
        goal = instance.settings.objective
        first, solved = None, limited
        if goal.goal == "least-shortfall":
            phases = run_in_order(limited, SHORTFALL, goal.shortfall_tolerance, *search)
            outcome, solved, first = phases.last, phases.compiled, phases.first
        else:
            outcome = run(limited, *search)
    if outcome.x is None:
        pins = (lambda: failing(instance, data, model, compiled)) if hints and like is None else list
        raise _why_no_plan(instance, compiled, outcome, options, pins, data.money_scale)
    steps = in_order(model, compiled, outcome.x)
    outcome = outcome if steps is None else settle(solved, outcome, options, *steps)
    assert outcome.x is not None
    with clock("extract"):
        tables, costs = extract(instance, tree, data, model, compiled, outcome.x)
        sums = costs, processing_totals(instance, tree, tables["runs"])
        summary = _summary(instance, tree, data, compiled, outcome, sums)
        plan = Plan(summary | circumstances(instance, options, start, most), tables)
        nested = nested_of(Solution(instance, tree, data, model, compiled, outcome.x))
        plan.summary |= _more(instance, tree, data, tables, first, nested)
    with clock("audit"):
        plan.summary |= _verdict(instance, audit(instance, plan), worths_at(instance, data, model, solved, outcome))
    plan.summary["seconds"] = clock.rounded()
    return Found(plan, Point(tree, model, compiled, outcome.x))


def _options(
    instance: Instance,
    gap: float | None,
    time_limit: float | None,
    threads: int | None,
    seed: int,
    log_file: str | os.PathLike[str] | None,
) -> Options:
    """What is asked of the search, by the instance where nothing else is."""
    asked = instance.settings.solver
    return Options(
        gap=asked.gap if gap is None else gap,
        time_limit=asked.time_limit if time_limit is None else time_limit,
        threads=threads or 0,
        seed=seed,
        log_file=None if log_file is None else Path(log_file),
    )


def build(instance: Instance) -> Any:
    """The Pyomo model of an instance (a ConcreteModel), in model units."""
    return build_model(make_data(instance, build_tree(instance)))


def export(instance: Instance, path: str | os.PathLike[str]) -> None:
    """Write the model of an instance to a file ending in .mps or .lp; raises SolverError for another ending.

    The file has the objective of least cost; where shortfall comes first its title says so.
    """
    data = make_data(instance, build_tree(instance))
    compiled = compile_model(build_model(data))
    title = f"{instance.name}: {instance.title}".removesuffix(": ")
    if instance.settings.objective.goal == "least-shortfall":
        title += LEAST_COST
    export_model(compiled, Path(path), title, instance.settings.units.money, data.money_scale)


def export_smps(instance: Instance, stem: str | os.PathLike[str]) -> list[Path]:
    """Write the model of an instance in SMPS, as three files: ``stem`` with .cor, .tim and .sto; gives their paths.

    The objective is that of least cost, as for ``export``.  Raises DataError for what links futures that have parted, which has
    no place in SMPS: a limit on the mean of the worst, nested risk, a chance of cover.
    """
    risk, goal = instance.settings.risk, instance.settings.objective.goal
    linking = {
        "risk.limit": (risk.measure == "cvar" and risk.limit is not None, "limits a mean over futures"),
        "risk.measure": (risk.measure == "nested", "is taken at every fork, over what follows it"),
        "risk.cover": (risk.cover is not None, "counts futures"),
    }
    rest = "for which SMPS has no row; export to mps, or leave it out"
    problems = [Problem(FILE, f"{said}, {rest}", column=column) for column, (links, said) in linking.items() if links]
    if problems:
        raise DataError(problems)
    tree = build_tree(instance)
    data = make_data(instance, tree)
    compiled = compile_model(build_model(data))
    here = instance.settings.decisions.here_and_now
    periods = {name: sorted({int(tree.period[n]) for n in nodes}) for name, nodes in data.observing.tied.items()}
    tied = [
        Tied(variables, {t: -1 if t < here else t - 1 for t in periods[name]})
        for name, variables in (("orders", ("order", "sign", "call")), ("releases", ("go",)))
        if name in periods
    ]
    title = f"{instance.name}: {instance.title}".removesuffix(": ")
    title += LEAST_COST if goal == "least-shortfall" else ""
    return write_smps(compiled, tree, tied, Path(stem), title, instance.settings.units.money, data.money_scale)


def lots_of(instance: Instance) -> dict[str, float]:
    """The lot size of every source that has one, in the instance's quantity."""
    sources = instance.view("sources")
    pairs = zip(sources["source"], sources["lot_size"], strict=True)
    return {str(source): float(size) for source, size in pairs if size > 0}


def _kept(instance: Instance, tree: Tree, model: Any, compiled: Compiled, like: Point) -> Compiled:
    """The model with decisions kept.  Raises InfeasibleError where they cannot be."""
    found = kept(instance, tree, model, compiled, like)
    if found is None:
        raise InfeasibleError(
            f"what is decided before the futures of {instance.name} part cannot be carried out in all"
        )
    return found


class _Clock:
    """Seconds per phase; a listener hears of each as it begins."""

    def __init__(self, listener: Callable[[Progress], None] | None) -> None:
        self.seconds: dict[str, float] = {}
        self.listener = listener

    @contextmanager
    def __call__(self, phase: str) -> Iterator[None]:
        if self.listener is not None:
            self.listener(Progress(sum(self.seconds.values()), None, None, float("inf"), 0, phase=phase))
        started = time.perf_counter()
        yield
        self.seconds[phase] = time.perf_counter() - started

    def rounded(self) -> dict[str, float]:
        """The phases and their total, to the millisecond."""
        seconds = {**self.seconds, "total": sum(self.seconds.values())}
        return {phase: round(value, 3) for phase, value in seconds.items()}


def _summary(
    instance: Instance,
    tree: Tree,
    data: Data,
    compiled: Compiled,
    outcome: Outcome,
    sums: tuple[dict[str, float], dict[str, Any]],
) -> dict[str, Any]:
    """What plan.json says, but for audit and seconds; ``sums`` are named costs, and what else is summed over the horizon.  The objective is the sum of the named costs as tabulated."""
    settings, (costs, totals) = instance.settings, sums
    objective = sum(costs.values())
    bound = objective if outcome.gap == 0 else min(outcome.bound * data.money_scale, objective)
    gap = gap_between(objective, bound)
    return {
        "format": 1,
        "instance": {
            "name": instance.name,
            "title": instance.title,
            "hash": instance.hash,
            **instance.lineage.origin,
        },
        "status": outcome.status,
        "stopped_by": outcome.stopped_by,
        "objective": objective,
        "bound": bound if bound > float("-inf") else None,
        "gap": gap if gap < float("inf") else None,
        "costs": costs,
        "units": {"quantity": settings.units.quantity, "price": settings.units.price, "money": settings.units.money},
        **totals,
        "sizes": {
            "rows": compiled.rows,
            "columns": compiled.columns,
            "integers": int((compiled.integer & (compiled.lower < compiled.upper)).sum()),
            "nonzeros": compiled.nonzeros,
            "nodes": len(tree.labels),
            "periods": settings.horizon.periods,
        },
        "search": {"nodes": outcome.nodes, "iterations": outcome.iterations},
    }


def _more(
    instance: Instance,
    tree: Tree,
    data: Data,
    tables: dict[str, pd.DataFrame],
    first: Outcome | None,
    nested: float | None,
) -> dict[str, Any]:
    """What plan.json says beside the summary of the search: risk, the phase that came first, and what was planned."""
    parts = {
        "risk": risk_of(instance, tables["outcomes"], nested),
        "cover": cover_of_futures(instance, tables["outcomes"]),
        "first": None if first is None else _first_phase(instance, data, first),
        CONTEXT: context_of(instance, tree, tables["deliveries"]["source"], tables["contract_deliveries"]["contract"]),
    }
    return {name: part for name, part in parts.items() if part is not None}


def _first_phase(instance: Instance, data: Data, first: Outcome) -> dict[str, Any]:
    """What plan.json says of the phase that made shortfall least: its penalties, bound and gap, and the tolerance kept."""
    objective, bound = first.objective * data.money_scale, first.bound * data.money_scale
    bound = objective if first.gap == 0 else min(bound, objective)
    gap = gap_between(objective, bound)
    return {
        "objective": "shortfall",
        "value": objective,
        "bound": bound if bound > float("-inf") else None,
        "gap": gap if gap < float("inf") else None,
        "tolerance": instance.settings.objective.shortfall_tolerance,
    }


def _verdict(instance: Instance, result: Audit, worths: Worths | None) -> dict[str, Any]:
    """What plan.json says of the audit: its verdict, and the limits that the plan uses to the last unit with their worth."""
    verdict = {"breaches": len(result.breaches), "rows": result.rows}
    return {"audit": verdict, BINDING: binding_of(instance, result, worths)}


def _why_no_plan(
    instance: Instance,
    compiled: Compiled,
    outcome: Outcome,
    options: Options,
    pins: Callable[[], list[str]],
    scale: float,
) -> InfeasibleError | UnboundedError | NoPlanError:
    if outcome.status == "infeasible":
        return InfeasibleError(
            "\n".join([f"no plan keeps all the hard rules of {instance.name}", *_hints(instance, compiled), *pins()])
        )
    if outcome.status == "unbounded":
        return UnboundedError(
            f"the cost of {instance.name} can fall without end: something without a limit earns more than it costs; "
            "look for a terminal_value, an end value or a sale price above the price of a source"
        )
    limit = f" of {options.time_limit:g} s" if outcome.stopped_by == "time limit" and options.time_limit else ""
    how = "by hand (Ctrl-C)" if outcome.stopped_by == "interrupt" else f"by the {outcome.stopped_by}{limit}"
    return NoPlanError(
        f"the search for {instance.name} was stopped {how} before it found a plan; "
        "that does not mean that there is none: give it more time, or a smaller model",
        bound=outcome.bound * scale,
        stopped_by=outcome.stopped_by,
    )


def _hints(instance: Instance, compiled: Compiled) -> list[str]:
    """What is hard in the instance, and rows that no decision can influence."""
    hints = []
    for i, (first, after) in enumerate(zip(compiled.start, compiled.start[1:], strict=False)):
        if first == after:
            hints.append(f"  no decision can satisfy {compiled.row_names[i]}")
    hints += _hard_demand(instance)
    targets = instance.view("targets")
    hard = targets[targets["penalty"].isna()]["good"].unique()
    if len(hard):
        hints.append(f"  targets without a penalty must be met: {_listed(hard)}")
    goods = instance.view("goods")
    wanted = goods[goods["end_stock"] > 0]["good"]
    if len(wanted):
        hints.append(f"  end_stock must be there at the end: {_listed(wanted)}")
    return hints


def _hard_demand(instance: Instance) -> list[str]:
    demand = instance.view("demand")
    pairs = list(dict.fromkeys(zip(demand["sector"], demand["good"], strict=True)))
    hard = [
        f"{good} for {sector}" for sector, good in pairs if instance.tiers_of(sector, good)["share"].sum() < 1 - 1e-9
    ]
    return [f"  demand that no tier lets fall short must be served: {_listed(hard)}"] if hard else []


def _listed(names: Any) -> str:
    """The first five names, and how many there are beyond."""
    shown = [str(name) for name in names]
    return ", ".join(shown[:5]) + (f" and {len(shown) - 5} more" if len(shown) > 5 else "")
