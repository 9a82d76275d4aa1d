"""instance.toml: declared once, read with every fault named, written back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from stockpile.errors import Problem
from stockpile.instance.calendar import LENGTHS, parse_date
from stockpile.instance.cells import HIDDEN, LARGEST, LONGEST_NAME, nearest, shown
from stockpile.instance.units import UnitError, price_factor

#: Name of the file and the version of its layout.
FILE = "instance.toml"
FORMAT = 1

#: Bases of rates and their length in years; ``period`` is the length of a period.
TIMES = {"year": 1.0, "quarter": 1 / 4, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25}
MOST_PERIODS = 10_000


def _setting(meaning: str, **options: Any) -> Any:
    """A field with what the data dictionary says of it."""
    return field(metadata={"meaning": meaning}, **options)


@dataclass(frozen=True)
class Horizon:
    """The periods that are planned."""

    start: date = _setting("first day of the first period")
    periods: int = _setting("number of periods")
    step: str = _setting("length of a period: week, month, quarter or year")


@dataclass(frozen=True)
class Units:
    """What the numbers in the tables mean."""

    quantity: str = _setting("unit of quantities, unless a good has its own", default="t")
    price: str = _setting("unit of prices: money per quantity", default="USD/kg")
    money: str = _setting("unit of money", default="MUSD")
    time: str = _setting("basis of every rate: year, quarter, month, week, day, or period", default="year")
    energy: str = _setting("unit of energy", default="MWh")
    emissions: str = _setting("unit of emissions, as carbon dioxide", default="t")


@dataclass(frozen=True)
class Economics:
    """How money counts."""

    discount_rate: float = _setting("discount rate per year, real", default=0.0)
    perspective: str = _setting("whose payments the objective counts: public or all", default="public")
    fiscal_year_start: str = _setting("month and day on which a fiscal year starts", default="01-01")

    @property
    def fiscal_start(self) -> tuple[int, int]:
        """Month and day on which a fiscal year starts."""
        month, day = self.fiscal_year_start.split("-")
        return int(month), int(day)


@dataclass(frozen=True)
class Goal:
    """What is made least, and in which order."""

    goal: str = _setting(
        "least-cost, or least-shortfall: first the penalties of shortfall, then the cost among plans that keep that",
        default="least-cost",
    )
    shortfall_tolerance: float = _setting(
        "for least-shortfall: how much more shortfall the second phase may have, as a share of the first's",
        default=0.0,
    )


@dataclass(frozen=True)
class Decisions:
    """What is known when something is decided."""

    orders: str = _setting("after: orders see the data of their period; before: they do not", default="after")
    releases: str = _setting("the same for tranches that are released", default="after")
    here_and_now: int = _setting(
        "number of first periods in which both are the same in all scenarios, whatever is known", default=0
    )


@dataclass(frozen=True)
class TreeSettings:
    """How large the scenario tree may be."""

    most_scenarios: int = _setting("the most scenarios that chains of states may make", default=1000)


@dataclass(frozen=True)
class RiskSettings:
    """How the worst futures count beside the expected one."""

    measure: str = _setting(
        "expected: they do not; cvar: by the mean of the worst of them; worst: by the worst alone; nested: at every fork by "
        "the mean of the worst of what may follow",
        default="expected",
    )
    of: str = _setting(
        "what the futures are ranked by: cost, shortfall (its penalties), or taxpayer_loss (public grants and principal in "
        "projects that are abandoned or fail, less what comes back)",
        default="cost",
    )
    level: float = _setting(
        "for cvar and nested: confidence, the share of probability that is not in the tail; 0.95 takes the worst 5 %",
        default=0.95,
    )
    weight: float = _setting(
        "what moves from the mean to the mean of the tail: 0.3 counts 70 % of the one and 30 % of the other",
        default=0.0,
    )
    limit: float | None = _setting("the most that the mean of the tail, or the worst, may be; money", default=None)
    cover: float | None = _setting(
        "chance of cover: the least probability that the penalties of shortfall of a future are at most cover_shortfall",
        default=None,
    )
    cover_shortfall: float = _setting("for cover: discounted penalties of shortfall, money", default=0.0)


@dataclass(frozen=True)
class SolverSettings:
    """When the search may stop, unless the command line says otherwise."""

    gap: float = _setting("relative gap at which a plan is good enough", default=1e-4)
    time_limit: float | None = _setting("seconds after which the best plan so far is taken", default=None)


@dataclass(frozen=True)
class Settings:
    """All of instance.toml."""

    name: str
    title: str
    horizon: Horizon
    units: Units
    economics: Economics
    objective: Goal
    decisions: Decisions
    tree: TreeSettings
    risk: RiskSettings
    solver: SolverSettings

    def as_document(self) -> dict[str, Any]:
        """The settings as plain values, in the order in which they are written; without sections that say nothing new."""
        silent = {"objective": Goal(), "decisions": Decisions(), "tree": TreeSettings(), "risk": RiskSettings()}
        sections = {s: getattr(self, s) for s in SECTIONS if getattr(self, s) != silent.get(s)}
        plain: dict[str, Any] = {"format": FORMAT, "name": self.name, "title": self.title}
        for name, section in sections.items():
            values = {f.name: getattr(section, f.name) for f in fields(section)}
            values = {k: v for k, v in values.items() if QUIET.get((name, k)) != v}
            plain[name] = {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items() if v is not None}
        return plain


#: Settings that are left out of a document where they are as they are by default.
QUIET = {("units", "energy"): Units.energy, ("units", "emissions"): Units.emissions}
SECTIONS: dict[str, type[Any]] = {
    "horizon": Horizon,
    "units": Units,
    "economics": Economics,
    "objective": Goal,
    "decisions": Decisions,
    "tree": TreeSettings,
    "risk": RiskSettings,
    "solver": SolverSettings,
}
CHOICES = {
    "horizon.step": tuple(LENGTHS),
    "units.time": (*TIMES, "period"),
    "units.energy": ("kWh", "MWh", "GWh", "TWh", "MJ", "GJ", "TJ", "PJ"),
    "units.emissions": ("kg", "t", "kt", "Mt"),
    "economics.perspective": ("public", "all"),
    "objective.goal": ("least-cost", "least-shortfall"),
    "decisions.orders": ("after", "before"),
    "decisions.releases": ("after", "before"),
    "risk.measure": ("expected", "cvar", "worst", "nested"),
    "risk.of": ("cost", "shortfall", "taxpayer_loss"),
}


class _Reader:
    """Reads a document and collects its faults."""

    def __init__(self, document: Mapping[str, Any], files: Mapping[str, str]) -> None:
        self.document = document
        self.files = files
        self.problems: list[Problem] = []

    def fault(self, where: str, message: str) -> None:
        self.problems.append(Problem(file_of(where, self.files), message, column=where))

    def section(self, name: str) -> dict[str, Any]:
        """The known settings of a section that are there and right."""
        raw = self.document.get(name, {})
        if not isinstance(raw, Mapping):
            self.fault(name, f"{shown(raw)} is not a section; write [{name}] and its settings below")
            return {}
        declared = {f.name: f for f in fields(SECTIONS[name])}
        for unknown in [k for k in raw if k not in declared]:
            self.unknown(f"{name}.{unknown}", str(unknown), list(declared))
        values = {}
        for setting, declaration in declared.items():
            where = f"{name}.{setting}"
            if setting in raw:
                value = self.value(where, raw[setting])
                if value is not None:
                    values[setting] = value
            elif name == "horizon":
                self.fault(where, f"is missing; it is the {declaration.metadata['meaning']}")
        return values

    def unknown(self, where: str, word: str, known: list[str]) -> None:
        self.fault(where, f"{shown(word)} is not a setting here; {nearest(word, known)}")

    def value(self, where: str, raw: Any) -> Any:
        """One setting, None (and a fault) where it is wrong."""
        read = {
            "horizon.start": self.day,
            "horizon.periods": self.count,
            "economics.discount_rate": self.rate,
            "economics.fiscal_year_start": self.month_and_day,
            "objective.shortfall_tolerance": self.share,
            "decisions.here_and_now": self.periods,
            "tree.most_scenarios": self.count,
            "risk.level": self.level,
            "risk.weight": self.share,
            "risk.limit": self.number,
            "risk.cover": self.share,
            "risk.cover_shortfall": self.number,
            "solver.gap": self.number,
            "solver.time_limit": self.number,
        }.get(where, self.word)
        return read(where, raw)

    def word(self, where: str, raw: Any) -> str | None:
        known = CHOICES.get(where)
        if known and raw not in known:
            self.fault(where, f"{shown(raw)} is not known; {nearest(str(raw), known, 'it is one of')}")
            return None
        if not isinstance(raw, str) or HIDDEN.search(raw) or len(raw) > LONGEST_NAME:
            said = f"{shown(raw)} is not text of up to {LONGEST_NAME} characters that can be seen"
            self.fault(where, said)
            return None
        return raw.strip()

    def number(self, where: str, raw: Any, most: float = LARGEST, hint: str = "") -> float | None:
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw <= most:
            self.fault(where, f"{shown(raw)} is not a number from 0 to {most:g}{hint}")
            return None
        return float(raw)

    def rate(self, where: str, raw: Any) -> float | None:
        return self.number(where, raw, 1.0, "; write 3 % as 0.03")

    def share(self, where: str, raw: Any) -> float | None:
        return self.number(where, raw, 1.0, "; write 1 % as 0.01")

    def periods(self, where: str, raw: Any) -> int | None:
        if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= MOST_PERIODS:
            self.fault(where, f"{shown(raw)} is not a whole number of periods from 0 to {MOST_PERIODS:,}")
            return None
        return raw

    def level(self, where: str, raw: Any) -> float | None:
        level = self.number(where, raw, 1.0, "; write 95 % as 0.95")
        if level == 1.0:
            self.fault(where, "is 1: nothing is left for a tail; give a level below 1, or measure = 'worst'")
            return None
        return level

    def count(self, where: str, raw: Any) -> int | None:
        if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= MOST_PERIODS:
            self.fault(where, f"{shown(raw)} is not a whole number from 1 to {MOST_PERIODS:,}")
            return None
        return raw

    def day(self, where: str, raw: Any) -> date | None:
        if isinstance(raw, datetime):
            return raw.date()
        if isinstance(raw, date):
            return raw
        try:
            return parse_date(str(raw))
        except ValueError:
            self.fault(where, f"{shown(raw)} is not a date; write it as 2026-01-01")
            return None

    def month_and_day(self, where: str, raw: Any) -> str | None:
        found = re.fullmatch(r"(\d{1,2})-(\d{1,2})", str(raw))
        try:
            if found:
                return date(2001, int(found[1]), int(found[2])).strftime("%m-%d")
        except ValueError:
            pass
        self.fault(where, f"{shown(raw)} is not a month and a day; write it as '10-01'")
        return None


def file_of(where: str, files: Mapping[str, str]) -> str:
    """The file in which a setting stands, or else its section: that of the last that gives one of its settings."""
    return files.get(where) or files.get(where.partition(".")[0], FILE)


def read_settings(
    document: Mapping[str, Any], name: str, files: Mapping[str, str] | None = None
) -> tuple[Settings | None, list[Problem]]:
    """Settings from a document, and every fault in it; None where the horizon cannot be known.

    ``name`` stands in where the document has none; ``files`` has the file of each setting where they come from several.
    """
    reader = _Reader(document, files or {})
    known = ["format", "name", "title", *SECTIONS]
    for unknown in [k for k in document if k not in known]:
        reader.unknown(str(unknown), str(unknown), known)
    if document.get("format") != FORMAT or type(document["format"]) is not int:
        said = f"{shown(document['format'])} is not known" if "format" in document else "is missing"
        reader.fault("format", f"{said}; this version reads format = {FORMAT}")
    texts = {k: reader.word(k, document[k]) or "" for k in ("name", "title") if k in document}
    sections = {s: reader.section(s) for s in SECTIONS}
    units = Units(**sections["units"])
    try:
        price_factor(units.price, units.quantity, units.money)
    except UnitError as error:
        reader.fault("units", str(error))
    if len(sections["horizon"]) < 3:
        return None, reader.problems
    _check_risk(reader, sections["risk"])
    settings = Settings(
        name=texts.get("name") or HIDDEN.sub("?", name)[:LONGEST_NAME] or "instance",
        title=texts.get("title", ""),
        horizon=Horizon(**sections["horizon"]),
        units=units,
        economics=Economics(**sections["economics"]),
        objective=Goal(**sections["objective"]),
        decisions=Decisions(**sections["decisions"]),
        tree=TreeSettings(**sections["tree"]),
        risk=RiskSettings(**sections["risk"]),
        solver=SolverSettings(**sections["solver"]),
    )
    return settings, reader.problems


def _check_risk(reader: _Reader, given: Mapping[str, Any]) -> None:
    """A weight or a limit says of what."""
    for name in ("weight", "limit"):
        if given.get(name) and given.get("measure", "expected") == "expected":
            reader.fault(f"risk.{name}", "has no effect without a measure; give measure = 'cvar' or 'worst'")
    if given.get("measure") == "nested" and not given.get("weight"):
        reader.fault("risk.weight", "is 0: nested then is the mean; give what the worst count at every fork, up to 1")
    if given.get("cover_shortfall") and not given.get("cover"):
        reader.fault("risk.cover_shortfall", "has no effect without cover, the probability that it is kept")
