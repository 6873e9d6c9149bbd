"""What a scorecard says in sentences: how many facts are produced, which are not, and how far to trust that."""

from __future__ import annotations

from collections.abc import Sequence

from palanca.core.wording import counted
from palanca.evidence.facts.judge import FAILED, PRODUCED, VERDICTS
from palanca.evidence.facts.scorecard import Score, Scorecard
from palanca.spec.facts_schema import EVIDENCE
from palanca.view.facts_tables import decides
from palanca.view.theme import percent

CAUTION = (
    "A fact that is produced is no proof of the model, and one that is not may be wrong itself: many are claims of "
    "single articles. The chance is a share of draws of what is believed, not a chance that history would have gone "
    "so. No parameter was set to make a fact hold."
)


def headline(card: Scorecard) -> list[str]:
    """The count, what discriminating facts come to, and which fail."""
    produced, between, failed, silent = (card.of(word) for word in VERDICTS)
    said = [
        f"Of {counted(len(card.scores), 'fact')}, {len(produced)} produced (chance of {percent(100 * PRODUCED)} or "
        f"more), {len(between)} in between, {len(failed)} not produced ({percent(100 * FAILED)} or less), "
        f"{len(silent)} not expressible in this model."
    ]
    sharp = [one for one in card.scores if "D" in one.marks]
    if sharp:
        count = {word: sum(one.verdict == word for one in sharp) for word in VERDICTS}
        said.append(
            f"Of the {len(sharp)} that separate rival explanations, {count[VERDICTS[0]]} produced, "
            f"{count[VERDICTS[1]]} in between, {count[VERDICTS[2]]} not produced, {count[VERDICTS[3]]} not expressible."
        )
    partly = [one for one in card.scores if one.part and one.chance is not None]
    if partly:
        said.append(f"Judged only in part: {_names(partly)}.")
    if failed:
        said.append(f"Not produced: {_names(failed)}.")
    if silent:
        said.append(f"Not expressible: {_names(silent)}.")
    return said


def fails(one: Score) -> list[str]:
    """What of a fact does not hold, and why that may be."""
    if one.chance is None:
        return [f"Not expressible: {one.why}"]
    said = [f"Holds in {percent(100 * one.chance.value)} of {counted(one.chance.draws, 'draw')}: {one.verdict}."]
    low, high = one.chance.interval
    if one.chance.draws > 1:
        ends = f"{percent(100 * low)} and {percent(100 * high)}"
        said.append(f"So many draws place the chance between {ends} (90 % interval).")
    missed = [part for part in one.tried if part.chance.value < PRODUCED]
    if missed:
        said.append(f"What decides: {decides(one)}.")
    if one.why:
        said.append(one.why)
    return said


def context(one: Score) -> list[str]:
    """What is claimed by whom, on what it is tried, and what it separates."""
    said = [f"Claimed ({', '.join(one.sources)}): {one.claim}"]
    if one.evidence:
        said.append(f"Tried on {EVIDENCE[one.evidence]}.")
    if one.part:
        said.append(f"In part: {one.part}")
    if one.rival:
        said.append(f"The rival explanation: {one.rival}")
    if one.tolerance:
        said.append(f"Bounds: {one.tolerance}")
    return said


def _names(some: Sequence[Score]) -> str:
    return "; ".join(f"{one.id} {one.title}" for one in some)
