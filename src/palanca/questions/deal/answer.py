"""What a deal of a month would hold: the answer, from a declared table, the corridor and draws of beliefs."""

from __future__ import annotations

import numpy as np

from palanca.core.clock import Month
from palanca.core.wording import counted
from palanca.questions.bargaining import deal as dealing
from palanca.questions.bargaining import silos as dividing
from palanca.questions.bargaining.months import check
from palanca.questions.bargaining.prepared import prepare
from palanca.questions.corridor import Corridor
from palanca.questions.deal.charts import charts
from palanca.questions.deal.data import dataset
from palanca.questions.deal.findings import findings
from palanca.questions.deal.struck import Struck, assumed
from palanca.questions.deal.tables import tables
from palanca.questions.options import RunOptions
from palanca.show import estimate, number
from palanca.show.answer import Answer, Provenance
from palanca.spec.bargain_spec import BargainSpec
from palanca.spec.protocol import Protocol
from palanca.spec.silos import SiloDivision


def answer(
    corridor: Corridor | None,
    spec: BargainSpec,
    month: Month | None,
    options: RunOptions,
    provenance: Provenance,
    silos: SiloDivision | None = None,
    how: Protocol | None = None,
) -> Answer:
    """Bargain in a month, and say what is agreed, who gains, what it does to people, and whether it would last.

    Args:
        corridor: The fitted corridor, for a table that needs one.
        spec: The bargaining table.
        month: The month; none for a table without a calendar.
        options: How to run it.
        provenance: What made it.
        silos: Two ways to divide the issues, to be compared.
        how: How the deal comes about; as the table declares if not given.

    Raises:
        UsageError: The table needs a month or takes none, or the month lies outside the case.
        UnsettledError: Searches for a deal did not converge.
    """
    check(spec, None if corridor is None else corridor.case, month)
    lined_up = None if corridor is None or month is None else (corridor.setting, corridor.fit)
    months = [] if month is None else [month]
    ready = prepare(
        spec, months, corridor=lined_up, draws=options.draws, key=options.key, progress=options.progress
    )  # fmt: skip
    deal = dealing.strike(ready, month, how)
    divided = None if silos is None else dividing.divide(ready, silos.before, silos.after, month)
    struck = Struck(ready, deal, divided, assumed(ready, corridor if lined_up else None, options.key))
    when = f" in {number.month_name(str(month))}" if month is not None else ""
    parted = ", and what if its issues were bargained over apart" if divided is not None else ""
    parties = " and ".join(struck.party(code) for code in deal.parties)
    return Answer(
        question=f"What would a deal between {parties} hold{when}{parted}?",
        data=dataset(struck),
        findings=tuple(findings(struck)),
        tables=tuple(tables(struck)),
        charts=tuple(charts(struck)),
        caveats=tuple(caveats(struck)),
        provenance=provenance,
    )


FORESEEN = (
    "This is what the mechanism implies, not what governments will sign: that deals are foreseen better than by simple "
    "rules was not found (palanca evidence ledger)."
)


def caveats(struck: Struck) -> list[str]:
    """What no payoff counts, what is assumed, and what shares of draws are not."""
    table = struck.table
    beliefs, payoffs = table.declared.beliefs(), table.declared.file.payoffs
    judged = sum(one.basis == "assumed" for one in payoffs)
    flow = (
        "How arrivals answer to the issues comes from the corridor fitted to figures"
        if table.declared.file.flow.corridor
        else "How arrivals answer to the issues is declared as well: no corridor is fitted"
    )
    fewer = struck.fewer()
    held = np.isfinite(fewer).any() and np.nanmedian(fewer) > 0.0
    found = [
        f"{'Those whom the deal holds back' if held else 'Those whom a deal would hold back'} are people: stopped, "
        "returned, or kept from leaving. No payoff here is theirs, and what becomes of them is not modelled."
    ]
    if table.draws < estimate.FEWEST:
        found.insert(0, estimate.FEW.format(draws=table.draws))
    return [
        *found,
        FORESEEN,
        f"{judged} of {counted(len(payoffs), 'payoff')} are assumed, and {counted(len(beliefs), 'number')} of the "
        f"table have a declared spread. {flow}.",
        "A share of draws is not the chance that history would have gone so. Courts' part rests on a prior, not on "
        "figures.",
    ]
