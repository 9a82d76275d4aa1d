"""Integers worth trying: near the point of a relaxation, and those of an older plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from stockpile.plan.gathering import Gathering
from stockpile.plan.plan import Plan
from stockpile.plan.releases import Releases
from stockpile.solver.start import Guide

Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int32]

THRESHOLDS = (0.5, 0.999)
"""A stage counts as released from where the relaxation has released more than this part of it."""
HARDLY = 0.1
"""The part from which a stage is released that is worth a try, though mostly it is not."""
STARTED = (1e-6, 0.5)
"""A lot counts as bought from where the relaxation has bought more than this part of it."""
SOME = 1e-6
"""The part of an order's charge from which the order counts as placed."""


def guide_of(model: Any, compiled: Any, start: Plan | None, lots: Mapping[str, float] | None = None) -> Guide:
    """What the search for a first plan should know of the model; ``start`` is an older plan, of this or a like instance.

    ``lots`` are the sizes of a source's lots, in the quantity of the plan.
    """
    decisions = _Decisions(model, compiled)
    first = None if start is None else decisions.of_plan(start, lots or {})
    return Guide(decisions.guesses, first, decisions.decide, decisions.parts(), decisions.decided, decisions.path)


class _Decisions:
    """The columns of the integer decisions: (sources, nodes) for orders and lots, releases by stage; -1 where fixed."""

    def __init__(self, model: Any, compiled: Any) -> None:
        self.model, self.count = model, compiled.columns
        self.nodes = list(model.NODES)
        self.lumpy, self.lotted = list(model.LUMPY), list(model.LOTTED)
        self.lots = self._columns(compiled.columns_of(model.lots), len(self.lotted))
        self.place = self._columns(compiled.columns_of(model.place), len(self.lumpy))
        brackets = list(model.BRACKETS)
        self.bracket = self._columns(compiled.columns_of(model.bracket), len(brackets))
        self.rows_of = {k: [i for i, (j, _) in enumerate(brackets) if j == k] for k in model.BRACKETED}
        self.brackets, self.full = brackets, compiled.columns_of(model.full)
        self.falls = list(model.FALLS)
        self.events = list(getattr(model, "ROTATIONS", ()))
        self.rotate = compiled.columns_of(model.rotate) if self.events else np.zeros(0, np.int32)
        self.lumpy_runs = list(getattr(model, "LUMPY_PROCESSES", ()))
        self.operate = self._read("operate", len(self.lumpy_runs), compiled)
        at = {label: i for i, label in enumerate(self.nodes)}
        parent = np.array([at.get(model.parent[n], -1) for n in self.nodes], dtype=np.int64)
        #: Whether no node is the parent of two.
        self.path = len(set(parent.tolist())) == len(parent)
        self.releases = Releases(model, parent, lambda name, rows: self._read(name, rows, compiled))
        self.contracts = list(getattr(model, "CONTRACTS", ()))
        self.sign, self.signed = (self._read(name, len(self.contracts), compiled) for name in ("sign", "signed"))
        before = set(getattr(model, "SIGNED_BEFORE", ()))
        self.signed_before = np.array([c in before for c in self.contracts], dtype=np.float64)
        first = list(getattr(model, "FIRST_STAGE_OF_INCENTIVE", ()))
        self.capped, self.cap = [z for z, *_ in first], np.array([float(model.cap[z]) for z, *_ in first])
        self.first_of = [self.releases.stages.index((p, i)) for _, p, i in first]
        self.earned, self.exhausted = (self._read(name, len(first), compiled) for name in ("earned", "exhausted"))
        self.gathering = Gathering(model, parent, lambda name, rows: self._read(name, rows, compiled))

    def _columns(self, columns: Columns, rows: int) -> Columns:
        """Those of the horizon's nodes."""
        return columns.reshape(rows, -1)[:, -len(self.nodes) :] if rows else np.zeros((0, len(self.nodes)), np.int32)

    def _read(self, name: str, rows: int, compiled: Any) -> Columns:
        """Those of a variable by name."""
        none = np.zeros(0, np.int32)
        return self._columns(compiled.columns_of(getattr(self.model, name)) if rows else none, rows)

    def guesses(self, x: Floats) -> Iterator[Floats]:
        """Orders and runs are gathered until they are as large as they must be; or else every one made in part is made.

        Every stage that is mostly released is released; lots are whole.  Where a stage passes one threshold in all nodes,
        those that it needs pass it before, and of a group at most one project does: so precedence and groups hold in
        every guess.
        """
        for early in (True, False):
            guess = self._near(x, THRESHOLDS[0], STARTED[0])
            self.gathering.write(guess, x, early)
            yield guess
        for threshold, part in zip(THRESHOLDS, STARTED, strict=True):
            yield self._near(x, threshold, part)

    def _near(self, x: Floats, threshold: float, part: float) -> Floats:
        """Every order that is placed in part is placed; stages are released from a threshold on, lots bought from a part on."""
        guess = x.copy()
        self._choose_brackets(guess)
        guess[self.place] = x[self.place] > SOME
        guess[self.rotate] = x[self.rotate] > SOME
        guess[self.operate] = x[self.operate] > SOME
        guess[self.lots] = np.ceil(x[self.lots] - part)
        self._decide(guess, x, threshold)
        delivers = guess[self.releases.started[self.first_of]] > THRESHOLDS[0]
        guess[self.exhausted] = delivers & (x[self.earned] > self.cap[:, None])
        return guess

    def decide(self, x: Floats) -> Iterator[Floats]:
        """Stages and contracts come first where most decisions are orders and runs: those depend on what these bring.

        Where most are stages, their guess has seldom a plan, and the relaxation in which they are decided costs more than
        it is worth.
        """
        first, later = (
            len(self.releases.stages) + len(self.contracts),
            len(self.gathering.lumpy) + len(self.gathering.runs),
        )
        for threshold in (THRESHOLDS[0], HARDLY) if 0 < first < later else ():
            point = np.full(self.count, np.nan)
            self._decide(point, x, threshold)
            yield point

    def parts(self) -> tuple[Columns, ...]:
        """The columns of every project and of every contract: what is decided as one."""
        signed = [np.concatenate(pair) for pair in zip(self.sign, self.signed, strict=True)]
        return tuple(columns[columns >= 0] for columns in (*self.releases.columns_by_project(), *signed))

    def decided(self, x: Floats, threshold: float) -> Floats:
        """The point with all stages and contracts decided for of which more than a part is."""
        point = x.copy()
        self._decide(point, x, threshold)
        return point

    def _decide(self, guess: Floats, x: Floats, threshold: float) -> None:
        """Write down which stages are released and which contracts signed: those of which more than a part is at a point."""
        self.releases.write(guess, *self.releases.near(x, threshold))
        self._write_contracts(guess, x[self.signed] > threshold)

    def _choose_brackets(self, guess: Floats) -> None:
        """Of the steps that price a whole order the one with the greatest part is it."""
        for rows in self.rows_of.values():
            part = guess[self.bracket[rows]]
            chosen = part == part.max(axis=0)
            guess[self.bracket[rows]] = chosen & (chosen.cumsum(axis=0) == 1) & (part.max(axis=0) > SOME)

    def _write_contracts(self, point: Floats, signed: Any) -> None:
        """Write down which contracts have been signed, and where that happens."""
        point[self.signed] = np.maximum(signed, self.signed_before[:, None])
        point[self.sign] = self.releases.steps(point[self.signed], self.signed_before)

    def of_plan(self, plan: Plan, lots: Mapping[str, float]) -> Floats:
        """The integers of an older plan: NaN for what it does not know."""
        point = np.full(self.count, np.nan)
        node = {label: i for i, label in enumerate(self.nodes)}
        placed = zip(plan.orders["source"], plan.orders["node"], strict=True)
        orders = dict(zip(placed, plan.orders["quantity"], strict=True))
        if set(plan.balance["node"]) & set(node):
            known = [label in set(plan.balance["node"]) for label in self.nodes]
            for row, source in enumerate(self.lumpy):
                point[self.place[row, known]] = [
                    (source, n) in orders for n, k in zip(self.nodes, known, strict=True) if k
                ]
            for row, source in enumerate(self.lotted):
                point[self.lots[row, known]] = [
                    round(orders.get((source, n), 0.0) / lots[source])
                    for n, k in zip(self.nodes, known, strict=True)
                    if k
                ]
            used = set(zip(plan.order_steps["source"], plan.order_steps["step"], plan.order_steps["node"], strict=True))
            for row, (source, step) in enumerate(self.brackets):
                point[self.bracket[row, known]] = [
                    (source, step, n) in used for n, k in zip(self.nodes, known, strict=True) if k
                ]
            ran = set(zip(plan.runs["process"], plan.runs["node"], strict=True))
            for row, process in enumerate(self.lumpy_runs):
                point[self.operate[row, known]] = [
                    (process, n) in ran for n, k in zip(self.nodes, known, strict=True) if k
                ]
            moved = set(zip(plan.rotation["good"], plan.rotation["mode"], plan.rotation["node"], strict=True))
            point[self.rotate] = [event in moved for event in self.events]
            point[self.full] = [(source, step, n) in used for source, _, step, n in self.falls]
            self._write_exhausted(point, plan.incentives, np.array(known, dtype=bool))
        released = self._marked(plan.go, ["project", "stage"], self.releases.stages, node)
        signed = self._marked(plan.contracts, ["contract"], [(c,) for c in self.contracts], node)
        self._write_contracts(point, self.releases.so_far(signed))
        given_up = self._marked(plan.abandonments, ["project"], [(p,) for p in self.releases.projects], node)
        self.releases.write(point, self.releases.so_far(released), self.releases.so_far(given_up))
        return point

    def _write_exhausted(self, point: Floats, paid: pd.DataFrame, known: npt.NDArray[np.bool_]) -> None:
        """Write down at nodes that are known which caps have been reached: where less has been paid than was earned."""
        for row, name in enumerate(self.capped):
            mine = paid[paid["incentive"] == name].set_index("node")
            left = np.array([(mine["earned"] - mine["paid"]).get(n, 0.0) for n in self.nodes])
            over = self.releases.so_far((left > SOME * mine["earned"].max())[None, :].astype(np.float64))[0]
            point[self.exhausted[row, known]] = over[known]

    def _marked(
        self, frame: pd.DataFrame, names: list[str], keys: list[tuple[Any, ...]], node: Mapping[str, int]
    ) -> Floats:
        """(keys, nodes) 1 where a table has a row of a key and node that are known."""
        out = np.zeros((len(keys), len(self.nodes)))
        row = {key: i for i, key in enumerate(keys)}
        for label, *key in frame[["node", *names]].itertuples(index=False):
            if tuple(key) in row and label in node:
                out[row[tuple(key)], node[label]] = 1.0
        return out


__all__ = ["guide_of"]
