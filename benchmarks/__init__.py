"""Benchmarks: this package against its peers, and its own phases.  ``python -m benchmarks`` runs them."""
