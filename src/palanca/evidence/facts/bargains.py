"""Probes of bargaining: asks after surges, threats and payments, leverage before and after, silence, relief."""

from __future__ import annotations

import numpy as np

from palanca.evidence.claims.spells import ENFORCEMENT
from palanca.evidence.facts.bench import Bench
from palanca.evidence.facts.worlds import Call, Found
from palanca.evidence.ledger.after_highs import BLOCK, YEAR
from palanca.kernel.keys import stream
from palanca.questions.bargaining import deal as bargaining
from palanca.questions.bargaining import silence
from palanca.questions.bargaining.deal import Deal, Pick
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.ledger import corridor as deal_corridor
from palanca.questions.leverage import month as holding
from palanca.questions.leverage.month import STOPS
from palanca.spec.ledger import load_ledger
from palanca.spec.ledger_schema import LedgerRow

NO_EFFORT = 0.05  # enforcement beyond that without a deal too small to divide by [multiples of routine control]


def asks(bench: Bench, call: Call) -> Found:
    """Chance of an ask after a one-year high against that after another month, months drawn again in blocks.

    As `evidence.ledger.after_highs`; threats made to get enforcement count as asks.
    """
    assert call.step.within is not None  # the schema has seen to it
    ledger = load_ledger(bench.corridor.case.case)
    counts = deal_corridor.encounters(bench.corridor.setting.figures)
    span = ledger.span
    months = [span.first + i for i in range(span.last - span.first + 1 - call.step.within)]
    high = np.array([counts[m] > max(counts[m + -i] for i in range(1, YEAR + 1)) for m in months])
    asked = [row for row in ledger.of_kind("ask") if "USA" in row.taker]
    asked += [row for row in ledger.of_kind("threat") if "USA" in row.giver and _for_enforcement(row)]
    starts = [row.date.first.month for row in asked]
    followed = np.array([any(1 <= start - m <= call.step.within for start in starts) for m in months])
    drawn = _blocks(bench, "facts/asks", len(months))
    return {"ratio": rate_ratio(high[drawn], followed[drawn])}


def follows(bench: Bench, call: Call) -> Found:
    """Chance of an act in the month of another and those after it against that in another month, as in `asks`."""
    step = call.step
    assert step.kind is not None  # the schema has seen to all three
    assert step.following is not None
    assert step.within is not None
    ledger = load_ledger(bench.corridor.case.case)
    months = [ledger.span.first + i for i in range(ledger.span.last - ledger.span.first + 1 - step.within)]
    led, came = ([row.date.first.month for row in ledger.of_kind(kind)] for kind in (step.following, step.kind))
    after = np.array([m in led for m in months])
    followed = np.array([any(0 <= start - m <= step.within for start in came) for m in months])
    drawn = _blocks(bench, "facts/follows", len(months))
    return {"followed_ratio": rate_ratio(after[drawn], followed[drawn])}


def _blocks(bench: Bench, name: str, months: int) -> np.ndarray:
    """Places of months drawn again in blocks, (draw, month)."""
    places = stream(bench.key, name).integers(0, months, size=(bench.draws, -(-months // BLOCK)))
    return ((places[:, :, None] + np.arange(BLOCK)) % months).reshape(bench.draws, -1)[:, :months]


def _for_enforcement(threat: LedgerRow) -> bool:
    return any(item.issue == ENFORCEMENT for item in threat.got)


def rate_ratio(high: np.ndarray, followed: np.ndarray) -> np.ndarray:
    """Rate after highs over rate after other months, half an event and a whole month added to each, (draw).

    Args:
        high: Whether each month is a high, (draw, month).
        followed: Whether an ask follows it, (draw, month).
    """
    after = ((high & followed).sum(-1) + 0.5) / (high.sum(-1) + 1.0)
    other = ((~high & followed).sum(-1) + 0.5) / ((~high).sum(-1) + 1.0)
    return np.asarray(after / other)


def threat(bench: Bench, call: Call) -> Found:
    """Enforcement and payment in the deal of a month under its threats and protocol, and by Nash with no threat."""
    assert call.step.month is not None  # the schema has seen to it
    table = bench.table([call.step.month])
    deal = bargaining.strike(table, call.step.month, bluffs=True)  # the fact is about a threat that is believed
    under = deal.made  # as the table has deals come about in the month
    calm = under if deal.calm is None else deal.calm
    effort = [effort_of(table, deal, pick) for pick in (under, calm)]
    paid = [payment_of(table, deal, pick) for pick in (under, calm)]
    return {"effort_more": effort[0] - effort[1], "paid": paid[0], "paid_calm": paid[1]}


def prices(bench: Bench, call: Call) -> Found:
    """Payment for a unit of enforcement in the deals of several months, threats left out."""
    assert call.step.at is not None  # the schema has seen to it
    table = bench.table(call.step.at)
    found = []
    for month in call.step.at:
        deal = bargaining.strike(table, month)
        pick = deal.made if deal.calm is None else deal.calm
        more = effort_of(table, deal, pick) - deal.quo[:, deal.issues.index(_effort(table))]
        found.append(payment_of(table, deal, pick) / np.where(more > NO_EFFORT, more, np.nan))
    each = np.stack(found)
    rises = np.where(np.isfinite(each).all(axis=0), (np.diff(each, axis=0) > 0.0).mean(axis=0), np.nan)
    return {"first_price": each[0], "last_price": each[-1], "rise": rises}


def effort_of(table: PreparedBargain, deal: Deal, pick: Pick) -> np.ndarray:
    """Enforcement of the transit country in a deal, (draw) [multiples of routine control]."""
    return np.asarray(pick.package[:, deal.issues.index(_effort(table))])


def payment_of(table: PreparedBargain, deal: Deal, pick: Pick) -> np.ndarray:
    """What the transit country is given beyond no deal, mean share of all that could be given in the month, (draw)."""
    holder, _ = holding.parties(table)
    issues = table.declared.issues
    given = [issues[name].traded and issues[name].owner != holder for name in deal.issues] & deal.on_table
    high = np.minimum([issues[name].high for name in deal.issues], table.context(deal.month).cap)
    low = np.array([issues[name].low for name in deal.issues])
    size = np.where(high > low, high - low, 1.0)
    return np.asarray(((pick.package - deal.quo) / size)[:, given].mean(axis=1))


def leverage(bench: Bench, call: Call) -> Found:
    """What withdrawal would bring after a fall less what it would have brought before it."""
    step = call.step
    assert step.before is not None  # the schema has seen to both
    assert step.after is not None
    before, after = list(step.before), list(step.after)
    table = bench.table([*before, *after])
    course = holding.course(bench.corridor.setting, bench.corridor.fit, table, key=bench.key)
    months = course.people.months
    total = course.people.encounters[:, 0].sum(axis=1)
    return {
        "people_rise": holding.change(course.people.more(STOPS[2]), months, after, before),
        "loss_rise": holding.change(course.sensitivity, months, after, before),
        "encounters_fall": -holding.change(total, months, after, before),
    }


def hush(bench: Bench, call: Call) -> Found:
    """Arrivals under silence less those under criticism in the first and the last year, and whether the sign turns."""
    step = call.step
    assert step.month is not None  # the schema has seen to both
    assert step.years is not None
    table, corridor = bench.table([step.month]), bench.corridor
    both = [
        silence.weigh(table, corridor.setting, corridor.fit, bench.politics, years=step.years, key=bench.key, slow=slow)
        for slow in (True, False)
    ]
    known = np.isfinite(both[0].net).all(axis=0)
    return {
        "first_year": both[0].net[:YEAR].mean(axis=0),
        "last_year": both[0].net[-YEAR:].mean(axis=0),
        "turns": np.where(known, np.isfinite(both[0].flip), np.nan),
        "turns_without_slow": np.where(known, np.isfinite(both[1].flip), np.nan),
    }


def relief(bench: Bench, call: Call) -> Found:
    """Which findings the game of relief on conditions has, in its own draws of what is believed."""
    return {one.id: one.holds.astype(float) for one in bench.relief.findings}


def _effort(table: PreparedBargain) -> str:
    """The issue that is enforcement."""
    return next(name for name, issue in table.declared.issues.items() if issue.lever == "effort")
