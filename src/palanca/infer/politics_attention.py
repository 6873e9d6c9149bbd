"""Constants of the public's attention and of the election clock, fitted to polls by the no-U-turn sampler.

The polls: adults who name immigration as the most important problem. Its log is a level, attention (N1, N2), the clock
(N3), a drop while a pandemic held the stage, an error that lasts, and the error of sampling and rounding. The lasting
error is Gaussian, so it is integrated out exactly and the sampler moves in the constants alone.

Polls cannot tell the memory of the stir from the memory of the usual (the two enter alike), so it is declared that the
usual adapts the more slowly of the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import Array
from jax.scipy.linalg import solve_triangular

from palanca.core.clock import Month, Span
from palanca.data.read import packaged_figures
from palanca.infer.politics_sample import SamplingLength, lasting_errors, posterior
from palanca.politics.attention import Heeding, path, settled, share_from_half_life
from palanca.politics.clock import months_to_next, weight

ARRIVALS, POLL, BY_PARTY = "usbp_total", "gallup_immigration_mip", "gallup_immigration_mip_by_party"
ELECTIONS = tuple(Month(year * 12 + 10) for year in range(2000, 2026, 2))  # November of even years
PANDEMIC = Span(Month(2020 * 12 + 3), Month(2021 * 12))  # April 2020 to January 2021
ASKED = {"all": 667.0, "republican": 220.0, "independent": 220.0, "democrat": 220.0}  # people, over a design effect 1.5
PARTIES = tuple(ASKED)[1:]
SETTLING = 12  # months whose mean sets what people were used to when figures begin
CONSTANTS = ("rise", "fade_months", "used_months", "k", "tau", "level", "pandemic", "lasting", "scatter")
PRIORS = {
    "rise": "half-normal(0.5): log attention a month adds per log arrivals above the usual",
    "fade_months": "log-normal(log 3, 0.6): half-life of the stir",
    "used_months": "fade_months + log-normal(log 15, 0.7): half-life of the usual, the slower by declaration",
    "k": "half-normal(0.75): extra weight in the month of an election",
    "tau": "log-normal(log 6, 0.5): months over which it falls to 1/e",
    "level": "log-normal(log 8, 0.7): percent of adults at usual attention",
    "pandemic": "half-normal(1.5): log drop while a pandemic held the stage",
    "lasting": "beta(4, 2): share of the other causes of attention that lasts a month",
    "scatter": "half-normal(0.6): their log standard deviation",
}


@dataclass(frozen=True, eq=False)
class Polls:
    """A poll beside the arrivals it answers to.

    Args:
        first: Month of the first arrivals.
        arrivals: Arrivals by month from then on without a hole, (month) [people / month].
        asked: Months of the polls counted from `first`, (poll).
        log_percent: Log of the percent who name immigration, (poll).
        variance: Variance of that log from sampling and rounding, (poll).
    """

    first: Month
    arrivals: np.ndarray
    asked: np.ndarray
    log_percent: np.ndarray
    variance: np.ndarray

    def until(self, last: Month) -> Polls:
        """The polls up to a month, with all arrivals."""
        kept = self.asked <= last - self.first
        return Polls(self.first, self.arrivals, self.asked[kept], self.log_percent[kept], self.variance[kept])

    def months(self) -> np.ndarray:
        """Number of each month of arrivals, and of the month after the last."""
        return self.first.index + np.arange(len(self.arrivals) + 1)


def polls(of: str = "all", last: str = "") -> Polls:
    """The packaged polls.

    Args:
        of: `all` adults (the published figure, and where none is, the mean of the parties), or one party.
        last: Last month of polls and arrivals, `YYYY-MM`; all if empty.
    """
    known = packaged_figures().until(last)
    counted = known.read(ARRIVALS).to_series()
    parties = known.read(BY_PARTY).to_series().unstack("party")
    whole = known.read(POLL).to_series().combine_first(parties.mean(axis=1))
    percent = (whole if of == "all" else parties[of]).dropna()
    first = Month.parse(str(counted.index[0])[:7])
    asked = np.array([Month.parse(str(month)[:7]) - first for month in percent.index])
    log_percent, variance = measured(percent.to_numpy(dtype=float), ASKED[of])
    return Polls(first, counted.to_numpy(dtype=float), asked, log_percent, variance)


def measured(percent: np.ndarray, people: float) -> tuple[np.ndarray, np.ndarray]:
    """Log of a polled percent and its variance from sampling and from rounding to whole percents.

    Args:
        percent: Published percent, (poll); zeros are allowed.
        people: Number of people asked, over the design effect.

    Returns:
        Log percent after half a person more who names it and half who does not, and the variance of that log.
    """
    share = (percent / 100.0 * people + 0.5) / (people + 1.0)
    rounding = (1.0 / 12.0) / (100.0 * share) ** 2
    return np.log(100.0 * share), (1.0 - share) / (people * share) + rounding


def log_attention(arrivals: Array, heeding: Heeding) -> Array:
    """Log attention as each month begins, and as the one after the last would, (month + 1, draw).

    Figures begin with a public used to the mean of the first `SETTLING` months.
    """
    start = settled(jnp.exp(jnp.log(arrivals[:SETTLING]).mean()))
    padded = jnp.concatenate([arrivals, arrivals[-1:]])
    return jnp.log(path(start, padded, heeding))


def heeding(constants: Mapping[str, Array]) -> Heeding:
    """The record of the mechanism from fitted constants."""
    fade, used = (share_from_half_life(constants[name]) for name in ("fade_months", "used_months"))
    return Heeding(rise=constants["rise"], fade=fade, adapt=used)


def expected(given: Polls, constants: Mapping[str, Array]) -> Array:
    """Log percent that the constants expect in each month of arrivals and the next, (month + 1, draw)."""
    months = given.months()
    shape = (-1,) + (1,) * jnp.ndim(constants["rise"])
    ahead = months_to_next(months, np.array([one.index for one in ELECTIONS])).reshape(shape)
    held = (months >= PANDEMIC.first.index) & (months <= PANDEMIC.last.index)
    heard = log_attention(jnp.asarray(given.arrivals), heeding(constants))
    clock = jnp.log(weight(ahead, constants["k"], constants["tau"]))
    return jnp.log(constants["level"]) + heard + clock - constants["pandemic"] * jnp.asarray(held, float).reshape(shape)


def prior() -> dict[str, Array]:
    """Draw the constants from what was believed before any poll; the words are in `PRIORS`."""
    one = numpyro.sample
    rise, k = one("rise", dist.HalfNormal(0.5)), one("k", dist.HalfNormal(0.75))
    fade = one("fade_months", dist.LogNormal(np.log(3.0), 0.6))
    slower = one("slower", dist.LogNormal(np.log(15.0), 0.7))
    return {
        "rise": rise,
        "fade_months": fade,
        "used_months": numpyro.deterministic("used_months", fade + slower),
        "k": k,
        "tau": one("tau", dist.LogNormal(np.log(6.0), 0.5)),
        "level": one("level", dist.LogNormal(np.log(8.0), 0.7)),
        "pandemic": one("pandemic", dist.HalfNormal(1.5)),
        "lasting": one("lasting", dist.Beta(4.0, 2.0)),
        "scatter": one("scatter", dist.HalfNormal(0.6)),
    }


def fitted_to(given: Polls, key: int, effort: SamplingLength) -> dict[str, np.ndarray]:
    """Draws of the constants after some polls, each (chain, draw)."""

    def model() -> None:
        constants = prior()
        mean = expected(given, constants)[given.asked]
        spread = lasting_errors(given.asked, constants["lasting"], constants["scatter"], given.variance)
        numpyro.sample("poll", dist.MultivariateNormal(mean, spread), obs=jnp.asarray(given.log_percent))

    return posterior(model, CONSTANTS, key, "attention", effort)


def ahead(
    given: Polls, known: np.ndarray, wanted: np.ndarray, constants: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Log percent of later polls, from the polls known, the constants, and all arrivals before each month.

    Args:
        given: Polls and arrivals.
        known: Places of the polls known.
        wanted: Places of the polls to forecast.
        constants: Draws, each (draw).

    Returns:
        Mean and standard deviation of the published log percent, each (poll, draw).
    """
    level = expected(given, {name: jnp.asarray(value) for name, value in constants.items()})[given.asked]

    def one(mean: Array, lasting: Array, scatter: Array) -> tuple[Array, Array]:
        spread = lasting_errors(given.asked, lasting, scatter, given.variance)
        half = jnp.linalg.cholesky(spread[known][:, known])
        reach = solve_triangular(half, spread[known][:, wanted], lower=True)
        gap = solve_triangular(half, jnp.asarray(given.log_percent[known]) - mean[known], lower=True)
        left = jnp.diag(spread)[wanted] - (reach**2).sum(axis=0)
        return mean[wanted] + reach.T @ gap, jnp.sqrt(left)

    found = jax.vmap(one, in_axes=(1, 0, 0), out_axes=1)(
        level, jnp.asarray(constants["lasting"]), jnp.asarray(constants["scatter"])
    )
    return np.asarray(found[0]), np.asarray(found[1])
