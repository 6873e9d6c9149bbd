"""Invented deals whose makers' weights are known, and how well they are found again: a test of the learning."""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax.numpy as jnp
import numpy as np

from palanca.bargain.dealing import Recorded
from palanca.core.clock import Month
from palanca.infer.deals import Beliefs, Learner, chances, quick
from palanca.infer.deals_context import Contexts, LearnableBargain, Taste, stakes
from palanca.kernel.keys import stream

FIRST = Month.parse("2014-01")
D, T = "D", "T"
# Payoffs in thousands of arrivals avoided per month at usual attention, for an invented corridor: magnitudes such that
# most packages with both sides in them please both, and no single issue decides.
ISSUES = ("enforcement", "returns_accepted", "visas", "aid", "vaccines", "relief")
OWNERS = (T, T, D, D, D, D)
COST = (2.0, 4.0, 2.0, 2.0, 2.0, 3.0)  # of an amount of 1 [payoff / month]; the first is the yardstick
WORTH = (0.0, 0.0, 6.0, 5.0, 7.0, 9.0)  # worth * log(1 + amount)
EFFECT = (0.12, 0.15, 0.02, 0.0, 0.0, 0.0)  # log fall of arrivals per unit of each issue


@dataclass(frozen=True)
class Recovery:
    """How well weights were found again.

    Args:
        deals: Deals in each invented ledger.
        wrong: Chance that a field is miscoded.
        known: Whether precision was known.
        rmse: Root mean square error of log weights [log points].
        prior_rmse: The same of the prior's middle [log points].
        spread: Mean posterior standard deviation that was claimed [log points].
        held: Share of 90 % intervals that hold the truth.
    """

    deals: int
    wrong: float
    known: bool
    rmse: float
    prior_rmse: float
    spread: float
    held: float


TABLE = ((15, 0.0, True), (40, 0.0, True), (150, 0.0, True), (600, 0.0, True),
         (40, 0.0, False), (40, 0.15, False), (150, 0.0, False), (150, 0.15, False))  # fmt: skip


def invented(quarters: int, key: int) -> LearnableBargain:
    """An invented bargain with four things that shift it: flow, attention, price of effort, amounts on the table."""
    rng = stream(key, "invented contexts", quarters)
    amount = rng.uniform(0.5, 2.0, size=(quarters, len(ISSUES)))
    without = 90.0 * np.exp(0.5 * rng.standard_normal(quarters))
    contexts = Contexts(
        quarters=tuple(FIRST + 3 * i for i in range(quarters)),
        issues=ISSUES,
        parties=(D, T),
        without=without,
        arrivals=np.zeros((quarters, 2 ** len(ISSUES) - 1)),
        salience=1.0 + 0.6 * rng.uniform(size=quarters),
        amount=amount,
        hosting=np.exp(0.4 * rng.standard_normal(quarters)),
    )
    held = (amount * np.array(EFFECT)) @ contexts.include().T
    tastes = tuple(
        Taste(issue, owner, cost * amount[:, k], worth * np.log1p(amount[:, k]), yardstick=k == 0)
        for k, (issue, owner, cost, worth) in enumerate(zip(ISSUES, OWNERS, COST, WORTH, strict=True))
    )
    return stakes(replace(contexts, arrivals=without[:, None] * np.exp(-held)), tastes)


def blank(quarters: int, issues: int, wrong: float = 0.0, lapse: float = 0.0) -> Recorded:
    """Records of no deal in any quarter, with every field to be coded."""
    shape = (quarters, issues)
    return Recorded(
        dealt=np.zeros(quarters), flag=np.zeros(shape), shown=np.ones(shape), invented=np.full(shape, wrong),
        overlooked=np.full(shape, wrong), lapse=lapse,
    )  # fmt: skip


def played(learner: Learner, free: np.ndarray, key: int, *, all_deal: bool = False) -> Recorded:
    """A ledger drawn from the model, coded with the errors that the learner's records declare.

    Args:
        learner: The bargain; its own records give only the chances of miscoding.
        free: Standardised unknowns that are true.
        key: Same key, same ledger.
        all_deal: Whether every quarter has a deal.
    """
    rng, like = stream(key, "invented deals"), learner.recorded
    package, nothing = (np.exp(np.asarray(x)) for x in chances(jnp.asarray(free), learner.grounds))
    odds = np.column_stack([package, np.zeros_like(nothing) if all_deal else nothing])
    odds /= odds.sum(axis=1, keepdims=True)
    chosen = (rng.uniform(size=(len(odds), 1)) > np.cumsum(odds, axis=1)[:, :-1]).sum(axis=1)
    dealt = chosen < package.shape[1]
    true = np.where(dealt[:, None], learner.stakes.include[np.minimum(chosen, package.shape[1] - 1)], 0.0)
    luck = rng.uniform(size=true.shape)
    turned = luck < np.where(true > 0.0, like.overlooked, like.invented)
    return replace(like, dealt=dealt.astype(float), flag=np.where(turned, 1.0 - true, true) * dealt[:, None])


def recovery(deals: int, wrong: float, known: bool, *, ledgers: int = 20, key: int = 1) -> Recovery:
    """Draw weights from the prior, let deals be made, learn, and compare.

    Args:
        deals: Deals in each ledger.
        wrong: Chance that a field is miscoded, known to the learner.
        known: Whether precision is known to the learner, all but.
        ledgers: How many ledgers.
        key: Same key, same ledgers.
    """
    beliefs = Beliefs(precision_spread=1e-3) if known else Beliefs()
    bargain = invented(deals, key)
    learner = Learner(bargain, blank(deals, bargain.include.shape[1], wrong), beliefs)
    errors, truths, claimed = [], [], []
    weights, scale = len(bargain.spread), bargain.spread
    for number in range(ledgers):
        truth = stream(key, "truth", number).standard_normal(len(learner.names))
        truth[-1] = -20.0  # so reluctant to fail that all deal, which every quarter's record then shows
        learner_here = replace(learner, recorded=played(learner, truth, key + number, all_deal=True))
        found = quick(learner_here, key=key)
        errors.append((found.mode - truth)[:weights] * scale)
        truths.append(truth[:weights] * scale)
        claimed.append(found.ratio[:weights] * scale)
    error, spread = np.array(errors), np.array(claimed)
    return Recovery(
        deals=deals, wrong=wrong, known=known,
        rmse=float(np.sqrt((error**2).mean())),
        prior_rmse=float(np.sqrt((np.array(truths) ** 2).mean())),
        spread=float(spread.mean()),
        held=float((np.abs(error) < 1.645 * spread).mean()),
    )  # fmt: skip


def table(rows: tuple[tuple[int, float, bool], ...] = TABLE, *, ledgers: int = 20, key: int = 1) -> list[Recovery]:
    """Recovery at several sizes of ledger and qualities of coding."""
    return [recovery(deals, wrong, known, ledgers=ledgers, key=key) for deals, wrong, known in rows]
