"""Rates of democracy's own movement, from yearly indices; what silence does to it no index can say."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import Array

from palanca.data.read import packaged_figures
from palanca.infer.politics_sample import SamplingLength, posterior
from palanca.politics.democracy import Slow, step

INDEX = "democracy"
COUNTRIES = ("MEX", "GTM", "HND", "SLV", "VEN", "CUB", "NIC", "HTI", "COL", "ECU")
BEST = 0.8  # of the index; about that of a liberal democracy, and assumed
PRIORS = {
    "repair": "half-normal(0.05) a year, shared by all countries",
    "drift": "half-normal(0.1) a year, each country its own",
}


def figures(last: str = "") -> np.ndarray:
    """The index by year and country, (year, country).

    Args:
        last: Month whose year is the last, `YYYY-MM`; all if empty.
    """
    return packaged_figures().until(last).read(INDEX).sel(origin=list(COUNTRIES)).values


def prior(countries: int) -> dict[str, Array]:
    """Draw the rates from what was believed before."""
    return {
        "repair": numpyro.sample("repair", dist.HalfNormal(0.05)),
        "drift": numpyro.sample("drift", dist.HalfNormal(0.1).expand([countries])),
        "jolt": numpyro.sample("jolt", dist.HalfNormal(0.1).expand([countries])),
    }


def fitted_to(index: np.ndarray, key: int, effort: SamplingLength) -> dict[str, np.ndarray]:
    """Draws of the rates: `repair` (chain, draw), `drift` (chain, draw, country).

    A year's log change is what the rates make of it, give or take a jolt with heavy tails.

    Args:
        index: The index by year and country, (year, country).
        key: Same key, same draws.
        effort: How long to sample.
    """
    now, after = jnp.asarray(index[:-1]), jnp.asarray(np.log(index[1:]))

    def model() -> None:
        one = prior(index.shape[1])
        slow = Slow(best=BEST, repair=one["repair"], drift=one["drift"], harm=0.0, benefit=0.0)
        mean = jnp.log(step(now, 0.0, 0.0, 0.0, slow, years=1.0))
        numpyro.sample("index", dist.StudentT(4.0, mean, one["jolt"]), obs=after)

    return posterior(model, ("repair", "drift"), key, "democracy", effort)
