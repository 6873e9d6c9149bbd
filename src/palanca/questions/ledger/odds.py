"""A logistic rule learned from few cases: draws of its numbers, and how far the cases moved each of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy import stats

from palanca.core.errors import UsageError
from palanca.infer import verdict
from palanca.kernel.keys import stream

STEPS = 60
TRIED = 4_000  # points of the proposal, of which draws are kept in proportion to their weight
FREEDOM = 5.0  # of Student's t that proposes: heavier tails than any posterior of a logistic rule with normal priors


@dataclass(frozen=True)
class Told:
    """What cases say of one number.

    Args:
        name: What it is.
        prior_mean: Mean before.
        prior_sd: Standard deviation before.
        mean: Mean after.
        sd: Standard deviation after.
        low: 5th percentile after.
        high: 95th percentile after.
    """

    name: str
    prior_mean: float
    prior_sd: float
    mean: float
    sd: float
    low: float
    high: float

    @property
    def ratio(self) -> float:
        """Standard deviation after over before; above 1 where the cases pull against the prior."""
        return self.sd / self.prior_sd

    @property
    def label(self) -> str:
        """`learned`, `in between` or `assumed`."""
        return verdict.label(self.ratio)


@dataclass(frozen=True, eq=False)
class Odds:
    """Draws of a logistic rule.

    Args:
        terms: What each number multiplies.
        values: The numbers, (term, draw) [log odds per unit].
        told: What the cases say of each.
    """

    terms: tuple[str, ...]
    values: Float[np.ndarray, "term draw"]
    told: tuple[Told, ...]


def learn(
    design: Float[np.ndarray, "case term"],
    came: Bool[np.ndarray, " case"],
    prior: dict[str, tuple[float, float]],
    *,
    draws: int,
    key: int,
    purpose: str,
) -> Odds:
    """Draw the numbers of a logistic rule from their posterior under independent normal priors.

    Args:
        design: Terms of each case.
        came: Whether it came.
        prior: Mean and standard deviation of each term's number, in the order of `design`.
        draws: How many draws.
        key: Same key, same draws.
        purpose: Tells this rule's draws from those of others.

    Raises:
        UsageError: Cases and terms do not match.

    Reference:
        Sampling, importance resampling (Rubin 1988) from a Student's t about the peak of the penalised likelihood.
    """
    if design.shape != (len(came), len(prior)):
        raise UsageError(
            "a rule needs every term of every case", found=str(design.shape), expected=f"({len(came)}, {len(prior)})"
        )
    mean, sd = (np.array([pair[i] for pair in prior.values()]) for i in range(2))
    peak, cover = _peak(design, came.astype(float), mean, sd)
    rng = stream(key, "odds", purpose)
    shape = stats.multivariate_t(peak, 1.2 * cover, FREEDOM)
    tried = shape.rvs(TRIED, random_state=rng).reshape(TRIED, len(mean))
    weight = _log_density(tried, design, came, mean, sd) - shape.logpdf(tried)
    weight = np.exp(weight - weight.max())
    weight /= weight.sum()
    found = weight @ tried
    spread = np.sqrt(weight @ (tried - found) ** 2)
    places = (rng.uniform() + np.arange(draws)) / draws
    kept = np.searchsorted(np.cumsum(weight), places).clip(0, TRIED - 1)
    told = tuple(
        Told(name, *prior[name], float(found[i]), float(spread[i]), *_ends(tried[:, i], weight))
        for i, name in enumerate(prior)
    )
    return Odds(tuple(prior), tried[rng.permutation(kept)].T, told)


def chance(log_odds: np.ndarray) -> np.ndarray:
    """Chance from log odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def _log_density(
    tried: np.ndarray, design: np.ndarray, came: np.ndarray, mean: np.ndarray, sd: np.ndarray
) -> np.ndarray:
    line = tried @ design.T
    return np.asarray(
        -np.logaddexp(0.0, np.where(came, -line, line)).sum(1) - 0.5 * (((tried - mean) / sd) ** 2).sum(1)
    )


def _peak(design: np.ndarray, came: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Peak and inverse curvature; Newton's method settles, as the penalised density is concave."""
    at, bend = mean.copy(), np.diag(sd**-2.0)
    for _ in range(STEPS):
        p = chance(design @ at)
        bend = (design * (p * (1.0 - p))[:, None]).T @ design + np.diag(sd**-2.0)
        at = at + np.linalg.solve(bend, design.T @ (came - p) - (at - mean) / sd**2)
    return at, np.linalg.inv(bend)


def _ends(values: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    order = np.argsort(values)
    below = np.cumsum(weight[order])
    low, high = (values[order][np.searchsorted(below, share)] for share in (0.05, 0.95))
    return float(low), float(high)
