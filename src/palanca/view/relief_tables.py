"""A relief on conditions as rows of tables: facts, months, variants, severity, beliefs, and what happened."""

from __future__ import annotations

import numpy as np

from palanca.questions.relief import facts
from palanca.questions.relief.facts import DECLARED, Study
from palanca.spec.relief import Relief
from palanca.spec.uncertain import NINETY, Uncertain

Row = dict[str, object]
LEVELS = (0.05, 0.5, 0.95)


def findings(study: Study) -> list[Row]:
    """One row a part of a fact: in how many draws the game has it."""
    return [
        {"fact": one.fact, "what was seen, or follows": one.says, "draws that have it, %": 100.0 * one.chance}
        for one in study.findings
    ]


def by_month(study: Study) -> list[Row]:
    """One row a month and thing: the chance that it is kept, in force or going on, with what happened beside it."""
    setting = study.setting
    relief, course = setting.relief, study.courses[DECLARED]
    found: list[Row] = []
    for month in range(1, setting.months + 1):
        for clause, declared in relief.clauses.items():
            place = setting.place(clause)
            kept, force = (np.asarray(each)[:, month - 1, place] for each in (course.kept, course.in_force))
            found.append(_row(relief, month, f"kept: {declared.name}", kept, happened(relief, clause, month, "clause")))
            found.append(
                _row(relief, month, f"in force: {declared.slice.name}", force, happened(relief, clause, month, "slice"))
            )
        flights = np.asarray(course.flights)[:, month - 1]
        found.append(_row(relief, month, "flights go on", flights, happened(relief, None, month, "flights")))
    return found


def happened(relief: Relief, clause: str | None, month: int, what: str) -> bool:
    """Whether, by what was seen, a clause was still kept, its slice in force or flights going on at a month's end."""
    ends = {"clause": ("broken",), "slice": ("withdrawn", "lapsed"), "flights": ("stopped",)}[what]
    begins = ("kept",) if what == "clause" else ("resumed",)
    state = True
    for one in relief.file.seen:
        if one.clause == clause and relief.month_of(one.date) <= month and one.act in (*ends, *begins):
            state = one.act in begins
    return state


def variants(study: Study) -> list[Row]:
    """One row a variant: how often clauses are kept, what is withheld by the clock, how often flights go on."""
    setting = study.setting
    found: list[Row] = []
    for key, (name, terms) in facts.variants(setting).items():
        course = study.courses[key]
        row: Row = {"variant": name}
        kept = facts.kept_while_due(setting, course, terms).mean(axis=0)
        for clause, declared in setting.relief.clauses.items():
            row[f"{declared.name}, %"] = 100.0 * float(kept[0 if terms.bundled else setting.place(clause)])
        row["relief withheld to the clock, %"] = 100.0 * float(facts.withheld(setting, course).mean())
        row["flights, %"] = 100.0 * float(np.asarray(course.flights).mean())
        found.append(row)
    return found


def severity(study: Study) -> list[Row]:
    """One row a weight and factor: share of relief withheld to the clock."""
    found: list[Row] = []
    names = weights(study.setting.relief)
    for what, steps in study.severity.items():
        for step, share in steps.items():
            low, mid, high = (100.0 * float(q) for q in np.quantile(share, LEVELS))
            found.append(
                {
                    "what is moved": names[what],
                    "times": step,
                    "relief withheld, mean, %": 100.0 * float(share.mean()),
                    "p5": low,
                    "median": mid,
                    "p95": high,
                }
            )
    return found


def one_shot(study: Study) -> list[Row]:
    """One row a way of answering: which clauses pay to be kept in the closed form."""
    names = [clause.name for clause in study.setting.relief.clauses.values()]
    return [
        {
            "a breach is": answer,
            **{f"{name}, %": 100.0 * float(share) for name, share in zip(names, kept, strict=True)},
            "all, as a bundle, %": 100.0 * study.once.bundle[answer],
        }
        for answer, kept in study.once.kept.items()
    ]


def drivers(study: Study) -> list[Row]:
    """One row a finding and belief: on what it hangs whether the game has it."""
    return [
        {
            "finding": finding.says,
            "belief": driver.belief,
            "median where it holds": f"{driver.holding:.3g}",
            "elsewhere": f"{driver.failing:.3g}",
            "difference of ranks": driver.gap,
        }
        for finding in study.findings
        for driver in facts.drivers(study.setting, finding, 3)
    ]


def beliefs(relief: Relief) -> list[Row]:
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


def due(relief: Relief) -> list[Row]:
    """One row a clause: when it falls due, in which month of the game, and what was to be done by then."""
    months = relief.due()
    return [
        {
            "clause": clause.name,
            "due": str(clause.due.date if clause.due is not None else relief.file.start),
            "month of the game": months[name],
            "why": clause.due.note if clause.due is not None else "",
            "source": ", ".join(clause.due.source) if clause.due is not None else "",
        }
        for name, clause in relief.clauses.items()
    ]


def seen(relief: Relief) -> list[Row]:
    """One row an act: what happened, and in which month of the game."""
    return [
        {
            "date": str(one.date),
            "month of the game": relief.month_of(one.date),
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
    return f"{belief.p1:g}, times or divided by {np.exp(1.645 * belief.p2):.2g} (90 %)"


def _row(relief: Relief, month: int, what: str, chance: np.ndarray, seen_so: bool) -> Row:
    low, mid, high = (100.0 * float(q) for q in np.quantile(chance, LEVELS))
    return {
        "month": month,
        "ends": relief.end_of(month),
        "what": what,
        "mean, %": 100.0 * float(chance.mean()),
        "p5": low,
        "median": mid,
        "p95": high,
        "happened": "yes" if seen_so else "no",
    }
