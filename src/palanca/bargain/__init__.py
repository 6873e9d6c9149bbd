"""Governments bargain: what is at stake, what each would take, what a deal contains and whether it lasts."""

import palanca.kernel  # noqa: F401  sets double precision before any array of this package is made
