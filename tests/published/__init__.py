"""Instances with optima from the literature."""
