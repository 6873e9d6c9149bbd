"""The public in each world: attention to arrivals, and what an election that is moved makes of its weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from palanca.core.clock import Month
from palanca.infer import politics
from palanca.infer.politics_attention import ELECTIONS, heeding, log_attention, polls
from palanca.politics.clock import months_to_next, weight
from palanca.politics.cost import salience
from palanca.questions.whatif.elections import moved
from palanca.questions.whatif.run import ANSWERING, FROZEN, HISTORY, Answered
from palanca.spec.schema import Case

CONSTANTS = ("rise", "fade_months", "used_months")


@dataclass(frozen=True, eq=False)
class Public:
    """How the public of the destination hears of arrivals in a world.

    Args:
        attention: Attention as each month begins, (month, draw) [1 at the usual].
        salience: Weight of one arrival in politics, (month, draw) [1 at the usual, far from an election].
    """

    attention: np.ndarray
    salience: np.ndarray


def public(case: Case, months: Sequence[Month], rise: np.ndarray, shifts: dict[Month, Month], *, key: int) -> Public:
    """The public of a world.

    Args:
        case: The case; its politics must have been fitted.
        months: Consecutive months.
        rise: Log of arrivals over those of history, (month, draw) [log points]; zeros for history.
        shifts: Elections moved, from `moved`.
        key: Same key, same draws of what the public is like.

    Raises:
        FitError: No politics are fitted for the case.
        MonthError: The figures of arrivals do not reach that far.
    """
    known, given, draws = politics.fitted(case.case), polls(), rise.shape[1]
    first = months[0] - given.first
    arrivals = np.repeat(given.arrivals[:, None], draws, axis=1)
    arrivals[first : first + len(months)] *= np.exp(rise)
    constants = {name: jnp.asarray(known.drawn(name, draws, key)) for name in CONSTANTS}
    heard = np.exp(np.asarray(log_attention(jnp.asarray(arrivals), heeding(constants))))[first : first + len(months)]
    held = np.array([shifts.get(one, one).index for one in ELECTIONS])
    ahead = months_to_next(np.array([month.index for month in months]), held)[:, None]
    clock = weight(ahead, known.drawn("k", draws, key), known.drawn("tau", draws, key))
    return Public(heard, np.asarray(salience(heard, clock)))


def of_worlds(found: Answered, key: int) -> dict[str, Public]:
    """The public in history and in both other worlds; nothing where no politics are fitted for the case.

    Args:
        found: The worlds of a what-if.
        key: Same key, same draws.
    """
    if not politics.where(found.case.case).exists():
        return {}
    shifts = moved(found.case, found.changes)
    arrivals = {world: np.log(np.maximum(found.of(world, "encounters"), 1.0)) for world in (HISTORY, FROZEN, ANSWERING)}
    return {
        world: public(found.case, found.months, came - arrivals[HISTORY], {} if world == HISTORY else shifts, key=key)
        for world, came in arrivals.items()
    }
