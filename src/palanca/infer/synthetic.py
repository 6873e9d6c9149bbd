"""A small corridor cut out of a real one, with priors from which a known truth is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax.numpy as jnp
import numpy as np
from jax.tree_util import register_dataclass

from palanca.core.clock import Month
from palanca.infer import objective
from palanca.infer.objective import FitEvidence, Numbers
from palanca.kernel.keys import stream
from palanca.model import build, cells, parameters
from palanca.model.parameters import Layout, ParameterEntry
from palanca.model.run import CorridorInputs
from palanca.model.world import CorridorFigures
from palanca.spec.schema import Case, CaseMonths

ORIGINS = ("MEX", "GTM", "VEN", "CUB")
SECTORS = ("san_diego", "tucson", "el_paso")
FIRST, LAST = "2018-10", "2023-09"
UNTOLD, BY_RETURNS = 6, 18  # months before there are returns, and before there are stops

# Priors of the made-up corridor where they differ from those of the case: narrow enough that figures drawn from
# them look like a corridor (tens to tens of thousands of encounters), wide enough that figures have much to say.
NARROWED: dict[str, tuple[float, float]] = {
    "base": (8.0, 0.7),
    "mix": (0.0, 0.5),
    "push_democracy": (-2.0, 1.0),
    "stop_exposure": (1.0, 0.3),
    "effort_routine": (0.3, 0.3),
    "effort_early": (0.3, 0.3),
    "removal_routine": (2000.0, 0.5),
    "settle_share": (4.0, 24.0),
    "walk_up": (3.0, 30.0),
    "retry": (6.0, 8.0),
    "retry_home": (3.0, 24.0),
    "appeal": (0.0, 0.7),
    "drift": (0.0, 0.3),
    "follow_expelled": (-0.5, 0.7),
    "follow_acceptance": (2.0, 0.6),
    "follow_abroad": (-1.5, 0.7),
    "follow_home": (-1.0, 0.7),
    "follow_detained": (-0.5, 0.7),
    "shock_persistence": (16.0, 4.0),
    "shock_momentum": (0.1, 0.1),
    "shock_sd": (0.2, 0.3),
    "shock_shared": (0.12, 0.3),
    "delivery_persistence": (16.0, 4.0),
    "delivery_sd": (0.2, 0.3),
    "spread_follow": (0.5, 0.3),
}


@dataclass(frozen=True)
class Synthetic:
    """A corridor to draw figures for.

    Args:
        inputs: A cut of the real one; its figures lend what the model takes as given (start, ceilings, thin gates).
        layout: The fitted parameters with narrowed priors; those that a fit holds are fixed at the middle of theirs.
        evidence: What is published when; its numbers are replaced by drawn ones.
    """

    inputs: CorridorInputs
    layout: Layout
    evidence: FitEvidence

    def with_drawn(self, drawn: SimulatedFigures) -> FitEvidence:
        """Evidence that `log_density` takes; works on arrays and inside compiled code alike."""
        told = self.evidence
        return replace(
            told,
            inputs=replace(self.inputs, figures=drawn.figures),
            layout=self.layout,
            targets=tuple(replace(target, counts=drawn.counts[target.name]) for target in told.targets),
            cells=drawn.cells,
            all_cells=told.all_cells,
            repeat=drawn.repeat,
            repeat_mean=(drawn.repeat_mean, told.repeat_mean[1]),
            claims=(drawn.claims, told.claims[1]),
            yearly=(drawn.yearly, told.yearly[1]),
            shares=(drawn.shares, *told.shares[1:]),
        )


@register_dataclass
@dataclass(frozen=True)
class SimulatedFigures:
    """Figures drawn from known parameters, in the shapes of `FitEvidence`."""

    figures: CorridorFigures
    counts: dict[str, Numbers]
    cells: Numbers
    repeat: Numbers
    repeat_mean: Numbers
    claims: Numbers
    yearly: Numbers
    shares: Numbers


@register_dataclass
@dataclass(frozen=True)
class Truth:
    """What figures were drawn from.

    Args:
        free: Free numbers, (length).
        surprise: Log surprises, (month, origin) [log points].
        effort: Delivered effort, (month) [effort].
    """

    free: Numbers
    surprise: Numbers
    effort: Numbers


def carve(case: Case) -> Synthetic:
    """Cut four origins, three sectors and sixty months out of a case with all of the packaged figures."""
    small = case.model_copy(
        update={
            "origins": {name: case.origins[name] for name in ORIGINS},
            "sectors": {name: case.sectors[name] for name in SECTORS},
            "span": CaseMonths(first=Month.parse(FIRST), last=Month.parse(LAST)),
        }
    )
    inferred = cells.infer(small)
    inputs = build.inputs(small, inferred)
    source = np.ones(len(small.span.span))
    source[:UNTOLD], source[UNTOLD:BY_RETURNS] = 0.0, 2.0
    known = (source > 0.0).astype(float)
    figures = replace(inputs.figures, stops_source=jnp.array(source), returns_known=jnp.array(known))
    inputs = replace(inputs, figures=figures)
    layout = narrowed(parameters.layout(small))
    told = objective.gather(small, inferred, inputs, layout)
    return Synthetic(inputs, layout, _as_told(told, source))


def narrowed(wide: Layout) -> Layout:
    """The same parameters with `NARROWED` priors; those that a fit holds are fixed at the middle of their priors."""
    middle = wide.constrain(jnp.asarray(wide.centre()[:, None]))
    entries: list[ParameterEntry] = []
    start = 0
    for entry in wide.entries:
        p1, p2 = NARROWED.get(entry.name, (entry.p1, entry.p2))
        if entry.family != "fixed" and not entry.fitted:
            held = float(np.asarray(middle[entry.name]).ravel()[0])
            new = replace(entry, family="fixed", p1=held, p2=0.0, start=start)
        else:
            new = replace(entry, p1=p1, p2=p2, start=start)
        entries.append(new)
        start += new.size
    return Layout(tuple(entries), wide.sizes)


def _as_told(told: FitEvidence, source: np.ndarray) -> FitEvidence:
    """What is published when: stops late, their sum in the two years before; pools of no origin never."""
    late, early = source[:, None] != 1.0, source[:, None] == 0.0
    hidden = {"stops by origin": late, "returns by origin": early}
    targets = []
    for target in told.targets:
        counts = np.where(hidden.get(target.name, np.zeros((1, 1), bool)), np.nan, target.scored)
        if target.labels[-1] == "rest":
            counts[:, -1] = np.nan
        targets.append(replace(target, counts=counts, elsewhere=None))
    years = np.stack([source == 0.0, source == 2.0]).astype(float)
    shares, position, months = told.shares
    whole = months.sum(axis=1) == 12.0
    return replace(
        told,
        targets=tuple(targets),
        yearly=(np.zeros(len(years)), years),
        shares=(shares[whole], position[whole], months[whole]),
    )


def prior_draw(layout: Layout, key: int) -> np.ndarray:
    """Free numbers drawn from the priors, (length).

    Equation O2 links the effort before figures to routine effort on top of both priors: their gap is drawn from the
    link and kept with the chance that the prior of the early effort gives it.
    """
    noise = stream(key, "truth")
    free = np.concatenate([_from_prior(entry, noise) for entry in layout.entries if entry.size])
    place = {entry.name: entry for entry in layout.entries}
    early = place["effort_early"]
    while True:
        for name in ("effort_routine", "delivery_sd", "delivery_persistence"):
            free[place[name].start] = _from_prior(place[name], noise)[0]
        lasting = 1.0 / (1.0 + np.exp(-free[place["delivery_persistence"].start]))
        spread = np.exp(free[place["delivery_sd"].start]) / np.sqrt(1.0 - lasting**2)
        at = free[place["effort_routine"].start] + spread * noise.standard_normal()
        if noise.uniform() < np.exp(-0.5 * ((at - np.log(early.p1)) / early.p2) ** 2):
            free[early.start] = at
            return free


def _from_prior(entry: ParameterEntry, noise: np.random.Generator) -> np.ndarray:
    if entry.family == "beta":
        share = noise.beta(entry.p1, entry.p2, entry.size)
        return np.asarray(np.log(share / (1.0 - share)))
    normal = noise.standard_normal(entry.size)
    if entry.family == "normal":
        return np.asarray(entry.p1 + entry.p2 * normal)
    if entry.family == "lognormal":
        return np.asarray(np.log(entry.p1) + entry.p2 * normal)
    return np.asarray(np.log(entry.p1 * np.abs(normal)))
