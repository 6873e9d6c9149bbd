"""Checks claims against figures as known now, and as known when they were said if editions of then are at hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType

from palanca.core.clock import Month, Span
from palanca.core.wording import listed
from palanca.data.catalogue import SeriesEntry
from palanca.data.read import Edition, Figures
from palanca.questions.claims import judge
from palanca.questions.claims.judge import ClaimStanding, Judgement
from palanca.questions.claims.measure import Gauge
from palanca.spec.claim_expression import Expression, meaning, swapped, terms
from palanca.spec.claims import ReadClaim, labels_of
from palanca.spec.claims_schema import ClaimEntry


@dataclass(frozen=True)
class ClaimReading:
    """What one state of the figures says of a claim.

    Args:
        value: The figure; NaN where it cannot be had.
        judgements: Everything said, judged; empty where the figure cannot be had.
        editions: The editions that it rests on, a row a series.
        lacking: What is missing for it, in words; empty where nothing is.
        notes: What was read otherwise than as printed.
    """

    value: float
    judgements: tuple[Judgement, ...]
    editions: tuple[SeriesEntry, ...]
    lacking: str = ""
    notes: tuple[str, ...] = ()

    @property
    def main(self) -> Judgement | None:
        """The judgement that stands worst."""
        return judge.worst(list(self.judgements)) if self.judgements else None


@dataclass(frozen=True)
class CheckedClaim:
    """A claim with what was found.

    Args:
        claim: The claim.
        unit: Unit of its figure.
        now: As known now; nothing where it names no figure.
        then: As known when it was said; nothing where no edition of then is at hand.
    """

    claim: ReadClaim
    unit: str = ""
    now: ClaimReading | None = None
    then: ClaimReading | None = None

    @property
    def entry(self) -> ClaimEntry:
        """The claim as declared."""
        return self.claim.entry

    @property
    def standing(self) -> ClaimStanding:
        """How it stands on the figures as known now."""
        if self.now is not None and self.now.main is not None:
            return self.now.main.standing
        if self.entry.handed_on is not None and self.now is None:
            return ClaimStanding.handed_on
        return ClaimStanding.not_checkable

    @property
    def turned(self) -> bool:
        """Whether it stood otherwise on the figures as known when it was said."""
        then = self.then.main if self.then is not None else None
        return then is not None and then.standing is not self.standing


def check(claims: Sequence[ReadClaim], figures: Figures) -> list[CheckedClaim]:
    """Check claims, in their order.

    Args:
        claims: The claims.
        figures: The figures in force.
    """
    now = Gauge(figures)
    known = {said: figures.known_by(str(said)) for said in {claim.entry.said for claim in claims}}
    then = {said: Gauge(_laid_under(figures, earlier)) for said, earlier in known.items()}
    return [_one(claim, now, then[claim.entry.said], known[claim.entry.said]) for claim in claims]


def _laid_under(figures: Figures, known: Figures) -> Figures:
    """Editions of then laid over the others: what none of then tells, such as long past months, is as known now."""
    editions = {
        name: (*(one for one in every if one not in known.editions[name]), *known.editions[name])
        for name, every in figures.editions.items()
    }
    return replace(figures, editions=MappingProxyType(editions))


def _one(claim: ReadClaim, now: Gauge, then: Gauge, known: Figures) -> CheckedClaim:
    if claim.figure is None:
        return CheckedClaim(claim)
    unit = meaning(claim.figure).unit_name
    reading = _read(claim, claim.figure, unit, now)
    if not all(_tells(known.editions[term.series], claim.entry) for term in terms(claim.figure)):
        return CheckedClaim(claim, unit, reading)
    earlier = _read(claim, claim.figure, unit, then)
    return CheckedClaim(claim, unit, reading, earlier if earlier.judgements else None)


def _tells(editions: Sequence[Edition], entry: ClaimEntry) -> bool:
    """Whether editions cover every month of a claim."""
    assert entry.months is not None
    months = entry.months.labels()
    rows = [one.row for one in editions]
    return all(any(row.first <= month[: len(row.first)] <= row.last for row in rows) for month in months)


def _read(claim: ReadClaim, figure: Expression, unit: str, known: Gauge) -> ClaimReading:
    """Work the figure of a claim out on one state of the figures and judge what is said of it."""
    entry = claim.entry
    assert entry.months is not None
    assert entry.says is not None
    names = list(dict.fromkeys(term.series for term in terms(figure)))
    if unknown := [name for name in names if not known.figures.editions[name]]:
        return ClaimReading(math.nan, (), (), f"no edition of {listed(unknown)} was published by {known.figures.when}")
    gauge = known.anew()
    found = gauge.number(figure, entry.months)
    editions = tuple(known.row(name) for name in names)
    if not math.isfinite(found):
        return ClaimReading(found, (), editions, _missing(gauge, editions) or "the figure comes to no number")
    notes = [f"{count} cells of {name} withheld as 0 to 4 are read as 0" for name, count in gauge.withheld.items()]
    judgements = []
    if entry.says.value:
        judgements.append(judge.value(entry.says, found, unit))
    if entry.says.direction is not None:
        judgements.append(judge.direction(entry.says, found))
    if entry.says.rank is not None:
        others, untold = _others(entry, figure, known.anew())
        judgements.append(judge.rank(entry.says, found, others))
        notes += [f"no figure for {untold} of those it is ranked among"] if untold else []
    return ClaimReading(found, tuple(judgements), editions, "", tuple(notes))


def _others(entry: ClaimEntry, figure: Expression, gauge: Gauge) -> tuple[dict[str, float], int]:
    """Figures that a claim's is ranked among, by month or label, and how many more have none."""
    own = entry.months
    assert own is not None
    found: dict[str, float] = {}
    if entry.among_labels is not None:
        axis = entry.among_labels.axis
        every = labels_of(figure, axis)
        named = [label for label in every if swapped(figure, axis, label) == figure]
        for label in every:
            if label not in (*entry.among_labels.but, *named):
                found[label] = gauge.number(swapped(figure, axis, label), own)
    else:
        assert entry.among_months is not None
        for span in windows(own, entry.among_months):
            found[str(span.first) if len(span) == 1 else f"{span.first}..{span.last}"] = gauge.number(figure, span)
    known = {name: value for name, value in found.items() if math.isfinite(value)}
    return known, len(found) - len(known)


def windows(own: Span, among: Span) -> list[Span]:
    """Stretches as long as that of a claim before and after it, end to end, that lie within others; itself left out."""
    size = len(own)
    first = own.first + -size * ((own.first - among.first) // size)
    count = (among.last - first + 1) // size
    spans = [Span(first + size * place, first + size * place + (size - 1)) for place in range(count)]
    return [span for span in spans if span != own]


def _missing(gauge: Gauge, editions: Sequence[SeriesEntry]) -> str:
    """Which months have no figure, and what the series covers."""
    rows = {row.id: row for row in editions}
    told = []
    for name, gone in gauge.missing.items():
        row = rows[name]
        told.append(f"{name} has no figure for {listed(_runs(sorted(gone)), 3)}; it covers {row.first} to {row.last}")
    return "; ".join(told)


def _runs(given: Sequence[str]) -> list[str]:
    """Months or years in unbroken runs, each as its ends."""

    def at(label: str) -> int:
        return Month.parse(label).index if "-" in label else int(label)

    runs = [[label for _, label in run] for _, run in groupby(enumerate(given), lambda pair: at(pair[1]) - pair[0])]
    return [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
