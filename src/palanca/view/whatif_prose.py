"""What-ifs in sentences: what differs, for whom, what it costs people, and what the answer cannot tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palanca.questions.whatif.ask import ANSWERING, FROZEN, HISTORY, PROBED
from palanca.questions.whatif.worlds import DEALS
from palanca.spec.edit import Change
from palanca.view import words
from palanca.view.theme import NO_BREAK, month_name, percent, rounded
from palanca.view.whatif_tables import Told, base, by_part, chance_of_deal, whole

LEADING = 3  # origins named
CAUTION = (
    "Both worlds share every surprise that history held, so the change is what the model makes of levers; it is not "
    "a forecast. Intervals hold doubt about parameters, not about the equations. Governments that answer do so as "
    "their practice was seen to follow arrivals, which figures tell only roughly."
)


def says(told: Told) -> list[str]:
    """What a reader should take away, in order of importance; harm always among it."""
    first, *others = _arrivals(told)
    return [first, *_people(told), *others, *_politics(told)]


def asked(changes: Sequence[Change]) -> str:
    """A question in words, from its changes."""
    return "What if " + ", and ".join(_one(change) for change in changes) + "?"


def _one(change: Change) -> str:
    value = f"{change.value:g}" if isinstance(change.value, float) else str(change.value)
    when = f" from {month_name(str(change.first))}" if change.first else ""
    when += f" to {month_name(str(change.last))}" if change.last else ""
    return f"{change.target} had been {value}{when}"


def _arrivals(told: Told) -> list[str]:
    frozen, answering = (whole(told, world, "encounters") for world in (FROZEN, ANSWERING))
    share = np.median(frozen) / max(float(np.median(base(told, "encounters"))), 1.0)
    first = (
        f"From {told.span}, governments otherwise as recorded, there would have been {words.more(frozen)} encounters"
    )
    first += f" ({percent(100.0 * abs(share), 1)} {'more' if share > 0 else 'fewer'})."
    kept = np.median(answering) / np.median(frozen) if np.median(frozen) else 1.0
    second = f"Had they answered to attention as before: {words.more(answering)}"
    second += f", {percent(100.0 * kept)} of it." if np.isfinite(kept) and 0.0 < kept < 10.0 else "."
    rows = [row for row in by_part(told, "encounters by origin") if abs(_change(row)) >= 1.0][:LEADING]
    named = ", ".join(f"{row['origin']} {words.signed(_change(row))}" for row in rows)
    return [first, second, *([f"Most of the change, by origin: {named}."] if rows else [])]


def _people(told: Told) -> list[str]:
    deaths, held, let_in, stops = (whole(told, FROZEN, name) for name in ("deaths", "held", "let_in", "stops"))
    return [
        f"For people on the move: {words.more(deaths)} deaths on the way, {words.more(held)} on hold on average, "
        f"{words.more(let_in)} "
        f"let in, {words.more(stops)} stopped by the transit country."
    ]


def _politics(told: Told) -> list[str]:
    found = []
    if told.public:
        then, now = (told.public[world].salience[told.rows].mean(axis=0) for world in (HISTORY, FROZEN))
        gap = 100.0 * (now / then - 1.0)
        weighs = f"{words.signed(float(np.median(gap)))}{NO_BREAK}% {words.interval(gap)}"
        found.append(f"The weight of an arrival in politics would have changed by {weighs}.")
    if DEALS in told.found.outcomes:
        then, now = (100.0 * chance_of_deal(told, world) for world in (HISTORY, FROZEN))
        found.append(
            f"A deal in these months, as the ledger of past ones has it: {percent(float(np.median(then)))} in history, "
            f"{words.signed(float(np.median(now - then)))} {words.interval(now - then)} points in the other world."
        )
    if told.found.probed is not None:
        kept, gap = told.found.leverage(HISTORY), told.found.leverage(FROZEN) - told.found.leverage(HISTORY)
        word = words.apart(gap)
        found.append(
            f"Leverage: had the transit country stopped for {PROBED} months from {month_name(str(told.found.probed))}, "
            f"{rounded(float(np.median(kept)))} {words.interval(kept)} more encounters a month in history; the change "
            "moves "
            f"that by {words.signed(float(np.median(gap)))} {words.interval(gap)}, {word}."
        )
    return found


def _change(row: dict[str, object]) -> float:
    return float(str(row[FROZEN]))
