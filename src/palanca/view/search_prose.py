"""A search in sentences: what nothing beats, what it costs people, what decides, what it cannot tell."""

from __future__ import annotations

import numpy as np

from palanca.core.wording import counted
from palanca.questions.search.discover import Discovery
from palanca.questions.search.find import BASELINES, Found
from palanca.questions.search.judge import MEAN, REGRET
from palanca.spec.search_file_outcomes import AIMS
from palanca.view import search_tables as tables
from palanca.view.theme import month_name, percent, rounded

CAUTION = (
    "Every package is a what-if on history: surprises of these months are kept, other levers stay as recorded, and "
    "governments do not answer beyond the package. Costs rest on the bargaining table, most of it assumed, at the "
    "attention and elections of history: trust their order before their size. A package shown here is not advice: it "
    "says what follows from these aims and bounds, and deaths and people on hold stand beside every one."
)
ASSUMED = (
    "People admitted are appointments kept and parole places, taken as used in full.",
    "The transit country's cost is that of enforcement above routine and of taking people back, dearer where many "
    "wait, less what parole places and visas are worth to it; the destination's is that of arrivals at the attention "
    "of these months and of what it gives.",
    "Dependence compares the package with the same one and the transit country back at routine control, taking back "
    "its own nationals alone: always two runs.",
    "A package holds in a draw if some payment, valued alike by both and no larger than what else the destination has "
    "on the table, leaves neither side better off by breaking it for a month and losing it after. It is an "
    "approximation: it takes means over the window, and arrivals after a break with legal ways left open.",
)
BETTER = {"less": "lower", "more": "higher"}
COUNTED = {"encounters": "fewer", "held": "fewer", "deaths": "fewer", "admitted": "more"}  # people and events


def headline(found: Found) -> list[str]:
    """What was found."""
    window = found.search.window
    file = found.search.file
    wanted = [AIMS[one.outcome] for one in file.objectives]
    aims = ", ".join(f"{COUNTED.get(aim.name, BETTER[aim.want])} {aim.words}" for aim in wanted)
    return [
        f"Of {len(found.values):,} packages of {counted(len(found.search.names), 'lever')} tried on "
        f"{month_name(str(window.first))} to {month_name(str(window.last))} in {found.draws:,} draws, "
        f"{_unbeaten(len(found.front))} by no other on {aims}, {_judged(found)}.",
        *against_record(found),
        *harm(found),
    ]


def against_record(found: Found) -> list[str]:
    """Each shown package against the record, on the objectives."""
    lines = []
    for i, package in enumerate(found.shown):
        if package in BASELINES:
            continue
        said = [
            f"{AIMS[name].words} {_change(found.by_draw[name][i] - found.by_draw[name][0], AIMS[name].unit)}"
            for name in (one.outcome for one in found.search.file.objectives)
            if AIMS[name].unit != tables.CHANCE
        ]
        lines.append(f"Against the record, the package '{package}' changes {'; '.join(said)} (90 % interval).")
    return lines


def harm(found: Found) -> list[str]:
    """Deaths and people on hold of every package shown."""
    lines = []
    for name, words in (("deaths", "Deaths on the way"), ("held", "People on hold, mean of the months")):
        said = [f"{package}: {tables.interval(found.by_draw[name][i], name)}" for i, package in enumerate(found.shown)]
        lines.append(f"{words}: {'; '.join(said)}.")
    return lines


def decides(discoveries: list[Discovery]) -> list[str]:
    """Which uncertainty decides between candidates, or that none does."""
    lines = []
    for one in discoveries:
        share = percent(100.0 * one.wins)
        head = f"On {AIMS[one.outcome].words}, '{one.first}' is better than '{one.second}' in {share} of draws"
        if one.decided:
            where = "; ".join(
                f"{percent(100.0 * part.wins)} of draws with {' and '.join(part.bounds)}" for part in one.parts
            )
            lines.append(
                f"{head}: {where}. This foresees {percent(100.0 * one.foreseen)} of new draws, always naming the "
                f"commoner winner {percent(100.0 * one.majority)}."
            )
        elif np.isfinite(one.foreseen):
            lines.append(
                f"{head}; no parameter decides: a tree foresees {percent(100.0 * one.foreseen)} of new draws, always "
                f"naming the commoner winner {percent(100.0 * one.majority)}."
            )
        else:
            lines.append(f"{head}; too few draws go the other way to say what decides.")
    return lines


def _unbeaten(count: int) -> str:
    return f"{count:,} is beaten" if count == 1 else f"{count:,} are beaten"


def _judged(found: Found) -> str:
    file = found.search.file
    if file.judge == MEAN:
        return "each judged by its mean over the draws"
    if file.judge == REGRET:
        return "each judged by its greatest shortfall in any draw from the best first packages"
    return f"each judged by the value that {percent(100.0 * file.share)} of the draws do no worse than"


def _change(change: np.ndarray, unit: str) -> str:
    low, mid, high = (rounded(float(x)) for x in np.quantile(change, tables.LEVELS))
    sign = "" if mid.startswith("−") else "+"
    return f"by {sign}{mid} [{low}, {high}] {unit}"
