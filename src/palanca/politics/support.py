"""Approval of a government as attention to arrivals rises.

On the figures of the us-mexico case the answer is hardly told from none; its label in the shipped fit says so.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Float

from palanca.kernel.curves import logistic


def approval_share(
    base: Float[ArrayLike, "*#draw"], log_attention: Float[ArrayLike, "*#draw"], loss: Float[ArrayLike, "*#draw"]
) -> Float[Array, "*#draw"]:
    """Share of adults who approve [share].

    Args:
        base: Approval at usual attention [log odds]; a president's own.
        log_attention: Log of attention [0 at the usual].
        loss: Log odds lost per unit of log attention; 0 turns the answer off.

    Reference:
        Equation N5 of docs/model.md: log odds = base - loss * log attention.
    """
    return logistic(jnp.asarray(base) - jnp.asarray(loss) * jnp.asarray(log_attention))
