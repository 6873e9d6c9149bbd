"""What stays the same through the months of a run: the corridor and the parameters, ready for the mechanisms."""

from __future__ import annotations

from dataclasses import dataclass

from jax import Array
from jax.tree_util import register_dataclass

from palanca.flows.corridor import CorridorShape
from palanca.flows.params import FlowParams
from palanca.policy.params import PolicyParams


@register_dataclass
@dataclass(frozen=True)
class Fixed:
    """What stays the same through the months of a run.

    Args:
        corridor: What is fixed about the corridor.
        flows: How people move.
        policy: What levers make of gates.
        appeal: Weights of sectors.
        effort_routine: Effort to which delivery leans back, (draw) [effort].
        delivery_persistence: Part of its gap to routine that is there a month later, (draw) [share].
    """

    corridor: CorridorShape
    flows: FlowParams
    policy: PolicyParams
    appeal: Array
    effort_routine: Array
    delivery_persistence: Array
