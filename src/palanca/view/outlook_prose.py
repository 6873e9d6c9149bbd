"""What a forecast says in plain sentences: what to expect, how sure, what becomes of people, what it cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from palanca.core.wording import counted, listed
from palanca.questions.forecast.project import REACT, RECORD, Forecast
from palanca.spec.edit import Change
from palanca.view import outlook
from palanca.view.outlook import ALL, DEAD, HELD, LET_IN, TRANSIT, WAIT, Line
from palanca.view.prose import worded
from palanca.view.theme import month_name, percent, rounded

if TYPE_CHECKING:  # a command that shows no scores need not load what makes them
    from palanca.evidence.skill import Row

LOW, MID, HIGH = 0.05, 0.5, 0.95
LATER = 3  # months ahead beyond which no skill by origin has been shown


def levers(found: Forecast) -> str:
    """What the levers asked for are, as half a sentence."""
    said = [worded(found.case, _from_now(found, change)) for change in found.changes]
    if found.levers == RECORD:
        said.insert(0, "levers as the dated record has them")
    if found.levers == REACT:
        said.insert(0, "governments that go on answering to arrivals as they did before")
    return listed(said) or f"levers as they were in {month_name(str(found.last))}"


def _from_now(found: Forecast, change: Change) -> Change:
    """A change that began earlier begins, in a forecast, with its first month."""
    begun = change.first is None or change.first < found.months[0]
    return replace(change, first=found.months[0]) if begun else change


def headline(found: Forecast) -> list[str]:
    """What to expect of encounters: the last known month, the first, the last, and all together."""
    months, total = outlook.labels(found), outlook.line(found, ALL)
    last, end = float(total.past[-1]), len(months) - 1
    above = 100.0 * float(np.mean(total.plain[end] > last))
    parts = [f"{_banded(total.plain[0])} in {month_name(months[0])}"]
    if end:
        parts.append(f"{_banded(total.plain[end])} in {month_name(months[end])}")
    words = (
        f"In {month_name(str(found.last))}, the last month taken as known, the Border Patrol counted {rounded(last)} "
        f"encounters between ports of entry. With levers as they were then, expect {' and '.join(parts)}"
    )
    if end:
        words += f"; {_banded(total.plain.sum(axis=0))} over all {counted(end + 1, 'month')}"
    chance = f"The chance that {month_name(months[end])} is above {month_name(str(found.last))} is {percent(above)}."
    return [f"{words}.", chance, *_changed(found, total)]


def harm(found: Forecast) -> list[str]:
    """What becomes of people: on hold, dead, let in; and what other levers do to each."""
    months = outlook.labels(found)
    held, dead, let_in = (outlook.line(found, HELD, name) for name in (WAIT, DEAD, LET_IN))
    over = f"over {counted(len(months), 'month')}"
    words = [
        f"At the end of {month_name(months[-1])}, {_banded(held.plain[-1])} people are on hold in the transit country; "
        f"{over} {_banded(dead.plain.sum(axis=0))} people die on the way, scaled to recorded deaths, which are a "
        f"lower bound, and {_banded(let_in.plain.sum(axis=0))} are let in."
    ]
    if held.difference is not None and dead.difference is not None and let_in.difference is not None:
        words.append(
            f"With {levers(found)}, {_gap(held.difference[-1], 'people are on hold then')}; {over} "
            f"{_gap(dead.difference.sum(axis=0), 'people die on the way', 2)} and "
            f"{_gap(let_in.difference.sum(axis=0), 'are let in')}. A band that holds zero cannot tell more from fewer."
        )
    return words


def how_sure(found: Forecast, skill: Sequence[Row] = ()) -> list[str]:
    """What the bands hold, whether later figures lie inside them, and how past forecasts fared.

    Args:
        found: The forecast.
        skill: Scores of past forecasts of the total against persistence, a row a horizon, if they are at hand.
    """
    draws = found.expected["repeats"].shape[-1]
    words = [
        f"Bands hold 80 % and 90 % of {counted(draws, 'path')} drawn. Arrivals by origin are drawn from the months up "
        f"to {month_name(str(found.last))} alone: momentum, season, and the size of past shocks, one of them shared. "
        "Stops, waiting and deaths follow from the corridor on each path, with its fitted parameters drawn too.",
        *_inside(found),
    ]
    words.extend(_scored(one) for one in skill)
    if not skill:
        words.append("No scores of past forecasts are at hand here; `palanca evidence backtest` makes them.")
    return words


def cannot_tell(found: Forecast) -> list[str]:
    """What is assumed, and what no band holds."""
    words = [
        "That levers stay as they are is an assumption, not a forecast of policy. A new policy, deal or order is "
        "inside the bands only as far as the past had shocks of its size.",
        f"By origin, nothing beyond {counted(LATER, 'month')} ahead has been shown to beat the last count; the bands "
        "of origins whose numbers turned by jumps, such as Venezuela, Haiti and Nicaragua, may be too narrow.",
        "Arrivals know no levers: what a changed lever does comes from the corridor, whose effects rest on the few "
        "times such levers moved.",
        "People on hold are counted by nobody; they follow from the accounts of people. Recorded deaths are a lower "
        "bound.",
    ]
    if found.last < found.case.span.last:
        words.append(
            "Parameters are those of the fit, which may have seen figures after the start; arrivals with levers as "
            "they are do not depend on them, but stops, waiting, deaths and the effect of levers do."
        )
    if found.levers == RECORD:
        words.append("Levers of the record were not known at the start: this is a test of the model, not a forecast.")
    if found.levers == REACT:
        words.append(
            "How governments answer is learned from the months before the start, month by month, and held fixed: it "
            "holds neither elections nor courts nor bargains."
        )
    if found.changed is not None:
        words.append(
            "Both worlds share every draw, so the difference is what the levers do in the model; doubt about its "
            "shape is not in the band."
        )
    return words


def _scored(one: Row) -> str:
    band = "" if one.low is None or one.high is None else f" [{one.low:.2f} to {one.high:.2f}]"
    ratio = "" if one.ratio is None else f" scored {one.ratio:.2f}{band} of {one.against} (below 1 is better), and"
    return (
        f"At {counted(one.horizon, 'month')} ahead, {counted(one.starts, 'past forecast')} of the total{ratio} held "
        f"{percent(100.0 * one.held_80)} of the figures inside the 80 % band."
    )


def _changed(found: Forecast, total: Line) -> list[str]:
    """What the levers asked for do to encounters."""
    if total.difference is None or total.other is None:
        return []
    months, end = outlook.labels(found), len(outlook.labels(found)) - 1
    words = (
        f"With {levers(found)}, expect {_gap(total.difference[end], 'encounters')} in {month_name(months[end])}: "
        f"{_banded(total.other[end])}"
    )
    if end:
        words += f"; over all {counted(end + 1, 'month')} {_gap(total.difference.sum(axis=0))}"
    return [words + "."]


def _inside(found: Forecast) -> list[str]:
    """How many of the months since seen lie inside the bands, for the total and for stops."""
    words = []
    for family, noun in ((ALL, "encounters"), (TRANSIT, "stops")):
        one = outlook.line(found, family)
        known = np.isfinite(one.seen)
        if known.any():
            low, near, _, far, high = outlook.bands(one.plain)
            wide, narrow = ((one.seen >= a) & (one.seen <= b) for a, b in ((low, high), (near, far)))
            words.append(
                f"Of the {counted(int(known.sum()), 'month')} since published, {noun} lie inside the 80 % band in "
                f"{int(narrow[known].sum())} and inside the 90 % band in {int(wide[known].sum())}; months of one "
                "path go together, so this is one trial, not many."
            )
    return words


def _banded(sample: np.ndarray) -> str:
    low, mid, high = (float(value) for value in np.quantile(sample, (LOW, MID, HIGH)))
    return f"{rounded(mid)} [{rounded(low)} to {rounded(high)}]"


def _gap(difference: np.ndarray, what: str = "", digits: int = 3) -> str:
    """A difference in words: `36,200 [33,700 to 38,400] fewer people are on hold`, with its doubt."""
    low, mid, high = (float(value) for value in np.quantile(difference, (LOW, MID, HIGH)))
    sign = -1.0 if mid < 0 else 1.0
    near, far = sorted((sign * low, sign * high))
    words = f"{rounded(sign * mid, digits)} [{rounded(near, digits)} to {rounded(far, digits)}]"
    words += f" {'fewer' if mid < 0 else 'more'}" + (f" {what}" if what else "")
    return words if low * high > 0.0 else f"{words} (the band holds zero)"
