"""Why an outcome changed between two months: the answer, in words, numbers, tables and charts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from palanca.core.clock import Month
from palanca.questions import outcomes, provenance
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.questions.outcomes import OutcomeQuery
from palanca.questions.why import causes, claims, differences, findings, shares, tables
from palanca.questions.why.causes import GROUPS, PARTS
from palanca.questions.why.claims import clear
from palanca.questions.why.shared_out import HARM, SharedOut
from palanca.questions.why.shares import Why
from palanca.show import estimate
from palanca.show.answer import Answer

CAUTION = (
    "Shocks are what levers, season and all else that is modelled leave over: a policy that did more than its lever "
    "says is among them, and no figure can tell it from chance."
)
INTERVALS = "Intervals hold doubt about parameters and about what origins share, not about the equations."


def answer(
    corridor: Corridor,
    first: Month,
    last: Month,
    asked: OutcomeQuery,
    options: RunOptions,
    spared: Sequence[Month] = (),
) -> Answer:
    """Share a change out among its causes and say what made it, for whom, and how sure that is.

    Args:
        corridor: The fitted corridor.
        first: The first month.
        last: The second.
        asked: The outcome, from `outcomes.find`.
        options: How to run it.
        spared: Months of episodes, which do not serve as placebos of the method without the model.

    Raises:
        UsageError: The months are not in order, too far apart, or outside the case.
    """
    found = shares.run(corridor, first, last, asked, options=options)
    rival = None
    if asked.name == "encounters" and last - first == 1:
        rival = differences.differences(corridor.setting, last, spared, key=options.key)
    made = SharedOut(found, corridor.assumed(options.draws, options.key), claims.claims(first, last, asked.name), rival)
    return Answer(
        question=f"Why did {made.what} change from {made.span}?",
        data=dataset(found),
        findings=tuple(findings.of_change(made)),
        tables=tuple(tables.of_change(made)),
        charts=(tables.waterfall(made), tables.counting(made)),
        caveats=tuple(caveats(made)),
        provenance=provenance.of(
            corridor,
            "why",
            {"first": str(first), "last": str(last), "outcome": asked.name},
            draws=options.draws,
            key=options.key,
        ),
    )


def dataset(found: Why) -> xr.Dataset:
    """Every share by cause and draw, counted first and last as well; levels and harm of both months."""
    unit = found.asked.outcome.unit
    counted = unit if found.logs is None else "log points"
    rows = {
        "share": (found.people, unit, "what a cause made of the change; all sum to it in every draw"),
        "first_of_all": (found.alone, counted, "what a cause adds when it comes on before all others"),
        "last_of_all": (found.last, counted, "what a cause adds when it comes on after all others"),
    }
    if found.logs is not None:
        rows["share_log"] = (found.logs, counted, "what a cause made of the log change; all sum to it in every draw")
    variables = {
        name: xr.Variable(
            ("cause", "draw"), np.stack([parts[one] for one in PARTS]), {"units": units, "long_name": text}
        )
        for name, (parts, units, text) in rows.items()
    }
    variables["grouped"] = xr.Variable(
        ("group_of_causes", "draw"),
        np.stack([found.grouped[name] for name in GROUPS]),
        {"units": counted, "long_name": "share where causes of a group come on together"},
    )
    both = ("month", "draw")
    levels = np.stack([found.before, found.after])
    variables["outcome"] = xr.Variable(both, levels, {"units": unit, "long_name": found.asked.outcome.what})
    for name, text in HARM.items():
        units = outcomes.OUTCOMES[name].unit
        variables[name] = xr.Variable(both, found.harm[name], {"units": units, "long_name": text})
    variables["own_shocks"] = xr.Variable(
        ("origin", "draw"),
        np.stack(list(found.single.values())),
        {"units": "events / month", "long_name": "what new shocks of an origin by themselves make of its encounters"},
    )
    months = np.array([f"{month}-01" for month in found.months], dtype="datetime64[ns]")
    coords = {"cause": list(PARTS), "group_of_causes": list(GROUPS), "month": months, "origin": list(found.single)}
    return xr.Dataset(variables, coords)


def caveats(made: SharedOut) -> list[str]:
    """What the answer cannot tell, the most important first."""
    found = made.found
    few = [estimate.FEW.format(draws=found.before.size)] if found.before.size < estimate.FEWEST else []
    untold = [] if clear(found) else ["The change itself is not well known, so shares of it are not given."]
    doubts = [f"{causes.label(found.case, name)}: {text}." for name, text in found.doubts.items()]
    return [*few, *untold, CAUTION, INTERVALS, *doubts]
