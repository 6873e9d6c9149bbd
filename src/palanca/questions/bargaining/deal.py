"""What a deal would hold in a month: whether one exists, what each concept picks, whether it lasts, in which silos."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from palanca.bargain import enforceability, linkage
from palanca.bargain.concepts import Mean, clashes, salience_mean
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.linkage import Comparison, Partition
from palanca.bargain.solve import Concept, Outcome
from palanca.core.clock import Month
from palanca.core.errors import UnsettledError
from palanca.questions.bargaining import batched
from palanca.questions.bargaining.prepared import PreparedBargain

COMPARED = 32  # draws over which silos are compared; each needs as many searches as there are silos
LEAST_SETTLED = 0.5
MEAN = "salience-weighted mean"


@dataclass(frozen=True, eq=False)
class Pick:
    """What one concept picks, by draw; no number where there is no deal or a search did not converge.

    Args:
        package: Amounts (draw, issue) [unit of issue].
        gains: What each party gains (draw, party) [payoff].
        payoffs: What each party has in all, threats priced in (draw, party) [payoff].
        agreed: Whether there is a deal (draw); for the mean, whether nobody loses.
        arrivals: People arriving under it (draw) [thousand people / month].
    """

    package: np.ndarray
    gains: np.ndarray
    payoffs: np.ndarray
    agreed: np.ndarray
    arrivals: np.ndarray


@dataclass(frozen=True, eq=False)
class Keeps:
    """Whether one party keeps the deal, by draw.

    Args:
        party: Who promises.
        saves: What it would save in a month by not delivering what it promised [payoff / month].
        loses: What it would lose each month after that, the deal being over [payoff / month].
        needed: Least patience with which keeping pays [share]; 1 or more where none does.
        patience: Its patience as declared, shortened by the chance of leaving office [share].
    """

    party: str
    saves: np.ndarray
    loses: np.ndarray
    needed: np.ndarray
    patience: np.ndarray

    @property
    def kept_chance(self) -> float:
        """Share of draws with a deal in which keeping pays."""
        known = np.isfinite(self.needed)
        return float(np.mean(self.patience[known] >= self.needed[known])) if known.any() else float("nan")


@dataclass(frozen=True, eq=False)
class Deal:
    """What a month's talks end in.

    Args:
        month: First month of the window, or none for a table without a calendar.
        issues: Names.
        parties: Names.
        on_table: Whether each issue can be set.
        quo: What each does without a deal (draw, issue) [unit of issue].
        without: People arriving without a deal (draw) [thousand people / month].
        picks: By concept, and the mean beside them.
        clashes: Where there is no deal: how often each limit stands in the way, of all draws.
        keeps: Whether each party keeps the Nash deal.
        calm: The Nash deal had nothing been threatened; nothing where no threat is in force.
        credible: For each threat in force, share of draws in which carrying it out is worth one's word.
        unsettled: Searches of the Nash deal that did not converge.
    """

    month: Month | None
    issues: tuple[str, ...]
    parties: tuple[str, ...]
    on_table: np.ndarray
    quo: np.ndarray
    without: np.ndarray
    picks: dict[str, Pick]
    clashes: dict[str, float]
    keeps: tuple[Keeps, ...]
    calm: Pick | None
    credible: dict[str, float]
    unsettled: int


@dataclass(frozen=True, eq=False)
class Silos:
    """Two ways to divide the issues, compared draw by draw.

    Args:
        before: Silos to begin with.
        after: Silos instead.
        change: What each party gains by the change (draw, party) [payoff].
        better: Change of the log of the product of gains (draw); no number where either has no deal for all.
        packages: Amounts before and after (2, draw, issue) [unit of issue].
        arrivals: People arriving before and after (2, draw) [thousand people / month].
        deals: Silos that end in a deal, before and after (2, draw).
        left_out: Draws left out because a search did not converge.
    """

    before: Partition
    after: Partition
    change: np.ndarray
    better: np.ndarray
    packages: np.ndarray
    arrivals: np.ndarray
    deals: np.ndarray
    left_out: int


def strike(table: PreparedBargain, month: Month | None = None, *, bluffs: bool = False) -> Deal:
    """Sit down at the table of a month.

    Args:
        table: Made ready for the month.
        month: The month; none for a table without a calendar.
        bluffs: Whether threats count in draws too in which carrying them out is not worth its cost.

    Raises:
        UnsettledError: More than a twentieth of the searches did not converge.
    """
    problem, free = table.at(month, bluffs=bluffs), table.free(month)
    outcomes = {str(one): batched.each(problem, free, one) for one in Concept}
    picks = {name: _pick(problem, outcome) for name, outcome in outcomes.items()}
    mean: Mean = _means(problem)
    picks[MEAN] = _pick_of_mean(problem, mean, free)
    nash = outcomes[str(Concept.NASH)]
    threats = table.credible(month) if month is not None else {}
    calm = table.at(month, threatened=False)
    return Deal(
        month=month,
        issues=problem.issues,
        parties=problem.parties,
        on_table=free,
        quo=np.asarray(problem.status_quo),
        without=batched.arrivals(problem, problem.status_quo),
        picks=picks,
        clashes=_in_the_way(problem, nash),
        keeps=tuple(_keeps(table, problem, nash, number) for number in range(len(problem.parties))),
        calm=_pick(calm, batched.each(calm, free)) if threats else None,
        credible=threats,
        unsettled=int((~np.asarray(nash.settled)).sum()),
    )


def divide(table: PreparedBargain, before: Partition, after: Partition, month: Month | None = None) -> Silos:
    """Compare two ways to divide the issues; what is off the table stays at the status quo in both.

    Threats are left out: they belong to no silo.

    Raises:
        DeclarationError: A partition misses, repeats or invents an issue.
        UnsettledError: Searches did not converge in half of the draws or more.
    """
    problem, free = table.at(month, threatened=False), table.free(month)
    first = batched.one_of(problem, 0)
    for partition in (before, after):
        linkage.check_partition(first, partition)
    found: list[Comparison] = []
    lost: UnsettledError | None = None
    draws = min(COMPARED, table.draws)
    kept: list[int] = []
    for draw in range(draws):
        try:
            found.append(linkage.compare(batched.one_of(problem, draw), before, after, on_table=free))
            kept.append(draw)
        except UnsettledError as fault:
            lost = fault
    if lost is not None and len(found) < LEAST_SETTLED * draws:
        raise lost
    both = [(one.before, one.after) for one in found]
    packages = np.array([[pair[k].package for pair in both] for k in (0, 1)])
    part: BargainProblem = jax.tree.map(lambda leaf: leaf[np.array(kept)], problem)
    logs = np.array([[pair[k].log_product for pair in both] for k in (0, 1)])
    with np.errstate(invalid="ignore"):
        better = np.where(np.isfinite(logs).all(axis=0), logs[1] - logs[0], np.nan)
    return Silos(
        before=before,
        after=after,
        change=np.array([one.change for one in found]),
        better=better,
        packages=packages,
        arrivals=np.stack([batched.arrivals(part, jnp.asarray(packages[k])) for k in (0, 1)]),
        deals=np.array([[int(np.sum(pair[k].agreed)) for pair in both] for k in (0, 1)]),
        left_out=draws - len(found),
    )


def linked(table: PreparedBargain) -> Partition:
    """All issues in one silo."""
    return (table.base.issues,)


def by_kind(table: PreparedBargain) -> Partition:
    """The compartmentalised world: migration, economic and political issues each in a silo of their own."""
    kinds: dict[str, list[str]] = {}
    for name, issue in table.declared.issues.items():
        kinds.setdefault(issue.kind, []).append(name)
    return tuple(tuple(names) for names in kinds.values())


def _pick(problem: BargainProblem, outcome: Outcome) -> Pick:
    count = len(problem.parties)
    agreed, fine = np.asarray(outcome.agreed), np.asarray(outcome.settled)
    package = np.where((agreed & fine)[:, None], np.asarray(outcome.package), np.nan)
    came = batched.arrivals(problem, outcome.package)
    return Pick(
        package=package,
        gains=np.asarray(outcome.gains),
        payoffs=np.asarray(outcome.payoffs)[:, :count],
        agreed=agreed & fine,
        arrivals=np.where(fine, came, np.nan),
    )


@jax.jit
def _means(problem: BargainProblem) -> Mean:
    return jax.vmap(salience_mean)(problem)


def _pick_of_mean(problem: BargainProblem, mean: Mean, free: np.ndarray) -> Pick:
    package = jnp.where(jnp.asarray(free), mean.package, problem.status_quo)
    payoffs = np.asarray(batched.payoffs(problem, package))[:, : len(problem.parties)]
    gains = payoffs - np.asarray(problem.disagreement)
    return Pick(np.asarray(package), gains, payoffs, np.all(gains >= 0.0, axis=1), batched.arrivals(problem, package))


def _in_the_way(problem: BargainProblem, nash: Outcome) -> dict[str, float]:
    """How often each limit carries weight in the proof that there is no deal, of all draws."""
    counted: dict[str, int] = {}
    agreed = np.asarray(nash.agreed)
    for draw in np.flatnonzero(~agreed & np.asarray(nash.settled)):
        outcome = jax.tree.map(lambda leaf, draw=draw: leaf[draw], nash)
        for clash in clashes(batched.one_of(problem, int(draw)), outcome):
            counted[clash.name] = counted.get(clash.name, 0) + 1
    return {name: number / agreed.size for name, number in sorted(counted.items(), key=lambda item: -item[1])}


def _keeps(table: PreparedBargain, problem: BargainProblem, nash: Outcome, party: int) -> Keeps:
    """What a party saves by not delivering in a month, against the deal lost afterwards.

    Reference:
        delta_i = Dev / (Dev + m (U - P)), section on keeping of docs/model.md; m is the mean chance that a breach of
        the issues it delivers is seen, weighted by what each saves.
    """
    name = problem.parties[party]
    mine = np.array(problem.owner) == party
    package: Array = nash.package
    broken = jnp.where(jnp.asarray(mine), problem.status_quo, package)
    saves = np.asarray(batched.payoffs(problem, broken))[:, party] - np.asarray(nash.payoffs)[:, party]
    saves = np.maximum(saves, 0.0)
    loses = np.asarray(nash.gains)[:, party]
    seen = np.stack([table.number(f"issues.{issue}.observed") for issue in problem.issues], axis=1)
    moved = np.abs(np.asarray(package) - np.asarray(problem.status_quo)) / np.asarray(problem.high - problem.low) * mine
    total = moved.sum(axis=1)
    detection = np.where(total > 0.0, (moved * seen).sum(axis=1) / np.where(total > 0.0, total, 1.0), 1.0)
    agreed = np.asarray(nash.agreed) & np.asarray(nash.settled)
    needed = np.full(agreed.size, np.nan)
    if agreed.any():
        needed[agreed] = np.asarray(
            enforceability.minimum_patience(loses[agreed], saves[agreed], np.clip(detection[agreed], 0.0, 1.0))
        )
    patience = np.asarray(
        enforceability.effective_patience(
            table.number(f"parties.{name}.patience"), table.number(f"parties.{name}.exit_hazard")
        )
    )
    return Keeps(name, saves, loses, needed, patience)
