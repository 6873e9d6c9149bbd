"""How much dearer it is to keep silent on a partner's democracy as that democracy wears down."""

from __future__ import annotations

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.data.read import read
from palanca.spec.bargain_spec import BargainSpec

LOOK_BACK = 10  # years among which the best level is looked for: about as long as publics and diplomats remember
SERIES = "democracy"


def cost_factor(declared: BargainSpec, month: Month | None) -> float:
    """Factor on payoffs with `scaled_by: democracy` in a month [1 while democracy is at its best of ten years].

    The best level of the ten years before over the level of the year before, the last that is known in the month. It is
    the democracy of the party that is not the one who dislikes arrivals.

    Args:
        declared: The table as declared.
        month: The month; none for a table without a calendar.

    Raises:
        UsageError: The table scales a payoff by democracy but has no calendar, or the index does not know the partner.
    """
    scaled = [payoff.name for payoff in declared.file.payoffs if payoff.scaled_by == "democracy"]
    if not scaled:
        return 1.0
    partner = next(code for code in declared.parties if code != declared.file.arrivals.party)
    levels = read(SERIES)
    known = [str(code) for code in levels["origin"].values]
    if month is None or partner not in known:
        raise UsageError(
            "a payoff is scaled by a democracy that is not known",
            where=f"payoffs.{scaled[0]}.scaled_by",
            found="a table without a calendar" if month is None else partner,
            expected=f"months, and a partner among {', '.join(known)}",
            way_out="Write `scaled_by: none`.",
        )
    path = levels.sel(origin=partner).to_series()
    past = path[(path.index >= month.year - LOOK_BACK) & (path.index < month.year)].dropna()
    if past.empty:
        raise UsageError("no index of democracy before this month", where=str(month), found=partner)
    return float(past.max() / past.iloc[-1])
