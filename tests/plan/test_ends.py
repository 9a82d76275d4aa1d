"""What counts at the end of the horizon beside stock."""

from __future__ import annotations

import pytest

from stockpile import engine
from stockpile.instance import Instance
from stockpile.plan.audit import audit
from tests.models.base import make
from tests.plan.mutations import with_cell


def lending(share: float) -> Instance:
    """A loan of 100 at 10 %, paid out in the first year and repaid in two instalments from the third on."""
    return make(
        "lending",
        3,
        {
            "goods": [{"good": "ore"}],
            "sources": [{"source": "mine", "good": "ore"}],
            "prices": [{"source": "mine", "price": 1}],
            "sectors": [{"sector": "plant"}],
            "demand": [{"sector": "plant", "good": "ore", "quantity": 0}],
            "funds": [{"fund": "bank", "kind": "appropriation"}],
            "budgets": [{"fund": "bank", "amount": 100}],
            "projects": [{"project": "mill"}],
            "stages": [{"project": "mill", "stage": 1, "duration": "1", "cost": 100}],
            "financing": [{"project": "mill", "fund": "bank", "instrument": "loan", "interest": 0.1, "tenor": "2"}],
            "end_values": [{"kind": "principal", "name": "bank", "value": share}],
        },
    )


def test_principal_that_is_left_is_worth_its_share() -> None:
    """110 is owed at commissioning: an instalment of 110 / (1/1.1 + 1/1.21) = 63.38 leaves 121 - 63.38 = 57.62 at the end."""
    instalment = 110 / (1 / 1.1 + 1 / 1.21)
    plan = engine.solve(lending(1.0), gap=0)
    assert plan.costs["repayments"] == pytest.approx(-instalment)
    assert plan.costs["end_values"] == pytest.approx(-(121 - instalment))
    assert plan.objective == pytest.approx(-21)
    assert plan.end_values["kind"].tolist() == ["principal"]
    assert plan.end_values["amount"].tolist() == pytest.approx([121 - instalment])


def test_lending_that_does_not_come_back_is_left_alone() -> None:
    """With a fifth of the principal 63.38 + 11.52 does not outweigh the 100 lent."""
    assert engine.solve(lending(0.2), gap=0).objective == pytest.approx(0)


@pytest.mark.parametrize("column", ["amount", "value"])
def test_principal_written_wrongly_is_caught(column: str) -> None:
    """The audit knows what is owed from the loan's terms."""
    instance = lending(1.0)
    plan = engine.solve(instance, gap=0)
    found = [b.message for b in audit(instance, with_cell(plan, "end_values", 0, column, 60.0)).breaches]
    assert any("principal of bank" in message for message in found), found
