"""Sales along a demand curve: steps are filled from the first on, and that is what a sale earns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stockpile.plan.auditing.book import Floats, Key
from stockpile.plan.auditing.case import Case


@dataclass(frozen=True)
class Curve:
    """(nodes,) what a market takes of a good, and what the quantity sold earns in it."""

    depth: Floats
    earned: Floats


def check_curves(case: Case, sold: Floats, aged: dict[int, list[tuple[float, Floats]]]) -> dict[int, Curve]:
    """Check the steps of sales; ``sold`` is (goods, nodes), ``aged`` what is sold of goods that fetch less with age.

    Gives the curve of every good that has one, by its row.
    """
    found, offered = case.instance.series("sales", "price", np.nan)
    steps: list[Key] = [(str(g), int(s)) for g, s in found]
    grid = case.reader.grid("sale_steps", steps)
    if not steps:
        return {}
    price = case.spread(offered) * (1.0 - case.series("rotation", "discount", np.nan, [(g, "sale") for g, _ in steps]))
    width = case.series("sales", "width", 0.0, steps)
    width = np.where(np.isnan(price), 0.0, np.where(np.isnan(width), np.inf, width))
    price = np.nan_to_num(price)
    filled, curves = np.zeros_like(width), {}
    for good in dict.fromkeys(g for g, _ in steps):
        left = sold[case.good_at[good]].copy()
        mine = sorted((s, i) for i, (g, s) in enumerate(steps) if g == good)
        for _, i in mine:
            filled[i] = np.minimum(left, width[i])
            left = left - filled[i]
        rows = [i for _, i in mine]
        earned = (filled[rows] * price[rows]).sum(axis=0)
        if case.good_at[good] in aged:
            earned = _aged_proceeds(aged[case.good_at[good]], filled[rows], price[rows])
        curves[case.good_at[good]] = Curve(width[rows].sum(axis=0), earned)
    case.not_negative(grid, "quantity")
    quantity, whole = grid.amount("quantity"), sold[[case.good_at[g] for g, _ in steps]]
    words = "step {1} of {0} takes {left}, {amount} over its width of {right}"
    case.book.at_most(case.rule("sale_step_width", grid, steps, case.quantity, words), quantity, width, scale=whole)
    words = "{left} of {0} is sold in step {1}, but where the first steps are filled first it is {right}"
    rule = replace(case.rule("sale_steps_in_order", grid, steps, case.quantity, words), binds=False)
    case.book.equal(rule, quantity, filled, scale=whole)
    words = "the price of {0} in step {1} is written as {left}, but it is {right}"
    case.reader.cells(grid, "price", price / case.instance.price_factor, case.price, words)
    return curves


def _aged_proceeds(aged: list[tuple[float, Floats]], filled: Floats, price: Floats) -> Floats:
    """(nodes,) what sales by age earn in filled steps (steps, nodes): what fetches the largest share goes to the first ones."""
    earned, left = np.zeros(filled.shape[1]), filled.copy()
    for share, amount in sorted(aged, key=lambda pair: -pair[0]):
        rest = amount.copy()
        for step in range(len(left)):
            here = np.minimum(rest, left[step])
            left[step] -= here
            rest = rest - here
            earned += share * here * price[step]
    return earned
