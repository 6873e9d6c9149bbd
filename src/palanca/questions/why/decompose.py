"""Takes one month's change of encounters apart: season, carry-over, surprises, Mexico's effort and all else.

The month is run again from the world as it stood at its start, with each part either as in the month before or as it
was: one world for every choice. A part's share is what it adds to the log of all encounters, averaged over the orders
in which the parts can be switched (Shapley), so that the shares sum to the change, exactly and in every draw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.bargain import shapley
from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.infer.history import PreparedCase
from palanca.infer.posterior import AbstractDraws
from palanca.kernel.keys import normals
from palanca.model import month as monthly
from palanca.model import run
from palanca.model.fixed import Fixed
from palanca.model.run import CorridorInputs, fixed
from palanca.model.surprise import lean, own_variance
from palanca.model.world import CorridorFigures, MonthInputs, Outside, Shocks, Surprise
from palanca.policy.follow import Gates
from palanca.policy.levers import LeverLevels
from palanca.questions.forecast.project import CHUNK
from palanca.questions.why.worlds import split
from palanca.spec.schema import Case

SWITCHED = {
    "season": "Season: the calendar month in which people set out",
    "carry": "Carry-over: earlier surprises fade or go on",
    "shared": "Surprise shared by all origins",
    "own": "Surprises of single origins",
    "declared": "Mexico's effort as the levers declare it",
    "delivered": "Mexico's effort delivered beyond what is declared",
    "rest": "What follows encounters, other levers, jobs",
}
UNDER_WAY = "under way"
PARTS = {UNDER_WAY: "Already under way: people on hold, and hopes that follow"} | SWITCHED
EARLIEST = 3  # months before it that a carry-over needs
Values = dict[str, Array]
Leaves = TypeVar("Leaves")


@dataclass(frozen=True, eq=False)
class Shares:
    """A change taken apart.

    Args:
        month: The month, compared with the one before.
        parts: Share of each part of `PARTS`, (draw) [log points]; they sum to `change`.
        change: Log change of all encounters as the model replays it, (draw) [log points].
        seen: The same in the figures [log points].
    """

    month: Month
    parts: dict[str, np.ndarray]
    change: np.ndarray
    seen: float


class Turn(NamedTuple):
    """What one month brought; surprises and delivered effort in logs, `practised` as in `MonthInputs`."""

    outside: Outside
    figures: CorridorFigures
    levers: LeverLevels
    practised: LeverLevels
    gates: Gates
    surprise: Array
    effort: Array
    crowd: Array


def decompose(setting: PreparedCase, fit: AbstractDraws, month: Month, *, draws: int = 200, key: int = 1) -> Shares:
    """Take the change from the month before apart, over draws of the parameters.

    Args:
        setting: From `history.prepare`.
        fit: Fitted parameters.
        month: The month.
        draws: How many draws.
        key: Same key, same bits.

    Raises:
        UsageError: The month lies outside the case or too early in it.
    """
    check(setting.case, month)
    place = setting.case.span.span.position(month)
    free = fit.draws(key, range(draws))
    noise = normals(key, f"decompose/{month}", range(draws), ())
    blocks = []
    for first in range(0, draws, CHUNK):
        chosen = np.minimum(np.arange(first, first + CHUNK), draws - 1)
        values = fit.layout.constrain(jnp.asarray(free[:, chosen]))
        worth, before = _worths(setting.inputs, values, jnp.asarray(place), jnp.asarray(noise[chosen]))
        width = min(CHUNK, draws - first)
        blocks.append((np.asarray(worth)[:, :width], np.asarray(before)[:width]))
    worth = np.concatenate([block[0] for block in blocks], axis=1)
    before = np.concatenate([block[1] for block in blocks])
    total = np.asarray(setting.inputs.figures.encounters).sum(axis=1)
    shares = dict(zip(SWITCHED, shapley.shares(worth), strict=True))
    return Shares(
        month=month,
        parts={UNDER_WAY: worth[0] - before} | shares,
        change=worth[-1] - before,
        seen=float(np.log(total[place] / total[place - 1])),
    )


def check(case: Case, month: Month) -> None:
    """Refuse a month whose change cannot be taken apart.

    Raises:
        UsageError: It lies outside the case or too early in it.
    """
    span = case.span.span
    if month not in span or month - span.first < EARLIEST:
        raise UsageError(
            "no change to take apart",
            where=str(month),
            expected=f"a month from {span.first + EARLIEST} to {span.last}",
        )


@jax.jit
def _worths(inputs: CorridorInputs, values: Values, place: Array, noise: Array) -> tuple[Array, Array]:
    """Log of all encounters in every world, (world, draw), and in the month before, (draw)."""
    kept = fixed(inputs.corridor, values)
    shocks, (worlds, gates) = run.replay(inputs, values, lambda lived, _: (lived.before, lived.gates))
    world = jax.tree.map(lambda leaf: leaf[place], worlds)
    then, now = (_turn(inputs, gates, shocks, place + shift) for shift in (-1, 0))
    expected = lean(
        then.surprise,
        jnp.log(shocks.factor[place - 2]),
        values["shock_persistence"],
        values["shock_momentum"],
    )
    own = own_variance(values["shock_sd"], inputs.figures.encounters[place - 1][:, None], values["shock_thin"])
    common, alone = split(now.surprise - expected, own, values["shock_shared"], noise)
    steps = (expected - then.surprise, common, alone)

    def worth(switched: Array) -> Array:
        on = dict(zip(SWITCHED, switched, strict=True))
        surprise = then.surprise + sum(on[n] * s for n, s in zip(("carry", "shared", "own"), steps, strict=True))
        given = _given((then, now), surprise, on, kept)
        return jnp.log(monthly.live(world, given, kept).world.encounters)

    return jax.lax.map(worth, jnp.asarray(shapley.subsets(len(SWITCHED)), dtype=float)), jnp.log(world.encounters)


def _turn(inputs: CorridorInputs, lived: Gates, shocks: Shocks, place: Array) -> Turn:
    told, then = run.practised(inputs)
    brought = (inputs.outside, told, inputs.levers, inputs.levers if then is None else then, lived)
    outside, figures, levers, practised, gates = jax.tree.map(lambda leaf: leaf[place], brought)
    surprise, effort = jnp.log(shocks.factor[place]), jnp.log(shocks.effort[place])
    return Turn(outside, figures, levers, practised, gates, surprise, effort, jnp.exp(inputs.figures.crowding[place]))


def _given(turns: tuple[Turn, Turn], surprise: Array, on: dict[str, Array], kept: Fixed) -> MonthInputs:
    """What the month brings with each part as in the month before or as it was."""
    then, now = turns

    def chosen(part: str, old: Leaves, new: Leaves) -> Leaves:
        picked: Leaves = jax.tree.map(lambda a, b: jnp.where(on[part] > 0.0, b, a), old, new)
        return picked

    outside = replace(
        chosen("rest", then.outside, now.outside),
        calendar_month=chosen("season", then.outside.calendar_month, now.outside.calendar_month),
    )
    levers = replace(
        chosen("rest", then.levers, now.levers),
        effort=chosen("declared", then.levers.effort, now.levers.effort),
    )
    figures = chosen("rest", then.figures, now.figures)
    return MonthInputs(
        outside=outside,
        levers=levers,
        figures=figures,
        practised=chosen("rest", then.practised, now.practised),
        gates=chosen("rest", then.gates, now.gates),
        crowd=chosen("rest", then.crowd, now.crowd),
        surprise=Surprise(jnp.exp(surprise), None, jnp.exp(chosen("delivered", then.effort, now.effort))),
        set_out_season=_set_out_season(then.outside, on["season"], kept),
    )


def _set_out_season(last: Outside, on: Array, kept: Fixed) -> Array:
    """With the season off, those who set out in earlier months are put in the season of one month before theirs.

    They arrive this month, but set out in the season of the last two: the month before met them one month earlier
    in the year. Without this, part of the season would pass for people already under way.
    """
    one, two, three = (monthly.season((last.calendar_month - k) % 12.0, monthly.years(last), kept) for k in range(3))
    return (1.0 - on) * jnp.stack([two - one, three - two])
