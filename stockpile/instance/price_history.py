"""How prices of critical materials have moved: yearly volatility, and how they moved together.

Derived from the yearly average prices of 2020 to 2025 in U.S. Geological Survey, Mineral Commodity Summaries 2026 data
release, https://doi.org/10.5066/P1WKQ63T (status: derived).  Four or five yearly returns each: rough, the correlations
indicative only.
"""

#: Standard deviation of the yearly logarithmic return, 1.
VOLATILITY = {
    "neodymium": 0.5048,  # Nd2O3 99.5% min, fob
    "praseodymium": 0.421,  # Pr6O11 99.99% min, fob
    "dysprosium": 0.2723,  # Dy2O3 99.5% min
    "terbium": 0.5254,  # Tb4O7 99.99% min
    "samarium": 0.4193,  # Sm2O3 99.5% min, fob
    "gallium": 0.2589,  # Ga metal, import unit value
    "antimony": 0.4555,  # Sb metal
    "tungsten": 0.2198,  # W in concentrate (USD/mtu WO3 converted to USD/kg W)
    "lithium": 1.238,  # Battery-grade Li2CO3 (per kg Li2CO3)
    "nickel": 0.2633,  # Ni LME cash
}
#: Correlation of the yearly logarithmic returns of 2021 to 2025, in the order of the volatilities.
CORRELATION = (
    (1.0, 1.0, 0.747, 0.968, 0.982, 0.895, 0.437, 0.895, 0.693, 0.709),
    (1.0, 1.0, 0.741, 0.965, 0.983, 0.897, 0.447, 0.897, 0.685, 0.703),
    (0.747, 0.741, 1.0, 0.859, 0.629, 0.405, -0.0437, 0.753, 0.75, 0.671),
    (0.968, 0.965, 0.859, 1.0, 0.934, 0.815, 0.205, 0.83, 0.835, 0.829),
    (0.982, 0.983, 0.629, 0.934, 1.0, 0.963, 0.443, 0.815, 0.691, 0.733),
    (0.895, 0.897, 0.405, 0.815, 0.963, 1.0, 0.466, 0.663, 0.612, 0.689),
    (0.437, 0.447, -0.0437, 0.205, 0.443, 0.466, 1.0, 0.623, -0.337, -0.283),
    (0.895, 0.897, 0.753, 0.83, 0.815, 0.663, 0.623, 1.0, 0.395, 0.375),
    (0.693, 0.685, 0.75, 0.835, 0.691, 0.612, -0.337, 0.395, 1.0, 0.99),
    (0.709, 0.703, 0.671, 0.829, 0.733, 0.689, -0.283, 0.375, 0.99, 1.0),
)
