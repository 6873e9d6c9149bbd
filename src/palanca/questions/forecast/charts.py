"""Charts of a forecast: encounters ahead, what becomes of people, parts, and what sets worlds apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palanca.questions.forecast import quantities
from palanca.questions.forecast.project import Forecast
from palanca.questions.forecast.quantities import ALL, FATE, GROUP, ORIGIN, SECTOR, TRANSIT, Outlook
from palanca.questions.sources import cited
from palanca.show import chart, estimate
from palanca.show.chart import Chart, Kind, Panel, Series
from palanca.show.number import month_name
from palanca.show.theme import KINDS
from palanca.spec.figures import series_of

NARROW = 0.8
BANDS = "Lines are medians; bands hold 80 and 90 % of paths with levers as they are."
DOTS = "Dots are published figures."


def charts(found: Forecast, shown: Sequence[Outlook]) -> list[Chart]:
    """Every chart, the one that opens a page first."""
    fates = [*quantities.of(shown, FATE), *quantities.of(shown, TRANSIT)]
    others, what = len(found.suppositions) > 1, series_of(found.case).counted.what
    return [
        Chart(
            "encounters",
            Kind.lines,
            f"{what[:1].upper()}{what[1:]}: three years counted, and the months ahead",
            f"{DOTS} {BANDS}" + (" Other lines are medians under what is supposed, on the same paths." * others),
            (_panel(found, quantities.one(shown, ALL), ""),),
            cited(found.case, "encounters"),
        ),
        *([_apart(found, shown)] if others else []),
        _several(found, "people", "On hold, let in, dead, stopped", "Where no dots stand, nobody publishes.", fates),
        _several(
            found,
            "encounters by origin",
            "Encounters by origin",
            "Each panel has a scale of its own.",
            quantities.of(shown, ORIGIN),
        ),
        _several(
            found,
            "encounters by group and sector",
            "Encounters by family status and by border sector",
            "The corridor divides drawn arrivals into groups and sectors; a new route is not in the bands.",
            quantities.of(shown, GROUP, SECTOR),
        ),
    ]


def _several(found: Forecast, name: str, title: str, caption: str, lines: Sequence[Outlook]) -> Chart:
    sources = tuple(dict.fromkeys(one.source for one in lines if one.source))
    panels = tuple(_panel(found, one, one.name[:1].upper() + one.name[1:]) for one in lines)
    return Chart(name, Kind.lines, title, f"{DOTS} {BANDS} {caption}", panels, chart.source(*sources))


def _panel(found: Forecast, one: Outlook, title: str) -> Panel:
    """The past, the fan with levers as they are, what was later counted, and medians of other worlds."""
    past, months = quantities.before(found), [str(month) for month in found.months]
    series: list[Series] = [
        chart.band(found.suppositions[0].label, months, one.plain),
        chart.band("80 % of paths", months, one.plain, style="band", level=NARROW),
    ]
    for k, given in enumerate(found.suppositions[1:]):
        role = "changed" if k == 0 else KINDS[(k + 1) % len(KINDS)]
        sample = np.median(one.worlds[given.name], axis=-1)
        series.append(chart.line(given.label, months, sample, role, "dash"))
    if np.isfinite(one.past).any():
        series.append(chart.line("counted", past, one.past, "figures", "dots"))
    if np.isfinite(one.seen).any():
        series.append(chart.line("counted since", months, one.seen, "kind_3", "dots"))
    return Panel(tuple(series), one.unit, title, ((str(found.last), f"known to {month_name(str(found.last))}"),))


def _apart(found: Forecast, shown: Sequence[Outlook]) -> Chart:
    """What sets each world apart from levers as they are, over the months ahead."""
    panels = []
    for one in quantities.foremost(shown):
        rows = [(given.label, estimate.of(one.change(given.name))) for given in found.suppositions if not given.plain]
        unit = one.unit if one.stock else one.unit.removesuffix(" / month")
        panels.append(Panel((chart.named("change", rows, "changed"),), unit, one.name[:1].upper() + one.name[1:]))
    return Chart(
        "what sets them apart",
        Kind.dots,
        "What each supposition changes, against levers as they are",
        "Sums over the months ahead, people on hold at their end; dots are medians, bars hold 90 % of paths. Worlds "
        "share every draw.",
        tuple(panels),
    )
