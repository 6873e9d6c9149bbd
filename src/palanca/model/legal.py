"""Carries the queues of a scheme's procedures from month to month, beside the world."""

from __future__ import annotations

from dataclasses import dataclass, replace

from palanca.flows import procedures
from palanca.flows.procedures import Behaviour, ProcedureRules, Procedures, Queues
from palanca.model.month import Lived
from palanca.model.world import MonthInputs, World


@dataclass(frozen=True)
class InProcedures:
    """A world in which procedures are open; everything else is as given.

    Args:
        months: What is open in each month, month first.
        behaviour: How people answer to it.
    """

    months: ProcedureRules
    behaviour: Behaviour

    def begin(self, world: World) -> Queues:
        """Nobody has applied yet."""
        origins, groups, draws = world.waiting.shape
        count = self.months.pools.shape[-2]
        return procedures.nobody(count, (origins, groups), draws)

    def meet(self, state: Queues, world: World, given: MonthInputs, now: ProcedureRules) -> tuple[Queues, MonthInputs]:
        """The month, with the procedures and those who are in them."""
        return state, replace(given, procedures=Procedures(now, self.behaviour, state))

    def learn(self, state: Queues, lived: Lived) -> Queues:
        """Those who are in them at its end."""
        assert lived.legal is not None
        return lived.legal.queues
