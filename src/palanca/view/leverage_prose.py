"""Leverage of a month and through time: what the numbers say, sentence by sentence."""

from __future__ import annotations

import numpy as np

from palanca.core.clock import Month
from palanca.core.wording import counted
from palanca.questions.bargaining.prepared import HORIZON
from palanca.questions.leverage.month import STOPS, Course, change
from palanca.view.leverage_tables import OneMonth, Study, better, most_moved, spread, unsettled
from palanca.view.theme import MINUS, NONE, cell, month_name, percent, rounded

AFTER = tuple(Month.parse(text) for text in ("2024-02", "2024-03", "2024-04"))
BEFORE = tuple(Month.parse(text) for text in ("2023-09", "2023-10", "2023-11"))
SURE, UNLIKELY = 0.9, 0.1  # a chance between them tells no sign
ROUTINE, STOP, NO_RETURNS, OWN = STOPS[1:]
CAUTION = (
    "People come from the fitted corridor with history's surprises kept: what would have come in hindsight, not a "
    "forecast. Payoffs rest on beliefs declared for the bargaining table, most of them assumed: trust their order "
    "before their size. Nothing in a payoff counts deaths or people on hold; they stand beside it."
)


def headline(study: Study) -> list[str]:
    """What was found, first of the month and then through time."""
    found = [] if study.one is None else [*people_say(study, study.one), *payoffs_say(study, study.one)]
    return found if study.course is None else [*found, *course_says(study, study.course)]


def people_say(study: Study, one: OneMonth) -> list[str]:
    """How many more would come, who they are, and the harm beside it."""
    found, (holder, depends) = one.people, _sides(study)
    more = {world: found.more(world)[0] for world in STOPS}
    top = most_moved(one)
    stop = STOPS.index(STOP)
    origins = found.encounters[0, stop] - found.encounters[0, 0]
    named = ", ".join(f"{study.origins[place]} {_people(origins[place])}" for place in top)
    dead = found.deaths[0, stop] - found.deaths[0, 0]
    held = found.held[0, stop] - found.held[0, 0]
    return [
        f"{_window(one.month)}: {_people(found.encounters[0, 0].sum(axis=0))} encounters a month as recorded. Had "
        f"{holder} gone to routine control, {_people(more[ROUTINE])} more a month would have come (90 % interval); "
        f"had it stopped, {_people(more[STOP])}; had it taken nobody back besides, {_people(more[NO_RETURNS])}.",
        f"Had it stopped and {depends} used its own limits as far as law allows, {_people(more[OWN])} more: the rest "
        "is what its own means could not replace.",
        f"Most of those who would have come had it stopped: {named}.",
        f"Beside it stands harm: on the way {_people(found.deaths[0, 0], 2)} deaths a month as recorded and "
        f"{_signed(dead, 2)} had it stopped; on hold at the end {_people(found.held[0, 0])} people and "
        f"{_signed(held)}.",
    ]


def payoffs_say(study: Study, one: OneMonth) -> list[str]:
    """What cooperation is worth, whether it can be used, and where gains come from."""
    given, (holder, depends) = one.payoffs, _sides(study)
    hurts = _share(given.stopping < 0.0, given.stopping)
    every, each = better(given)
    by = ", ".join(f"{party} {_percent(chance)}" for party, chance in zip(study.parties, each, strict=True))
    lost = unsettled(np.column_stack([given.realised, given.conversion]))
    said = [
        f"In payoff ({study.unit}) {depends} would lose {_number(given.sensitivity)} at once and "
        f"{_number(given.vulnerability)} after using its own means; one more unit of effort is worth "
        f"{_number(given.shadow_price)} to it.",
        f"Apart from what it gets in return, stopping would give {holder} itself {_number(given.stopping)}: it would "
        f"hurt itself in {_percent(hurts)} of draws. If it suited itself alone it would let through "
        f"{_number(given.usable_share)} of the arrivals that "
        "stopping would; the rest of its capability could be used at its own cost only.",
        f"The dependence buys {holder} {_number(given.realised)} in the deal of the month{_sign_note(given.realised)}.",
        f"Political issues on the table leave all parties better off in {_percent(every)} of draws ({by}): "
        f"by these beliefs {_conversion(every)}.",
        *_sharing_says(study, one),
    ]
    if lost:
        said.append(
            f"In {counted(lost, 'draw')} of {given.realised.size} a search for the deal did not converge; they are "
            "left out of what rests on a deal."
        )
    return said


def course_says(study: Study, found: Course) -> list[str]:
    """Where leverage and encounters peak, and whether leverage rose after the deal of December 2023."""
    months, (holder, _) = found.people.months, _sides(study)
    total = found.people.encounters[:, 0].sum(axis=1)
    lines = {
        "encounters": total,
        f"more if {holder} goes to routine control": found.people.more(ROUTINE),
        f"more if {holder} stops": found.people.more(STOP),
        "sensitivity": found.sensitivity,
        "vulnerability": found.vulnerability,
    }
    peaks = {
        name: int(np.argmax(np.nan_to_num(np.nanmedian(rows, axis=1), nan=-np.inf))) for name, rows in lines.items()
    }
    told = "; ".join(f"{name} {month_name(str(months[place]))}" for name, place in peaks.items())
    later = _share(found.people.more(STOP).argmax(axis=0) > total.argmax(axis=0), total[0])
    said = [
        f"Windows of {HORIZON} months by their first month, {month_name(str(months[0]))} to "
        f"{month_name(str(months[-1]))}. Highest median: {told}.",
        f"What would come if {holder} stopped peaks later than encounters in {_percent(later)} of draws.",
    ]
    return [*said, *_rise(found, lines)]


def covers(months: tuple[Month, ...]) -> bool:
    """Whether these months hold both those before and after the deal of December 2023."""
    return set(AFTER) | set(BEFORE) <= set(months)


def verdict(chance: float) -> str:
    """What a chance over draws tells of a sign."""
    if not np.isfinite(chance):
        return "no draw tells"
    if chance >= SURE:
        return "a rise"
    return "a fall" if chance <= UNLIKELY else "not identified"


def _rise(found: Course, lines: dict[str, np.ndarray]) -> list[str]:
    months = found.people.months
    if not covers(months):
        return []
    said = []
    for name, rows in lines.items():
        moved = change(rows, months, AFTER, BEFORE)
        chance = _share(moved > 0.0, moved)
        said.append(f"{name} {_signed(moved)}, above in {_percent(chance)} of draws: {verdict(chance)}")
    fell, *others = said
    return [
        "February to April 2024, after the deal of December 2023, less September to November 2023: "
        f"{fell.split(',' + ' above')[0]}; {'; '.join(others)}."
    ]


def _sharing_says(study: Study, one: OneMonth) -> list[str]:
    found = one.sharing
    if not found.issues:
        return ["No issue could be traded in this month."]
    tops = []
    for p, party in enumerate(study.parties):
        mids = np.median(found.shares[:, :, p], axis=0)
        place = int(np.argmax(mids))
        issue = found.issues[place].replace("_", " ")
        tops.append(f"{_the(party)} most from {issue}, {_number(found.shares[:, place, p])}")
    subsets = 2 ** len(found.issues)
    left = f"; {counted(found.left_out, 'draw')} left out" if found.left_out else ""
    return [
        f"Shared out over all orders of {counted(len(found.issues), 'issue')} ({counted(len(found.no_deals), 'draw')}"
        f"{left}), gains come to {' and to '.join(tops)}. {rounded(float(np.median(found.no_deals)))} of {subsets} "
        f"subsets hold no deal (median). Merging two neighbouring issues moves a share of "
        f"{_sides(study)[0]} "
        f"by up to {_percent(float(np.median(found.moved)))} of its gain (median over draws): shares hang on how "
        "issues "
        "are cut."
    ]


def _sides(study: Study) -> tuple[str, str]:
    return _the(study.parties[study.holder]), _the(study.parties[study.depends])


def _the(party: str) -> str:
    """A party's name within a sentence."""
    return f"the {party}" if party.startswith(("United ", "European ")) else party


def _window(month: Month) -> str:
    return f"{month_name(str(month))} to {month_name(str(month + (HORIZON - 1)))}"


def _people(values: np.ndarray, digits: int = 3) -> str:
    low, mid, high = (rounded(q, digits) for q in spread(values))
    return mid if low == high else f"{mid} [{low} to {high}]"


def _signed(values: np.ndarray, digits: int = 3) -> str:
    low, mid, high = spread(values)
    told = ("+" if mid > 0.0 else "") + rounded(mid, digits)
    ends = rounded(low, digits), rounded(high, digits)
    return told if ends[0] == ends[1] else f"{told} [{ends[0]} to {ends[1]}]"


def _number(values: np.ndarray) -> str:
    low, mid, high = (cell(round(q, 2)) if np.isfinite(q) else NONE for q in spread(values))
    return f"{mid} [{low} to {high}]".replace("-", MINUS)


def _percent(chance: float) -> str:
    return percent(100.0 * chance)


def _share(true: np.ndarray, values: np.ndarray) -> float:
    """Share of the draws that hold a number for which something is true."""
    known = np.isfinite(values)
    return float(true[known].mean()) if known.any() else float("nan")


def _sign_note(values: np.ndarray) -> str:
    low, _, high = spread(values)
    return ", a sign that is not identified" if low < 0.0 < high else ""


def _conversion(chance: float) -> str:
    if not np.isfinite(chance):
        return "no draw tells"
    if chance >= SURE:
        return "the dependence can be turned into influence"
    return "it cannot" if chance <= UNLIKELY else "whether it can be turned into influence is not identified"
