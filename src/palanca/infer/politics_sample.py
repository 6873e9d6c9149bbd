"""What the small fits of politics share: sampling a stated model, its priors, errors that last, and honest labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpyro.infer import MCMC, NUTS, Predictive

from palanca.kernel.keys import stream

LEARNED, ASSUMED = 0.8, 0.95
PRIOR_DRAWS = 20_000

Model = Callable[[], object]


@dataclass(frozen=True)
class SamplingLength:
    """How long to sample.

    Args:
        chains: Chains side by side.
        warmup: Iterations of each that tune it and are not kept.
        kept: Iterations of each that are kept.
    """

    chains: int = 4
    warmup: int = 300
    kept: int = 500


def posterior(
    model: Model, names: tuple[str, ...], key: int, purpose: str, effort: SamplingLength
) -> dict[str, np.ndarray]:
    """Draws after the figures by the no-U-turn sampler.

    Args:
        model: A model in NumPyro's words; every name of `names` is sampled or deterministic in it.
        names: What to keep.
        key: Same key, same draws.
        purpose: Name of the random stream.
        effort: How long.

    Returns:
        Each name, (chain, draw) and any axes of its own after them.
    """
    run = MCMC(
        NUTS(model, target_accept_prob=0.9), num_warmup=effort.warmup, num_samples=effort.kept,
        num_chains=effort.chains, chain_method="vectorized", progress_bar=False,
    )  # fmt: skip
    run.run(_key(key, purpose))
    found = run.get_samples(group_by_chain=True)
    return {name: np.asarray(found[name]) for name in names}


def prior(model: Model, names: tuple[str, ...], key: int, purpose: str) -> dict[str, np.ndarray]:
    """Draws before any figure, (draw) and any axes of its own; `model` must be the one without its figures."""
    found = Predictive(model, num_samples=PRIOR_DRAWS)(_key(key, f"{purpose} prior"))
    return {name: np.asarray(found[name]) for name in names}


def lasting_errors(months: np.ndarray, lasting: Array, scatter: Array, own: np.ndarray) -> Array:
    """Covariance of errors that last and of errors of each figure's own.

    Args:
        months: Month of each figure.
        lasting: Share of the lasting error that is left a month on [share].
        scatter: Standard deviation of the lasting error.
        own: Variance of each figure's own error.

    Returns:
        (figure, figure): scatter^2 lasting^(months apart), and `own` on the diagonal.
    """
    apart = jnp.asarray(np.abs(months[:, None] - months[None, :]), dtype=float)
    return scatter**2 * lasting**apart + jnp.diag(jnp.asarray(own))


def label(ratio: float) -> str:
    """What posterior over prior standard deviation says: `learned`, `in between` or `assumed`."""
    if ratio < LEARNED:
        return "learned"
    return "assumed" if ratio > ASSUMED else "in between"


def near_nothing(after: np.ndarray, before: np.ndarray) -> float:
    """How much likelier figures made a value as good as 0 [ratio].

    Args:
        after: Draws after the figures.
        before: Draws before them.

    Returns:
        Share of draws after in the twentieth of the prior nearest to 0, times 20.

    Reference:
        Dickey (1971), the ratio of densities at 0 that weighs a nested model; densities are means over that twentieth.
    """
    edge = np.quantile(np.abs(before), 0.05)
    return float(np.mean(np.abs(after) < edge) / 0.05)


def _key(key: int, purpose: str) -> Array:
    return jax.random.PRNGKey(int(stream(key, "politics", purpose).integers(0, 2**31)))
