"""What is how old: every series with its last month, its age and what brings newer months."""

from __future__ import annotations

from datetime import date

from palanca.core.clock import Month
from palanca.data.read import open_figures
from palanca.data.status import Status, status


def ages() -> list[Status]:
    """Every series, the oldest first, by today's calendar."""
    today = date.today()
    return status(open_figures(), Month(today.year * 12 + today.month - 1))
