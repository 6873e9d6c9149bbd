"""A government that stops cooperating for some months: its levers as if it had never set them, all else as recorded."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from palanca.model import build
from palanca.model.run import CorridorInputs
from palanca.policy.levers import LeverLevels
from palanca.questions.bargaining import response
from palanca.questions.bargaining.response import Settings
from palanca.questions.leverage.scope import TRANSIT
from palanca.spec.schema import Case

STOPPED = {"effort": 0.0, "returns": 0.0}
ROUTINE = 1.0  # multiples of routine control


def levers(case: Case, inputs: CorridorInputs, country: str) -> LeverLevels:
    """The levers of every month had a government stopped cooperating in it.

    The transit country's cooperation is what it does for the destination: enforcement, and taking back people of other
    nationalities; it goes on taking its own nationals, as its law says. Any other government's is every lever it holds.

    Args:
        case: The case.
        inputs: The corridor, with levers as recorded.
        country: Who stops.

    Returns:
        Month first.
    """
    if case.countries[country].role == TRANSIT:
        return _set(inputs, STOPPED)
    record = tuple(entry for entry in case.record if case.levers[entry.lever].holder != country)
    return build.levers(case.model_copy(update={"record": record}))


def enforcing(inputs: CorridorInputs, effort: float) -> LeverLevels:
    """The levers of every month with the transit country's enforcement at one level, all else as recorded.

    Args:
        inputs: The corridor, with levers as recorded.
        effort: Declared enforcement [multiples of routine control].
    """
    return _set(inputs, {"effort": effort})


def _set(inputs: CorridorInputs, values: dict[str, float]) -> LeverLevels:
    point = jax.tree.map(lambda value: value[0], Settings.of([values]))
    return _every_month(inputs, point)


@jax.jit
def _every_month(inputs: CorridorInputs, point: Settings) -> LeverLevels:
    found: LeverLevels = jax.vmap(lambda then: response.changed(then, point, inputs))(inputs.levers)
    return found


def between(usual: LeverLevels, stopped: LeverLevels, first: int, months: int) -> LeverLevels:
    """Levers with cooperation withdrawn in some months only.

    Args:
        usual: Levers of the world, month first.
        stopped: From `levers`, of the same months.
        first: Place of the first month without cooperation.
        months: How many.
    """
    places = jnp.arange(usual.slots.shape[0])
    out = (places >= first) & (places < first + months)

    def pick(kept: jax.Array, gone: jax.Array) -> jax.Array:
        return jnp.where(out.reshape(-1, *(1,) * (kept.ndim - 1)), gone, kept)

    mixed: LeverLevels = jax.tree.map(pick, usual, stopped)
    return mixed
