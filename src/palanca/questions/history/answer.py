"""What happened, as the fitted model tells it: people by month and origin, deaths, waiting, and fit to the figures."""

from __future__ import annotations

import math

import numpy as np
import xarray as xr

from palanca.core.wording import counted, listed
from palanca.infer import history as running
from palanca.infer.history import History, PreparedCase
from palanca.infer.objective import ENCOUNTERS, FOLLOWED, STOPS
from palanca.questions import provenance
from palanca.questions.corridor import Corridor
from palanca.questions.history import charts
from palanca.questions.options import RunOptions
from palanca.questions.outcomes import OUTCOMES
from palanca.show import estimate, number, sentence, table
from palanca.show.answer import Answer, Finding
from palanca.show.estimate import Basis, Estimate, Inputs
from palanca.show.table import Cell, Table
from palanca.spec.figures import series_of
from palanca.spec.schema import Case

OPEN_SHARE = 0.005  # of months, origins and draws from which a figure that cannot be reached is told
FLOWS = {"set out": "set_out", "stopped": "stops", "let in": "let_in", "expelled": "expelled"}
YEAR = 12
SOLVED = (
    "That the model meets encounters by origin, and stops in all from 2018 on, proves nothing: each month's surprise "
    "and effort are solved from them. The other series are the test."
)
CAVEATS = (
    SOLVED,
    "People on hold are counted by nobody: they follow from the accounts of people, which balance exactly.",
    "Chances of dying move with hiding, season and crowding alone; recorded deaths are a lower bound, and a share "
    "recorded that falls in a crowd looks like a crowd in which fewer die.",
    "Settings of levers are judgements on a common scale: the record gives the shape in time, the fit gives the size.",
    "Stops before 2015 rest on no figure: they follow the declared effort, at the strength of early 2015.",
    "An encounter is an event, and one person can be met more than once.",
)


def answer(corridor: Corridor, options: RunOptions) -> Answer:
    """Run history from the figures and say what it holds.

    Args:
        corridor: The fitted corridor.
        options: Draws, key and who hears how far it has come.

    Raises:
        InvariantError: The accounts of people do not balance.
    """
    found = running.run(corridor.setting, corridor.fit, draws=options.draws, key=options.key, progress=options.progress)
    inputs = corridor.assumed(options.draws, options.key)
    months = charts.labels(found)
    span = number.span_name(months[0], months[-1])
    return Answer(
        question=f"What happened in the corridor from {span}, as the figures and the fitted model tell it?",
        data=found.result.assign(observed_encounters=found.observed),
        findings=tuple(findings(found, inputs)),
        tables=(_by_year(found), _by_origin(found), _agreement(found)),
        charts=tuple(charts.of_history(found)),
        caveats=(*_lacking(corridor.setting), *_unseen(corridor.setting.case), *CAVEATS),
        provenance=provenance.of(corridor, "run", {}, draws=options.draws, key=options.key),
    )


def _unseen(case: Case) -> list[str]:
    """What no series of the case tells, so that the mechanisms behind it stay at their priors."""
    names = series_of(case)
    roles = {
        "whom the transit country stopped": names.stops,
        "whom it sent home": names.returns,
        "what followed an encounter": names.followed,
        "deaths on the way": names.deaths,
    }
    missing = [what for what, told in roles.items() if told is None]
    if not missing:
        return []
    return [f"No series of this case tells {listed(missing)}: these stay as believed before, moved by levers alone."]


def _lacking(setting: PreparedCase) -> list[str]:
    """What the last months lack: every series that ends before the encounters do, and what stands in its place."""
    span, known = setting.case.span.span, setting.evidence.known
    end = int(np.flatnonzero(known[ENCOUNTERS])[-1])
    ends = {name: int(np.flatnonzero(where)[-1]) for name, where in known.items() if where.any()}
    short = {name: place for name, place in ends.items() if place < end}
    if not short:
        return []

    def month(place: int) -> str:
        return number.month_name(str(span.first + place))

    said = []
    if FOLLOWED in short:
        place = short.pop(FOLLOWED)
        said.append(
            f"From {month(place + 1)} on nobody published what followed an encounter: it follows the levers from the "
            f"practice of {month(place)}, and nothing of it is scored."
        )
    if STOPS in short:
        place = short.pop(STOPS)
        said.append(
            f"From {month(place + 1)} on nobody published stops in transit: delivered effort leans back to routine."
        )
    if short:
        rest = listed([f"{name} ({month(place)})" for name, place in short.items()], len(short))
        said.append(f"Other series end before the run does, and what the model takes from them stays as then: {rest}.")
    return [" ".join(said)]


def findings(history: History, inputs: Inputs) -> list[Finding]:
    """What was counted, what it did to people, and how far the rest agrees with its figures."""
    months = charts.labels(history)
    events = estimate.published(float(history.observed.sum()), "events")
    words = series_of(history.case).counted
    counted_text = f"{words.by} counted {number.number(events.estimate)} {words.what}."
    names = series_of(history.case)
    dead = _rests(
        charts.total(history, "deaths").sum("month"), inputs, "deaths", OUTCOMES["deaths"].least(history.case)
    )
    held = _rests(charts.total(history, "held")[-1], inputs, "people", OUTCOMES["held"].least(history.case))
    scaled = "scaled to recorded deaths, which are a lower bound"
    if names.deaths is None:
        scaled = "at assumed chances, since no series of deaths bears on them"
    people = f"{sentence.amount(dead, 'people died on the way')}, {scaled}; "
    people += f"{sentence.amount(held, 'people were on hold')} in the transit country at the end of "
    people += f"{number.month_name(months[-1])}."
    return [
        Finding(counted_text, {"encounters": events}),
        Finding(people[0].upper() + people[1:], {"deaths": dead, "held": held}),
        *_fit(history),
        *_unreached(history),
        _suffered(history, inputs),
    ]


def _fit(history: History) -> list[Finding]:
    if not history.agreement:
        return []
    inside = [one.coverage for one in history.agreement]
    worst = max(history.agreement, key=lambda one: one.weighted_error)
    best = min(history.agreement, key=lambda one: one.weighted_error)
    text = (
        f"One series was not solved for, {best.name}: intervals of 90 % hold {number.percent(inside[0])} of its "
        f"figures, which the model misses by a factor of {math.exp(best.weighted_error):.2f}. They took part in the "
        "fit: this is agreement, not a forecast."
        if len(inside) == 1
        else f"Of {counted(len(inside), 'series', 'series')} that were not solved for, intervals of 90 % hold from "
        f"{number.percent(min(inside))} to {number.percent(max(inside))} of the figures. Closest: {best.name} "
        f"(off by a "
        f"factor of {math.exp(best.weighted_error):.2f}); farthest: {worst.name} "
        f"({math.exp(worst.weighted_error):.2f}). To its last month "
        "they took part in the fit: this is agreement, not a forecast."
    )
    numbers = {
        f"coverage of {one.name}": Estimate(one.coverage, one.coverage, one.coverage, "share", None)
        for one in history.agreement
    }
    return [Finding(text, numbers, Basis.learned)]


def _suffered(history: History, inputs: Inputs) -> Finding:
    """Kidnapping, extortion and fees, at chances and prices that no figure of the fit bears on."""
    numbers = {
        name: estimate.rests(charts.total(history, name).sum("month").values, inputs, unit, least=Basis.assumed)
        for name, unit in (("kidnapped", "people"), ("extorted", "people"), ("fees", "usd"))
    }
    text = f"At assumed chances and prices, not fitted: {sentence.amount(numbers['kidnapped'], 'people kidnapped')}, "
    text += f"{sentence.amount(numbers['extorted'], 'people extorted')} and "
    text += f"{sentence.amount(numbers['fees'], 'dollars paid for the way')}."
    return Finding(text, numbers, Basis.assumed)


def _unreached(history: History) -> list[Finding]:
    share = float(history.result["at_bound"].mean())
    if share <= OPEN_SHARE:
        return []
    text = (
        f"In {number.percent(share, 1)} of months, origins and draws the figure lies outside what the model can reach."
    )
    return [Finding(text, {"not reached": Estimate(share, share, share, "share", None)}, Basis.learned)]


def _by_year(history: History) -> Table:
    """One row a calendar year, the latest first: sums over its months; people on hold at its end."""
    years = history.result.month.dt.year.values
    rows: list[dict[str, Cell]] = []
    for year in np.unique(years)[::-1]:
        inside = years == year
        months = int(inside.sum())
        events = charts.total(history, "encounters")[inside].sum("month")
        repeats = history.result["repeats"][inside].sum("month")
        row: dict[str, Cell] = {
            "year": str(year) if months == YEAR else f"{year} ({months} mo)",
            "encounters": round(float(history.observed[inside].sum())),
        }
        for label, name in FLOWS.items():
            row[label] = _middle(charts.total(history, name)[inside].sum("month"))
        row["on hold, end"] = _middle(charts.total(history, "held")[inside][-1])
        row["deaths"] = _middle(charts.total(history, "deaths")[inside].sum("month"))
        row["kidnapped (assumed)"] = _middle(charts.total(history, "kidnapped")[inside].sum("month"))
        row["events / person"] = _middle(events / (events - repeats))
        rows.append(row)
    note = "Encounters as published; all else medians of the model. Deaths count all places."
    return table.of_rows("By year", rows, note=note)


def _by_origin(history: History) -> Table:
    rows: list[dict[str, Cell]] = []
    for code in history.result.origin.values:
        row: dict[str, Cell] = {
            "origin": history.case.origins[str(code)].name,
            "encounters": round(float(history.observed.sel(origin=code).sum())),
        }
        for label, name in FLOWS.items():
            row[label] = estimate.of(charts.by_origin(history, name).sel(origin=code).sum("month").values)
        row["on hold, mean"] = estimate.of(charts.by_origin(history, "held").sel(origin=code).mean("month").values)
        rows.append(row)
    return table.of_rows("By origin", rows, note="Encounters as published, over all months.")


def _agreement(history: History) -> Table:
    rows: list[dict[str, Cell]] = [
        {
            "series": one.name,
            "months": int(one.seen.any(axis=1).sum()),
            "cells": int(one.seen.sum()),
            "error [log points]": one.error,
            "weighted error [log points]": one.weighted_error,
            "inside 90 %": number.percent(one.coverage),
        }
        for one in history.agreement
    ]
    note = "Errors are mean absolute differences of logs; the weighted one counts large cells more."
    return table.of_rows("Series that were not solved for", rows, note=note)


def _middle(values: xr.DataArray) -> float:
    return float(f"{float(np.median(values.values)):.4g}")


def _rests(values: xr.DataArray, inputs: Inputs, unit: str, least: Basis) -> Estimate:
    """A quantity of the run with its basis."""
    return estimate.rests(np.asarray(values.values, dtype=float), inputs, unit, least=least)
