"""Each episode predicted by a fit that never saw its months: those under its levers against those who were not.

An episode is a stretch of months in which levers moved for some people more than for others. The parameters are
fitted without those months; then, from the month before, the months are predicted as any forecast is: arrivals from
the panel of past figures with levers as they were (the no-effect rule), and the same surprises under

- the levers as the record declares them, or
- what in fact followed encounters besides (the share expelled, sent home, let in): the dose that was delivered.

What is compared is the contrast: the log change of the covered less that of the uncovered, mean of the months less mean
of the three months before; where there is nobody to compare with, the change of the covered itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.core import digest
from palanca.evidence.episodes.declared import BEFORE, UNTIL, WITHOUT, Episode, check
from palanca.infer import fit as fitting
from palanca.infer import history, search
from palanca.infer.fit import Fit
from palanca.infer.history import PreparedCase
from palanca.infer.search import Compiled, PosteriorMode
from palanca.infer.store import marks
from palanca.questions import kept
from palanca.questions.forecast import horizon, worlds
from palanca.questions.forecast import project as forecast
from palanca.questions.forecast import reaction_rule as habits
from palanca.questions.forecast.project import CHUNK, arrivals_now
from palanca.questions.forecast.span import ForecastSpan
from palanca.questions.forecast.worlds import MonthsAhead, Moves
from palanca.questions.kept import Arrays
from palanca.questions.options import Progress
from palanca.spec.schema import Case

WINDOW = 3  # months predicted for every episode, so that all share one compiled forecast
DRAWS = 400
MOST_STEPS = 1500
GAIN = 1e-10
FEW = 5.0  # half of what the publisher rounds to [events]; keeps the log of an empty month finite
NO_EFFECT, LEVERS, PRACTICE = "no effect", "levers", "practice"
RULES = (NO_EFFECT, LEVERS, PRACTICE)
ZERO = "zero"
SIDES = ("covered", "uncovered")


@dataclass(frozen=True, eq=False)
class EpisodeOutcome:
    """One episode, predicted and seen: log changes from the mean of the months before it [log points].

    Args:
        episode: The episode.
        seen: What the figures showed, (month, side): covered, then uncovered; no change where there is nobody.
        predicted: By rule of `RULES`, (month, side, draw).
        fit: Log density where the fit without these months ended, and the largest slope left.
    """

    episode: Episode
    seen: np.ndarray
    predicted: dict[str, np.ndarray]
    fit: tuple[float, float]

    @property
    def contrast_seen(self) -> float:
        """Covered less uncovered, mean of the months [log points]."""
        return float(_contrast(self.seen))

    def contrast(self, rule: str) -> np.ndarray:
        """The same as a rule predicts it, (draw) [log points]."""
        return np.asarray(_contrast(self.predicted[rule]))

    def effect(self, rule: str) -> np.ndarray:
        """What a rule adds to the no-effect rule, whose surprises it shares, (draw) [log points]."""
        return self.contrast(rule) - self.contrast(NO_EFFECT)

    def error(self, rule: str) -> float:
        """How far the median prediction of the contrast is off [log points]."""
        return abs(float(np.median(self.contrast(rule))) - self.contrast_seen)

    def sign_right(self, rule: str) -> bool:
        """Whether the median prediction of the contrast has the sign that was seen."""
        return bool(np.sign(np.median(self.contrast(rule))) == np.sign(self.contrast_seen))


@dataclass(frozen=True)
class Score:
    """How a rule did over all episodes.

    Args:
        rule: Of `RULES`, or `zero`: both sides change alike.
        signs: Episodes whose sign is right; a rule that predicts none has none.
        effect_signs: Episodes in which what it adds to the no-effect rule has the sign seen.
        error: Mean absolute error of the contrast [log points].
        to_zero: That error over the error of `zero` [share].
        to_zero_less: The same without the episode of the largest contrast, which outweighs all others.
        to_panel: That error over the error of the no-effect rule, the panel's expectation [share].
        held_80: Contrasts seen inside the 80 % interval.
        held_90: Contrasts seen inside the 90 % interval.
    """

    rule: str
    signs: int
    effect_signs: int
    error: float
    to_zero: float
    to_zero_less: float
    to_panel: float
    held_80: int
    held_90: int


def run(
    setting: PreparedCase,
    wanted: Sequence[Episode],
    folder: Path,
    *,
    draws: int = DRAWS,
    key: int = 1,
    curved: bool = True,
    progress: Progress | None = None,
) -> list[EpisodeOutcome]:
    """Predict every episode from a fit without its months.

    Args:
        setting: From `history.prepare`.
        wanted: The episodes.
        folder: Where fits are kept; another case, other figures or other code get files of their own.
        draws: How many predictions.
        key: Same key, same bits.
        curved: Whether parameters scatter by the curvature at the maximum; else all draws stand at the maximum.
        progress: Called as `progress(done, wanted)`.

    Raises:
        UsageError: An episode does not fit the case.
        FitError: A file in the folder is corrupt, or a fit does not end.
    """
    for episode in wanted:
        check(setting.case, episode)
    mark = digest.of_record(asdict(marks(setting.case, setting.figures)))
    ready = search.compiled(setting.evidence)
    found = []
    for i, episode in enumerate(wanted):
        if progress is not None:
            progress(i, len(wanted))
        fit = without(ready, setting.case, episode, folder / mark, curved=curved)
        found.append(predict(setting, episode, fit, draws=draws, key=key))
    if progress is not None:
        progress(len(wanted), len(wanted))
    return found


def without(ready: Compiled, case: Case, episode: Episode, folder: Path, *, curved: bool) -> Fit:
    """The fit to all months but those of an episode, or to those before it alone, from disk if it is there.

    The search starts from the priors, not from a fit to all months, which has seen what is to be predicted.

    Args:
        ready: The density.
        case: The case.
        episode: Whose months are left out.
        folder: Where fits are kept.
        curved: Whether the curvature is wanted; without it all draws are the maximum.
    """
    places = [case.span.span.position(month) for month in episode.months]
    evidence = ready.evidence
    scored = evidence.until(places[0] - 1) if episode.fit == UNTIL else evidence.without(places)
    name = f"{episode.fit}-{episode.months[0]}-{len(episode.months)}"
    summit = kept.arrays(folder / f"{name}.npz", partial(_summit, ready, scored))
    mode = summit["mode"]
    value, slope, steps = summit["summary"]
    factor, spread = np.zeros((len(mode), len(mode))), np.zeros(len(mode))
    if curved:
        bend = kept.arrays(folder / f"{name}-curvature.npz", partial(_bend, ready, mode, scored))
        factor, spread = bend["factor"].astype(float), bend["spread"]
    return Fit(ready.evidence.layout, mode, factor, spread, PosteriorMode(mode, float(value), float(slope), int(steps)))


def predict(setting: PreparedCase, episode: Episode, fit: Fit, *, draws: int = DRAWS, key: int = 1) -> EpisodeOutcome:
    """Log changes of both sides, as each rule has them and as the figures showed them.

    Nothing after the episode's start is used, but for levers, and what followed encounters in the rule that has it.
    """
    case, full, later = setting.case, setting, setting.inputs
    ask = ForecastSpan(episode.start, WINDOW, draws=draws, key=key)
    last = ask.check(case)
    setting = history.as_known(setting, episode.start)
    known, _ = forecast.learned(setting, fit.layout, fit.mode, last)
    given = (arrivals_now(setting, ask), forecast.moves(known, (ask.months, draws), key))
    held = horizon.persisting(setting.inputs, last, WINDOW)
    paths = {
        NO_EFFECT: held,
        LEVERS: horizon.recorded(held, later, last, practice=False),
        PRACTICE: horizon.recorded(held, later, last, practice=True),
    }
    free = fit.draws(key, range(draws))
    blocks = []
    for first in range(0, draws, CHUNK):
        chosen = np.minimum(np.arange(first, first + CHUNK), draws - 1)
        parts = jax.tree.map(lambda part, chosen=chosen: jnp.asarray(part[..., chosen]), given)
        values = fit.layout.constrain(jnp.asarray(free[:, chosen]))
        block = _predicted(setting, paths, parts, values, last)
        blocks.append({rule: part[..., : draws - first] for rule, part in block.items()})
    sides, months = (episode.covered, episode.uncovered), len(episode.months)
    counted = np.stack([_logs(full.evidence.all_cells, side.where(case)) for side in sides], axis=1)
    usual = counted[last + 1 - BEFORE : last + 1].mean(axis=0)
    drawn = {rule: np.concatenate([block[rule] for block in blocks], axis=-1)[:months] for rule in RULES}
    predicted = {
        rule: np.stack([_logs(cells, side.where(case)) for side in sides], axis=1) for rule, cells in drawn.items()
    }
    return EpisodeOutcome(
        episode=episode,
        seen=counted[last + 1 : last + 1 + months] - usual,
        predicted={rule: logs - usual[:, None] for rule, logs in predicted.items()},
        fit=(fit.found.value, fit.found.gradient),
    )


def scored(outcomes: Sequence[EpisodeOutcome]) -> list[EpisodeOutcome]:
    """Those that scores count: left out of a fit to all other months; all of them where none is."""
    return [one for one in outcomes if one.episode.fit == WITHOUT] or list(outcomes)


def score(outcomes: Sequence[EpisodeOutcome]) -> list[Score]:
    """Each rule over all episodes given: signs, mean error, and how many contrasts its intervals held."""
    seen = np.array([one.contrast_seen for one in outcomes])
    less = np.arange(len(seen)) != np.argmax(np.abs(seen))
    errors = {rule: np.array([one.error(rule) for one in outcomes]) for rule in RULES} | {ZERO: np.abs(seen)}
    found = []
    for rule in (ZERO, *RULES):
        error, drawn = errors[rule], rule != ZERO
        contrasts = [one.contrast(rule) if drawn else np.full(1, np.nan) for one in outcomes]
        moved = [np.median(one.effect(rule)) if drawn else 0.0 for one in outcomes]
        found.append(
            Score(
                rule=rule,
                signs=sum(one.sign_right(rule) for one in outcomes) if drawn else 0,
                effect_signs=int(np.sum(np.array(moved) * seen > 0.0)),
                error=float(error.mean()),
                to_zero=float(error.mean() / errors[ZERO].mean()),
                to_zero_less=float(error[less].mean() / errors[ZERO][less].mean()) if less.any() else float("nan"),
                to_panel=float(error.mean() / errors[NO_EFFECT].mean()),
                held_80=_held(contrasts, seen, 0.8),
                held_90=_held(contrasts, seen, 0.9),
            )
        )
    return found


def _predicted(
    setting: PreparedCase,
    paths: dict[str, MonthsAhead],
    given: tuple[Array, Moves],
    values: dict[str, Array],
    last: int,
) -> dict[str, np.ndarray]:
    """Encounters under every rule, (month, origin, group, draw) [events / month]."""
    inputs = setting.inputs
    at, drawn, seen = worlds.expected(inputs, paths[NO_EFFECT], *given, values, jnp.asarray(last))
    found = {NO_EFFECT: seen}
    for rule in (LEVERS, PRACTICE):
        found[rule] = worlds.altered(inputs, at, paths[rule], drawn, habits.none(), values)
    return {rule: np.asarray(world.encounters) for rule, world in found.items()}


def _logs(counts: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Log of a side's count, (month, ...); of nobody, that of none in every month.

    Args:
        counts: (month, origin, group, ...).
        side: 1 for those who belong to it, (origin, group).
    """
    return np.asarray(np.log(np.einsum("mog...,og->m...", counts, side) + FEW))


def _contrast(change: np.ndarray) -> np.ndarray:
    return np.asarray((change[:, 0] - change[:, 1]).mean(axis=0))


def _held(predicted: Sequence[np.ndarray], seen: np.ndarray, level: float) -> int:
    edges = np.array([np.quantile(one, [(1 - level) / 2, (1 + level) / 2]) for one in predicted])
    return int(((edges[:, 0] <= seen) & (seen <= edges[:, 1])).sum())


def _summit(ready: Compiled, scored: np.ndarray) -> Arrays:
    found = search.maximise(ready, scored, most_steps=MOST_STEPS, gain=GAIN)
    return {"mode": found.mode, "summary": np.array([found.value, found.gradient, found.steps])}


def _bend(ready: Compiled, mode: np.ndarray, scored: np.ndarray) -> Arrays:
    factor, spread = fitting.curvature(ready, mode[None], scored)
    return {"factor": factor.astype(np.float32), "spread": spread}
