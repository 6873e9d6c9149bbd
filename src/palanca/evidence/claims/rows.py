"""Claims on deals as rows: one a number, with its draws, its interval and the word for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from palanca.evidence.claims import after, pathways
from palanca.evidence.claims.criticism import Criticism
from palanca.evidence.claims.fading import Fading
from palanca.evidence.claims.linked_tone import Linked
from palanca.evidence.claims.pathways import OUTCOMES, Pathways
from palanca.evidence.claims.price import CROWDS, Price
from palanca.evidence.claims.venezuela import FlightDiscretion
from palanca.questions.ledger.rules import Rules
from palanca.show import estimate
from palanca.show.estimate import LEVEL, Basis, Estimate

NOTHING = 1e-6  # what a search or a sum leaves undecided is smaller
EVENTS, PAYOFF = "events / month", "payoff / unit of effort"
BASIS = {"learned": Basis.learned, "in between": Basis.between, "assumed": Basis.assumed}


@dataclass(frozen=True, eq=False)
class ClaimRow:
    """One number that bears on a claim.

    Args:
        what: What it is.
        unit: Its unit.
        found: The number with its interval; nothing where there is none.
        reading: The word for it, or what stands behind it; empty for none.
        draws: The number by draw; nothing where it is not drawn.
    """

    what: str
    unit: str
    found: Estimate | None
    reading: str = ""
    draws: np.ndarray | None = None


def fading(found: Fading) -> list[ClaimRow]:
    """Half-times by spell, what comes back, and the price from spell to spell."""
    rows = []
    for one in found.spells:
        half = _row(
            f"{one.spell.first}: effort halves, after the last renewal", one.half_months, "months", str(one.word)
        )
        if np.isinf(one.half_months).mean() > 0.5:
            half = ClaimRow(half.what, half.unit, None, f"not within {one.looked} months")
        rows.append(half)
        rows.append(
            _plain(f"{one.spell.first}: of the fall of encounters, made up in 24 months", one.climb_share, "share")
        )
    rows.append(_plain("guards deployed, October 2019 to January 2021: half-life", found.deployed_half, "months"))
    rows.append(
        _row("deals whose effort halves in 6 to 18 months", found.rate(), "share", f"{len(found.decided)} can tell")
    )
    if found.after is not None:
        rows.append(_row(f"{found.after.first}: held back if kept up, comes if it fades", found.after.climb, "share"))
        rows += [
            _row(f"{found.after.first}: deaths over two years, {name}", found.after.deaths[k].sum(axis=0), "deaths")
            for k, name in enumerate(after.WORLDS)
        ]
    for what, slope in (
        ("price from spell to spell", found.prices.slope),
        ("price of an act from spell to spell", found.prices.slope_of_act),
        ("price from spell to spell, paid ones", found.prices.slope_paid),
    ):
        rows.append(_row(what, slope, PAYOFF, str(found.prices.word)))
    return rows


def criticism(found: Criticism) -> list[ClaimRow]:
    """Statements by tercile of leverage, and the two rivals."""
    rows = []
    for one in found.readings:
        for name, at in (("least", 0), ("most", 2)):
            rows.append(
                _plain(
                    f"{one.rows}: expected, third with {name} leverage",
                    one.expected[at],
                    "statements",
                    f"{one.made[at]:.1f} made",
                )
            )
        rows.append(_row(f"{one.rows}: statements at most over at least leverage", one.ratio, "ratio", str(one.word)))
        rows.append(_plain(f"{one.rows}: need over respect", one.factor, "Bayes factor", one.rivals))
    return rows


def linked_tone(found: Linked, apart: Linked) -> list[ClaimRow]:
    """Correlations before and after, of all acts and of those that touch one matter alone."""
    rows = []
    for what, one in (("all acts", found), ("acts on one matter", apart)):
        for name, values, told in zip(
            ("before 2019", "from 2019 on", "from 2021 on"),
            (one.before, one.after, one.later),
            one.counted,
            strict=True,
        ):
            rows.append(_row(f"{what}, {name}", values, "correlation", f"{told} quarters tell"))
        ratio = one.after / np.where(one.before > 0.0, one.before, np.nan)
        rows.append(_row(f"{what}: after over before", ratio, "ratio", str(one.word)))
    return rows


def price(found: Price) -> list[ClaimRow]:
    """Price by people stuck, and what identifies it."""
    rows = [
        _row(f"price with {crowd:g} thresholds of people stuck", values, PAYOFF)
        for crowd, values in zip(CROWDS, found.price, strict=True)
    ]
    rows.append(_row("at the threshold over nobody stuck", found.below, "ratio", "by the form of the cost"))
    rows.append(_row("at twice the threshold over at it", found.above, "ratio", str(found.rises)))
    rows.append(_row("people stuck up to whom nobody minds", found.threshold, "people", found.labels["threshold"]))
    rows.append(_row("ledger: price against log people stuck", found.slope, PAYOFF, str(found.identified)))
    return rows


def pathways_of(found: Pathways) -> list[ClaimRow]:
    """Effects of each half and of both, the core's deals, and the record."""
    units = dict(zip(OUTCOMES, (EVENTS, "people", "deaths / month", "people / month"), strict=True))
    rows = []
    for outcome in OUTCOMES:
        rows += [
            _row(f"{outcome}: {world}, against neither", found.effect(world, outcome), units[outcome])
            for world in pathways.WORLDS[:-1]
        ]
        rows.append(_row(f"{outcome}: together beyond the sum", found.interaction(outcome), units[outcome]))
    if found.core is not None:
        core = found.core
        rows.append(_row("core: returns taken", np.nanmean(core.returns, axis=0), "share of those sent back"))
        rows.append(_row("core: places opened", np.nanmean(core.places, axis=0), "people / month"))
        rows.append(_row("core: returns that places add", core.together, "share of those sent back", str(core.word)))
        rows.append(_plain("core: the two together over draws", core.over_draws, "correlation"))
    rows.append(_plain("record: expelled for each place used, to May 2023", found.record.ratio, "ratio"))
    rows.append(_plain("record: months with more encounters than the quota", len(found.record.binding), "months"))
    return rows


def reactions(found: Rules) -> list[ClaimRow]:
    """Every number of the rules with its label."""
    rows = [
        ClaimRow(one.name, "", Estimate(one.mean, one.low, one.high, "", LEVEL, BASIS[one.label]), one.label)
        for one in found.told
    ]
    for kind in ("ask", "deal"):
        for surge, name in ((0.0, "usual arrivals"), (float(np.log(2.0)), "twice the usual")):
            chance = found.chance(kind, np.full(found.draws, surge))
            rows.append(
                _row(f"chance of a quarter with {'an' if kind == 'ask' else 'a'} {kind}, {name}", chance, "chance")
            )
    return rows


def discretion(found: FlightDiscretion) -> list[ClaimRow]:
    """What flights carried, what they did, and what stopping them cost."""
    return [
        _row("people carried by flights", found.carried, "people / month"),
        _row("the same over encounters of nationals", found.carried_share, "share"),
        _row("encounters without flights and their news", found.capable, EVENTS),
        _plain(
            "encounters around the stop, against others on the way",
            found.moved,
            "log points",
            f"{found.stop_seen}: {found.chance_of_more:.0%} of months moved as far up",
        ),
        _row("what taking flights costs it", found.keeping, "100 million dollars / month"),
        _row(
            "relief that hung on flights", found.at_stake, "100 million dollars / month", str(found.free_while_relief)
        ),
        ClaimRow("power over who leaves the country", "", None, str(found.departures)),
    ]


def _row(what: str, values: np.ndarray, unit: str, reading: str = "") -> ClaimRow:
    drawn = np.asarray(values, dtype=float)
    drawn = np.where(np.abs(drawn) <= NOTHING, 0.0, drawn)  # what is no number stays none
    basis = Basis.assumed if unit == PAYOFF else Basis.learned  # what a payment is worth is judged, not learned
    found = estimate.of(drawn, unit, basis=basis) if np.isfinite(drawn).any() else None
    return ClaimRow(what, unit, found, reading, drawn)


def _plain(what: str, value: float, unit: str, reading: str = "") -> ClaimRow:
    if not np.isfinite(value):
        return ClaimRow(what, unit, None, reading)
    kept = float(value) if abs(value) > NOTHING else 0.0
    return ClaimRow(what, unit, Estimate(kept, kept, kept, unit, None), reading)
