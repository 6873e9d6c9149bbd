"""Works an expression out on the figures in force: values by month, or one number, with what is missing named."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import xarray as xr
from jaxtyping import Float

from palanca.core.clock import Month, Span
from palanca.data.catalogue import SeriesEntry
from palanca.data.read import Figures, to_array
from palanca.spec.claim_expression import (
    Applied,
    DaysTerm,
    Expression,
    Operation,
    PlainNumber,
    SeriesTerm,
    chosen,
    meaning,
    terms,
)

Steps = Float[np.ndarray, " step"]
YEAR = 12
PERCENT = 100.0
_WAYS: Mapping[str, Callable[[Steps], np.floating]] = {
    "sum": np.sum,
    "mean": np.mean,
    "highest": np.max,
    "lowest": np.min,
    "at": np.max,
}


@dataclass(frozen=True, eq=False)
class Gauge:
    """Reads expressions off one state of the figures, and keeps count of what it did not find.

    Args:
        figures: The figures in force.
        tables: Series that were read already, with their withheld cells; filled as expressions are read.
        sums: Terms that were summed over their labels already; likewise.
        missing: By series, the months or years that were asked for and are not there; likewise.
        withheld: Cells of 0 to 4 that were read as none, by series; likewise.
    """

    figures: Figures
    tables: dict[str, tuple[SeriesEntry, xr.DataArray, xr.DataArray]] = field(default_factory=dict)
    sums: dict[SeriesTerm, dict[str, tuple[float, int]]] = field(default_factory=dict)
    missing: dict[str, set[str]] = field(default_factory=dict)
    withheld: dict[str, int] = field(default_factory=dict)

    def anew(self) -> Gauge:
        """The same figures with nothing missed yet."""
        return Gauge(self.figures, self.tables, self.sums)

    def row(self, series: str) -> SeriesEntry:
        """The catalogue row in force of a series."""
        return self._table(series)[0]

    def number(self, found: Expression, months: Span) -> float:
        """One number; NaN where a month that it needs has no figure.

        Args:
            found: The expression; one with a value a month is read in the one month (or year) given.
            months: Months of the claim, which functions take where they name none.
        """
        if meaning(found).dated:
            return float(self.values(found, months)[-1])
        if isinstance(found, PlainNumber):
            return found.value
        if isinstance(found, Operation):
            return float(_operated(found.sign, self.number(found.left, months), self.number(found.right, months)))
        assert isinstance(found, Applied)
        return self._applied(found, months)

    def values(self, found: Expression, months: Span) -> Steps:
        """Values by month, or by year where the series count years; a plain number is the same in all."""
        if isinstance(found, SeriesTerm):
            return self._read(found, months)
        if isinstance(found, DaysTerm):
            return np.array([float(month.days) for month in months])
        if isinstance(found, Operation):
            left, right = (self.values(part, months) for part in (found.left, found.right))
            return np.asarray(_operated(found.sign, left, right))
        if isinstance(found, Applied) and found.function == "percent":
            return PERCENT * self.values(found.part, months)
        return np.array([self.number(found, months)])

    def first(self, found: Expression) -> Month:
        """The first month that any series of an expression has."""
        rows = [self.row(term.series) for term in terms(found)]
        return min(Month.parse(f"{row.first}-01" if row.yearly else row.first) for row in rows)

    def _table(self, series: str) -> tuple[SeriesEntry, xr.DataArray, xr.DataArray]:
        if series not in self.tables:
            row, cells = self.figures.cells(series)
            self.tables[series] = (row, *to_array(row, cells))
        return self.tables[series]

    def _applied(self, found: Applied, months: Span) -> float:
        span = found.months[0] if found.months else months
        if found.function == "percent":
            return PERCENT * self.number(found.part, months)
        if found.function in ("change", "year_change"):
            return self._changed(found, span)
        if found.function == "usual_change":
            return self._usual(found.part, span)
        if found.function == "years_since_as_high":
            return self._since(found.part, span.last)
        values = self.values(found.part, span)
        if found.function == "months_until_above":
            assert found.bound is not None
            above = np.flatnonzero(values > found.bound)
            return float(above[0]) if above.size and np.isfinite(values[: above[0]]).all() else math.nan
        return float(_WAYS[found.function](values))

    def _changed(self, found: Applied, span: Span) -> float:
        """Change in percent: between two stretches by their means, on the year before, or from end to end."""
        if found.function == "year_change":
            stretches: tuple[Span, ...] = (Span(span.first + -YEAR, span.last + -YEAR), span)
        elif len(found.months) == 2:
            stretches = found.months
        else:
            stretches = (Span(span.first, span.first), Span(span.last, span.last))
        return _change(*(float(self.values(found.part, one).mean()) for one in stretches))

    def _usual(self, part: Expression, span: Span) -> float:
        """Median over the years of the change into one calendar month, that of the last month."""
        every = [month for month in span if month.number == span.last.number]
        changes = [_change(*self.values(part, Span(month + -1, month)).tolist()) for month in every]
        return float(np.median(changes))

    def _since(self, part: Expression, month: Month) -> float:
        """Years back to the last month as high; where none was, the years that the series reach back."""
        span = Span(self.first(part), month)
        values = self.values(part, span)
        earlier = np.flatnonzero(values[:-1] >= values[-1])
        steps = len(values) - 1 - (earlier[-1] if earlier.size else 0)
        years = float(steps) if meaning(part).yearly else steps / YEAR
        return years if np.isfinite(values[-1]) else math.nan

    def _read(self, term: SeriesTerm, months: Span) -> Steps:
        """Values of a series summed over its labels, by month or year of a span; gaps and withheld cells are noted."""
        yearly = self.row(term.series).yearly
        if term not in self.sums:
            self.sums[term] = self._summed(term)
        sums = self.sums[term]
        wanted = steps(months, yearly=yearly)
        found = np.array([sums.get(step, (math.nan, 0))[0] for step in wanted])
        if gone := {step for step, value in zip(wanted, found, strict=True) if not math.isfinite(value)}:
            self.missing.setdefault(term.series, set()).update(gone)
        if count := sum(sums.get(step, (math.nan, 0))[1] for step in wanted):
            self.withheld[term.series] = max(count, self.withheld.get(term.series, 0))
        return found

    def _summed(self, term: SeriesTerm) -> dict[str, tuple[float, int]]:
        """By month or year the sum over the labels of a term, and how many of its cells are withheld."""
        _, array, hidden = self._table(term.series)
        labels = {axis: list(names) for axis, names in chosen(term).items()}
        axes = [str(axis) for axis in array.dims[1:]]
        sums = array.where(~hidden, 0.0).sel(labels).sum(axes, skipna=False)
        cells = hidden.sel(labels).sum(axes)
        values = zip(sums.values.tolist(), cells.values.tolist(), strict=True)
        return dict(zip(_steps_of(array), values, strict=True))


def steps(months: Span, *, yearly: bool) -> list[str]:
    """Months or, for series of years, years of a span as labels."""
    return sorted({str(month.year) for month in months}) if yearly else months.labels()


def _steps_of(array: xr.DataArray) -> list[str]:
    time = str(array.dims[0])
    return [str(value)[:7] if time == "month" else str(value) for value in array[time].values]


def _change(before: float, after: float) -> float:
    """Change in percent of what was there before; none where that was nothing."""
    return PERCENT * (after / before - 1.0) if before > 0.0 else math.nan


def _operated(sign: str, left: Steps | float, right: Steps | float) -> Steps | float:
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    safe = np.where(np.asarray(right) == 0.0, math.nan, right)
    return np.asarray(left / safe) if safe.ndim else float(left / safe)
