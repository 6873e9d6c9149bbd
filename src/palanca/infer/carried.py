"""Matches the numbers of a fit to a case with other months, by name and label; new years are drawn from their priors.

A fit to an earlier last month serves a case that goes on: its parameters are kept, surprises of the months since are
solved from the figures as of any month, and what the fit has no number for is drawn as if nothing were known of it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import fields, replace
from itertools import product

import numpy as np

from palanca.infer.posterior import Diagnostics, Posterior
from palanca.kernel.keys import stream
from palanca.model.parameters import Layout

KNOT = "knot"
LEFT_OUT = -1
Label = tuple[Hashable, ...]
_INDEXED = re.compile(r"(\w+)\[([\d,]+)\]")


def labelled(numbers: Sequence[str], axes: Mapping[str, Sequence[tuple[str, Sequence[Hashable]]]]) -> list[Label]:
    """Free numbers such as `drift[3,1]` by the name of their parameter and, for each axis, its name and a label.

    Args:
        numbers: The names.
        axes: Of each parameter, its axes in order: name and labels.

    Raises:
        KeyError: A number of a parameter that has no axes.
        IndexError: A number beyond the labels of its axis.
    """
    found: list[Label] = []
    for number in numbers:
        match = _INDEXED.fullmatch(number)
        name, places = (match[1], [int(part) for part in match[2].split(",")]) if match else (number, [])
        labels = [(axis, held[place]) for (axis, held), place in zip(axes[name], places, strict=True)]
        found.append((name, *labels))
    return found


def of_layout(given: Layout, labels: Mapping[str, Sequence[Hashable]]) -> list[Label]:
    """The same of every free number of a layout, whose axes have these labels."""
    return [
        (entry.name, *place)
        for entry in given.entries
        if entry.size
        for place in product(
            *(
                [(dim, label) for label in labels[dim][:count]]
                for dim, count in zip(entry.dims, entry.free_shape, strict=True)
            )
        )
    ]


def places(theirs: Sequence[Label], ours: Sequence[Label]) -> np.ndarray | None:
    """Where each number of a case stands in a fit, -1 where only the fit's years end too early, (length).

    Nothing where the two are of other parameters: one has a number, not of a yearly knot, that the other lacks.
    """
    known = {label: place for place, label in enumerate(theirs)}
    apart = [label for label in {*theirs} ^ {*ours} if _year(label) is None]
    years = [year for label in theirs if (year := _year(label)) is not None]
    early = [label for label in ours if label not in known and (_year(label) or 0) <= max(years, default=0)]
    if apart or early:
        return None
    return np.array([known.get(label, LEFT_OUT) for label in ours], dtype=int)


def onto(found: Posterior, given: Layout, at: np.ndarray) -> Posterior:
    """A fit's posterior on the layout of a case.

    Args:
        found: The posterior as it was fitted.
        given: Where each parameter of the case lies.
        at: From `places`.
    """
    fresh = at == LEFT_OUT
    if np.array_equal(at, np.arange(len(found.free))):
        return found
    centre, spread = given.centre(), given.spread()
    free = found.free[at]
    drawn = stream(0, "carried forward").standard_normal((int(fresh.sum()), found.size))
    free[fresh] = (centre[fresh, None] + spread[fresh, None] * drawn).astype(np.float32)  # as stored numbers are
    return replace(
        found,
        layout=given,
        free=free,
        mean=np.where(fresh, centre, found.mean[at]),
        spread=np.where(fresh, spread, found.spread[at]),
        diagnostics=found.diagnostics and _diagnosed(found.diagnostics, at, fresh),
        fresh=fresh,
    )


def _diagnosed(found: Diagnostics, at: np.ndarray, fresh: np.ndarray) -> Diagnostics:
    """Draws from a prior are independent of one another."""
    alone = {"r_hat": 1.0, "ess_bulk": float(found.finished), "ess_tail": float(found.finished)}
    held = {field.name: getattr(found, field.name) for field in fields(found)}
    return Diagnostics(**held | {name: np.where(fresh, value, held[name][at]) for name, value in alone.items()})


def _year(label: Label) -> int | None:
    """The year of a number of a yearly knot."""
    for part in label[1:]:
        if isinstance(part, tuple) and part[0] == KNOT:
            return int(part[1])
    return None
