"""The groups of a stored posterior as ArviZ lays them out: named parameters, free numbers, what the sampler said."""

from __future__ import annotations

import json

import jax.numpy as jnp
import numpy as np
import xarray as xr

from palanca.infer import carried
from palanca.infer.posterior import Diagnostics, How, Posterior, Search, Track
from palanca.model.outcomes import PLACES
from palanca.model.parameters import CALENDAR_MONTHS, Layout
from palanca.policy.follow import STAGES
from palanca.spec.schema import Case
from palanca.spec.tables import parameters

TRACK = {  # what ArviZ calls each
    "log_density": "lp",
    "energy": "energy",
    "accepted": "acceptance_rate",
    "steps": "n_steps",
    "diverging": "diverging",
}
BY_NUMBER = ("r_hat", "ess_bulk", "ess_tail")
SUMS = ("divergences", "longest", "finished", "planned")


def of(found: Posterior, case: Case) -> dict[str, xr.Dataset]:
    """Every group of a posterior by its name.

    Args:
        found: The posterior.
        case: The case it was fitted to.
    """
    groups = {"posterior": _named(found, case), "unconstrained_posterior": _free(found)}
    if found.track is not None and found.diagnostics is not None:
        groups["sample_stats"] = _stats(found, found.track, found.diagnostics)
    return groups


def numbers(held: xr.DataTree) -> list[carried.Label]:
    """Every free number that the groups hold, by the name of its parameter and its labels."""
    named = held["posterior"].to_dataset()
    axes = {
        str(name): [(str(dim), named[dim].values.tolist()) for dim in array.dims[2:]]
        for name, array in named.data_vars.items()
    }
    return carried.labelled([str(name) for name in held["unconstrained_posterior"].number.values], axes)


def of_case(case: Case, given: Layout) -> list[carried.Label]:
    """The same of every free number of a case."""
    return carried.of_layout(given, _labels(case, given))


def posterior(held: xr.DataTree, given: Layout) -> Posterior:
    """The posterior that the groups hold, as it was fitted.

    Args:
        held: The whole file.
        given: The layout of a case; that of the fit itself may have other months.
    """
    numbers = held["unconstrained_posterior"].to_dataset()
    free = np.moveaxis(numbers["free"].values.astype(float), -1, 0)
    length, chains, draws = free.shape
    value, slope, evaluations = json.loads(held.attrs["search"])
    group = held.children.get("sample_stats")
    track = diagnostics = None
    if group is not None:
        stats = group.to_dataset()
        track = Track(**{ours: stats[theirs].values.reshape(-1) for ours, theirs in TRACK.items()})
        diagnostics = Diagnostics(
            r_hat=stats["r_hat"].values,
            ess_bulk=stats["ess_bulk"].values,
            ess_tail=stats["ess_tail"].values,
            energy=stats["e_bfmi"].values,
            divergences=int(stats["divergences"]),
            longest=int(stats["longest"]),
            finished=int(stats["finished"]),
            planned=int(stats["planned"]),
        )
    return Posterior(
        given,
        How(held.attrs["how"]),
        free.reshape(length, chains * draws),
        np.repeat(np.arange(chains), draws),
        numbers["mean"].values,
        numbers["sd"].values,
        Search(float(value), float(slope), int(evaluations)),
        track,
        diagnostics,
    )


def _chained(found: Posterior, values: np.ndarray) -> np.ndarray:
    """From draws last to (chain, draw, ...), as ArviZ has them."""
    chains = len(np.unique(found.chain))
    return np.moveaxis(values, -1, 0).reshape(chains, -1, *values.shape[:-1])


def _chain_axes(found: Posterior) -> dict[str, np.ndarray]:
    chains = len(np.unique(found.chain))
    return {"chain": np.arange(chains), "draw": np.arange(found.size // chains)}


def _named(found: Posterior, case: Case) -> xr.Dataset:
    """Every parameter that is not fixed, in its own unit, on labelled axes."""
    values = found.layout.constrain(jnp.asarray(found.free))
    table = parameters()
    variables = {}
    for entry in found.layout.entries:
        if entry.size:
            row = table[entry.name]
            attrs = {"units": row.unit, "long_name": row.what, "fitted": "yes" if entry.fitted else "no"}
            array = _three_digits(_chained(found, np.asarray(values[entry.name])).astype(np.float32))
            variables[entry.name] = xr.Variable(("chain", "draw", *entry.dims), array, attrs)
    labels = _labels(case, found.layout)
    used = {dim for variable in variables.values() for dim in variable.dims}
    return xr.Dataset(variables, _chain_axes(found) | {dim: labels[dim] for dim in labels if dim in used})


def _three_digits(array: np.ndarray) -> np.ndarray:
    """To 11 binary digits, a part in 4,000: these numbers are for readers, and what is cut compresses well."""
    half, cut = np.int32(1 << 12), np.int32(-(1 << 13))
    return np.asarray(((array.view(np.int32) + half) & cut).view(np.float32))


def _labels(case: Case, given: Layout) -> dict[str, list[str] | list[int]]:
    """Labels of every axis a parameter can have; a knot is a new year's day."""
    first = case.span.span.first.year
    return {
        "origin": list(case.origins),
        "group": list(case.groups),
        "sector": list(case.sectors),
        "calendar_month": list(range(1, CALENDAR_MONTHS + 1)),
        "knot": [first + k for k in range(given.sizes["knot"])],
        "gate": list(STAGES),
        "place": list(PLACES),
    }


def _free(found: Posterior) -> xr.Dataset:
    """The free numbers as runs take them, with each one's mean, spread and prior."""
    many, names = ("chain", "draw", "number"), {"number": found.layout.names()}
    return xr.Dataset(
        {
            "free": (many, _chained(found, found.free).astype(np.float32)),
            "mean": ("number", found.mean),
            "sd": ("number", found.spread),
            "prior_middle": ("number", found.layout.centre()),
            "prior_sd": ("number", found.layout.spread()),
        },
        _chain_axes(found) | names,
    )


def _stats(found: Posterior, track: Track, diagnostics: Diagnostics) -> xr.Dataset:
    variables = {theirs: (("chain", "draw"), _chained(found, getattr(track, ours))) for ours, theirs in TRACK.items()}
    by_number = {name: ("number", getattr(diagnostics, name)) for name in BY_NUMBER}
    sums = {name: ((), np.array(getattr(diagnostics, name))) for name in SUMS}
    return xr.Dataset(
        variables | by_number | sums | {"e_bfmi": ("chain", diagnostics.energy)},
        _chain_axes(found) | {"number": found.layout.names()},
    )
