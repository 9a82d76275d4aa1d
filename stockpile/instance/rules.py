"""What a random instance gets beyond the core: the rules that not every planner meets."""

from __future__ import annotations

from random import Random

from stockpile.instance.draws import MONEY, Draws, Row, Tables
from stockpile.instance.rules_accounts import add_account_rules
from stockpile.instance.rules_cohorts import add_cohort_rules
from stockpile.instance.rules_contracts import add_contract_rules
from stockpile.instance.rules_ends import add_order_values
from stockpile.instance.rules_instruments import add_incentive_rules, add_instrument_rules
from stockpile.instance.rules_pins import add_pin_rules
from stockpile.instance.rules_policies import add_policy_rules
from stockpile.instance.rules_processing import add_processing_rules
from stockpile.instance.rules_rotation import add_rotation_rules
from stockpile.instance.rules_scenarios import add_scenario_rules
from stockpile.instance.rules_stages import add_opening_finance, add_opening_stages, add_stage_rules
from stockpile.instance.rules_stores import add_store_rules
from stockpile.instance.rules_trade import add_trade_orders
from stockpile.instance.sharing import add_resources


def add_rules(tables: Tables, periods: int, seed: int) -> None:
    """Add rows to the tables of a random instance in quarters, t, USD/kg and MUSD; it stays feasible.

    Its draws are its own: the tables that were there are those of the core, but for the columns that a rule needs.
    """
    add_stage_rules(tables, periods, seed)
    _Rules(Random(f"rules {seed}"), periods, tables).make()
    add_opening_stages(tables, periods, seed)
    add_opening_finance(tables, periods, seed)
    add_rotation_rules(tables, periods, seed)
    add_cohort_rules(tables, periods, seed)
    add_store_rules(tables, periods, seed)
    add_order_values(tables, periods, seed)
    add_instrument_rules(tables, periods, seed)
    add_processing_rules(tables, periods, seed)
    add_incentive_rules(tables, periods, seed)
    add_trade_orders(tables, periods, seed)
    add_contract_rules(tables, periods, seed)
    add_policy_rules(tables, periods, seed)
    add_account_rules(tables, periods, seed)
    add_pin_rules(tables, periods, seed)
    add_scenario_rules(tables, periods, seed)


class _Rules(Draws):
    """Adds to the tables of the core.  ``yearly`` is the demand of every good in a year."""

    def __init__(self, random: Random, periods: int, tables: Tables) -> None:
        super().__init__(random, periods, tables)
        self.yearly: dict[str, float] = {}
        for row in tables["demand"]:
            if row["from"] is None:
                self.yearly[row["good"]] = self.yearly.get(row["good"], 0.0) + row["quantity"]

    def make(self) -> None:
        for good in self.yearly:
            self._bulk(good)
        for wanted in self.yearly:
            self._substitute(wanted)
        for source in self.tables["sources"]:
            if not source["source"].startswith("output of"):
                self._lots(source)
                self._open_order(source)
                self._arrivals(source)
        self._pins()
        self._opening_money()
        self._ends()
        self._backlog()
        for good in self.yearly:
            self._market(good)
            self._trade(good)
        self._loans()
        self._commitments()
        self._exposure()
        if self.chance(0.3):
            self.add("end_values", kind="principal", value=self.number(0.3, 0.9))
        add_resources(self, self.yearly)

    def _trade(self, good: str) -> None:
        """What the market buys for normal consumption: a part of the demand, some of it lost on its way from a date on."""
        if not self.chance(0.3):
            return
        source, amount = f"trade in {good}", self.yearly[good]
        prices = [row["price"] for row in self.tables["prices"] if row["source"].startswith(f"{good} from")]
        self.add("sources", source=source, good=good, paid_by="market")
        self.add("supply", source=source, capacity=round(amount * self.number(0.1, 0.4), 2))
        self.add("prices", source=source, step=1, price=round(max(prices) * self.number(1.0, 1.3), 4), **{"from": None})
        if self.chance(0.5):
            begin = self.date(self.pick(0, self.periods - 1))
            self.add("arrivals", source=source, **{"from": begin}, share=self.number(0.2, 0.9))

    def _market(self, good: str) -> None:
        """Two further sources that share the price steps of a market, one of them at a premium and later."""
        if not self.chance(0.3):
            return
        amount, market = self.yearly[good], f"{good} spot market"
        prices = [row["price"] for row in self.tables["prices"] if row["source"].startswith(f"{good} from")]
        price = sum(prices) / len(prices) * self.number(0.95, 1.1)
        premium = round(price * self.number(0.01, 0.05), 4)
        self.add("sources", source=f"{good} spot", good=good, market=market)
        later = {"lead_time": min(1, self.periods - 1), "premium": premium}
        self.add("sources", source=f"{good} spot by ship", good=good, market=market, **later)
        for step in (1, 2, 3):
            width = round(amount * self.number(0.1, 0.3) + 0.01, 2) if step < 3 else None
            self.add("markets", market=market, step=step, width=width, price=round(price, 4))
            price *= self.number(1.05, 1.2)

    def _bulk(self, good: str) -> None:
        """A further source whose price falls with the quantity."""
        if not self.chance(0.3):
            return
        source, amount = f"{good} in bulk", self.yearly[good]
        prices = [row["price"] for row in self.tables["prices"] if row["source"].startswith(f"{good} from")]
        price = sum(prices) / len(prices) * self.number(1.0, 1.2)
        kind = "incremental" if self.chance(0.5) else "all-units"
        self.add("sources", source=source, good=good, lead_time=min(1, self.periods - 1), discount=kind)
        for step in (1, 2, 3):
            width = round(amount * self.number(0.1, 0.4) + 0.01, 2)
            self.add("prices", source=source, step=step, width=width, price=round(price, 4), **{"from": None})
            price *= self.number(0.8, 0.95)

    def _substitute(self, wanted: str) -> None:
        """Another good that industry takes instead, at a cost for the change."""
        others = [good for good in self.yearly if good != wanted]
        if others and self.chance(0.3):
            given = others[self.pick(0, len(others) - 1)]
            cells = {"wanted": wanted, "given": given, "rate": self.number(0.8, 1.5)}
            self.add("accepts", sector="industry", **cells, cost=self.number(1, 20))

    def _backlog(self) -> None:
        """Industry waits for some goods: as long as it takes, or a while and, at the end, for what its cheapest tier costs."""
        least = min(row["penalty"] for row in self.tables["tiers"])
        for good in self.yearly:
            if self.chance(0.4):
                wait = {"cost": self.number(5, 40), "max_wait": self.pick(1, 4)} if self.chance(0.6) else {"cost": 30}
                self.add(
                    "backlog", sector="industry", good=good, **wait, end_penalty=least if "max_wait" in wait else None
                )

    def _pins(self) -> None:
        """Orders that may not be placed for a while, some that must be, and a project that may not start before a date."""
        limited = {row["source"] for row in self.tables.get("supply", [])}
        for source in self.tables["sources"]:
            name, begin = source["source"], self.pick(0, self.periods - 1)
            if self.chance(0.1):
                window = {"from": self.date(begin), "until": self.date(begin + 4) if begin + 4 < self.periods else None}
                self.add("pins", pin=f"nothing of {name}", decision="order", name=name, **window, at_most=0)
            elif self.chance(0.1) and name not in limited and " from " in name:
                amount = round(self.yearly[source["good"]] * 0.02 + 0.01, 2)
                self.add("pins", pin=f"some of {name}", decision="order", name=name, at_least=amount)
                price = max(row["price"] for row in self.tables["prices"] if row["source"] == name)
                self._pay(
                    (2.0 * amount + 2.0 * (source.get("min_order") or 0.0)) * price * MONEY
                    + (source["order_cost"] or 0)
                )
        for row in self.tables.get("projects", []):
            if self.chance(0.2):
                cells = {"name": row["project"], "stage": 1, "until": self.date(4), "at_most": 0}
                self.add("pins", pin=f"no {row['project']} yet", decision="release", **cells)
        self._caps()

    def _caps(self) -> None:
        """For some time little is released to industry, sold or kept of some goods, and nothing borrowed at first."""
        for good, yearly in self.yearly.items():
            begin = self.date(self.pick(0, self.periods - 1))
            for decision, share, cells in (
                ("service", 0.5, {"sector": "industry"}),
                ("sale", 0.1, {}),
                ("stock", 2.0, {}),
            ):
                offered = decision != "sale" or any(
                    row["good"] == good and row["mode"] == "sale" for row in self.tables.get("rotation", [])
                )
                if offered and self.chance(0.1):
                    most = round(yearly * share, 2)
                    self.add(
                        "pins",
                        pin=f"{decision} of {good}",
                        decision=decision,
                        name=good,
                        at_most=most,
                        **cells,
                        **{"from": begin},
                    )
        if self.chance(0.3):
            self.add("pins", pin="no credit yet", decision="draw", name="facility", until=self.date(2), at_most=0)

    def _opening_money(self) -> None:
        """Funds that have something at the start, and a facility that owes no more than it has."""
        for row in self.tables["funds"]:
            if self.chance(0.4):
                owes = round(0.2 * row["credit_limit"], 3) if row["kind"] == "credit" else None
                cash = round(1.1 * owes if owes else self.number(0.01, 2), 3)
                age = self.pick(1, 4) if owes else None
                self.add("opening_cash", fund=row["fund"], age=age, cash=cash, debt=owes)

    def _ends(self) -> None:
        """Debt that counts at the end, and projects that are worth a part of their cost then."""
        if self.chance(0.5):
            self.add("end_values", kind="debt", value=self.number(0.5, 1.0))
        for row in self.tables.get("projects", []):
            if self.chance(0.3):
                cost = sum(s["cost"] for s in self.tables["stages"] if s["project"] == row["project"])
                self.add(
                    "end_values", kind="project", name=row["project"], value=round(cost * self.number(0.1, 0.5), 3)
                )

    def _loans(self) -> None:
        """Investors that lend or take equity instead of giving grants; a loan from before that is repaid to the treasury."""
        for row in self.tables.get("financing", []):
            if row["fund"] == "investors" and self.chance(0.5):
                terms = {"interest": self.number(0.03, 0.09), "grace": self.pick(0, 4), "tenor": self.pick(4, 20)}
                loan = {"instrument": "loan", **terms}
                row |= loan if self.chance(0.7) else {"instrument": "equity", "dividend": self.number(0.05, 0.15)}
        if self.chance(0.5):
            cells = {"principal": self.number(0.1, 2), "interest": self.number(0.02, 0.06), "tenor": self.pick(2, 12)}
            first = self.date(self.pick(1, 6)) or "2026"
            self.add("opening_loans", project="old plant", fund="treasury", **cells, first_instalment=first)

    def _exposure(self) -> None:
        """Projects in which little may be at risk at once, where that leaves room to begin."""
        for row in self.tables.get("projects", []):
            if row.get("may_abandon") and self.chance(0.5):
                row["recovery"], row["recovery_lag"] = self.number(0.1, 0.6), self.pick(0, 4)
            if self.chance(0.2):
                cost = sum(s["cost"] for s in self.tables["stages"] if s["project"] == row["project"])
                row["exposure_limit"] = round(cost * self.number(0.6, 1.5), 4)

    def _commitments(self) -> None:
        """A treasury whose promises of a period stay within what it gets in a year, beside a facility that has no such limit."""
        if self.chance(0.3):
            budget = next(row for row in self.tables["budgets"] if row["fund"] == "treasury")
            limit = round(
                budget["amount"] * self.number(1, 2) + sum(r["cost"] for r in self.tables.get("stages", [])), 3
            )
            next(row for row in self.tables["funds"] if row["fund"] == "treasury")["commitment_limit"] = limit

    def _pay(self, amount: float) -> None:
        """The treasury gets what something may cost."""
        budget = next(row for row in self.tables["budgets"] if row["fund"] == "treasury")
        budget["amount"] = round(budget["amount"] + amount, 3)

    def _lots(self, source: Row) -> None:
        """Lots of about a month's demand."""
        if self.chance(0.25):
            source["lot_size"] = round(self.yearly[source["good"]] * self.number(0.05, 0.1) + 0.01, 2)

    def _open_order(self, source: Row) -> None:
        """An order on its way, some of it still to be paid: the treasury gets what that and getting rid of it may cost."""
        if not self.chance(0.3):
            return
        quantity = round(self.yearly[source["good"]] * self.number(0.02, 0.1) + 0.01, 2)
        price = min(row["price"] for row in self.tables["prices"] if row["source"] == source["source"])
        owed = round(price * self.number(0.5, 1.0), 3) if self.chance(0.5) else None
        arrives = self.date(self.pick(0, 2))
        self.add("opening_orders", source=source["source"], arrives=arrives, quantity=quantity, price=owed)
        disposal = next(row["disposal_cost"] or 0.0 for row in self.tables["goods"] if row["good"] == source["good"])
        self._pay(quantity * (1.5 * (owed or 0.0) + disposal) * MONEY)

    def _arrivals(self, source: Row) -> None:
        """A part of the deliveries is lost from a date on."""
        if self.chance(0.2):
            begin = self.date(self.pick(0, max(1, self.periods // 2)))
            self.add("arrivals", source=source["source"], **{"from": begin}, share=self.number(0.6, 0.95))


__all__ = ["add_rules"]
