"""What people believe their chance of being let in to be: outcomes move it fast, words move it and fade."""

from __future__ import annotations

from jax import Array

from palanca.flows.params import FlowParams
from palanca.kernel.axes import PerCell
from palanca.kernel.curves import log_odds


def update(belief: PerCell, let_in: Array, params: FlowParams) -> PerCell:
    """Move belief towards the log odds of being let in under this month's rules.

    Args:
        belief: Belief at the end of last month [log odds].
        let_in: Chance that an encounter ends in being let in [chance].
        params: Uses `belief_speed` [share per month].

    Returns:
        Belief this month [log odds].

    Reference:
        Equation F2a of docs/model.md.
    """
    return (1.0 - params.belief_speed) * belief + params.belief_speed * log_odds(let_in, 0.01)


def hear(news: PerCell, spoken: Array, params: FlowParams) -> PerCell:
    """Let old words fade by their half-life and add those spoken this month [log odds].

    Reference:
        Equation F2b of docs/model.md.
    """
    return news * 0.5 ** (1.0 / params.news_half_life) + spoken
