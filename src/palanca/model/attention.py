"""Governments that answer to attention: the log of last month's encounters over what they are used to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float

from palanca.kernel.axes import Scalar
from palanca.model.month import Lived
from palanca.model.world import MonthInputs, World
from palanca.policy.follow import STAGES

USUAL_MONTHS = 12.0  # what governments take for usual fades over a year


@register_dataclass
@dataclass(frozen=True)
class Reaction:
    """How governments answer to attention; zeros for governments that do not.

    Args:
        gates: Monthly move of each gate per unit of attention, (gate) or (gate, draw) [log odds].
        effort: Monthly move of the log of delivered effort per unit of attention, single or (draw) [log points].
    """

    gates: Float[Array, " gate *draw"]
    effort: Float[Array, "*draw"]


@register_dataclass
@dataclass(frozen=True)
class ReactionState:
    """What governments have made of attention up to a month.

    Args:
        usual: Log of the encounters that they are used to once they have seen last month's [log points].
        usual_before: The same before.
        attention: Attention in this month [log points].
        gates: What each gate has moved by, (gate, draw) [log odds].
        effort: What the log of delivered effort has moved by [log points].
    """

    usual: Scalar
    usual_before: Scalar
    attention: Scalar
    gates: Float[Array, "gate draw"]
    effort: Scalar


@register_dataclass
@dataclass(frozen=True)
class ToAttention:
    """Moves gates and delivered effort as attention differs from that of another world.

    Args:
        rule: How governments answer.
        usual: Log of the encounters that they are used to before the first month [log points].
        compared: Attention in the world compared with, by month [log points].
        push: Added to the log of delivered effort besides, by month [log points].
    """

    rule: Reaction
    usual: Scalar
    compared: Float[Array, "month draw"]
    push: Float[Array, "month draw"]

    @property
    def months(self) -> tuple[Array, Array]:
        """Attention compared with, and what is added to effort."""
        return self.compared, self.push

    def begin(self, world: World) -> ReactionState:
        """Nobody has answered yet."""
        nothing = jnp.zeros_like(self.usual)
        return ReactionState(self.usual, self.usual, nothing, jnp.zeros((len(STAGES), *nothing.shape)), nothing)

    def meet(
        self, state: ReactionState, world: World, given: MonthInputs, now: tuple[Array, Array]
    ) -> tuple[ReactionState, MonthInputs]:
        """Governments look at last month's encounters and answer."""
        compared, push = now
        attention = jnp.log(jnp.maximum(world.encounters, 1.0)) - state.usual
        rule = self.rule.gates if self.rule.gates.ndim > 1 else self.rule.gates[:, None]
        gates = state.gates + rule * (attention - compared)
        effort = state.effort + self.rule.effort * (attention - compared)
        assert given.surprise is not None
        moved = replace(
            given,
            gates_moved=gates if given.gates_moved is None else given.gates_moved + gates,
            surprise=replace(given.surprise, effort=given.surprise.effort * jnp.exp(effort + push)),
        )
        return ReactionState(state.usual + attention / USUAL_MONTHS, state.usual, attention, gates, effort), moved

    def learn(self, state: ReactionState, lived: Lived) -> ReactionState:
        """They look again when the next month begins."""
        return state


def usual_at(world: World) -> Scalar:
    """What governments are used to where nothing is known but last month's encounters [log points]."""
    return jnp.log(jnp.maximum(world.encounters, 1.0))
