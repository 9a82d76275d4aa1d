"""What a random instance gets of the further rules of rotation: demand curves, charges, loans, sectors that pay."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import MONEY, Draws, Row, Tables


def add_rotation_rules(tables: Tables, periods: int, seed: int) -> None:
    """Add rows on rotation to the tables of a random instance; the treasury can pay for getting rid
    of what comes back of goods lent before the horizon, and nothing else in them forces a plan to anything.
    """
    _Rotation(Random(f"rotation {seed}"), periods, tables).make()


class _Rotation(Draws):
    """Adds to the tables of the core."""

    def make(self) -> None:
        rows = self.tables.get("rotation", [])
        for row in [*rows]:
            good, depth = row["good"], row["depth"]
            if self.chance(0.4):
                self._curve(good, row.pop("depth"))
            if self.chance(0.3):
                self._charge(row, depth)
            if self.chance(0.4) and self.periods > 1:
                self._exchange(good, depth)
        for good in [row["good"] for row in self.tables["goods"]]:
            if self.chance(0.4):
                price = round(self._cheapest(good) * self.number(0.01, 0.04), 4)
                cells = {"proceeds_to": "treasury" if self.chance(0.7) else None}
                self.add("release_prices", sector="industry", good=good, price=price, **cells, **{"from": None})

    def _cheapest(self, good: str) -> float:
        """The lowest price of a good."""
        sources = {row["source"] for row in self.tables["sources"] if row["good"] == good}
        return min(float(row["price"]) for row in self.tables["prices"] if row["source"] in sources)

    def _curve(self, good: str, depth: float) -> None:
        """Falling prices in place of one, for as much as the market took at that."""
        price = self._cheapest(good) * self.number(0.8, 1.0)
        for step, share in enumerate((0.3, 0.3, 0.4), 1):
            width = round(depth * share + 0.01, 2)
            self.add("sales", good=good, step=step, width=width, price=round(price, 4), **{"from": None})
            price *= self.number(0.6, 0.9)

    def _charge(self, row: Row, depth: float) -> None:
        """A charge of every quarter in which a good is sold or lent, and the least that then is."""
        row["fixed_cost"] = round(depth * self._cheapest(row["good"]) * MONEY * self.number(0.005, 0.02), 5)
        row["min_lot"] = round(depth * self.number(0.02, 0.1), 2)

    def _exchange(self, good: str, depth: float) -> None:
        """Loans to industry that come back with a premium, some of them from before."""
        row = self.add(
            "rotation",
            good=good,
            mode="exchange",
            depth=round(depth * self.number(0.2, 0.5) + 0.01, 2),
            lag=self.pick(1, min(4, self.periods - 1)),
            premium=self.number(0.01, 0.05),
            credit_limit=round(depth * self.number(0.1, 0.5) + 0.01, 2),
            **{"from": None},
        )
        if self.chance(0.3):
            self._charge(row, row["depth"])
        if self.chance(0.5):
            worth = round(self._cheapest(good) * self.number(0.2, 0.5), 4)
            self.add("end_values", kind="lent", name=good, value=worth)
        if self.chance(0.5):
            due, quantity = self.date(self.pick(0, 2)), round(depth * self.number(0.01, 0.1) + 0.01, 2)
            self.add("opening_lent", good=good, due=due, quantity=quantity)
            disposal = next(row["disposal_cost"] or 0.0 for row in self.tables["goods"] if row["good"] == good)
            budget = next(row for row in self.tables["budgets"] if row["fund"] == "treasury")
            budget["amount"] = round(budget["amount"] + quantity * disposal * MONEY, 3)


__all__ = ["add_rotation_rules"]
