"""What the small instances of the model's tests are made with."""

from __future__ import annotations

from typing import Any

from stockpile.instance import Instance

Rows = list[dict[str, Any]]


def make(name: str, periods: int, tables: dict[str, Rows], quantity: str = "unit", **economics: Any) -> Instance:
    """An instance in years, with rates per period and money in USD."""
    settings = {
        "format": 1,
        "name": name,
        "title": name,
        "horizon": {"start": "2026-01-01", "periods": periods, "step": "year"},
        "units": {"quantity": quantity, "price": f"USD/{quantity}", "money": "USD", "time": "period"},
        "economics": {"discount_rate": 0.0, "perspective": "public", **economics},
    }
    return Instance.from_tables(name=name, settings=settings, tables=tables)


def demand(*amounts: float, good: str = "ore") -> Rows:
    """Demand of one sector by year."""
    return [
        {"sector": "plant", "good": good, "from": str(2026 + t), "quantity": amount} for t, amount in enumerate(amounts)
    ]


SECTOR: Rows = [{"sector": "plant"}]
TIER: Rows = [{"sector": "plant", "good": "ore", "tier": 1, "share": 1.0, "penalty": 50}]
