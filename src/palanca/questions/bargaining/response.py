"""How arrivals answer to levers from one month on: the fitted corridor run a few months ahead under many settings.

Every window starts from the world as replay has it at the start of a month and keeps the surprises of history, so that
two settings differ by the levers alone. What is found is what would have come in hindsight, not a forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.infer.history import PreparedCase
from palanca.infer.posterior import AbstractDraws
from palanca.model import run
from palanca.model.month import Lived
from palanca.model.run import CorridorInputs, fixed
from palanca.model.world import MonthInputs, Shocks, World
from palanca.policy.levers import LeverLevels

CHUNK = 32  # draws compiled for at once
AXES = ("effort", "returns", "parole", "own")
KEPT = ("encounters", "held", "deaths", "let_in", "stops")
AS_RECORDED = float("nan")
Progress = Callable[[int, int], None]
Values = dict[str, Array]


@register_dataclass
@dataclass(frozen=True)
class Settings:
    """What the levers are set to throughout a window, one entry per point; not a number leaves a lever as recorded.

    Args:
        effort: Declared enforcement of the transit country [multiples of routine control].
        returns: Third-country nationals taken back, under an order or ordinary law [share of those sent].
        parole: Lawful entry by air for the origins it has covered [multiples of 30,000 people / month].
        own: The destination's own limits on asylum [setting].
    """

    effort: Array
    returns: Array
    parole: Array
    own: Array

    @classmethod
    def of(cls, points: Sequence[dict[str, float]]) -> Settings:
        """Points by the levers they set; those not named stay as recorded."""
        return cls(**{axis: jnp.array([point.get(axis, AS_RECORDED) for point in points]) for axis in AXES})


@dataclass(frozen=True, eq=False)
class Response:
    """What came in each window, the mean over its months.

    Args:
        months: First month of each window.
        horizon: Length of a window [months].
        encounters: Encounters between ports, (window, point, origin, draw) [events / month].
        held: People on hold in the corridor at the end, (window, point, draw) [people].
        deaths: Deaths on the way, (window, point, draw) [deaths / month].
        let_in: People let in, (window, point, draw) [people / month].
        stops: People stopped by the transit country, (window, point, draw) [events / month].
    """

    months: tuple[Month, ...]
    horizon: int
    encounters: np.ndarray
    held: np.ndarray
    deaths: np.ndarray
    let_in: np.ndarray
    stops: np.ndarray


def respond(
    setting: PreparedCase,
    free: np.ndarray,
    layout_of: AbstractDraws,
    months: Sequence[Month],
    settings: Settings,
    *,
    horizon: int = 3,
    progress: Progress | None = None,
) -> Response:
    """Run every window under every setting.

    Args:
        setting: From `history.prepare`.
        free: Free numbers of every draw, (length, draw).
        layout_of: The posterior that they are from.
        months: First months of the windows.
        settings: What the levers are set to.
        horizon: Length of a window [months].
        progress: Called with windows done and all windows.

    Raises:
        UsageError: A window goes beyond the case, or there is none.
    """
    places = _places(setting, months, horizon)
    draws = free.shape[-1]
    blocks: list[dict[str, np.ndarray]] = []
    for first in range(0, draws, CHUNK):
        chosen = np.minimum(np.arange(first, first + CHUNK), draws - 1)
        values = layout_of.layout.constrain(jnp.asarray(free[:, chosen]))
        worlds, shocks = starts(setting.inputs, values)
        windows = []
        for done, place in enumerate(places):
            start = jax.tree.map(lambda x, place=place: x[place], worlds)
            windows.append(window(setting.inputs, start, shocks, values, settings, jnp.asarray(place), horizon))
            if progress is not None:
                progress(len(blocks) * len(places) + done + 1, len(places) * -(-draws // CHUNK))
        width = min(CHUNK, draws - first)
        blocks.append({name: np.stack([np.asarray(one[name])[..., :width] for one in windows]) for name in KEPT})
    joined = {name: np.concatenate([block[name] for block in blocks], axis=-1) for name in KEPT}
    return Response(tuple(months), horizon, **joined)


@jax.jit
def starts(inputs: CorridorInputs, values: Values) -> tuple[World, Shocks]:
    """The world at the start of every month as replay has it, month first, and the surprises that it solves."""
    shocks, worlds = run.starts(inputs, values)
    return worlds, shocks


@partial(jax.jit, static_argnames="horizon")
def window(
    inputs: CorridorInputs, start: World, shocks: Shocks, values: Values, settings: Settings, place: Array, horizon: int
) -> dict[str, Array]:
    """What comes in one window from one world under every setting, the mean over its months; point first, draw last."""
    given = run.some(run.under(inputs, inputs.levers, shocks), place, horizon)

    def under(point: Settings) -> dict[str, Array]:
        _, record = _months(inputs, start, given, values, point)
        return {name: block[-1] if name == "held" else block.mean(axis=0) for name, block in record.items()}

    return jax.vmap(under)(settings)


@partial(jax.jit, static_argnames="horizon")
def advance(
    inputs: CorridorInputs, start: World, shocks: Shocks, values: Values, settings: Settings, place: Array, horizon: int
) -> tuple[World, dict[str, Array]]:
    """Go on from a world for some months, each draw under its own setting.

    Args:
        inputs: The corridor.
        start: The world, draw last.
        shocks: Surprises of all months, month first and draw last.
        values: Parameters, draw last.
        settings: One entry per draw.
        place: Place of the first month.
        horizon: How many months.

    Returns:
        The world afterwards, and what `KEPT` names by month, draw last.
    """

    leaves, shape = jax.tree.flatten((start, shocks, values))

    def one(each: list[Array], point: Settings) -> list[Array]:
        world, surprises, numbers = jax.tree.unflatten(shape, [leaf[..., None] for leaf in each])
        given = run.some(run.under(inputs, inputs.levers, surprises), place, horizon)
        done = _months(inputs, world, given, numbers, point)
        return [leaf[..., 0] for leaf in jax.tree.leaves(done)]

    # The mapped records lack their axis of draws for a moment, so they travel as plain arrays.
    gone = jax.vmap(one, in_axes=(-1, 0), out_axes=-1)(leaves, settings)
    record = dict.fromkeys(KEPT, 0.0)
    back: tuple[World, dict[str, Array]] = jax.tree.unflatten(jax.tree.structure((start, record)), gone)
    return back


def _months(
    inputs: CorridorInputs, start: World, given: MonthInputs, values: Values, point: Settings
) -> tuple[World, dict[str, Array]]:
    levers = jax.vmap(lambda then: changed(then, point, inputs))(given.levers)
    now, kept = replace(given, levers=levers), fixed(inputs.corridor, values)
    done: tuple[World, dict[str, Array]] = run.through(start, now, kept, select=_kept)
    return done


def _kept(lived: Lived, _: None) -> dict[str, Array]:
    """What `KEPT` names of a month."""
    seen = lived.outcomes
    return {
        "encounters": seen.encounters.sum(axis=1),
        "held": seen.held.sum(axis=0),
        "deaths": seen.deaths.sum(axis=0),
        "let_in": seen.let_in.sum(axis=0),
        "stops": seen.stops.sum(axis=0),
    }


def changed(then: LeverLevels, point: Settings, inputs: CorridorInputs) -> LeverLevels:
    """One month's levers under a setting; what is not a number stays as recorded.

    Args:
        then: The levers as recorded, without the axis of months.
        point: One point of `Settings`.
        inputs: Tells the transit country's own nationals and which origins parole has covered.
    """
    foreign = jnp.any(inputs.levers.effort > 0.0, axis=(0, 2))[:, None]
    covered = jnp.any(inputs.levers.parole > 0.0, axis=0)
    level = jnp.max(then.effort)
    effort = jnp.where(level > 0.0, then.effort / jnp.where(level > 0.0, level, 1.0), foreign * 1.0) * point.effort
    returnable = foreign & jnp.any(inputs.levers.returns > 0.0, axis=0)

    def put(number: Array, new: Array, old: Array) -> Array:
        return jnp.where(jnp.isnan(number), old, new)

    taken = jnp.where(foreign & (then.order > 0.0), point.returns, then.acceptance)
    return replace(
        then,
        effort=put(point.effort, effort, then.effort),
        acceptance=put(point.returns, taken, then.acceptance),
        returns=put(point.returns, jnp.where(returnable, point.returns, then.returns), then.returns),
        wait_abroad=put(point.returns, then.wait_abroad * point.returns, then.wait_abroad),
        parole=put(point.parole, covered * point.parole, then.parole),
        asylum_limit=put(point.own, jnp.where(foreign, point.own, then.asylum_limit), then.asylum_limit),
    )


def _places(setting: PreparedCase, months: Sequence[Month], horizon: int) -> list[int]:
    span = setting.case.span.span
    if not months:
        raise UsageError("no month to start from", expected=f"months from {span.first} to {span.last + (1 - horizon)}")
    for one in months:
        if one not in span or span.last - one < horizon - 1:
            raise UsageError(
                "a window goes beyond the case",
                where=str(one),
                found=f"{horizon} months from {one}",
                expected=f"a first month from {span.first} to {span.last + (1 - horizon)}",
            )
    return [span.position(one) for one in months]


def levels(inputs: CorridorInputs, place: int) -> dict[str, float]:
    """What the levers of one month were set to, on the axes of `Settings`.

    Args:
        inputs: The corridor.
        place: Place of the month.

    Returns:
        Declared enforcement; share of third-country nationals taken back; parole; own limits, an expulsion order
        counting as their fullest.
    """
    month = {
        name: np.asarray(getattr(inputs.levers, name)[place])
        for name in ("effort", "order", "acceptance", "returns", "parole", "asylum_limit")
    }
    foreign = np.asarray(inputs.levers.effort).max(axis=(0, 2)) > 0.0
    order = month["order"][foreign].max()
    under_order = month["acceptance"][foreign] * (month["order"][foreign] > 0.0)
    taken = under_order if order > 0.0 else month["returns"][foreign]
    return {
        "effort": float(month["effort"].max()),
        "returns": float(min(taken.max(), 1.0)),
        "parole": float(month["parole"].max()),
        "own": float(max(month["asylum_limit"][foreign].max(), min(order, 1.0))),
    }
