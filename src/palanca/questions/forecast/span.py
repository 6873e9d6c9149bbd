"""Which months a forecast is of, and what cannot be forecast."""

from __future__ import annotations

from dataclasses import dataclass

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.spec.schema import Case

LEAST = 3  # months of the case that must be known before a forecast [months]
MOST = 60


@dataclass(frozen=True)
class ForecastSpan:
    """Which months are forecast, and how.

    Args:
        last: The last month taken as known.
        months: How many months ahead.
        draws: How many paths.
        key: Same key, same bits.
    """

    last: Month
    months: int
    draws: int = 400
    key: int = 1

    def check(self, case: Case) -> int:
        """Refuse what cannot be forecast.

        Returns:
            Place of the last known month on the case's axis.

        Raises:
            UsageError: The start lies beyond the figures or too early, or the horizon is not a number of months.
        """
        span = case.span.span
        if not 1 <= self.months <= MOST:
            raise UsageError("not a horizon", where="--ahead", found=str(self.months), expected=f"1 to {MOST} months")
        if self.last not in span:
            raise UsageError(
                "the start lies outside the figures",
                where="--from",
                found=str(self.last),
                expected=f"a month from {span.first + LEAST} to {span.last}, the last one of the case",
                way_out="The case and its fit end there. Newer figures in a store revise these months, and "
                "`palanca data show ID --store FOLDER` prints later ones; no forecast starts from them yet.",
            )
        if self.last - span.first < LEAST:
            raise UsageError(
                "too little is known by then",
                where="--from",
                found=str(self.last),
                expected=f"{span.first + LEAST} or later",
            )
        return span.position(self.last)

    @property
    def ahead(self) -> tuple[Month, ...]:
        """The months ahead."""
        return tuple(self.last + 1 + i for i in range(self.months))
