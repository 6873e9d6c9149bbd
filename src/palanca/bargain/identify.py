"""What shares of a surplus can tell about bargaining power and disagreement, counted as the rank of a derivative."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Float

from palanca.bargain import bounds

SMALL = 1e-9  # singular values below this share of the largest count as none


class Division(NamedTuple):
    """What decides who gets what.

    Attributes:
        power: Bargaining weight a of the first party [share].
        first: Disagreement payoff of the first party, per unit of its shifter [payoff].
        second: Disagreement payoff of the second.
    """

    power: float
    first: float
    second: float


def payoffs(
    unknown: Float[Array, " unknown"], surplus: Float[Array, " deal"], shifter: Float[Array, "deal party"]
) -> Float[Array, " deal"]:
    """What the first party gets from each deal: d_1 + a (S - d_1 - d_2) [payoff].

    Args:
        unknown: a, d_1, d_2 as in `Division`.
        surplus: S, what there is to divide [payoff].
        shifter: What multiplies each party's disagreement payoff in each deal [1].

    Reference:
        Asymmetric Nash with a transferable surplus (Kalai 1977).
    """
    power, first, second = unknown[0], unknown[1] * shifter[:, 0], unknown[2] * shifter[:, 1]
    return first + power * (surplus - first - second)


def rank(division: Division, surplus: ArrayLike, shifter: ArrayLike | None = None) -> int:
    """How many combinations of power and the two disagreement payoffs the observed payoffs of deals pin down.

    Args:
        division: Where to look.
        surplus: What each deal divided, (deal) [payoff].
        shifter: What moves each party's disagreement payoff and not the surplus, (deal, party); all 1 if left out.

    Returns:
        1 if the surplus never varies; 2 if it does, for the two disagreement payoffs then enter only as
        (1 - a) d_1 - a d_2; 3 if each party has a shifter of its own besides.

    Raises:
        BargainError: Power outside 0 to 1, or a number that is not finite.

    Reference:
        Chiappori, Donni and Komunjer (2012), "Learning from a piece of pie".
    """
    bounds.chance(division.power, "bargaining power")
    size = bounds.finite(surplus, "surplus")
    moved = jnp.ones((len(size), 2)) if shifter is None else bounds.finite(shifter, "shifter")
    slope = np.asarray(jax.jacfwd(payoffs)(jnp.array(division, dtype=float), size, moved))
    return int(np.linalg.matrix_rank(slope, tol=SMALL * np.linalg.norm(slope, 2)))
