"""The constants of the panel of origins, each with its reason and where it was chosen.

They were chosen on the Border Patrol total, forecast from every month of 2014 to 2024 with all parameters learned from
earlier months: some 300 variants were scored, so scores on those months flatter the panel a little. Few of them
matter: where a reason names no cost, halving or doubling the constant moved scores by 2 % at most where it was tried.
Without the season, scores one month ahead are 13 % worse; without momentum 8 %; with momentum alike for all origins
4 %; with shocks of the origins' own alone, intervals of 80 % hold 63 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from palanca.core.errors import UsageError


@dataclass(frozen=True)
class PanelRules:
    """What the panel assumes before it sees a month; equations are those of docs/model.md.

    Args:
        floor: Added to counts before the log (P1) [events / month]: the publisher's rounding, as in the scores.
        returns: Share of the gap to the level that lasts another month (P2). Paths are dealt over the four, and their
            mean serves in fitting: 23, 34 or 69 months to halve a gap, or never. Two decades hold too few gaps to
            tell: alone, .985 scores up to 2 % better than the four and .97 up to 4 % worse a year ahead, but nobody
            could have known which. A speed learned month by month scores alike and never leaves its prior, so that
            it would only look learned.
        level_memory: Half-life of the past that makes the level (P3) [months]: long, so that it is a level of decades.
        season_sd_circular: Prior spread of a calendar month, circular origins (P4) [log points]. Small: one origin
            tells of it, and .10 costs 1 to 2 % one month ahead.
        season_memory_circular: Its half-life [months]. Short, because the old farm season is gone.
        season_sd_rest: The same spread for all other origins, which share one season [log points].
        season_memory_rest: Its half-life [months].
        momentum_sd: Prior spread, about none, of the momentum that all origins share (P5).
        momentum_own_sd: Prior spread of an origin's momentum about it.
        momentum_range: Momentum is held in it; at its upper end a rise ends at five times its first step.
        momentum_memory: Half-life of the months from which momentum is learned.
        thin: Count at which a month of an origin weighs half of one without rounding and chance (P5) [events / month].
        noise_memory: Half-life of the spread by which months are weighed in fitting [months].
        noise_start: Variance of monthly log growth before the first month: that of a middling origin.
        noise_least: No variance below this weighs a month: a calm year is not worth a decade.
        spread_memory: Half-life of the surprises from which the shocks' spreads come (P6) [months]. Persistence on
            the total is best with the same.
        shared_most: Most of the total's variance that the shared shock may explain.
        own_least: Least of an origin's variance that is its own.
        own_sd_most: No origin's own monthly shock has a larger spread [log points]. Spreads of small origins are
            learned from jumps at a threshold, which do not go on; without any cap, scores on the total a year ahead
            are 2 % worse. A cap of .30 scores 1 % better there, but worse by origin, and holds small origins too
            tightly.
    """

    floor: float = 10.0
    returns: tuple[float, ...] = (0.97, 0.98, 0.99, 1.0)
    level_memory: float = 240.0
    season_sd_circular: float = 0.06
    season_memory_circular: float = 36.0
    season_sd_rest: float = 0.20
    season_memory_rest: float = 120.0
    momentum_sd: float = 0.5
    momentum_own_sd: float = 0.3
    momentum_range: tuple[float, float] = (-0.3, 0.8)
    momentum_memory: float = 120.0
    thin: float = 300.0
    noise_memory: float = 36.0
    noise_start: float = 0.1
    noise_least: float = 0.005
    spread_memory: float = 24.0
    shared_most: float = 0.9
    own_least: float = 0.25
    own_sd_most: float = 0.4

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, float) and not (math.isfinite(value) and value > 0.0):
                raise UsageError(
                    "a rule of the panel must be above zero",
                    where=field.name,
                    found=str(value),
                    way_out="To switch a part off, give a very small spread such as 1e-9.",
                )
        if not self.returns or not all(0.0 < lasting <= 1.0 for lasting in self.returns):
            raise UsageError(
                "a gap lasts by a share of itself",
                where="returns",
                found=", ".join(map(str, self.returns)) or "none",
                expected="numbers above 0, up to 1",
                way_out="Give 1.0 alone for no pull to the level.",
            )

    @property
    def lasting(self) -> float:
        """Mean share of a gap that lasts another month."""
        return sum(self.returns) / len(self.returns)


RULES = PanelRules()
