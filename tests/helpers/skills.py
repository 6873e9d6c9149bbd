"""Made-up backtests whose scores can be worked out with a pencil, and the skill that comes of them."""

from __future__ import annotations

import histories
import numpy as np

from palanca.core.clock import Month
from palanca.evidence.backtest import regimes
from palanca.evidence.backtest import skill as scoring
from palanca.evidence.backtest.baselines import NAMES
from palanca.evidence.backtest.given import GIVEN
from palanca.evidence.backtest.record import Skill
from palanca.evidence.backtest.rivals import FLOOR, Rivals
from palanca.evidence.backtest.run import CONDITIONAL, DRAWS, HORIZONS, Backtest
from palanca.spec.schema import Case

CASE = "us-mexico"  # whose regimes the made-up starts lie in
FIRST = Month.parse("2014-01")
STARTS = 110  # to February 2023: in two regimes
LABELS = {
    "origins": ("MEX", "HND"),
    "groups": ("single_adult", "family"),
    "sectors": ("el_paso", "big_bend"),
    "stops": ("HND",),
    "darien": ("HND",),
}
VOLUME = {"el_paso": 9000.0, "big_bend": 1000.0}


def backtest(*, closer: float = 1.0, every: int = 1, spread: float = 0.2) -> tuple[Backtest, Rivals]:
    """Normal forecasts of logs that miss by normal errors of the same spread.

    Args:
        closer: What the model's errors and spread are multiplied by: its log-CRPS is that times persistence's.
        every: Months between starts.
        spread: Standard deviation of a month's error [log points].
    """
    rng = np.random.default_rng(3)
    starts = tuple(FIRST + i for i in range(0, STARTS, every))
    labels = {"total": ("all",), **LABELS}
    seen, known, model, last = {}, {}, {}, {}
    for kind, names in labels.items():
        shape = (len(starts), len(HORIZONS), len(names))
        size = spread * np.sqrt(np.array(HORIZONS, dtype=float))[None, :, None]
        middle = np.log([VOLUME.get(name, 5000.0) for name in names])[None, None, :]
        came = middle + size * rng.standard_normal(shape)
        noise = size[..., None] * rng.standard_normal((*shape, DRAWS))
        seen[kind], known[kind] = np.exp(came) - FLOOR, np.exp(middle[:, 0] + np.zeros((len(starts), 1))) - FLOOR
        last[kind] = np.maximum(np.exp(middle[..., None] + noise) - FLOOR, 0.0)
        centre = came[..., None] + closer * (middle - came)[..., None]
        model[kind] = np.maximum(np.exp(centre + closer * noise) - FLOOR, 0.0)
        beyond = np.array([[(start - FIRST) + ahead >= STARTS + 1 for ahead in HORIZONS] for start in starts])
        seen[kind][beyond] = np.nan
    samples = model | {f"{name} given {what}": model[name] for name in CONDITIONAL for what in GIVEN}
    total = dict.fromkeys(NAMES, last["total"][:, :, 0])
    parts = {kind: last[kind] for kind in LABELS}
    return Backtest(starts, samples, seen, known, labels, regimes.of(CASE)), Rivals(total, parts, ())


def case() -> Case:
    """A small case under the name of one that has regimes."""
    return histories.case().model_copy(update={"case": CASE})


def skill(*, closer: float = 0.9, every: int = 1) -> Skill:
    """The skill of such a backtest."""
    return scoring.of(case(), *backtest(closer=closer, every=every))
