"""Whether parties would honour a deal without a judge, and the deal among those that they would."""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.bargain import enforceability
from palanca.bargain.enforceability import SelfEnforcing
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.solve import BargainOutcome
from palanca.questions.bargaining.prepared import PreparedBargain


@dataclass(frozen=True, eq=False)
class Enforcement:
    """Whether one party honours the deal, by draw; no number where there is no deal.

    Args:
        party: Who promises.
        saves: What it would save in a month by not delivering what it promised [payoff / month].
        loses: What it would lose each month after that, the deal being over [payoff / month].
        detection: Chance that its breach is seen [chance].
        needed: Least patience with which honouring pays [share]; 1 or more where none does.
        patience: Its patience as declared, shortened by the chance of leaving office [share].
        breaks_first: Whether its patience exceeds what it needs by less than that of any other party.
    """

    party: str
    saves: np.ndarray
    loses: np.ndarray
    detection: np.ndarray
    needed: np.ndarray
    patience: np.ndarray
    breaks_first: np.ndarray

    @property
    def kept_chance(self) -> float:
        """Share of draws with a deal in which honouring it pays."""
        known = np.isfinite(self.needed)
        return float(np.mean(self.patience[known] >= self.needed[known])) if known.any() else float("nan")


def enforcement(table: PreparedBargain, problem: BargainProblem, deal: BargainOutcome) -> tuple[Enforcement, ...]:
    """What each party saves by not delivering in a month, against the deal lost afterwards.

    Args:
        table: The prepared bargain.
        problem: The bargains of the month, the draw first.
        deal: What they end in.

    Reference:
        delta_i = Dev / (Dev + m (U - P)); equation B14 of docs/model.md.
    """
    agreed = np.asarray(deal.agreed) & np.asarray(deal.settled)
    saves = np.maximum(np.asarray(_temptations(problem, deal.package)), 0.0)
    loses, seen, patient = np.asarray(deal.gains), detection(table, problem, deal.package), patience(table)
    needed = np.full(loses.shape, np.nan)
    if agreed.any():
        needed[agreed] = np.asarray(
            enforceability.minimum_patience(loses[agreed], saves[agreed], np.clip(seen[agreed], 0.0, 1.0))
        )
    first = np.zeros(needed.shape, bool)
    if agreed.any():
        weakest, _ = enforceability.weakest_side(needed[agreed].T, patient[agreed].T)
        first[agreed] = np.asarray(weakest)[:, None] == np.arange(len(problem.parties))
    return tuple(
        Enforcement(name, saves[:, i], loses[:, i], seen[:, i], needed[:, i], patient[:, i], first[:, i])
        for i, name in enumerate(problem.parties)
    )


def without_judge(table: PreparedBargain, problem: BargainProblem, deal: BargainOutcome) -> BargainProblem:
    """The same bargains with packages alone that every party would rather honour than break once, the draw first.

    Args:
        table: The prepared bargain.
        problem: The bargains of the month, the draw first.
        deal: What they end in with a judge; how well each party's breach of it would be seen is kept.
    """
    seen = np.clip(np.nan_to_num(detection(table, problem, deal.package), nan=1.0), 0.0, 1.0)
    weight = enforceability.weight_of_loss(patience(table), seen)
    return replace(problem, rules=(SelfEnforcing(weight),))


def patience(table: PreparedBargain) -> np.ndarray:
    """Patience of each party, shortened by the chance of leaving office, (draw, party) [share]."""
    names = [f"parties.{name}." for name in table.base.parties]
    found = [
        enforceability.effective_patience(table.number(name + "patience"), table.number(name + "exit_hazard"))
        for name in names
    ]
    return np.stack([np.asarray(one) for one in found], axis=1)


def detection(table: PreparedBargain, problem: BargainProblem, package: Array) -> np.ndarray:
    """Chance that a breach of all that a party delivers is seen, (draw, party).

    The mean of its issues' chances, weighted by how far each is moved of its range; 1 where it delivers nothing.
    """
    seen = np.stack([table.number(f"issues.{issue}.observed") for issue in problem.issues], axis=1)
    moved = np.abs(np.asarray(package) - np.asarray(problem.status_quo)) / np.asarray(problem.high - problem.low)
    mine = np.array(problem.owner)[None] == np.arange(len(problem.parties))[:, None]
    total = moved @ mine.T
    return np.where(total > 0.0, (moved * seen) @ mine.T / np.where(total > 0.0, total, 1.0), 1.0)


@jax.jit
def _temptations(problem: BargainProblem, package: Array) -> Array:
    return jax.vmap(enforceability.temptations)(problem, jnp.asarray(package))
