"""Charts of claims: how many stand how, and for each verdict a small chart a claim, its months marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from palanca.data.catalogue import SeriesEntry
from palanca.questions.claims import judge, tables
from palanca.questions.claims.check import CheckedClaim
from palanca.questions.claims.judge import ClaimStanding
from palanca.questions.claims.measure import Gauge
from palanca.questions.claims.tables import JUDGED
from palanca.show import chart, number
from palanca.show.chart import Chart, Kind, Panel, Series

AROUND = 18  # months before and after those of a claim


def charts(found: Sequence[CheckedClaim], gauge: Gauge) -> list[Chart]:
    """The overview, then one chart a verdict with a panel a claim."""
    judged = tables.ranked([one for one in found if one.standing in JUDGED])
    by_standing = []
    for standing in JUDGED:
        panels = [made for one in judged if one.standing is standing and (made := _panel(one, gauge)) is not None]
        if panels:
            by_standing.append(
                Chart(
                    str(standing),
                    Kind.lines,
                    str(standing).capitalize(),
                    "The line is what the claim is about, month by month; dots are the months of the claim, and the "
                    "dashed line is the value that was said, where it is one of a month.",
                    tuple(panels),
                    _source([one for one in judged if one.standing is standing]),
                )
            )
    return [_overview(found), *by_standing]


def _overview(found: Sequence[CheckedClaim]) -> Chart:
    counts = Counter(one.standing for one in found)
    names = tuple(str(standing) for standing in ClaimStanding)
    sizes = tuple(float(counts[standing]) for standing in ClaimStanding)
    return Chart(
        "verdicts",
        Kind.bars,
        "How the claims stand",
        "Each claim counts once, by what of it stands worst. One that is handed on has no figure of its own.",
        (Panel((Series("claims", names, sizes),), "claims"),),
    )


def _panel(one: CheckedClaim, gauge: Gauge) -> Panel | None:
    """The series that a claim is about, around its months."""
    labels, values, unit = tables.months_around(one, gauge, AROUND)
    if not labels or one.now is None or one.entry.months is None:
        return None
    months = one.entry.months
    ends = (str(months.first)[: len(labels[0])], str(months.last)[: len(labels[0])])
    own = [k for k, label in enumerate(labels) if ends[0] <= label <= ends[1] and np.isfinite(values[k])]
    marked = (tuple(labels[place] for place in own), chart.known(values[own]))
    series = [
        chart.line("figure", labels, values, "figures"),
        Series("months of the claim", *marked, role="history", style="dots"),
    ]
    named = _level(one)
    if named is not None and unit == one.unit and own:
        reach = labels[max(0, own[0] - 3) : own[-1] + 4]
        series.append(Series("as said", tuple(reach), (named,) * len(reach), role="changed", style="dash"))
    editions = "; ".join(_short(row) for row in one.now.editions)
    valued = one.entry.says is not None and bool(one.entry.says.value)
    measured = f" ({one.unit})" if valued and one.unit and not judge.in_percent(one.unit) else ""
    told = f"{tables.off(one)}: said {tables.said(one.now)}, figure {tables.told(one.now)}{measured}."
    then = f" As known in {number.month_name(str(one.entry.said))}: {tables.told(one.then)}."
    return Panel(
        tuple(series),
        unit,
        f"{one.entry.id}: {one.entry.claim}",
        note=f"{told[:1].upper()}{told[1:]}{then} {editions}.",
    )


def _short(row: SeriesEntry) -> str:
    """A series with its publisher and how far its edition was current; a table has the edition in its own words."""
    current = f", edition current to {number.month_name(row.as_of)}" if row.as_of else ""
    return f"{row.id} ({row.publisher}){current}"


def _level(one: CheckedClaim) -> float | None:
    """The value said, where one is."""
    says = one.entry.says
    if says is None or not says.value or says.value in ("between", "magnitude"):
        return None
    return float(getattr(says, says.value))


def _source(given: Sequence[CheckedClaim]) -> str:
    ids = dict.fromkeys(row.id for one in given if one.now is not None for row in one.now.editions)
    return chart.source(*ids)
