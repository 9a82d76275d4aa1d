"""Instances: the only room that knows file layouts.  ``load(path)`` reads a folder of tables into an ``Instance``."""

from __future__ import annotations

from stockpile.instance.instance import Instance
from stockpile.instance.read import load

__all__ = ["Instance", "load"]
