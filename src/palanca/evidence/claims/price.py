"""Whether the transit country's price is flat while few are stuck and rises once many are (fact 30).

Deals of given months are struck again with the number of people stuck set to shares of the threshold, all else equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.evidence.claims import paid
from palanca.evidence.claims.found import Word, word
from palanca.infer import politics as public
from palanca.infer.history import PreparedCase
from palanca.kernel.keys import stream
from palanca.politics.hosting import Host
from palanca.politics.hosting import price as dearness
from palanca.questions.bargaining import batched
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.leverage import month as leverage

CROWDS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)  # people stuck, in thresholds
LEAST_EFFORT = 0.05  # effort bought below which a deal has no price of effort [multiples of routine control]


@dataclass(frozen=True, eq=False)
class Price:
    """Price of effort against people stuck.

    Args:
        months: Months of the deals.
        threshold: People stuck up to whom nobody minds (draw) [people].
        conceded: What the deal gives the transit country (crowd, month, draw) [payoff / month].
        effort: Effort it buys beyond what the country would do alone (crowd, month, draw) [multiples of routine].
        alone: Effort without a deal (crowd, month, draw) [multiples of routine control].
        labels: What figures say of the threshold and of the steepness above it: learned, in between or assumed.
        stuck: People stuck in the months nearest to the ledger's spells, by the corridor (spell, draw) [people].
        slope: Rise of the price paid in the ledger with the log of people stuck, spells drawn anew (draw).
    """

    months: tuple[Month, ...]
    threshold: Float[np.ndarray, " draw"]
    conceded: Float[np.ndarray, "crowd month draw"]
    effort: Float[np.ndarray, "crowd month draw"]
    alone: Float[np.ndarray, "crowd month draw"]
    labels: dict[str, str]
    stuck: Float[np.ndarray, "spell draw"]
    slope: Float[np.ndarray, " draw"]

    @property
    def price(self) -> Float[np.ndarray, "crowd draw"]:
        """Concessions per unit of effort bought, both summed over the months with a deal [payoff / unit of effort]."""
        dealt = np.isfinite(self.conceded) & (self.effort > LEAST_EFFORT)
        top, bottom = (np.where(dealt, part, 0.0).sum(axis=1) for part in (self.conceded, self.effort))
        return np.where(bottom > 0.0, top / np.where(bottom > 0.0, bottom, 1.0), np.nan)

    @property
    def below(self) -> Float[np.ndarray, " draw"]:
        """Price at the threshold over that with nobody stuck (draw)."""
        return np.asarray(self.price[CROWDS.index(1.0)] / self.price[0])

    @property
    def above(self) -> Float[np.ndarray, " draw"]:
        """Price at twice the threshold over that at it (draw)."""
        return np.asarray(self.price[CROWDS.index(2.0)] / self.price[CROWDS.index(1.0)])

    @property
    def rises(self) -> Word:
        """Whether the price rises above the threshold, in the deals that the bargaining core strikes."""
        known = self.above[np.isfinite(self.above)]
        return word(float(np.mean(known > 1.0))) if known.size else Word.open

    @property
    def identified(self) -> Word:
        """Whether ledger and figures show such a threshold: not while it is assumed or the ledger's slope is open."""
        if self.labels["threshold"] == "assumed":
            return Word.open
        known = self.slope[np.isfinite(self.slope)]
        return word(float(np.mean(known > 0.0))) if known.size else Word.open


def price(
    setting: PreparedCase, table: PreparedBargain, months: Sequence[Month] | None = None, *, key: int = 1
) -> Price:
    """Strike the deals of some months again under other numbers of people stuck.

    Args:
        setting: From `history.prepare`.
        table: Made ready for these months.
        months: Months; all of the table's if none.
        key: The table's key.

    Raises:
        UsageError: The table has no calendar, or was not made ready for a month.
        UnsettledError: More than a twentieth of the searches of a month did not converge.
    """
    ready = tuple(context.month for context in table.contexts if context.month is not None)
    chosen = tuple(months) if months is not None else ready
    if not chosen or table.found is None:
        raise UsageError("a price against people stuck needs months and a corridor", where=table.declared.file.title)
    politics = public.fitted(setting.case.case)
    threshold, steepness = (politics.drawn(name, table.draws, key) for name in ("threshold", "steepness"))
    host = Host(1.0, 1.0, threshold, steepness, 0.0)
    parts = np.array(
        [[struck(table, month, np.asarray(dearness(crowd * threshold, host))) for month in chosen] for crowd in CROWDS]
    )
    ledger = paid.prices(setting, draws=table.draws, key=key)
    nearest = [int(np.argmin([abs(month - one.first) for month in ready])) for one in ledger.spells]
    stuck = table.found.held[nearest, -1]
    return Price(
        months=chosen,
        threshold=threshold,
        conceded=parts[:, :, 0],
        effort=parts[:, :, 1],
        alone=parts[:, :, 2],
        labels={name: politics.constant(name).label for name in ("threshold", "steepness")},
        stuck=stuck,
        slope=_slope(ledger.price, stuck, key),
    )


def struck(table: PreparedBargain, month: Month, hosting: Float[np.ndarray, " draw"]) -> Float[np.ndarray, "3 draw"]:
    """The Nash deal of a month where delivery is so much dearer: concessions, effort bought, effort alone.

    Args:
        table: Made ready for the month.
        month: The month.
        hosting: Factor on the transit country's cost of delivery (draw).
    """
    seat = replace(table, contexts=(replace(table.context(month), hosting=hosting),))
    holder, depends = leverage.parties(table)
    talks, free = seat.at(month), seat.free(month)
    outcome = batched.each(talks, free)
    agreed = np.asarray(outcome.agreed) & np.asarray(outcome.settled)
    owners = np.array([talks.parties[owner] for owner in table.base.owner])
    traded = np.array([issue.traded for issue in table.declared.issues.values()])
    given = (owners == depends) & traded & free
    effort = [issue.lever == "effort" for issue in table.declared.issues.values()].index(True)
    quo = jnp.asarray(talks.status_quo)
    package = jnp.where(jnp.asarray(agreed)[:, None], outcome.package, quo)
    at = talks.parties.index(holder)
    # what the concessions alone are worth to the holder: its payoff with them and without, delivery held at no deal
    with_them = jnp.where(jnp.asarray(given), package, quo)
    conceded = np.asarray(batched.payoffs(talks, with_them) - batched.payoffs(talks, quo))[:, at]
    alone = np.asarray(quo[:, effort])
    bought = np.asarray(package[:, effort]) - alone
    return np.stack([np.where(agreed, conceded, np.nan), np.where(agreed, bought, np.nan), alone])


def _slope(price_paid: np.ndarray, stuck: np.ndarray, key: int) -> Float[np.ndarray, " draw"]:
    """Least-squares rise of the price with log people stuck, spells drawn anew for every draw."""
    count, draws = price_paid.shape
    rng = stream(key, "price/slope", count)
    found = np.full(draws, np.nan)
    for draw in range(draws):
        at = rng.integers(0, count, count)
        line = np.log(stuck[at, draw])
        line = line - line.mean()
        if float(line @ line) > 0.0:
            found[draw] = line @ price_paid[at, draw] / (line @ line)
    return found
