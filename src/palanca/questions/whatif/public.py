"""The public in each world: attention to arrivals, and what an election that is moved makes of its weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np

from palanca.core.clock import Month
from palanca.infer import politics
from palanca.infer.politics_attention import ELECTIONS, Polls, heeding, log_attention, polls
from palanca.politics.clock import months_to_next, weight
from palanca.politics.cost import salience
from palanca.questions.whatif.elections import moved
from palanca.questions.whatif.run import ANSWERING, FROZEN, HISTORY, Answered

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


@dataclass(frozen=True, eq=False)
class _FittedPublic:
    """What was learned of the public, and the arrivals it heard of.

    Args:
        known: Fitted politics.
        given: The figures they were fitted to.
    """

    known: politics.Politics
    given: Polls


@lru_cache(maxsize=2)
def _fitted(case: str, _changed: int) -> _FittedPublic:
    """Read once, until the file changes."""
    return _FittedPublic(politics.fitted(case), polls())


_heard = jax.jit(log_attention)


def public(
    fitted: _FittedPublic, months: Sequence[Month], rise: np.ndarray, shifts: Mapping[Month, Month], *, key: int
) -> Public:
    """The public of a world.

    Args:
        fitted: What was learned of it.
        months: Consecutive months.
        rise: Log of arrivals over those of history, (month, draw) [log points]; zeros for history.
        shifts: Elections moved, from `moved`.
        key: Same key, same draws of what the public is like.

    """
    known, given, draws = fitted.known, fitted.given, rise.shape[1]
    first = months[0] - given.first
    arrivals = np.repeat(given.arrivals[:, None], draws, axis=1)
    arrivals[first : first + len(months)] *= np.exp(rise)
    constants = {name: jnp.asarray(known.drawn(name, draws, key)) for name in CONSTANTS}
    heard = np.exp(np.asarray(_heard(jnp.asarray(arrivals), heeding(constants))))[first : first + len(months)]
    held = np.array([shifts.get(one, one).index for one in ELECTIONS])
    ahead = months_to_next(np.array([month.index for month in months]), held)[:, None]
    clock = weight(ahead, known.drawn("k", draws, key), known.drawn("tau", draws, key))
    return Public(heard, np.asarray(salience(heard, clock)))


def of_worlds(found: Answered, key: int) -> dict[str, Public]:
    """The public in history and in both other worlds; nothing where no politics are fitted for the case.

    Args:
        found: The worlds of a what-if.
        key: Same key, same draws.

    Raises:
        FitError: The file of fitted politics is corrupt, or of other figures.
    """
    where = politics.where(found.case.case)
    if not where.exists():
        return {}
    fitted = _fitted(found.case.case, where.stat().st_mtime_ns)
    shifts = moved(found.case, found.changes)
    arrivals = {world: np.log(np.maximum(found.of(world, "encounters"), 1.0)) for world in (HISTORY, FROZEN, ANSWERING)}
    return {
        world: public(fitted, found.months, came - arrivals[HISTORY], {} if world == HISTORY else shifts, key=key)
        for world, came in arrivals.items()
    }
