"""Solution arrays -> the table of guarantees, in the instance's units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from stockpile.data.guarantees import Guarantee
from stockpile.plan.loans import course
from stockpile.plan.solution import Floats, Solution, names, visible


@dataclass(frozen=True)
class Backing:
    """What guarantees do, (V, N) money, by project, stage, lender and guarantor; ``guaranteed`` is at the close."""

    keys: tuple[Guarantee, ...]
    guaranteed: Floats
    fee: Floats
    called: Floats
    recovered: Floats

    def called_of(self, place: dict[str, int]) -> Floats:
        """(F, N) what each guarantor pays."""
        out = np.zeros((len(place), self.called.shape[1]))
        np.add.at(out, np.array([place[g] for *_, g in self.keys], dtype=np.int64), self.called)
        return out

    def returned(self, place: dict[str, int]) -> Floats:
        """(F, N) what guarantors earn and get back, and what lenders get from them, less what they pass on to them."""
        out = np.zeros((len(place), self.called.shape[1]))
        np.add.at(out, np.array([place[g] for *_, g in self.keys], dtype=np.int64), self.fee + self.recovered)
        np.add.at(out, np.array([place[f] for _, _, f, _ in self.keys], dtype=np.int64), self.called - self.recovered)
        return out


def backing_of(s: Solution) -> Backing:
    """All guarantees, from what becomes of the loans."""
    block, loans = s.data.guarantees, course(s)
    place = {key: row for row, key in enumerate(loans.keys)}
    rows = np.array([place[key[:3]] for key in block.keys], dtype=np.int64)
    share = block.share[:, None]
    guaranteed = share * loans.principal[rows]
    called, recovered = share * loans.written_off[rows], share * loans.recovered[rows]
    return Backing(block.keys, guaranteed, block.fee[:, None] * guaranteed, called, recovered)


def guarantee_table(s: Solution) -> pd.DataFrame:
    """What is guaranteed, what that earns, costs and brings back."""
    b = backing_of(s)
    columns = ("project", "stage", "lender", "fund")
    keys = {name: names([key[i] for key in b.keys]) for i, name in enumerate(columns)}
    values = {"guaranteed": b.guaranteed, "fee": b.fee, "called": b.called, "recovered": b.recovered}
    return s.table(keys, values, visible(sum(values.values(), np.zeros((len(b.keys), len(s.tree))))))


def moved_risk(s: Solution) -> dict[tuple[str, int, str], list[tuple[str, float]]]:
    """By loan the guarantors that bear a share of its risk."""
    moved: dict[tuple[str, int, str], list[tuple[str, float]]] = {}
    for (p, i, f, g), share in zip(s.data.guarantees.keys, s.data.guarantees.share, strict=True):
        moved.setdefault((p, i, f), []).append((g, float(share)))
    return moved


__all__ = ["Backing", "backing_of", "guarantee_table", "moved_risk"]
