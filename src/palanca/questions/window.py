"""Reads the months of which a question is told: first and last, within the case and in order."""

from __future__ import annotations

from palanca.core.clock import Month, Span
from palanca.core.errors import UsageError
from palanca.spec.schema import Case


def read(case: Case, text: str, where: str = "months") -> tuple[Month, Month]:
    """Two months written FROM..TO.

    Raises:
        UsageError: They cannot be read, lie outside the case, or are not in order.
    """
    first, dots, last = text.partition("..")
    if not dots:
        raise UsageError("cannot read the months", where=where, found=repr(text), expected="FROM..TO, YYYY-MM..YYYY-MM")
    found, whole = Span.parse(first, last, where=where), case.span.span
    for month in (found.first, found.last):
        if month not in whole:
            raise UsageError(
                "outside the case", where=where, found=str(month), expected=f"{whole.first} to {whole.last}"
            )
    return found.first, found.last


def last_year(case: Case) -> str:
    """The last twelve months of a case, or all that it has, as `read` takes them."""
    months = case.span.span
    return f"{max(months.first, months.last + -11)}..{months.last}"
