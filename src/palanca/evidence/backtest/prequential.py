"""The panel with its structure chosen at every start by past scores alone, so that what came later chooses nothing.

Dawid (1984), Statistical theory: the prequential approach. The structures on offer are all combinations of the parts
that a panel can have; which of them serves a start is decided, for each number of months ahead, by mean scores of
forecasts whose outcome was known by then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from palanca.core.clock import Month
from palanca.evidence.backtest import combine, scores, store
from palanca.evidence.backtest.rivals import Past
from palanca.evidence.backtest.run import DRAWS, HORIZONS
from palanca.questions import kept
from palanca.questions.forecast import panel
from palanca.questions.forecast.panel_rules import RULES, PanelRules

LEAD = 27  # months of counts by origin before the first start that is scored: two years and the start of a season
JUDGING = 200  # draws by which structures are judged
NONE = 1e-9  # a spread that switches a part off
RETURNS: dict[str, PanelRules] = {
    "no pull": replace(RULES, returns=(1.0,)),
    "four speeds": RULES,
    "slow pull": replace(RULES, returns=(0.98,)),
    "quick pull": replace(RULES, returns=(0.95,)),
}
MOMENTUM: dict[str, PanelRules] = {
    "no momentum": replace(RULES, momentum_sd=NONE, momentum_own_sd=NONE),
    "one momentum": replace(RULES, momentum_own_sd=NONE),
    "momentum by origin": RULES,
}
SEASON: dict[str, PanelRules] = {
    "no season": replace(RULES, season_sd_circular=NONE, season_sd_rest=NONE),
    "held season": RULES,
    "free season": replace(RULES, season_sd_circular=0.2, season_memory_circular=120.0),
}
SPREAD: dict[str, PanelRules] = {
    "spread of two years": RULES,
    "spread of five years": replace(RULES, spread_memory=60.0),
}
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class PanelStructure:
    """One combination of the parts that a panel can have.

    Args:
        name: Its parts in words.
        rules: The constants that make it.
    """

    name: str
    rules: PanelRules


@dataclass(frozen=True, eq=False)
class ChosenPanel:
    """Forecasts of the total by the structure that had scored best by each start.

    Args:
        sample: Counts [events / month].
        structure: Place in `structures()` of the one that served.
    """

    sample: Float[np.ndarray, "start horizon draw"]
    structure: Int[np.ndarray, "start horizon"]


def structures() -> tuple[PanelStructure, ...]:
    """Every structure on offer; the first has no part at all and serves until enough outcomes are known."""
    return tuple(
        PanelStructure(", ".join(parts), _joined(*parts)) for parts in product(RETURNS, MOMENTUM, SEASON, SPREAD)
    )


def _joined(pull: str, momentum: str, season: str, spread: str) -> PanelRules:
    return replace(
        RETURNS[pull],
        momentum_sd=MOMENTUM[momentum].momentum_sd,
        momentum_own_sd=MOMENTUM[momentum].momentum_own_sd,
        season_sd_circular=SEASON[season].season_sd_circular,
        season_memory_circular=SEASON[season].season_memory_circular,
        season_sd_rest=SEASON[season].season_sd_rest,
        spread_memory=SPREAD[spread].spread_memory,
    )


def run(
    past: Past,
    circular: Sequence[bool],
    starts: Sequence[Month],
    folder: Path,
    *,
    key: int = 1,
    progress: Progress | None = None,
) -> ChosenPanel:
    """Score every structure from every month since `begins`, and forecast from each start by the best so far.

    Args:
        past: Counts by origin from the first month of the panel.
        circular: By origin, whether it migrates for seasonal work.
        starts: Last known month of each forecast, in order.
        folder: Where scores are kept; other figures or code get files of their own.
        key: Same key, same bits.
        progress: Called as `progress(months done, months wanted)`.

    Raises:
        FitError: A file in the folder is corrupt.
        OutputError: The folder or the disk refuses.
    """
    here, offered = folder / f"structures-{store.structures_fingerprint(past.counts)}", structures()
    begin = begins(past)
    judged = [begin + ahead for ahead in range(starts[-1] - begin + 1)]
    cost = []
    for i, start in enumerate(judged):
        make = partial(_costs, past, circular, start, key)
        cost.append(kept.arrays(here / f"{start}-{key}.npz", make)["cost"])
        if progress is not None:
            progress(i + 1, len(judged))
    chosen = combine.best_so_far(np.stack(cost), judged, HORIZONS, 0)[[start - begin for start in starts]]
    sample = np.full((len(starts), len(HORIZONS), DRAWS), np.nan)
    for i, start in enumerate(starts):
        for place in np.unique(chosen[i]):
            drawn = _totals(past, circular, start, offered[place].rules, (DRAWS, key))
            sample[i, chosen[i] == place] = drawn[chosen[i] == place]
    return ChosenPanel(sample, chosen)


def begins(past: Past) -> Month:
    """First start from which structures are scored."""
    return past.first + LEAD


def _costs(past: Past, circular: Sequence[bool], start: Month, key: int) -> dict[str, np.ndarray]:
    """Score of logs of every structure, NaN where the outcome lies beyond the figures, (horizon, structure)."""
    after = [start - past.first + ahead for ahead in HORIZONS]
    totals = past.counts.sum(axis=1)
    seen = np.array([totals[place] if place < len(totals) else np.nan for place in after])
    found = [
        combine.by_case(scores.log_crps, _totals(past, circular, start, one.rules, (JUDGING, key)), seen)
        for one in structures()
    ]
    return {"cost": np.stack(found, axis=-1)}


def _totals(
    past: Past, circular: Sequence[bool], start: Month, rules: PanelRules, size: tuple[int, int]
) -> Float[np.ndarray, "horizon draw"]:
    """Draws of the total at every horizon, from the months up to a start."""
    draws, key = size
    drawn = panel.paths(
        past.until(start), past.first, circular, horizon=max(HORIZONS), draws=draws, key=key, rules=rules
    )
    return np.asarray(drawn.counts.sum(axis=1)[np.array(HORIZONS) - 1])
