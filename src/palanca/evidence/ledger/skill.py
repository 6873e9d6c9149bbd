"""How well deals are foreseen: the chance of one in each quarter, and what it holds, by fits that never saw it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from jaxtyping import Bool, Float

from palanca.core.errors import UsageError
from palanca.evidence.backtest import bootstrap
from palanca.evidence.backtest.bootstrap import BootstrapEstimate
from palanca.evidence.ledger import rivals as deal_rivals
from palanca.evidence.ledger.folds import folds
from palanca.evidence.ledger.rivals import BASE, ENCOUNTERS, PERSISTENCE
from palanca.infer import verdict
from palanca.infer.deals import LearnedDeals, Learner, predict, prior_only, quick, sampled
from palanca.infer.deals_context import LearnableBargain
from palanca.infer.sample import SamplingPlan
from palanca.questions.ledger.quarters import Quarters

MODEL, PRIOR = "palanca", "prior only"
TO_BEAT = (BASE, ENCOUNTERS)
BLOCK = 6  # quarters drawn together, as many as the longest thread of deals lasts
PACKAGE_BLOCK = 2  # quarters with a deal drawn together; few are left to draw from
FEWEST = 4


class SkillVerdict(StrEnum):
    """What a comparison with the rivals that must be beaten came to, by the log score at 90 %."""

    better = "better than every rival beyond chance"
    unclear = "not clearly better than every rival"
    worse = "worse than some rival beyond chance"


@dataclass(frozen=True)
class ForecastScore:
    """Mean scores of one forecast; lower is better in both.

    Args:
        forecast: Whose.
        log_score: Minus the log of the chance given to what came [nats]; of a package, the sum over its fields.
        brier: Squared distance of the chance from what came; of a package, the mean over its fields.
    """

    forecast: str
    log_score: float
    brier: float


@dataclass(frozen=True)
class Against:
    """The model's scores less those of another forecast, on the same quarters; below 0 the model is better.

    Args:
        rival: The other forecast.
        log_score: Difference with its 90 % interval [nats].
        brier: Difference with its 90 % interval.
    """

    rival: str
    log_score: BootstrapEstimate
    brier: BootstrapEstimate


@dataclass(frozen=True)
class Quarter:
    """What was forecast of one quarter by fits that did not see it.

    Args:
        first: Its first month.
        fold: What it was held out with.
        dealt: Whether a deal came.
        rows: Rows of the ledger.
        chance: Chance of a deal by forecast.
    """

    first: str
    fold: int
    dealt: bool
    rows: tuple[str, ...]
    chance: dict[str, float]


@dataclass(frozen=True)
class Weight:
    """What all quarters together say of one unknown.

    Args:
        name: What it is.
        factor: Posterior over prior, at the middle of logs; for reluctance and for power their shift [log points].
        ratio: Posterior over prior standard deviation.
        label: `learned`, `in between` or `assumed`.
    """

    name: str
    factor: float
    ratio: float
    label: str


@dataclass(frozen=True)
class DealSkill:
    """Skill of foreseeing deals.

    Args:
        quarters: Quarters scored.
        deals: Quarters with a deal.
        folds: Deals that share no thread, each held out in turn.
        onset: Scores of the chance of a deal.
        onset_against: Comparisons of these.
        onset_verdict: What they came to.
        package: Scores of what a deal holds, given that there is one; fields not shown or off the table left out.
        package_against: Comparison of these with how often other deals held each issue while it was on the table, and
            with the prior.
        package_verdict: What it came to.
        fields: Fields scored.
        off_table: Fields coded as held though the talks have them off the table; they count against nobody.
        weights: What all quarters say of every unknown.
        by_quarter: What was forecast.
    """

    quarters: int
    deals: int
    folds: int
    onset: tuple[ForecastScore, ...]
    onset_against: tuple[Against, ...]
    onset_verdict: SkillVerdict
    package: tuple[ForecastScore, ...]
    package_against: tuple[Against, ...]
    package_verdict: SkillVerdict
    fields: int
    off_table: int
    weights: tuple[Weight, ...]
    by_quarter: tuple[Quarter, ...]


@dataclass(frozen=True)
class _Forecasts:
    onset: dict[str, np.ndarray]
    package: dict[str, np.ndarray]


def deal_skill(
    stakes: LearnableBargain,
    seen: Quarters,
    on_table: Bool[np.ndarray, "quarter issue"],
    encounters: Float[np.ndarray, " quarter"],
    *,
    plan: SamplingPlan | None = None,
    key: int = 1,
) -> DealSkill:
    """Score forecasts of deals, each quarter by a fit that saw neither it nor anything of its deal.

    What enters a quarter's forecast of the model is what the stakes hold of it; it is for whoever makes them to take
    nothing from later.

    Args:
        stakes: What could be agreed in each quarter, and what is believed of it.
        seen: What the ledger shows of the same quarters.
        on_table: Which issues were on the table, (quarter, issue).
        encounters: Log encounters of the quarter before, against usual [log points].
        plan: How to sample for what all quarters say of the weights; by a normal about the peak if left out. Folds
            always take the normal.
        key: Same key, same draws and intervals.

    Raises:
        UsageError: Quarters that do not match, or too few deals.
        FitError: A fit did not settle.
    """
    if len({len(seen.dealt), len(encounters), len(on_table), stakes.menus.fixed.shape[0]}) > 1:
        raise UsageError(
            "stakes, ledger and encounters cover different quarters",
            found=f"{stakes.menus.fixed.shape[0]}, {len(seen.dealt)} and {len(encounters)} quarters",
        )
    learner = Learner(stakes, seen.recorded())
    fold = folds(seen)
    found = _forecast(learner, seen, fold, (on_table, encounters), key)
    onset = {name: _scored(chance, seen.dealt) for name, chance in found.onset.items()}
    wanted = seen.dealt[:, None] & seen.shown & on_table
    packages = {name: _package_scores(chance, seen.flag, wanted) for name, chance in found.package.items()}
    versus = tuple(_against(onset, rival, BLOCK, key) for rival in onset if rival != MODEL)
    held = tuple(_against(packages, rival, PACKAGE_BLOCK, key) for rival in packages if rival != MODEL)
    return DealSkill(
        quarters=len(seen.dealt),
        deals=int(seen.dealt.sum()),
        folds=int(fold.max()) + 1,
        onset=_means(onset),
        onset_against=versus,
        onset_verdict=_verdict(one for one in versus if one.rival in TO_BEAT),
        package=_means(packages),
        package_against=held,
        package_verdict=_verdict(one for one in held if one.rival == BASE),
        fields=int(wanted.sum()),
        off_table=int((seen.flag & ~on_table).sum()),
        weights=_weights(learner, sampled(learner, plan) if plan else quick(learner, key=key)),
        by_quarter=tuple(
            Quarter(str(seen.quarters[i]), int(fold[i]), bool(seen.dealt[i]), seen.rows[i],
                    {name: float(chance[i]) for name, chance in found.onset.items()})
            for i in range(len(fold))
        ),
    )  # fmt: skip


def _forecast(
    learner: Learner, seen: Quarters, fold: np.ndarray, known: tuple[np.ndarray, np.ndarray], key: int
) -> _Forecasts:
    """Chances by forecast, each quarter's from the fit that held it out."""
    on_table, encounters = known
    before = predict(learner, prior_only(learner, key=key))
    wrong = np.asarray(learner.recorded.invented)
    onset = {name: np.zeros(len(fold)) for name in (MODEL, BASE, ENCOUNTERS, PERSISTENCE)}
    package = {name: np.zeros(seen.flag.shape) for name in (MODEL, BASE)}
    for out in range(int(fold.max()) + 1):
        train, test = fold != out, fold == out
        after = predict(learner, quick(learner, train.astype(float), key=key))
        onset[MODEL][test], package[MODEL][test] = after.deal[test], after.holds[test]
        onset[BASE][test] = deal_rivals.base_rate(seen.dealt, train)[test]
        onset[PERSISTENCE][test] = deal_rivals.persistence(seen.dealt, train)[test]
        onset[ENCOUNTERS][test] = deal_rivals.encounters_only(seen.dealt, train, encounters)[test]
        coded = (seen.shown & seen.dealt[:, None] & on_table)[train]
        package[BASE][test] = ((seen.flag[train] & coded).sum(0) + 0.5) / (coded.sum(0) + 1.0)
    package = package | {PRIOR: before.holds}
    for name in (MODEL, PRIOR):  # chances of what is coded, not of what was agreed, for that is what is scored
        package[name] = package[name] * (1.0 - wrong) + (1.0 - package[name]) * wrong
    return _Forecasts(onset | {PRIOR: before.deal}, package)


def _scored(chance: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Log score and Brier score by case, (score, case)."""
    return np.stack([-np.log(np.where(came, chance, 1.0 - chance)), (chance - came) ** 2])


def _package_scores(chance: np.ndarray, flag: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The same by quarter with a deal: logs summed over fields, squares averaged."""
    each = np.where(wanted, _scored(np.clip(chance, 1e-6, 1.0 - 1e-6), flag), 0.0)
    some = wanted.any(axis=1)
    log_score, brier = each.sum(axis=2)[:, some]
    return np.stack([log_score, brier / wanted.sum(axis=1)[some]])


def _means(scores: dict[str, np.ndarray]) -> tuple[ForecastScore, ...]:
    return tuple(ForecastScore(name, *map(float, values.mean(axis=1))) for name, values in scores.items())


def _against(scores: dict[str, np.ndarray], rival: str, block: int, key: int) -> Against:
    length = scores[rival].shape[1]
    if length < max(FEWEST, 2 * block):
        raise UsageError(
            "too few quarters with a deal to compare forecasts of what it holds",
            found=str(length),
            expected=f"{max(FEWEST, 2 * block)} or more",
        )
    log_score, brier = (
        bootstrap.difference(scores[MODEL][i], scores[rival][i], block=block, key=key) for i in range(2)
    )
    return Against(rival, log_score, brier)


def _verdict(comparisons: Iterable[Against]) -> SkillVerdict:
    gaps = [one.log_score for one in comparisons]
    if any(gap.low > 0.0 for gap in gaps):
        return SkillVerdict.worse
    return SkillVerdict.better if all(gap.high < 0.0 for gap in gaps) else SkillVerdict.unclear


def _weights(learner: Learner, found: LearnedDeals) -> tuple[Weight, ...]:
    """What all quarters say."""
    shift = np.asarray(learner.grounds.spread) * found.mode
    factor = [*np.exp(shift[:-2]), *shift[-2:]]
    return tuple(
        Weight(name, float(value), float(ratio), verdict.label(float(ratio)))
        for name, value, ratio in zip(found.names, factor, found.ratio, strict=True)
    )
