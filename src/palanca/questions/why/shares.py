"""Why an outcome changed between two months: the change shared out among its causes, exactly, in every draw.

The months between are run again in one world for every choice of causes (`why_worlds`). A cause's share is what it adds
when it comes on, averaged over the orders in which causes can come on (Shapley), so that the shares and what was under
way sum to the change. Causes that did not move have no share.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from palanca.bargain import shapley
from palanca.core.clock import Month, Span
from palanca.kernel.keys import normals
from palanca.model.parameters import Layout
from palanca.model.run import CorridorInputs
from palanca.questions import outcomes
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.questions.outcomes import OutcomeQuery
from palanca.questions.sweep import run as sweep
from palanca.questions.sweep.plan import SweepPlan, marks
from palanca.questions.why import causes as why_causes
from palanca.questions.why import doubts as why_doubts
from palanca.questions.why import months
from palanca.questions.why import worlds as why_worlds
from palanca.questions.why.causes import CAUSES, GROUPS, PARTS, UNDER_WAY, SharedLevers, members
from palanca.questions.why.months import MOST
from palanca.questions.why.worlds import WORLDS, WhyWindow
from palanca.spec.schema import Case

CHUNK = 32  # draws compiled for at once
FEWEST = 1.0  # an outcome that can come this low is split in people, not in logs [its unit]
LEVEL, LOG = "level", "log"
MEASURES = (LEVEL, LOG)
HERE = RunOptions(draws=64)
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Why:
    """A change shared out.

    Args:
        case: The case.
        asked: The outcome.
        months: The two months.
        before: The outcome in the first, (draw).
        after: The outcome in the second, (draw).
        people: Share of each cause and of what was under way, (draw) [unit of the outcome]; they sum to the change.
        logs: The same in log points, summing to the log change; none if the outcome can be about zero.
        alone: What each cause adds when it is the first to come on, (draw) [log points, or the unit without logs].
        last: What each adds when it is the last, likewise.
        grouped: Shares in the coarser game in which causes of one group come on together, likewise.
        moved: Causes that moved at all.
        figures: What was published for the two months; None unless the figures count the outcome itself.
        single: What each origin's own new shocks by themselves make of its encounters, by origin, (draw)
            [events / month]: what they were in the first month, times the shocks' factor less one.
        singled: Origins for which some lever moved that did not move for all.
        harm: Deaths on the way and people on hold in both months, (month, draw).
        slip: Largest relative gap between the last world and history as replayed.
        doubts: Causes that the figures cannot tell, and why.
    """

    case: Case
    asked: OutcomeQuery
    months: tuple[Month, Month]
    before: np.ndarray
    after: np.ndarray
    people: Arrays
    logs: Arrays | None
    alone: Arrays
    last: Arrays
    grouped: Arrays
    moved: tuple[str, ...]
    figures: tuple[float, float] | None
    single: Arrays
    singled: tuple[str, ...]
    harm: Arrays
    slip: float
    doubts: dict[str, str]

    @property
    def change(self) -> np.ndarray:
        """Change of the outcome, (draw)."""
        return self.after - self.before

    @property
    def worlds(self) -> int:
        """How many worlds were run in every draw."""
        return 2 ** len(self.moved)

    @property
    def measure(self) -> Arrays:
        """Shares in log points, or in the outcome's unit where logs will not do."""
        return self.people if self.logs is None else self.logs

    def group(self, name: str) -> np.ndarray:
        """Shares of all causes of a group together, (draw) [unit of the outcome]."""
        return np.sum([self.people[one] for one in members(name)], axis=0)


@dataclass(frozen=True, eq=False)
class ChangeChunks:
    """Shares a change out for one chunk of draws; it can be sent to another process.

    Args:
        inputs: The corridor.
        held: Levers by holder.
        places: Lawful places by parole, (month) [people / month].
        layout: Where each parameter lies.
        free: Free numbers of every draw, (length, draw).
        noise: Standard normals, (month, draw).
        place: Place of the first month.
        horizon: How many months after it.
        asked: The outcome.
        moved: Causes that moved.
    """

    inputs: CorridorInputs
    held: SharedLevers
    places: np.ndarray
    layout: Layout
    free: np.ndarray
    noise: np.ndarray
    place: int
    horizon: int
    asked: OutcomeQuery
    moved: tuple[str, ...]

    @property
    def jobs(self) -> int:
        """How many chunks there are."""
        return -(-self.free.shape[-1] // CHUNK)

    def __call__(self, job: int) -> Arrays:
        """One chunk's shares; draw last, the last chunk filled up with its last draw.

        Returns:
            `before`, `after`, `lowest` and `slip`, (draw); `harm`, (kind, month, draw); `single`, (origin, draw);
            `shares`, `alone`, `last`, (measure, part, draw), and `grouped`, (measure, group, draw).
        """
        worth, given, course = self.worths(job)
        ends = np.asarray(course)[[self.place, self.place + self.horizon]]
        before, replayed = ends[:, 0]
        return self._shares(worth, before) | {
            "before": before,
            "after": worth[-1],
            "lowest": np.minimum(worth.min(axis=0), before),
            "single": np.asarray(self.inputs.figures.encounters)[self.place][:, None]
            * np.expm1(np.asarray(given.paths)[why_worlds.OWN, self.horizon - 1]),
            "harm": np.moveaxis(ends[:, 1:], 1, 0),
            "slip": np.abs(worth[-1] - replayed) / np.maximum(np.abs(replayed), FEWEST),
        }

    def worths(self, job: int) -> tuple[np.ndarray, WhyWindow, jax.Array]:
        """The outcome of the last month in every world, (world, draw), the window, and all months as replayed.

        World s has cause k of `moved` on if bit k of s is set.
        """
        chosen = np.minimum(np.arange(job * CHUNK, (job + 1) * CHUNK), self.free.shape[-1] - 1)
        values = self.layout.constrain(jnp.asarray(self.free[:, chosen]))
        given, course = why_worlds.window(
            self.inputs,
            (self.held, jnp.asarray(self.places)),
            values,
            (jnp.asarray(self.place), jnp.asarray(self.horizon)),
            jnp.asarray(self.noise[:, chosen]),
            self.asked,
        )
        worth = [np.asarray(why_worlds.worths(self.inputs, given, on, self.asked)) for on in self._worlds()]
        return np.concatenate(worth)[: 2 ** len(self.moved)], given, course

    def _worlds(self) -> list[jax.Array]:
        """Rows of causes on and off for each call; the last call is filled up with worlds nobody sees."""
        subsets = shapley.subsets(len(self.moved))
        rows = np.ones((-(-len(subsets) // WORLDS) * WORLDS, len(CAUSES)))  # what did not move is as it came
        rows[: len(subsets), [list(CAUSES).index(name) for name in self.moved]] = subsets
        return [jnp.asarray(rows[first : first + WORLDS]) for first in range(0, len(rows), WORLDS)]

    def _shares(self, worth: np.ndarray, before: np.ndarray) -> Arrays:
        every: dict[str, list[np.ndarray]] = {name: [] for name in ("shares", "alone", "last", "grouped")}
        for measure in MEASURES:
            value, start = (worth, before) if measure == LEVEL else (_log(worth), _log(before))
            ends = range(len(self.moved))
            whole = len(value) - 1
            every["shares"].append(self._spread(shapley.shares(value), value[0] - start))
            every["alone"].append(self._spread(np.array([value[1 << k] - value[0] for k in ends]), value[0] - start))
            every["last"].append(
                self._spread(np.array([value[whole] - value[whole ^ 1 << k] for k in ends]), value[0] - start)
            )
            every["grouped"].append(self._grouped(value, value[0] - start))
        return {name: np.array(found) for name, found in every.items()}

    def _spread(self, found: np.ndarray, rest: np.ndarray) -> np.ndarray:
        """Parts of the causes that moved among all parts, and what was under way."""
        out = np.zeros((len(PARTS), rest.shape[-1]))
        for name, part in zip(self.moved, found, strict=True):
            out[list(PARTS).index(name)] = part
        out[-1] = rest
        return out

    def _grouped(self, value: np.ndarray, rest: np.ndarray) -> np.ndarray:
        there = [name for name in GROUPS if any(CAUSES[one].group == name for one in self.moved)]
        sets = [[k for k, one in enumerate(self.moved) if CAUSES[one].group == name] for name in there]
        out = np.zeros((len(GROUPS), rest.shape[-1]))
        for name, part in zip(there, shapley.shares(shapley.merged(value, sets)), strict=True):
            out[list(GROUPS).index(name)] = part
        out[list(GROUPS).index(UNDER_WAY)] = rest
        return out


def run(
    corridor: Corridor,
    first: Month,
    last: Month,
    asked: OutcomeQuery,
    *,
    options: RunOptions = HERE,
) -> Why:
    """Share the change of an outcome between two months out among its causes.

    Args:
        corridor: From `corridor.open`.
        first: The first month.
        last: The second.
        asked: From `outcomes.find`.
        options: How to run it.

    Raises:
        UsageError: The months are not in order, too far apart, or outside the case.
        StoreError: The store holds another question.
        ClusterError: The scheduler does not answer.
    """
    work = plan(corridor, first, last, asked, draws=options.draws, key=options.key)
    question = ["why", str(first), str(last), asked.name, options.draws, options.key]
    filled = options.draws - (work.jobs - 1) * CHUNK
    jobs = SweepPlan(
        "why", work.jobs, marks(corridor.case, work.free, question, corridor.setting.figures), work, filled
    )
    found = sweep.run(
        jobs, store=options.store, workers=options.workers, cluster=options.cluster, progress=options.progress
    )
    return gather(corridor, work, {name: found.read(name) for name in found.names})


def plan(
    corridor: Corridor, first: Month, last: Month, asked: OutcomeQuery, *, draws: int = 64, key: int = 1
) -> ChangeChunks:
    """Make the question ready to be worked through in chunks of draws.

    Raises:
        UsageError: As for `run`.
    """
    months.check(corridor.case, first, last)
    place, horizon = corridor.case.span.span.position(first), last - first
    held = why_causes.held(corridor.case)
    window = Span(first + 1, first + MOST)
    return ChangeChunks(
        corridor.inputs,
        held,
        outcomes.places(corridor.case),
        corridor.fit.layout,
        corridor.free(draws, key),
        np.stack([normals(key, f"decompose/{month}", range(draws), ()) for month in window]),
        place,
        horizon,
        asked,
        why_causes.moved(corridor.inputs, held, place, horizon),
    )


def gather(corridor: Corridor, work: ChangeChunks, found: Arrays) -> Why:
    """The answer, from the numbers of all draws."""
    logs = bool(found["lowest"].min() >= FEWEST)
    at = MEASURES.index(LOG if logs else LEVEL)
    shares = {name: found["shares"][at, k] for k, name in enumerate(PARTS)}
    weight = log_mean(found["before"], found["after"]) if logs else 1.0
    first, span = corridor.case.span.span.first + work.place, (work.place, work.place + work.horizon)
    return Why(
        case=corridor.case,
        asked=work.asked,
        months=(first, first + work.horizon),
        before=found["before"],
        after=found["after"],
        people={name: part * weight for name, part in shares.items()},
        logs=shares if logs else None,
        alone={name: found["alone"][at, k] for k, name in enumerate(PARTS)},
        last={name: found["last"][at, k] for k, name in enumerate(PARTS)},
        grouped={name: found["grouped"][at, k] for k, name in enumerate(GROUPS)},
        moved=work.moved,
        figures=_figures(work),
        single=dict(zip(corridor.case.origins, found["single"], strict=True)),
        singled=why_doubts.singled(corridor, span),
        harm={name: found["harm"][k] for k, name in enumerate(why_worlds.HARM)},
        slip=float(found["slip"].max()),
        doubts=why_doubts.doubts(corridor, span, work.moved),
    )


def log_mean(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """People per log point, so that shares of a log change become people and still sum to the change.

    Reference:
        Logarithmic mean Divisia index: Ang (2004), Energy Policy 32, 1131-1139.
    """
    gap = np.log(b / a)
    near = np.abs(gap) < 1e-9
    return np.asarray(np.where(near, a, (b - a) / np.where(near, 1.0, gap)))


def _figures(work: ChangeChunks) -> tuple[float, float] | None:
    """Encounters are solved for, so that the model's are the figures'; nothing else is."""
    if work.asked.outcome.name != "encounters" or work.asked.axis not in ("", "origin"):
        return None
    counts = np.asarray(work.inputs.figures.encounters)
    counts = counts[:, work.asked.place] if work.asked.part else counts.sum(axis=1)
    return float(counts[work.place]), float(counts[work.place + work.horizon])


def _log(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(np.maximum(values, 1e-9)))
