"""Probes of deals issue by issue, of the weight of arrivals in politics, and of effort delivered."""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax.numpy as jnp
import numpy as np

from palanca.bargain.feasible import BargainProblem
from palanca.core.clock import Month, Span
from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.evidence.claims import fading
from palanca.evidence.facts.bench import Bench
from palanca.evidence.facts.worlds import Call, Found
from palanca.politics.hosting import Host
from palanca.politics.hosting import price as dearness
from palanca.questions.bargaining import batched
from palanca.questions.bargaining.prepared import PreparedBargain
from palanca.questions.leverage import month as holding
from palanca.spec.bargain_spec import BargainSpec
from palanca.spec.facts_schema import DEAL, DealMeasure, Seat, Step

LEAST_EFFORT = 0.05  # effort bought below which a deal has no price of effort [unit of the issue]


@dataclass(frozen=True, eq=False)
class StruckDeal:
    """The Nash deal of one seat at the table, by draw.

    Args:
        talks: The bargains.
        package: Amounts, those without a deal where none is struck (draw, issue) [unit of issue].
        alone: Amounts without a deal (draw, issue) [unit of issue].
        agreed: Whether a deal is struck (draw).
        open: Issues on the table that the other side gives, (issue).
        holder: Place of who holds people back among the parties.
        moves: Place of the first issue by which it does so.
    """

    talks: BargainProblem
    package: np.ndarray
    alone: np.ndarray
    agreed: np.ndarray
    open: np.ndarray
    holder: int
    moves: int

    def read(self, name: str) -> np.ndarray:
        """An issue beyond what holds without a deal, or one of `DEAL`, (draw)."""
        if name == "agreed":
            return self.agreed.astype(float)
        if name == "arrivals":
            return batched.arrivals(self.talks, jnp.asarray(self.package))
        if name == "paid":
            size = np.asarray(self.talks.high - self.talks.low)
            given = (self.package - self.alone) / np.where(size > 0.0, size, 1.0)
            return np.asarray(given[:, self.open].mean(axis=1) if self.open.any() else np.zeros(len(given)))
        if name == "price":
            bought = self.read(self.talks.issues[self.moves])
            each = self._conceded() / np.maximum(bought, LEAST_EFFORT)
            return np.where(bought > LEAST_EFFORT, each, np.nan)
        at = self.talks.issues.index(name)
        return np.asarray(self.package[:, at] - self.alone[:, at])

    def _conceded(self) -> np.ndarray:
        """What concessions are worth to the holder: its payoff with them and without, delivery as without a deal."""
        given = np.where(self.open, self.package, self.alone)
        worth = [np.asarray(batched.payoffs(self.talks, jnp.asarray(one))) for one in (given, self.alone)]
        return np.asarray(worth[0] - worth[1])[:, self.holder]


def deal(bench: Bench, call: Call) -> Found:
    """What the deal of a month holds, and the same under another seat at the table."""
    step, wanted = call.step, call.step.deal or {}
    table = bench.seated(step.table, step.month)
    record = strike(table, step.month)
    twin = record if step.seat is None else strike(other(bench, table, step.month, step.seat), step.month)
    return {name: _read(one, record, twin) for name, one in wanted.items()}


def strike(table: PreparedBargain, month: Month | None) -> StruckDeal:
    """The Nash deal of a month.

    Raises:
        UnsettledError: More than a twentieth of the searches did not converge.
    """
    talks, free = table.at(month), table.free(month)
    outcome = batched.each(talks, free)
    agreed = np.asarray(outcome.agreed) & np.asarray(outcome.settled)
    holder, _ = holding.parties(table)
    issues = list(table.declared.issues.values())
    alone = np.asarray(talks.status_quo)
    rate = np.asarray(table.context(month).arrivals.rate).max(axis=(0, 1))
    return StruckDeal(
        talks=talks,
        package=np.where(agreed[:, None], np.asarray(outcome.package), alone),
        alone=alone,
        agreed=agreed,
        open=np.array([one.traded and one.owner != holder for one in issues]) & free,
        holder=talks.parties.index(holder),
        moves=next(k for k, one in enumerate(issues) if one.owner == holder and rate[k] > 0.0),
    )


def other(bench: Bench, table: PreparedBargain, month: Month | None, seat: Seat) -> PreparedBargain:
    """The same table in that month with another seat at it."""
    names, now = list(table.declared.issues), table.context(month)
    cap = np.array([min(now.cap[k], seat.caps.get(name, np.inf)) for k, name in enumerate(names)])
    open_ = now.on_table & np.array([name not in seat.without for name in names])
    hosting = now.hosting if seat.stuck is None else _hosting(bench, table, seat.stuck)
    changed = replace(now, cap=cap, on_table=open_, hosting=hosting, salience=now.salience * (seat.attention or 1.0))
    return replace(table, contexts=(changed,))


def check(step: Step, table: BargainSpec, where: str) -> None:
    """Refuse an issue that is not on the table, or no month where one is needed.

    Raises:
        UsageError: Names the nearest.
    """
    seat = step.seat or Seat()
    known, asked = list(table.issues), [*seat.without, *seat.caps]
    for name, names in [(one.of, [*known, *DEAL]) for one in (step.deal or {}).values()] + [(n, known) for n in asked]:
        if name not in names:
            hint = nearest(name, names)
            raise UsageError(
                "no such issue on this table",
                where=where,
                found=repr(name),
                expected=f"one of {listed(names, 20)}",
                way_out=f"Did you mean {hint!r}?" if hint else "",
            )
    if table.file.flow.corridor and step.month is None:
        raise UsageError("this table needs a month", where=where, way_out="Name `month` in this step.")


def attention(bench: Bench, call: Call) -> Found:
    """Weight of an arrival in later months over that in earlier ones, and the part of the election clock."""
    assert call.step.before is not None  # the schema has seen to both
    assert call.step.after is not None

    def mean(read: str, months: Span) -> np.ndarray:
        path = getattr(bench.politics, read)(months.first, months.last, bench.draws, bench.key)
        return np.asarray(np.broadcast_to(path.mean(axis=0), (bench.draws,)))

    spans = call.step.before, call.step.after
    clock, weight = ([mean(name, span) for span in spans] for name in ("clock", "salience"))
    return {"clock_rise": clock[1] / clock[0], "weight_rise": weight[1] / weight[0]}


def delivered(bench: Bench, call: Call) -> Found:
    """Effort delivered in later months over that in earlier ones."""
    assert call.step.before is not None  # the schema has seen to both
    assert call.step.after is not None
    corridor, span = bench.corridor, bench.corridor.case.span.span
    path = fading.delivered_effort(corridor.setting, corridor.fit, draws=bench.draws, key=bench.key)
    means = [
        path[span.position(months.first) : span.position(months.last) + 1].mean(axis=0)
        for months in (call.step.before, call.step.after)
    ]
    return {"change": means[1] / means[0]}


def _read(wanted: DealMeasure, record: StruckDeal, twin: StruckDeal) -> np.ndarray:
    if wanted.world == "record":
        return record.read(wanted.of)
    if wanted.world == "twin":
        return twin.read(wanted.of)
    more = twin.read(wanted.of) - record.read(wanted.of)
    return more if wanted.world == "twin_less_record" else -more


def _hosting(bench: Bench, table: PreparedBargain, stuck: float) -> np.ndarray:
    """Factor on the cost of delivery with people stuck at a multiple of the threshold, (draw)."""
    threshold, steepness = (bench.politics.drawn(name, table.draws, bench.key) for name in ("threshold", "steepness"))
    return np.asarray(dearness(stuck * threshold, Host(1.0, 1.0, threshold, steepness, 0.0)))
