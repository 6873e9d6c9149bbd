"""Posteriors made up on the layout of the reference case, for tests that need one but no fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr

from palanca.core.clock import Month
from palanca.infer import full, store
from palanca.infer.fit import Fit
from palanca.infer.posterior import Posterior
from palanca.infer.sample import Sampled
from palanca.infer.search import PosteriorMode
from palanca.model.parameters import Layout, layout
from palanca.spec import schedule
from palanca.spec.load import load
from palanca.spec.schema import Case

CHAINS, ITERATIONS = 4, 250


def as_fitted() -> Case:
    """The reference case up to the last month that its shipped fit has seen."""
    case = load("us-mexico")
    with xr.open_dataset(store.where(case), engine="h5netcdf") as shipped:
        return schedule.until(case, Month.parse(str(shipped.attrs["last_month"])))


def given() -> Layout:
    """The layout of the reference case."""
    return layout(as_fitted())


def laplace(seed: int = 5, form: Layout | None = None) -> Fit:
    """A quick fit near the middle of the priors, a tenth as wide, its numbers slightly correlated."""
    form = form or given()
    rng = np.random.default_rng(seed)
    prior = form.spread()
    turn = np.eye(form.length) + 0.02 * np.tril(rng.normal(size=(form.length, form.length)), -1)
    factor = np.where(form.fitted()[:, None] & form.fitted()[None], 0.1 * prior[:, None] * turn, np.diag(prior))
    mode = np.where(form.fitted(), form.centre() + 0.3 * prior * rng.normal(size=form.length), form.centre())
    return Fit(form, mode, factor, np.sqrt((factor**2).sum(axis=1)), PosteriorMode(mode, -1234.5, 0.02, 678))


def chains(iterations: int = ITERATIONS, seed: int = 6) -> Sampled:
    """Independent normals in the place of chains."""
    rng = np.random.default_rng(seed)
    shape = (CHAINS, iterations)
    position = rng.normal(size=(*shape, int(given().fitted().sum())))
    energy = rng.normal(size=shape)
    return Sampled(
        position, -0.5 * (position**2).sum(axis=-1), energy, np.zeros(shape, dtype=bool), np.full(shape, 0.8),
        np.full(shape, 63), iterations,
    )  # fmt: skip


def sampled(**changes: object) -> Posterior:
    """A posterior as chains give it."""
    return full.of_chains(laplace(), replace(chains(), **changes))
