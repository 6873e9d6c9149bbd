"""What changes from month to month, and what a month brings, in immutable records."""

from __future__ import annotations

from dataclasses import dataclass

from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float, Int

from palanca.flows.procedures import Procedures
from palanca.kernel.axes import PerCell, PerOrigin, Scalar
from palanca.policy.follow import Gates
from palanca.policy.levers import LeverLevels


@register_dataclass
@dataclass(frozen=True)
class World:
    """The state at the start of a month.

    Args:
        belief: Believed chance of being let in [chance].
        news: Words in the air about being let in, -1 to 1 [words].
        warned: Warnings in the air, 0 to 1 [words].
        dread: Dread with which people set out [share].
        set_out_1: Setting out last month, before the surprise [people / month].
        set_out_2: The same two months ago.
        south: Stopped and sent back, coming again this month [people].
        waiting: At the line, not yet crossed [people].
        again: Expelled or sent back over the line, crossing again this month [people].
        abroad: Made to wait in the transit country for a court [people].
        returned: Expelled or returned to the transit country, not trying again, and still there [people].
        effort: Last month's delivered effort [effort].
        usual: Factor on newcomers that people are used to; replay alone uses it.
        encounters: Last month's encounters between ports [people / month].
    """

    belief: PerCell
    news: PerCell
    warned: PerCell
    dread: PerCell
    set_out_1: PerCell
    set_out_2: PerCell
    south: PerCell
    waiting: PerCell
    again: PerCell
    abroad: PerCell
    returned: PerCell
    effort: Scalar
    usual: PerOrigin
    encounters: Scalar


@register_dataclass
@dataclass(frozen=True)
class Outside:
    """What comes from outside the model, by month; no axis of draws.

    Args:
        calendar_month: 0 for January.
        jobs: Job openings, deviation from their mean [standard deviations].
        democracy: Liberal democracy at the origin of the year before, change since that before the first [index].
        income: Log income per head at the origin, change since the first year [log points].
        oil: Log oil revenue of the twelve months before, change since those before the first [log points]; zero where
            a country does not live by oil.
        knot: Yearly knot before the month.
        way: Share of the way to the next knot.
        port_let_in: Share of port encounters that end in being let in [share].
    """

    calendar_month: Float[Array, "*month"]
    jobs: Float[Array, "*month"]
    democracy: Float[Array, "*month origin"]
    income: Float[Array, "*month origin"]
    oil: Float[Array, "*month origin"]
    knot: Float[Array, "*month"]
    way: Float[Array, "*month"]
    port_let_in: Float[Array, "*month"]


@register_dataclass
@dataclass(frozen=True)
class CarriedFrom:
    """Places of the months from which figures that are no longer published are carried on, by month.

    Args:
        gates: The last month whose gates were published: the month itself where they are.
        returns: The last month whose returns were published; the month itself before any were.
    """

    gates: Int[Array, "*month"]
    returns: Int[Array, "*month"]


@register_dataclass
@dataclass(frozen=True)
class CorridorFigures:
    """What replay solves from, by month.

    Args:
        encounters: Border Patrol encounters [people / month].
        stops: People stopped by the transit country [people / month].
        stops_source: 0 not published yet, 1 published, 2 to be derived from returns, -1 no longer published.
        returns: People removed by the transit country, the last known where no longer published [people / month].
        returns_known: 1 where published or carried on.
        gates: What followed encounters, as log odds of each gate; the last known where no longer published.
        crowding: Last month's encounters over the reference [log points].
        carried: From which months gates and returns are carried on; None if every month told has its own.
    """

    encounters: Float[Array, "*month origin"]
    stops: Float[Array, "*month"]
    stops_source: Float[Array, "*month"]
    returns: Float[Array, "*month"]
    returns_known: Float[Array, "*month"]
    gates: Gates
    crowding: Float[Array, "*month"]
    carried: CarriedFrom | None = None


@register_dataclass
@dataclass(frozen=True)
class Shocks:
    """The surprises that replay solved, by month; a what-if keeps them.

    Args:
        factor: Surprise of each origin, as a factor on newcomers.
        pace: Share of those on hold who move [share].
        effort: Delivered effort under the recorded levers [effort].
        slope: Elasticity of encounters to the factor.
        effort_slope: Elasticity of one more than the stops to the effort, encounters being what they are.
        at_bound: 1 where a figure lies outside what the model can reach.
    """

    factor: Float[Array, "*month origin draw"]
    pace: Float[Array, "*month origin draw"]
    effort: Float[Array, "*month draw"]
    slope: Float[Array, "*month origin draw"]
    effort_slope: Float[Array, "*month draw"]
    at_bound: Float[Array, "*month origin draw"]

    @property
    def surprise(self) -> Surprise:
        """What a world that shares them meets."""
        return Surprise(self.factor, self.pace, self.effort)


@register_dataclass
@dataclass(frozen=True)
class Surprise:
    """What no lever explains, by month.

    Args:
        factor: Factor on newcomers of each origin.
        pace: Share of those on hold who move [share]; None for what the factor and habit make of it (equation F5).
        effort: Delivered effort under the recorded levers [effort].
    """

    factor: Float[Array, "*month origin draw"]
    pace: Float[Array, "*month origin draw"] | None
    effort: Float[Array, "*month draw"]


@register_dataclass
@dataclass(frozen=True)
class MonthInputs:
    """What a month brings to a world, by month.

    Args:
        outside: What comes from outside the model.
        levers: Levers of this world.
        figures: Figures that the world is measured against: its own to be replayed, or those of the record.
        recorded: Levers under which the figures came about; None if they are those of this world.
        practised: The same where gates and returns are carried on from months before; None if those recorded.
        gates: What follows an encounter, (origin, group, draw or 1), where it is given; None if levers make it.
        gate_given: 1 where `gates` counts, by gate; None if it counts everywhere.
        practice: Gates beyond what levers and crowding make of them; None for what the figures show.
        gates_moved: Added to each gate, (gate, draw) [log odds].
        surprise: What no lever explains; None if it is to be solved from the figures.
        effort: Delivered effort where the figures have no stops, to be solved; None for that of early months.
        returned: Most of those stopped who are removed, where the figures are still to be made [share].
        crowd: Encounters of the month before over the reference, by which the dead thin out [index]; None for this
            world's own.
        set_out_season: Season of those who set out one and two months ago, less that in which they did, (ago, origin,
            group, draw) [log points]; None leaves them in it.
        procedures: Legal ways of a scheme and the people in them; None where there is none, as in the record.
    """

    outside: Outside
    levers: LeverLevels
    figures: CorridorFigures
    recorded: LeverLevels | None = None
    practised: LeverLevels | None = None
    gates: Gates | None = None
    gate_given: Gates | None = None
    practice: Gates | None = None
    gates_moved: Float[Array, "*month gate draw"] | None = None
    surprise: Surprise | None = None
    effort: Float[Array, "*month draw"] | None = None
    returned: Float[Array, "*month draw"] | None = None
    crowd: Float[Array, "*month"] | None = None
    set_out_season: Float[Array, "*month ago origin group draw"] | None = None
    procedures: Procedures | None = None
