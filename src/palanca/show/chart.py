"""What a chart of an answer holds: panels of named series over months or names, and how each kind is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from palanca.data import catalogue
from palanca.show.estimate import FEWEST, LEVEL, Estimate, bands
from palanca.show.number import month_name, number


class Kind(StrEnum):
    """The ways in which something is drawn."""

    lines = "lines"  # over months or a scale: lines, bands about them, figures as dots
    areas = "areas"  # over months, stacked
    dots = "dots"  # names down the side: a dot at the estimate, a bar over the interval
    bars = "bars"  # names down the side: bars from zero, intervals on them
    waterfall = "waterfall"  # steps from one level to another
    scatter = "scatter"  # one quantity against another
    parallel = "parallel"  # one line an option, one upright axis a quantity
    timeline = "timeline"  # names down the side: stretches of months in which something held
    heat = "heat"  # names both ways: a shade a cell


@dataclass(frozen=True, eq=False)
class Series:
    """One thing drawn.

    Args:
        label: What it is, for the key and the tooltip.
        x: Months as `YYYY-MM`, names, or numbers.
        y: The values, as many; None where there is none. Of a heat map, the values row by row.
        low: Lower ends, if it has intervals.
        high: Upper ends.
        role: Part of the palette: `history`, `changed`, `figures`, or one of the kinds.
        style: `line`, `dash`, `dots` or `band`; other kinds than lines take no notice.
        names: What each point is called, if the axis does not say.
    """

    label: str
    x: tuple[str | float, ...]
    y: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    role: str = "history"
    style: str = "line"
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """One drawn frame.

    Args:
        series: What it holds.
        unit: Unit of the axis that carries numbers.
        title: Above it; empty for a lone panel.
        marks: Upright lines at a month or number, each with a word beside it.
        x_unit: Unit of the other axis, where that too carries numbers.
        zero: Whether the axis of numbers starts at zero.
        log: Whether the axis of numbers is logarithmic.
        note: A line under it on a page; empty for none.
    """

    series: tuple[Series, ...]
    unit: str
    title: str = ""
    marks: tuple[tuple[str | float, str], ...] = ()
    x_unit: str = ""
    zero: bool = True
    log: bool = False
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart as every outlet shows it.

    Args:
        name: What it is asked for by, and an anchor.
        kind: How it is drawn.
        title: Heading.
        caption: One or two sentences: what to see, and what bands and bars are.
        panels: One, or several small ones.
        source: Publishers of the figures in it; empty where it shows the model alone.
    """

    name: str
    kind: Kind
    title: str
    caption: str
    panels: tuple[Panel, ...]
    source: str = ""

    def key(self) -> list[Series]:
        """What the key lists: every series of another name, look or colour once."""
        found = {(one.label, one.role, one.style): one for panel in self.panels for one in panel.series}
        return list(found.values())


def band(
    label: str,
    x: Sequence[str],
    draws: np.ndarray,
    role: str = "history",
    style: str = "line",
    *,
    level: float = LEVEL,
) -> Series:
    """A series from draws: its median and its interval.

    Args:
        label: What it is.
        x: Months or names.
        draws: (x, draw).
        role: Part of the palette.
        style: How the median is drawn.
        level: Share of draws in the interval, for a band within the usual one.
    """
    low, middle, high = bands(draws)
    if level != LEVEL and draws.shape[-1] >= FEWEST:
        low, high = np.quantile(draws, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=-1)
    return Series(label, tuple(x), known(middle), known(low), known(high), role, style)


def line(label: str, x: Sequence[str], values: np.ndarray, role: str = "history", style: str = "line") -> Series:
    """A series without intervals, (x); what is not finite is left out."""
    return Series(label, tuple(x), known(values), role=role, style=style)


def named(label: str, found: Sequence[tuple[str, Estimate]], role: str = "history") -> Series:
    """Estimates by name, for dots, bars and waterfalls."""
    names = tuple(name for name, _ in found)
    middle, low, high = (
        known(np.array([getattr(one, side) for _, one in found], dtype=float)) for side in ("estimate", "low", "high")
    )
    return Series(label, names, middle, low, high, role)


OWN = "tables of the case itself"


def source(*ids: str) -> str:
    """Publishers and tables of catalogued series, each once; a case's own series by their names."""
    tables: dict[str, list[str]] = {}
    known = catalogue.entries()
    for name in ids:
        publisher, table = (known[name].publisher, known[name].table) if name in known else (OWN, name)
        tables.setdefault(publisher, []).append(table)
    return "; ".join(f"{publisher}, {' and '.join(dict.fromkeys(found))}" for publisher, found in tables.items())


def in_words(panel: Panel, kind: Kind) -> str:
    """A panel for readers who cannot see it: each series with its highest and its last value."""
    found = []
    for one in panel.series:
        given = [(x, y) for x, y in zip(one.x, one.y, strict=False) if y is not None]
        if not given:
            continue
        top, last = max(given, key=lambda pair: pair[1]), given[-1]
        text = f"{one.label}: highest {number(top[1])} at {_place(top[0])}"
        if kind in (Kind.lines, Kind.areas):
            text += f", last {number(last[1])} at {_place(last[0])}"
        found.append(text)
    return f"{panel.title or 'Values'} in {panel.unit}. {'; '.join(found)}."


def _place(x: str | float) -> str:
    text = str(x)
    return month_name(text) if len(text) == 7 and text[4] == "-" and text[:4].isdigit() else text


def known(values: np.ndarray) -> tuple[float | None, ...]:
    """Numbers of a series to five significant digits, which are more than a screen shows and keep a page small."""
    return tuple(float(f"{value:.5g}") if np.isfinite(value) else None for value in values)
