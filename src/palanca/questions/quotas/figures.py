"""Yearly figures of countries as keys take them; what is not published is named, never filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from jaxtyping import Float

from palanca.core.errors import SharingError
from palanca.core.wording import listed, nearest
from palanca.data import catalogue
from palanca.data.read import Figures, packaged_figures
from palanca.sharing.keys import MEASURES
from palanca.spec.sharing_countries import NAMES

SERIES: Mapping[str, str] = {
    "population": "population",
    "gdp": "gdp",
    "unemployment": "unemployment",
    "applications": "asylum_applications",
    "hosted": "people_hosted",
}
OWN = tuple(name for name in MEASURES if name not in SERIES)  # told by the user alone
ARTICLE = ("States", "Republic")  # names that take one in a sentence
LOOKED_BACK = 5  # years of which past applications are averaged
FEWEST_YEARS = 3  # of them that must be published
MILLION = 1e6
AMERICAS = catalogue.get("population").labels["country"]


@dataclass(frozen=True)
class CountryFigures:
    """Figures of countries for the measures of a key.

    Attributes:
        countries: Those with a figure for every measure, ISO codes of three letters.
        measures: Names in `MEASURES`.
        values: Their figures [people; million usd / year; percent; people / year and million inhabitants; people and
            million inhabitants; people].
        year: The year of the figures.
        missing: Countries asked for that lack a figure, each with the measures it lacks.
    """

    countries: tuple[str, ...]
    measures: tuple[str, ...]
    values: Float[np.ndarray, "country measure"]
    year: int
    missing: Mapping[str, tuple[str, ...]]

    def of(self, measures: Sequence[str]) -> Float[np.ndarray, "country measure"]:
        """The figures of some measures."""
        return self.values[:, [self.measures.index(name) for name in measures]]

    def without(self) -> str:
        """The countries left out and what each lacks, in words; empty if none."""
        return listed((f"{NAMES[country]} ({', '.join(lacks)})" for country, lacks in self.missing.items()), 40)

    def called(self, country: int) -> str:
        """A country in a sentence."""
        name = NAMES[self.countries[country]]
        return f"the {name}" if name.endswith(ARTICLE) else name

    @property
    def names(self) -> tuple[str, ...]:
        """The countries as they are called."""
        return tuple(NAMES[country] for country in self.countries)


def country_figures(
    measures: Sequence[str],
    year: int,
    *,
    countries: Sequence[str] | None = None,
    own: Mapping[str, Mapping[str, float]] | None = None,
    figures: Figures | None = None,
) -> CountryFigures:
    """Figures of one year; a country that lacks one is left out and named.

    Args:
        measures: Names in `MEASURES`.
        year: Year of the figures; of past applications, the last of the five.
        countries: Those wanted; all of the Americas with packaged figures if not given.
        own: Figures of one's own by measure and country, in place of the packaged ones.
        figures: Those in force; the packaged ones if not given.

    Raises:
        SharingError: A country or measure is unknown or stands twice, the year is not told, or no two countries are
            left.
    """
    wanted = _wanted(countries)
    told = figures or packaged_figures()
    given = dict(own or {})
    columns = [
        np.array([given[name].get(country, np.nan) for country in wanted])
        if name in given
        else _packaged(name, year, wanted, told)
        for name in measures
    ]
    values = np.stack(columns, axis=1) if columns else np.zeros((len(wanted), 0))
    kept = np.all(np.isfinite(values), axis=1)
    missing = {
        country: tuple(name for name, known in zip(measures, np.isfinite(row).tolist(), strict=True) if not known)
        for country, row in zip(wanted, values, strict=True)
        if not np.isfinite(row).all()
    }
    if kept.sum() < 2:
        raise SharingError(
            "no two countries have figures for this key",
            where=f"year {year}",
            found=listed((f"{name} lacks {', '.join(lacks)}" for name, lacks in missing.items()), 40),
            expected="two countries or more with a figure for every measure",
        )
    names = tuple(country for country, keep in zip(wanted, kept.tolist(), strict=True) if keep)
    return CountryFigures(names, tuple(measures), values[kept], year, missing)


def _wanted(countries: Sequence[str] | None) -> tuple[str, ...]:
    if countries is None:
        return AMERICAS
    given = tuple(countries)
    for name in given:
        if name not in AMERICAS:
            hint = nearest(name, AMERICAS)
            raise SharingError(
                "unknown country",
                found=repr(name),
                expected=f"among {listed(AMERICAS, 30)}",
                way_out=f"Did you mean {hint!r}?" if hint else "",
            )
    twice = sorted({name for name in given if given.count(name) > 1})
    if twice:
        raise SharingError("a country stands twice", found=listed(twice), expected="each country once")
    return given


def _packaged(name: str, year: int, countries: Sequence[str], figures: Figures) -> Float[np.ndarray, " country"]:
    """One measure from its series."""
    if name in OWN:
        raise SharingError(
            "no figures are published for this measure",
            found=repr(name),
            expected=f"one of {listed(SERIES, 10)}",
            way_out="It is what countries say themselves: hand its figures in.",
        )
    if name not in SERIES:
        raise SharingError("unknown measure", found=repr(name), expected=f"one of {listed(MEASURES, 10)}")
    series = figures.read(SERIES[name])
    _check_year(series, year)
    if name == "applications":
        return _past_applications(series, year, countries) / (
            _at(figures.read("population"), year, countries) / MILLION
        )
    values = _at(series, year, countries)
    return values / (_at(figures.read("population"), year, countries) / MILLION) if name == "hosted" else values


def _past_applications(series: xr.DataArray, year: int, countries: Sequence[str]) -> Float[np.ndarray, " country"]:
    """Mean of the years that are published, of five; nothing where fewer than three are."""
    rows = np.stack([_at(series, past, countries) for past in range(year - LOOKED_BACK + 1, year + 1)])
    known = np.isfinite(rows).sum(axis=0)
    mean = np.nansum(rows, axis=0) / np.maximum(known, 1)
    return np.where(known >= FEWEST_YEARS, mean, np.nan)


def _at(series: xr.DataArray, year: int, countries: Sequence[str]) -> Float[np.ndarray, " country"]:
    """Figures of a year, nothing where it is not told."""
    if year not in series["year"].values:
        return np.full(len(countries), np.nan)
    found = series.sel(year=year).reindex(country=list(countries))
    return np.asarray(found.values, dtype=float)


def _check_year(series: xr.DataArray, year: int) -> None:
    first, last = int(series["year"].values[0]), int(series["year"].values[-1])
    if not first <= year <= last:
        raise SharingError(
            "a year without figures",
            where=str(series.name),
            found=str(year),
            expected=f"{first} to {last}",
            way_out="`palanca data show " + str(series.name) + "` prints what there is.",
        )
