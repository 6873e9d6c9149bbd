"""Leverage: what a side would lose if the other stopped, in one month and through time."""
