"""Tables of a relief on conditions: what goes on beside what happened, parts, variants, severity and beliefs."""

from __future__ import annotations

import numpy as np
import xarray as xr

from palanca.questions.relief import facts
from palanca.questions.relief.facts import DECLARED, Study
from palanca.show import estimate, table
from palanca.show.estimate import Basis, Estimate
from palanca.show.table import Cell, Table
from palanca.spec.relief import Relief
from palanca.spec.uncertain import NINETY, Uncertain

Rows = list[dict[str, Cell]]
ENDS = {"clause": ("broken",), "slice": ("withdrawn", "lapsed"), "flights": ("stopped",)}
NINE_IN_TEN = 1.645  # standard deviations of a normal law on either side
BY_DRAW = "Percent: the mean over draws of what is believed."


def tables(study: Study) -> list[Table]:
    """What goes on beside what happened first; then all others that have a row."""
    relief = study.setting.relief
    found = [
        table.of_rows(
            "What goes on, and what happened", _course(study),
            note=f"Mean chance over {study.setting.months} months in percent; brackets hold 90 % of draws.",
        ),
        table.of_rows("Parts of what was seen", _parts(study), note="Percent of draws in which the game has each."),
        table.of_rows("Other readings and rules: clauses kept", _variants(study), note=f"{BY_DRAW} To the clock."),
        table.of_rows("Other readings and rules: relief and flights", _sums(study), note=BY_DRAW),
        table.of_rows("Relief withheld to the clock", _severity(study), note="Percent of all relief."),
        table.of_rows("Kept where a breach is answered once", _once(study), note="Percent of draws, in closed form."),
        table.of_rows("What happened", _seen(relief)),
        table.of_rows("When clauses fall due", _due(relief)),
        table.of_rows("Chances by month", _months(study), note="Percent."),
        table.of_rows("On which beliefs each part hangs", _drivers(study)),
        table.of_rows("Every belief", _beliefs(relief)),
        table.of_rows("Units of payoff", [{"side": side, "unit": unit} for side, unit in relief.file.units.items()]),
    ]  # fmt: skip
    return [one for one in found if one.rows]


def happened(relief: Relief, clause: str | None, month: int, what: str) -> bool:
    """Whether, by what was seen, a clause was still kept, its slice in force or flights going on at a month's end."""
    begins = ("kept",) if what == "clause" else ("resumed",)
    state = True
    for one in relief.file.seen:
        if one.clause == clause and relief.month_of(one.date) <= month and one.act in (*ENDS[what], *begins):
            state = one.act in begins
    return state


def things(study: Study) -> list[tuple[str, str | None, str, np.ndarray]]:
    """All that is followed by month: its name, its clause, what it is, and chances as (draw, month)."""
    course = study.courses[DECLARED]
    found: list[tuple[str, str | None, str, np.ndarray]] = []
    for place, (clause, declared) in enumerate(study.setting.relief.clauses.items()):
        kept, force = (np.asarray(each)[:, :, place] for each in (course.kept, course.in_force))
        found.append((f"kept: {declared.name}", clause, "clause", kept))
        found.append((f"in force: {declared.slice.name}", clause, "slice", force))
    return [*found, ("flights go on", None, "flights", np.asarray(course.flights))]


def by_variant(study: Study) -> xr.Dataset:
    """Clauses kept, relief withheld and flights in every variant, by draw; a bundle is kept or broken whole."""
    setting = study.setting
    kept, withheld, flights = [], [], []
    for key, (_, terms) in facts.variants(setting).items():
        course = study.courses[key]
        one = facts.kept_while_due(setting, course, terms)
        kept.append(np.broadcast_to(one, (len(one), len(setting.relief.clauses))).T)
        withheld.append(facts.withheld(setting, course))
        flights.append(np.asarray(course.flights).mean(axis=1))
    by, chance = ("variant", "draw"), {"units": "chance"}
    return xr.Dataset(
        {
            "kept_to_clock": (
                ("variant", "clause", "draw"), np.stack(kept), chance | {"long_name": "kept in a month when due"},
            ),
            "withheld": (by, np.stack(withheld), {"units": "share", "long_name": "relief withheld to the clock"}),
            "flights_kept": (by, np.stack(flights), chance | {"long_name": "flights go on in a month"}),
        },
        {"variant": list(study.courses), "clause": list(setting.relief.clauses)},
    )  # fmt: skip


def _course(study: Study) -> Rows:
    """One row a clause, slice and the flights: the mean chance over months, and until when it was seen so."""
    relief = study.setting.relief
    rows: Rows = []
    for name, clause, what, chance in things(study):
        last = [relief.first(act, clause) for act in ENDS[what]]
        until = next((f"until {day}" for day in last if day is not None), "to the end")
        rows.append({"what": name, "chance, %": _percent(chance.mean(axis=1)), "happened": until})
    return rows


def _parts(study: Study) -> Rows:
    """One row a part of a fact: in how many draws the game has it."""
    return [
        {"what was seen, or follows": one.says, "fact": str(one.fact), "%": 100.0 * one.chance}
        for one in study.findings
    ]


def _months(study: Study) -> Rows:
    """One row a month and thing, with what happened beside it."""
    relief = study.setting.relief
    return [
        {
            "what": name,
            "month": month,
            "ends": relief.end_of(month),
            "mean": 100.0 * float(chance[:, month - 1].mean()),
            "median": _percent(chance[:, month - 1]),
            "happened": happened(relief, clause, month, what),
        }
        for month in range(1, study.setting.months + 1)
        for name, clause, what, chance in things(study)
    ]


def _variants(study: Study) -> Rows:
    """One row a variant: how often each clause is kept."""
    names, kept = facts.variants(study.setting), by_variant(study)["kept_to_clock"].mean("draw")
    clauses = study.setting.relief.clauses
    return [
        {"variant": names[key][0]}
        | {clauses[one].name: 100.0 * float(kept.sel(variant=key, clause=one)) for one in clauses}
        for key in study.courses
    ]


def _sums(study: Study) -> Rows:
    """One row a variant: what is withheld by the clock, and how often flights go on."""
    names, found = facts.variants(study.setting), by_variant(study).mean("draw")
    return [
        {
            "variant": names[key][0],
            "relief withheld": 100.0 * float(found["withheld"].sel(variant=key)),
            "flights": 100.0 * float(found["flights_kept"].sel(variant=key)),
        }
        for key in study.courses
    ]


def _severity(study: Study) -> Rows:
    """One row a weight and factor: share of relief withheld to the clock."""
    names = weights(study.setting.relief)
    return [
        {"moved": names[what], "times": step, "mean": 100.0 * float(values.mean()), "median": _percent(values)}
        for what, steps in study.severity.items()
        for step, values in steps.items()
    ]


def _once(study: Study) -> Rows:
    """One row a way of answering: which clauses pay to be kept in the closed form."""
    names = [clause.name for clause in study.setting.relief.clauses.values()]
    rows: Rows = []
    for way, kept in study.once.kept.items():
        row: dict[str, Cell] = {"a breach is": way}
        row |= {name: 100.0 * float(value) for name, value in zip(names, kept, strict=True)}
        rows.append(row | {"all, as a bundle": 100.0 * study.once.bundle[way]})
    return rows


def _drivers(study: Study) -> Rows:
    """One row a part and belief: on what it hangs whether the game has it."""
    return [
        {
            "part": part.says,
            "belief": driver.belief,
            "median where it holds": driver.holding,
            "elsewhere": driver.failing,
            "difference of ranks": driver.gap,
        }
        for part in study.findings
        for driver in facts.drivers(study.setting, part, 3)
    ]


def _beliefs(relief: Relief) -> Rows:
    """One row a belief: what is believed, on whose word, why."""
    return [
        {
            "belief": place,
            "believed": believed(belief),
            "basis": belief.basis,
            "source": ", ".join(belief.source),
            "why": belief.note or "",
        }
        for place, belief in relief.beliefs().items()
    ]


def _due(relief: Relief) -> Rows:
    """One row a clause: when it falls due, in which month of the game, and what was to be done by then."""
    months = relief.due()
    return [
        {
            "clause": clause.name,
            "due": str(clause.due.date if clause.due is not None else relief.file.start),
            "month": months[name],
            "why": clause.due.note if clause.due is not None else "",
            "source": ", ".join(clause.due.source) if clause.due is not None else "",
        }
        for name, clause in relief.clauses.items()
    ]


def _seen(relief: Relief) -> Rows:
    """One row an act: what happened, and in which month of the game."""
    return [
        {
            "date": str(one.date),
            "month": relief.month_of(one.date),
            "what happened": one.note,
            "source": ", ".join(one.source),
        }
        for one in relief.file.seen
    ]


def weights(relief: Relief) -> dict[str, str]:
    """What is moved to see how severity answers, in words."""
    return {
        "migration": "the nationality's share of encounters",
        "asked": f"how hard {relief.country('transit')} asks",
    }


def believed(belief: Uncertain) -> str:
    """A belief in words: `40, times or divided by 5.2`, `0.1 to 0.6`."""
    if belief.family == "uniform":
        return f"{belief.p1:g} to {belief.p2:g}"
    if belief.family == "fixed" or belief.p2 is None:
        return f"{belief.p1:g}"
    if belief.family != "lognormal":
        return f"{belief.at(-NINETY):.3g} to {belief.at(NINETY):.3g} (90 %)"
    return f"{belief.p1:g}, times or divided by {np.exp(NINE_IN_TEN * belief.p2):.2g} (90 %)"


def _percent(chance: np.ndarray) -> Estimate:
    return estimate.of(100.0 * chance, "percent", basis=Basis.assumed)
