"""What deals leave behind, as tables: one row a number, with its interval and the word for it."""

from __future__ import annotations

import numpy as np

from palanca.evidence.claims import after, pathways
from palanca.evidence.claims.criticism import Criticism
from palanca.evidence.claims.fading import Fading
from palanca.evidence.claims.found import middle
from palanca.evidence.claims.linked_tone import Linked
from palanca.evidence.claims.pathways import OUTCOMES, Pathways
from palanca.evidence.claims.price import CROWDS, Price
from palanca.evidence.claims.venezuela import FlightDiscretion
from palanca.questions.ledger.rules import Rules

Row = dict[str, object]
NOTHING = 1e-6  # what a search or a sum leaves undecided is smaller
EVENTS, PAYOFF = "events / month", "payoff / unit of effort"


def fading(found: Fading) -> list[Row]:
    """Half-times by spell, what comes back, and the price from spell to spell."""
    rows = []
    for one in found.spells:
        half = _row(
            f"{one.spell.first}: effort halves, after the last renewal", one.half_months, "months", str(one.word)
        )
        if np.isinf(one.half_months).mean() > 0.5:
            half = half | {"value": None, "5 %": None, "95 %": None, "reading": f"not within {one.looked} months"}
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


def criticism(found: Criticism) -> list[Row]:
    """Statements by tercile of leverage, and the two rivals."""
    rows = []
    for one in found.readings:
        for name, at in (("least", 0), ("most", 2)):
            rows.append(
                _plain(f"{one.rows}: expected, third with {name} leverage", one.expected[at], "statements")
                | {"reading": f"{one.made[at]:.1f} made"}
            )
        rows.append(_row(f"{one.rows}: statements at most over at least leverage", one.ratio, "ratio", str(one.word)))
        rows.append(_plain(f"{one.rows}: need over respect", one.factor, "Bayes factor") | {"reading": one.rivals})
    return rows


def linked_tone(found: Linked, apart: Linked) -> list[Row]:
    """Correlations before and after, of all acts and of those that touch one matter alone."""
    rows = []
    for what, one in (("all acts", found), ("acts on one matter", apart)):
        for name, values, told in zip(
            ("before 2019", "from 2019 on", "from 2021 on"), (one.before, one.after, one.later), one.told, strict=True
        ):
            rows.append(_row(f"{what}, {name}", values, "correlation", f"{told} quarters tell"))
        ratio = one.after / np.where(one.before > 0.0, one.before, np.nan)
        rows.append(_row(f"{what}: after over before", ratio, "ratio", str(one.word)))
    return rows


def price(found: Price) -> list[Row]:
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


def paths(found: Pathways) -> list[Row]:
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


def rules(found: Rules) -> list[Row]:
    """Every number of the rules with its label."""
    rows = [
        {"what": one.name, "value": one.mean, "5 %": one.low, "95 %": one.high, "unit": "", "reading": one.label}
        for one in found.told
    ]
    for kind in ("ask", "deal"):
        for surge, name in ((0.0, "usual arrivals"), (float(np.log(2.0)), "twice the usual")):
            chance = found.chance(kind, np.full(found.draws, surge))
            rows.append(
                _row(f"chance of a quarter with {'an' if kind == 'ask' else 'a'} {kind}, {name}", chance, "chance")
            )
    return rows


def venezuela(found: FlightDiscretion) -> list[Row]:
    """What flights carried, what they did, and what stopping them cost."""
    return [
        _row("people carried by flights", found.carried, "people / month"),
        _row("the same over encounters of nationals", found.carried_share, "share"),
        _row("encounters without flights and their news", found.capable, EVENTS),
        _plain("encounters around the stop, against others on the way", found.moved, "log points")
        | {"reading": f"{found.stop_seen}: {found.chance_of_more:.0%} of months moved as far up"},
        _row("what taking flights costs it", found.keeping, "100 million dollars / month"),
        _row(
            "relief that hung on flights", found.at_stake, "100 million dollars / month", str(found.free_while_relief)
        ),
        _plain("power over who leaves the country", float("nan"), "") | {"reading": str(found.departures)},
    ]


def _row(what: str, values: np.ndarray, unit: str, reading: str = "") -> Row:
    found = middle(np.asarray(values))
    return {"what": what, "value": _number(found.value), "5 %": _number(found.low), "95 %": _number(found.high),
            "unit": unit, "reading": reading}  # fmt: skip


def _plain(what: str, value: float, unit: str) -> Row:
    return {"what": what, "value": _number(value), "5 %": None, "95 %": None, "unit": unit, "reading": ""}


def _number(value: float) -> float | None:
    if not np.isfinite(value):
        return None
    return float(value) if abs(value) > NOTHING else 0.0
