"""Schemes as tables: one row a scheme, one row a prediction, one row an assertion, and what each scheme is."""

from __future__ import annotations

from collections.abc import Sequence

from palanca.evidence.facts import tables as fact_tables
from palanca.evidence.facts import words as fact_words
from palanca.evidence.facts.scorecard import FactScore
from palanca.evidence.facts.tables import Row
from palanca.evidence.schemes import words
from palanca.evidence.schemes.scheme_card import MISSING, PARTLY, WORKS, SchemeCard
from palanca.show import table
from palanca.show.number import NONE
from palanca.show.table import Table
from palanca.spec.schemes_schema import Scheme

ORDER = (MISSING, PARTLY, WORKS)  # what lacks comes first


def listed(schemes: Sequence[Scheme]) -> list[Row]:
    """What is declared, without running anything."""
    return [
        {
            "scheme": one.id,
            "title": one.title,
            "what": one.what,
            "predictions": len(one.predictions),
            "issues": ", ".join(one.issues) or NONE,
            "source": ", ".join(one.source),
        }
        for one in schemes
    ]


def all_of(card: SchemeCard) -> list[Table]:
    """Schemes first; then predictions, assertions, what stands beside them, and what each scheme is."""
    rows = [row for one in card.predictions for row in _titled(one, fact_tables.asserted(one))]
    beside = [row for one in card.predictions for row in _titled(one, fact_tables.beside(one))]
    found = [results(card), predictions(card)]
    if rows:
        found.append(table.of_rows("assertions", rows, note="Found: median and 90 % interval over draws."))
    if beside:
        found.append(table.of_rows("quantities that nothing is asserted of", beside))
    return [*found, declared(card)]


def results(card: SchemeCard) -> Table:
    """One row a scheme with what each of its predictions came to, those missing first."""
    most = max((len(one.predictions) for one in card.scores), default=0)
    ordered = sorted(card.scores, key=lambda one: (ORDER.index(one.word), one.held / len(one.predictions), one.id))
    rows: list[Row] = []
    for one in ordered:
        cells = [words.came(prediction) for prediction in one.predictions]
        cells += [NONE] * (most - len(cells))
        rows.append({"scheme": f"{one.id} {one.title}", "result": one.word, **_numbered(cells)})
    return table.of_rows("schemes", rows)


def predictions(card: SchemeCard) -> Table:
    """One row a prediction, with the assertion that holds least often or what the model lacks."""
    rows: list[Row] = [
        {
            "prediction": one.title,
            "claim": one.claim,
            "result": words.came(one),
            "chance": fact_words.chance(one.chance),
            "evidence": one.evidence or NONE,
            "judged in part": one.part or NONE,
            "decides": one.why if one.chance is None else fact_words.decides(one),
            "bounds": one.tolerance or NONE,
            "remark": one.why if one.chance is not None and one.why else NONE,
        }
        for one in card.predictions
    ]
    return table.of_rows("predictions", rows, units={"chance": "%"}, note=words.CHANCE)


def declared(card: SchemeCard) -> Table:
    """One row a scheme: what it is, whose word, and what belongs to it."""
    rows: list[Row] = [
        {
            "scheme": one.id,
            "title": one.title,
            "what": one.what,
            "source": ", ".join(one.sources),
            "levers": ", ".join(one.levers) or NONE,
            "levers without an equation": ", ".join(one.idle) or NONE,
            "issues": ", ".join(one.issues) or NONE,
            "lacks": one.lacks or NONE,
        }
        for one in card.scores
    ]
    return table.of_rows("what each scheme is", rows)


def _numbered(cells: Sequence[str]) -> dict[str, str]:
    return {f"P{k + 1}": cell for k, cell in enumerate(cells)}


def _titled(one: FactScore, rows: Sequence[Row]) -> list[Row]:
    """Rows of a fact under the name of its prediction."""
    return [{"prediction": one.title, **{name: row[name] for name in row if name != "fact"}} for row in rows]
