"""Policies as rows of weighted sums over what is decided, in model units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from stockpile.data.contracts import Contracts
from stockpile.data.exposure import Exposure
from stockpile.data.financing import Financing
from stockpile.data.funds import Funds
from stockpile.data.guarantees import Guarantees
from stockpile.data.incentives import Incentives
from stockpile.data.loans import Loans
from stockpile.data.nodes import Nodes
from stockpile.data.origins import mark_of
from stockpile.data.policy_needs import wanted_yearly
from stockpile.data.price_floors import PriceFloors
from stockpile.data.processing import Processing
from stockpile.data.purchasing import Purchasing
from stockpile.data.scale import Scale, power_of_two
from stockpile.data.selection import Record, offered, records_of, windows
from stockpile.data.stock import Stock
from stockpile.data.tracing import Tracing
from stockpile.instance import Instance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


#: Classes of payments that may be paid for nothing: a charge for an order, a sale or a run of nothing, overtime in which nobody works.
FOR_NOTHING = ("order_charges", "rotation_charges", "processing", "overtime")


@dataclass(frozen=True)
class Blocks:
    """What policies sum, in whose arrays: members are numbered as there."""

    stock: Stock
    purchasing: Purchasing
    financing: Financing
    funds: Funds
    loans: Loans
    exposure: Exposure
    floors: PriceFloors
    processing: Processing
    guarantees: Guarantees
    tracing: Tracing
    contracts: Contracts
    incentives: Incentives


@dataclass(frozen=True)
class Sums:
    """Entries of weighted sums: in ``row`` the ``weight`` of a ``member`` of a quantity at a ``node``, all (E,)."""

    row: Ints
    member: Ints
    node: Ints
    weight: Floats


@dataclass(frozen=True)
class Policies:
    """Rows (R) of policies: value <= limit, or value >= limit where ``least``, at a ``node`` for what lies on its path.

    ``value`` and ``limit`` are sums by the name of a quantity (delivery, contract_delivery, order, stock, spared, exposure, run, use, payment, floor, incentive, call, tranche), on top of the
    constants ``value_base`` and ``limit_base``.  ``unit`` is the instance's quantity or money in one unit of the row,
    ``penalty`` model money for such a unit, NaN where the policy is kept.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    least: Bools
    node: Ints
    unit: Floats
    penalty: Floats
    value: dict[str, Sums]
    limit: dict[str, Sums]
    value_base: Floats
    limit_base: Floats

    @property
    def soft(self) -> Bools:
        """(R,) where a penalty is paid for what a policy is missed by."""
        return ~np.isnan(self.penalty)


@dataclass
class _Side:
    """One side of a record: weights (M, N) of the members (M,) of quantities, a constant (N,), and one for each row."""

    weights: dict[str, tuple[Ints, Floats]]
    base: Floats
    each: float = 0.0

    def times(self, factor: float) -> _Side:
        """A multiple of it."""
        weights = {name: (members, factor * w) for name, (members, w) in self.weights.items()}
        return _Side(weights, factor * self.base, factor * self.each)


@dataclass
class _Entries:
    """Gathers entries of sums by quantity."""

    parts: dict[str, list[Sums]] = field(default_factory=dict)

    def add(self, side: _Side, rows: Ints, paths: Ints) -> Floats:
        """Entries of a side for ``rows`` (R,) that sum over ``paths`` (R, L); gives the constants (R,)."""
        for name, (members, weights) in side.weights.items():
            w = weights[:, paths]
            m, r, at = np.nonzero(w)
            if len(m):
                self.parts.setdefault(name, []).append(Sums(rows[r], members[m], paths[r, at], w[m, r, at]))
        constants: Floats = side.base[paths].sum(axis=1) + side.each
        return constants

    def whole(self) -> dict[str, Sums]:
        """All entries of every quantity."""
        columns = ("row", "member", "node", "weight")
        return {
            name: Sums(*(np.concatenate([getattr(part, column) for part in parts]) for column in columns))
            for name, parts in self.parts.items()
        }


def make_policies(instance: Instance, nodes: Nodes, scale: Scale, blocks: Blocks) -> Policies:
    """Rows of the policies; one whose limit is without bound in a period has none there."""
    maker = _Maker(instance, nodes, scale, blocks)
    names, kinds, least, unit, penalty = [], [], [], [], []
    node: list[int] = []
    value, limit = _Entries(), _Entries()
    value_base, limit_base = [np.zeros(0)], [np.zeros(0)]
    for record in records_of(instance):
        size = maker.unit(record)
        for is_least, amount in ((True, record.at_least), (False, record.at_most)):
            if np.isnan(amount):
                continue
            left, right = maker.sides(record, amount, size, is_least)
            for last, paths in windows(instance, nodes, record):
                known = np.isfinite(right.base[paths]).all(axis=1)
                last, paths = last[known], paths[known]
                rows = np.arange(len(node), len(node) + len(last), dtype=np.int64)
                value_base.append(value.add(left, rows, paths))
                limit_base.append(limit.add(right, rows, paths))
                names += [record.policy] * len(last)
                kinds += [record.kind] * len(last)
                least += [is_least] * len(last)
                unit += [size] * len(last)
                penalty += [record.penalty * size / scale.money] * len(last)
                node += last.tolist()
    return Policies(
        names=tuple(names),
        kinds=tuple(kinds),
        least=np.array(least, dtype=bool),
        node=np.array(node, dtype=np.int64),
        unit=np.array(unit, dtype=np.float64),
        penalty=np.array(penalty, dtype=np.float64),
        value=value.whole(),
        limit=limit.whole(),
        value_base=np.concatenate(value_base),
        limit_base=np.concatenate(limit_base),
    )


@dataclass(frozen=True)
class _Maker:
    """Makes the two sides of records."""

    instance: Instance
    nodes: Nodes
    scale: Scale
    blocks: Blocks

    def unit(self, record: Record) -> float:
        """What one unit of a row is: money, or a size between those of its goods."""
        if record.kind in ("exposure", "spending", "budget-use"):
            return self.scale.money
        if record.kind in ("energy", "emissions"):
            return power_of_two(record.at_most / 32.0)
        goods = self.blocks.stock.goods
        sizes = [self.scale.good[goods.index(g)] for g in record.goods]
        return power_of_two(float(np.exp(np.mean(np.log(sizes))))) if sizes else 1.0

    def sides(self, record: Record, amount: float, size: float, least: bool) -> tuple[_Side, _Side]:
        """Value and limit of a record that asks for an ``amount`` at ``least`` or at most, in rows of some ``size``."""
        if record.kind == "spending":
            return self._paid(record, least), self._fixed(amount / size)
        if record.kind == "budget-use":
            return self._paid(record, least), self._budget(record).times(amount)
        if record.kind == "origin-in-use":
            return self._in_use(record, amount, size, least)
        make: dict[str, Callable[[Record, float, float], tuple[_Side, _Side]]] = {
            "deliveries": self._deliveries,
            "share": self._share,
            "market-share": self._market_share,
            "cover": self._cover,
            "exposure": self._exposure,
            "energy": self._burden,
            "emissions": self._burden,
        }
        return make[record.kind](record, amount, size)

    def _always(self, weights: Sequence[float]) -> Floats:
        """(M, N) the same weights at all nodes."""
        return np.repeat(np.array(weights, dtype=np.float64).reshape(-1, 1), len(self.nodes.horizon), axis=1)

    def _fixed(self, amount: float) -> _Side:
        """A constant in every row."""
        return _Side({}, np.zeros(len(self.nodes.horizon)), amount)

    def _burden(self, record: Record, amount: float, size: float) -> tuple[_Side, _Side]:
        """Energy or emissions of what arrives and of what is run."""
        block, view = self.blocks.processing, self.instance.view("sources")
        side = self._delivered(record.part, size, view[record.kind].to_numpy(dtype=float))
        each = (block.energy if record.kind == "energy" else block.emissions) / size
        members = np.array(
            [i for i, j in enumerate(block.names) if j in record.processes and each[i] > 0], dtype=np.int64
        )
        side.weights["run"] = (members, self._always(each[members].tolist()))
        return side, self._fixed(amount / size)

    def _delivered(self, sources: tuple[str, ...], size: float, each: Floats | None = None) -> _Side:
        """What arrives of some sources: of orders a lead time before, and of those from before the horizon.

        Quantities, or (K,) so much of something for ``each`` unit.
        """
        stock, block = self.blocks.stock, self.blocks.purchasing
        place = {k: i for i, k in enumerate(block.sources)}
        unit = np.array([self.scale.good[stock.goods.index(block.good_of[k])] for k in block.sources]) / size
        unit = unit if each is None else unit * each
        chosen = np.array([k in sources for k in block.sources], dtype=bool)
        there = np.array([self.nodes.tree.ancestor(int(lead)) >= 0 for lead in block.lead]).reshape(block.arrive.shape)
        members = np.array([i for i, (k, _) in enumerate(block.steps) if k in sources], dtype=np.int64)
        of = np.array([place[block.steps[i][0]] for i in members], dtype=np.int64)
        counts = (block.arrive > 0) & there
        weights = {"delivery": (members, unit[of, None] * counts[of])}
        contracts = self.blocks.contracts
        called = [i for i, (c, _, _) in enumerate(contracts.calls) if contracts.source_of[c] in sources]
        if called:
            at = np.array([place[contracts.source_of[contracts.calls[i][0]]] for i in called], dtype=np.int64)
            weights["contract_delivery"] = (np.array(called, dtype=np.int64), unit[at, None] * counts[at])
        return _Side(weights, (unit[:, None] * block.due)[chosen].sum(axis=0))

    def _deliveries(self, record: Record, amount: float, size: float) -> tuple[_Side, _Side]:
        return self._delivered(record.part, size), self._fixed(amount / size)

    def _share(self, record: Record, amount: float, size: float) -> tuple[_Side, _Side]:
        return self._delivered(record.part, size), self._delivered(record.whole, size).times(amount)

    def _market_share(self, record: Record, amount: float, size: float) -> tuple[_Side, _Side]:
        stock, block = self.blocks.stock, self.blocks.purchasing
        members = np.array([i for i, (k, _) in enumerate(block.steps) if k in record.part], dtype=np.int64)
        unit = [self.scale.good[stock.goods.index(block.good_of[block.steps[i][0]])] / size for i in members]
        weight = self._always(unit)
        there = self.nodes.spread(offered(self.instance, record))
        return _Side({"order": (members, weight)}, np.zeros(weight.shape[1])), _Side({}, amount * there / size)

    def _cover(self, record: Record, amount: float, size: float) -> tuple[_Side, _Side]:
        stock = self.blocks.stock
        members = np.array([i for i, (g, _) in enumerate(stock.pairs) if g in record.goods], dtype=np.int64)
        weight = self._always([self.scale.good[stock.goods.index(stock.pairs[i][0])] / size for i in members])
        limit = self.nodes.spread(amount / 365.25 * wanted_yearly(self.instance, record)) / size
        effects = [e for e in self.blocks.financing.effects if e.kind == "demand"]
        falling = [i for i, e in enumerate(effects) if e.name in record.goods and record.sector in (None, e.sector)]
        days = amount / 365.25 / self.instance.calendar.length
        each = self._always([-days * self.scale.good[stock.goods.index(effects[i].name)] / size for i in falling])
        spared = {"spared": (np.array(falling, dtype=np.int64), each)}
        return _Side({"stock": (members, weight)}, np.zeros(len(limit))), _Side(spared, limit)

    def _in_use(self, record: Record, amount: float, size: float, least: bool) -> tuple[_Side, _Side]:
        stock, block = self.blocks.stock, self.blocks.tracing
        told = zip(block.classes, block.marks, strict=True)
        bears = {c for c, marks in told if mark_of(record, least, c[0] in block.linked) in marks}
        chosen = [i for i, (e, g, _) in enumerate(block.uses) if g in record.goods and record.sector in (None, e)]
        part = [i for i in chosen if block.uses[i][1:] in bears]
        sums = []
        for members in (part, chosen):
            unit = [self.scale.good[stock.goods.index(block.uses[i][1])] / size for i in members]
            weights = np.array(members, dtype=np.int64), self._always(unit)
            names = {"fund": ["use"], "market": ["market_use"]}.get(record.paid_by, ["use", "market_use"])
            sums.append(_Side(dict.fromkeys(names, weights), np.zeros(len(self.nodes.horizon))))
        return sums[0], sums[1].times(amount)

    def _exposure(self, record: Record, amount: float, size: float) -> tuple[_Side, _Side]:
        loans, pairs = self.blocks.loans, self.blocks.exposure.pairs
        nodes = len(self.nodes.horizon)

        def counts(project: str, fund: str) -> bool:
            return record.project in (None, project) and record.fund in (None, fund)

        members = np.array([i for i, pair in enumerate(pairs) if counts(*pair)], dtype=np.int64)
        old = [loan.principal for loan in loans.scheduled if counts(loan.project, loan.fund)]
        base = np.sum(old, axis=0) if old else np.zeros(nodes)
        return _Side({"exposure": (members, np.ones((len(members), nodes)))}, base), self._fixed(amount / size)

    def _paid(self, record: Record, least: bool) -> _Side:
        """What funds pay: all of it, or the tranches of a project; as a ``least`` amount not what may be paid for nothing."""
        financing, funds = self.blocks.financing, self.blocks.funds
        nodes = len(self.nodes.horizon)
        mine = [f for f in funds.names if record.fund in (None, f)]
        promised = (self.blocks.floors.funds, self.blocks.incentives.funds)
        floors, incentives = ([i for i, f in enumerate(of) if f in mine and record.project is None] for of in promised)
        called = self.blocks.loans.may_be_lost if record.project is None else frozenset()
        calls = [i for i, key in enumerate(self.blocks.guarantees.keys) if key[3] in mine and key[:3] in called]
        classes = [
            i
            for i, (c, f) in enumerate(funds.classes)
            if f in mine and record.project is None and not (least and c in FOR_NOTHING)
        ]
        keys = enumerate(financing.shares)
        tranches = [i for i, (p, _, f) in keys if f in mine and record.project in (None, p)]
        weights = {
            name: (np.array(members, dtype=np.int64), np.ones((len(members), nodes)))
            for name, members in (
                *(("payment", classes), ("floor", floors), ("incentive", incentives)),
                *(("call", calls), ("tranche", tranches)),
            )
        }
        return _Side(weights, np.zeros(nodes))

    def _budget(self, record: Record) -> _Side:
        """What is paid into funds."""
        funds = self.blocks.funds
        mine = [i for i, f in enumerate(funds.names) if record.fund in (None, f)]
        return _Side({}, funds.budget[mine].sum(axis=0))
