"""Silence on democracy pays now and may cost later: what it buys in the deal of a month, and what erosion brings.

Two policies over years, all else equal. Under silence the deal of the month holds it, and more effort with it; under
criticism that issue is off the table. Democracy then erodes or mends, and with the years that moves who leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.data.read import read
from palanca.infer.history import PreparedCase
from palanca.infer.politics import Politics
from palanca.infer.posterior import AbstractDraws
from palanca.model import cells
from palanca.politics import democracy, push
from palanca.questions.bargaining import batched
from palanca.questions.bargaining.prepared import PreparedBargain

BEST = 0.8  # level to which repair leads, as in the fit of democracy [index]
MOST_A_YEAR = 1.0  # discount rates beyond this are not looked at [1 / year]
HALVINGS = 60
THOUSAND = 1_000.0


@dataclass(frozen=True, eq=False)
class Silence:
    """Silence against criticism, month by month.

    Args:
        month: Month of the deal.
        country: Whose democracy it is about.
        now: Arrivals that the deal holds back with silence on the table and not without (draw) [thousand / month].
        level: Democracy under silence and under criticism (2, month, draw) [index].
        later: Further arrivals of its nationals under silence (month, draw) [thousand / month].
        flip: Discount rate at which the two balance (draw) [1 / year]; no number where they never do.
        own: Arrivals of its nationals as recorded [thousand / month].
    """

    month: Month
    country: str
    now: np.ndarray
    level: np.ndarray
    later: np.ndarray
    flip: np.ndarray
    own: float

    @property
    def net(self) -> np.ndarray:
        """Arrivals under silence less those under criticism, (month, draw) [thousand / month]."""
        return self.later - self.now[None]


def weigh(
    table: PreparedBargain,
    setting: PreparedCase,
    posterior: AbstractDraws,
    politics: Politics,
    *,
    years: int = 10,
    key: int = 1,
    slow: bool = True,
) -> Silence:
    """Compare silence with criticism over some years.

    Args:
        table: Made ready for one month, with an issue `silence`.
        setting: From `history.prepare`.
        posterior: Says how democracy moves people.
        politics: Rates of democracy; the harm of silence and the benefit of criticism are assumed.
        years: How long.
        key: The table's key.
        slow: Whether silence harms and criticism mends at all; off, silence only pays.

    Raises:
        UsageError: The table has no such issue, or its owner's partner is no origin of the case.
    """
    month, names = table.contexts[0].month, list(table.declared.issues)
    if month is None or "silence" not in names:
        raise UsageError("no silence to weigh at this table", expected="a month, and an issue called silence")
    depends = table.declared.file.arrivals.party
    country = next(code for code in table.base.parties if code != depends)
    codes = cells.codes(setting.case)
    if country not in codes or table.found is None:
        raise UsageError(
            "nobody is counted as leaving this country", where=country, expected="among " + ", ".join(codes)
        )
    now = _bought(table, month, names.index("silence"))
    own = table.found.encounters[0, -1, codes.index(country)] / THOUSAND
    level = _levels(country, month, politics, (table.draws, key, 12 * years), slow=slow)
    values = posterior.layout.constrain(jnp.asarray(posterior.draws(key, range(table.draws))))
    strength = np.asarray(values["push_democracy"])
    delay = politics.drawn("democracy_years", table.draws, key)
    felt = np.asarray(push.delayed(jnp.asarray(level[0] - level[1]), delay))
    later = own[None] * np.expm1(strength[None] * felt)
    return Silence(month, country, now, level, later, flip_rate(later - now[None]), float(np.median(own)))


def flip_rate(net: np.ndarray) -> np.ndarray:
    """Discount rate at which a stream that is first negative and then positive is worth nothing, (draw) [1 / year].

    Args:
        net: By month, (month, draw).

    Returns:
        The rate; no number where the undiscounted sum is not above 0 or the highest rate does not turn it.
    """
    when = (np.arange(len(net)) + 0.5)[:, None] / 12.0

    def worth(rate: np.ndarray) -> np.ndarray:
        return np.asarray((net * np.exp(-rate[None] * when)).sum(axis=0))

    low, high = np.zeros(net.shape[1]), np.full(net.shape[1], MOST_A_YEAR)
    turns = (worth(low) > 0.0) & (worth(high) < 0.0)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        above = worth(middle) > 0.0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(turns, 0.5 * (low + high), np.nan)


def _bought(table: PreparedBargain, month: Month, silence: int) -> np.ndarray:
    """Arrivals without silence on the table less those with it, (draw) [thousand / month]."""
    problem, free = table.at(month), table.free(month)
    without = free & (np.arange(free.size) != silence)
    came = [batched.arrivals(problem, batched.each(problem, some).package) for some in (without, free)]
    return np.asarray(came[0] - came[1])


def _levels(country: str, month: Month, politics: Politics, size: tuple[int, int, int], *, slow: bool) -> np.ndarray:
    draws, key, months = size
    series = read("democracy").sel(origin=country)
    start = float(series.sel(year=min(month.year, int(series["year"].max()))).item())
    rates = democracy.Slow(
        BEST,
        politics.drawn("repair", draws, key),
        politics.drawn(f"drift {country}", draws, key),
        politics.drawn("harm", draws, key) * slow,
        politics.drawn("benefit", draws, key) * slow,
    )
    on, off = jnp.ones((months, draws)), jnp.zeros((months, draws))
    return np.stack([np.asarray(democracy.path(start, s, c, on, rates)) for s, c in ((on, off), (off, on))])
