"""Stock by age: the balance of every age, what stays and leaves of it, who may take it, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockpile.plan.auditing.book import Bools, Floats, Ints, Key
from stockpile.plan.auditing.case import Case
from stockpile.plan.auditing.grid import Grid


@dataclass(frozen=True)
class _Classes:
    """The ages of every good kept by age, as rows: (good, age), the good's row, the row it ages into, loss and price factor.

    ``last`` is true where the shelf life ends.
    """

    keys: list[Key]
    good: Ints
    age: Ints
    older: Ints
    loss: Floats
    factor: Floats
    last: Bools


@dataclass(frozen=True)
class Cohorts:
    """What the other blocks need: which goods are ``kept`` by age and ``priced`` by it (goods, 1), what they lose,
    receive and close with, what their closing stock is worth and their sales count for, all (goods, nodes).
    ``sales`` are by the good's row what each age fetches and what is sold of it (nodes,).
    """

    kept: Bools
    priced: Bools
    loss: Floats
    received: Floats
    closing: Floats
    valued: Floats
    sold: Floats
    counted: Floats
    taken: dict[Key, Floats]
    sales: dict[int, list[tuple[float, Floats]]]

    def value_of(self, closing: Floats) -> Floats:
        """(goods, nodes) closing stock, an aged unit of which counts for its share."""
        return np.where(self.kept, self.valued, closing)

    def paid_for(self, sold: Floats) -> Floats:
        """(goods, nodes) what is sold, an aged unit of which counts for its share."""
        return np.where(self.priced, self.counted, sold)


def check_cohorts(case: Case) -> Cohorts:
    """Check the balance of every age, and that nothing is taken too old."""
    classes, goods = _classes_of(case), len(case.good_at)
    priced = _priced(case, classes)
    grid = case.reader.grid("cohorts", classes.keys)
    case.not_negative(grid, "opening", "loss", "received", "left", "closing")
    _check_ages(case, classes, grid)
    limits = _limits(case)
    keys = _uses(case, classes, priced, limits)
    flows = case.reader.grid("cohort_flows", keys)
    case.not_negative(flows, "quantity")
    quantity = flows.amount("quantity")
    at = {key: i for i, key in enumerate(classes.keys)}
    row = np.array([at[key[:2]] for key in keys], dtype=np.int64)
    words = "{left} of {0} leaves at age {1}, but its uses add up to {right}"
    rule = case.rule("left_by_use", grid, classes.keys, case.quantity, words)
    case.book.equal(rule, grid.amount("left"), case.total(quantity, row, len(classes.keys)))
    old = np.array([use == "sector" and age > limits[sector, good] for good, age, use, sector in keys], dtype=bool)
    words = "{3} takes {left} of {0} at age {1}, older than it may be"
    case.never(case.rule("freshness", flows, keys, case.quantity, words), quantity, old.reshape(-1, 1))
    sales = np.array([key[2] == "sale" for key in keys], dtype=bool)
    sold = np.where(sales[:, None], quantity, 0.0)
    closing = grid.amount("closing")
    return Cohorts(
        kept=np.isin(np.arange(goods), classes.good)[:, None],
        priced=priced[:, None],
        loss=case.total(grid.amount("loss"), classes.good, goods),
        received=case.total(grid.amount("received"), classes.good, goods),
        closing=case.total(closing, classes.good, goods),
        valued=case.total(classes.factor * closing, classes.good, goods),
        sold=case.total(sold, classes.good[row], goods),
        counted=case.total(classes.factor[row] * sold, classes.good[row], goods),
        taken=_taken(keys, quantity, limits),
        sales=_sales(classes, row[sales], quantity[sales]),
    )


def _sales(classes: _Classes, row: Ints, quantity: Floats) -> dict[int, list[tuple[float, Floats]]]:
    """By the good's row what each age fetches of a price, and what is sold of it (nodes,); ``row`` is that of the age."""
    out: dict[int, list[tuple[float, Floats]]] = {}
    for i, amount in zip(row, quantity, strict=True):
        out.setdefault(int(classes.good[i]), []).append((float(classes.factor[i, 0]), amount))
    return out


def _uses(case: Case, classes: _Classes, priced: Bools, limits: dict[Key, int]) -> list[Key]:
    """Good, age, use and sector of all that may leave: to sectors with a limit, in sales where age lowers the price, any other."""
    keys: list[Key] = [(good, age, "other", "") for good, age in classes.keys]
    keys += [(good, age, "sale", "") for good, age in classes.keys if priced[case.good_at[good]]]
    return keys + [(good, age, "sector", e) for good, age in classes.keys for e, g in limits if g == good]


def _taken(keys: list[Key], quantity: Floats, limits: dict[Key, int]) -> dict[Key, Floats]:
    """(nodes,) what every sector with a limit takes of all ages of a good."""
    out: dict[Key, Floats] = {pair: np.zeros(quantity.shape[1]) for pair in limits}
    for (good, _, use, sector), amount in zip(keys, quantity, strict=True):
        if use == "sector":
            out[sector, good] = out[sector, good] + amount
    return out


def _limits(case: Case) -> dict[Key, int]:
    """The oldest age of a good that a sector takes, for sectors that want it or take it instead of another."""
    demand, accepts, view = (case.view(name) for name in ("demand", "accepts", "freshness"))
    wants = set(zip(demand.texts("sector"), demand.texts("good"), strict=True))
    rows = zip(*(accepts.texts(name) for name in ("sector", "wanted", "given")), strict=True)
    wants |= {(e, h) for e, g, h in rows if (e, g) in wants}
    limits = zip(view.texts("sector"), view.texts("good"), view["max_age"], strict=True)
    return {(e, g): int(age) for e, g, age in limits if (e, g) in wants}


def _priced(case: Case, classes: _Classes) -> Bools:
    """(goods,) whether a good may be sold, at a price that depends on its age: some age that it can reach lowers it."""
    rotation = case.view("rotation").frame
    sold = set(rotation.loc[rotation["mode"] == "sale", "good"])
    lowered = set(classes.good[classes.factor[:, 0] < 1].tolist())
    return np.array([i in lowered and g in sold for g, i in case.good_at.items()], dtype=bool)


def _classes_of(case: Case) -> _Classes:
    """The ages that a good can have: to the end of its shelf life, else to the last one at which anything changes."""
    ages, fresh, opening = (case.view(name) for name in ("ages", "freshness", "opening_stock"))
    kept = {*ages.texts("good"), *fresh.texts("good")}
    rows: list[tuple[Key, int, int, float, float, bool]] = []
    for good, i in case.good_at.items():
        if good not in kept:
            continue
        mine = ages.frame.loc[ages["good"] == good].sort_values("age", na_position="first", kind="stable")
        begins = [int(age) for age in mine["age"].fillna(0)]
        life = float(case.goods["shelf_life"].iloc[i])
        changes = begins + [int(age) + 1 for age in fresh.frame.loc[fresh["good"] == good, "max_age"]]
        end = int(life) - 1 if life == life else max(changes, default=0)
        there = [int(age) for age in opening.frame.loc[opening["good"] == good, "age"].fillna(0)]
        last, first = min(end, max(there, default=0) + case.last), len(rows)
        own = float(case.goods["loss_rate"].iloc[i])
        for age in range(last + 1):
            begun = sum(begin <= age for begin in begins)
            loss, factor = (
                (float(mine[name].iloc[begun - 1]) if begun else np.nan) for name in ("loss_rate", "price_factor")
            )
            older = first + min(age + 1, last)
            loss, factor = own if loss != loss else loss, 1.0 if factor != factor else factor
            rows.append(((good, age), i, older, loss, factor, life == life and age == int(life) - 1))
    return _Classes(
        keys=[row[0] for row in rows],
        good=np.array([row[1] for row in rows], dtype=np.int64),
        age=np.array([row[0][1] for row in rows], dtype=np.int64),
        older=np.array([row[2] for row in rows], dtype=np.int64),
        loss=np.array([row[3] for row in rows], dtype=np.float64)[:, None],
        factor=np.array([row[4] for row in rows], dtype=np.float64)[:, None],
        last=np.array([row[5] for row in rows], dtype=bool)[:, None],
    )


def _opening(case: Case, classes: _Classes) -> Floats:
    """(rows,) stock before the root: what is of age x in the first period was of age x - 1 at the close before."""
    at = {key: i for i, key in enumerate(classes.keys)}
    out = np.zeros(len(classes.keys))
    view = case.view("opening_stock")
    for good, age, quantity in zip(view.texts("good"), view["age"].fillna(0), view["quantity"], strict=True):
        if (good, 0) in at and age >= 1:
            place = at[good, 0]
            while classes.age[place] < age - 1 and classes.older[place] != place:
                place = classes.older[place]
            out[place] += quantity
    return out


def _check_ages(case: Case, classes: _Classes, grid: Grid) -> None:
    """Every age opens with what closed a period younger, loses its share, and closes with what does not leave."""
    written = {name: grid.amount(name) for name in ("opening", "loss", "received", "left", "closing")}
    before = case.before(written["closing"], _opening(case, classes))
    rows, book = len(classes.keys), case.book
    expected = {
        "opening": (case.total(before, classes.older, rows), "what closed a period younger is"),
        "loss": (case.total(classes.loss * before, classes.older, rows), "the loss rate makes it"),
    }
    for name, (amount, why) in expected.items():
        words = f"{{0}} of age {{1}}: {name} is {{left}}, but {why} {{right}}"
        rule = case.rule(f"cohorts.{name}", grid, classes.keys, case.quantity, words)
        book.equal(rule, written[name], amount, scale=written["opening"])
    words = "{left} of {0} is received at age {1}; what arrives has age 0"
    case.never(
        case.rule("received_new", grid, classes.keys, case.quantity, words),
        written["received"],
        (classes.age > 0)[:, None],
    )
    inward = written["opening"] + written["received"]
    outward = written["loss"] + written["left"]
    words = "{0} of age {1}: closing is {left}, but opening and received less loss and what left is {right}"
    rule = case.rule("cohort_balance", grid, classes.keys, case.quantity, words)
    book.equal(rule, written["closing"], inward - outward, scale=np.maximum(inward, outward))
    words = "{left} of {0} stays at age {1}, beyond its shelf life"
    case.never(case.rule("cohort_expires", grid, classes.keys, case.quantity, words), written["closing"], classes.last)


def check_ages_add_up(
    case: Case, cohorts: Cohorts, amounts: tuple[Floats, Floats, Floats], taken: dict[Key, Floats]
) -> None:
    """The ages of a good add up to what it receives, closes with and sells (``amounts``), and to what sectors take of it."""
    received, closing, sold = amounts
    parts = {
        "received": (cohorts.received, received, cohorts.kept, "received"),
        "closing": (cohorts.closing, closing, cohorts.kept, "in the stores"),
        "sold": (cohorts.sold, sold, cohorts.priced, "sold"),
    }
    for name, (by_age, whole, where, what) in parts.items():
        words = f"the ages of {{0}} add up to {{left}}, but {{right}} is {what}"
        rule = case.rule(f"ages_add_up.{name}", "cohorts", case.good_keys, case.quantity, words)
        case.book.equal(rule, by_age, whole, where=where)
    keys = list(cohorts.taken)
    shape = (len(keys), len(case.tree))
    words = "the ages of {1} that {0} takes add up to {left}, but it takes {right}"
    rule = case.rule("ages_taken", "cohort_flows", keys, case.quantity, words)
    by_age = np.array([cohorts.taken[key] for key in keys]).reshape(shape)
    case.book.equal(rule, by_age, np.array([taken[key] for key in keys]).reshape(shape))
