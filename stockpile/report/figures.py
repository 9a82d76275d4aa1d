"""The figures by which plans are compared, each from a plan folder alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from stockpile.errors import DataError, Problem
from stockpile.instance.units import UnitError, energy_factor, money_factor, quantity_factor
from stockpile.plan.context import CONTEXT
from stockpile.plan.plan import SUMMARY, Plan
from stockpile.report.sheet import NOISE
from stockpile.report.summary import NAMES

DAYS = 365.25
TOTAL, PENALTIES, BOUND = "total (objective)", "of it penalties", "bound (proven)"
"""Words of what a plan costs in all, of what of that is no money, and of what no plan can cost less than."""
RISKS = ("unverified", "outstanding", "lost")


@dataclass(frozen=True)
class Figure:
    """What is compared: a section, words that name it there, what they name, and the kind of its values.

    ``kind`` is money, quantity, energy, emissions, days, share, rate (a share that is small), or text.  The words begin with one of ours, so that no name begins a cell.
    """

    section: str
    words: str
    names: tuple[str, ...]
    kind: str

    @property
    def label(self) -> str:
        """The figure in words, its names included."""
        return self.words.format(*self.names) if self.names else self.words


#: The value of each figure, in the order of the page.
Values = dict[Figure, float | str]


class Sums:
    """A plan's tables, with what its context says; amounts are expected ones where the plan has several futures.

    ``folder`` names the plan in a message.  Raises DataError where plan.json does not say from what the plan is.
    """

    def __init__(self, plan: Plan, folder: str) -> None:
        self.plan, self.folder = plan, folder
        summary = plan.summary
        try:
            self.context = dict(summary[CONTEXT])
            horizon = self.context["horizon"]
            self.horizon = {name: str(horizon[name]) for name in ("first", "last", "periods", "step")}
            self.years = float(horizon["years_per_period"])
            self.weights = {str(node): float(p) for node, p in dict(self.context.get("probability", {})).items()}
            self.sources = {str(k): (str(v["origin"]), str(v["paid_by"])) for k, v in self.context["sources"].items()}
            self.contracts = {str(c): str(k) for c, k in dict(self.context.get("contracts", {})).items()}
            self.projects = {
                str(p): (int(v["stages"]), {int(i): str(at) for i, at in v["before"].items() if at is not None})
                for p, v in self.context["projects"].items()
            }
            self.costs = {str(name): float(cost) for name, cost in plan.costs.items()}
            self.processing = {n: float(summary[n]["value"]) for n in PROCESSING if summary.get(n) is not None}
            #: Units of quantity and money, and of energy and emissions where the plan has processes.
            self.units = {name: str(summary["units"][name]) for name in ("quantity", "money")}
            self.units |= {name: str(summary[name]["unit"]) for name in self.processing}
        except (KeyError, TypeError, ValueError, AttributeError):
            what = f"does not say from what the plan is ({CONTEXT}, units); solve the instance again"
            raise DataError([Problem(f"{folder}/{SUMMARY}", what)]) from None
        self.factor = dict.fromkeys(self.units, 1.0)

    def convert(self, into: Mapping[str, str]) -> None:
        """Figures are in other units from now on.  Raises DataError where the plan's do not convert into these."""
        try:
            self.factor = {what: FACTORS[what](unit, into[what]) for what, unit in self.units.items()}
        except UnitError as error:
            what = f"cannot be compared with the first plan: {error}"
            raise DataError([Problem(f"{self.folder}/{SUMMARY}", what, column="units")]) from None

    def rows(self, name: str) -> pd.DataFrame:
        """A table of the plan, ``weight`` being the probability of each row's node."""
        frame = self.plan.tables[name]
        weight = [self.weights.get(node, 1.0) for node in frame["node"]] if self.weights else 1.0
        return frame.assign(weight=weight)

    def total(self, name: str, column: str, by: list[str]) -> dict[tuple[str, ...], float]:
        """The expected sum of a column over the horizon by some names."""
        frame = self.rows(name)
        sums = (frame[column] * frame["weight"]).groupby([frame[key] for key in by], sort=False).sum()
        return {(key if isinstance(key, tuple) else (key,)): float(value) for key, value in sums.items()}


#: What a unit of a plan is in another unit.
FACTORS = {"quantity": quantity_factor, "money": money_factor, "energy": energy_factor, "emissions": quantity_factor}
PROCESSING = ("energy", "emissions")


def figures(sums: Sums) -> Values:
    """Every figure of a plan, in the units into which it was converted."""
    values: Values = {}
    for section, part in SECTIONS.items():
        for words, names, kind, value in part(sums):
            values[Figure(section, words, names, kind)] = value
    return values


#: Words with a place for each name, the names, the kind of the value, the value.
Part = list[tuple[str, tuple[str, ...], str, float | str]]


def _about(s: Sums) -> Part:
    summary, horizon, about = s.plan.summary, s.horizon, s.plan.summary["instance"]
    rate = s.context.get("discount_rate")
    return [
        ("status", (), "text", s.plan.status),
        ("stopped by", (), "text", str(summary.get("stopped_by") or "")),
        ("first period", (), "text", horizon["first"]),
        ("last period", (), "text", horizon["last"]),
        ("periods", (), "text", horizon["periods"]),
        ("step", (), "text", horizon["step"]),
        ("discount rate a year", (), "rate", float(rate) if isinstance(rate, int | float) else float("nan")),
        ("whose costs count", (), "text", str(s.context.get("perspective"))),
        ("made least first", (), "text", str(s.context.get("goal")).removeprefix("least-")),
        ("hash of the instance", (), "text", str(about.get("hash"))[:8]),
    ]


def _costs(s: Sums) -> Part:
    named = [(NAMES.get(name, name.replace("_", " ")), value * s.factor["money"]) for name, value in s.costs.items()]
    part: Part = [(f"cost: {words}", (), "money", value) for words, value in named]
    penalties = sum(value for name, value in s.costs.items() if NAMES.get(name, "").endswith("(penalty)"))
    part += [
        (TOTAL, (), "money", s.plan.objective * s.factor["money"]),
        (PENALTIES, (), "money", penalties * s.factor["money"]),
        (BOUND, (), "money", s.plan.bound * s.factor["money"]),
        ("gap", (), "rate", s.plan.gap),
    ]
    return part


def _futures(s: Sums) -> Part:
    """What the plan costs in its scenarios, where it has several: the worst of them, and the tail that it guards against."""
    outcomes, risk = s.plan.tables["outcomes"], s.plan.summary.get("risk")
    if len(outcomes) < 2:
        return []
    money = s.factor["money"]
    part: Part = [
        ("scenarios", (), "text", str(len(outcomes))),
        ("cost of the best", (), "money", float(outcomes["cost"].min()) * money),
        ("cost of the worst", (), "money", float(outcomes["cost"].max()) * money),
        ("shortfall of the worst", (), "money", float(outcomes["shortfall"].max()) * money),
    ]
    if isinstance(risk, dict) and isinstance(risk.get("tail"), int | float):
        part.append((f"{risk.get('measure')} of {risk.get('of')}", (), "money", float(risk["tail"]) * money))
    return part


#: Shortfall of a good in all sectors, and what it is charged.
SHORT_OF, CHARGED_FOR = "short: {0}", "penalty: {0}"
#: The same of one sector.
SHORT_FOR, CHARGED_TO = "short: {1} for {0}", "penalty: {1} for {0}"


def _shortfall(s: Sums) -> Part:
    """What goes short and its penalty: in all, of each good for each sector, and of each good."""
    by = ["sector", "good"]
    penalty, quantities = s.total("shortfall", "penalty", by), s.total("shortfall", "quantity", by)
    part: Part = [("penalty: all", (), "money", sum(penalty.values()) * s.factor["money"])]
    for key, quantity in quantities.items():
        part.append((SHORT_FOR, key, "quantity", quantity * s.factor["quantity"]))
        part.append((CHARGED_TO, key, "money", penalty[key] * s.factor["money"]))
    for good in dict.fromkeys(good for _, good in quantities):
        short, charged = (sum(v for key, v in amounts.items() if key[1] == good) for amounts in (quantities, penalty))
        part.append((SHORT_OF, (good,), "quantity", short * s.factor["quantity"]))
        part.append((CHARGED_FOR, (good,), "money", charged * s.factor["money"]))
    return part


def _cover(s: Sums) -> Part:
    """Days of the demand in force that the closing stock covers, over the periods in which there is demand."""
    by = ["node", "good"]
    wanted = s.plan.tables["service"].groupby(by, sort=False)["demand"].sum()
    closing = s.rows("balance").set_index(by)[["closing", "weight"]].join(wanted)
    closing = closing[closing["demand"] > NOISE]
    closing["days"] = closing["closing"] / closing["demand"] * s.years * DAYS
    part: Part = []
    for good, own in closing.groupby(level="good", sort=False):
        mean = float((own["days"] * own["weight"]).sum() / own["weight"].sum())
        part.append(("least: {0}", (str(good),), "days", float(own["days"].min())))
        part.append(("mean: {0}", (str(good),), "days", mean))
    return part


def _origins(s: Sums) -> Part:
    """Shares of what is delivered to the reserve, under contracts too: of what all goods cost, and of each good's quantity."""
    found: dict[tuple[str, str], float] = {}
    paid: dict[str, float] = {}
    total: dict[str, float] = {}
    for table, by in (("deliveries", "source"), ("contract_deliveries", "contract")):
        cost = s.total(table, "cost", ["good", by])
        for (good, name), quantity in s.total(table, "quantity", ["good", by]).items():
            origin, payer = s.sources.get(s.contracts.get(name, "") if by == "contract" else name, ("", "fund"))
            if payer != "market":
                found[good, origin] = found.get((good, origin), 0.0) + quantity
                total[good] = total.get(good, 0.0) + quantity
                paid[origin] = paid.get(origin, 0.0) + cost[good, name]
    part: Part = []
    for origin, cost_from in sorted(paid.items(), key=lambda pair: -pair[1]):
        where = ("by cost, from {0}", (origin,)) if origin else ("by cost, of unknown origin", ())
        part.append((*where, "share", cost_from / max(sum(paid.values()), NOISE)))
    for good in total:
        own = {
            origin: quantity / total[good] for (g, origin), quantity in found.items() if g == good and total[g] > NOISE
        }
        for origin, share in sorted(own.items(), key=lambda pair: -pair[1]):
            words, named = ("from {1}: {0}", (good, origin)) if origin else ("of unknown origin: {0}", (good,))
            part.append((words, named, "share", share))
    return part


def _exposure(s: Sums) -> Part:
    """The most that is at risk at the close of any period, by kind and in all."""
    risk = s.plan.tables["exposure"].groupby("node")[list(RISKS)].sum()
    if risk.empty:
        return []
    peaks = [(f"peak, {kind}", float(risk[kind].max())) for kind in RISKS]
    peaks.append(("peak, all three", float(risk.sum(axis=1).max())))
    return [(words, (), "money", value * s.factor["money"]) for words, value in peaks]


def _spending(s: Sums) -> Part:
    paid = s.total("funds", "paid", ["fund"])
    part: Part = [("paid by all", (), "money", sum(paid.values()) * s.factor["money"])]
    return part + [("paid by {0}", key, "money", value * s.factor["money"]) for key, value in paid.items()]


def _processing(s: Sums) -> Part:
    """What processes take and emit, where the plan has any."""
    return [(f"{name} of processes", (), name, value * s.factor[name]) for name, value in s.processing.items()]


def _projects(s: Sums) -> Part:
    """How many of a project's milestones are verified, when the last of them is, and when it is abandoned.

    Of a plan with several futures those count that are verified in any of them.
    """
    go, gone = s.plan.tables["go"], s.plan.tables["abandonments"]
    part: Part = []
    for project, (stages, before) in s.projects.items():
        left = min(gone.loc[gone["project"] == project, "period"], default="")
        own = go[go["project"] == project]
        verified = [*zip(own["stage"], own["verified"], strict=True), *before.items()]
        kept = {i: at for i, at in verified if not left or s.weights or at <= left}
        part += [
            ("verified: {0}", (project,), "text", f"{len(kept)} of {stages}"),
            ("last in: {0}", (project,), "text", max(kept.values(), default="")),
            ("abandoned: {0}", (project,), "text", left),
        ]
    return part


SECTIONS: dict[str, Callable[[Sums], Part]] = {
    "Plan": _about,
    "Cost": _costs,
    "Scenarios": _futures,
    "Shortfall": _shortfall,
    "Cover": _cover,
    "Origin of deliveries": _origins,
    "Exposure": _exposure,
    "Spending": _spending,
    "Processing": _processing,
    "Projects": _projects,
}


def missing(figure: Figure) -> float | str:
    """What a plan has of a figure that it does not know: nothing of an amount, no text; days are not known."""
    return "" if figure.kind == "text" else float("nan") if figure.kind == "days" else 0.0


def finite(value: float | str) -> bool:
    """Whether a value is a number that can be shown."""
    return not isinstance(value, str) and math.isfinite(value)
