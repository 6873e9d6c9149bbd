"""How a deal comes about where one side proposes: take it or leave it, or offers that pass in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from palanca.bargain import bounds, menu
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.refusals import DeclarationError, UnsettledError
from palanca.bargain.solve import BargainOutcome, Concept

Talks: TypeAlias = Callable[[BargainProblem, Concept], BargainOutcome]
ROUNDS = 40
CLOSE = 1e-7  # of the most that the side to answer could gain; searches are exact to about a hundredth of it


def discount(patience: bounds.Number, months_between: bounds.Number) -> bounds.Amount:
    """Weight of an agreement one round of offers later [share].

    Args:
        patience: Weight of next month's payoff [share].
        months_between: Time from an offer to the answer with another [months], above 0.
    """
    return bounds.patience(patience) ** bounds.positive(months_between, "time between offers")


def offer(
    problem: BargainProblem, proposer: int, talks: Talks, least: Float[np.ndarray, "draw party"] | None = None
) -> BargainOutcome:
    """What one side offers that the others take rather than leave: all beyond their due is its own.

    Args:
        problem: Bargains, the draw first.
        proposer: Who offers, by place.
        talks: Solves all draws by a concept.
        least: What each party must gain to accept [payoff]; nothing if not given.

    Reference:
        max U_p(z) subject to U_i(z) - d_i >= least_i for the others; equation B16 of docs/model.md.
    """
    mine = jnp.zeros_like(problem.weight).at[..., proposer].set(1.0)
    due = jnp.zeros_like(problem.disagreement) if least is None else jnp.asarray(least)
    found = talks(replace(problem, weight=mine, disagreement=problem.disagreement + due), Concept.UTILITARIAN)
    made = found.agreed[..., None]
    count = len(problem.parties)
    return found._replace(
        gains=jnp.where(made, found.gains + due, found.gains),
        payoffs=jnp.where(made, found.payoffs, found.payoffs.at[..., :count].set(problem.disagreement)),
    )


def in_turn(
    problem: BargainProblem, patience: Float[np.ndarray, "draw party"], first: int, talks: Talks
) -> BargainOutcome:
    """What is agreed at once when two sides offer in turn, each as patient as it is: the first offer.

    Each offer leaves the other what waiting for its own would be worth to it. The search runs over what the first
    offer leaves the other: it starts from the Nash deal with weights by patience, from which both offers lie equally
    far, steps as if payoff could be handed over, then by the secant, and never leaves what bounds the answer.

    Args:
        problem: Bargains of two parties, the draw first.
        patience: Weight of an agreement one round later [share]; `discount`.
        first: Who offers first, by place.
        talks: Solves all draws by a concept.

    Raises:
        DeclarationError: There are not two parties, or an issue comes in lumps.
        UnsettledError: The search did not come to rest.

    Reference:
        Rubinstein 1982; Binmore, Rubinstein and Wolinsky 1986, with no deal as what each has meanwhile. With F_i(g) the
        most that i can gain while the other gains g: g = d_2 F_2(d_1 F_1(g)); equation B17 of docs/model.md.
    """
    _two_that_divide(problem)
    other = 1 - first
    mine, theirs = (np.asarray(bounds.patience(patience))[:, at] for at in (first, other))
    heavy = jnp.stack([jnp.asarray(-1.0 / np.log(np.asarray(patience)[:, at])) for at in (0, 1)], axis=1)
    even = talks(replace(problem, weight=heavy / heavy.sum(axis=1, keepdims=True)), Concept.NASH)
    whole = offer(problem, other, talks)
    made = np.asarray(even.agreed & even.settled & whole.agreed & whole.settled)
    low, high = np.zeros(made.size), np.where(made, theirs * np.asarray(whole.gains)[:, other], 0.0)
    size = np.where(made, np.asarray(whole.gains)[:, other], 1.0)

    def due(party: int, amount: np.ndarray) -> np.ndarray:
        return np.stack([np.where(made & (at == party), amount, 0.0) for at in (0, 1)], axis=1)

    def waits(amount: np.ndarray) -> np.ndarray:
        """What waiting is worth to the side that answers, less what it is left, when it is left an amount."""
        ours = np.asarray(offer(problem, first, talks, due(other, amount)).gains)[:, first]
        back = np.asarray(offer(problem, other, talks, due(first, mine * ours)).gains)[:, other]
        return np.where(made, np.nan_to_num(theirs * back - amount), 0.0)

    at = np.clip(np.where(made, np.asarray(even.gains)[:, other] * np.sqrt(theirs), 0.0), low, high)
    slope = mine * theirs - 1.0
    gap = waits(at)
    for _ in range(ROUNDS):
        if np.all(np.abs(gap) <= CLOSE * size * (1.0 - mine * theirs)):
            return offer(problem, first, talks, due(other, at))
        low, high = np.where(gap > 0.0, at, low), np.where(gap < 0.0, at, high)
        step = at - gap / slope
        new = np.where((step >= low) & (step <= high), step, 0.5 * (low + high))
        there = waits(new)
        moved = np.abs(new - at) > 0.0
        secant = np.where(moved, (there - gap) / np.where(moved, new - at, 1.0), slope)
        slope, at, gap = np.where(secant < 0.0, secant, slope), new, there
    raise UnsettledError(
        "offers in turn came to no rest",
        found=f"{int((np.abs(gap) > CLOSE * size).sum())} of {gap.size} draws",
        way_out="Lengthen the time between offers: at next to none the deal is Nash's, weighted by patience.",
    )


def _two_that_divide(problem: BargainProblem) -> None:
    if len(problem.parties) != 2:
        raise DeclarationError(
            "offers in turn need two parties", found=", ".join(problem.parties), expected="two at the table",
            way_out="Let one side propose, or take a concept.",
        )  # fmt: skip
    lumps = [name for name, each in zip(problem.issues, menu.lumpy(problem), strict=True) if each]
    if lumps:
        raise DeclarationError(
            "offers in turn need amounts of any size", found=f"{', '.join(lumps)}, which comes in lumps",
            expected="issues without a menu", way_out="Let one side propose, or take a concept.",
        )  # fmt: skip
