"""Elections of the destination that a question moves."""

from __future__ import annotations

from collections.abc import Sequence

from palanca.core.clock import Month
from palanca.spec.edit import Change
from palanca.spec.schema import Case

KIND = "elections."
DESTINATION = "destination"


def moved(case: Case, changes: Sequence[Change]) -> dict[Month, Month]:
    """Elections of the destination that are moved, by the month in which they were held."""
    found = {}
    for change in changes:
        if change.target.startswith(KIND):
            country, _, month = change.target.removeprefix(KIND).partition(".")
            if case.countries[country].role == DESTINATION:
                found[Month.parse(month)] = Month.parse(str(change.value))
    return found
