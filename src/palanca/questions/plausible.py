"""Flags results outside the range of the figures that a model was fitted to, as caveats of an answer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from palanca.model.world import CorridorFigures
from palanca.show import number

FAR = 2.0  # times the largest figure, from which a size is not to be trusted
PUBLISHED = 1.0  # mark of a figure that is published, not derived
IN_WORDS = {"encounters": "encounters", "stops": "times that people are stopped in transit"}


def ranges(figures: CorridorFigures) -> dict[str, tuple[float, float]]:
    """Smallest and largest monthly figure on record, by outcome [events / month]."""
    encounters = np.asarray(figures.encounters).sum(axis=-1)
    stops = np.asarray(figures.stops)[np.asarray(figures.stops_source) == PUBLISHED]
    known = {"encounters": encounters, "stops": stops}
    finite = {name: values[np.isfinite(values)] for name, values in known.items()}
    return {name: (float(values.min()), float(values.max())) for name, values in finite.items() if values.size}


def caveats(figures: CorridorFigures, levels: Mapping[str, np.ndarray]) -> list[str]:
    """A sentence for every outcome whose median leaves the range of its figures, those farthest off first.

    Args:
        figures: Figures of the case.
        levels: Results by outcome, (..., draw) [events / month]; outcomes without figures are passed over.
    """
    found: list[tuple[float, str]] = []
    for name, (low, high) in ranges(figures).items():
        if name not in levels:
            continue
        middle = np.median(levels[name], axis=-1)
        most, least = float(np.max(middle)), float(np.min(middle))
        if most > high:
            found.append((most / max(high, 1.0), _above(IN_WORDS[name], most, high)))
        elif least < low:
            text = f"{_begin(IN_WORDS[name])} fall to {number.number(least)} a month, below the smallest figure on "
            found.append((0.0, f"{text}record ({number.number(low)}): the model is used beyond what it was fitted to."))
    return [text for _, text in sorted(found, key=lambda one: -one[0])]


def _above(what: str, most: float, high: float) -> str:
    times = most / max(high, 1.0)
    begin = f"{_begin(what)} reach {number.number(most)} a month, "
    if times < FAR:
        return (
            f"{begin}above the largest figure on record ({number.number(high)}): the model is used beyond what it was "
            "fitted to."
        )
    return (
        f"{begin}{number.number(times)} times the largest figure on record ({number.number(high)}): far beyond what "
        "the model was fitted to, so do not trust this size."
    )


def _begin(what: str) -> str:
    return what[:1].upper() + what[1:]
