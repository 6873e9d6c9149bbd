"""Skill in plain sentences: what beats persistence, what does not, and how many candidates were looked at."""

from __future__ import annotations

from collections.abc import Mapping

from palanca.core.wording import counted
from palanca.evidence.regimes import EVERY
from palanca.evidence.skill import HALF, MODEL, NOTHING, PERSISTENCE, SPREAD, Row
from palanca.evidence.skill_store import Skill
from palanca.view.skill_tables import TOTAL_NAMES, ratio
from palanca.view.theme import month_name, percent


def headline(skill: Skill) -> list[str]:
    """What a reader should take home."""
    return [*against_persistence(skill), *held(skill), *rivals(skill), *with_levers(skill)]


def against_persistence(skill: Skill) -> list[str]:
    """The model and its average with persistence, against persistence."""
    said = []
    for name in (MODEL, HALF):
        rows = skill.select(of="total", forecast=name, given=NOTHING, window="all")
        if rows:
            found = ", ".join(f"{ratio(row)} at {_months(row)}" for row in rows)
            said.append(
                f"Forecasts of the total, {TOTAL_NAMES[name]}: scores over those of persistence are {found}; "
                f"{_verdict(rows)}."
            )
    return said


def held(skill: Skill) -> list[str]:
    """Coverage of the model's 80 % interval."""
    rows = skill.select(of="total", forecast=MODEL, given=NOTHING, window="all")
    found = ", ".join(f"{percent(100 * row.held_80)} at {_months(row)}" for row in rows)
    return [f"Intervals of 80 % held {found}."] if rows else []


def rivals(skill: Skill) -> list[str]:
    """Baselines that are better than the model somewhere."""
    ours = {row.horizon: row for row in skill.select(of="total", forecast=MODEL, given=NOTHING, window="all")}
    ahead = [
        f"{TOTAL_NAMES[row.forecast]} at {_months(row)} ({ratio(row)})"
        for row in skill.select(of="total", given=NOTHING, window="all", against=PERSISTENCE)
        if row.horizon in ours and row.forecast in BASELINES and row.log_crps < ours[row.horizon].log_crps
    ]
    if not ours:
        return []
    return [f"Better than the model: {', '.join(ahead)}." if ahead else "No baseline is better at any horizon."]


def with_levers(skill: Skill) -> list[str]:
    """What is gained when the levers of the months ahead are given."""
    said = []
    for given, words in (("levers", "the levers"), ("practice", "the levers and practice")):
        last = skill.select(forecast=SPREAD, given=given, of="total", against=PERSISTENCE)
        plain = skill.select(forecast=SPREAD, given=given, of="total", against=f"{SPREAD}, given {NOTHING}")
        if last and plain:
            said.append(
                f"Given {words} of the months ahead, from 2020 on and with a spread learned from past errors: "
                f"{_listed(last)} against persistence, {_listed(plain)} against the same model without."
            )
    return said


def looked_at(skill: Skill) -> str:
    """How many candidates stood behind the one that is scored."""
    looked = skill.settings.get("candidates looked at")
    counts = looked if isinstance(looked, Mapping) else {}
    structures, scored = counts.get("structures", 0), counts.get("scored rows", 0)
    return (
        f"Before the forecast took its form, {structures} candidate structures were looked at on these figures, in "
        f"{scored} scored rows: a ratio close to 1 may owe something to that choice."
    )


def method(skill: Skill) -> list[str]:
    """How it was measured, and what it cannot tell."""
    rhythm = "every month" if skill.every == 1 else f"every {skill.every} months"
    said = [
        f"Starts {rhythm} from {month_name(skill.first)} to {month_name(skill.last)}. Parameters rest on the months "
        "before the calendar year of each start, forecasts on the months up to the start, in today's edition of the "
        "figures.",
        "The score is the continuous ranked probability score of logs. Its intervals resample starts in blocks, "
        "both forecasts together; a ratio is called better or worse where the 90 % interval leaves out 1.",
        looked_at(skill),
        *(f"{one.name.capitalize()}: starts from {one.first}{_until(one.last)}. {one.why}" for one in EVERY[1:]),
    ]
    if skill.failures:
        missing = counted(len(skill.failures), "forecast of a baseline", "forecasts of baselines")
        said.append(f"{missing} could not be made and is left out of its comparison.")
    return said


BASELINES = {"seasonal_persistence", "auto_arima", "auto_ets", "auto_theta"}


def _verdict(rows: list[Row]) -> str:
    worse, better = ([_months(row) for row in rows if test(row)] for test in (_is_worse, _is_better))
    said = [f"worse beyond chance at {', '.join(worse)}" if worse else "worse beyond chance at none"]
    return "; ".join(
        [f"better beyond chance at {', '.join(better)}" if better else "better beyond chance at none", *said]
    )


def _is_worse(row: Row) -> bool:
    return row.worse


def _is_better(row: Row) -> bool:
    return row.better


def _until(last: object) -> str:
    return " on" if last is None else f" to {last}"


def _listed(rows: list[Row]) -> str:
    return ", ".join(ratio(row).split(" ")[0] for row in rows)


def _months(row: Row) -> str:
    return "1 month" if row.horizon == 1 else f"{row.horizon} months"
