"""How well deals are foreseen by fits that never saw them, and whether an ask follows a year's high of encounters."""

from __future__ import annotations

from dataclasses import dataclass

from palanca.evidence.ledger import after_highs, skill
from palanca.evidence.ledger.after_highs import AfterHighs
from palanca.evidence.ledger.skill import DealSkill
from palanca.infer import deals_context, politics
from palanca.questions.bargaining import prepared
from palanca.questions.corridor import Corridor
from palanca.questions.ledger import contexts as deal_contexts
from palanca.questions.ledger import corridor as deal_corridor
from palanca.questions.ledger import quarters as deal_quarters
from palanca.questions.options import RunOptions
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.ledger import Ledger


@dataclass(frozen=True, eq=False)
class DealForecasts:
    """What is found of forecasts of deals.

    Args:
        skill: Scores of the chance of a deal in each quarter and of what it holds.
        asks: How often an ask follows a year's high.
    """

    skill: DealSkill
    asks: AfterHighs


def forecasts(
    corridor: Corridor, ledger: Ledger, options: RunOptions, *, inferred: bool, favours: bool
) -> DealForecasts:
    """Learn from all deals but one, in turn, and score what is said of that one.

    Args:
        corridor: The fitted corridor.
        ledger: The deal ledger.
        options: Draws of the corridor behind each quarter, and the key.
        inferred: Whether rows count whose link to migration is only inferred.
        favours: Whether one-way favours count as deals too.

    Raises:
        UsageError: Too few deals, or encounters are missing for a quarter.
        FitError: A fit did not settle.
    """
    case = corridor.case.case
    talks = load_bargain(case)
    depends = talks.file.arrivals.party
    holder = next(code for code in talks.parties if code != depends)
    coded = deal_corridor.coding(talks, holder, depends, favours=favours, inferred=inferred)
    seen = deal_quarters.deal_quarters(ledger, coded)
    before = deal_corridor.before(seen.quarters)
    pair = (corridor.setting, corridor.fit)
    ready = prepared.prepare(talks, before, corridor=pair, draws=options.draws, key=options.key)
    contexts = deal_corridor.faced(ready, politics.fitted(case), seen.quarters, options.key)
    stakes = deals_context.stakes(contexts, deal_corridor.tastes(talks, contexts))
    encounters = deal_corridor.encounters(corridor.setting.figures)
    surge = deal_contexts.against_usual(seen.quarters, encounters)
    found = skill.deal_skill(stakes, seen, contexts.amount > 0.0, surge, key=options.key)
    return DealForecasts(found, after_highs.asks_after_highs(ledger, encounters, taker=depends, key=options.key))
