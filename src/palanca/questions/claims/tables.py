"""Tables of claims: the worst first, one a verdict, what would be needed, and what is handed on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palanca.core.clock import Span
from palanca.questions.claims import handed
from palanca.questions.claims.check import CheckedClaim, ClaimReading
from palanca.questions.claims.handed import Replies
from palanca.questions.claims.judge import ORDER, POINTS, ClaimStanding
from palanca.questions.claims.measure import Gauge, steps
from palanca.show import number, table
from palanca.show.table import Cell, Table
from palanca.spec.claim_expression import dated_part, meaning

JUDGED = (ClaimStanding.contradicted, ClaimStanding.overstated, ClaimStanding.understated, ClaimStanding.supported)
TODAY = "only today's edition is at hand"
AROUND = 6  # months before and after a claim that a line of a table shows
BARS, MOST_BARS = "▁▂▃▄▅▆▇█", 24
WORST = "Claims that a figure can settle, the worst first"


def tables(found: Sequence[CheckedClaim], gauge: Gauge, replies: Replies, case: str) -> list[Table]:
    """Every table of the answer; the first is that of the first screen."""
    judged = ranked([one for one in found if one.standing in JUDGED])
    whole = [_worst(judged)] if judged else []
    by_standing = [
        _of(standing, [one for one in judged if one.standing is standing], gauge)
        for standing in JUDGED
        if any(one.standing is standing for one in judged)
    ]
    rest = (_made(judged), _handed(found, replies, case), _not_checkable(found))
    return [*whole, *by_standing, *(one for one in rest if one.rows)]


def ranked(found: Sequence[CheckedClaim]) -> list[CheckedClaim]:
    """Claims by how they stand, the worst first; within that those furthest off, points after percent."""

    def badness(one: CheckedClaim) -> tuple[int, bool, float]:
        main = one.now.main if one.now is not None else None
        assert main is not None
        return ORDER.index(main.standing), main.unit == POINTS, -(main.by or 0.0)

    return sorted(found, key=badness)


def off(one: CheckedClaim) -> str:
    """How the figure of a claim stands and how far it is off: `overstated by 42 %`; a cause is not judged by it."""
    main = one.now.main if one.now is not None else None
    by = f" by {main.off}" if main is not None and main.off else ""
    return f"{one.standing}{by}" + ("; cause for the model" if main is not None and one.entry.handed_on else "")


def said(reading: ClaimReading) -> str:
    """Everything that was said, in words."""
    return "; ".join(one.said for one in reading.judgements)


def told(reading: ClaimReading | None) -> str:
    """Everything that was found, in words."""
    return TODAY if reading is None else "; ".join(dict.fromkeys(one.found for one in reading.judgements))


def months_around(one: CheckedClaim, gauge: Gauge, around: int) -> tuple[list[str], np.ndarray, str]:
    """Months (or years) about those of a claim, the value in each of what it is about, and their unit.

    Returns:
        Labels from the first step with a figure to the last; values, (step), NaN in a gap; the unit. Empty where
        nothing has a value a month.
    """
    figure, months = one.claim.figure, one.entry.months
    part = dated_part(figure) if figure is not None else None
    if part is None or months is None:
        return [], np.array([]), ""
    known = meaning(part)
    wider = Span(months.first + -around, months.last + around)
    values = gauge.anew().values(part, wider)
    labels = steps(wider, yearly=bool(known.yearly))
    held = np.flatnonzero(np.isfinite(values))
    if not held.size:
        return [], np.array([]), ""
    ends = slice(held[0], held[-1] + 1)
    return labels[ends], values[ends], known.unit_name


def line(values: np.ndarray) -> str:
    """Values as a small line of bars from zero, (step); of many the mean of neighbours. A gap has no bar."""
    known = values[np.isfinite(values)]
    top = float(known.max()) if known.size else 0.0
    if top <= 0.0:
        return ""
    parts = np.array_split(known, min(MOST_BARS, len(known)))
    heights = [max(float(part.mean()), 0.0) / top for part in parts]
    return "".join(BARS[min(len(BARS) - 1, int(len(BARS) * height))] for height in heights)


def _worst(judged: Sequence[CheckedClaim]) -> Table:
    rows: list[dict[str, Cell]] = []
    for one in judged:
        assert one.now is not None
        rows.append(
            {
                "claim": one.entry.id,
                "verdict": off(one),
                "said": said(one.now),
                "figure": told(one.now),
                "about": one.entry.claim,
            }
        )
    note = "docs/claims.md has the rule of every word; --full shows months and editions."
    return table.of_rows(WORST, rows, note=note)


def _of(standing: ClaimStanding, given: Sequence[CheckedClaim], gauge: Gauge) -> Table:
    """Claims of one verdict with all that made it."""
    rows: list[dict[str, Cell]] = []
    for one in given:
        now, entry = one.now, one.entry
        assert now is not None
        labels, values, _ = months_around(one, gauge, AROUND)
        ends = f"{labels[0]}..{labels[-1]}" if labels else ""
        rows.append(
            {
                "claim": entry.id,
                "in our words": entry.claim,
                "by, in": f"{entry.said_by}, {number.month_name(str(entry.said))} ({', '.join(entry.source)})",
                "verdict": off(one),
                "said": said(now),
                "figure now": told(now),
                "as known then": told(one.then) + (f" ({_then(one)})" if one.turned else ""),
                "months around": f"{line(values)} {ends}".strip() or None,
            }
        )
    return table.of_rows(str(standing).capitalize(), rows)


def _made(judged: Sequence[CheckedClaim]) -> Table:
    """What each figure is: its expression, months, unit and editions."""
    rows: list[dict[str, Cell]] = []
    for one in judged:
        now, entry = one.now, one.entry
        assert now is not None
        assert entry.months is not None
        rows.append(
            {
                "claim": entry.id,
                "figure": entry.figure,
                "months": f"{entry.months.first}..{entry.months.last}",
                "unit": one.unit or None,
                "edition": "; ".join(f"{row.id}: {row.publisher}, {row.edition}" for row in now.editions),
                "note": " ".join([*([entry.note] if entry.note else []), *(f"{text}." for text in now.notes)]) or None,
            }
        )
    return table.of_rows("What each figure is", rows)


def _then(one: CheckedClaim) -> str:
    main = one.then.main if one.then is not None else None
    return str(main.standing) if main is not None else ""


def _not_checkable(found: Sequence[CheckedClaim]) -> Table:
    rows: list[dict[str, Cell]] = []
    for one in found:
        if one.standing is not ClaimStanding.not_checkable:
            continue
        declared = one.entry.not_checkable
        lacking = one.now.lacking if one.now is not None else ""
        rows.append(
            {
                "claim": one.entry.id,
                "in our words": one.entry.claim,
                "would need": declared.needs if declared is not None else lacking,
                "palanca has": declared.instead if declared is not None else None,
            }
        )
    return table.of_rows("Not checkable with the series at hand", rows)


def _handed(found: Sequence[CheckedClaim], replies: Replies, case: str) -> Table:
    rows: list[dict[str, Cell]] = []
    for one in found:
        given = one.entry.handed_on
        if given is None:
            continue
        row: dict[str, Cell] = {"claim": one.entry.id, "asks": given.asks, "command": handed.command(given, case)}
        if (reply := replies.get(one.entry.id)) is not None:
            unit = f" [{reply.number.unit}]" if reply.number.unit else ""
            row |= {"number": reply.number, "which is": f"{reply.name}{unit}", "basis": str(reply.finding.basis)}
            row |= {"answer": reply.finding.text}
        rows.append(row)
    return table.of_rows("Handed on to the model", rows, note="" if replies else "With --answer they are asked.")
