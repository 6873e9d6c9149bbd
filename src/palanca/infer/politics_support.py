"""Whether approval of the president answers to attention: a small regression that mostly says how little is known."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist

from palanca.core.clock import Month
from palanca.data.read import packaged_figures
from palanca.infer.politics_sample import SamplingLength, posterior
from palanca.kernel.curves import log_odds

APPROVAL = "us_approval"
LEAVES = (Month(2017 * 12), Month(2021 * 12))  # last month of each president, by the rule of the series
PRIORS = {"loss": "normal(0, 0.2): log odds of approval lost per unit of log attention"}


@dataclass(frozen=True, eq=False)
class Approval:
    """Approval beside attention.

    Args:
        months: Number of each month, (month).
        president: Place of the president of that month, (month).
        log_odds: Log odds of approval, (month).
        log_attention: Log attention as the month begins, (month).
    """

    months: np.ndarray
    president: np.ndarray
    log_odds: np.ndarray
    log_attention: np.ndarray


def figures(first: Month, log_attention: np.ndarray, last: str = "") -> Approval:
    """Packaged approval.

    Args:
        first: Month of the first attention.
        log_attention: Log attention by month, (month); its uncertainty is left aside.
        last: Last month of approval, `YYYY-MM`; all if empty.
    """
    found = packaged_figures().until(last).read(APPROVAL).to_series().dropna()
    months = np.array([Month.parse(str(month)[:7]).index for month in found.index])
    return Approval(
        months=months,
        president=np.searchsorted([one.index for one in LEAVES], months),
        log_odds=np.asarray(log_odds(jnp.asarray(found.to_numpy(dtype=float) / 100.0))),
        log_attention=np.asarray(log_attention)[months - first.index],
    )


def prior(presidents: int) -> dict[str, jnp.ndarray]:
    """Draw the answer and its companions from what was believed before."""
    return {
        "loss": numpyro.sample("loss", dist.Normal(0.0, 0.2)),
        "base": numpyro.sample("base", dist.Normal(0.0, 0.5).expand([presidents])),
        "lasting": numpyro.sample("lasting", dist.Beta(8.0, 2.0)),
        "scatter": numpyro.sample("scatter", dist.HalfNormal(0.3)),
    }


def fitted_to(given: Approval, key: int, effort: SamplingLength) -> dict[str, np.ndarray]:
    """Draws of the answer of approval, (chain, draw).

    Each president has a level of his own, and what else moves approval lasts, but not past his term.
    """
    apart = np.diff(given.months).astype(float)
    same = np.diff(given.president) == 0

    def model() -> None:
        one = prior(int(given.president.max()) + 1)
        mean = one["base"][given.president] - one["loss"] * jnp.asarray(given.log_attention)
        gap = jnp.asarray(given.log_odds) - mean
        left = jnp.where(same, one["lasting"] ** apart, 0.0)  # nothing is left past a term
        spread = one["scatter"] * jnp.sqrt(1.0 - left**2)
        numpyro.factor("first", dist.Normal(0.0, one["scatter"]).log_prob(gap[0]))
        numpyro.factor("later", dist.Normal(left * gap[:-1], spread).log_prob(gap[1:]).sum())

    return posterior(model, ("loss",), key, "support", effort)
