"""The deal ledger shown: what it holds, whether asks follow surges, and how well deals are foreseen."""

from __future__ import annotations

from palanca.evidence.bootstrap import Estimate
from palanca.evidence.ledger.asks import AfterHighs
from palanca.evidence.ledger.skill import Against, DealSkill, ForecastScore
from palanca.spec.ledger import Ledger
from palanca.view.theme import percent, rounded

LABELS = ("learned", "in between", "assumed")


def held(ledger: Ledger) -> list[dict[str, object]]:
    """How many rows there are of each kind, link and basis of date."""
    counts = ledger.counts()
    return [
        {"by": column.replace("_", " "), "value": value, "rows": number}
        for column in ("kind", "link", "date_basis")
        for value, number in counts[column].items()
    ]


def onset(found: DealSkill) -> list[dict[str, object]]:
    """Scores of the chance of a deal in a quarter, and the model's less each rival's."""
    return _scores(found.onset, found.onset_against)


def package(found: DealSkill) -> list[dict[str, object]]:
    """Scores of what a deal holds, given that there is one."""
    return _scores(found.package, found.package_against)


def weights(found: DealSkill) -> list[dict[str, object]]:
    """What all quarters say of every unknown."""
    return [
        {"unknown": one.name.replace("_", " "), "factor": one.factor, "sd ratio": one.ratio, "label": one.label}
        for one in found.weights
    ]


def says(found: DealSkill, asks: AfterHighs) -> list[str]:
    """What a reader should take away; the last sentence is the caution."""
    base, plain = (_against(found.onset_against, rival) for rival in ("base rate", "encounters only"))
    labels = [sum(one.label == label for one in found.weights) for label in LABELS]
    ratio = asks.ratio
    known = {True: "at least three: borne out", False: "below three", None: "not known to be three or more"}[
        asks.triples
    ]
    return [
        f"Deals came in {found.deals} of {found.quarters} quarters. Held out by deal ({found.folds} folds), the log "
        f"score of the chance of one is {_signed(base)} against the base rate and {_signed(plain)} against a rule that "
        f"knows encounters only (below 0 is better, 90 % interval): {found.onset_verdict}.",
        f"Of what a deal holds it is {found.package_verdict}: how often other deals held an issue is the rival.",
        f"An ask begins within {asks.within} months after {percent(100.0 * asks.after_high)} of one-year highs and "
        f"after {percent(100.0 * asks.after_other)} of other months, {_signed(ratio)} times as often: {known}.",
        f"Of {len(found.weights)} unknowns {labels[0]} are learned, {labels[1]} in between and {labels[2]} assumed.",
        "The ledger is one coding of few deals, and beliefs of the table were written by people who knew what came; so "
        "even forecasts that saw no deal of the quarter are not blind.",
    ]


def _scores(scores: tuple[ForecastScore, ...], against: tuple[Against, ...]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for one in scores:
        other = next((two for two in against if two.rival == one.forecast), None)
        rows.append(
            {
                "forecast": one.forecast,
                "log score": one.log_score,
                "brier": one.brier,
                "palanca less this, log score": None if other is None else other.log_score.value,
                "5 %": None if other is None else other.log_score.low,
                "95 %": None if other is None else other.log_score.high,
            }
        )
    return rows


def _against(found: tuple[Against, ...], rival: str) -> Estimate:
    return next(one.log_score for one in found if one.rival == rival)


def _signed(one: Estimate) -> str:
    return f"{rounded(one.value)} [{rounded(one.low)}, {rounded(one.high)}]"
