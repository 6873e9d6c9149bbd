"""Charts of series that were not solved for, against their figures."""

from __future__ import annotations

from collections.abc import Mapping

from palanca.infer.agree import Agreement
from palanca.infer.history import History
from palanca.view import chart, series
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.people import OUTCOMES
from palanca.view.series import Band

KEY = (
    Mark("figures", "figures", "dot"),
    Mark("model, median", "model", "line"),
    Mark("90 % band of what would be published", "model_band", "band"),
)


def groups(history: History) -> Chart | None:
    """Encounters by group against figures."""
    return _panels(
        history,
        "groups",
        ("groups", "Encounters by group", "How the model divides each month's encounters among groups."),
        {code: group.name for code, group in history.case.groups.items()},
        ("usbp_by_group",),
    )  # fmt: skip


def sectors(history: History) -> Chart | None:
    """Encounters by border sector against figures."""
    return _panels(
        history,
        "sectors",
        (
            "sectors",
            "Encounters by border sector",
            "Where people cross, from west to east, each sector on its own scale; the model's appeal of sectors "
            "drifts by the year, so shifts within a year are missed.",
        ),
        {code: sector.name for code, sector in history.case.sectors.items()},
        ("usbp_by_sector",),
    )  # fmt: skip


def levers_alone(history: History) -> Chart | None:
    """What the levers alone would make of encounters, against what followed."""
    return _panels(
        history,
        "what follows encounters",
        (
            "levers-alone",
            "What the levers alone explain of what follows",
            "Encounters by what followed, and what the declared levers alone would have made of them: gaps are "
            "capacity and practice that no lever declares.",
        ),
        {code: label.capitalize() for code, label in OUTCOMES.items()},
        ("follow_by_origin", "follow_by_group"),
    )  # fmt: skip


def _panels(
    history: History, name: str, words: tuple[str, str, str], titles: Mapping[str, str], sources: tuple[str, ...]
) -> Chart | None:
    """One small panel a label; nothing for a run without the series."""
    found = next((one for one in history.agreement if one.name == name), None)
    if found is None:
        return None
    panels = tuple(_panel(history, found, k, titles.get(label, label)) for k, label in enumerate(found.labels))
    anchor, title, caption = words
    return Chart(anchor, title, caption, chart.source(*sources), KEY, panels)


def _panel(history: History, found: Agreement, k: int, title: str) -> Panel:
    months = series.labels(history)
    shown = Band(*found.bands[:, :, k])
    figure = chart.blank(chart.LOW, "events / month", months)
    chart.draw_band(figure, months, shown, "model")
    chart.draw_dots(figure, months, found.counts[:, k], size=3)
    return Panel(title, figure, "events / month", chart.told(title, "events / month", months, shown.mid))
