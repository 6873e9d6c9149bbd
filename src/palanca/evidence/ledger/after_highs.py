"""Whether a year's high of encounters is followed by an ask: rates after highs and after other months, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.evidence.backtest.bootstrap import LEVEL, BootstrapEstimate
from palanca.kernel.keys import stream
from palanca.spec.ledger import Ledger

YEAR = 12
BLOCK = 12  # months drawn together: a surge lasts about a season, and so do the asks that it brings
RESAMPLES = 2000
AT_LEAST = 3.0


@dataclass(frozen=True)
class AfterHighs:
    """How often an ask follows a year's high.

    Args:
        within: Months after a month that count as following it.
        highs: Months whose encounters exceed those of each of the 12 months before.
        others: Other months.
        asks: Asks in the span.
        after_high: Share of highs with an ask in the months that follow.
        after_other: Share of other months with one.
        ratio: The first over the second, with its 90 % interval, half an ask added to each side so that it is finite.
        triples: Whether the ratio is at least three: None where the interval holds three, so that it is not known.
    """

    within: int
    highs: int
    others: int
    asks: int
    after_high: float
    after_other: float
    ratio: BootstrapEstimate
    triples: bool | None


def asks_after_highs(
    ledger: Ledger, encounters: Mapping[Month, float], *, taker: str = "USA", within: int = 2, key: int = 1
) -> AfterHighs:
    """Compare the chance of an ask after a year's high of encounters with that after any other month.

    The interval comes from months drawn in blocks of a year, on a circle.

    Args:
        ledger: The ledger.
        encounters: Encounters by month [events / month], from a year before the ledger begins.
        taker: Country that asks.
        within: Months after a month that count as following it.
        key: Same key, same interval.

    Raises:
        UsageError: Encounters are missing, or no month is a high, or every month is.
    """
    months = [ledger.span.first + i for i in range(ledger.span.last - ledger.span.first + 1 - within)]
    missing = [month + -i for month in months for i in range(YEAR + 1) if month + -i not in encounters]
    if missing:
        raise UsageError("encounters are missing", found=f"no figure for {min(missing)}", expected="every month")
    high = np.array([encounters[m] > max(encounters[m + -i] for i in range(1, YEAR + 1)) for m in months])
    starts = [row.date.first.month for row in ledger.of_kind("ask") if taker in row.taker]
    followed = np.array([any(1 <= start - month <= within for start in starts) for month in months])
    if high.all() or not high.any():
        raise UsageError("there is nothing to compare", found=f"{int(high.sum())} highs in {len(months)} months")
    ratio = float(_ratio(high, followed))
    places = stream(key, "asks after highs").integers(0, len(months), size=(RESAMPLES, -(-len(months) // BLOCK)))
    drawn = ((places[:, :, None] + np.arange(BLOCK)) % len(months)).reshape(RESAMPLES, -1)[:, : len(months)]
    tail = (1.0 - LEVEL) / 2.0
    low, large = np.quantile(_ratio(high[drawn], followed[drawn]), [tail, 1.0 - tail])
    return AfterHighs(
        within=within,
        highs=int(high.sum()),
        others=int((~high).sum()),
        asks=len(starts),
        after_high=float(followed[high].mean()),
        after_other=float(followed[~high].mean()),
        ratio=BootstrapEstimate(ratio, float(low), float(large)),
        triples=None if low < AT_LEAST < large else bool(low >= AT_LEAST),
    )


def _ratio(high: np.ndarray, followed: np.ndarray) -> np.ndarray:
    """Rate after highs over rate after others, half an event and a whole month added to each."""
    after, count = (high & followed).sum(-1) + 0.5, high.sum(-1) + 1.0
    other, others = (~high & followed).sum(-1) + 0.5, (~high).sum(-1) + 1.0
    return (after / count) / (other / others)
