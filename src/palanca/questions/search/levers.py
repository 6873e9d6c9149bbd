"""Packages → levers by adding up: what each lever does alone, scaled by its value, then held within bounds.

`build.levers` adds up entries that share a mechanism and then clips; limits on asylum multiply. A lever's own share of
that sum is linear in its value, so it is measured once, from a case with that lever alone, and every package is a sum.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.tree_util import register_dataclass

from palanca.core.errors import ChangeError
from palanca.model import build
from palanca.policy.levers import LeverLevels
from palanca.spec import edit, tables
from palanca.spec.edit import Change
from palanca.spec.schema import Case
from palanca.spec.search_file import SearchSpec

SMALL = {"slots": 1024.0}  # value at which a lever is measured, small enough that nothing is clipped
SHARES = (
    "order", "acceptance", "returns", "wait_abroad", "release", "deeds", "shutdown",
    "sanctions", "oil_licence", "air_route", "closure", "visa",
)  # fmt: skip
COVERED = ("asylum_limit",)  # shares of people covered: what one lever leaves, the next covers in part
LEAST_ZERO = ("effort", "removal")
NOT_SUMS = ("slots_open", "returns_cap")
NO_OP = "the change alters nothing"


@register_dataclass
@dataclass(frozen=True)
class Sums:
    """What levers add up to before it is held within bounds, and how each lever of the search moves it.

    Args:
        rest: Every other lever, and those of the search at 0, by field; month first.
        slopes: Added per unit of each lever, by field, (lever, month, ...).
        places: Parole places open by the rest, (month) [people / month].
        place_slopes: Places added per unit of each lever, (lever, month).
        cap_off: Least cap on returns with each lever at 0, (lever, month).
        cap_on: The same with it above 0.
        cap_rest: Least cap of all other levers, (month).
        open_off: Whether each lever opens appointments to a cell while at 0, (lever, month, origin, group).
        open_on: The same above 0.
        open_rest: The same of all other levers, (month, origin, group).
    """

    rest: dict[str, Array]
    slopes: dict[str, Array]
    places: Array
    place_slopes: Array
    cap_off: Array
    cap_on: Array
    cap_rest: Array
    open_off: Array
    open_on: Array
    open_rest: Array


def measure(search: SearchSpec) -> Sums:
    """Work out once how the levers of a search enter the sums.

    Raises:
        ChangeError: A lever cannot be changed as the search says.
    """
    case = search.case
    others = {name: _plain(build.levers(_alone(case, name))) for name in _acting(case) if name not in search.names}
    off, on, sizes = [], [], []
    for lever in search.file.levers:
        single = _alone(case, lever.id)
        size = SMALL.get(tables.mechanisms()[case.levers[lever.id].mechanism].quantity, 1.0)
        off.append(_plain(build.levers(_set(single, lever.change(0.0, search.window)))))
        on.append(_plain(build.levers(_set(single, lever.change(size, search.window)))))
        sizes.append(size)
    blank = _plain(build.levers(case.model_copy(update={"record": ()})))
    sums = [name for name in blank if name not in NOT_SUMS]
    alone = [*others.values(), *off]
    places = [_places(case, name, one) for name, one in zip(search.names, off, strict=True)]
    moved = [_places(case, name, one) for name, one in zip(search.names, on, strict=True)]
    return Sums(
        rest={name: jnp.asarray(_together(name, blank[name], [one[name] for one in alone])) for name in sums},
        slopes={
            name: jnp.asarray([(b[name] - a[name]) / size for a, b, size in zip(off, on, sizes, strict=True)])
            for name in sums
        },
        places=jnp.asarray(sum(places) + sum(_places(case, name, one) for name, one in others.items())),
        place_slopes=jnp.asarray([(b - a) / size for a, b, size in zip(places, moved, sizes, strict=True)]),
        cap_off=jnp.asarray([one["returns_cap"] for one in off]),
        cap_on=jnp.asarray([one["returns_cap"] for one in on]),
        cap_rest=jnp.asarray(np.min([blank["returns_cap"], *(one["returns_cap"] for one in others.values())], axis=0)),
        open_off=jnp.asarray([one["slots_open"] for one in off]),
        open_on=jnp.asarray([one["slots_open"] for one in on]),
        open_rest=jnp.asarray(np.max([blank["slots_open"], *(one["slots_open"] for one in others.values())], axis=0)),
    )


def _together(name: str, blank: np.ndarray, each: list[np.ndarray]) -> np.ndarray:
    """What levers that stand alone come to together."""
    if name in COVERED:
        return np.asarray(1.0 - np.prod([1.0 - one for one in each], axis=0))
    return np.asarray(blank + sum(one - blank for one in each))


def cut(sums: Sums, first: int, months: int) -> Sums:
    """The months of a window alone."""

    def of(axis: int, array: Array) -> Array:
        return jax.lax.slice_in_dim(array, first, first + months, axis=axis)

    by_lever = ("place_slopes", "cap_off", "cap_on", "open_off", "open_on")
    return Sums(
        rest={name: of(0, array) for name, array in sums.rest.items()},
        slopes={name: of(1, array) for name, array in sums.slopes.items()},
        **{name: of(1 if name in by_lever else 0, getattr(sums, name)) for name in _arrays()},
    )


def packaged(sums: Sums, values: Array) -> LeverLevels:
    """Levers of one package, as `build.levers` has them of the changed case, to rounding.

    Args:
        sums: From `measure`, of any months.
        values: Value of each lever of the search, (lever).
    """
    on = values > 0.0
    added = {name: sums.rest[name] + jnp.tensordot(values, sums.slopes[name], axes=1) for name in sums.rest}
    held = {name: jnp.clip(added[name], 0.0, 1.0) for name in SHARES}
    held |= {name: jnp.maximum(added[name], 0.0) for name in LEAST_ZERO}
    for name in COVERED:
        each = 1.0 - values.reshape(-1, *[1] * (sums.rest[name].ndim)) * sums.slopes[name]
        held[name] = 1.0 - (1.0 - sums.rest[name]) * jnp.prod(each, axis=0)
    cells = on[:, None, None, None]
    caps = jnp.min(jnp.where(on[:, None], sums.cap_on, sums.cap_off), axis=0)
    opened = jnp.max(jnp.where(cells, sums.open_on, sums.open_off), axis=0)
    held["parole"] = jnp.minimum(added["parole"], 1.0)
    held["returns_cap"] = jnp.minimum(caps, sums.cap_rest)
    held["slots_open"] = jnp.maximum(opened, sums.open_rest)
    return LeverLevels(**(added | held))


def parole_places(sums: Sums, values: Array) -> Array:
    """Parole places open under one package, all levers together, (month) [people / month]."""
    return sums.places + values @ sums.place_slopes


def recorded_places(case: Case) -> np.ndarray:
    """Parole places open as recorded, all levers together, (month) [people / month]."""
    return np.asarray(sum(_places(case, name, _plain(build.levers(_alone(case, name)))) for name in _acting(case)))


def routine_only(levers: LeverLevels, foreign: Array) -> LeverLevels:
    """The same levers if the transit country went back to routine control and took back its own nationals alone.

    Args:
        levers: Of one package; any leading axes.
        foreign: 1 for origins that are not the transit country, (origin).
    """
    own = (1.0 - foreign)[:, None]
    return replace(
        levers,
        effort=jnp.minimum(levers.effort, 1.0),
        acceptance=levers.acceptance * own,
        returns=levers.returns * own,
        wait_abroad=levers.wait_abroad * own,
    )


def _arrays() -> list[str]:
    return [field.name for field in fields(Sums) if field.name not in ("rest", "slopes")]


def _acting(case: Case) -> list[str]:
    """Levers of a case that have an equation."""
    return [name for name, lever in case.levers.items() if tables.mechanisms()[lever.mechanism].acts]


def _alone(case: Case, name: str) -> Case:
    return case.model_copy(update={"record": tuple(entry for entry in case.record if entry.lever == name)})


def _set(case: Case, change: Change) -> Case:
    """The case under a change; one that already holds is the case itself."""
    try:
        return edit.apply(case, [change])
    except ChangeError as fault:
        if fault.what != NO_OP:
            raise
        return case


def _plain(levers: LeverLevels) -> dict[str, np.ndarray]:
    return {field.name: np.asarray(getattr(levers, field.name)) for field in fields(LeverLevels)}


def _places(case: Case, name: str, alone: dict[str, np.ndarray]) -> np.ndarray:
    """Places that one lever opens: its entries cover many, and share one total."""
    months = len(alone["removal"])
    if case.levers[name].mechanism != "parole":
        return np.zeros(months)
    return np.asarray(alone["parole"].max(axis=(1, 2)) * build.PAROLE_UNIT)
