"""The months ahead with governments that answer by the rules of their ledger: deals are struck, lift effort, and fade.

Practice answers to attention as in any forecast in which governments react (P9); effort follows deals: what is in force
fades unless a new deal renews it, and deals come with the chance that the ledger's quarters had in the like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import jax.numpy as jnp
import numpy as np
from scipy.special import ndtr

from palanca.core.clock import Month
from palanca.core.errors import UnsettledError
from palanca.infer.history import PreparedCase
from palanca.kernel.keys import normals
from palanca.model.attention import USUAL_MONTHS, Reaction
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.run import CorridorInputs, Values
from palanca.policy.levers import LeverLevels
from palanca.questions.forecast import worlds
from palanca.questions.forecast.worlds import DrawnSurprises, Known, MonthsAhead
from palanca.questions.ledger import rules
from palanca.questions.ledger.rules import Rules

ROUTINE = 1.0


@dataclass(frozen=True, eq=False)
class Dealing:
    """Governments that deal in the months ahead.

    Args:
        inputs: The corridor.
        path: Levers as they are.
        reaction: How practice answers to attention; effort follows deals instead.
        rules: When deals come and what they do, of every draw.
        noise: What decides whether one comes, (month, draw) [0 to 1].
        start: What earlier deals still add when the months begin [log points].
    """

    inputs: CorridorInputs
    path: MonthsAhead
    reaction: Reaction
    rules: Rules
    noise: np.ndarray
    start: float

    def live(self, at: Known, drawn: DrawnSurprises, values: Values, chosen: np.ndarray) -> MonthlyOutcomes:
        """The months ahead of some draws, lived again until deals and attention agree.

        Raises:
            UnsettledError: They never do.
        """
        rules_of, (months, _) = self.rules.some(chosen), self.noise.shape
        lift, power = np.zeros((months, len(chosen))), np.asarray(values["effort_power"])  # F4b of docs/model.md
        for _ in range(months + 1):  # a month's deals rest on the months before it: every pass settles one more
            effort = drawn.surprise.effort * jnp.exp(jnp.asarray(lift))
            pushed = replace(drawn, surprise=replace(drawn.surprise, effort=effort))
            seen = worlds.altered(self.inputs, at, self.path, pushed, self.reaction, values)
            came = np.asarray(seen.encounters).sum(axis=(1, 2))
            heard = attention(came, float(at.figures.encounters.sum()), np.asarray(at.usual))
            wanted = power * (rules.lifted(rules_of, heard, self.noise[:, chosen], self.start) - self.start)
            if np.array_equal(wanted, lift):
                found: MonthlyOutcomes = seen
                return found
            lift = wanted
        raise UnsettledError("deals and attention chase each other", found=f"{months + 1} passes")


def dealing(
    setting: PreparedCase,
    months: tuple[Sequence[Month], int],
    path: MonthsAhead,
    reaction: Reaction,
    *,
    draws: int,
    key: int,
) -> Dealing:
    """Learn the rules of deals, and draw what decides when they come.

    Args:
        setting: From `history.as_known` at the last known month; its case needs a ledger and a bargaining table.
        months: The months ahead, and the place of the last known one.
        path: Levers as they are.
        reaction: How practice answers to attention.
        draws: How many paths.
        key: Same key, same bits.
    """
    ahead, last = months
    return Dealing(
        inputs=setting.inputs,
        path=path,
        reaction=replace(reaction, effort=jnp.zeros(())),
        rules=rules.learned(setting, draws=draws, key=key, until=ahead[0] + -1).over(list(ahead)),
        noise=ndtr(normals(key, "forecast/deals", range(draws), (len(ahead),))),
        start=in_force(setting.inputs.levers, last),
    )


def in_force(levers: LeverLevels, place: int) -> float:
    """Log of declared effort over routine control in a month, which earlier deals are taken to have added."""
    return float(np.log(max(float(np.asarray(levers.effort)[place].max()), ROUTINE)))


def attention(came: np.ndarray, before: float, usual: np.ndarray) -> np.ndarray:
    """Log of last month's encounters over what governments are used to, (month, draw) [log points].

    Args:
        came: Encounters of the months ahead, (month, draw).
        before: Encounters of the last known month.
        usual: Log of what they were used to then, (draw).
    """
    last, rows = np.full_like(usual, np.log(max(before, 1.0))), []
    for month in came:
        rows.append(last - usual)
        usual = usual + (last - usual) / USUAL_MONTHS
        last = np.log(np.maximum(month, 1.0))
    return np.stack(rows)
