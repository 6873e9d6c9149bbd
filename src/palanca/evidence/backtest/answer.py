"""How good forecasts of past months were: the answer, in words, numbers, tables and charts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import xarray as xr

from palanca.core.wording import counted, listed
from palanca.evidence.backtest import charts, regimes, store, tables
from palanca.evidence.backtest.record import (
    CHOSEN,
    HALF,
    MODEL,
    NOTHING,
    PARTS,
    PERSISTENCE,
    POOLED,
    SPREAD,
    Row,
    Skill,
)
from palanca.evidence.backtest.regimes import ALL, Regime
from palanca.evidence.backtest.tables import FORECASTS, GIVEN, horizon, of_total, ratio
from palanca.show import number
from palanca.show.answer import Answer, Finding, Provenance
from palanca.show.estimate import Basis, Estimate
from palanca.spec.schema import Case

NUMBERS = {
    "ratio": ("ratio", "log-CRPS over that of the forecast it is held against; below 1 is better"),
    "low": ("ratio", "lower end of the 90 % interval of the ratio"),
    "high": ("ratio", "upper end of the 90 % interval of the ratio"),
    "log_crps": ("log points", "mean continuous ranked probability score of logs"),
    "crps": ("events / month", "mean continuous ranked probability score"),
    "interval_score": ("events / month", "mean weighted interval score"),
    "starts": ("forecasts", "forecasts scored"),
}
LEVELS = (50, 80, 90)
KNOWN = {
    "levers": "the levers",
    "declared": "the levers that governments declared",
    "effort": "the transit country's enforcement alone",
    "practice": "the levers and practice",
}
PREQUENTIAL = (
    "forecasts of all encounters by a panel that knows no levers, its structure chosen month by month from past scores "
    "alone,"
)
RESTS = (
    "What a forecast rests on: arrivals come from a panel of past counts that knows no levers; the levers that came, "
    "known in advance, are scored apart."
)
MADE = (
    "Parameters rest on the months before the calendar year of each start, forecasts on the months up to the start, in "
    "today's edition of the figures, as later revised."
)
SCORE = (
    "The score is the continuous ranked probability score of logs. Its intervals resample starts in blocks, both "
    "forecasts together; a ratio is called better or worse where the 90 % interval leaves out 1."
)
Place = Mapping[str, Sequence[str | int]]


def answer(case: Case, skill: Skill, arguments: Mapping[str, object], key: int) -> Answer:
    """Put a backtest in words.

    Args:
        case: The case.
        skill: What the backtest found.
        arguments: Those by which it is made again, as plain values.
        key: Key of the draws.
    """
    changed = store.stale(skill, case)
    notes = (f"The scores are of other {listed(changed)} than now.",) if changed else ()
    draws = skill.settings.get("draws", 0)
    return Answer(
        question=question(skill),
        data=dataset(skill),
        findings=tuple(findings(skill)),
        tables=tuple(tables.tables(skill)),
        charts=tuple(charts.charts(skill, case)),
        caveats=tuple(caveats(skill, changed)),
        provenance=Provenance(
            question="evidence.backtest",
            arguments=dict(arguments),
            case=case.case,
            marks=dict(skill.made),
            key=key,
            draws=draws if isinstance(draws, int) else 0,
            notes=notes,
        ),
    )


def question(skill: Skill) -> str:
    """The question in words."""
    rhythm = "every month" if skill.every == 1 else f"every {skill.every} months"
    first, last = (number.month_name(text) for text in (skill.first, skill.last))
    return f"How good were forecasts of {skill.case} made {rhythm} from {first} to {last}?"


def findings(skill: Skill) -> list[Finding]:
    """What a reader should take home, the score of the forecast itself first."""
    shipped, windows = "forecasts of all encounters", regimes.of(skill.case)
    main, *further = windows.conditional
    found = [_against(skill, CHOSEN, PREQUENTIAL), _against(skill, MODEL, shipped)]
    found += [*(_cut(skill, one) for one in windows.outcomes), _held(skill)]
    found += [
        _told(skill, "levers", main),
        _rivals(skill),
        _against(skill, HALF, "the average of forecast and last count"),
    ]
    found += [_told(skill, "declared", main), *(_told(skill, "effort", one) for one in further or [main])]
    found += [_told(skill, "practice", main), _by_origin(skill)]
    return [one for one in found if one is not None]


def _against(skill: Skill, forecast: str, subject: str) -> Finding | None:
    rows = of_total(skill, forecast)
    numbers = _numbers(rows)
    if not numbers:
        return None
    text = f"Against the last count carried on, {subject} scored {_each(rows)} (below 1 is better): {_verdict(rows)}."
    return Finding(text, numbers)


def _cut(skill: Skill, window: Regime) -> Finding | None:
    """The same scores where outcomes end with a month, if any lies beyond."""
    kind = CHOSEN if of_total(skill, CHOSEN) else MODEL
    whole, before = of_total(skill, kind), of_total(skill, kind, window.name)
    if not before or sum(row.starts for row in whole) == sum(row.starts for row in before):
        return None
    left = [counted(row.starts - one.starts, "outcome") for row, one in zip(whole, before, strict=True)]
    after = f"{left[0]} at each horizon" if len(set(left)) == 1 else listed(left, 4)
    end = number.month_name(str(window.outcomes))
    text = f"Without outcomes after {end} ({after}) the ratios of the first line are {_each(before)}."
    return Finding(text, _numbers(before))


def _held(skill: Skill) -> Finding | None:
    rows = of_total(skill, MODEL)
    if not rows:
        return None
    shares = {f"held at {horizon(row.horizon)}": _share(row.held_80) for row in rows}
    text = ", ".join(f"{number.percent(row.held_80)} at {horizon(row.horizon)}" for row in rows)
    return Finding(f"Intervals of 80{number.NO_BREAK}% held {text} of what came.", shares)


def _rivals(skill: Skill) -> Finding | None:
    ours = {row.horizon: row for row in of_total(skill, MODEL)}
    if not ours:
        return None
    ahead = [
        (name, row)
        for key, name in FORECASTS.items()
        if key not in (MODEL, SPREAD, CHOSEN)
        for row in of_total(skill, key)
        if row.horizon in ours and row.log_crps < ours[row.horizon].log_crps
    ]
    if not ahead:
        return Finding("No baseline or average was better at any horizon.", basis=Basis.learned)
    text = "; ".join(f"{name} at {horizon(row.horizon)} ({row.ratio:.2f})" for name, row in ahead if row.ratio)
    numbers = {f"{name} at {horizon(row.horizon)}": one for name, row in ahead if (one := ratio(row)) is not None}
    return Finding(f"Better than the forecast: {text}.", numbers)


def _told(skill: Skill, what: str, window: Regime) -> Finding | None:
    """What is gained where levers, effort or practice of the months ahead are given."""
    chosen = {"forecast": SPREAD, "given": what, "of": "total", "window": window.name}
    last = skill.select(**chosen, against=PERSISTENCE)
    plain = skill.select(**chosen, against=f"{SPREAD}, given {NOTHING}")
    if not last or not plain:
        return None
    text = (
        f"Forecasts rest on a panel that knows no levers. Told {KNOWN[what]} of the months ahead (starts "
        f"{window.name}), they scored {_each(plain)} against the same forecast without, both with a spread learned "
        "from past errors."
    )
    against = {f"against the last count, {name}": one for name, one in _numbers(last).items()}
    return Finding(text, _numbers(plain) | against)


def _by_origin(skill: Skill) -> Finding | None:
    rows = skill.select(of="origins", label=POOLED, forecast=MODEL, given=NOTHING, window=ALL.name)
    numbers = _numbers(rows)
    if not numbers:
        return None
    return Finding(
        f"By origin, weighed by volume, forecasts scored {_each(rows)} against the last count: {_verdict(rows)}.",
        numbers,
    )


def _numbers(rows: Sequence[Row]) -> dict[str, Estimate]:
    return {f"ratio at {horizon(row.horizon)}": one for row in rows if (one := ratio(row)) is not None}


def _each(rows: Sequence[Row]) -> str:
    """Ratios with their intervals: `0.82 [0.75, 0.88] at 1 month`."""
    return ", ".join(_with_ends(row) + f" at {horizon(row.horizon)}" for row in rows if row.ratio is not None)


def _with_ends(row: Row) -> str:
    ends = "" if row.low is None or row.high is None else f" [{row.low:.2f}, {row.high:.2f}]"
    return f"{row.ratio:.2f}{ends}"


def _verdict(rows: Sequence[Row]) -> str:
    """At which horizons it is better or worse beyond chance."""
    said = []
    tests: tuple[tuple[str, Callable[[Row], bool]], ...] = (("better", _is_better), ("worse", _is_worse))
    for word, test in tests:
        ahead = [str(row.horizon) for row in rows if test(row)]
        months = " months" if ahead != ["1"] else " month"
        said.append(f"{word} beyond chance at {' and '.join(ahead) + months if ahead else 'none'}")
    return ", ".join(said)


def _is_better(row: Row) -> bool:
    return row.better


def _is_worse(row: Row) -> bool:
    return row.worse


def _share(value: float) -> Estimate:
    return Estimate(value, value, value, "share", None)


def caveats(skill: Skill, changed: Sequence[str] = ()) -> list[str]:
    """How it was measured, and what it cannot tell, the most important first."""
    aged = [f"These scores are of other {listed(changed)} than now; --again makes them anew."] if changed else []
    windows = regimes.of(skill.case)
    stretches = [
        f"{one.name.capitalize()}: starts from {one.first}{' on' if one.last is None else f' to {one.last}'}. {one.why}"
        for one in windows.every
        if one is not ALL
    ]
    failed = []
    if skill.failures:
        missing = counted(len(skill.failures), "forecast of a baseline", "forecasts of baselines")
        failed = [f"{missing} could not be made and is left out of its comparison."]
    return [*aged, looked_at(skill), RESTS, MADE, SCORE, *failed, *stretches]


def looked_at(skill: Skill) -> str:
    """How many candidates stood behind the one that is scored."""
    looked = skill.settings.get("candidates looked at")
    counts = looked if isinstance(looked, Mapping) else {}
    structures, scored = counts.get("structures", 0), counts.get("scored rows", 0)
    if not counts:
        return (
            "The form of the forecast and its constants were chosen on the figures of another corridor; none was tried "
            "on these."
        )
    return (
        f"Before the forecast took its form, {structures} candidate structures were tried on these figures, in "
        f"{scored} scored runs: a ratio close to 1 may owe something to that choice."
    )


def dataset(skill: Skill) -> xr.Dataset:
    """Every score on named axes, and every forecast of the total beside what came."""
    ahead = sorted({row.horizon for row in skill.rows})
    windows = regimes.of(skill.case)
    plain = [one.name for one in windows.plain]
    total: dict[str, Sequence[str | int]] = {"forecast": list(FORECASTS), "window": plain, "horizon": ahead}
    given: dict[str, Sequence[str | int]] = {
        "part": ["total", "origins", "groups"],
        "since": [one.name for one in windows.conditional],
        "given": list(GIVEN),
        "conditional": [MODEL, SPREAD],
        "against": [PERSISTENCE, "itself"],
        "horizon": ahead,
    }
    pooled: dict[str, Sequence[str | int]] = {"kind": list(PARTS), **total}
    names = list(
        dict.fromkeys(f"{row.of}:{row.label}" for row in skill.rows if row.of in PARTS and row.label != POOLED)
    )
    single: dict[str, Sequence[str | int]] = {"series": names, "horizon": ahead}
    found: dict[str, xr.DataArray] = {}
    for row in skill.rows:
        place: dict[str, str | int] = {"horizon": row.horizon}
        if row.window in given["since"]:
            against = PERSISTENCE if row.against == PERSISTENCE else "itself"
            place |= {
                "part": row.of,
                "since": row.window,
                "given": row.given,
                "conditional": row.forecast,
                "against": against,
            }
            _put(found, "given", given, place, row)
        elif row.of == "total":
            _put(found, "total", total, place | {"forecast": row.forecast, "window": row.window}, row)
        elif row.label == POOLED:
            place |= {"kind": row.of, "forecast": row.forecast, "window": row.window}
            _put(found, "parts", pooled, place, row)
        else:
            _put(found, "series", single, place | {"series": f"{row.of}:{row.label}"}, row)
    return xr.Dataset(found | _fan(skill))


def _put(found: dict[str, xr.DataArray], group: str, axes: Place, place: Mapping[str, str | int], row: Row) -> None:
    """Write the numbers of a row where they belong; what is never written is no number."""
    for name, (unit, what) in NUMBERS.items():
        if f"{group}_{name}" not in found:
            found[f"{group}_{name}"] = _empty(axes, unit, what)
        value = getattr(row, name)
        found[f"{group}_{name}"].loc[place] = np.nan if value is None else float(value)
    if f"{group}_held" not in found:
        levels: Place = {**axes, "level": list(LEVELS)}
        found[f"{group}_held"] = _empty(levels, "share", "share of outcomes that the interval of a level in % held")
    for level in LEVELS:
        found[f"{group}_held"].loc[{**place, "level": level}] = getattr(row, f"held_{level}")


def _empty(axes: Place, unit: str, what: str) -> xr.DataArray:
    shape = tuple(len(labels) for labels in axes.values())
    coords = {name: list(labels) for name, labels in axes.items()}
    return xr.DataArray(np.full(shape, np.nan), coords, list(axes), attrs={"units": unit, "long_name": what})


def _fan(skill: Skill) -> dict[str, xr.DataArray]:
    """Forecasts of the total by start and horizon, and what came."""
    starts = list(dict.fromkeys(band.start for band in skill.fan))
    axes: Place = {"start": starts, "horizon": sorted({band.horizon for band in skill.fan})}
    what = {
        "low": "10 % of draws lie below it",
        "middle": "median of the draws",
        "high": "90 % of draws lie below it",
        "seen": "what was later counted",
    }
    found = {f"forecast_{name}": _empty(axes, "events / month", text) for name, text in what.items()}
    known = _empty({"start": starts}, "events / month", "what was counted in the last known month")
    for band in skill.fan:
        place = {"start": band.start, "horizon": band.horizon}
        for name in what:
            value = getattr(band, name)
            found[f"forecast_{name}"].loc[place] = np.nan if value is None else value
        known.loc[{"start": band.start}] = band.known
    return found | {"counted_at_start": known}
