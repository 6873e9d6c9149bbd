"""All changes that the sources explain, each shared out among its causes and set beside what they claim."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr

from palanca.core.wording import counted
from palanca.questions import provenance
from palanca.questions.corridor import Corridor
from palanca.questions.options import RunOptions
from palanca.questions.sources import cited
from palanca.questions.why import causes, claims, findings, tables
from palanca.questions.why.answer import CAUTION, INTERVALS
from palanca.questions.why.causes import GROUPS, members
from palanca.questions.why.claims import ClaimComparison, ClaimVerdict, clear, robust, verdict
from palanca.questions.why.shared_out import SharedOut
from palanca.show import chart, estimate, number, table
from palanca.show.answer import Answer, Finding
from palanca.show.chart import Chart, Kind, Panel
from palanca.show.estimate import Basis
from palanca.show.table import Cell, Table

NOTHING = estimate.of([])
AGREE = (ClaimVerdict.same, ClaimVerdict.direction, ClaimVerdict.size_unclear)
OTHER_SIZE = (ClaimVerdict.smaller, ClaimVerdict.larger)


def answer(corridor: Corridor, options: RunOptions) -> Answer:
    """Share every change of the table of claims out among its causes, and compare.

    Args:
        corridor: The fitted corridor.
        options: How to run it.
    """
    inputs = corridor.assumed(options.draws, options.key)
    compared = claims.run(corridor, options)
    every = {one.change.id: SharedOut(one.why, inputs, one.change.claims, None) for one in compared}
    few = [estimate.FEW.format(draws=options.draws)] if options.draws < estimate.FEWEST else []
    return Answer(
        question=f"Why did arrivals change in the {counted(len(every), 'episode')} that the sources explain?",
        data=dataset(compared),
        findings=tuple(summary(compared, every)),
        tables=(_shares(every), table_of_claims(every), *_more(every)),
        charts=(_chart(every), *(tables.waterfall(made, f"steps {name}") for name, made in every.items())),
        caveats=(*few, CAUTION, INTERVALS),
        provenance=provenance.of(corridor, "why", {"episodes": True}, draws=options.draws, key=options.key),
    )


def dataset(compared: list[ClaimComparison]) -> xr.Dataset:
    """Shares of groups of causes in every change, levels and harm before and after."""
    unit = compared[0].why.asked.outcome.unit
    shares = np.stack([[one.why.group(name) for name in GROUPS] for one in compared])
    levels = np.stack([[one.why.before, one.why.after] for one in compared])
    ends = ("change", "end", "draw")
    variables = {
        "share": xr.Variable(
            ("change", "group_of_causes", "draw"), shares, {"units": unit, "long_name": "what causes made of a change"}
        ),
        "outcome": xr.Variable(ends, levels, {"units": unit, "long_name": compared[0].why.asked.outcome.what}),
    }
    for name, text in (("deaths", "deaths on the way"), ("held", "people on hold")):
        values = np.stack([one.why.harm[name] for one in compared])
        units = "deaths / month" if name == "deaths" else "people"
        variables[name] = xr.Variable(ends, values, {"units": units, "long_name": text})
    coords = {
        "change": [one.change.id for one in compared],
        "group_of_causes": list(GROUPS),
        "end": ["before", "after"],
    }
    return xr.Dataset(variables, coords)


def summary(compared: list[ClaimComparison], every: dict[str, SharedOut]) -> list[Finding]:
    """How claims fared, what all changes have in common, harm in the change that fell most; then each change."""
    results = [verdict(claim, one.why) for one in compared for claim in one.change.claims]
    known = [one for one in results if one is not ClaimVerdict.few]
    other_size, agree = (sum(one in which for one in known) for which in (OTHER_SIZE, AGREE))
    other = sum(one is ClaimVerdict.opposite for one in known)
    text = (
        f"Of {counted(len(results), 'claim')} by sources, the model finds {agree} in the direction given, {other_size} "
        f"in that direction but of another size, and {other} the other way round; the rest it cannot tell, or the "
        "causes did not move."
        if known
        else "With so few draws no claim of a source can be judged."
    )
    found = [Finding(text, basis=Basis.learned), _lesson(compared), _harm(every)]
    for made in every.values():
        first = findings.change(made.found)
        parts = {name: made.percent(members(name)) for name in GROUPS}
        lead = max(parts, key=lambda name: abs(parts[name].estimate))
        size = number.number(parts[lead].estimate)
        words = causes.group_words(made.found.case, lead)
        found.append(replace(first, text=f"{first.text} Largest part: {words}, {size}{number.NO_BREAK}% of it."))
    return found


def _lesson(compared: list[ClaimComparison]) -> Finding:
    """What all changes say together."""
    ways = [robust(one.why) for one in compared]
    firm = sum(one.holds for one in ways)
    led = sum(way.leader == "shocks" for way in ways)
    words = causes.group_words(compared[0].why.case, "transit")
    middles = [float(np.median(one.why.group("transit") / one.why.change)) for one in compared]
    text = (
        f"In {counted(len(compared), 'change')} {words} made {number.percent(min(middles))} to "
        f"{number.percent(max(middles))} of the change at the median; shocks that the model does not explain are the "
        f"largest part in {led}. The largest part is the same in {firm} of {len(compared)} whether causes are counted "
        "first, last, over all orders or in groups."
    )
    return Finding(text, basis=Basis.learned)


def _harm(every: dict[str, SharedOut]) -> Finding:
    """Deaths in the change in which they moved most."""
    gaps = {
        name: np.median(made.found.harm["deaths"][1] - made.found.harm["deaths"][0]) for name, made in every.items()
    }
    most = every[max(gaps, key=lambda name: abs(gaps[name]))]
    found = findings.harm(most.found)
    return replace(found, text=f"Deaths moved most from {most.span}. {found.text}")


def _shares(every: dict[str, SharedOut]) -> Table:
    """One row a group of causes, one column a change: median share of the change [%]."""
    case = next(iter(every.values())).found.case
    rows: list[dict[str, Cell]] = []
    for name in GROUPS:
        row: dict[str, Cell] = {"group of causes": causes.group_label(case, name)}
        for made in every.values():
            known = clear(made.found)
            row[str(made.found.months[1])] = round(made.percent(members(name)).estimate) if known else None
        rows.append(row)
    changes = ", ".join(_short(made) for made in every.values())
    note = f"Percent of the change, by its last month: {changes}. Intervals are in the other tables."
    return table.of_rows("Share of each change at the median", rows, note=note)


def _short(made: SharedOut) -> str:
    """The months of a change."""
    first, last = made.found.months
    return f"{first} to {last}"


def table_of_claims(every: dict[str, SharedOut]) -> Table:
    """Every claim of every change, beside what the model finds of the causes that it names."""
    rows: list[dict[str, Cell]] = [
        {
            "change": _short(made),
            "source": claim.source,
            "claim": claim.text,
            "size": claim.number or None,
            "causes": causes.group_label(made.found.case, claim.group),
            "said to have": f"{claim.way} it",
            "% of the change": made.percent(members(claim.group)) if clear(made.found) else None,
            "comparison": str(verdict(claim, made.found)),
        }
        for made in every.values()
        for claim in made.claims
    ]
    return table.of_rows("claims of sources", rows)


def _more(every: dict[str, SharedOut]) -> list[Table]:
    """The causes of every change, with intervals."""
    return [
        replace(one, name=f"{name}: {one.name}") for name, made in every.items() for one in tables.of_change(made)[:2]
    ]


def _chart(every: dict[str, SharedOut]) -> Chart:
    """Shares of groups of causes in every change, one panel each."""
    looks = {True: ("a source names it", "changed"), False: ("no source names it", "history")}
    panels = []
    for made in every.values():
        claimed = {claim.group for claim in made.claims}
        found = {causes.group_label(made.found.case, name): made.percent(members(name)) for name in GROUPS}
        series = []
        for named, (label, role) in looks.items():
            shown = [
                one if (name in claimed) == named else NOTHING for name, one in zip(GROUPS, found.values(), strict=True)
            ]
            series.append(chart.named(label, list(zip(found, shown, strict=True)), role))
        panels.append(Panel(tuple(series), "% of the change", made.span.replace(number.NO_BREAK, " "), zero=False))
    return Chart(
        "changes",
        Kind.dots,
        "Changes that the sources explain, shared out among their causes",
        "Share of each change, 100 % in all: dots are medians, bars hold 90 % of draws; below zero causes worked "
        "against the change.",
        tuple(panels),
        cited(next(iter(every.values())).found.case, "encounters"),
    )
