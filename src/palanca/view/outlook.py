"""Quantities of a forecast as lines to draw or to list: bands over draws, the past, and what was later seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import xarray as xr

from palanca.core.clock import Span
from palanca.data import align
from palanca.data.read import read
from palanca.model import build, cells
from palanca.model.outcomes import STOCKS
from palanca.questions.forecast.project import Forecast, Kept
from palanca.questions.history.charts import STOCKS as WAITING
from palanca.view.theme import month_name

Row = dict[str, object]
PAST = 36  # months of the past shown beside a forecast
AHEAD = (1, 3, 6, 12, 24, 36, 48, 60)  # months ahead that short tables show
LEVELS = (0.05, 0.10, 0.50, 0.90, 0.95)
EVENTS, PEOPLE = "events / month", "people"
ALL, ORIGIN, GROUP, SECTOR, TRANSIT, HELD = "in all", "origin", "group", "sector", "transit", "people"
WAIT, LET_IN, DEAD = "on hold in all", "let in", "deaths on the way"


@dataclass(frozen=True, eq=False)
class Line:
    """One quantity of a forecast.

    Args:
        family: What it is a part of: `in all`, `origin`, `group`, `sector`, `transit` or `people`.
        name: What a reader calls it.
        unit: Its unit.
        plain: With levers as they are, (month, draw).
        other: With the levers asked for; None if they persist.
        past: Published figures of the months up to the last known, (PAST); NaN where there are none.
        seen: Figures of the months ahead, (month); NaN where they are not known.
        source: Series of the figures; empty where nobody counts.
    """

    family: str
    name: str
    unit: str
    plain: np.ndarray
    other: np.ndarray | None
    past: np.ndarray
    seen: np.ndarray
    source: str

    @property
    def difference(self) -> np.ndarray | None:
        """The levers asked for less levers as they are, draw by draw, (month, draw)."""
        return None if self.other is None else self.other - self.plain


def bands(sample: np.ndarray) -> np.ndarray:
    """The 5th, 10th, 50th, 90th and 95th percentile over draws, (5, month)."""
    return np.asarray(np.quantile(sample, LEVELS, axis=-1))


@lru_cache(maxsize=2)
def lines(found: Forecast) -> tuple[Line, ...]:
    """Every quantity that tables, charts and sentences show, in their order."""
    return tuple(_each(found))


def line(found: Forecast, family: str, name: str = "") -> Line:
    """One quantity; the first of its family without a name."""
    return next(one for one in lines(found) if one.family == family and name in ("", one.name))


def of(found: Forecast, family: str) -> list[Line]:
    """Every quantity of a family."""
    return [one for one in lines(found) if one.family == family]


def foremost(found: Forecast) -> list[Line]:
    """What a comparison of levers shows first: encounters, stops, and what becomes of people."""
    return [line(found, ALL), line(found, TRANSIT), *(line(found, HELD, name) for name in (WAIT, LET_IN, DEAD))]


def labels(found: Forecast) -> list[str]:
    """The months ahead as `YYYY-MM`."""
    return [str(month) for month in found.months]


def before(found: Forecast) -> list[str]:
    """The months of the past that are shown, as `YYYY-MM`."""
    return [str(found.last + (i - PAST + 1)) for i in range(PAST)]


def ahead(found: Forecast) -> list[int]:
    """Places of the months that short tables show: 1, 3, 6, 12 and so on, and the last."""
    return sorted({k - 1 for k in AHEAD if k <= len(found.months)} | {len(found.months) - 1})


def every_row(found: Forecast) -> list[Row]:
    """Every quantity in every month ahead: its band, what was later seen, and the other levers with the difference."""
    return [_row(one, t, month) for one in lines(found) for t, month in enumerate(labels(found))]


def by_month(found: Forecast, one: Line) -> list[Row]:
    """One quantity, month by month."""
    return [_short(one, t, {"month": month_name(month)}) for t, month in enumerate(labels(found))]


def by_part(found: Forecast, shown: Sequence[Line]) -> list[Row]:
    """Some quantities in the months 1, 3, 6, 12 ... ahead."""
    months = labels(found)
    return [_short(one, t, {"what": one.name, "month": month_name(months[t])}) for one in shown for t in ahead(found)]


def _row(one: Line, t: int, month: str) -> Row:
    found: Row = {"month": month, "of": one.family, "what": one.name, "unit": one.unit}
    found |= _named(one.plain[t], "")
    found["figures"] = float(one.seen[t])
    if one.other is not None:
        found |= _named(one.other[t], "changed, ") | _named(one.other[t] - one.plain[t], "difference, ")
    return found


def _named(sample: np.ndarray, prefix: str) -> Row:
    names = ("5 %", "10 %", "median", "90 %", "95 %")
    return {prefix + name: float(value) for name, value in zip(names, bands(sample), strict=True)}


def _short(one: Line, t: int, head: Row) -> Row:
    """A row that fits a screen: with other levers, the difference stands in the place of the 80 % band."""
    low, near, mid, far, high = (float(value) for value in bands(one.plain[t]))
    if one.other is None:
        found = head | {"median": mid, "10 %": near, "90 %": far, "5 %": low, "95 %": high}
    else:
        other, gap = bands(one.other[t]), bands(one.other[t] - one.plain[t])
        found = head | {
            "as they are": mid, "5 %": low, "95 %": high,
            "changed": float(other[2]), "changed, 5 %": float(other[0]), "changed, 95 %": float(other[4]),
            "difference": float(gap[2]), "diff. 5 %": float(gap[0]), "diff. 95 %": float(gap[4]),
        }  # fmt: skip
    return found | {"figures": float(one.seen[t])}


def _each(found: Forecast) -> Iterator[Line]:
    case = found.case
    span = Span(found.last + (1 - PAST), found.months[-1])
    origins = _origins(found, span)
    yield _line(found, (ALL, "encounters", EVENTS), ("encounters",), origins.sum(axis=1), "usbp_by_origin")
    for k, country in enumerate(case.origins.values()):
        words = (ORIGIN, country.name, EVENTS)
        yield _line(found, words, ("encounters", 1, k), origins[:, k], "usbp_by_origin")
    groups = _published("usbp_by_group", span, group=list(case.groups))
    for k, group in enumerate(case.groups.values()):
        yield _line(found, (GROUP, group.name, EVENTS), ("encounters", 2, k), groups[:, k], "usbp_by_group")
    sectors = _published("usbp_by_sector", span, sector=list(case.sectors))
    for k, sector in enumerate(case.sectors.values()):
        yield _line(found, (SECTOR, sector.name, EVENTS), ("sectors", 1, k), sectors[:, k], "usbp_by_sector")
    stops = align.to_span(read("mx_stops_by_origin").sum("origin", min_count=1), span).values
    yield _line(found, (TRANSIT, "stopped in transit", EVENTS), ("stops",), stops, "mx_stops_by_origin")
    yield from _people(found, span)


def _people(found: Forecast, span: Span) -> Iterator[Line]:
    """What becomes of people: on hold, by kind; let in; dead."""
    nobody = np.full(len(span), np.nan)
    yield _line(found, (HELD, WAIT, PEOPLE), ("held",), nobody)
    for k, code in enumerate(STOCKS):
        yield _line(found, (HELD, WAITING[code], PEOPLE), ("stocks", 1, k), nobody)
    yield _line(found, (HELD, LET_IN, "people / month"), ("let_in",), nobody)
    places = _published("deaths_by_place", span, place=["usa_border", "mexico", "darien"])
    yield _line(found, (HELD, DEAD, "deaths / month"), ("deaths",), places.sum(axis=1), "deaths_by_place")


def _line(
    found: Forecast, words: tuple[str, str, str], which: tuple[str] | tuple[str, int, int], figures: np.ndarray,
    source: str = "",
) -> Line:  # fmt: skip
    family, name, unit = words
    other = None if found.changed is None else _taken(found.changed, *which)
    return Line(family, name, unit, _taken(found.expected, *which), other, figures[:PAST], figures[PAST:], source)


def _taken(kept: Kept, name: str, axis: int = 0, place: int = 0) -> np.ndarray:
    """A quantity by month and draw: one place on an axis, or everything if no axis is given, summed over the rest."""
    array = np.take(kept[name], place, axis) if axis else kept[name]
    return np.asarray(array.sum(axis=tuple(range(1, array.ndim - 1))))


def _origins(found: Forecast, span: Span) -> np.ndarray:
    """Encounters by origin: the past from the same cells as the forecast drew on, then what was later seen."""
    past = cells.by_origin(Span(span.first, found.last), build.codes(found.case))
    return np.concatenate([past, found.seen])


def _published(series: str, span: Span, **chosen: Sequence[str]) -> np.ndarray:
    table: xr.DataArray = align.to_span(read(series), span)
    (axis,) = chosen
    return np.asarray(table.reindex({axis: list(chosen[axis])}).values, dtype=float)
