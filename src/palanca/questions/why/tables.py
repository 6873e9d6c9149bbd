"""A change shared out, in tables and charts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from palanca.questions.sources import cited
from palanca.questions.why import causes, differences
from palanca.questions.why.causes import PARTS, UNDER_WAY, members
from palanca.questions.why.claims import clear, robust, verdict
from palanca.questions.why.differences import Differences
from palanca.questions.why.shared_out import HARM, SharedOut, of_rival, own_shocks
from palanca.questions.why.shares import Why
from palanca.show import chart, estimate, number, table
from palanca.show.chart import Chart, Kind, Panel, Series
from palanca.show.table import Cell, Table


def of_change(made: SharedOut) -> list[Table]:
    """Causes by size first; then all of them, other ways of counting, harm, origins, claims, and without the model."""
    found = made.found
    shown = sorted(
        (name for name in PARTS if np.any(found.people[name])), key=lambda one: -abs(np.median(found.people[one]))
    )
    rows: list[dict[str, Cell]] = [{"cause": f"all: the {made.noun}", **_whole(made)}]
    rows += [{"cause": causes.label(found.case, name), **_cells(made, [name])} for name in shown]
    note = "Causes sum to the change in every draw; medians need not."
    return [
        table.of_rows(f"What made the {made.noun}, {made.span}", rows, note=note),
        _groups(made),
        _every(made),
        _held(found),
        _harm(found),
        *([_origins(found)] if found.asked.name == "encounters" else []),
        *([_claims(made)] if made.claims else []),
        *([_without(made.rival)] if made.rival else []),
    ]


def _cells(made: SharedOut, parts: Iterable[str]) -> dict[str, Cell]:
    names = list(parts)
    share: dict[str, Cell] = {f"% of the {made.noun}": made.percent(names)} if clear(made.found) else {}
    return {made.unit: made.amount(names), **share}


def _whole(made: SharedOut) -> dict[str, Cell]:
    """The change itself, as published where figures count it."""
    found = made.found
    if found.figures is None:
        return _cells(made, PARTS)
    change = estimate.published(found.figures[1] - found.figures[0], made.unit)
    return dict(zip(_cells(made, PARTS), (change, estimate.published(100.0, "percent")), strict=False))


def _groups(made: SharedOut) -> Table:
    rows: list[dict[str, Cell]] = [
        {
            "group of causes": causes.group_label(made.found.case, name),
            made.unit: made.amount(members(name)),
            **dict(
                zip(("all orders", "first", "last", "groups"), (100.0 * ways[i] for i in (1, 0, 2, 3)), strict=True)
            ),
        }
        for name, ways in robust(made.found).ways.items()
    ]
    units = dict.fromkeys(("all orders", "first", "last", "groups"), "%")
    return table.of_rows("groups, counted in four ways", rows, units=units, note="Means over draws.")


def _every(made: SharedOut) -> Table:
    found, unit = made.found, made.unit if made.found.logs is None else "log points"
    rows: list[dict[str, Cell]] = []
    for name in PARTS:
        counted = found.people if found.logs is None else found.logs
        ways = {"share": counted[name], "first of all": found.alone[name], "last of all": found.last[name]}
        rows.append(
            {
                "cause": causes.label(found.case, name),
                "moved": name in found.moved or name == UNDER_WAY,
                **{way: estimate.of(draws) for way, draws in ways.items()},
            }
        )
    units = dict.fromkeys(("share", "first of all", "last of all"), unit)
    return table.of_rows("every cause", rows, units=units)


def _held(found: Why) -> Table:
    rows: list[dict[str, Cell]] = [
        {"cause": causes.label(found.case, name), "what it holds": one.holds, "not known": found.doubts.get(name)}
        for name, one in PARTS.items()
    ]
    return table.of_rows("what each cause holds", rows)


def _harm(found: Why) -> Table:
    rows: list[dict[str, Cell]] = []
    for name, words in HARM.items():
        then, now = found.harm[name]
        ends = {str(month): estimate.of(draws) for month, draws in zip(found.months, (then, now), strict=True)}
        rows.append({"for people": words, **ends, "change": estimate.of(now - then)})
    return table.of_rows("people on the move", rows)


def _origins(found: Why) -> Table:
    rows: list[dict[str, Cell]] = [
        {
            "origin": found.case.origins[code].name,
            "its own new shocks": own_shocks(draws),
            "levers moved for it alone": code in found.singled,
        }
        for code, draws in found.single.items()
    ]
    note = "Encounters of the first month times the shocks' factor less one, each origin by itself."
    return table.of_rows("shocks by origin", rows, units={"its own new shocks": "events / month"}, note=note)


def _claims(made: SharedOut) -> Table:
    rows: list[dict[str, Cell]] = [
        {
            "source": claim.source,
            "claim": claim.text,
            "size": claim.number or None,
            "causes": causes.group_label(made.found.case, claim.group),
            "said to have": f"{claim.way} it",
            **_cells(made, members(claim.group)),
            "comparison": str(verdict(claim, made.found)),
        }
        for claim in made.claims
    ]
    return table.of_rows("claims of sources", rows)


def _without(rival: Differences) -> Table:
    rows: list[dict[str, Cell]] = [
        {"part": text, "log points": rival.parts[name], "% of the change": of_rival(rival, name)}
        for name, text in differences.PARTS.items()
    ]
    note = f"What set others apart was as large in {number.percent(rival.rarer)} of months without an episode."
    return table.of_rows("without the model", rows, note=note)


def waterfall(made: SharedOut, name: str = "steps") -> Chart:
    """From the first month to the second, step by step."""
    found = made.found
    ends = [number.month_name(str(month)).replace(number.NO_BREAK, " ") for month in found.months]
    steps = [one for one in (UNDER_WAY, *causes.CAUSES) if np.any(found.people[one])]
    parts = [(causes.label(found.case, one), made.amount([one])) for one in steps]
    before, after = float(found.before.mean()), float(found.after.mean())
    middles = [float(found.people[one].mean()) for one in steps]  # means, since these alone sum to the change
    series = Series(
        "steps",
        (ends[0], *(label for label, _ in parts), ends[1]),
        (before, *middles, after),
        (None, *(one.low for _, one in parts), None),
        (None, *(one.high for _, one in parts), None),
    )
    return Chart(
        name,
        Kind.waterfall,
        f"What the change from {made.span} is made of",
        "Each step starts where the one above it ends; bars to the right raise it, bars to the left lower it. Thin "
        "lines hold 90 % of draws.",
        (Panel((series,), found.asked.outcome.unit),),
        cited(found.case, "encounters") if found.figures is not None else "",
    )


def counting(made: SharedOut) -> Chart:
    """Groups of causes over all orders, and counted in other ways."""
    found = made.found
    ways = robust(found).ways
    labels = [causes.group_label(found.case, name) for name in ways]
    own = chart.named(
        "over all orders", [(label, made.percent(members(name))) for label, name in zip(labels, ways, strict=True)]
    )
    others = [
        Series(label, tuple(labels), tuple(100.0 * one[place] for one in ways.values()), role=role, style="dots")
        for place, label, role in ((0, "first of all", "changed"), (2, "last of all", "kind_3"))
    ]
    return Chart(
        "ways of counting",
        Kind.dots,
        "How far each group's part depends on the order of counting",
        "Share of the change: over all orders with 90 % of draws, and where every cause is counted before or after all "
        "others (means).",
        (Panel((own, *others), "% of the change", zero=False),),
    )
