"""What governments faced by published encounters alone: a plain stand-in for contexts drawn from a fitted corridor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.infer.deals_context import Contexts
from palanca.politics import clock

QUARTER, YEARS = 3, 5


@dataclass(frozen=True, eq=False)
class Plain:
    """What is assumed of the corridor.

    Args:
        issues: Names of the issues of the talks.
        parties: The destination and the transit country.
        effect: Log fall of arrivals per unit of each issue [1 / unit of issue].
        amount: How much of each a package would hold, 0 where it is off the table [unit of issue].
        effort: Enforcement in force as a quarter begins, above routine [multiples of routine control].
        elections: Months of the destination's elections.
        extra: Extra weight of attention in the month of an election [share].
        fade: Months over which that falls to 1/e.
    """

    issues: tuple[str, ...]
    parties: tuple[str, str]
    effect: Float[np.ndarray, " issue"]
    amount: Float[np.ndarray, "quarter issue"]
    effort: Float[np.ndarray, " quarter"]
    elections: tuple[Month, ...]
    extra: float = 0.6
    fade: float = 6.0


def plain_contexts(quarters: tuple[Month, ...], encounters: Mapping[Month, float], plain: Plain) -> Contexts:
    """Contexts in which arrivals are those of the quarter before, thinned exponentially by what is agreed.

    Only months before a quarter enter it, so a deal's own effect does not predict it. Without a deal, enforcement
    above routine, which `effort` says is in force, is taken to end.

    Args:
        quarters: First month of each quarter.
        encounters: Encounters by month [events / month].
        plain: What is assumed.

    Raises:
        UsageError: A month before a quarter is missing.
    """
    before = np.array([_mean(encounters, quarter + -QUARTER, QUARTER) for quarter in quarters]) / 1000.0
    without = before * np.exp(plain.effect[plain.issues.index("enforcement")] * plain.effort)
    months = clock.months_to_next(
        np.array([quarter.index + 1 for quarter in quarters]), np.array([month.index for month in plain.elections])
    )
    contexts = Contexts(
        quarters=quarters,
        issues=plain.issues,
        parties=plain.parties,
        without=without,
        arrivals=np.zeros((len(quarters), 2 ** len(plain.issues) - 1)),
        salience=np.asarray(clock.weight(months, plain.extra, plain.fade)),
        amount=plain.amount,
        hosting=np.ones(len(quarters)),
    )
    held = (plain.amount * plain.effect) @ contexts.include().T
    return Contexts(**{**vars(contexts), "arrivals": without[:, None] * np.exp(-held)})


def against_usual(quarters: tuple[Month, ...], encounters: Mapping[Month, float]) -> Float[np.ndarray, " quarter"]:
    """Log of the mean encounters of the quarter before, over that of the five years before it.

    Raises:
        UsageError: A month is missing.
    """
    usual = [_mean(encounters, quarter + -(QUARTER + 12 * YEARS), 12 * YEARS) for quarter in quarters]
    return np.log([_mean(encounters, quarter + -QUARTER, QUARTER) for quarter in quarters]) - np.log(usual)


def _mean(encounters: Mapping[Month, float], first: Month, months: int) -> float:
    wanted = [first + i for i in range(months)]
    missing = [month for month in wanted if not np.isfinite(encounters.get(month, np.nan))]
    if missing:
        raise UsageError(
            "encounters are missing for a month that a forecast starts from",
            found=f"no figure for {missing[0]}",
            expected=f"every month from {wanted[0]} to {wanted[-1]}",
        )
    return float(np.mean([encounters[month] for month in wanted]))
