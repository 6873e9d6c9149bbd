"""Errors, units and the month axis: what everything needs and the standard library can provide."""
