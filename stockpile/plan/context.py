"""What a reader of a plan must know of its instance: kept in plan.json, so that plans can be compared without it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stockpile.instance import Instance
from stockpile.plan.provenance import provenance_of
from stockpile.tree import Tree

#: Name of the entry in plan.json.
CONTEXT = "context"


def context_of(instance: Instance, tree: Tree, sources: Iterable[str], contracts: Iterable[str] = ()) -> dict[str, Any]:
    """The horizon, how money counts, the ``sources`` and ``contracts`` that deliver in the plan, funds, projects, shelf lives
    and policies, and how far the data can be trusted: plain values.

    A source has its origin and who pays it; a contract, where any delivers, has its source.  A fund has its kind, a project
    its title and the number of its stages, and of those that were released before the horizon the period of verification, empty
    where that is before it and None where it is after it.  A shelf life is in periods, opening stock of goods that have one is told by age, a policy has its kind.
    ``probability`` of each node is there only where the tree branches.
    """
    settings, labels = instance.settings, instance.calendar.labels
    terms, delivering = instance.view("contracts"), set(contracts)
    signed = {str(c): str(k) for c, k in zip(terms["contract"], terms["source"], strict=True) if c in delivering}
    context: dict[str, Any] = {
        "horizon": {
            "start": settings.horizon.start.isoformat(),
            "periods": settings.horizon.periods,
            "step": settings.horizon.step,
            "first": labels[0],
            "last": labels[-1],
            "years_per_period": instance.calendar.length,
        },
        "discount_rate": settings.economics.discount_rate,
        "perspective": settings.economics.perspective,
        "goal": settings.objective.goal,
        "sources": _sources(instance, {*sources, *signed.values()}),
        **instance.kept(CONTEXT, lambda: _known(instance)),
    }
    if signed:
        context["contracts"] = signed
    if tree.branches:
        context["probability"] = dict(zip(tree.labels, tree.probability.tolist(), strict=True))
    return context


def _known(instance: Instance) -> dict[str, Any]:
    """What no plan of the instance changes."""
    return {
        "funds": dict(_pairs(instance, "funds", "kind")),
        "projects": _projects(instance),
        "shelf_life": {good: int(life) for good, life in _pairs(instance, "goods", "shelf_life") if life == life},
        "opening_stock": _opening(instance),
        "policies": dict(_pairs(instance, "policies", "kind")),
        "provenance": provenance_of(instance),
    }


def _pairs(instance: Instance, table: str, column: str) -> list[tuple[str, Any]]:
    """The names of a table, its first column, with another of their columns."""
    view = instance.view(table)
    return [(str(name), value) for name, value in zip(view.iloc[:, 0], view[column], strict=True) if value is not None]


def _sources(instance: Instance, used: set[str]) -> dict[str, dict[str, str]]:
    view = instance.view("sources")
    rows = zip(view["source"], view["origin"], view["paid_by"], strict=True)
    return {
        str(source): {"origin": origin if isinstance(origin, str) else "", "paid_by": str(payer)}
        for source, origin, payer in rows
        if source in used
    }


def _projects(instance: Instance) -> dict[str, dict[str, Any]]:
    labels, stages, opening = instance.calendar.labels, instance.view("stages"), instance.view("opening_stages")
    out: dict[str, dict[str, Any]] = {}
    titles = {str(p): t for p, t in zip(*(instance.view("projects")[c] for c in ("project", "title")), strict=True)}
    duration = {}
    for project, stage, periods in zip(stages["project"], stages["stage"], stages["duration"], strict=True):
        about = out.setdefault(str(project), {"title": _text(titles.get(str(project))), "stages": 0, "before": {}})
        about["stages"] += 1
        duration[project, stage] = int(periods)
    for project, stage, age in zip(opening["project"], opening["stage"], opening["age"], strict=True):
        at = _verified(instance, (str(project), int(stage)), duration[project, stage], int(age))
        out[str(project)]["before"][str(int(stage))] = None if at is None else "" if at < 0 else labels[at]
    return out


def _opening(instance: Instance) -> dict[str, dict[str, float]]:
    """Opening stock by good and age in periods, of goods with a shelf life."""
    goods, opening = instance.view("goods"), instance.view("opening_stock")
    rows = opening[opening["good"].isin(goods.loc[goods["shelf_life"].notna(), "good"])]
    out: dict[str, dict[str, float]] = {}
    for good, age, quantity in zip(rows["good"], rows["age"], rows["quantity"], strict=True):
        ages = out.setdefault(str(good), {})
        ages[str(int(age))] = ages.get(str(int(age)), 0.0) + float(quantity)
    return out


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _verified(instance: Instance, stage: tuple[str, int], duration: int, age: int) -> int | None:
    """The period in which a stage from before is verified, the latest of all scenarios; None where one does not see it."""
    at, staging = duration - age, instance.staging
    if at >= 0 and staging is not None and stage in staging.stages:
        found = staging.verified(stage, -age)
        return max(t for t in found if t is not None) if None not in found else None
    return at if at < instance.calendar.periods else None
