"""Whether a posterior can be trusted: every check by name, green or red, and what each red one means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from palanca.core import save
from palanca.core.errors import FitError
from palanca.core.wording import counted, listed
from palanca.infer.agree import POINTS_TO
from palanca.infer.check_counts import State
from palanca.infer.posterior import ASSUMED, LEARNED, LEAST_ESS, MOST_R_HAT, Diagnostics, How, Posterior
from palanca.infer.predictive import CELLS, ONE_AHEAD, Checked

LEAST_ENERGY = 0.3
MOST_SHIFT = 3.0  # prior standard deviations
IN_50, IN_90 = (0.35, 0.70), (0.80, 0.98)
LASTS = 4.0  # misfits that last count as one figure in about so many
SURE = 0.01
RANKS_UNIFORM = 0.01
RECOVERED = (0.85, 0.95)
MEANS = POINTS_TO | {
    ONE_AHEAD: "O1: how surprises scatter and last",
    CELLS: "F1 mix of groups by origin: it does not move but with the levers",
}


@dataclass(frozen=True)
class Check:
    """One check.

    Args:
        name: What was checked.
        state: What it came to.
        value: What was found.
        rule: When it is green.
        meaning: What it means, in a sentence.
        named: Numbers, labels or statistics that fail it.
    """

    name: str
    state: State
    value: str
    rule: str
    meaning: str
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class Calibration:
    """What a simulation-based calibration found, as stored beside a posterior.

    Args:
        replications: Synthetic corridors that were drawn and fitted.
        uniform: Chance that ranks at least this uneven come from a right fit.
        coverage: Share of 90 % intervals that hold the truth.
        biased_rejected: Whether a fit biased on purpose was told apart.
    """

    replications: int
    uniform: float
    coverage: float
    biased_rejected: bool


@dataclass(frozen=True)
class Verdict:
    """Every check of one posterior, and how many numbers are learned, in between, assumed."""

    checks: tuple[Check, ...]
    labels: dict[str, int]

    @property
    def red(self) -> list[Check]:
        """The checks that failed."""
        return [check for check in self.checks if check.state is State.red]


def judge(found: Posterior, series: Sequence[Checked], calibrated: Calibration | None = None) -> Verdict:
    """Judge a posterior.

    Args:
        found: The posterior.
        series: What posterior predictive checks found, from `predictive.check`.
        calibrated: What a calibration found, if one was recorded.
    """
    checks = [_made(found), *_chains(found), _conflict(found), *_series(series), _calibrated(calibrated)]
    words = labels(found)
    return Verdict(tuple(checks), {word: words.count(word) for word in ("learned", "in between", "assumed")})


def label(ratio: float) -> str:
    """A word for the ratio of posterior to prior standard deviation."""
    if ratio > ASSUMED:
        return "assumed"
    return "learned" if ratio < LEARNED else "in between"


def labels(found: Posterior) -> list[str]:
    """The word for each free number, (length)."""
    return [label(ratio) for ratio in found.contraction]


def recorded(path: Path) -> Calibration | None:
    """The calibration stored beside a posterior, as `NAME.calibration.json`; nothing if there is none.

    Raises:
        FitError: It is there but cannot be read.
    """
    beside = path.with_suffix(".calibration.json")
    if not beside.exists():
        return None
    try:
        held = json.loads(beside.read_text(encoding="utf-8"))
        return Calibration(
            int(held["replications"]), float(held["uniform"]), float(held["coverage"]), bool(held["biased_rejected"])
        )
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise FitError("cannot read the calibration", where=str(beside), found=str(fault)) from fault


def keep_calibration(path: Path, found: Calibration) -> Path:
    """Store a calibration beside a posterior, where `recorded` finds it."""
    return save.text(path.with_suffix(".calibration.json"), json.dumps(asdict(found), indent=2) + "\n")


def _state(good: bool) -> State:
    return State.green if good else State.red


def _made(found: Posterior) -> Check:
    done = found.diagnostics
    rule = "sampled, with every iteration that was planned"
    if found.how is How.quick or done is None:
        says = "Draws are from the maximum and its curvature; where the posterior is skewed or bent, they are wrong."
        return Check("how it was made", State.red, "quick mode", rule, says)
    whole = done.finished == done.planned
    says = "All chains ran to their end." if whole else "Time ran out; what was kept by then is the posterior."
    value = f"{done.finished:,} of {done.planned:,} iterations"
    return Check("how it was made", _state(whole), value, rule, says)


def _chains(found: Posterior) -> list[Check]:
    names = ("R-hat", "bulk sample size", "tail sample size", "divergences", "energy")
    done = found.diagnostics
    if done is None:
        says = "A quick fit has no chains."
        return [Check(name, State.unknown, "–", "a sampled posterior", says) for name in names]
    return [
        _r_hat(found, done),
        _size(found, "bulk sample size", done.ess_bulk, "middle values"),
        _size(found, "tail sample size", done.ess_tail, "ends of intervals"),
        _divergences(done),
        _energy(done),
    ]


def _r_hat(found: Posterior, done: Diagnostics) -> Check:
    most, named = _worst(found, done.r_hat, done.r_hat > MOST_R_HAT)
    fitted = int(np.isfinite(done.r_hat).sum())
    says = "The chains agree on every number."
    if named:
        says = (
            f"The chains have not fully agreed on {counted(len(named), 'number')} of {fitted:,}; the largest of as "
            f"many from independent draws would be about {by_chance(fitted, done):.3f}."
        )
    return Check("R-hat", _state(not named), f"at most {most:.3f}", f"at most {MOST_R_HAT}", says, named)


def by_chance(numbers: int, done: Diagnostics) -> float:
    """The largest R-hat to expect of independent draws: halves of chains differ by chance as F tells."""
    halves = 2 * len(done.energy)
    each = max(done.finished // halves, 2)
    largest = float(stats.f.ppf(0.5 ** (1.0 / max(numbers, 1)), halves - 1, halves * (each - 1)))
    return float(np.sqrt((each - 1 + largest) / each))


def _size(found: Posterior, name: str, sizes: np.ndarray, what: str) -> Check:
    low = sizes < LEAST_ESS
    _, named = _worst(found, -sizes, low)
    least = float(np.nanmin(sizes))
    says = f"Enough independent draws for {what}."
    if named:
        says = f"Too few independent draws for {what} of {counted(len(named), 'number')}; more iterations would help."
    return Check(name, _state(not named), f"at least {least:,.0f}", f"at least {LEAST_ESS:.0f}", says, named)


def _divergences(done: Diagnostics) -> Check:
    share = 100.0 * done.divergences / max(done.finished, 1)
    says = "No trajectory broke down."
    if done.divergences:
        says = "Trajectories broke down where the posterior bends sharply; draws there are missing, and so may be bias."
    value = f"{done.divergences:,} ({share:.2g} %)"
    return Check("divergences", _state(not done.divergences), value, "none", says)


def _energy(done: Diagnostics) -> Check:
    low = tuple(f"chain {k + 1}" for k in np.flatnonzero(done.energy < LEAST_ENERGY))
    says = "Chains move freely between levels of the density."
    if low:
        says = "Chains move too slowly between levels of the density; heavy tails may be missed."
    value = f"at least {float(done.energy.min()):.2f}"
    return Check("energy", _state(not low), value, f"E-BFMI above {LEAST_ENERGY}", says, low)


def _conflict(found: Posterior) -> Check:
    shift = np.abs(found.shift)
    most, named = _worst(found, shift, shift > MOST_SHIFT)
    says = "No parameter went far from what was believed before."
    if named:
        says = (
            f"Figures pull {counted(len(named), 'number')} further than {MOST_SHIFT:.0f} prior standard deviations: "
            "either the prior is wrong, or they make up for something that the model lacks."
        )
    rule = f"every mean within {MOST_SHIFT:.0f} prior sd of its prior's middle"
    return Check("prior against figures", _state(not named), f"at most {most:.1f} sd", rule, says, named)


def _worst(found: Posterior, values: np.ndarray, wrong: np.ndarray) -> tuple[float, tuple[str, ...]]:
    """The largest value, and the names of numbers that are wrong, the worst first."""
    names, order = found.layout.names(), np.argsort(-np.nan_to_num(values, nan=-np.inf))
    return float(np.nanmax(values)), tuple(names[i] for i in order if wrong[i])


def _series(series: Sequence[Checked]) -> list[Check]:
    checks = []
    for name in dict.fromkeys(row.series for row in series):
        rows = [row for row in series if row.series == name]
        checks.append(_coverage(name, rows))
        if any(np.isfinite(row.total) for row in rows):
            checks.append(_statistics(name, rows))
    return checks


def _coverage(name: str, rows: Sequence[Checked]) -> Check:
    """Over all labels the shares must be near their names; a label alone must not be lower than by chance."""
    weight = np.array([row.figures for row in rows], dtype=float)
    inner = float(np.average([row.in_50 for row in rows], weights=weight))
    outer = float(np.average([row.in_90 for row in rows], weights=weight))
    low = tuple(row.label for row in rows if row.in_90 < by_luck(row.figures, 0.9)[0])
    figures = int(weight.sum())
    pooled = _near(outer, figures, 0.9, IN_90) and (np.isnan(inner) or _near(inner, figures, 0.5, IN_50))
    says = "Bands hold as many figures as they should."
    if not pooled and outer > 0.9:
        says = f"Bands hold more figures than they should: this series is told with too little trust ({MEANS[name]})."
    elif not pooled:
        says = f"Bands hold fewer figures than they should; look at {MEANS[name]}."
    elif low:
        says = f"Together they are right, but fewer than chance allows are inside for {listed(low)}; {MEANS[name]}."
    value = f"{_percent(outer)} in 90 %" + ("" if np.isnan(inner) else f", {_percent(inner)} in 50 %")
    rule = (
        f"90 % bands hold {_percent(IN_90[0])} to {_percent(IN_90[1])}, 50 % bands {_percent(IN_50[0])} to "
        f"{_percent(IN_50[1])}"
    )
    return Check(f"coverage: {name}", _state(pooled and not low), value, rule, says, low)


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %"


def _near(share: float, figures: int, right: float, bounds: tuple[float, float]) -> bool:
    """Whether a share is within bounds, or so few figures stand behind it that chance may have moved it out."""
    low, high = by_luck(figures, right)
    return min(bounds[0], low) <= share <= max(bounds[1], high)


def by_luck(figures: int, right: float) -> tuple[float, float]:
    """Least and most figures inside a right band that chance leaves likely, if misfits last [share]."""
    independent = max(round(figures / LASTS), 1)
    low, high = stats.binom.ppf([SURE, 1.0 - SURE], independent, right) / independent
    return float(low), float(high)


def _statistics(name: str, rows: Sequence[Checked]) -> Check:
    """Published totals, peaks and runs of misfit among those the model would make; some are odd by chance."""
    found = [
        (f"{row.label} {what}", getattr(row, what))
        for row in rows
        for what in ("total", "largest", "lasting")
        if np.isfinite(getattr(row, what))
    ]
    odd = tuple(text for text, p in found if min(p, 1.0 - p) < SURE / 2.0)
    allowed = int(stats.binom.ppf(1.0 - SURE, len(found), SURE))
    good = len(odd) <= allowed
    says = "Totals, largest months and runs of misfits are like those that the model makes."
    lasting = sum(text.endswith("lasting") for text in odd)
    if not good and lasting > len(odd) / 2:
        says = f"Misfits last longer or shorter than the model has it, mostly ({listed(odd, 4)}); look at O3 and O1."
    elif not good:
        says = f"The model hardly makes such figures as these: {listed(odd, 4)}; look at {MEANS[name]}."
    value = f"{len(odd)} odd of {len(found)}"
    return Check(f"statistics: {name}", _state(good), value, f"at most {allowed} odd", says, odd)


def _calibrated(found: Calibration | None) -> Check:
    name, rule = "calibration", "ranks uniform, 90 % intervals hold 85 to 95 %, a biased fit is told apart"
    if found is None:
        return Check(name, State.unknown, "–", rule, "No calibration was recorded for this posterior.")
    good = found.uniform > RANKS_UNIFORM and RECOVERED[0] <= found.coverage <= RECOVERED[1] and found.biased_rejected
    says = "Parameters known beforehand come back as often as they should."
    if not good:
        says = "Parameters known beforehand do not come back as often as they should: intervals are not what they say."
    value = f"p = {found.uniform:.2g}, {_percent(found.coverage)} held, {counted(found.replications, 'replication')}"
    return Check(name, _state(good), value, rule, says)
