"""Quantities of a forecast: each in every world, with its published past and what was later counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from palanca.core.clock import Span
from palanca.data import align
from palanca.model import cells
from palanca.model.outcomes import STOCKS
from palanca.questions.forecast.project import Forecast, Kept
from palanca.questions.forecast.suppositions import PERSIST
from palanca.spec.figures import series_of

PAST = 36  # months of the past shown beside a forecast
EVENTS, PEOPLE, DEATHS = "events / month", "people", "deaths / month"
ALL, ORIGIN, GROUP, SECTOR, TRANSIT, FATE = "in all", "origin", "group", "sector", "transit", "people"
ON_HOLD, LET_IN, DEAD = "on hold in all", "let in", "deaths on the way"
KINDS = {
    "south": "taken back south",
    "waiting": "waiting at the line",
    "again": "about to try again",
    "abroad": "made to wait abroad",
    "returned": "sent back for good",
}


@dataclass(frozen=True, eq=False)
class Outlook:
    """One quantity of the months ahead.

    Args:
        family: What it is a part of: `in all`, `origin`, `group`, `sector`, `transit` or `people`.
        name: What a reader calls it.
        unit: Its unit.
        worlds: By a supposition's name, (month, draw).
        past: Published figures of the months up to the last known, (PAST); NaN where there are none.
        seen: Figures of the months ahead, (month); NaN where they are not known.
        source: Series of the figures; empty where nobody counts.
        stock: Whether it stands at the end of a month rather than flows in it.
    """

    family: str
    name: str
    unit: str
    worlds: Mapping[str, np.ndarray]
    past: np.ndarray
    seen: np.ndarray
    source: str = ""
    stock: bool = False

    @property
    def plain(self) -> np.ndarray:
        """With levers as they are, (month, draw)."""
        return self.worlds[PERSIST]

    def over(self, world: str) -> np.ndarray:
        """Over the months ahead, (draw): the sum of a flow, what stands at the end of a stock."""
        sample = self.worlds[world]
        return np.asarray(sample[-1] if self.stock else sample.sum(axis=0))

    def change(self, world: str) -> np.ndarray:
        """The same less levers as they are, path by path, (draw)."""
        return np.asarray(self.over(world) - self.over(PERSIST))


def every(found: Forecast) -> tuple[Outlook, ...]:
    """Every quantity that tables, charts and sentences show, in their order."""
    return tuple(_each(found))


def one(shown: Sequence[Outlook], family: str, name: str = "") -> Outlook:
    """A quantity; the first of its family without a name."""
    return next(each for each in shown if each.family == family and name in ("", each.name))


def of(shown: Sequence[Outlook], *families: str) -> list[Outlook]:
    """Every quantity of some families."""
    return [each for each in shown if each.family in families]


def foremost(shown: Sequence[Outlook]) -> list[Outlook]:
    """What a comparison of worlds shows first: encounters, deaths, people on hold, let in, stopped."""
    fates = (one(shown, FATE, name) for name in (DEAD, ON_HOLD, LET_IN))
    return [one(shown, ALL), *fates, one(shown, TRANSIT)]


def before(found: Forecast) -> list[str]:
    """The months of the past that are shown, as `YYYY-MM`."""
    return [str(found.last + (i - PAST + 1)) for i in range(PAST)]


def _each(found: Forecast) -> Iterator[Outlook]:
    case = found.case
    span = Span(found.last + (1 - PAST), found.months[-1])
    counts, names = _origins(found, span), series_of(case)
    yield _outlook(found, (ALL, "encounters", EVENTS), ("encounters",), counts.sum(axis=1), names.encounters)
    for k, country in enumerate(case.origins.values()):
        yield _outlook(found, (ORIGIN, country.name, EVENTS), ("encounters", 1, k), counts[:, k], names.encounters)
    groups = _published(found, names.groups, span, group=list(case.groups))
    for k, group in enumerate(case.groups.values() if len(case.groups) > 1 else ()):
        yield _outlook(found, (GROUP, group.name, EVENTS), ("encounters", 2, k), groups[:, k], names.groups or "")
    sectors = _published(found, names.sectors, span, sector=list(case.sectors))
    for k, sector in enumerate(case.sectors.values()):
        yield _outlook(found, (SECTOR, sector.name, EVENTS), ("sectors", 1, k), sectors[:, k], names.sectors or "")
    stops = np.full(len(span), np.nan)
    if names.stops is not None:
        stops = align.to_span(found.figures.read(names.stops).sum("origin", min_count=1), span).values
    yield _outlook(found, (TRANSIT, "stopped in transit", EVENTS), ("stops",), stops, names.stops or "")
    yield from _fates(found, span)


def _fates(found: Forecast, span: Span) -> Iterator[Outlook]:
    """What becomes of people: on hold, by kind; let in; dead."""
    nobody = np.full(len(span), np.nan)
    yield _outlook(found, (FATE, ON_HOLD, PEOPLE), ("held",), nobody)
    for k, code in enumerate(STOCKS):
        yield _outlook(found, (FATE, KINDS[code], PEOPLE), ("stocks", 1, k), nobody)
    yield _outlook(found, (FATE, LET_IN, "people / month"), ("let_in",), nobody)
    told = series_of(found.case).deaths
    dead, source = nobody, ""
    if told is not None:
        places = [place for place in (told.border, told.transit, told.walked) if place is not None]
        dead, source = _published(found, told.counts, span, place=places).sum(axis=1), told.counts
    yield _outlook(found, (FATE, DEAD, DEATHS), ("deaths",), dead, source)


def _outlook(
    found: Forecast,
    words: tuple[str, str, str],
    which: tuple[str] | tuple[str, int, int],
    figures: np.ndarray,
    source: str = "",
) -> Outlook:
    family, name, unit = words
    worlds = {world: _taken(kept, *which) for world, kept in found.worlds.items()}
    return Outlook(family, name, unit, worlds, figures[:PAST], figures[PAST:], source, stock=unit == PEOPLE)


def _taken(kept: Kept, name: str, axis: int = 0, place: int = 0) -> np.ndarray:
    """A quantity by month and draw: one place on an axis, or everything if no axis is given, summed over the rest."""
    array = np.take(kept[name], place, axis) if axis else kept[name]
    return np.asarray(array.sum(axis=tuple(range(1, array.ndim - 1))))


def _origins(found: Forecast, span: Span) -> np.ndarray:
    """Encounters by origin: the past from the same cells as the forecast drew on, then what was later counted."""
    past = cells.by_origin(Span(span.first, found.last), found.case, found.figures)
    return np.concatenate([past, found.seen])


def _published(found: Forecast, series: str | None, span: Span, **chosen: Sequence[str]) -> np.ndarray:
    """Figures of some labels, (month, label); NaN where no series tells them."""
    (axis,) = chosen
    if series is None:
        return np.full((len(span), len(chosen[axis])), np.nan)
    table: xr.DataArray = align.to_span(found.figures.read(series), span)
    return np.asarray(table.reindex({axis: list(chosen[axis])}).values, dtype=float)
