"""What a fit believes of the parameters: draws, how they were made, and how well the chains agree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np

from palanca.core.clock import Month
from palanca.kernel.keys import stream
from palanca.model.parameters import Layout

LEARNED, ASSUMED = 0.5, 0.95  # posterior over prior standard deviation: below it, above it
MOST_R_HAT = 1.01
LEAST_ESS = 400.0


class How(StrEnum):
    """The two ways of making a posterior."""

    sampled = "sampled"
    quick = "quick"


class AbstractDraws(Protocol):
    """Anything that hands out free numbers of a layout: a posterior, or a quick fit still in memory."""

    @property
    def layout(self) -> Layout:
        """Where each parameter lies."""
        ...

    def draws(self, key: int, chosen: range) -> np.ndarray:
        """Free numbers of some draws, (length, draw); a draw depends on the key and its own number alone."""
        ...


@dataclass(frozen=True)
class Search:
    """Where the search for the maximum ended.

    Args:
        value: Log density there.
        slope: Largest slope left, per prior standard deviation.
        evaluations: How often the density was asked.
    """

    value: float
    slope: float
    evaluations: int


@dataclass(frozen=True, eq=False)
class Track:
    """What the sampler said of each stored draw, each (draw).

    Args:
        log_density: Log density, with parameters that no figure bears on at the middle of their priors.
        energy: Energy of the trajectory.
        accepted: Mean chance of acceptance along it [chance].
        steps: Slopes it took.
        diverging: Whether it broke down.
    """

    log_density: np.ndarray
    energy: np.ndarray
    accepted: np.ndarray
    steps: np.ndarray
    diverging: np.ndarray


@dataclass(frozen=True, eq=False)
class Diagnostics:
    """How well the chains agree, from all their iterations, before any were left out to save room.

    Ranks decide the first three, so they are the same for a free number and for the parameter made from it.

    Args:
        r_hat: Rank-normalised split R-hat of each free number, (length); NaN for those not fitted.
        ess_bulk: Bulk effective sample size, likewise.
        ess_tail: Effective sample size of the 5th and 95th percentile, the lesser, likewise.
        energy: Energy fraction of missing information (E-BFMI) of each chain, (chain).
        divergences: Trajectories after tuning that broke down.
        longest: Trajectories after tuning that were cut off at their greatest length.
        finished: Iterations after tuning, all chains together.
        planned: How many there were to be.
    """

    r_hat: np.ndarray
    ess_bulk: np.ndarray
    ess_tail: np.ndarray
    energy: np.ndarray
    divergences: int
    longest: int
    finished: int
    planned: int

    @property
    def converged(self) -> bool:
        """Whether the chains agree on every number: R-hat at most 1.01, bulk and tail sample sizes at least 400."""
        return bool(np.isfinite(self.r_hat).any()) and not (self.apart or self.short)

    @property
    def apart(self) -> int:
        """Numbers whose R-hat is above 1.01."""
        return int((self.r_hat > MOST_R_HAT).sum())

    @property
    def short(self) -> int:
        """Numbers with fewer than 400 independent draws for their middle or their ends."""
        return int((np.fmin(self.ess_bulk, self.ess_tail) < LEAST_ESS).sum())

    @property
    def stopped(self) -> bool:
        """Whether it was stopped before all iterations were done, and before the chains agreed."""
        return self.finished < self.planned and not self.converged


@dataclass(frozen=True, eq=False)
class Posterior:
    """Parameters after the figures, as draws.

    Args:
        layout: Where each parameter lies.
        how: Sampled, or quick: the maximum and its curvature (Laplace's approximation).
        free: Free numbers, (length, draw), one chain after the other and in order; those that no figure bears on
            are drawn from their priors.
        chain: Which chain each draw is of, (draw).
        mean: Mean of each free number, (length), from all iterations; of a quick fit, the maximum.
        spread: Standard deviation of each, likewise; of a quick fit, that of the curvature.
        search: Where the search for the maximum ended.
        track: What the sampler said of each draw; nothing of a quick fit.
        diagnostics: How well the chains agree; nothing of a quick fit.
        fresh: Which free numbers the fit had none for, so that they are drawn from their priors, (length); nothing
            where it had all.
        fitted_to: Last month that the fit used; nothing while it is in memory alone.
    """

    layout: Layout
    how: How
    free: np.ndarray
    chain: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    search: Search
    track: Track | None = None
    diagnostics: Diagnostics | None = None
    fresh: np.ndarray | None = None
    fitted_to: Month | None = None

    @property
    def size(self) -> int:
        """How many draws are stored."""
        return int(self.free.shape[1])

    def draws(self, key: int, chosen: range) -> np.ndarray:
        """Free numbers of some draws, (length, draw).

        Stored draws are dealt out in an order that the key shuffles. A draw depends on the key and its own number
        alone. Past as many as are stored they begin again, in another order: more draws than that repeat
        parameters, and only what is drawn besides them is new.
        """
        return self.free[:, self.dealt(key, chosen)]

    def dealt(self, key: int, chosen: range) -> np.ndarray:
        """Which stored draw stands for each number asked for, (draw)."""
        orders: dict[int, np.ndarray] = {}
        places = []
        for number in chosen:
            turn, place = divmod(number, self.size)
            if turn not in orders:
                orders[turn] = stream(key, "stored draws", turn).permutation(self.size)
            places.append(int(orders[turn][place]))
        return np.array(places, dtype=int)

    @property
    def contraction(self) -> np.ndarray:
        """Posterior over prior standard deviation of each free number, (length); 1 for those not fitted."""
        ratio = self.spread / self.layout.spread()
        return np.where(self.layout.fitted(), ratio, 1.0)

    @property
    def shift(self) -> np.ndarray:
        """How far each mean lies from the middle of its prior, in prior standard deviations, (length)."""
        moved = (self.mean - self.layout.centre()) / self.layout.spread()
        return np.where(self.layout.fitted(), moved, 0.0)
