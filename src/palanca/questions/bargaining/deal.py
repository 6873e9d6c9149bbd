"""What a deal would hold in a month: whether one exists, what each concept picks, who would honour it, and threats."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from palanca.bargain import menu
from palanca.bargain.concepts import Mean, clashes, salience_mean
from palanca.bargain.feasible import BargainProblem
from palanca.bargain.solve import BargainOutcome, Concept
from palanca.bargain.threats import incidence
from palanca.core.clock import Month
from palanca.questions.bargaining import batched, enforcement, procedure
from palanca.questions.bargaining.enforcement import Enforcement
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.spec import protocol
from palanca.spec.protocol import Protocol

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
        deaths: Deaths on the way under it (draw) [deaths / month]; none for a table without a corridor.
    """

    package: np.ndarray
    gains: np.ndarray
    payoffs: np.ndarray
    agreed: np.ndarray
    arrivals: np.ndarray
    deaths: np.ndarray | None


@dataclass(frozen=True, eq=False)
class ThreatEffect:
    """One threat in force, by draw.

    Args:
        name: As declared.
        sender: Who threatens.
        target: Who would be harmed.
        credible: Whether carrying it out is worth one's word (draw).
        survival: Chance that courts let it stand (draw) [chance].
        chance: Chance that it strikes without a deal, 0 where it does not count (draw) [chance].
        no_deal_target: What it takes from the target without a deal, below 0 (draw) [payoff].
        no_deal_sender: The same for the sender (draw) [payoff].
        could_be_paid: What it would move the target's payoff in the deal by, could payoff be handed over (draw)
            [payoff]; the sender's moves by the opposite.
    """

    name: str
    sender: str
    target: str
    credible: np.ndarray
    survival: np.ndarray
    chance: np.ndarray
    no_deal_target: np.ndarray
    no_deal_sender: np.ndarray
    could_be_paid: np.ndarray


@dataclass(frozen=True, eq=False)
class Deal:
    """What a month's talks end in.

    Args:
        month: First month of the window, or none for a table without a calendar.
        issues: Names.
        parties: Names.
        on_table: Whether each issue can be set.
        menus: The only amounts possible of an issue that comes in lumps, (issue); empty for the others.
        quo: What each does without a deal (draw, issue) [unit of issue].
        without: People arriving without a deal (draw) [thousand people / month].
        deaths_without: Deaths on the way without a deal (draw) [deaths / month]; none for a table without a corridor.
        how: How it comes about.
        picks: By how it comes about, by concept, and the mean beside them.
        clashes: Where there is no deal: how often each limit stands in the way, of all draws.
        enforcement: Whether each party would honour the deal.
        self_enforcing: The deal among packages that every party would honour without a judge.
        calm: The deal had nothing been threatened, or had courts struck it down; nothing where no threat is in force.
            What would have been an ultimatum is then a deal by the Nash concept.
        unchecked: The deal were threats sure to stand in court; nothing where no threat can be struck down.
        threats: Threats in force.
        unsettled: Searches of the deal that did not converge.
    """

    month: Month | None
    issues: tuple[str, ...]
    parties: tuple[str, ...]
    on_table: np.ndarray
    menus: tuple[tuple[float, ...], ...]
    quo: np.ndarray
    without: np.ndarray
    deaths_without: np.ndarray | None
    how: Protocol
    picks: dict[str, Pick]
    clashes: dict[str, float]
    enforcement: tuple[Enforcement, ...]
    self_enforcing: Pick
    calm: Pick | None
    unchecked: Pick | None
    threats: tuple[ThreatEffect, ...]
    unsettled: int

    @property
    def made(self) -> Pick:
        """What is agreed as the deal comes about."""
        return self.picks[self.how.label]

    def lump_shares(self, name: str) -> dict[str, dict[float, float]]:
        """Share of draws with a deal in which each issue in lumps takes each amount of its menu.

        Args:
            name: Of a pick.
        """
        pick = self.picks[name]
        made = pick.package[pick.agreed]
        return {
            issue: {amount: float(np.mean(made[:, k] == amount)) for amount in self.menus[k]} if len(made) else {}
            for k, issue in enumerate(self.issues)
            if self.menus[k]
        }


def strike(
    table: PreparedBargain, month: Month | None = None, how: Protocol | None = None, *, bluffs: bool = False
) -> Deal:
    """Bargain in a month.

    Args:
        table: Made ready for the month.
        month: The month; none for a table without a calendar.
        how: How a deal comes about; as the table declares if not given.
        bluffs: Whether threats count in draws too in which carrying them out is not worth its cost.

    Raises:
        UnsettledError: More than a twentieth of the searches did not converge.
    """
    how = protocol.in_force(table.declared, month) if how is None else how
    problem, free = table.at(month, bluffs=bluffs), table.free(month)

    def pick(of: BargainProblem, outcome: BargainOutcome) -> Pick:
        return _pick(table, month, of, outcome)

    outcomes = {str(one): batched.each(problem, free, one) for one in Concept}
    if how.label not in outcomes:
        outcomes = {how.label: procedure.under(table, problem, month, how, bluffs=bluffs), **outcomes}
    picks = {name: pick(problem, outcome) for name, outcome in outcomes.items()}
    picks[MEAN] = _pick_of_mean(table, month, problem)
    made = outcomes[how.label]
    threats = () if month is None else _threats(table, month, bluffs=bluffs)
    strikes_down = any((threat.survival < 1.0).any() for threat in threats)

    def otherwise(changed: BargainProblem, by: Protocol) -> Pick:
        return pick(changed, procedure.under(table, changed, month, by, bluffs=bluffs))

    calm = procedure.NASH if how.form == "ultimatum" else how
    promises = enforcement.enforcement(table, problem, made)
    quo = np.asarray(problem.status_quo)
    return Deal(
        month=month,
        issues=problem.issues,
        parties=problem.parties,
        on_table=free,
        menus=problem.menus,
        quo=quo,
        without=batched.arrivals(problem, problem.status_quo),
        deaths_without=table.deaths(month, quo),
        how=how,
        picks=picks,
        clashes=_in_the_way(problem, made),
        enforcement=promises,
        self_enforcing=_without_judge(table, month, problem, (how, made), promises),
        calm=otherwise(table.at(month, threatened=False), calm) if threats else None,
        unchecked=otherwise(table.at(month, bluffs=bluffs, courts=False), how) if strikes_down else None,
        threats=threats,
        unsettled=int((~np.asarray(made.settled)).sum()),
    )


def _pick(table: PreparedBargain, month: Month | None, problem: BargainProblem, outcome: BargainOutcome) -> Pick:
    count = len(problem.parties)
    agreed, fine = np.asarray(outcome.agreed), np.asarray(outcome.settled)
    made = agreed & fine
    deaths = table.deaths(month, np.asarray(outcome.package))
    return Pick(
        package=np.where(made[:, None], np.asarray(outcome.package), np.nan),
        gains=np.asarray(outcome.gains),
        payoffs=np.asarray(outcome.payoffs)[:, :count],
        agreed=made,
        arrivals=np.where(fine, batched.arrivals(problem, outcome.package), np.nan),
        deaths=None if deaths is None else np.where(fine, deaths, np.nan),
    )


def _without_judge(
    table: PreparedBargain,
    month: Month | None,
    problem: BargainProblem,
    deal: tuple[Protocol, BargainOutcome],
    promises: tuple[Enforcement, ...],
) -> Pick:
    """The deal among packages that all would honour: the deal itself where all would honour it anyway."""
    how, made = deal
    if np.asarray(made.agreed & made.settled).all() and all(one.kept_chance == 1.0 for one in promises):
        return _pick(table, month, problem, made)
    honoured = enforcement.without_judge(table, problem, made)
    by = how if how.form != "ultimatum" else procedure.NASH  # nothing is left to lose by breaking what a threat exacts
    return _pick(table, month, honoured, procedure.under(table, honoured, month, by, most_unsettled=1.0))


@jax.jit
def _means(problem: BargainProblem) -> Mean:
    return jax.vmap(salience_mean)(problem)


def _pick_of_mean(table: PreparedBargain, month: Month | None, problem: BargainProblem) -> Pick:
    wished = menu.nearest(problem, np.asarray(_means(problem).package))
    package = jnp.where(jnp.asarray(table.free(month)), jnp.asarray(wished), problem.status_quo)
    payoffs = np.asarray(batched.payoffs(problem, package))[:, : len(problem.parties)]
    gains = payoffs - np.asarray(problem.disagreement)
    return Pick(
        package=np.asarray(package),
        gains=gains,
        payoffs=payoffs,
        agreed=np.all(gains >= 0.0, axis=1),
        arrivals=batched.arrivals(problem, package),
        deaths=table.deaths(month, np.asarray(package)),
    )


def _threats(table: PreparedBargain, month: Month, *, bluffs: bool) -> tuple[ThreatEffect, ...]:
    weight = dict(zip(table.base.parties, np.asarray(table.base.weight).T, strict=True))
    found = []
    for said in table.declared.threats_at(month):
        threat = table.threat(said.name)
        moved = incidence(threat, weight[said.sender] / (weight[said.sender] + weight[said.target]), bluffs=bluffs)
        found.append(
            ThreatEffect(
                name=said.name,
                sender=said.sender,
                target=said.target,
                credible=np.asarray(threat.credible()),
                survival=np.asarray(threat.survival),
                chance=np.asarray(threat.chance(bluffs=bluffs)),
                no_deal_target=np.asarray(moved.no_deal_target),
                no_deal_sender=np.asarray(moved.no_deal_sender),
                could_be_paid=np.asarray(moved.target),
            )
        )
    return tuple(found)


def _in_the_way(problem: BargainProblem, made: BargainOutcome) -> dict[str, float]:
    """How often each limit carries weight in the proof that there is no deal, of all draws."""
    counted: dict[str, int] = {}
    agreed = np.asarray(made.agreed)
    for draw in np.flatnonzero(~agreed & np.asarray(made.settled)):
        outcome = jax.tree.map(lambda leaf, draw=draw: leaf[draw], made)
        for clash in clashes(batched.one_of(problem, int(draw)), outcome):
            counted[clash.name] = counted.get(clash.name, 0) + 1
    return {name: number / agreed.size for name, number in sorted(counted.items(), key=lambda item: -item[1])}
