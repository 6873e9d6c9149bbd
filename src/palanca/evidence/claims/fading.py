"""Whether what a deal brings fades when nobody renews it (fact 4): delivered effort, and people who come again.

Delivered effort is what replay solves from the people whom the transit country stops: declared effort, as it carries,
times the strength at which figures say it was carried out. Encounters after a deal are what figures count.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.evidence.claims import after, paid
from palanca.evidence.claims.after import After
from palanca.evidence.claims.found import Word, word
from palanca.evidence.claims.paid import PaidPrices
from palanca.evidence.claims.spells import Spell, spells
from palanca.infer.history import PreparedCase
from palanca.infer.posterior import AbstractDraws
from palanca.kernel.keys import stream
from palanca.questions.bargaining import response
from palanca.questions.ledger import deployed
from palanca.spec.ledger import Ledger, load_ledger

AVERAGED = 3  # months whose mean is taken wherever a level is read off
PEAK_WITHIN = 6  # months after the last renewal in which delivered effort can peak
RANGE = (6.0, 18.0)  # months within which effort is claimed to halve
RESAMPLES = 4_000
LOOK = 24  # months in which encounters are claimed to climb back


@dataclass(frozen=True, eq=False)
class Faded:
    """One spell of enforcement, and what became of it.

    Args:
        spell: When it was agreed and last renewed.
        before_known: Whether figures of people stopped reach back to before it; else its level before is an assumption.
        before: Delivered effort before (draw) [effort].
        peak: Its highest after (draw) [effort].
        half_months: Months from the last renewal until half of the rise is gone (draw) [months]; infinite where that
            did not come within the months in which nothing was renewed, no number where delivered effort never rose.
        looked: Months in which it could have come.
        fell_share: Fall of encounters from before to their lowest in a year [share].
        climb_share: Of that fall, what was made up again within 24 months [share]; no number where figures end sooner.
    """

    spell: Spell
    before_known: bool
    before: Float[np.ndarray, " draw"]
    peak: Float[np.ndarray, " draw"]
    half_months: Float[np.ndarray, " draw"]
    looked: int
    fell_share: float
    climb_share: float

    @property
    def in_range(self) -> float:
        """Share of draws, those in which effort rose, where it halved within the range claimed."""
        rose = ~np.isnan(self.half_months)
        return float(np.mean(_within(self.half_months[rose]))) if rose.any() else float("nan")

    @property
    def word(self) -> Word:
        """What it came to; open where figures end before the claim could fail, or do not reach back."""
        can = self.before_known and (self.looked >= RANGE[1] or bool(np.isfinite(self.half_months).all()))
        return word(self.in_range) if can else Word.open


@dataclass(frozen=True, eq=False)
class Fading:
    """What is found of fading.

    Args:
        spells: Each spell of enforcement.
        deployed_half: Half-life of the number of guards deployed between two published counts [months].
        after: Twin worlds after the first spell of known level before that figures follow for two years: what comes
            back if it fades.
        prices: Price of effort in deal after deal.
    """

    spells: tuple[Faded, ...]
    deployed_half: float
    after: After | None
    prices: PaidPrices

    @property
    def decided(self) -> tuple[Faded, ...]:
        """Spells that can tell: their level before is known, and effort halved or could be followed long enough."""
        return tuple(
            one
            for one in self.spells
            if one.before_known and (one.looked >= RANGE[1] or np.isfinite(one.half_months).all())
        )

    def rate(self, key: int = 1) -> Float[np.ndarray, " resample"]:
        """Share of deals whose effort halves within the range claimed, every share as likely beforehand (resample)."""
        draws = self.spells[0].half_months.size if self.spells else 1
        came = sum((_within(one.half_months).astype(float) for one in self.decided), np.zeros(draws))
        many = np.resize(came, max(RESAMPLES, draws))
        return stream(key, "fading/rate").beta(many + 1.0, len(self.decided) - many + 1.0)


def fading(
    setting: PreparedCase, posterior: AbstractDraws, *, ledger: Ledger | None = None, draws: int = 64, key: int = 1
) -> Fading:
    """Follow every spell of agreed enforcement in the ledger.

    Args:
        setting: From `history.prepare`.
        posterior: Fitted parameters.
        ledger: A ledger in place of the case's.
        draws: How many draws.
        key: Same key, same draws.

    Raises:
        UsageError: The case declares no party that enforces.
    """
    read = ledger or load_ledger(setting.case.case)
    holder, depends = pair(setting)
    delivered = delivered_effort(setting, posterior, draws=draws, key=key)
    first = setting.case.span.span.first
    counted = np.asarray(setting.inputs.figures.encounters).sum(axis=1)
    known = np.asarray(setting.inputs.figures.stops_source) > 0.0
    found = tuple(follow(one, first, delivered, counted, known) for one in spells(read, holder, depends))
    long = [one.spell for one in found if one.before_known and setting.case.span.span.last - one.spell.first >= LOOK]
    worlds = after.worlds(setting, posterior, long[0].first, draws=draws, key=key) if long else None
    return Fading(found, deployed.half_life(), worlds, paid.prices(setting, ledger=read, draws=draws, key=key))


def pair(setting: PreparedCase) -> tuple[str, str]:
    """The transit country and the destination of a case.

    Raises:
        UsageError: It has none or several of either.
    """
    by_role = {
        role: [code for code, one in setting.case.countries.items() if one.role == role]
        for role in ("transit", "destination")
    }
    if any(len(codes) != 1 for codes in by_role.values()):
        raise UsageError(
            "deals are between one transit country and one destination",
            where=setting.case.case,
            found=", ".join(f"{role}: {' '.join(codes) or 'none'}" for role, codes in by_role.items()),
        )
    return by_role["transit"][0], by_role["destination"][0]


def delivered_effort(
    setting: PreparedCase, posterior: AbstractDraws, *, draws: int, key: int
) -> Float[np.ndarray, "month draw"]:
    """Effort that figures say was delivered, in every month of the case [effort]."""
    values = posterior.layout.constrain(jnp.asarray(posterior.draws(key, range(draws))))
    _, shocks = response.starts(setting.inputs, values)
    months = range(len(setting.case.span.span))
    declared = np.array([response.levels(setting.inputs, place)["effort"] for place in months])
    return declared[:, None] ** np.asarray(values["effort_power"]) * np.asarray(shocks.effort)


def follow(
    spell: Spell,
    first: Month,
    delivered: Float[np.ndarray, "month draw"],
    counted: Float[np.ndarray, " month"],
    known: np.ndarray,
) -> Faded:
    """Follow one spell.

    Args:
        spell: The spell.
        first: Month of the first row of the arrays.
        delivered: Effort delivered [effort].
        counted: Encounters [events / month].
        known: Months in which figures tell the effort delivered, (month).
    """
    start, renewed, until = (month - first for month in (spell.first, spell.renewed, spell.until))
    end = min(until, len(delivered) - 1)
    earlier = slice(max(start - AVERAGED, 0), start)
    before = delivered[earlier].mean(axis=0)
    smooth = _smooth(delivered[: end + 1])
    tops = smooth[start : min(renewed + PEAK_WITHIN, end) + 1]
    top = start + tops.argmax(axis=0)
    peak = tops.max(axis=0)
    half = before + 0.5 * (peak - before)
    below = (smooth <= half) & (np.arange(end + 1)[:, None] > top)
    half_months = np.where(below.any(axis=0), _crossed(smooth, below.argmax(axis=0), half) - renewed, np.inf)
    return Faded(
        spell=spell,
        before_known=bool(known[earlier].all() and start > 0),
        before=before,
        peak=peak,
        half_months=np.where(peak > before, half_months, np.nan),
        looked=end - renewed,
        **_climb(counted, start),
    )


def _crossed(smooth: np.ndarray, came: np.ndarray, level: np.ndarray) -> np.ndarray:
    """When a falling path crosses a level, on the line between the month it is first below and the one before it."""
    draws = np.arange(level.size)
    last, first = smooth[np.maximum(came - 1, 0), draws], smooth[came, draws]
    drop = np.where(last > first, last - first, 1.0)
    return np.asarray(came - np.clip((level - first) / drop, 0.0, 1.0))


def _within(months: np.ndarray) -> np.ndarray:
    return np.asarray((months >= RANGE[0]) & (months <= RANGE[1]))


def _climb(counted: np.ndarray, start: int) -> dict[str, float]:
    smooth = _smooth(counted[:, None])[:, 0]
    before = counted[max(start - AVERAGED, 0) : start].mean()
    low = smooth[start : start + 12].min()
    at = start + int(smooth[start : start + 12].argmin())
    whole = start + LOOK < len(counted)
    again = smooth[at : start + LOOK + 1].max() if whole else np.nan
    fell = before - low
    return {"fell_share": float(fell / before), "climb_share": float((again - low) / fell) if fell > 0.0 else np.nan}


def _smooth(values: Float[np.ndarray, "month draw"]) -> Float[np.ndarray, "month draw"]:
    """Mean of a month and its two neighbours; at the ends of those that are there."""
    padded = np.concatenate([values[:1], values, values[-1:]])
    return (padded[:-2] + padded[1:-1] + padded[2:]) / AVERAGED
