"""Learns what governments want from the deals they made: a density of weights, its peak and width, and draws from it.

Unknown are the log weights of every cost and worth, how closely the choice follows the Nash product, who has how much
of the power, and the reluctance to deal. All are counted in prior standard deviations from the prior's middle.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float
from scipy.optimize import minimize

from palanca.bargain import dealing
from palanca.bargain.dealing import Manner, Menus, Recorded
from palanca.core.errors import BargainError, FitError
from palanca.infer import diagnose, verdict
from palanca.infer.deals_context import LearnableBargain
from palanca.infer.sample import MOST_DOUBLINGS, SamplingPlan, sample
from palanca.kernel.keys import stream

MANNERS = ("precision", "power of the destination", "reluctance")
DRAWS = 200
MOST_STEPS = 500
STEEP = 1e-2  # slope at which a search counts as ended, per prior standard deviation


@dataclass(frozen=True)
class Beliefs:
    """What is believed of how governments choose.

    Args:
        precision: Median of kappa.
        precision_spread: Standard deviation of its log.
        power: Median of the destination's share of power.
        power_spread: Standard deviation of its log odds.
        reluctance_spread: Standard deviation of reluctance about the level at which, with every weight in the
            middle of its prior and governments choosing as they do, a deal is as likely as not in an average quarter.
            Tied to that level the prior knows no unit of payoff, and no outcome enters it.
        blur: Width of the error in telling a gain from a loss [payoff / month]. At 1, a thousand encounters a month,
            the normal about the peak has the widths that chains find; at a fifth of that the density has an edge
            wherever a package turns to a loss, and the normal claims several times too much.
    """

    precision: float = 2.0
    precision_spread: float = 0.6
    power: float = 0.5
    power_spread: float = 0.5
    reluctance_spread: float = 2.0
    blur: float = 1.0


@register_dataclass
@dataclass(frozen=True)
class Grounds:
    """All numbers that the density rests on; functions compiled for one set of shapes serve every set of numbers.

    Attributes:
        menus: What could be agreed.
        include: Which issues each package holds.
        middle: Prior middle of each unknown: logs of weights and of precision, log odds of power, and reluctance
            above its usual level.
        usual: Log gains with every weight in the middle of its prior, from which that level follows.
        spread: Prior standard deviation of each.
        dealt: 1 in quarters with a deal.
        match: Log chance that each package would have been coded as the record is.
        lapse: Chance that a quarter follows no rule.
        blur: As in `Beliefs`.
    """

    menus: Menus
    include: Float[Array, "package issue"]
    middle: Float[Array, " unknown"]
    usual: Float[Array, "quarter package party"]
    spread: Float[Array, " unknown"]
    dealt: Float[Array, " quarter"]
    match: Float[Array, "quarter package"]
    lapse: Float[Array, ""]
    blur: float = field(metadata={"static": True})


@dataclass(frozen=True, eq=False)
class Learner:
    """One bargain, what is believed of it, and one set of records.

    Args:
        stakes: What could be agreed, and what is believed of weights.
        recorded: What the ledger shows.
        beliefs: What is believed of how governments choose.
    """

    stakes: LearnableBargain
    recorded: Recorded
    beliefs: Beliefs = Beliefs()

    @property
    def names(self) -> tuple[str, ...]:
        """What each unknown is."""
        return (*self.stakes.names, *MANNERS)

    @cached_property
    def grounds(self) -> Grounds:
        """The numbers of the density.

        Raises:
            BargainError: In no quarter can anything be agreed with weights in the middle of their priors.
        """
        of, held = self.beliefs, self.stakes
        middle = np.zeros(len(self.names))
        middle[-3:-1] = np.log(of.precision), np.log(of.power / (1.0 - of.power))
        usual = dealing.log_gains(held.menus, jnp.ones(len(held.names)), of.blur)
        if not (usual > dealing.NEVER).any():
            raise BargainError(
                "no package leaves both parties better off in any quarter, with weights in the middle of their priors",
                where="tastes",
                way_out="Lower the costs or raise the worths that are believed beforehand.",
            )
        return Grounds(
            menus=held.menus,
            include=jnp.asarray(held.include),
            middle=jnp.asarray(middle),
            usual=usual,
            spread=jnp.array([*held.spread, of.precision_spread, of.power_spread, of.reluctance_spread]),
            dealt=jnp.asarray(self.recorded.dealt),
            match=jnp.asarray(dealing.log_match(self.recorded, held.include)),
            lapse=jnp.asarray(self.recorded.lapse),
            blur=of.blur,
        )


def chances(free: Array, grounds: Grounds) -> tuple[Array, Array]:
    """Log chance of each package, (quarter, package), and of no deal, (quarter), from standardised unknowns."""
    unknown = grounds.middle + grounds.spread * free
    precision, odds, reluctance = unknown[-len(MANNERS) :]
    share = jax.nn.sigmoid(odds)
    manner = Manner(jnp.exp(precision), jnp.stack([share, 1.0 - share]), reluctance, grounds.blur)
    level = jax.nn.logsumexp(dealing.scores(grounds.usual, grounds.menus.standing, manner), axis=1)
    possible = level > dealing.NEVER / 2.0
    usual = jnp.sum(jnp.where(possible, level, 0.0)) / jnp.sum(possible)
    return dealing.log_chances(
        grounds.menus, jnp.exp(unknown[: -len(MANNERS)]), replace(manner, reluctance=reluctance + usual)
    )


def log_density(free: Array, counted: Array, grounds: Grounds) -> Array:
    """Log density of standardised unknowns given the quarters that count, but for a constant."""
    seen = dealing.log_seen(chances(free, grounds), grounds.dealt, grounds.match, grounds.lapse)
    return jnp.sum(counted * seen) - 0.5 * jnp.sum(free**2)


def _forecast(free: Array, grounds: Grounds) -> tuple[Array, Array]:
    found = chances(free, grounds)
    return dealing.deal_chance(found, grounds.lapse), dealing.held_chances(found, grounds.include, grounds.lapse)


_value_and_slope = jax.jit(jax.value_and_grad(log_density))
_bend = jax.jit(jax.hessian(log_density))
_forecasts = jax.jit(jax.vmap(_forecast, in_axes=(0, None)))


@dataclass(frozen=True, eq=False)
class LearnedDeals:
    """What was learned.

    Args:
        names: What each unknown is.
        mode: Where the density is highest, or the mean of draws, in prior standard deviations from the prior's middle.
        ratio: Posterior over prior standard deviation.
        draws: Draws of the standardised unknowns, (draw, unknown).
        r_hat: Worst agreement of chains; None for a quick fit.
        divergences: Trajectories that broke down; None likewise.
    """

    names: tuple[str, ...]
    mode: np.ndarray
    ratio: np.ndarray
    draws: np.ndarray
    r_hat: float | None = None
    divergences: int | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """`learned`, `in between` or `assumed`, for each unknown."""
        return tuple(verdict.label(float(ratio)) for ratio in self.ratio)


@dataclass(frozen=True, eq=False)
class Predicted:
    """Chances by quarter, averaged over draws.

    Args:
        deal: Chance of a deal.
        holds: Chance that it holds each issue, given a deal in the quarter, (quarter, issue).
    """

    deal: Float[np.ndarray, " quarter"]
    holds: Float[np.ndarray, "quarter issue"]


def quick(learner: Learner, counted: np.ndarray | None = None, *, key: int = 1, draws: int = DRAWS) -> LearnedDeals:
    """The peak of the density and a normal about it.

    Args:
        learner: The density.
        counted: 1 for quarters whose records count, else 0; all if left out.
        key: Same key, same draws.
        draws: How many draws to make.

    Raises:
        FitError: The search did not settle.

    Reference:
        Laplace's approximation. A direction in which the density bends upwards, where impossible packages cut it
        off, is given the prior's width: nothing was learned there that a normal could say.
    """
    grounds = learner.grounds
    every = jnp.ones_like(grounds.dealt) if counted is None else jnp.asarray(counted, dtype=float)

    def downhill(free: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = _value_and_slope(jnp.asarray(free), every, grounds)
        return -float(value), -np.asarray(slope)

    found = minimize(
        downhill, np.zeros(len(learner.names)), jac=True, method="L-BFGS-B",
        options={"maxiter": MOST_STEPS, "ftol": 1e-12, "gtol": STEEP},
    )  # fmt: skip
    if not np.isfinite(found.fun) or not (found.success or np.max(np.abs(found.jac)) < 1.0):
        raise FitError(
            "the search for the best weights did not settle",
            found=f"{found.message}; slope {np.max(np.abs(found.jac)):.2g} per prior standard deviation",
            expected=f"a slope below {STEEP:g}",
            way_out="Narrow the priors, or raise the chances of miscoding.",
        )
    size, turn = np.linalg.eigh(-np.asarray(_bend(jnp.asarray(found.x), every, grounds)))
    width = 1.0 / np.sqrt(np.maximum(np.nan_to_num(size, nan=1.0), 1.0))
    root = turn * width
    noise = stream(key, "quick fit of deals").standard_normal((draws, len(width)))
    return LearnedDeals(learner.names, found.x, np.sqrt((root**2).sum(axis=1)), found.x + noise @ root.T)


def sampled(learner: Learner, plan: SamplingPlan) -> LearnedDeals:
    """Draws from the density by the no-U-turn sampler.

    Args:
        learner: The density.
        plan: Chains and iterations.
    """
    grounds = learner.grounds
    every = jnp.ones_like(grounds.dealt)
    chains = sample(lambda free: -log_density(free, every, grounds), len(learner.names), plan)
    length = chains.position.shape[-1]
    checks = diagnose.chains(chains, chains.position, np.ones(length, dtype=bool), 2**MOST_DOUBLINGS)
    flat = chains.position.reshape(-1, length)
    return LearnedDeals(
        names=learner.names,
        mode=flat.mean(axis=0),
        ratio=flat.std(axis=0, ddof=1),
        draws=flat,
        r_hat=float(np.max(checks.r_hat)),
        divergences=checks.divergences,
    )


def prior_only(learner: Learner, *, key: int = 1, draws: int = DRAWS) -> LearnedDeals:
    """What is believed before any record is read."""
    noise = stream(key, "prior of deals").standard_normal((draws, len(learner.names)))
    return LearnedDeals(learner.names, np.zeros(len(learner.names)), np.ones(len(learner.names)), noise)


def predict(learner: Learner, learned: LearnedDeals) -> Predicted:
    """Chances of deals and of what they hold, averaged over draws.

    A draw under which a deal was unlikely says less of what a deal holds; it weighs by its chance of a deal.
    """
    deal, holds = (np.asarray(x) for x in _forecasts(jnp.asarray(learned.draws), learner.grounds))
    joint = (deal[:, :, None] * holds).mean(axis=0)
    return Predicted(deal.mean(axis=0), joint / deal.mean(axis=0)[:, None])
