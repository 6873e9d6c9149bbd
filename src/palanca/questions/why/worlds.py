"""Runs the months between two again, with every cause as it was in the first month or as it came, in compiled code.

In a world a cause that is off stays as it was in the first month, in all months after it; a cause that is on is as
history had it. With all on, history comes back; with all off, what comes is what was under way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import jax
import jax.numpy as jnp
from jax import Array
from jax.tree_util import register_dataclass
from jaxtyping import Float

from palanca.model import month as monthly
from palanca.model import run
from palanca.model.fixed import Fixed
from palanca.model.month import Lived
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.run import CorridorInputs, fixed
from palanca.model.surprise import lean, own_variance
from palanca.model.world import CorridorFigures, MonthInputs, Outside, Shocks, Surprise, World
from palanca.policy.follow import STAGES, Gates
from palanca.policy.levers import LeverLevels
from palanca.questions.outcomes import OutcomeQuery
from palanca.questions.why.causes import CAUSES, FIELDS, HOLDERS, SharedLevers
from palanca.questions.why.months import MOST

HARM = ("deaths", "held")
CARRY, SHARED, OWN = range(3)  # places of the paths of a window
WORLDS = 64  # run by one call of the compiled code
SIDE_BY_SIDE = 8  # of them at the same time
Values = dict[str, Array]
On = dict[str, Array]


@register_dataclass
@dataclass(frozen=True)
class Moments:
    """What came from outside a world, in one month or in many; months first if there are many, draws last.

    Args:
        outside: Seasons and outside series.
        figures: Figures as published.
        levers: Levers as recorded.
        held: Levers that several governments hold, by holder.
        places: Lawful places by parole [people / month].
        effort: Log of the delivered effort, (draw).
        practice: Gates beyond what levers and crowding make of them [log odds].
        used: Which gates were in use, (gate, origin, group).
        removal: Capacity to remove under which the figures of returns came about.
        crowd: Encounters of the month before as published, over the reference.
    """

    outside: Outside
    figures: CorridorFigures
    levers: LeverLevels
    held: SharedLevers
    places: Float[Array, "*month"]
    effort: Float[Array, "*month draw"]
    practice: Gates
    used: Float[Array, "gate *month origin group"]
    removal: Float[Array, "*month"]
    crowd: Float[Array, "*month"]


@register_dataclass
@dataclass(frozen=True)
class WhyWindow:
    """The months between two, ready to be run again.

    Args:
        values: Parameters.
        world: The world after the first month.
        then: The first month.
        now: The months after it, padded to `MOST`.
        surprise: Log surprises of the first month, (origin, draw).
        paths: Where earlier surprises lead, and what shared and own new ones add, (path, month, origin, draw).
        horizon: How many months after the first are run.
    """

    values: Values
    world: World
    then: Moments
    now: Moments
    surprise: Float[Array, "origin draw"]
    paths: Float[Array, "path month origin draw"]
    horizon: Array


@partial(jax.jit, static_argnames="asked")
def window(
    inputs: CorridorInputs,
    record: tuple[SharedLevers, Array],
    values: Values,
    at: tuple[Array, Array],
    noise: Array,
    asked: OutcomeQuery,
) -> tuple[WhyWindow, Array]:
    """Replay history and cut out the months after one.

    Args:
        inputs: The corridor.
        record: Levers by holder, and lawful places by parole, (month) [people / month].
        values: Parameters, draw last.
        at: Place of the first month, and how many months after it.
        noise: Standard normals, (month, draw): what the surprises leave open of their shared part.
        asked: The outcome.

    Returns:
        The window; and every month as replay has it, (month, quantity, draw): the outcome, then those of `HARM`.
    """
    kept, (place, horizon) = fixed(inputs.corridor, values), at

    def beside(lived: Lived, _: None) -> tuple[World, Array]:
        harm = (getattr(lived.outcomes, name).sum(axis=0) for name in HARM)
        return lived.world, jnp.stack([_read(lived.outcomes, asked), *harm])

    shocks, (worlds, course) = run.replay(inputs, values, beside)
    world = jax.tree.map(lambda leaf: leaf[place], worlds)
    course = course.at[:, 0].add(asked.parole(record[1])[:, None])
    log = jnp.log(shocks.factor)
    months = jnp.minimum(place + 1 + jnp.arange(MOST), inputs.figures.encounters.shape[0] - 1)
    one, many = (_moments(inputs, record, shocks, rows, kept) for rows in (place, months))
    steps = _innovations(log, inputs.figures.encounters, months, values, noise)
    paths = _paths((log[place], log[place - 1]), steps, values)
    return WhyWindow(values, world, one, many, log[place], paths, horizon), course


@partial(jax.jit, static_argnames="asked")
def worths(inputs: CorridorInputs, given: WhyWindow, on: Array, asked: OutcomeQuery) -> Array:
    """The outcome of the last month in many worlds.

    Args:
        inputs: The corridor.
        given: The months.
        on: Which causes are as they came, (world, cause) in the order of `CAUSES`.
        asked: The outcome.

    Returns:
        (world, draw).
    """
    kept = fixed(inputs.corridor, given.values)

    def worth(row: Array) -> Array:
        chosen = dict(zip(CAUSES, row, strict=True))

        def select(lived: Lived, _: None) -> Array:
            return _read(lived.outcomes, asked)

        def brought(i: Array) -> MonthInputs:
            return _given(given, i, chosen, kept)

        found = run.last(given.world, brought, kept, given.horizon, jnp.zeros_like(given.then.effort), select)
        opened = jnp.where(chosen["ways"] > 0.0, given.now.places[given.horizon - 1], given.then.places)
        return found + asked.parole(opened)

    return jax.lax.map(worth, on, batch_size=SIDE_BY_SIDE)


def _read(seen: MonthlyOutcomes, asked: OutcomeQuery) -> Array:
    """The outcome of a month, without lawful places by parole, (draw)."""
    return asked.of({name: getattr(seen, name)[None] for name in asked.outcome.fields}, jnp.zeros(1))[0]


def _cut(held: SharedLevers, at: Array) -> SharedLevers:
    return jax.tree.map(lambda leaf: leaf[:, at], held)


def _moments(
    inputs: CorridorInputs, record: tuple[SharedLevers, Array], shocks: Shocks, at: Array, kept: Fixed
) -> Moments:
    """One month, or many, with practice told from levers (equation F6a of docs/model.md)."""
    told, then = run.practised(inputs)
    given = (inputs.outside, told, inputs.levers, record[1], inputs.levers if then is None else then)
    outside, figures, levers, places, came = jax.tree.map(lambda leaf: leaf[at], given)

    def beyond(figures: CorridorFigures, levers: LeverLevels) -> Gates:
        return monthly.practice(MonthInputs(inputs.outside, levers, figures), kept.policy)

    practice = jax.vmap(beyond)(figures, came) if jnp.ndim(at) > 0 else beyond(figures, came)
    always = jnp.ones_like(levers.order)
    used = jnp.stack([(levers.order > 0.0) * always, (levers.wait_abroad > 0.0) * always, always, always])
    effort = jnp.log(shocks.effort[at])
    crowd = jnp.exp(inputs.figures.crowding[at])
    return Moments(outside, figures, levers, _cut(record[0], at), places, effort, practice, used, came.removal, crowd)


def split(step: Array, own: Array, shared: Array, noise: Array) -> tuple[Array, Array]:
    """Draw the part of all origins' surprises that they share, given the surprises.

    Args:
        step: Surprise beyond what was to be expected, (origin, draw) [log points].
        own: Variance of each origin's own part, (origin, draw).
        shared: Standard deviation of the shared part, (draw).
        noise: Standard normal, (draw): what the surprises leave open.

    Returns:
        The shared part, the same for all, and each origin's own, (origin, draw); they sum to `step`.

    Reference:
        The normal regression of one shared factor, given equation O1 of docs/model.md.
    """
    precision = shared**-2 + jnp.sum(1.0 / own, axis=0)
    common = jnp.sum(step / own, axis=0) / precision + noise / jnp.sqrt(precision)
    everyone = jnp.broadcast_to(common, step.shape)
    return everyone, step - everyone


def _innovations(log: Array, encounters: Array, months: Array, values: Values, noise: Array) -> tuple[Array, Array]:
    """New surprises of every month, shared and own, (month, origin, draw)."""
    expected = lean(log[months - 1], log[months - 2], values["shock_persistence"], values["shock_momentum"])
    own = own_variance(values["shock_sd"], encounters[months - 1][..., None], values["shock_thin"])
    return jax.vmap(lambda step, wide, free: split(step, wide, values["shock_shared"], free))(
        log[months] - expected, own, noise
    )


def _paths(last: tuple[Array, Array], steps: tuple[Array, Array], values: Values) -> Array:
    """Surprises after a month as a sum of three: earlier ones, new shared ones, new own ones (equation O1)."""
    nothing = jnp.zeros_like(last[0])

    def path(begin: tuple[Array, Array], added: Array) -> Array:
        def follow(carry: tuple[Array, Array], step: Array) -> tuple[tuple[Array, Array], Array]:
            new = lean(*carry, values["shock_persistence"], values["shock_momentum"]) + step
            return (new, carry[0]), new

        return jax.lax.scan(follow, begin, added)[1]

    rest = (nothing, nothing)
    return jnp.stack([path(last, jnp.zeros_like(steps[0])), path(rest, steps[0]), path(rest, steps[1])])


def _given(window: WhyWindow, i: Array, on: On, kept: Fixed) -> MonthInputs:
    """What a month brings to one world.

    Declared enforcement carries with its power (equation F4b of docs/model.md), as in a what-if.
    """
    then = window.then
    now = _of_month(window.now, i)

    def chosen(cause: str, old: Array, new: Array) -> Array:
        return jnp.where(on[cause] > 0.0, new, old)

    outside = jax.tree.map(partial(chosen, "outside"), then.outside, now.outside)
    outside = replace(
        outside,
        calendar_month=chosen("season", then.outside.calendar_month, now.outside.calendar_month),
        port_let_in=chosen("practice", then.outside.port_let_in, now.outside.port_let_in),
    )
    levers = _levers(then, now, on)
    return MonthInputs(
        outside=outside,
        levers=levers,
        figures=jax.tree.map(partial(chosen, "practice"), then.figures, now.figures),
        recorded=replace(
            levers,
            removal=chosen("practice", then.removal, now.removal),
        ),
        practice=_practice(then, now, on),
        crowd=chosen("practice", then.crowd, now.crowd),
        surprise=Surprise(
            factor=jnp.exp(_surprise(window, i, on)),
            pace=None,
            effort=jnp.exp(chosen("delivered", then.effort, now.effort)),
        ),
        set_out_season=_set_out_season(then.outside, i, on["season"], kept),
    )


def _of_month(many: Moments, i: Array) -> Moments:
    plain = (many.outside, many.figures, many.levers, many.places, many.effort, many.practice, many.removal, many.crowd)
    outside, figures, levers, places, effort, practice, *last = jax.tree.map(lambda leaf: leaf[i], plain)
    return Moments(outside, figures, levers, _cut(many.held, i), places, effort, practice, many.used[:, i], *last)


def _surprise(given: WhyWindow, i: Array, on: On) -> Array:
    carry, shared, own = given.paths[:, i]
    return given.surprise + on["carry"] * (carry - given.surprise) + on["shared"] * shared + on["own"] * own


def _levers(then: Moments, now: Moments, on: On) -> LeverLevels:
    """Every lever as in the first month or as it came, by its cause."""
    picked = {
        name: jnp.where(on[cause] > 0.0, getattr(now.levers, name), getattr(then.levers, name))
        for name, cause in FIELDS.items()
    }
    switch = jnp.stack([on[cause] for cause in HOLDERS]) > 0.0

    def together(old: Array, new: Array) -> Array:
        return jnp.sum(jnp.where(switch.reshape(-1, *[1] * (old.ndim - 1)), new, old), axis=0)

    acceptance = jnp.clip(together(then.held.acceptance, now.held.acceptance), 0.0, 1.0)
    return LeverLevels(**picked, acceptance=acceptance, barrier=together(then.held.barrier, now.held.barrier))


def _practice(then: Moments, now: Moments, on: On) -> Gates:
    """Practice beyond levers and crowding.

    A gate in use in one of the two months alone shows its practice in that month alone, which then holds for both.
    """
    found = []
    for number, name in enumerate(STAGES):
        old, new = getattr(then.practice, name), getattr(now.practice, name)
        old_used, new_used = then.used[number][..., None] > 0.0, now.used[number][..., None] > 0.0
        first = jnp.where(old_used, old, jnp.where(new_used, new, 0.0))
        last = jnp.where(new_used, new, jnp.where(old_used, old, 0.0))
        found.append(jnp.where(on["practice"] > 0.0, last, first))
    return Gates(*found)


def _set_out_season(first: Outside, i: Array, on: Array, kept: Fixed) -> Array:
    """With the season off, those who set out earlier are put in the season in which the first month met such people.

    They set out in the season of the first month, or one month earlier in the year if they did so before it; those who
    set out k months before the first month arrived in it from the season of k months earlier.
    """
    here, back, further = (
        monthly.season((first.calendar_month - k) % 12.0, monthly.years(first), kept) for k in range(3)
    )
    actual = jnp.where(i > 0, here, back)
    return (1.0 - on) * jnp.stack([back - here, further - actual])
