"""People who arrive under a package: groups, each thinned exponentially by what is agreed."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float


@register_dataclass
@dataclass(frozen=True)
class Flow:
    """Groups of people, each thinned exponentially by every issue: A(z) = sum_g size_g exp(-rate_g . z).

    Convex and falling, so that a dislike of arrivals is concave.

    Attributes:
        size: Gross outflow of each group [people / month].
        rate: How strongly a unit of each issue holds back each group, 0 where it does not [1 / unit of issue].
    """

    size: Float[Array, " group"]
    rate: Float[Array, "group issue"]

    def arrivals(self, package: Float[Array, " issue"]) -> Float[Array, ""]:
        """People arriving in a month [people / month]."""
        return jnp.sum(self.size * jnp.exp(-self.rate @ package))

    def held_fixed(self, issues: Float[Array, " issue"], at: Float[Array, " issue"]) -> Flow:
        """A world in which the issues marked 1 do what they do at their level in `at`, whatever is agreed."""
        return Flow(self.size * jnp.exp(-self.rate @ (issues * at)), self.rate * (1.0 - issues))
