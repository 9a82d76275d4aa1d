"""The table of units, against definitions: pound, troy ounce and short ton are exact in kilograms since 1959."""

from __future__ import annotations

import pytest

from stockpile.instance.settings import CHOICES
from stockpile.instance.units import (
    CURRENCIES,
    ENERGIES,
    MASSES,
    MONIES,
    QUANTITIES,
    UnitError,
    energy_factor,
    money_factor,
    price_factor,
    quantity_factor,
)

KILOGRAMS = {
    "g": 0.001,
    "kg": 1.0,
    "t": 1000.0,
    "kt": 1_000_000.0,
    "Mt": 1_000_000_000.0,
    "lb": 0.45359237,
    "ozt": 0.0311034768,
    "ton_us": 2000 * 0.45359237,
}


def test_every_mass_is_what_the_definition_says() -> None:
    """A troy ounce is 480 grains of 64.79891 mg, a pound 7000, a short ton 2000 pounds."""
    assert pytest.approx(KILOGRAMS, rel=1e-15) == MASSES
    assert MASSES["lb"] / MASSES["ozt"] == pytest.approx(7000 / 480, rel=1e-12)


def test_the_table_agrees_with_pint() -> None:
    """An independent table, where it is installed."""
    registry = pytest.importorskip("pint").UnitRegistry()
    names = {
        "ozt": "troy_ounce",
        "ton_us": "short_ton",
        "t": "metric_ton",
        "kt": "kilometric_ton",
        "Mt": "megametric_ton",
    }
    for unit, kilograms in MASSES.items():
        assert registry(f"1 {names.get(unit, unit)}").to("kg").magnitude == pytest.approx(kilograms, rel=1e-9)


@pytest.mark.parametrize("one", QUANTITIES)
@pytest.mark.parametrize("other", QUANTITIES)
def test_factors_go_both_ways_or_not_at_all(one: str, other: str) -> None:
    """A barrel has no mass of its own, and what converts there converts back."""
    if QUANTITIES[one][0] == QUANTITIES[other][0]:
        assert quantity_factor(one, other) * quantity_factor(other, one) == pytest.approx(1, rel=1e-12)
    else:
        with pytest.raises(UnitError, match="does not convert"):
            quantity_factor(one, other)


@pytest.mark.parametrize(
    ("price", "quantity", "money", "factor"),
    [
        ("USD/kg", "t", "MUSD", 0.001),
        ("USD/kg", "t", "USD", 1000.0),
        ("USD/kg", "kg", "MUSD", 1e-6),
        ("USD/t", "t", "MUSD", 1e-6),
        ("USD/lb", "t", "kUSD", 1000 / 0.45359237 / 1000),
        ("USD/ozt", "kg", "USD", 1 / 0.0311034768),
        ("kEUR/t", "kt", "bnEUR", 1e-3),
        ("USD/barrel", "kbarrel", "MUSD", 1e-3),
        ("JPY/unit", "unit", "JPY", 1.0),
    ],
)
def test_a_price_times_a_quantity_is_money(price: str, quantity: str, money: str, factor: float) -> None:
    """1 USD/kg for 1 t is 1000 USD, 0.001 MUSD."""
    assert price_factor(price, quantity, money) == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize("price", ["USD", "USD/", "/kg", "USD/kg/t", "EUR/kg", "USD/unit", "usd/kg", "USD / kg", ""])
def test_prices_that_do_not_go_with_tonnes_and_dollars(price: str) -> None:
    """Without the check a price per barrel would be taken for one per tonne."""
    with pytest.raises(UnitError):
        price_factor(price, "t", "MUSD")


def test_a_message_makes_no_guess_at_a_unit() -> None:
    """A tonne is neither a short ton nor a thousand of them; the list says which is which."""
    with pytest.raises(UnitError, match=r"known are g, kg, t, .*t is the tonne of 1000 kg, ton_us the short ton"):
        quantity_factor("ton", "t")


def test_every_currency_comes_in_four_sizes() -> None:
    """A budget in billions and one in thousands are the same kind of money."""
    assert {(money, size) for money, size in MONIES.values()} == {
        (currency, size) for currency in CURRENCIES for size in (1.0, 1e3, 1e6, 1e9)
    }


def test_energy_and_money_convert() -> None:
    """A watt-hour is 3600 J; money of one currency converts by its prefix, and of two not at all."""
    assert set(CHOICES["units.energy"]) == set(ENERGIES)
    assert set(CHOICES["units.emissions"]) <= set(MASSES)
    assert energy_factor("MWh", "GJ") == pytest.approx(3.6)
    assert energy_factor("PJ", "TWh") == pytest.approx(1 / 3.6)
    assert energy_factor("MJ", "kWh") == pytest.approx(1 / 3.6)
    assert energy_factor("GWh", "TJ") == pytest.approx(3.6)
    assert money_factor("MUSD", "kUSD") == pytest.approx(1000)
    with pytest.raises(UnitError, match="one is in EUR, the other in USD"):
        money_factor("MEUR", "MUSD")
    with pytest.raises(UnitError, match="not a unit of energy"):
        energy_factor("cal", "J")
