"""The scorecard: every fact tried on the posterior, with the chance that it holds; none is left out unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from palanca.core.clock import Span
from palanca.core.errors import UsageError
from palanca.evidence.facts import deals, judge, reading
from palanca.evidence.facts.bench import Bench
from palanca.evidence.facts.judge import Chance, FactNumber, Tried
from palanca.evidence.facts.probes import RUN
from palanca.evidence.facts.worlds import AHEAD, Call
from palanca.spec import edit
from palanca.spec.bargain_spec import load_bargain
from palanca.spec.edit import Change
from palanca.spec.facts import Facts
from palanca.spec.facts_probes import PROBES, YES
from palanca.spec.facts_schema import Fact, Step, Wanted

Progress = Callable[[int, int], None]
AMOUNT = "unit of the table"


@dataclass(frozen=True)
class FactScore:
    """One fact, judged.

    Args:
        id: Its number.
        title: Its title.
        claim: What is claimed.
        marks: `D` discriminating, `O` from outside evidence.
        evidence: What it was tried on; empty where it was not.
        sources: Where it is claimed.
        part: What of it is judged where not all is; empty where all is.
        rival: The rival explanation that it separates, if one is named.
        why: Why it is not expressible, or what may lie behind the outcome.
        tolerance: Where the bounds come from.
        verdict: One of `judge.VERDICTS`.
        chance: Chance that all of it holds; None where not expressible.
        tried: Each assertion.
        numbers: Every quantity found.
    """

    id: int
    title: str
    claim: str
    marks: tuple[str, ...]
    evidence: str
    sources: tuple[str, ...]
    part: str
    rival: str
    why: str
    tolerance: str
    verdict: str
    chance: Chance | None
    tried: tuple[Tried, ...]
    numbers: tuple[FactNumber, ...]


@dataclass(frozen=True)
class Scorecard:
    """Every fact asked for, judged.

    Args:
        case: Name of the case.
        draws: Draws of the posterior.
        key: Key of the draws.
        scores: In the order of the file.
        made: Fingerprints of what it rests on, where it is kept.
    """

    case: str
    draws: int
    key: int
    scores: tuple[FactScore, ...]
    made: Mapping[str, str] = field(default_factory=dict)

    def count(self, verdict: str) -> int:
        """How many facts have a verdict."""
        return sum(one.verdict == verdict for one in self.scores)

    def of(self, verdict: str) -> list[FactScore]:
        """Facts with a verdict."""
        return [one for one in self.scores if one.verdict == verdict]


@dataclass(frozen=True, eq=False)
class FactTrials:
    """A scorecard with the draws behind it.

    Args:
        card: Every fact, judged.
        draws: Every quantity by number of its fact and its name, (draw): of the fit, or of what else a probe draws.
    """

    card: Scorecard
    draws: Mapping[tuple[int, str], np.ndarray]


def check(bench: Bench, facts: Facts) -> None:
    """Refuse what cannot be run, before anything is.

    Raises:
        UsageError: The facts are about another case; an outcome or an issue does not exist; a month lies outside a
            world.
        ChangeError: A change names nothing, fits nothing, or alters nothing.
    """
    case = bench.corridor.case
    if facts.case != case.case:
        raise UsageError("facts of another case", found=facts.case, expected=case.case)
    for fact in facts.facts:
        where = facts.where[fact.id]
        for step in fact.when:
            ready = call(fact, step, where)
            for changes in (ready.base, ready.changes):
                if changes:
                    edit.apply(case, changes)
            if step.deal:
                deals.check(step, load_bargain(step.table or case.case), where)
            for measure in (step.measure or {}).values():
                reading.check(measure, case, _months(bench, step), where)


def score(bench: Bench, facts: Facts, *, progress: Progress | None = None) -> FactTrials:
    """Try every fact.

    Args:
        bench: What they are tried on.
        facts: The facts.
        progress: Called as `progress(done, facts)`.

    Raises:
        UsageError: See `check`.
        ChangeError: See `check`.
    """
    check(bench, facts)
    scores: list[FactScore] = []
    draws: dict[tuple[int, str], np.ndarray] = {}
    for place, fact in enumerate(facts.facts):
        if progress is not None:
            progress(place, len(facts.facts))
        judged, found = _scored(bench, fact, facts.where[fact.id])
        scores.append(judged)
        draws |= {(fact.id, name): values for name, values in found.items()}
    return FactTrials(Scorecard(bench.corridor.case.case, bench.draws, bench.key, tuple(scores)), draws)


def call(fact: Fact, step: Step, where: str) -> Call:
    """A step with the changes of its fact."""
    base = _changes(fact.given.changes if fact.given else (), where)
    return Call(step, base, (*base, *_changes(step.changes or (), where)), where)


def _scored(bench: Bench, fact: Fact, where: str) -> tuple[FactScore, dict[str, np.ndarray]]:
    """A fact, judged, and every quantity by name."""
    if fact.not_expressible is not None:
        return _worded(fact, judge.verdict(None), fact.not_expressible, (None, (), ())), {}
    found: dict[str, np.ndarray] = {}
    numbers: list[FactNumber] = []
    for step in fact.when:
        quantities = RUN[step.probe](bench, call(fact, step, where))
        for name, unit, what in described(step):
            found[name] = np.asarray(quantities[name], dtype=float)
            if unit != YES or any(name == one.quantity for one in fact.then):
                numbers.append(judge.number(name, what, unit, found[name]))
    word, chance, tried = judge.judged(fact, found)
    return _worded(fact, word, fact.caveat or "", (chance, tried, tuple(numbers))), found


def described(step: Step) -> list[tuple[str, str, str]]:
    """Name, unit and meaning of every quantity that a step gives."""
    if step.measure:
        return [(name, reading.unit(one), one.what) for name, one in step.measure.items()]
    if step.deal:
        return [(name, AMOUNT, one.what) for name, one in step.deal.items()]
    return list(PROBES[step.probe].gives)


def _worded(
    fact: Fact, word: str, why: str, found: tuple[Chance | None, tuple[Tried, ...], tuple[FactNumber, ...]]
) -> FactScore:
    chance, tried, numbers = found
    return FactScore(
        id=fact.id,
        title=fact.title,
        claim=fact.claim,
        marks=fact.marks,
        evidence=fact.evidence or "",
        sources=fact.source,
        part=fact.part or "",
        rival=fact.rival or "",
        why=why,
        tolerance=fact.tolerance.why if fact.tolerance else "",
        verdict=word,
        chance=chance,
        tried=tried,
        numbers=numbers,
    )


def _changes(wanted: Sequence[Wanted], where: str) -> tuple[Change, ...]:
    return tuple(one.change(where) for one in wanted)


def _months(bench: Bench, step: Step) -> Span:
    """Months that the worlds of a step hold."""
    if step.start is None:
        return bench.corridor.case.span.span
    return Span(bench.corridor.case.span.span.first, step.start + AHEAD)
