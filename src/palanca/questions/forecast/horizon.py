"""The months ahead lined up: what is held from the last known month, and what the record gives if it is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from palanca.model.run import CorridorInputs
from palanca.model.world import Outside
from palanca.questions.forecast.worlds import MonthsAhead

Part = TypeVar("Part")
SPOKEN = ("news", "warning")  # words are spoken in one month; they do not go on being spoken


def persisting(inputs: CorridorInputs, last: int, months: int) -> MonthsAhead:
    """Levers, jobs and practice as in the last known month; only the calendar moves on.

    Args:
        inputs: The corridor; nothing after the last known month is used.
        last: Place of the last known month.
        months: How many months ahead.
    """
    levers = _held(inputs.levers, last, months)
    quiet = replace(levers, **{words: jnp.zeros_like(getattr(levers, words)) for words in SPOKEN})
    return MonthsAhead(
        outside=_calendar(inputs, last, months),
        levers=quiet,
        gates=_held(inputs.figures.gates, last, months),
        given=jnp.zeros(months),
    )


def recorded(path: MonthsAhead, inputs: CorridorInputs, last: int, *, practice: bool) -> MonthsAhead:
    """Levers as the record has them, and what followed encounters too if `practice` is given: for scoring only.

    Months beyond the record hold its last; what followed encounters is given where it was published.

    Args:
        path: From `persisting`.
        inputs: The corridor with all of its figures.
        last: Place of the last known month.
        practice: Whether what follows encounters is given as the figures have it.
    """
    months = len(path.given)
    there = np.minimum(last + 1 + np.arange(months), inputs.figures.encounters.shape[0] - 1)
    source = inputs.figures.carried
    own = np.ones(months) if source is None else (np.asarray(source.gates)[there] == there).astype(float)
    return replace(
        path,
        levers=jax.tree.map(lambda leaf: leaf[there], inputs.levers),
        gates=jax.tree.map(lambda leaf: leaf[there], inputs.figures.gates) if practice else path.gates,
        given=jnp.array(own * practice),
    )


def _held(part: Part, last: int, months: int) -> Part:
    spread: Part = jax.tree.map(lambda leaf: jnp.broadcast_to(leaf[last], (months, *leaf.shape[1:])), part)
    return spread


def _calendar(inputs: CorridorInputs, last: int, months: int) -> Outside:
    held = _held(inputs.outside, last, months)
    return replace(held, calendar_month=(inputs.outside.calendar_month[last] + 1.0 + jnp.arange(months)) % 12.0)
