"""Joint paths of monthly counts by origin, drawn from the past alone: the forecast that knows no levers.

Each origin goes on as it moved, leans back to its level, follows the season of its kind, and meets shocks of its own
and one shared by all. Nothing is searched for: what is learned from the past has a closed form, so that a forecast from
another month costs milliseconds and later rows cannot leak into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.kernel.keys import normals
from palanca.questions.forecast.panel_past import Learned, learn, log_days
from palanca.questions.forecast.panel_rules import RULES, PanelRules
from palanca.questions.forecast.panel_season import YEAR


@dataclass(frozen=True)
class Paths:
    """Joint paths of the months ahead, and what they were drawn from.

    Args:
        counts: Counts, the month after the last known first [events / month]. A sum over origins is a path of it.
        learned: Season, level, momentum and spreads behind them.
    """

    counts: Float[np.ndarray, "ahead origin draw"]
    learned: Learned


@dataclass(frozen=True)
class Expected:
    """The change of each origin's log count that is expected for the next month, in three parts [log points].

    Args:
        season: The next calendar month against this one, days of the month included.
        momentum: What carries over of the last change.
        level: The pull towards the level.
    """

    season: Float[np.ndarray, " origin"]
    momentum: Float[np.ndarray, " origin"]
    level: Float[np.ndarray, " origin"]

    @property
    def total(self) -> Float[np.ndarray, " origin"]:
        """The whole change [log points]."""
        return self.season + self.momentum + self.level


def paths(
    counts: Float[np.ndarray, "month origin"],
    first: Month,
    circular: Sequence[bool],
    *,
    horizon: int,
    draws: int,
    key: int,
    rules: PanelRules = RULES,
) -> Paths:
    """Draw joint paths of all origins from the last month handed in.

    Args:
        counts: Counts of every month to the last one known, 24 months or more [events / month].
        first: Month of the first row.
        circular: By origin, whether it migrates for seasonal work.
        horizon: Months ahead.
        draws: How many paths. Two in a row mirror each other, so that means settle sooner; take an even number.
        key: Equal keys give equal paths to the bit. A path depends neither on how many others are drawn nor on how
            far ahead they go; paths from different last months have noise of their own.

    Raises:
        UsageError: No month ahead or no draw, too few months, a count missing or negative, or kinds that do not
            match the origins.

    Reference:
        Equations P2 and P7 of docs/model.md.
    """
    if horizon < 1 or draws < 1:
        raise UsageError(
            "a panel draws one path or more, one month ahead or further",
            found=f"{draws} paths of {horizon} months",
            way_out="Ask for draws=600, horizon=12, say.",
        )
    learned = learn(counts, first, circular, rules)
    logs = _drawn(learned, horizon, draws, key, rules)
    season, days = _calendar(learned, horizon)
    return Paths(np.maximum(np.exp(logs + season[..., None] + days[:, None, None]) - rules.floor, 0.0), learned)


def expected(
    counts: Float[np.ndarray, "month origin"], first: Month, circular: Sequence[bool], rules: PanelRules = RULES
) -> Expected:
    """Where the next month's expected change comes from, by origin, in parts that sum to it.

    Args:
        counts: Counts of every month to the last one known, 24 months or more [events / month].
        first: Month of the first row.
        circular: By origin, whether it migrates for seasonal work.

    Returns:
        Parts of the mean, over paths, of the change in the log of the count plus the floor.

    Raises:
        UsageError: As for `learn`.

    Reference:
        Equation P8 of docs/model.md.
    """
    learned = learn(counts, first, circular, rules)
    season, days = _calendar(learned, 1)
    return Expected(
        season=season[0] - learned.season[:, learned.last.number - 1] + (days[0] - log_days(learned.last, 1)[0]),
        momentum=learned.momentum * learned.step,
        level=-(1.0 - rules.lasting) * learned.gap,
    )


def _drawn(
    learned: Learned, horizon: int, draws: int, key: int, rules: PanelRules
) -> Float[np.ndarray, "ahead origin draw"]:
    """Logs of the months ahead without season and days, month by month (P2)."""
    pairs, origins = -(-draws // 2), len(learned.now)
    unsure = _mirrored(normals(key, f"panel/{learned.last}/momentum", range(pairs), (origins,)), draws)
    noise = _mirrored(normals(key, f"panel/{learned.last}/shocks", range(pairs), (horizon, 1 + origins)), draws)
    shocks = learned.shared_sd * noise[:, :1] + learned.own_sd[:, None] * noise[:, 1:]
    momentum = np.clip(learned.momentum[:, None] + learned.momentum_sd[:, None] * unsure, *rules.momentum_range)
    lasting = np.repeat(np.resize(rules.returns, pairs), 2)[:draws]
    level = learned.level[:, None]
    log = np.repeat(learned.now[:, None], draws, axis=1)
    step = np.repeat(learned.step[:, None], draws, axis=1)
    logs = np.empty((horizon, origins, draws))
    for ahead in range(horizon):
        step = momentum * step - (1.0 - lasting) * (log - level) + shocks[ahead]
        log = log + step
        logs[ahead] = log
    return logs


def _mirrored(noise: Float[np.ndarray, "*axes pair"], draws: int) -> Float[np.ndarray, "*axes draw"]:
    """Each pair's noise, then the same with its sign turned."""
    return np.stack([noise, -noise], axis=-1).reshape(*noise.shape[:-1], -1)[..., :draws]


def _calendar(learned: Learned, horizon: int) -> tuple[Float[np.ndarray, "ahead origin"], Float[np.ndarray, " ahead"]]:
    """Season and log of days of the months ahead."""
    first = learned.last + 1
    return learned.season[:, (first.index + np.arange(horizon)) % YEAR].T, log_days(first, horizon)
