"""What comes when levers move, forecast by fits that end before: the answer, in words, numbers, tables and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from palanca.core.wording import listed
from palanca.evidence.backtest.given import DECLARED, EFFORT, LEVERS, PRACTICE
from palanca.evidence.response import store
from palanca.evidence.response.record import (
    ARIMA,
    HOLDOUT,
    NOTHING,
    PERSISTENCE,
    POOLED,
    WHOLE,
    YEARS,
    ConditionalScore,
    ConditionalSkill,
)
from palanca.show import chart, number, table
from palanca.show.answer import Answer, Finding, Provenance
from palanca.show.chart import Chart, Kind, Panel, Series
from palanca.show.estimate import Basis, Estimate
from palanca.show.table import Cell, Table
from palanca.spec.schema import Case

TOLD: Mapping[str, str] = {
    LEVERS: "levers",
    DECLARED: "declared levers",
    EFFORT: "effort in transit",
    NOTHING: "nothing",
    PRACTICE: "levers and practice",
    PERSISTENCE: "last count carried on",
    ARIMA: "AutoARIMA",
}
APART = 0.1  # ratios that differ by less are called alike
KNEW = (
    "The model's equations and the record of levers were made by people who knew the outcome: this is a test of "
    "whether the parameters carry over, not of foresight. One history of some months has no interval of its own."
)
JUDGED = (
    "The whole record holds judgements besides dated acts: strengths, words, and how far announced consequences were "
    "carried out. 'Declared levers' leaves out every entry after the start that no government declared."
)
MADE = (
    "The hold-out's fit scatters by its curvature; every January has a fit to the years before. Arrivals come from "
    "the panel of past counts, which knows no levers; figures are today's edition, as later revised."
)
SCORE = "The score is the continuous ranked probability score of logs, over that of the last count carried on."


def answer(case: Case, found: ConditionalSkill, arguments: Mapping[str, object], key: int) -> Answer:
    """Put it in words.

    Args:
        case: The case.
        found: What the forecasts came to.
        arguments: Those by which they are made again, as plain values.
        key: Key of the draws.
    """
    changed = store.stale(found, case)
    notes = (f"The forecasts are of other {listed(changed)} than now.",) if changed else ()
    draws = found.settings.get("draws", 0)
    return Answer(
        question=question(found),
        data=dataset(found),
        findings=tuple(findings(found)),
        tables=tuple(tables(found)),
        charts=tuple(charts(found)),
        caveats=(*(f"{note[:-1]}; --again makes them anew." for note in notes), KNEW, JUDGED, MADE, SCORE),
        provenance=Provenance(
            question="evidence.response",
            arguments=dict(arguments),
            case=case.case,
            marks=dict(found.made),
            key=key,
            draws=draws if isinstance(draws, int) else 0,
            notes=notes,
        ),
    )


def question(found: ConditionalSkill) -> str:
    """The question in words."""
    return (
        f"Fitted to {number.month_name(found.fitted_to)} and told the levers of the months ahead, does the model of "
        f"{found.case} give the arrivals that came?"
    )


def findings(found: ConditionalSkill) -> list[Finding]:
    """What a reader should take home: the hold-out, what it hangs on, the Januaries, then parts."""
    made = [_holdout(found), _declared(found), _years(found), _parts(found)]
    return [one for one in made if one is not None]


def _holdout(found: ConditionalSkill) -> Finding | None:
    one, none = (_total(found, HOLDOUT, found.fitted_to, told) for told in (LEVERS, NOTHING))
    if one is None or none is None:
        return None
    text = (
        f"Fitted to {number.month_name(found.fitted_to)} and told the levers that came, the model held {_held(one)} of "
        f"all encounters in its 80{number.NO_BREAK}% band and scored {one.ratio:.2f} of the last count carried on "
        f"(below 1 is better); told nothing, {_held(none)} and {none.ratio:.2f}."
    )
    return Finding(text, {"ratio": _exact(one.ratio), "held": _exact(one.held_80), "told nothing": _exact(none.ratio)})


def _declared(found: ConditionalSkill) -> Finding | None:
    """Whether the hold-out hangs on judgements that the record holds besides what governments declared."""
    whole, said = (_total(found, HOLDOUT, found.fitted_to, told) for told in (LEVERS, DECLARED))
    if whole is None or said is None:
        return None
    text = (
        f"Told only what governments declared, it held {_held(said)} and scored {said.ratio:.2f}: "
        + ("what it gains hangs on judgements in the record, made in hindsight" if said.ratio > whole.ratio + APART
           else "the judgements in the record make little of the difference")
        + "."
    )  # fmt: skip
    return Finding(text, {"ratio, declared levers": _exact(said.ratio), "held": _exact(said.held_80)})


def _years(found: ConditionalSkill) -> Finding | None:
    rows = {told: _total(found, YEARS, WHOLE, told) for told in (DECLARED, LEVERS, NOTHING, ARIMA)}
    if any(row is None for row in rows.values()):
        return None
    known = {told: row for told, row in rows.items() if row is not None}
    first, *_, last = dict.fromkeys(one.start for one in found.select(exercise=YEARS) if one.start != WHOLE)
    said, better = known[DECLARED], _better(found)
    text = (
        f"From every January {first[:4]} to {last[:4]}, told what governments declared, it held {_held(said)} and "
        f"scored {said.ratio:.2f} of the last count; told the whole record {known[LEVERS].ratio:.2f}, told nothing "
        f"{known[NOTHING].ratio:.2f}, AutoARIMA {known[ARIMA].ratio:.2f}. Declared levers were better than nothing in "
        f"{better[0]} of {better[1]} years."
    )
    return Finding(text, {TOLD[told]: _exact(row.ratio) for told, row in known.items()})


def _better(found: ConditionalSkill) -> tuple[int, int]:
    """Years in which declared levers did better than none, and all."""
    pairs = [
        [_total(found, YEARS, start, told) for told in (DECLARED, NOTHING)]
        for start in dict.fromkeys(one.start for one in found.select(exercise=YEARS) if one.start != WHOLE)
    ]
    known = [(one.log_crps, other.log_crps) for one, other in pairs if one is not None and other is not None]
    return sum(one < other for one, other in known), len(known)


def _parts(found: ConditionalSkill) -> Finding | None:
    rows = [one for one in found.select(exercise=HOLDOUT, of="origins", forecast=LEVERS) if one.label in found.leading]
    rows.sort(key=lambda one: found.leading.index(one.label))
    groups = [one for one in found.select(exercise=HOLDOUT, of="groups", forecast=LEVERS) if one.label != POOLED]
    if not rows:
        return None
    text = ", ".join(f"{one.label.replace('_', ' ')} {one.held_80:.0f} ({one.ratio:.2f})" for one in (*rows, *groups))
    return Finding(
        f"Months held and score by part, told the levers, of {rows[0].months}: {text}.",
        {one.label: _exact(one.ratio) for one in (*rows, *groups)},
    )


def tables(found: ConditionalSkill) -> list[Table]:
    """Every table that has rows, the one of a first screen first."""
    made = [_by_part(found), _by_month(found), _by_year(found)]
    return [one for one in made if one.rows]


def _by_part(found: ConditionalSkill) -> Table:
    """The hold-out by part: the total, the origins with most encounters, groups, then every other origin."""
    order = {label: place for place, label in enumerate(found.leading)}
    rows: list[dict[str, Cell]] = []
    wanted = found.select(exercise=HOLDOUT, forecast=LEVERS)
    ranks = {"total": 0, "groups": 2}
    for one in sorted(
        wanted, key=lambda one: (ranks.get(one.of, 1 if one.label in order else 3), order.get(one.label, 99))
    ):
        others = {
            TOLD[told]: next(iter(found.select(exercise=HOLDOUT, of=one.of, label=one.label, forecast=told)), None)
            for told in (LEVERS, DECLARED, NOTHING)
        }
        name = one.of if one.label == WHOLE else f"{one.of}, by volume" if one.label == POOLED else one.label
        row: dict[str, Cell] = {"part": name.replace("_", " "), "months": one.months}
        for told, other in others.items():
            row |= {f"held: {told}": None if other is None else float(round(other.held_80, 1))}
        for told, other in others.items():
            row |= {f"score: {told}": None if other is None else other.ratio}
        rows.append(row)
    note = "Months in the 80 % band, and score over the last count carried on, by what was told."
    return table.of_rows(f"months after {number.month_name(found.fitted_to)}", rows, note=note)


def _by_month(found: ConditionalSkill) -> Table:
    paths = {
        told: {one.month: one for one in found.path(exercise=HOLDOUT, of="total", forecast=told)}
        for told in (LEVERS, DECLARED, NOTHING)
    }
    rows: list[dict[str, Cell]] = [
        {
            "month": month,
            "counted": Estimate(one.seen, one.seen, one.seen, "events", None, Basis.published),
            **{
                TOLD[told]: Estimate(path[month].middle, path[month].low, path[month].high, "events", 0.8)
                for told, path in paths.items()
                if month in path
            },
        }
        for month, one in paths[LEVERS].items()
    ]
    return table.of_rows("the total month by month", rows, note="Medians and 80 % bands by what was told.")


def _by_year(found: ConditionalSkill) -> Table:
    starts = dict.fromkeys(one.start for one in found.select(exercise=YEARS, of="total"))
    rows: list[dict[str, Cell]] = []
    for start in starts:
        every = {told: _total(found, YEARS, start, told) for told in (DECLARED, LEVERS, NOTHING, ARIMA)}
        row: dict[str, Cell] = {"from": "all" if start == WHOLE else start}
        for told, one in every.items():
            row |= {"months": one.months} if one is not None and "months" not in row else {}
            row |= {f"held: {TOLD[told]}": None if one is None else one.held_80}
        for told, one in every.items():
            row |= {f"score: {TOLD[told]}": None if one is None else one.ratio}
        rows.append(row)
    note = "The total over up to twelve months from each January; held in the 80 % band, score over the last count."
    return table.of_rows("from every January", rows, note=note)


def charts(found: ConditionalSkill) -> list[Chart]:
    """The hold-out month by month, then the scores of every January."""
    made = [_fan(found), _scores(found)]
    return [one for one in made if any(panel.series for panel in one.panels)]


def _fan(found: ConditionalSkill) -> Chart:
    roles = {LEVERS: "changed", DECLARED: "kind_3", NOTHING: "kind_6"}
    series: list[Series] = []
    for told, role in roles.items():
        path = found.path(exercise=HOLDOUT, of="total", forecast=told)
        if path:
            low, middle, high = (
                chart.known(np.array([getattr(one, side) for one in path])) for side in ("low", "middle", "high")
            )
            line = Series(f"told {TOLD[told]}", tuple(one.month for one in path), middle, role=role)
            series.append(replace(line, low=low, high=high) if told == LEVERS else line)
    seen = found.path(exercise=HOLDOUT, of="total", forecast=LEVERS)
    if seen:
        months = [one.month for one in seen]
        series.append(chart.line("counted", months, np.array([one.seen for one in seen]), "figures", "dots"))
    return Chart(
        "holdout",
        Kind.lines,
        f"Encounters after {number.month_name(found.fitted_to)}, forecast by a fit to then",
        "Medians by what was told of the months ahead; the band holds 80 % of draws told the levers.",
        (Panel(tuple(series), "events / month"),),
        chart.source("usbp_total"),
    )


def _scores(found: ConditionalSkill) -> Chart:
    series = []
    for told, role in ((DECLARED, "changed"), (LEVERS, "history"), (NOTHING, "kind_6"), (ARIMA, "kind_3")):
        rows = [one for one in found.select(exercise=YEARS, of="total", forecast=told) if one.start != WHOLE]
        if rows:
            y = chart.known(np.array([one.ratio for one in rows]))
            series.append(Series(TOLD[told], tuple(one.start for one in rows), y, role=role))
    return Chart(
        "every January",
        Kind.dots,
        "Scores from every January by what was told",
        "Score of logs over that of the last count carried on, up to twelve months ahead; below 1 is better.",
        (Panel(tuple(series), "score, last count = 1", marks=((1.0, "as good as the last count"),)),),
        chart.source("usbp_total"),
    )


def dataset(found: ConditionalSkill) -> xr.Dataset:
    """Scores by start, part and what was told; the hold-out month by month."""
    starts = [f"{HOLDOUT} {found.fitted_to}", *dict.fromkeys(o.start for o in found.select(exercise=YEARS))]
    parts = list(dict.fromkeys(f"{one.of}:{one.label}" for one in found.scores))
    told = list(TOLD)
    shape = (len(starts), len(parts), len(told))
    arrays = {name: np.full(shape, np.nan) for name in ("held_80", "months", "log_crps", "ratio")}
    for one in found.scores:
        start = starts[0] if one.exercise == HOLDOUT else one.start
        place = starts.index(start), parts.index(f"{one.of}:{one.label}"), told.index(one.forecast)
        for name, values in arrays.items():
            values[place] = getattr(one, name)
    units = {"held_80": "months", "months": "months", "log_crps": "log points", "ratio": "ratio"}
    what = {
        "held_80": "months inside the 80 % band",
        "months": "months scored",
        "log_crps": "mean continuous ranked probability score of logs",
        "ratio": "that over the score of the last count carried on",
    }
    dims = ("start", "part", "told")
    variables = {
        name: xr.Variable(dims, values, {"units": units[name], "long_name": what[name]})
        for name, values in arrays.items()
    }
    coords: dict[str, Sequence[str]] = {"start": starts, "part": parts, "told": told}
    months = list(dict.fromkeys(one.month for one in found.path(exercise=HOLDOUT)))
    if months:
        variables |= _path(found, parts, told, months)
        coords["month"] = months
    return xr.Dataset(variables, coords)


def _path(
    found: ConditionalSkill, parts: Sequence[str], told: Sequence[str], months: Sequence[str]
) -> dict[str, xr.Variable]:
    """The hold-out month by month, NaN where nothing was kept."""
    sides = {"low": "10 % of draws lie below it", "middle": "median", "high": "90 % of draws lie below it"}
    values = {side: np.full((len(parts), len(told), len(months)), np.nan) for side in (*sides, "seen")}
    for one in found.path(exercise=HOLDOUT):
        place = parts.index(f"{one.of}:{one.label}"), told.index(one.forecast), months.index(one.month)
        for side, held in values.items():
            held[place] = getattr(one, side)
    return {
        f"holdout_{side}": xr.Variable(
            ("part", "told", "month"), held, {"units": "events / month", "long_name": sides.get(side, "counted")}
        )
        for side, held in values.items()
    }


def _total(found: ConditionalSkill, exercise: str, start: str, told: str) -> ConditionalScore | None:
    return next(iter(found.select(exercise=exercise, start=start, of="total", forecast=told)), None)


def _held(one: ConditionalScore) -> str:
    return f"{one.held_80:.0f} of {one.months} months"


def _exact(value: float) -> Estimate:
    return Estimate(value, value, value, "", None, Basis.learned)
