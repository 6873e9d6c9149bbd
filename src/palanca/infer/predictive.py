"""Posterior predictive checks: whether the fitted model would publish figures like those that were published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import jax.numpy as jnp
import numpy as np

from palanca.infer.agree import agreements
from palanca.infer.density import FLOOR, published
from palanca.infer.history import PreparedCase
from palanca.infer.objective import FitEvidence
from palanca.infer.posterior import Posterior
from palanca.kernel.keys import normals
from palanca.model import ensemble
from palanca.model.outcomes import MonthlyOutcomes
from palanca.model.surprise import lean, own_variance
from palanca.model.world import Shocks

ONE_AHEAD = "encounters by origin, a month ahead"
CELLS = "groups by origin"
INNER, OUTER = (0.25, 0.75), (0.05, 0.95)
INNER_SD, OUTER_SD = 0.6744897501960817, 1.6448536269514722  # where a normal has 50 % and 90 % inside
FEWEST = 12  # figures below which a statistic says nothing
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Checked:
    """One label of one series against what the fitted model would publish.

    The three chances are those that figures made by the model show at least as much as the published ones; near 0
    or 1, the model does not make figures like these.

    Args:
        series: The series.
        label: Origin, group, sector or place.
        figures: How many months have a figure.
        in_50: Share of them inside the 50 % band; NaN where only the outer band is computed.
        in_90: Share inside the 90 % band.
        total: Chance for the sum over months; a month ahead, for the sum of the surprises.
        largest: Chance for the largest month; a month ahead, for the largest surprise either way.
        lasting: Chance for the correlation of consecutive misfits.
    """

    series: str
    label: str
    figures: int
    in_50: float
    in_90: float
    total: float
    largest: float
    lasting: float


@dataclass(frozen=True, eq=False)
class Replica:
    """One series with what the model shows and the misfits it would draw, all (month, label) and draws last.

    Args:
        name: The series.
        labels: Labels of the second axis.
        counts: Published, (month, label); NaN where none.
        shown: What the world shows.
        middle: Mean of the log of a published count plus the floor.
        width: Its standard deviation.
        noise: Misfits drawn, per standard deviation.
    """

    name: str
    labels: tuple[str, ...]
    counts: np.ndarray
    shown: np.ndarray
    middle: np.ndarray
    width: np.ndarray
    noise: np.ndarray


def check(
    setting: PreparedCase, found: Posterior, *, draws: int = 200, key: int = 1, progress: Progress | None = None
) -> list[Checked]:
    """Check every monthly series that a fit looks at, label by label.

    Args:
        setting: The case made ready.
        found: The posterior.
        draws: How many of its draws to run.
        key: Key of the draws and of the scatter.
        progress: Called as `progress(done, draws)`.
    """
    evidence, codes = setting.evidence, tuple(setting.case.origins)
    free = found.draws(key, range(draws))
    shocks, base, _ = ensemble.run(evidence.inputs, free, found.layout, progress=progress)
    assert shocks is not None  # nothing was left out of what is kept
    values = {name: np.asarray(part) for name, part in found.layout.constrain(jnp.asarray(free)).items()}
    seen = MonthlyOutcomes(**{field.name: jnp.asarray(base[field.name]) for field in fields(MonthlyOutcomes)})
    rows = one_ahead(evidence, codes, shocks, values, key)
    for target in evidence.targets:
        shown = np.asarray(target.shown(seen))
        replica = replicated(target.name, target.labels, target.counts, shown, values, target.kind, key)
        rows += against(replica)
    rows += against(_cells(setting, base["encounters"], values, key))
    others = {"repeat share", "what follows encounters"}
    for one in agreements(evidence, base, values, key):
        if one.name in others:
            rows += [_outer_only(one.name, label, one.counts[:, k], one.bands[:, :, k]) for k, label in
                     enumerate(one.labels)]  # fmt: skip
    return [row for row in rows if row.figures]


def replicated(
    name: str,
    labels: tuple[str, ...],
    counts: np.ndarray,
    shown: np.ndarray,
    values: dict[str, np.ndarray],
    kind: str,
    key: int,
) -> Replica:
    """Draw the misfits that published counts would have: each leans on that of the month before (equation O3)."""
    spread = jnp.asarray(values[f"spread_{kind}"])
    middle, width = (np.asarray(part) for part in published(jnp.asarray(shown), spread, kind))
    fresh = normals(key, f"replicated {name}", range(shown.shape[-1]), shown.shape[:-1])
    return Replica(name, labels, counts, shown, middle, width, lasting_noise(fresh, values["misfit_lasting"]))


def lasting_noise(fresh: np.ndarray, lasting: np.ndarray) -> np.ndarray:
    """Standard normals, month first, of which consecutive ones correlate by `lasting`.

    Args:
        fresh: Independent standard normals, (month, ..., draw).
        lasting: The correlation, (draw).
    """
    noise = np.array(fresh)
    for month in range(1, len(noise)):
        noise[month] = lasting * noise[month - 1] + np.sqrt(1.0 - lasting**2) * fresh[month]
    return noise


def against(replica: Replica) -> list[Checked]:
    """Every label of a series against its replicas."""
    drawn = np.maximum(np.exp(replica.middle + replica.width * replica.noise) - FLOOR, 0.0)
    bands = np.quantile(drawn, (*INNER, *OUTER), axis=-1)
    logs = np.log(np.nan_to_num(replica.counts) + FLOOR)[..., None] - replica.middle
    misfit = logs / replica.width
    rows = []
    for k, label in enumerate(replica.labels):
        counts, seen = replica.counts[:, k], np.isfinite(replica.counts[:, k])
        enough = seen.sum() >= FEWEST
        rows.append(
            Checked(
                replica.name,
                label,
                int(seen.sum()),
                _inside(counts, bands[0, :, k], bands[1, :, k], seen),
                _inside(counts, bands[2, :, k], bands[3, :, k], seen),
                chance(drawn[seen, k].sum(axis=0), counts[seen].sum()) if enough else np.nan,
                chance(drawn[seen, k].max(axis=0), counts[seen].max()) if enough else np.nan,
                chance(correlation(replica.noise[:, k], seen), correlation(misfit[:, k], seen)) if enough else np.nan,
            )
        )
    return rows


def one_ahead(
    evidence: FitEvidence, codes: tuple[str, ...], shocks: Shocks, values: dict[str, np.ndarray], key: int
) -> list[Checked]:
    """Encounters by origin are solved for, so they are checked one month ahead: by their surprises (equation O1)."""
    surprise, given = jnp.log(shocks.factor), {name: jnp.asarray(part) for name, part in values.items()}
    counts = evidence.inputs.figures.encounters[1:-1, :, None]
    expected = lean(surprise[1:-1], surprise[:-2], given["shock_persistence"], given["shock_momentum"])
    own = own_variance(given["shock_sd"], counts, given["shock_thin"])
    score = np.asarray((surprise[2:] - expected) / jnp.sqrt(own + given["shock_shared"] ** 2))
    noise = normals(key, f"replicated {ONE_AHEAD}", range(score.shape[-1]), score.shape[:-1])
    every = np.ones(len(score), dtype=bool)
    return [
        Checked(
            ONE_AHEAD,
            code,
            len(score),
            float(np.mean(np.abs(score[:, k]) < INNER_SD)),
            float(np.mean(np.abs(score[:, k]) < OUTER_SD)),
            chance(noise[:, k].sum(axis=0), score[:, k].sum(axis=0)),
            chance(np.abs(noise[:, k]).max(axis=0), np.abs(score[:, k]).max(axis=0)),
            chance(correlation(noise[:, k], every), correlation(score[:, k], every)),
        )
        for k, code in enumerate(codes)
    ]


def correlation(misfit: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Lag-one correlation about zero of misfits, (month, draw), over consecutive months that were seen, (draw)."""
    both = seen[1:] & seen[:-1]
    product = np.sum((misfit[1:] * misfit[:-1])[both], axis=0)
    size = np.sqrt(np.sum(misfit[1:][both] ** 2, axis=0) * np.sum(misfit[:-1][both] ** 2, axis=0))
    return np.asarray(product / np.maximum(size, 1e-12))


def chance(drawn: np.ndarray, published: np.ndarray | float) -> float:
    """Share of draws in which a statistic is at least the published one; ties count half."""
    return float(np.mean((drawn > published) + 0.5 * (drawn == published)))


def _cells(setting: PreparedCase, encounters: np.ndarray, values: dict[str, np.ndarray], key: int) -> Replica:
    months, draws, evidence = len(encounters), encounters.shape[-1], setting.evidence
    labels = tuple(f"{code} {group}" for code in setting.case.origins for group in setting.case.groups)
    shown = encounters.reshape(months, -1, draws)
    return replicated(CELLS, labels, evidence.cells.reshape(months, -1), shown, values, "cells", key)


def _inside(counts: np.ndarray, low: np.ndarray, high: np.ndarray, seen: np.ndarray) -> float:
    return float(np.mean(((low <= counts) & (counts <= high))[seen])) if seen.any() else np.nan


def _outer_only(name: str, label: str, counts: np.ndarray, bands: np.ndarray) -> Checked:
    seen = np.isfinite(counts)
    inside = _inside(counts, bands[0], bands[2], seen)
    return Checked(name, label, int(seen.sum()), np.nan, inside, np.nan, np.nan, np.nan)
