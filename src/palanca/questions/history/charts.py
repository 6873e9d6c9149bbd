"""Charts of history: encounters, people stopped, on hold and dead, and every other series beside its figures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from palanca.core.clock import Span
from palanca.data import align
from palanca.infer.agree import Agreement
from palanca.infer.history import History
from palanca.model import build
from palanca.questions.sources import cited
from palanca.show import chart
from palanca.show.chart import Chart, Kind, Panel, Series
from palanca.show.theme import KINDS
from palanca.spec import schedule
from palanca.spec.figures import series_of
from palanca.spec.schema import Case

EVENTS = "events / month"
FEWEST = 10.0  # where the logarithmic axis begins; fewer are drawn there
OUTCOMES = {
    "let_in": "let in",
    "detained": "detained",
    "home": "sent home",
    "abroad": "made to wait abroad",
    "expelled": "expelled",
}
STOCKS = {
    "south": "taken back south",
    "waiting": "waiting at the line",
    "again": "about to try again",
    "abroad": "made to wait abroad",
    "returned": "sent back for good",
}
PLACES = {"border": "At the border", "transit": "In the transit country", "darien": "In the Darien"}


def of_history(history: History) -> list[Chart]:
    """Every chart, the one that opens the page first."""
    found = [
        _encounters(history),
        _deaths(history),
        _on_hold(history),
        _by_origin(history),
        _share_stopped(history),
        _effort(history),
        _follows(history),
    ]
    return [*found, *_agreements(history)]


def labels(history: History) -> list[str]:
    """Months of a run as `YYYY-MM`."""
    return [str(month) for month in history.result.month.values.astype("datetime64[M]")]


def by_origin(history: History, name: str) -> xr.DataArray:
    """A quantity by (month, origin, draw): summed over groups where it has them."""
    array = history.result[name]
    return array.sum([dim for dim in array.dims if dim not in ("month", "origin", "draw")])


def total(history: History, name: str) -> xr.DataArray:
    """A quantity by (month, draw): summed over everything else."""
    array = history.result[name]
    return array.sum([dim for dim in array.dims if dim not in ("month", "draw")])


def _title(history: History) -> str:
    what = series_of(history.case).counted.what
    return what[:1].upper() + what[1:]


def _encounters(history: History) -> Chart:
    months = labels(history)
    series = (
        chart.band("model, median", months, _values(total(history, "encounters"))),
        chart.line("figures", months, history.observed.sum("origin").values, "figures", "dots"),
    )
    caption = (
        "As published and in the model, whose surprises are solved from these figures: that it meets them "
        "proves nothing."
    )
    return Chart(
        "encounters",
        Kind.lines,
        _title(history),
        caption,
        (Panel(series, EVENTS),),
        cited(history.case, "encounters"),
    )


def _by_origin(history: History) -> Chart:
    months, panels = labels(history), []
    for code in history.result.origin.values:
        draws = np.maximum(_values(by_origin(history, "encounters").sel(origin=code)), FEWEST)
        observed = history.observed.sel(origin=code).values
        series = (
            chart.band("model, median", months, draws),
            chart.line("figures", months, np.where(observed < FEWEST, np.nan, observed), "figures", "dots"),
        )
        panels.append(Panel(series, EVENTS, history.case.origins[str(code)].name, log=True))
    return Chart(
        "encounters by origin",
        Kind.lines,
        "Encounters by origin",
        "On a logarithmic scale: a step up the axis is ten times as many; months with fewer than ten stand on "
        "the axis.",
        tuple(panels),
        cited(history.case, "encounters"),
    )


def _share_stopped(history: History) -> Chart:
    months = labels(history)
    stops = total(history, "stops")
    share = 100.0 * stops / (stops + total(history, "encounters"))
    series = [chart.band("model, median", months, _values(share))]
    if (told := series_of(history.case).stops) is not None:
        published = align.to_span(
            history.figures.read(told).sum("origin", min_count=1), Span.parse(months[0], months[-1])
        ).values
        seen = 100.0 * published / (published + history.observed.sum("origin").values)
        series.append(chart.line("figures", months, seen, "figures", "dots"))
    return Chart(
        "share stopped",
        Kind.lines,
        "Share stopped on the way",
        "Stops by the transit country over stops plus encounters. Months with published stops are solved for; before "
        "them they follow returns where these are published, and the declared levers where nothing is.",
        (Panel(tuple(series), "percent"),),
        cited(history.case, "stops", "encounters"),
    )


def _effort(history: History) -> Chart:
    months = labels(history)
    people = _weights(history)
    declared = _declared(history.case, people)
    whole = np.sum(list(declared.values()), axis=0)
    delivered = chart.band("delivered", months, _values(history.result["effort"]) * _carried(history, people))
    levers = tuple(
        chart.line(lever.replace("_", " "), months, values, role)
        for role, (lever, values) in zip(KINDS, _foremost(declared).items(), strict=False)
    )
    sum_of = chart.line("all levers together", months, whole, "figures", "dash")
    return Chart(
        "effort",
        Kind.lines,
        "Control in transit: delivered and declared",
        "Delivered: the hazard of being stopped that figures of stops imply for someone of mean exposure. "
        "Declared: the "
        "dated record of the levers behind it, of which delivery differs, and which carries with a fitted power.",
        (
            Panel((delivered,), "hazard / month", "Delivered"),
            Panel((*levers, sum_of), "multiples of routine", "Declared"),
        ),
        "; ".join(filter(None, (cited(history.case, "stops", "returns"), "the case's record"))),
    )


def _follows(history: History) -> Chart:
    months, events = labels(history), history.result["follow"].mean("draw")
    shares, told = 100.0 * events / events.sum("outcome"), series_of(history.case).followed
    series = tuple(
        chart.line(label, months, shares.sel(outcome=code).values, role)
        for role, (code, label) in zip(KINDS, OUTCOMES.items(), strict=False)
    )
    return Chart(
        "what follows",
        Kind.areas,
        "What follows an encounter",
        "Share of the month's encounters that ended each way, "
        + ("taken from the figures by origin and group." if told is not None else "as levers move assumed shares."),
        (Panel(series, "percent of encounters"),),
        chart.source(told.by_origin, told.by_group) if told is not None else "",
    )


def _on_hold(history: History) -> Chart:
    months = labels(history)
    series = tuple(
        chart.line(label, months, np.median(_values(history.result["stocks"].sel(stock=code)), axis=-1), role)
        for role, (code, label) in zip(KINDS, STOCKS.items(), strict=False)
    )
    return Chart(
        "on hold",
        Kind.areas,
        "People on hold",
        "People in the transit country who are kept from going on, at the end of each month (medians). Nobody "
        "publishes "
        "them: this is the model's account of people, not a count.",
        (Panel(series, "people"),),
    )


def _deaths(history: History) -> Chart:
    recorded = next((one for one in history.agreement if one.name == "deaths"), None)
    years = history.result.month.dt.year.values
    panels = []
    walked = any(origin.darien > 0.0 for origin in history.case.origins.values())
    for place, title in PLACES.items():
        if place not in history.result.place.values or (place == "darien" and not walked):
            continue
        yearly = history.result["deaths"].sel(place=place).groupby("month.year").sum("month")
        names = [str(year) for year in yearly.year.values]
        series: list[Series] = [chart.band("model, median and 90 %", names, _values(yearly))]
        if recorded is not None and place in recorded.labels:
            counts = recorded.counts[:, recorded.labels.index(place)]
            whole = [counts[years == year] for year in yearly.year.values]
            sums = np.array([part.sum() if np.isfinite(part).all() else np.nan for part in whole])
            series.append(chart.line("recorded dead and missing", names, sums, "figures", "dots"))
        panels.append(Panel(tuple(series), "deaths / year", title))
    return Chart(
        "deaths",
        Kind.dots,
        "Deaths on the way",
        "By place and year, as recorded and in the model, where fewer die who expect to be let in, and fewer are "
        "recorded in a crowd. Records are a lower bound; the first and last years are covered in part.",
        tuple(panels),
        cited(history.case, "deaths"),
    )


def _agreements(history: History) -> list[Chart]:
    case = history.case
    groups = {code: group.name for code, group in case.groups.items()}
    sectors = {code: sector.name for code, sector in case.sectors.items()}
    follows = {code: label.capitalize() for code, label in OUTCOMES.items()}
    wanted = (
        (
            "groups",
            "Encounters by group",
            "How the model divides each month's encounters among groups.",
            groups,
            ("groups",),
        ),
        (
            "sectors",
            "Encounters by border sector",
            "The model's appeal of sectors drifts by the year, so shifts within a year are missed.",
            sectors,
            ("sectors",),
        ),
        (
            "what follows encounters",
            "What the levers alone explain of what follows",
            "What the declared levers alone would have made of encounters: gaps are capacity and practice that no "
            "lever declares.",
            follows,
            ("followed",),
        ),
    )
    found = []
    for name, title, caption, names, sources in wanted:
        one = next((one for one in history.agreement if one.name == name), None)
        if one is not None:
            panels = _against(one, labels(history), names)
            found.append(Chart(f"fit of {name}", Kind.lines, title, caption, panels, cited(case, *sources)))
    return found


def _against(one: Agreement, months: list[str], names: Mapping[str, str]) -> tuple[Panel, ...]:
    """One small panel a label: what the model expects to be published, and the figures."""
    panels = []
    for place, label in enumerate(one.labels):
        low, middle, high = (side[:, place] for side in one.bands)
        plain = chart.line("model, median", months, middle)
        shown = Series(plain.label, plain.x, plain.y, chart.known(low), chart.known(high))
        figures = chart.line("figures", months, one.counts[:, place], "figures", "dots")
        panels.append(Panel((shown, figures), EVENTS, names.get(label, label)))
    return tuple(panels)


def _weights(history: History) -> np.ndarray:
    """Share of each origin in the people who set out, the transit country's own nationals aside, (month, origin)."""
    people = np.median(_values(by_origin(history, "set_out")), axis=-1)
    own = {code for code, country in history.case.countries.items() if country.role == "transit"}
    people = people * np.array([code not in own for code in history.case.origins])
    return np.asarray(people / np.maximum(people.sum(axis=1, keepdims=True), 1e-9))


def _declared(case: Case, people: np.ndarray) -> dict[str, np.ndarray]:
    """Declared effort of each lever, mean over the people who set out, by month."""
    found: dict[str, np.ndarray] = {}
    for setting in schedule.settings(case):
        if setting.mechanism == "effort":
            origins = np.array([code in setting.origins for code in case.origins], dtype=float)
            reach = people @ origins * len(setting.groups) / len(case.groups)
            found[setting.lever] = found.get(setting.lever, 0.0) + np.array(setting.values) * reach
    return found or {"none": np.zeros(people.shape[0])}


def _carried(history: History, people: np.ndarray) -> np.ndarray:
    """Declared effort as it carries (equation F4b), mean over the people who set out, (month, draw)."""
    declared = np.asarray(build.levers(history.case).effort)
    return np.stack([(people * (declared**power).mean(axis=2)).sum(axis=1) for power in history.power], axis=-1)


def _foremost(declared: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The largest levers by name and the others together, so that every one has its colour."""
    order = sorted(declared, key=lambda lever: -declared[lever].sum())
    if len(order) <= len(KINDS):
        return {lever: declared[lever] for lever in order}
    kept = order[: len(KINDS) - 1]
    rest = np.sum([declared[lever] for lever in order[len(kept) :]], axis=0)
    return {**{lever: declared[lever] for lever in kept}, "other levers": rest}


def _values(array: xr.DataArray) -> np.ndarray:
    """Numbers with draws last."""
    return np.asarray(array.transpose(..., "draw").values)
