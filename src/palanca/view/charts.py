"""Every chart of a run, in the order in which an outlet shows them."""

from __future__ import annotations

from palanca.infer.history import History
from palanca.view import agreement, effort, encounters, people, series, twin
from palanca.view.chart import Chart


def of_history(history: History) -> list[Chart]:
    """What happened, as the model accounts for it."""
    return [
        encounters.in_all(history),
        encounters.by_origin(history),
        encounters.share_stopped(history),
        effort.effort(history),
        people.what_follows(history),
        people.on_hold(history),
        people.deaths(history),
    ]


def of_agreement(history: History) -> list[Chart]:
    """The model against figures that it did not solve for."""
    drawn = (agreement.groups(history), agreement.sectors(history), agreement.levers_alone(history))
    return [one for one in drawn if one is not None]


def of_twin(history: History) -> list[Chart]:
    """What the declared changes do; nothing for a run without a difference."""
    first = series.first_changed(history)
    if first is None:
        return []
    return [twin.in_all(history, first), twin.by_origin(history), twin.harm(history, first)]
