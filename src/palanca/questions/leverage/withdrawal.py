"""A government that stops cooperating for some months: its levers as if it had never set them, all else as recorded."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.model import build
from palanca.model.run import CorridorInputs
from palanca.policy.levers import LeverLevels
from palanca.questions.bargaining import response
from palanca.questions.bargaining.response import Settings
from palanca.spec.schema import Case

TRANSIT = "transit"
STOPPED = {"effort": 0.0, "returns": 0.0}


def governments(case: Case) -> dict[str, str]:
    """Countries that hold a lever of the case, code and name."""
    held = {lever.holder for lever in case.levers.values()}
    return {code: country.name for code, country in case.countries.items() if code in held}


def check(case: Case, country: str, *, where: str = "--of") -> None:
    """Refuse a country that holds no lever.

    Raises:
        UsageError: It holds none; names the nearest.
    """
    known = list(governments(case))
    if country not in known:
        hint = nearest(country, known)
        raise UsageError(
            "this country holds no lever",
            where=where,
            found=repr(country),
            expected=f"one of {listed(known)}",
            way_out=f"Did you mean {hint!r}?" if hint else "",
        )


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
        point = jax.tree.map(lambda value: value[0], Settings.of([STOPPED]))
        stopped: LeverLevels = jax.vmap(lambda then: response.changed(then, point, inputs))(inputs.levers)
        return stopped
    record = tuple(entry for entry in case.record if case.levers[entry.lever].holder != country)
    return build.levers(case.model_copy(update={"record": record}))


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
