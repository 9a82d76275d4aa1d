"""The page on why a plan is as it is: how intervals, limits and prices are told."""

from __future__ import annotations

import math

import pytest

from stockpile.plan.plan import Plan
from stockpile.report.why import as_document, page
from stockpile.study.break_even import BreakEven
from stockpile.study.decisions import CONTRACT, PROJECT, SOURCE, Decision
from stockpile.study.forcing import NOT_SEARCHED, Answer
from stockpile.study.limits import BUDGET, Limit
from stockpile.study.why import Why

HOSTILE = "<script>alert(1)</script>\x1b[31m\n[bold]"
UNITS = {"quantity": "kt", "price": "USD/kg", "money": "MUSD"}
SUMMARY = {"objective": 100.0, "bound": 99.0, "gap": 0.01, "status": "optimal", "units": UNITS}


def why(**parts: object) -> Why:
    """What is found out about a plan of 100 MUSD, with nothing in it but some parts."""
    nothing = {"limits": (), "answers": (), "break_even": (), "left": (), "unpriced": (), "stopped_by": None}
    return Why(**{"plan": Plan(SUMMARY, {}), "least": 100.0, **nothing, **parts})  # type: ignore[arg-type]


def words(found: Why) -> str:
    """The page as one line; it keeps within its width."""
    text = page("my reserve", found)
    assert max(map(len, text.splitlines())) <= 80
    return " ".join(text.split())


def answer(low: float, high: float, status: str = "optimal", plan: Plan | None = None, **cells: object) -> Answer:
    decision = Decision(**{"kind": SOURCE, "name": "mine", "used": True, **cells})  # type: ignore[arg-type]
    return Answer(decision, low, high, status, plan)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (answer(5.0, 5.0), "source mine used without it 5"),
        (answer(4.0, 5.5), "source mine used without it 4 to 5.5"),
        (answer(0.0, 0.7), "source mine used without it up to 0.7"),
        (answer(4.0, math.inf, "no plan"), "source mine used without it at least 4"),
        (answer(0.0, math.inf, "no plan"), "source mine used without it unknown"),
        (answer(math.inf, math.inf, "infeasible"), "source mine used without it no plan"),
        (answer(1.0, 1.0, used=False, amount=0.25), "source mine not used with 0.25 kt 1"),
        (answer(1.0, 1.0, kind=PROJECT, used=False, stage=3), "project mine not financed to stage 3 1"),
        (answer(1.0, 1.0, kind=PROJECT, stage=2), "project mine financed without stage 2 1"),
        (answer(1.0, 1.0, kind=CONTRACT, used=False), "contract mine not signed with it 1"),
    ],
)
def test_an_interval_says_what_is_known(given: Answer, told: str) -> None:
    """One figure where both sides are the same, two where a gap is left, and words where there is no figure."""
    assert told in words(why(answers=[given]))


def test_a_better_plan_and_what_was_left_are_told() -> None:
    """A plan the other way round that costs less is news; so is what was not asked."""
    cheaper = Plan({**SUMMARY, "objective": 99.5}, {})
    left = [Decision(SOURCE, f"source {i}", True) for i in range(5)]
    told = words(why(answers=[answer(0.0, 0.5, plan=cheaper)], left=left, least=97.0))
    assert "it could cost 3 MUSD less" in told
    assert "a plan was found that costs 99.5 MUSD" in told
    assert "There was no time before source source 0" in told
    assert "and 2 more" in told
    assert "stopped by hand before" in words(why(left=left, stopped_by="interrupt"))
    rough = [answer(0.0, 0.5), answer(0.0, 0.7, NOT_SEARCHED), answer(0.0, math.inf, NOT_SEARCHED)]
    assert "There was no time to search for 2 of them, the last ones" in words(why(answers=rough))


def test_limits_stand_in_their_groups() -> None:
    """By fund, project, good and rule, with the unit and whether more or less of it; what is no figure is said in words."""
    limits = [
        Limit("supply_capacity", ("mine",), 2, "2026", "2027", "kt", "more", 3.5, True),
        Limit("stock_target", ("ore",), 1, "2026", "2026", "kt", "less", 2.0, False),
        Limit(BUDGET, ("treasury",), 1, "2026", "2026", "MUSD", "more", 1.25, True),
        Limit("least_share", ("plant", "1", "bank"), 1, "2026", "2026", "MUSD", "less", 0.5, True),
        Limit("policy_at_most", ("cap",), 1, "2028", "2028", "kt", "more", 7.0, True),
        Limit("store_capacity", ("yard",), 1, "2028", "2028", "kt", "more", 0.0, True),
        Limit("one_of_a_group", ("plants",), 1, "2028", "2028", "", "more", None, True),
    ]
    told = words(why(limits=limits))
    assert "capacity of source mine 1 kt more 3.5 2026..2027" in told
    assert "stock target of good ore 1 kt less <2 2026" in told
    assert "worth nothing: room in store yard." in told
    assert "Without a figure: one project of group plants." in told
    groups = {row["family"]: row["group"] for row in as_document("x", why(limits=limits))["binding"]}
    assert groups == {
        "supply_capacity": "goods",
        "stock_target": "goods",
        BUDGET: "funds",
        "least_share": "projects",
        "policy_at_most": "pins and policies",
        "store_capacity": "goods",
        "one_of_a_group": "projects",
    }


def test_prices_say_how_they_are_known() -> None:
    """Exact ones are one figure; one that no price reaches is never used."""
    prices = [
        BreakEven("mine", True, True, 1.5, 1.5, (15.0, 15.0)),
        BreakEven("well", False, False, 0.5, 0.75, None),
        BreakEven("pit", False, True, 0.0, 0.0, (0.0, 0.0)),
    ]
    told = words(why(break_even=prices))
    assert "mine used 1.5 15 exact" in told
    assert "well not used 0.5 to 0.75 - re-solved" in told
    assert "pit not used never - exact" in told
    assert "There was no time for the prices" not in told
    assert "There was no time for the prices of quarry, bay." in words(
        why(break_even=prices, unpriced=("quarry", "bay"))
    )


def test_hostile_names_are_shown_as_text() -> None:
    """No name moves the cursor or colours the terminal."""
    limit = Limit("supply_capacity", (HOSTILE,), 1, "2026", "2026", "kt", "more", 3.5, True)
    found = why(
        limits=[limit],
        answers=[answer(1.0, 2.0, name=HOSTILE)],
        break_even=[BreakEven(HOSTILE, True, True, 1.0, 1.0, None)],
    )
    text = page(HOSTILE, found)
    assert all(line.isprintable() for line in text.splitlines())
    assert "<script>" in text
