"""What relief on conditions would bring: which clauses are kept, what is taken back and when, beside what happened."""

from __future__ import annotations

import numpy as np
import xarray as xr

from palanca.bargain.snapback import RESPONSES
from palanca.questions.options import RunOptions
from palanca.questions.relief import facts
from palanca.questions.relief import play as playing
from palanca.questions.relief.charts import charts
from palanca.questions.relief.facts import DECLARED, FEW, STEPS, Study
from palanca.questions.relief.findings import findings
from palanca.questions.relief.tables import by_variant, happened, tables
from palanca.show import estimate
from palanca.show.answer import Answer, Provenance
from palanca.spec.relief import Relief

CHANCE, SHARE = {"units": "chance"}, {"units": "share"}


def answer(relief: Relief, ahead: int, options: RunOptions, provenance: Provenance) -> Answer:
    """Play a relief on conditions month by month, under draws of what is believed.

    Args:
        relief: What is declared.
        ahead: Months played.
        options: How to run it.
        provenance: What made it.

    Raises:
        SeriesError: The series of encounters is not in the catalogue.
        UsageError: It does not hold the origin or the months; or there are too few or too many months to play.
    """
    return told(facts.study(playing.prepare(relief, ahead, options.draws, options.key)), provenance)


def told(study: Study, provenance: Provenance) -> Answer:
    """The answer of a game that was played."""
    relief = study.setting.relief
    return Answer(
        question=f"{relief.file.title}. Which clauses would be kept, what would be taken back, and when?",
        data=dataset(study),
        findings=tuple(findings(study)),
        tables=tuple(tables(study)),
        charts=tuple(charts(study)),
        caveats=tuple(caveats(study)),
        provenance=provenance,
    )


def dataset(study: Study) -> xr.Dataset:
    """Chances by month of the game and draw, every variant, every part of what was seen, and every belief."""
    setting, course = study.setting, study.courses[DECLARED]
    relief = setting.relief
    months = range(1, setting.months + 1)
    kept, force, responses = (
        np.moveaxis(np.asarray(one), 0, -1) for one in (course.kept, course.in_force, course.response)
    )
    by_clause, one_a_month = ("months_after", "clause", "draw"), ("months_after", "draw")
    lesson = study.lesson
    found = xr.Dataset(
        {
            "kept": (by_clause, kept, CHANCE | {"long_name": "chance that a clause is kept in the month"}),
            "in_force": (by_clause, force, CHANCE | {"long_name": "chance that its slice is in force at the end"}),
            "flights": (one_a_month, np.asarray(course.flights).T, CHANCE | {"long_name": "chance that flights go on"}),
            "answered": (("months_after", "response", "draw"), responses, CHANCE | {"long_name": "what is done"}),
            "returned": (
                one_a_month,
                facts.people_returned(setting, course).T,
                {"units": "people / month", "long_name": "people whom flights return"},
            ),
            "holds": (
                ("part", "draw"),
                np.stack([one.holds for one in study.findings]).astype(float),
                {"units": "1", "long_name": "whether the game has a part of what was seen"},
            ),
            "withheld_when_moved": (
                ("moved", "factor", "draw"),
                np.stack([np.stack([steps[step] for step in STEPS]) for steps in study.severity.values()]),
                SHARE | {"long_name": "relief withheld to the clock"},
            ),
            "believed_bought": (
                ("when", "draw"),
                np.stack([lesson.before, lesson.after]),
                CHANCE | {"long_name": "belief that relief can buy the dear clause, before and after a breach is seen"},
            ),
            "renewed": (
                ("when", "draw"),
                np.stack([lesson.renewed_before, lesson.renewed_after]),
                CHANCE | {"long_name": "chance that the relief is worth renewing"},
            ),
            "belief": (("name", "draw"), np.stack(list(setting.numbers.values())), {"long_name": "drawn beliefs"}),
        },
        {
            "months_after": ("months_after", list(months), {"long_name": "month of the game", "units": "month"}),
            "clause": list(relief.clauses),
            "response": list(RESPONSES),
            "part": [one.id for one in study.findings],
            "moved": list(study.severity),
            "factor": list(STEPS),
            "when": ["before", "after"],
            "name": list(setting.numbers),
        },
    )
    return found.merge(by_variant(study)).merge(_happened(relief, months))


def _happened(relief: Relief, months: range) -> xr.Dataset:
    """What was still so at the end of each month, by what was seen: 1 or 0."""
    kept, force = (
        np.array([[float(happened(relief, clause, month, what)) for clause in relief.clauses] for month in months])
        for what in ("clause", "slice")
    )
    flown = np.array([float(happened(relief, None, month, "flights")) for month in months])
    dims, one = ("months_after", "clause"), {"units": "1"}
    return xr.Dataset(
        {
            "seen_kept": (dims, kept, one | {"long_name": "was kept"}),
            "seen_in_force": (dims, force, one | {"long_name": "was in force"}),
            "seen_flights": (dims[:1], flown, one | {"long_name": "flights went on"}),
        },
        {"months_after": list(months), "clause": list(relief.clauses)},
    )


def caveats(study: Study) -> list[str]:
    """What no number here should be taken for."""
    beliefs = study.setting.relief.beliefs()
    judged = sum(belief.basis == "assumed" for belief in beliefs.values())
    relief = study.setting.relief
    draws = len(study.lesson.before)
    found = [estimate.FEW.format(draws=draws)] if draws < estimate.FEWEST else []
    found += [
        f"{judged} of {len(beliefs)} beliefs are judgements: read the order of things, not their size. Deaths on the "
        "way are not modelled, nor what becomes of those returned or held while no flight goes.",
        "Shares are of draws of these beliefs, not chances that history would have gone so. The worth of office and "
        "what a clause costs at the polls have no market price.",
    ]
    if next(one for one in study.findings if one.id == "small_first").chance < FEW:
        small, large = (
            relief.clauses[name].slice.name for name in (relief.file.reading.small, relief.file.reading.large)
        )
        found.append(
            "The destination can forbear, withdraw every slice whose breach was seen, withdraw all, or restore all. "
            f"Once both breaches are seen, none of these takes {small} and leaves {large}."
        )
    return found
