"""Facts as tables: one row a fact, one row an assertion, one row a quantity that nothing is asserted of."""

from __future__ import annotations

from collections.abc import Sequence

from palanca.evidence.facts import words
from palanca.evidence.facts.judge import VERDICTS
from palanca.evidence.facts.scorecard import FactScore, Scorecard
from palanca.show import table
from palanca.show.number import NONE
from palanca.show.table import Cell, Table
from palanca.spec.facts_schema import Fact

Row = dict[str, Cell]
ORDER = tuple(VERDICTS[k] for k in (2, 1, 0, 4, 5, 3))  # what fails comes first


def listed(facts: Sequence[Fact]) -> list[Row]:
    """What is asserted, without running anything."""
    return [
        {
            "fact": fact.id,
            "title": fact.title,
            "marks": " ".join(fact.marks),
            "evidence": fact.evidence or NONE,
            "asserts": len(fact.then),
            "judged": "no" if fact.not_expressible else "in part" if fact.part else "yes",
            "source": ", ".join(fact.source),
        }
        for fact in facts
    ]


def all_of(card: Scorecard) -> list[Table]:
    """The chances first; then what decides, every assertion, what stands beside it, and what is claimed by whom."""
    found = [chances(card), deciding(card)]
    rows = [row for one in card.scores for row in asserted(one)]
    if rows:
        found.append(table.of_rows("assertions", rows, note="Found: median and 90 % interval over draws."))
    others = [row for one in card.scores for row in beside(one)]
    if others:
        found.append(table.of_rows("quantities that nothing is asserted of", others))
    return [*found, claims(card)]


def chances(card: Scorecard) -> Table:
    """One row a fact with the chance that it holds, those not produced first."""
    ordered = sorted(card.scores, key=lambda one: (ORDER.index(one.verdict), one.id))
    rows: list[Row] = [
        {"fact": f"{one.id} {one.title}", "chance": words.chance(one.chance), "result": one.verdict} for one in ordered
    ]
    return table.of_rows("chance that each fact holds", rows, units={"chance": "%"})


def deciding(card: Scorecard) -> Table:
    """One row a fact, with the assertion that holds least often."""
    rows: list[Row] = [
        {
            "fact": one.id,
            "title": one.title,
            "marks": " ".join(one.marks),
            "chance": words.chance(one.chance),
            "result": one.verdict,
            "judged": "no" if one.chance is None else "in part" if one.part else "whole",
            "evidence": one.evidence or NONE,
            "decides": words.decides(one),
        }
        for one in card.scores
    ]
    return table.of_rows(
        "every fact",
        rows,
        units={"chance": "%"},
        note="Marks: D separates rival explanations, O has no source but outside evidence.",
    )


def asserted(one: FactScore) -> list[Row]:
    """Every assertion of a fact with the quantity behind it."""
    found = {given.name: given for given in one.numbers}
    return [
        {
            "fact": one.id,
            "asserted": words.asserted(part),
            "bounds": words.bounds(part, found[part.quantity]),
            "holds in": 100.0 * part.within_share,
            "found": words.estimate(found[part.quantity]),
            "unit": found[part.quantity].unit,
            "what": found[part.quantity].what,
        }
        for part in one.tried
    ]


def beside(one: FactScore) -> list[Row]:
    """Quantities of a fact that nothing is asserted of."""
    used = {part.quantity for part in one.tried}
    return [
        {"fact": one.id, "quantity": given.what, "found": words.estimate(given), "unit": given.unit}
        for given in one.numbers
        if given.name not in used
    ]


def claims(card: Scorecard) -> Table:
    """What is claimed by whom, and why the outcome may be as it is."""
    rows: list[Row] = [
        {
            "fact": one.id,
            "claim": one.claim,
            "source": ", ".join(one.sources),
            "rival": one.rival or NONE,
            "judged in part": one.part or NONE,
            "bounds": one.tolerance or NONE,
            "remark": one.why or NONE,
        }
        for one in card.scores
    ]
    return table.of_rows("claims", rows)
