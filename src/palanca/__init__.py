"""Executable, data-fitted models of migration diplomacy."""

__version__ = "0.1.0"
