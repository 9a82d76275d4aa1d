"""Periods, dates, labels and durations, against days counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from stockpile.instance.calendar import Calendar, add_months, make_calendar, parse_date


def quarters(start: date = date(2026, 1, 1), periods: int = 8, fiscal: tuple[int, int] = (1, 1)) -> Calendar:
    """Quarters from a day."""
    return make_calendar(start, periods, "quarter", fiscal)


@pytest.mark.parametrize(
    ("start", "step", "starts"),
    [
        (date(2026, 1, 1), "quarter", ["2026-01-01", "2026-04-01", "2026-07-01"]),
        (date(2025, 10, 1), "quarter", ["2025-10-01", "2026-01-01", "2026-04-01"]),
        (date(2027, 5, 15), "quarter", ["2027-05-15", "2027-08-15", "2027-11-15"]),
        (date(2026, 1, 31), "month", ["2026-01-31", "2026-02-28", "2026-03-31"]),
        (date(2028, 1, 31), "month", ["2028-01-31", "2028-02-29", "2028-03-31"]),
        (date(2028, 2, 29), "year", ["2028-02-29", "2029-02-28", "2030-02-28"]),
        (date(2028, 2, 26), "week", ["2028-02-26", "2028-03-04", "2028-03-11"]),
        (date(2027, 2, 26), "week", ["2027-02-26", "2027-03-05", "2027-03-12"]),
    ],
)
def test_periods_start_where_a_calendar_says(start: date, step: str, starts: list[str]) -> None:
    """A period too long or a day off would put a budget or a delivery into the wrong period."""
    assert [day.isoformat() for day in make_calendar(start, 2, step).starts] == starts


@pytest.mark.parametrize(
    ("step", "start", "labels"),
    [
        ("year", date(2026, 7, 1), ("2026", "2027")),
        ("quarter", date(2025, 10, 1), ("2025Q4", "2026Q1")),
        ("month", date(2026, 12, 1), ("2026-12", "2027-01")),
        ("week", date(2026, 12, 28), ("2026-12-28", "2027-01-04")),
    ],
)
def test_labels_read_back_as_their_period(step: str, start: date, labels: tuple[str, ...]) -> None:
    """Who copies a label from a plan into a table means that period."""
    calendar = make_calendar(start, 2, step)
    assert calendar.labels == labels
    assert calendar.first_from(parse_date(labels[1])) == 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027", "2027-01-01"),
        ("2027Q1", "2027-01-01"),
        ("2027q4", "2027-10-01"),
        ("2027-03", "2027-03-01"),
        ("2027-3-9", "2027-03-09"),
        ("2027-03-31", "2027-03-31"),
        ("2027-W05", "2027-02-01"),
        ("2027W5", "2027-02-01"),
        ("2026-W01", "2025-12-29"),
        ("2026-W53", "2026-12-28"),
        ("2028-02-29", "2028-02-29"),
    ],
)
def test_dates_and_labels(text: str, day: str) -> None:
    """ISO week 5 of 2027 begins on Monday, 1 February; 2026 has 53 weeks, of which the first begins in 2025."""
    assert parse_date(text).isoformat() == day


@pytest.mark.parametrize(
    "text", ["27", "2027-00", "2027-13", "2027-02-29", "2027Q0", "2027-W54", "2027-Q1", "", "0000"]
)
def test_what_is_no_date(text: str) -> None:
    """A guess would be a silent misreading."""
    with pytest.raises(ValueError, match=r"."):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "period"),
    [("2026-01-01", 0), ("2026-01-02", 1), ("2026-03-31", 1), ("2026-04-01", 1), ("2027-12-31", 8), ("2020", 0)],
)
def test_a_date_acts_from_the_first_period_on_or_after_it(text: str, period: int) -> None:
    """A price from 2 January does not hold for a quarter that began on the 1st."""
    assert quarters().first_from(parse_date(text)) == period


@pytest.mark.parametrize(
    ("step", "text", "periods"),
    [
        ("quarter", "9mo", 3),
        ("quarter", "10mo", 4),
        ("quarter", "1y", 4),
        ("quarter", "1 d", 1),
        ("quarter", "0", 0),
        ("quarter", "3", 3),
        ("quarter", "2.5", 3),
        ("month", "1y", 12),
        ("month", "30d", 1),
        ("month", "31d", 2),
        ("month", "2q", 6),
        ("week", "2w", 2),
        ("week", "15d", 3),
        ("week", "1mo", 5),
        ("week", "1y", 53),
        ("year", "18mo", 2),
        ("year", "1 year", 1),
        ("year", "12 Months", 1),
        ("year", "2 periods", 2),
    ],
)
def test_durations_are_rounded_up_to_periods(step: str, text: str, periods: int) -> None:
    """A month is 1/12 year, a week 7/365.25: a year has 52.18 weeks, a month 4.35, thirty days 0.986 months."""
    assert make_calendar(date(2026, 1, 1), 4, step).in_periods(text) == periods


@pytest.mark.parametrize("text", ["", "-1", "1e3", "nine", "9m", "2y6mo", "1h", "P2Y", "9" * 10, "1,5y"])
def test_what_is_no_duration(text: str) -> None:
    """``9m`` could be minutes, months or metres, and ten digits of years overflow."""
    with pytest.raises(ValueError, match="duration"):
        quarters().in_periods(text)


@pytest.mark.parametrize(
    ("start", "fiscal", "ends"),
    [
        (date(2026, 1, 1), (1, 1), [3, 7]),
        (date(2026, 1, 1), (10, 1), [2, 6]),
        (date(2025, 10, 1), (10, 1), [3, 7]),
        (date(2026, 1, 15), (10, 1), [2, 6]),
        (date(2026, 1, 1), (10, 15), [3, 7]),
    ],
)
def test_fiscal_years_end_before_the_period_in_the_next(start: date, fiscal: tuple[int, int], ends: list[int]) -> None:
    """Cash lapses at the close of the last period that starts in a fiscal year: 30 September closes the third quarter."""
    assert [t for t, end in enumerate(quarters(start, 8, fiscal).fiscal_year_end) if end] == ends


def test_months_are_added_to_the_last_day_of_a_short_one() -> None:
    """31 January and a month is 28 February, in a leap year 29; and a year before is a year before."""
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert add_months(date(2027, 1, 31), -2) == date(2026, 11, 30)


def test_ten_thousand_weeks_and_the_end_of_time() -> None:
    """The longest horizon is made at once; one that ends after the year 9999 is told."""
    assert make_calendar(date(2026, 1, 1), 10_000, "week").starts[-1] == date(2217, 8, 28)
    with pytest.raises((OverflowError, ValueError)):
        make_calendar(date(9998, 1, 1), 3, "year")
