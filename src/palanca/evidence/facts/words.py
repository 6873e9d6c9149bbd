"""Facts in words: how many are produced, which are not, what was asserted and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from palanca.core.wording import counted
from palanca.evidence.facts.judge import FAILED, PRODUCED, VERDICTS, Chance, FactNumber, Tried
from palanca.evidence.facts.scorecard import FactScore, Scorecard
from palanca.show.estimate import Basis, Estimate
from palanca.show.number import MINUS, NONE, percent
from palanca.spec.facts_probes import YES
from palanca.spec.facts_schema import EVIDENCE

CAUTION = (
    "A fact that is produced is no proof of the model, and one that is not may be wrong itself: many are claims of "
    "single articles. No parameter was set to make a fact hold."
)
CHANCE = (
    "The chance of a fact is the share of draws in which all that it asserts holds; it is not a chance that history "
    "would have gone so."
)


def headline(card: Scorecard) -> list[str]:
    """The count; what the facts that separate explanations come to; which fail, in part, or cannot be judged."""
    count = {word: card.count(word) for word in VERDICTS}
    found = [
        f"Of {counted(len(card.scores), 'fact')} the model produces {count[VERDICTS[0]]} (in {percent(PRODUCED)} of "
        f"draws or more); {count[VERDICTS[1]]} are in between, {count[VERDICTS[2]]} are not produced (in "
        f"{percent(FAILED)} or fewer), and {count[VERDICTS[3]]} it has no means to express.{_unjudged(count)}"
    ]
    sharp = [one for one in card.scores if "D" in one.marks]
    if sharp:
        count = {word: sum(one.verdict == word for one in sharp) for word in VERDICTS}
        found.append(
            f"Of the {len(sharp)} facts that separate rival explanations the model produces {count[VERDICTS[0]]}; "
            f"{count[VERDICTS[1]]} are in between, {count[VERDICTS[2]]} are not produced, {count[VERDICTS[3]]} it "
            f"cannot express.{_unjudged(count)}"
        )
    return found


def _unjudged(count: Mapping[str, int]) -> str:
    """Facts that say nothing of the model: those that published figures contradict, and those with too few cases."""
    against, untold = count[VERDICTS[4]], count[VERDICTS[5]]
    parts = [f"{against} {'is' if against == 1 else 'are'} contradicted by published figures"] * bool(against)
    parts += [f"{untold} cannot be told from so few cases"] * bool(untold)
    return f" {' and '.join(parts).capitalize()}: these say nothing of the model." if parts else ""


def named(card: Scorecard) -> list[str]:
    """Which facts are not produced, are judged only in part, or cannot be judged."""
    partly = [one for one in card.scores if one.part and one.chance is not None]
    groups = (
        ("Not produced", card.of(VERDICTS[2])),
        ("Contradicted by published figures", card.of(VERDICTS[4])),
        ("Cannot be told from so few cases", card.of(VERDICTS[5])),
        ("Judged only in part", partly),
        ("Not expressible", card.of(VERDICTS[3])),
    )
    return [f"{head}: {_names(some)}." for head, some in groups if some]


def fails(one: FactScore) -> list[str]:
    """What of a fact does not hold, and why that may be."""
    if one.chance is None:
        return [f"Not expressible: {one.why}"]
    found = [f"Holds in {percent(one.chance.value)} of {counted(one.chance.draws, 'draw')}: {one.verdict}."]
    low, high = one.chance.interval
    if one.chance.draws > 1:
        ends = f"{percent(low)} and {percent(high)}"
        found.append(f"So many draws place the chance between {ends} (90 % interval).")
    if any(part.chance.value < PRODUCED for part in one.tried):
        found.append(f"What decides: {decides(one)}.")
    return [*found, one.why] if one.why else found


def context(one: FactScore) -> list[str]:
    """What is claimed by whom, on what it is tried, and what it separates."""
    found = [f"Claimed ({', '.join(one.sources)}): {one.claim}"]
    if one.evidence:
        found.append(f"Tried on {EVIDENCE[one.evidence]}.")
    if one.part:
        found.append(f"In part: {one.part}")
    if one.rival:
        found.append(f"The rival explanation: {one.rival}")
    if one.tolerance:
        found.append(f"Bounds: {one.tolerance}")
    return found


def chance(found: Chance | None) -> Estimate | None:
    """The chance of a fact in percent, with the 90 % interval that the number of draws leaves."""
    if found is None:
        return None
    low, high = found.interval
    level = None if found.draws == 1 else 0.9
    return Estimate(100.0 * found.value, 100.0 * low, 100.0 * high, "percent", level)


def estimate(given: FactNumber) -> Estimate | None:
    """A quantity with its interval; of yes and no the share of draws with yes [percent]; nothing where none has one."""
    if given.mid is None:
        return None
    if given.unit == YES:
        yes = 100.0 * given.mid
        return Estimate(yes, yes, yes, "percent of draws with yes", None)
    if given.low is None or given.high is None:
        return Estimate(given.mid, given.mid, given.mid, given.unit, None)
    level = None if given.low == given.high else 0.9
    return Estimate(given.mid, given.low, given.high, given.unit, level, Basis.learned)


def decides(one: FactScore) -> str:
    """The assertion that holds least often, and what was found of it."""
    if not one.tried:
        return NONE
    part = min(one.tried, key=lambda each: (each.chance.value, each.within_share))
    given = next(each for each in one.numbers if each.name == part.quantity)
    return f"{given.what}: {interval(given)}; asserted {bounds(part, given)}"


def asserted(part: Tried) -> str:
    """An assertion in words, names without underscores."""
    return part.asserted.replace("_", " ").replace("-", MINUS)


def bounds(part: Tried, given: FactNumber) -> str:
    """The bounds that an assertion comes to, medians where they differ by draw."""
    low, high = (None if end is None else _bound(end) for end in (part.low, part.high))
    if given.unit == YES:
        return "yes" if low is not None else "no"
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"above {low}" if part.strict else f"{low} or more"
    return f"below {high}" if part.strict else f"{high} or less"


def _bound(value: float) -> str:
    """A bound as its file has it: `0.1`, `1,000`; what rounding left of zero is zero."""
    return f"{0.0 if abs(value) < 1e-9 else float(f'{value:.3g}'):,g}".replace("-", MINUS)


def interval(given: FactNumber) -> str:
    """Median and 90 % interval, short."""
    found = estimate(given)
    if found is None:
        return NONE
    return f"yes in {percent(found.estimate / 100.0)} of draws" if given.unit == YES else str(found)


def _names(some: Sequence[FactScore]) -> str:
    return "; ".join(f"{one.id} {one.title}" for one in some)
