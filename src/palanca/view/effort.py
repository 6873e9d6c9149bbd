"""The chart of control in transit: what was delivered, and what the dated record declares."""

from __future__ import annotations

import numpy as np

from palanca.infer.history import History
from palanca.spec import edit, schedule
from palanca.spec.schema import Case
from palanca.view import chart, series
from palanca.view.chart import Chart, Mark, Panel
from palanca.view.encounters import TWIN
from palanca.view.theme import KINDS

EFFORT = "effort"
HAZARD = "hazard / month"
OTHERS = "other levers"


def effort(history: History) -> Chart:
    """Delivered effort above, declared effort levers below."""
    months = series.labels(history)
    people = _weights(history)
    declared = _declared(history.case, people)
    total = np.sum(list(declared.values()), axis=0)
    delivered = series.band(history.result["effort"] * total[:, None])
    above = chart.blank(chart.MIDDLE, HAZARD, months)
    chart.draw_band(above, months, delivered, "delivered")
    other = _declared(edit.apply(history.case, list(history.changes)), people) if history.changes else declared
    moved = np.flatnonzero(np.sum(list(other.values()), axis=0) != total)
    if moved.size:
        begin = max(int(moved[0]) - 1, 0)
        twin = series.band(history.result["effort"] * np.sum(list(other.values()), axis=0)[:, None])
        part = series.Band(*(side[begin:] for side in (twin.low, twin.mid, twin.high)))
        chart.draw_band(above, months[begin:], part, "twin world", "twin")
    below = chart.blank(chart.MIDDLE, "multiples of routine control", months)
    key = [Mark("delivered, median", "model", "line"), Mark("90 % band", "model_band", "band")]
    key += list(TWIN) if moved.size else []
    for role, (lever, values) in zip(KINDS, _foremost(declared).items(), strict=False):
        label = lever.replace("_", " ")
        chart.draw_stack(below, months, values, label, role)
        key.append(Mark(label, role, "area"))
    return Chart(
        "effort",
        "Control in transit: delivered and declared",
        "Above, the hazard of being stopped that the figures of stops imply for someone of mean exposure; below, "
        "the dated record of the levers behind it, for the people who set out that month. Their ratio is how far "
        "delivery differs from declaration.",
        chart.source("mx_stops_by_origin", "mx_returns_by_origin") + "; the case's record",
        tuple(key),
        (
            Panel("Delivered", above, HAZARD, chart.told("Delivered effort", HAZARD, months, delivered.mid), wide=True),
            Panel("Declared", below, "multiples of routine control",
                  chart.told("Declared effort", "multiples of routine control", months, total), wide=True),
        ),
    )  # fmt: skip


def _weights(history: History) -> np.ndarray:
    """Share of each origin in the people who set out, the transit country's own nationals aside, (month, origin)."""
    people = series.band(series.by_origin(history, "set_out")).mid
    own = {code for code, country in history.case.countries.items() if country.role == "transit"}
    people = people * np.array([code not in own for code in history.case.origins])
    return np.asarray(people / np.maximum(people.sum(axis=1, keepdims=True), 1e-9))


def _declared(case: Case, people: np.ndarray) -> dict[str, np.ndarray]:
    """Declared effort of each lever, mean over the people who set out, by month."""
    found: dict[str, np.ndarray] = {}
    for setting in schedule.settings(case):
        if setting.mechanism == EFFORT:
            origins = np.array([code in setting.origins for code in case.origins], dtype=float)
            reach = people @ origins * len(setting.groups) / len(case.groups)
            found[setting.lever] = found.get(setting.lever, 0.0) + np.array(setting.values) * reach
    return found or {"none": np.zeros(people.shape[0])}


def _foremost(declared: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The largest levers by name and the others together, so that every one has its colour."""
    order = sorted(declared, key=lambda lever: -declared[lever].sum())
    if len(order) <= len(KINDS):
        return {lever: declared[lever] for lever in order}
    kept = order[: len(KINDS) - 1]
    return {
        **{lever: declared[lever] for lever in kept},
        OTHERS: np.sum([declared[lever] for lever in order[len(kept) :]], axis=0),
    }
