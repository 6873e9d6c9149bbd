"""Fan charts of a forecast: the past, the months ahead with their bands, what was later seen, and other levers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from palanca.core.clock import Month
from palanca.questions.forecast.project import Forecast
from palanca.view import chart, outlook
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.outlook import ALL, GROUP, HELD, ORIGIN, SECTOR, TRANSIT, Line
from palanca.view.series import Band
from palanca.view.theme import colour, month_name

FEWEST = 10.0  # where a logarithmic axis begins at the lowest; fewer are drawn there
ROOM = 1.3  # of the largest value, where an axis ends
MOST_TICKS, MOST_TALL = 7, 11  # beyond so many an axis keeps to powers of ten
TINY = 1e-9
SINCE = "kind_3"
LOG_SCALE = "The scale is logarithmic: equal steps are equal ratios."
KNOWN = Mark("figures known", "figures", "dot")
LATER = Mark("figures since", SINCE, "dot")
FAN = (Mark("median", "model", "line"), Mark("80 % band, and 90 % around it", "model_band", "band"))
BESIDE = (
    Mark("levers as they are, median", "model", "line"),
    Mark("90 % band", "model_band", "band"),
    Mark("other levers, median", "twin", "line"),
    Mark("their 90 % band", "twin_band", "band"),
)


def of_forecast(found: Forecast) -> list[Chart]:
    """Every chart of a forecast, in the order in which an outlet shows them."""
    changed = [] if found.changed is None else [difference(found)]
    return [in_all(found), *changed, people(found), *parts(found)]


def in_all(found: Forecast) -> Chart:
    """Encounters of all origins: three years of the past and the months ahead."""
    one = outlook.line(found, ALL)
    beside = "; beside it, the same paths under the levers asked for" if one.other is not None else ""
    return Chart(
        "forecast",
        "Encounters between ports of entry",
        f"Three years of figures, then what to expect with levers as in {month_name(str(found.last))}{beside}. "
        f"{LOG_SCALE} The fan widens as shocks add up.",
        chart.source(one.source),
        _key([one]),
        (_panel(found, one, "", _ends([one]), chart.TALL),),
    )


def by_origin(found: Forecast) -> Chart:
    """Each origin on the same scale, so that large and small can be compared."""
    shown = outlook.of(found, ORIGIN)
    ends = _ends(shown)
    return Chart(
        "forecast-by-origin",
        "By origin",
        f"Each origin on the same scale. {LOG_SCALE} Months with fewer than ten stand on the axis.",
        chart.source(*dict.fromkeys(one.source for one in shown)),
        _key(shown),
        tuple(_panel(found, one, one.name, ends) for one in shown),
    )


def by_group(found: Forecast) -> Chart:
    """Encounters by family status, each panel with a scale of its own."""
    return _several(
        found,
        outlook.of(found, GROUP),
        ("forecast-by-group", "By family status"),
        "Encounters by family status. The corridor divides drawn arrivals of each origin into groups.",
    )


def by_sector(found: Forecast) -> Chart:
    """Encounters by border sector, each panel with a scale of its own."""
    return _several(
        found,
        outlook.of(found, SECTOR),
        ("forecast-by-sector", "By border sector"),
        "Encounters by Border Patrol sector. Shifts between sectors follow the latest fitted tendency, so a new route "
        "is not in the bands.",
    )


def people(found: Forecast) -> Chart:
    """What becomes of people: on hold by kind, stopped, let in, dead."""
    return _several(
        found,
        [*outlook.of(found, HELD), *outlook.of(found, TRANSIT)],
        ("forecast-people", "On hold, let in, dead, stopped"),
        "People on hold at the end of each month, in all and by kind; people let in; deaths on the way; people stopped "
        "in transit. Where no dots stand, nobody publishes figures.",
    )


def parts(found: Forecast) -> tuple[Chart, Chart, Chart]:
    """Encounters by origin, by family status and by sector."""
    return by_origin(found), by_group(found), by_sector(found)


def difference(found: Forecast) -> Chart:
    """What the levers asked for change, as a part of what there is with levers as they are.

    Raises:
        ValueError: Levers stay as they are.
    """
    return Chart(
        "forecast-difference",
        "Other levers, against levers as they are",
        "On the same drawn paths, path by path: below zero there are fewer under the other levers, above zero more. "
        "What happens to people stands beside the encounters.",
        "",
        (Mark("difference, median", "twin", "line"), Mark("90 % band", "twin_band", "band")),
        tuple(_apart(found, one) for one in outlook.foremost(found)),
    )


def _apart(found: Forecast, one: Line) -> Panel:
    """The difference between worlds in one quantity, in percent."""
    if one.other is None:
        raise ValueError("levers stay as they are: there is no difference to draw")
    months = outlook.labels(found)
    ratio = 100.0 * (one.other / np.maximum(one.plain, TINY) - 1.0)
    low, _, mid, _, high = outlook.bands(np.where(one.plain > TINY, ratio, 0.0))
    figure = chart.blank(chart.LOW + 20, "percent", months)
    _calendar(figure, months)
    figure.update_yaxes(rangemode="normal", zeroline=True)
    chart.draw_band(figure, months, Band(low, mid, high), "difference", "twin")
    title = _capital(one.name)
    return Panel(title, figure, "percent", chart.told(f"Difference, {title}", "percent", months, mid))


def _several(found: Forecast, shown: Sequence[Line], words: tuple[str, str], caption: str) -> Chart:
    sources = dict.fromkeys(one.source for one in shown if one.source)
    panels = tuple(_panel(found, one, _capital(one.name), _ends([one])) for one in shown)
    whole = f"{caption} Each panel has a scale of its own. {LOG_SCALE}"
    return Chart(*words, whole, chart.source(*sources), _key(shown), panels)


def _panel(found: Forecast, one: Line, title: str, ends: tuple[float, float], height: int = chart.LOW + 10) -> Panel:
    """One fan on a logarithmic scale between two ends: what is drawn below the lower one stands on it."""
    wide, low = height == chart.TALL, ends[0]
    months = outlook.labels(found)
    counted = np.isfinite(one.past).any()
    past = outlook.before(found) if counted else [str(found.last)]
    unit = f"{one.unit}, log scale"
    figure = chart.blank(height, unit, [past[0], months[-1]])
    size = 5 if wide else 3
    _fan(figure, months, np.maximum(outlook.bands(one.plain), low), whole=one.other is None)
    if one.other is not None:
        least, _, mid, _, most = np.maximum(outlook.bands(one.other), low)
        chart.draw_band(figure, months, Band(least, mid, most), "other levers", "twin")
    if counted:
        chart.draw_dots(figure, past, np.maximum(one.past, low), size=size)
    if np.isfinite(one.seen).any():
        _since(figure, months, np.maximum(one.seen, low), size + 2)
    chart.mark_month(figure, str(found.last), "last known" if wide else "")
    ticks = _ticks(*ends, MOST_TALL if wide else MOST_TICKS)
    figure.update_yaxes(
        type="log", range=[float(np.log10(end)) for end in ends], rangemode="normal", tickvals=list(ticks),
        ticktext=list(ticks.values()),
    )  # fmt: skip
    if not counted:
        _calendar(figure, months)
    told = chart.told(f"Expected, {title or one.name}", one.unit, months, outlook.bands(one.plain)[2])
    return Panel(title, figure, one.unit, told, wide=wide)


def _fan(figure: go.Figure, months: list[str], bands: np.ndarray, *, whole: bool) -> None:
    """The 90 % band, the 80 % band over it if the whole fan is wanted, and the median."""
    low, near, mid, far, high = bands
    chart.draw_band(figure, months, Band(low, mid, high), "median")
    if whole:
        figure.data = figure.data[:-1]  # the median is drawn once, on top of both bands
        chart.draw_band(figure, months, Band(near, mid, far), "median")


def _since(figure: go.Figure, months: list[str], values: np.ndarray, size: int) -> None:
    """Figures of the months ahead, where they are known by now: the forecast did not see them."""
    seen = np.isfinite(values)
    figure.add_scatter(
        x=[month for month, there in zip(months, seen, strict=True) if there],
        y=[float(f"{value:.5g}") for value in values[seen]],
        name="figures since",
        mode="markers",
        marker={"color": colour(SINCE), "size": size, "line": {"width": 1, "color": colour("paper")}},
        hovertemplate="%{y:,.4~g}",
    )


def _calendar(figure: go.Figure, months: list[str]) -> None:
    """Ticks of whole months where there are few of them."""
    if len(months) <= 24:
        figure.update_xaxes(tickformat="%b\n%Y")
    begin = Month.parse(months[0]) + (-1)
    figure.update_xaxes(range=[f"{begin}-15", f"{months[-1]}-20"])


def _ends(shown: Sequence[Line]) -> tuple[float, float]:
    """Ends of a logarithmic axis that holds every band and figure, from ten or a tenth of the lowest median up."""
    low, high = np.inf, FEWEST
    for one in shown:
        drawn = [outlook.bands(sample) for sample in (one.plain, one.other) if sample is not None]
        counts = np.concatenate([one.past, one.seen, *(band.ravel() for band in drawn)])
        counts = counts[np.isfinite(counts)]
        low = min(low, float(counts.min()))
        high = max(high, float(counts.max()))
    return max(low / ROOM, FEWEST / ROOM), max(high, TINY) * ROOM


def _ticks(low: float, high: float, most: int) -> dict[float, str]:
    """Powers of ten with twice and five times these, or powers of ten alone where the former are too many."""
    powers = [10.0**power for power in range(9)]
    fine = [at * step for at in powers for step in (1.0, 2.0, 5.0) if low <= at * step <= high]
    chosen = fine if len(fine) <= most else [at for at in powers if low <= at <= high]
    return {at: _brief(at) for at in chosen}


def _brief(count: float) -> str:
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if count >= size:
            return f"{count / size:g}{letter}"
    return f"{count:g}"


def _key(shown: Sequence[Line]) -> tuple[Mark, ...]:
    known = (KNOWN,) if any(np.isfinite(one.past).any() for one in shown) else ()
    later = (LATER,) if any(np.isfinite(one.seen).any() for one in shown) else ()
    beside = any(one.other is not None for one in shown)
    return (*known, *later, *(BESIDE if beside else FAN))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
