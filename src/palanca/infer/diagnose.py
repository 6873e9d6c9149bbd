"""How well chains agree: rank-normalised R-hat, effective sample sizes, energy, divergences."""

from __future__ import annotations

import warnings

import numpy as np

from palanca.infer.posterior import Diagnostics
from palanca.infer.sample import Sampled

with warnings.catch_warnings():
    # once a day it announces that its next major version will differ, which no reader of a fit can act on
    warnings.simplefilter("ignore", FutureWarning)
    import arviz as az


def chains(sampled: Sampled, whole: np.ndarray, fitted: np.ndarray, longest: int) -> Diagnostics:
    """Diagnostics of all iterations after tuning.

    Args:
        sampled: What the chains recorded.
        whole: The same positions as free numbers, (chain, draw, length).
        fitted: Which free numbers moved, (length).
        longest: Steps at which a trajectory is cut off.

    Reference:
        Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), "Rank-normalization, folding, and localization: an
        improved R-hat"; Betancourt (2016), "Diagnosing suboptimal cotangent disintegrations in HMC".
    """
    found = {name: np.full(len(fitted), np.nan) for name in ("r_hat", "bulk", "tail")}
    for place in np.flatnonzero(fitted):
        one = whole[:, :, place]
        found["r_hat"][place] = az.rhat(one, method="rank")
        found["bulk"][place] = az.ess(one, method="bulk")
        found["tail"][place] = az.ess(one, method="tail")
    return Diagnostics(
        r_hat=found["r_hat"],
        ess_bulk=found["bulk"],
        ess_tail=found["tail"],
        energy=np.asarray(az.bfmi(sampled.energy)),
        divergences=int(sampled.diverging.sum()),
        longest=int((sampled.steps >= longest).sum()),
        finished=int(sampled.diverging.size),
        planned=sampled.planned * len(sampled.diverging),
    )
