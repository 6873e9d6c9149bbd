"""Sensitivity of what the corridor says: an outcome of history, or the effect of changes, over its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import jax.numpy as jnp
import numpy as np

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.flows.params import FlowParams
from palanca.infer import history
from palanca.model import build, ensemble
from palanca.model.parameters import Layout, ParameterEntry
from palanca.model.run import CorridorInputs
from palanca.policy.levers import LeverLevels
from palanca.policy.params import PolicyParams
from palanca.questions import outcomes
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.questions.outcomes import OutcomeQuery
from palanca.questions.sensitivity import given as sensitivity_given
from palanca.questions.sensitivity import variance as sensitivity
from palanca.questions.sensitivity.given import Explained
from palanca.questions.sensitivity.sampling import Sampling
from palanca.questions.sensitivity.variance import Morris, Sobol, Varied
from palanca.questions.sweep.plan import SweepPlan, marks
from palanca.questions.sweep.run import run
from palanca.spec import edit, tables
from palanca.spec.edit import Change

TOP = 12  # groups of the largest elementary effects, for which variance shares are worked out
MORE_IS_BETTER = ("admitted", "appointments")
SOLVED_FOR = 1e-6  # relative spread below which an outcome is the same in every draw
WHOLE = Sampling()
HERE = RunOptions()


@dataclass(frozen=True)
class SensitivityQuestion:
    """What is asked.

    Args:
        outcome: Which outcome.
        first: First month of which the mean is taken.
        last: Last month.
        changes: What a what-if changes; its effect is then the outcome.
        price: What carrying the changes out costs, as so much of the outcome [unit of the outcome].
        sampling: Which parameters vary, and how finely.
        draws: Draws of the posterior from which the ranges and the given-data shares are.
        key: Same key, same bits.
    """

    outcome: OutcomeQuery
    first: Month
    last: Month
    changes: tuple[Change, ...] = ()
    price: float = 0.0
    sampling: Sampling = WHOLE
    draws: int = 352
    key: int = 1


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What matters.

    Args:
        question: What was asked.
        names: Parameters or groups of the largest effects, in the order of the model.
        outcome: The outcome by posterior draw, (draw).
        sobol: Variance shares, if asked for.
        morris: Elementary effects of all that was varied.
        explained: Given-data shares by name.
        worth: What learning each is worth before choosing whether to change or leave be, by name [unit of the
            outcome]; empty without changes.
        everything: What learning everything would be worth; no number without a choice.
    """

    question: SensitivityQuestion
    names: tuple[str, ...]
    outcome: np.ndarray
    sobol: Sobol | None
    morris: Morris
    explained: dict[str, Explained]
    worth: dict[str, float]
    everything: float


@dataclass(frozen=True)
class OutcomeChunks:
    """The outcome of one chunk of points.

    Args:
        inputs: The corridor.
        entries: Where each parameter lies.
        free: Free numbers of every point, (length, point).
        asked: Which outcome.
        places: Parole places, recorded and changed, (month) [people / month].
        window: Places of the first month and of the one after the last.
        now: Levers of the twin, if the effect of changes is asked for.
        held: Parameters of the twin held at their own numbers.
    """

    inputs: CorridorInputs
    entries: tuple[ParameterEntry, ...]
    free: np.ndarray
    asked: OutcomeQuery
    places: tuple[np.ndarray, np.ndarray]
    window: tuple[int, int]
    now: LeverLevels | None
    held: Mapping[str, float]

    def __call__(self, job: int, /) -> dict[str, np.ndarray]:
        """Mean of the months by point; less history's where there are changes."""
        values = ensemble.constrained_chunk(jnp.asarray(ensemble.padded(self.free, job * ensemble.CHUNK)), self.entries)
        shocks = ensemble.solved_chunk(self.inputs, values)
        keep = self.asked.outcome.fields
        base = ensemble.projected_chunk(self.inputs, self.inputs.levers, shocks, values, keep)
        found = self._mean(base, 0)
        if self.now is not None:
            other = values | {name: jnp.full_like(values[name], number) for name, number in self.held.items()}
            found = self._mean(ensemble.projected_chunk(self.inputs, self.now, shocks, other, keep), 1) - found
        return {"outcome": found}

    def _mean(self, seen: Mapping[str, jnp.ndarray], world: int) -> np.ndarray:
        first, last = self.window
        return np.asarray(self.asked.of(seen, jnp.asarray(self.places[world])))[first:last].mean(axis=0)


def matters(corridor: Corridor, question: SensitivityQuestion, options: RunOptions = HERE) -> Sensitivity:
    """Say what matters for an outcome.

    Args:
        corridor: The fitted corridor.
        question: What is asked.
        options: Where work is kept and who does it; draws and key are those of the question.

    Raises:
        UsageError: No such parameter, or an outcome that is the same in every draw.
        ChangeError: The changes fit nothing.
    """
    free = corridor.free(question.draws, question.key)
    outcome = _run(corridor, question, options, ("posterior", free))
    if outcome.std() <= SOLVED_FOR * max(float(np.abs(outcome).mean()), 1e-12):
        raise UsageError(
            "the outcome is the same in every draw",
            where="--outcome",
            found=question.outcome.name,
            expected="an outcome that parameters move",
            way_out="Replay solves for encounters, so no parameter moves them; ask for the effect of a change with "
            "--set or --changes, or for another outcome.",
        )
    layout = corridor.fit.layout
    inputs, rows = inputs_of(layout, question)

    def evaluate(kind: str, places: np.ndarray) -> sensitivity.Evaluate:
        def outcomes_of(shares: np.ndarray) -> np.ndarray:
            points = np.repeat(np.median(free, axis=1)[:, None], len(shares), axis=1)
            points[places] = sensitivity.quantiles(shares, free[places]).T
            return _run(corridor, question, options, (kind, points))

        return outcomes_of

    effects = sensitivity.morris(inputs, evaluate("morris", rows), question.sampling.trajectories, question.key)
    kept = sensitivity.narrowed(inputs, effects, TOP)
    top = Varied(_of(inputs.names, kept), _of(inputs.groups, kept))
    vary = evaluate("sobol", rows[kept])
    shares = sensitivity.sobol(top, vary, question.sampling.points, question.key) if question.sampling.points else None
    by_name = {name: free[rows[np.array(inputs.groups) == name]] for name in top.reported}
    explained = {name: sensitivity_given.explained(values, outcome, question.key) for name, values in by_name.items()}
    if not question.changes:
        return Sensitivity(question, top.reported, outcome, shares, effects, explained, {}, float("nan"))
    worths = np.stack([np.zeros(len(outcome)), _gain(question, outcome)], axis=1)
    worth = {name: sensitivity_given.partial_information(x, worths, question.key) for name, x in by_name.items()}
    everything = sensitivity_given.perfect_information(worths)
    return Sensitivity(question, top.reported, outcome, shares, effects, explained, worth, everything)


def _of(names: tuple[str, ...], kept: np.ndarray) -> tuple[str, ...]:
    return tuple(name for name, keep in zip(names, kept, strict=True) if keep)


def inputs_of(layout: Layout, question: SensitivityQuestion) -> tuple[Varied, np.ndarray]:
    """Which numbers are varied and in which groups, and their places among the free numbers.

    Parameters that no figure bears on are among them: they vary as their priors do.

    The numbers of one parameter, such as one per origin, are a group, unless single ones are named.

    Args:
        layout: Where each parameter lies.
        question: Names parameters, or none.

    Raises:
        UsageError: A name is no parameter that moves people; names the nearest.
    """
    moving = {field.name for record in (FlowParams, PolicyParams) for field in fields(record)}
    numbers = layout.names()
    entries = [entry for entry in layout.entries if entry.size and entry.name in moving]
    of_number = {entry.start + k: entry for entry in entries for k in range(entry.size)}
    if question.sampling.parameters:
        chosen = {
            place: group for name in question.sampling.parameters for place, group in _named(name, of_number, numbers)
        }
    else:
        chosen = {place: entry.name for place, entry in of_number.items()}
    if question.sampling.by_equation:
        equations = {name: row.equation for name, row in tables.parameters().items()}
        chosen = {place: equations[of_number[place].name] for place in chosen}
    return Varied(tuple(numbers[place] for place in chosen), tuple(chosen.values())), np.array(list(chosen))


def _named(name: str, of_number: Mapping[int, ParameterEntry], numbers: Sequence[str]) -> list[tuple[int, str]]:
    found = [(place, name) for place, entry in of_number.items() if name in (entry.name, numbers[place])]
    if found:
        return found
    known = list(dict.fromkeys(entry.name for entry in of_number.values()))
    hint = nearest(name, known)
    raise UsageError(
        "no such parameter among those that move people",
        where="--parameters",
        found=repr(name),
        expected=f"one of {listed(known, 60)}, or one number of it as base[3]",
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )


def _gain(question: SensitivityQuestion, effect: np.ndarray) -> np.ndarray:
    """Worth of changing over leaving be, (draw): less is better, except of people admitted by legal ways."""
    better = effect if question.outcome.outcome.name in MORE_IS_BETTER else -effect
    return better - question.price


def _run(
    corridor: Corridor, question: SensitivityQuestion, options: RunOptions, points: tuple[str, np.ndarray]
) -> np.ndarray:
    kind, free = points
    case, span = corridor.case, corridor.case.span.span
    changed = edit.apply(case, list(question.changes)) if question.changes else case
    work = OutcomeChunks(
        inputs=corridor.inputs,
        entries=corridor.fit.layout.entries,
        free=free,
        asked=question.outcome,
        places=(outcomes.places(case), outcomes.places(changed)),
        window=(span.position(question.first), span.position(question.last) + 1),
        now=build.levers(changed) if question.changes else None,
        held=history.overrides(case, changed) if question.changes else {},
    )
    count = free.shape[1]
    jobs = -(-count // ensemble.CHUNK)
    asked = [question.outcome.name, str(question.first), str(question.last), repr(question.changes), kind]
    made_from = marks(case, free, asked, corridor.setting.figures)
    plan = SweepPlan(f"sensitivity, {kind}", jobs, made_from, work, count - (jobs - 1) * ensemble.CHUNK)
    store = None if options.store is None else options.store / kind
    results = run(plan, store=store, workers=options.workers, cluster=options.cluster, progress=options.progress)
    return results.read("outcome")
