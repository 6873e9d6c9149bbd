"""What the panel of origins learns from the past it is handed: season, level, momentum and the spreads of shocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.questions.forecast.panel_rules import RULES, PanelRules
from palanca.questions.forecast.panel_season import YEAR, recency, season, shares

FEWEST_MONTHS = 2 * YEAR  # below two of each calendar month, season and growth are one
MONTH_DAYS = 30.4  # counts are put to a month of this length; any number would do


@dataclass(frozen=True)
class Learned:
    """What was learned; "now" is the last month handed in, and logs are of counts plus the floor, without days.

    Args:
        last: The last month known.
        now: Log now without season, by origin.
        step: Its change since the month before [log points].
        level: Weighted mean of its past, to which it is drawn [log].
        season: Calendar months above or below the usual one, (origin, 12), January first [log points].
        momentum: Share of the last step that is taken again.
        momentum_sd: How sure that is.
        shared_sd: Spread of the monthly shock that all origins share [log points].
        own_sd: Spread of an origin's own [log points].
    """

    last: Month
    now: Float[np.ndarray, " origin"]
    step: Float[np.ndarray, " origin"]
    level: Float[np.ndarray, " origin"]
    season: Float[np.ndarray, "origin calendar"]
    momentum: Float[np.ndarray, " origin"]
    momentum_sd: Float[np.ndarray, " origin"]
    shared_sd: float
    own_sd: Float[np.ndarray, " origin"]

    @property
    def gap(self) -> Float[np.ndarray, " origin"]:
        """How far each origin is above its level [log points]."""
        return self.now - self.level


def learn(
    counts: Float[np.ndarray, "month origin"], first: Month, circular: Sequence[bool], rules: PanelRules = RULES
) -> Learned:
    """Learn from every row handed in, and from nothing else.

    Args:
        counts: Counts of every month to the last one known, 24 months or more [events / month].
        first: Month of the first row.
        circular: By origin, whether it migrates for seasonal work.

    Raises:
        UsageError: Too few months, a count missing or negative, or kinds that do not match the origins.

    Reference:
        Equations P1 and P3 to P6 of docs/model.md.
    """
    events, kinds = _checked(counts, circular)
    logs = np.log(events + rules.floor) - log_days(first, len(events))[:, None]
    growth = np.diff(logs, axis=0)
    noise = _noise(growth, rules)
    calendar = (first.index + np.arange(len(events))) % YEAR
    seasons = season(growth, noise[:-1], events[:-1], calendar, kinds, rules)
    plain = logs - seasons[:, calendar].T
    level = past_mean(plain, rules.level_memory)
    step = np.diff(plain, axis=0)
    pulled = step[1:] + (1.0 - rules.lasting) * (plain - level)[1:-1]  # what is left for momentum and shocks
    worth = (events / (events + rules.thin) / np.maximum(noise, rules.noise_least))[1:-1]
    momentum, momentum_sd = _momentum(step[:-1], pulled, worth, rules)
    shared_sd, own_sd = _spreads(pulled - momentum * step[:-1], shares(events)[1:-1], rules)
    return Learned(
        last=first + (len(events) - 1),
        now=plain[-1],
        step=step[-1],
        level=level[-1],
        season=seasons,
        momentum=momentum,
        momentum_sd=momentum_sd,
        shared_sd=shared_sd,
        own_sd=own_sd,
    )


def log_days(first: Month, months: int) -> Float[np.ndarray, " month"]:
    """Log of the days of each month over those of a usual month (P1)."""
    return np.log(np.array([(first + ahead).days for ahead in range(months)]) / MONTH_DAYS)


def past_mean(values: Float[np.ndarray, "month origin"], half_life: float) -> Float[np.ndarray, "month origin"]:
    """Mean of each month and all before it, the past weighing less by its age; equation P3 of docs/model.md."""
    keep, whole = 0.5 ** (1.0 / half_life), np.ones((len(values), 1))
    return _faded(values, keep, np.zeros(values.shape[1])) / _faded(whole, keep, np.zeros(1))


def _faded(
    values: Float[np.ndarray, "month origin"], keep: float, before: Float[np.ndarray, " origin"]
) -> Float[np.ndarray, "month origin"]:
    """Each month added to what is left of all before it; `before` is what was there at the start."""
    found, at = np.empty_like(values, dtype=float), before
    for month, row in enumerate(values):
        at = row + keep * at
        found[month] = at
    return found


def _noise(growth: Float[np.ndarray, "step origin"], rules: PanelRules) -> Float[np.ndarray, "month origin"]:
    """Variance of growth known at every month: a mean of past squares that forgets the start as it does the rest."""
    keep = 0.5 ** (1.0 / rules.noise_memory)
    squares = np.vstack([np.zeros((1, growth.shape[1])), growth**2])
    return _faded((1.0 - keep) * squares, keep, np.full(growth.shape[1], rules.noise_start))


def _momentum(
    before: Float[np.ndarray, "step origin"],
    after: Float[np.ndarray, "step origin"],
    worth: Float[np.ndarray, "step origin"],
    rules: PanelRules,
) -> tuple[Float[np.ndarray, " origin"], Float[np.ndarray, " origin"]]:
    """Momentum by origin and how sure it is: origins lean on what all of them show together.

    Reference:
        Partial pooling in two steps; equation P5 of docs/model.md.
    """
    weight = worth * recency(len(before), rules.momentum_memory)[:, None]
    squares, products = (weight * before**2).sum(axis=0), (weight * before * after).sum(axis=0)
    shared = products.sum() / (squares.sum() + rules.momentum_sd**-2)
    precision = squares + rules.momentum_own_sd**-2
    momentum = (products + shared * rules.momentum_own_sd**-2) / precision
    return np.clip(momentum, *rules.momentum_range), precision**-0.5


def _spreads(
    surprise: Float[np.ndarray, "step origin"], share: Float[np.ndarray, "step origin"], rules: PanelRules
) -> tuple[float, Float[np.ndarray, " origin"]]:
    """Spreads of the shared shock and of the own ones, from one-month surprises of late.

    What pairs of different origins have in common is the shared variance: the squared surprise of the total less
    every origin's own square, over the weight of such pairs.

    Reference:
        Equation P6 of docs/model.md.
    """
    weight = recency(len(surprise), rules.spread_memory)
    weight = weight / weight.sum()
    total = weight @ (share * surprise).sum(axis=1) ** 2
    alone = weight @ (share**2 * surprise**2).sum(axis=1)
    pairs = 1.0 - weight @ (share**2).sum(axis=1)
    few = 0.2  # one origin that is nearly everyone has no pairs to learn from: its shocks are then its own
    shared = np.clip((total - alone) / max(pairs, few), 0.0, rules.shared_most * total)
    each = weight @ surprise**2
    own = np.sqrt(np.maximum(each - shared, rules.own_least * each))
    return float(np.sqrt(shared)), np.minimum(own, rules.own_sd_most)


def _checked(
    counts: np.ndarray, circular: Sequence[bool]
) -> tuple[Float[np.ndarray, "month origin"], Bool[np.ndarray, " origin"]]:
    """Counts as floats and kinds as flags, or the first thing that is wrong with them."""
    events, kinds = np.asarray(counts, dtype=float), np.asarray(circular)
    if events.ndim != 2 or kinds.dtype != bool or kinds.shape != events.shape[1:] or not kinds.size:
        raise UsageError(
            "a panel needs months by origins, and the kind of every origin",
            where="counts, circular",
            found=f"counts of shape {events.shape}, kinds of shape {kinds.shape} and type {kinds.dtype}",
            expected="(month, origin), and True or False for each of one origin or more",
            way_out="Put months first, and give circular one flag by origin.",
        )
    if len(events) < FEWEST_MONTHS:
        raise UsageError(
            "too little history to learn a panel from",
            where="counts",
            found=f"{len(events)} months",
            expected=f"{FEWEST_MONTHS} or more",
            way_out="Start the history earlier, or forecast from a later month.",
        )
    bad = ~(np.isfinite(events) & (events >= 0.0))
    if bad.any():
        month, origin = (int(place) for place in np.argwhere(bad)[0])
        raise UsageError(
            "a count of the panel is missing or not a count",
            where=f"counts[{month}, {origin}]",
            found=f"{events[month, origin]} (and {int(bad.sum()) - 1} more)",
            expected="a finite number from 0 up",
            way_out="Read a withheld 0-4 as 2, and start where every origin has figures.",
        )
    return events, kinds
