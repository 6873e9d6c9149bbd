"""What the deal ledger shows: how well deals are foreseen, and which claims on deals it bears out; as an answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from palanca.core.wording import counted
from palanca.evidence.claims import words
from palanca.evidence.claims.run import Claim, ClaimBench
from palanca.evidence.claims.titles import TITLES
from palanca.evidence.ledger.forecasts import DealForecasts, forecasts
from palanca.evidence.ledger.parts import FORECASTS, LedgerParts, checked
from palanca.evidence.ledger.skill import ForecastScore
from palanca.questions import provenance
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.show import chart, number, table
from palanca.show.answer import Answer, Finding
from palanca.show.chart import Chart, Kind, Panel, Series
from palanca.show.estimate import Basis, Estimate
from palanca.show.table import Cell, Table
from palanca.spec.ledger import Ledger

ROLES = ("kind_1", "kind_2", "kind_3", "kind_4", "kind_5")
CAUTION = (
    "The ledger is one coding of few deals, and beliefs of the bargaining table were written by people who knew what "
    "came; even forecasts that saw no deal of the quarter are not blind."
)
NAMED = 2  # parts that the question spells out
LABELS = ("learned", "in between", "assumed")


def answer(
    corridor: Corridor, read: Ledger, given: LedgerParts, options: RunOptions, text: str | None = None
) -> Answer:
    """Score forecasts of deals, and set claims against ledger, figures and corridor, as far as wanted.

    Args:
        corridor: The fitted corridor.
        read: The deal ledger.
        given: What is wanted.
        options: Draws and key.
        text: The ledger as a user wrote it; nothing for that of the case.

    Raises:
        UsageError: Too few draws or deals.
        FitError: A fit did not settle.
    """
    checked(options.draws, given.parts)
    kept = read if given.inferred else read.without_inferred()
    foreseen = None
    if FORECASTS in given.parts:
        foreseen = forecasts(corridor, read, options, inferred=given.inferred, favours=given.favours)
    wanted = tuple(name for name in given.parts if name != FORECASTS)
    found = ClaimBench(corridor, kept, options, wanted).all()
    arguments: dict[str, object] = {
        "only": ",".join(given.parts),
        "rows": text,
        "inferred": given.inferred,
        "favours": given.favours,
    }
    return Answer(
        question=_question(corridor.case.case, given),
        data=dataset(foreseen, found, options.draws),
        findings=tuple(findings(foreseen, found)),
        tables=tuple(tables(read, foreseen, found)),
        charts=tuple(charts(foreseen, found)),
        caveats=(*((CAUTION,) if foreseen else ()), *(words.CAUTIONS[one.name] for one in found)),
        provenance=provenance.of(corridor, "evidence.ledger", arguments, draws=options.draws, key=options.key),
    )


def _question(case: str, given: LedgerParts) -> str:
    if len(given.parts) > NAMED:
        return f"What does the ledger of deals in {case} show of {', '.join(given.parts)}?"
    parts = [TITLES[name] for name in given.parts if name != FORECASTS]
    if FORECASTS in given.parts:
        parts.insert(0, f"How well are deals between governments foreseen in {case}?")
    limits = [] if given.inferred else ["without rows whose link to migration is only inferred"]
    limits += ["one-way favours counted as deals"] if given.favours and FORECASTS in given.parts else []
    return " ".join(parts) + (f" ({'; '.join(limits)})" if limits else "")


def dataset(foreseen: DealForecasts | None, found: Sequence[Claim], draws: int) -> xr.Dataset:
    """Chances of a deal by quarter and forecast; every number of every claim, drawn ones with their draws."""
    variables: dict[str, xr.Variable] = {}
    coords: dict[str, list[object]] = {}
    if foreseen is not None:
        quarters = foreseen.skill.by_quarter
        names = list(quarters[0].chance)
        coords |= {"month": [one.first for one in quarters], "forecast": list(names)}
        chances = np.array([[one.chance[name] for name in names] for one in quarters])
        attrs = {"units": "chance", "long_name": "chance of a deal in the quarter that begins with the month"}
        variables["chance"] = xr.Variable(("month", "forecast"), chances, attrs)
        dealt = np.array([float(one.dealt) for one in quarters])
        variables["dealt"] = xr.Variable("month", dealt, {"units": "1", "long_name": "whether a deal came"})
    rows = [(one.name, row) for one in found for row in one.rows if row.found is not None]
    if rows:
        coords["quantity"] = [f"{name}: {row.what}" for name, row in rows]
        variables["unit"] = xr.Variable("quantity", [row.unit for _, row in rows], {"long_name": "unit"})
        for field in ("estimate", "low", "high"):
            values = np.array([getattr(row.found, field) for _, row in rows])
            variables[field] = xr.Variable("quantity", values, {"units": "of each quantity", "long_name": field})
    drawn = [(name, row.what, row.draws) for name, row in rows if row.draws is not None and row.draws.size == draws]
    if drawn:
        coords["drawn_quantity"] = [f"{name}: {what}" for name, what, _ in drawn]
        attrs = {"units": "of each quantity", "long_name": "quantities that are drawn with the fit"}
        variables["drawn"] = xr.Variable(("drawn_quantity", "draw"), np.stack([values for *_, values in drawn]), attrs)
    return xr.Dataset(variables, coords)


def findings(foreseen: DealForecasts | None, found: Sequence[Claim]) -> list[Finding]:
    """The first finding of every part, then the others."""
    parts = [*([_foreseen(foreseen)] if foreseen else []), *(list(one.findings) for one in found)]
    if len(parts) == 1:
        return parts[0]
    return [*(part[0] for part in parts), *(one for part in parts for one in part[1:])]


def _foreseen(given: DealForecasts) -> list[Finding]:
    skill, asks = given.skill, given.asks
    gaps = {one.rival: one.log_score for one in skill.onset_against}
    base, plain = (_bootstrapped(gaps[rival], "nats") for rival in ("base rate", "encounters only"))
    first = (
        f"Deals came in {skill.deals} of {skill.quarters} quarters. Held out by deal, forecasts of a deal are "
        f"{skill.onset_verdict}: their log score less that of the base rate is {base}, and less that of "
        f"encounters alone "
        f"{plain}; below 0 is better."
    )
    second = (
        f"Forecasts of what a deal holds are {skill.package_verdict}: the rival is how often other deals held an issue."
    )
    ratio = _bootstrapped(asks.ratio, "times")
    known = {True: "at least three times", False: "less than three times", None: "not known to be three times or more"}
    third = (
        f"An ask begins within {asks.within} months after {number.percent(asks.after_high)} of one-year highs and "
        f"after "
        f"{number.percent(asks.after_other)} of other months, {ratio} times as often: {known[asks.triples]}."
    )
    labels = [sum(one.label == label for one in skill.weights) for label in LABELS]
    fourth = (
        f"Of {counted(len(skill.weights), 'unknown')} of the bargaining table {labels[0]} are learned, {labels[1]} in "
        f"between and {labels[2]} assumed."
    )
    return [
        Finding(first, {"less the base rate": base, "less encounters alone": plain}),
        Finding(second),
        Finding(third, {"ratio": ratio}),
        Finding(fourth),
    ]


def _bootstrapped(given: tuple[float, float, float], unit: str) -> Estimate:
    return Estimate(*given, unit=unit, basis=Basis.learned)


def tables(read: Ledger, foreseen: DealForecasts | None, found: Sequence[Claim]) -> list[Table]:
    """Scores of forecasts or the numbers of the first claim; then every other part, and what the ledger holds."""
    every: list[Table] = []
    if foreseen is not None:
        skill = foreseen.skill
        every += [
            _scores("chance of a deal in a quarter", skill.onset, skill.onset_against),
            _scores("what a deal holds, given one", skill.package, skill.package_against),
            _weights(foreseen),
            _quarters(foreseen),
        ]
    every += [_claim(one) for one in found]
    return [*every, _held(read)]


def _scores(name: str, scores: Sequence[ForecastScore], against: Sequence[object]) -> Table:
    gaps = {getattr(one, "rival"): getattr(one, "log_score") for one in against}  # noqa: B009
    rows: list[dict[str, Cell]] = [
        {
            "forecast": one.forecast,
            "log score": one.log_score,
            "Brier score": one.brier,
            "palanca less this": _bootstrapped(gaps[one.forecast], "nats") if one.forecast in gaps else None,
        }
        for one in scores
    ]
    return table.of_rows(name, rows, note="Held out by deal; lower is better. The last column is of log scores.")


def _weights(given: DealForecasts) -> Table:
    rows: list[dict[str, Cell]] = [
        {"unknown": one.name.replace("_", " "), "factor": one.factor, "sd / prior sd": one.ratio, "rests on": one.label}
        for one in given.skill.weights
    ]
    return table.of_rows("what all quarters say of each unknown", rows)


def _quarters(given: DealForecasts) -> Table:
    rows: list[dict[str, Cell]] = [
        {"quarter": one.first, "deal": one.dealt, **one.chance, "held out with": one.fold, "rows": ", ".join(one.rows)}
        for one in given.skill.by_quarter
    ]
    return table.of_rows(
        "by quarter", rows, note="Chance of a deal by forecast, from fits that did not see the quarter."
    )


def _claim(given: Claim) -> Table:
    rows: list[dict[str, Cell]] = [
        {"quantity": row.what, "found": row.found, "unit": row.unit or None, "reading": row.reading or None}
        for row in given.rows
    ]
    return table.of_rows(TITLES[given.name], rows)


def _held(read: Ledger) -> Table:
    counts = read.counts()
    rows: list[dict[str, Cell]] = [
        {"by": column.replace("_", " "), "value": value, "rows": size}
        for column in ("kind", "link", "date_basis")
        for value, size in counts[column].items()
    ]
    return table.of_rows("what the ledger holds", rows)


def charts(foreseen: DealForecasts | None, found: Sequence[Claim]) -> list[Chart]:
    """The chance of a deal by quarter beside the deals; and the numbers of every claim, a panel a unit."""
    every: list[Chart] = []
    if foreseen is not None:
        quarters = foreseen.skill.by_quarter
        months = [one.first for one in quarters]
        lines = [
            chart.line(name, months, np.array([one.chance[name] for one in quarters]), role)
            for name, role in zip(("palanca", "base rate", "encounters only"), ROLES, strict=False)
        ]
        came = Series(
            "a deal came",
            tuple(months),
            tuple(1.0 if one.dealt else None for one in quarters),
            role="figures",
            style="dots",
        )
        caption = "Each quarter by a fit that saw neither it nor anything of its deal. Dots mark quarters with a deal."
        panel = Panel((*lines, came), "chance of a deal")
        every.append(Chart("chance of a deal", Kind.lines, "The chance of a deal in each quarter", caption, (panel,)))
    for one in found:
        units = list(dict.fromkeys(row.unit for row in one.rows if row.found is not None))
        panels = tuple(
            Panel(
                (chart.named("found", [(row.what, row.found) for row in one.rows if row.found and row.unit == unit]),),
                unit or "as named",
                zero=False,
            )
            for unit in units
        )
        caption = "Dots are medians, bars hold 90 % of draws."
        every.append(Chart(one.name, Kind.dots, TITLES[one.name], caption, panels))
    return every
