"""Processes through which rules follow goods back: what they make comes from where their inputs were mined and processed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stockpile.instance.instance import Instance

#: What a policy on origin in use is about where it follows goods back: the mine, or every stage of the chain.
FOLLOWS_BACK = ("mined", "chain")


@dataclass(frozen=True)
class Link:
    """A process through which goods are followed: ``makes`` are its outputs that some rule follows back, ``takes`` its traced inputs."""

    takes: tuple[str, ...]
    makes: tuple[str, ...]


def traced_goods(instance: Instance) -> tuple[str, ...]:
    """Goods whose stock is told apart by origin."""
    view = instance.view("goods")
    return tuple(str(g) for g, traced in zip(view["good"], view["trace"], strict=True) if traced is True)


def links_of(instance: Instance) -> dict[str, Link]:
    """By process what it passes on: a rule that follows a good back is also about the traced goods that the good is made of."""
    found: dict[str, Link] = instance.kept(("links",), lambda: _links(instance))
    return found


def _links(instance: Instance) -> dict[str, Link]:
    goods, policies, traced = instance.view("goods"), instance.view("policies"), traced_goods(instance)
    material = dict(zip(goods["good"], goods["material"], strict=True))
    followed = {
        good
        for rule in policies.to_dict("records")
        for good in traced
        if rule["kind"] == "origin-in-use" and rule["by"] in FOLLOWS_BACK
        if rule["good"] in (None, good) and rule["material"] in (None, material[good])
    }
    recipes = instance.view("recipes")
    recipe: dict[str, dict[str, float]] = {str(j): {} for j in instance.view("processes")["process"]}
    for process, good, amount in zip(recipes["process"], recipes["good"], recipes["amount"].tolist(), strict=True):
        if good in traced and process in recipe:
            recipe[str(process)][str(good)] = amount
    found: dict[str, Link] = {}
    before = -1
    while before < len(followed):
        before = len(followed)
        for process, amounts in recipe.items():
            makes = tuple(g for g, amount in amounts.items() if amount > 0 and g in followed)
            if makes:
                found[process] = Link(tuple(g for g, amount in amounts.items() if not amount > 0), makes)
                followed |= set(found[process].takes)
    return {process: found[process] for process in recipe if process in found}


def linked_goods(links: dict[str, Link]) -> frozenset[str]:
    """The goods that processes pass on, and those that they are made of."""
    return frozenset(good for link in links.values() for good in (*link.takes, *link.makes))
