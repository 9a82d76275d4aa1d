"""The closed table of units that an instance may use, and the factors between them."""

from __future__ import annotations

from stockpile.instance.cells import shown

#: Kilograms in one unit of mass.
MASSES = {
    "g": 0.001,
    "kg": 1.0,
    "t": 1000.0,
    "kt": 1e6,
    "Mt": 1e9,
    "lb": 0.45359237,
    "ozt": 0.0311034768,
    "ton_us": 907.18474,
}
#: Units that are counted; each converts only into itself and its thousands.
COUNTS = ("unit", "piece", "magnet", "barrel", "m3", "MWh")
CURRENCIES = ("USD", "EUR", "GBP", "JPY", "CNY", "AUD", "CAD", "KRW", "INR", "CHF")
PREFIXES = {"": 1.0, "k": 1e3, "M": 1e6, "bn": 1e9}

#: Megajoules in one unit of energy.
ENERGIES = {
    "kWh": 3.6,
    "MWh": 3.6e3,
    "GWh": 3.6e6,
    "TWh": 3.6e9,
    "MJ": 1.0,
    "GJ": 1e3,
    "TJ": 1e6,
    "PJ": 1e9,
}

QUANTITIES: dict[str, tuple[str, float]] = {
    **{name: ("mass", kilograms) for name, kilograms in MASSES.items()},
    **{name: (name, 1.0) for name in COUNTS},
    **{f"k{name}": (name, 1000.0) for name in COUNTS if name not in ("m3", "MWh")},
}
MONIES: dict[str, tuple[str, float]] = {
    f"{prefix}{currency}": (currency, size) for currency in CURRENCIES for prefix, size in PREFIXES.items()
}
#: The units in words, for messages.
KNOWN = {
    "quantity": f"{', '.join(QUANTITIES)} (t is the tonne of 1000 kg, ton_us the short ton, ozt the troy ounce)",
    "money": f"{', '.join(CURRENCIES)}, alone or after k, M or bn",
    "energy": ", ".join(ENERGIES),
}


class UnitError(ValueError):
    """A unit that is not known, or that does not convert into the one wanted."""


def _find(table: dict[str, tuple[str, float]], unit: str, what: str) -> tuple[str, float]:
    """An entry of a table of units.  No guess is made at what was meant: a tonne is not a short ton."""
    if unit in table:
        return table[unit]
    raise UnitError(f"{shown(unit)} is not a unit of {what}; known are {KNOWN[what]}")


def quantity_factor(unit: str, into: str) -> float:
    """What 1 ``unit`` of quantity is in ``into``.  Raises UnitError."""
    kind, size = _find(QUANTITIES, unit, "quantity")
    other, base = _find(QUANTITIES, into, "quantity")
    if kind != other:
        raise UnitError(f"{unit!r} does not convert into {into!r}: one is {_said(kind)}, the other {_said(other)}")
    return size / base


def energy_factor(unit: str, into: str) -> float:
    """What 1 ``unit`` of energy is in ``into``.  Raises UnitError."""
    table = {name: ("energy", size) for name, size in ENERGIES.items()}
    return _find(table, unit, "energy")[1] / _find(table, into, "energy")[1]


def money_factor(unit: str, into: str) -> float:
    """What 1 ``unit`` of money is in ``into``.  Raises UnitError where they are of two currencies."""
    (currency, size), (other, base) = money_size(unit), money_size(into)
    if currency != other:
        raise UnitError(f"{unit!r} does not convert into {into!r}: one is in {currency}, the other in {other}")
    return size / base


def _said(kind: str) -> str:
    return "a mass" if kind == "mass" else f"a number of {kind}s"


def money_size(unit: str) -> tuple[str, float]:
    """Currency of a unit of money and how many of it one unit is.  Raises UnitError."""
    return _find(MONIES, unit, "money")


def price_factor(price: str, quantity: str, money: str) -> float:
    """Money (in ``money``) for 1 ``quantity`` at a price of 1 ``price``, as 0.001 for USD/kg, t and MUSD.

    Raises UnitError where the three do not go together.
    """
    head, slash, tail = price.partition("/")
    if not slash:
        raise UnitError(f"{price!r} is not a price; a price is money per quantity, such as 'USD/kg'")
    currency, size = money_size(head)
    other, base = money_size(money)
    if currency != other:
        raise UnitError(f"{price!r} is in {currency}, but money is in {other}; convert one of them")
    return size / base * quantity_factor(quantity, tail)
