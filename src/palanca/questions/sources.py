"""What stands under a chart as its source: publishers and tables of the series that a case names."""

from __future__ import annotations

from collections.abc import Iterator

from palanca.show import chart
from palanca.spec.figures import series_of
from palanca.spec.schema import Case
from palanca.spec.series_names import FiguresRecord, named


def cited(case: Case, *roles: str) -> str:
    """Publishers and tables of the series that play some roles in a case; empty where it has none of them.

    Args:
        case: The case.
        roles: Fields of its `series`.
    """
    return chart.source(*dict.fromkeys(one for role in roles for one in ids(case, role)))


def ids(case: Case, role: str) -> Iterator[str]:
    """The series that play one role in a case."""
    told = getattr(series_of(case), role)
    if isinstance(told, FiguresRecord):
        yield from named(told)
    elif told is not None:
        yield told
