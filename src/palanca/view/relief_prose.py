"""What the game of a relief on conditions says, what it cannot produce, and why, sentence by sentence."""

from __future__ import annotations

import numpy as np

from palanca.bargain.snapback import RESPONSES
from palanca.questions.relief import facts
from palanca.questions.relief.facts import DECLARED, Finding, Study
from palanca.view.theme import percent, rounded

LEVELS = (0.05, 0.5, 0.95)
MOST, SOME, FEW = 0.8, 0.5, 0.2
HALF, OFTEN = 0.5, 0.05
WHOLE = ("partial", "graduated")


def headline(study: Study) -> list[str]:
    """Whether the game has both facts, and the parts of them that it has."""
    found = {one.id: one for one in study.findings}
    has = [one for one in study.findings if one.id not in (*WHOLE, "never") and one.chance >= MOST]
    lacks = [one for one in study.findings if one.id not in (*WHOLE, "never") and one.chance < FEW]
    said = [_whole(found[name]) for name in WHOLE]
    if has:
        said.append(f"It has, in most draws: {_parts(has)}.")
    if lacks:
        said.append(f"It lacks: {_parts(lacks)}.")
    said.append(_payment(study, found["unbought"]))
    return said


def caution(study: Study) -> str:
    """What no number here should be taken for."""
    numbers = study.setting.relief.beliefs()
    assumed = sum(belief.basis == "assumed" for belief in numbers.values())
    return (
        f"{assumed} of {len(numbers)} beliefs are judgements: the worth of office and what a clause costs at the polls "
        "have no market price. Read the order of things, not their size. Shares are of draws of these beliefs, not "
        "chances that history would have gone so. Nobody's death on the way is modelled here."
    )


def why(study: Study) -> list[str]:
    """Why the game goes as it goes, in its own numbers: only what its numbers show."""
    setting, course = study.setting, study.courses[DECLARED]
    response = np.asarray(course.response)[:, : setting.clock].mean(axis=(0, 1))
    forbears, part, full, back = (percent(100.0 * float(chance)) for chance in response)
    said = [
        f"To the clock the destination forbears with a chance of {forbears} a month, withdraws what was broken with "
        f"{part}, all with {full}, and restores all with {back}.",
        *_due(study),
        *_menu(study),
    ]
    if float(response[RESPONSES.index("full")]) > float(response[RESPONSES.index("part")]):
        said.append(
            "All is withdrawn more often than what was broken: the small slices cost little to take along, so that "
            "keeping a cheap clause does not protect what hangs on it."
        )
    return [*said, *_back_and_forth(study), *_small(study), *_rivals(study)]


def severity_says(study: Study) -> list[str]:
    """How the share of encounters and Mexico's asking move the answer."""
    found = {one.id: one for one in study.findings}
    said = []
    relief = study.setting.relief
    for what, words in (
        ("migration", "nobody of that nationality among encounters"),
        ("asked", f"a {relief.country('transit')} that does not ask"),
    ):
        steps = study.severity[what]
        none, twice = (100.0 * float(steps[step].mean()) for step in (facts.STEPS[0], facts.STEPS[-1]))
        holds = found[f"falls_in_{what}"].chance
        said.append(
            f"With {words}, {percent(none)} of relief is withheld to the clock; with twice as much as declared, "
            f"{percent(twice)}. It falls in {percent(100 * holds)} of draws."
        )
    return [
        *said,
        f"Nationals of {relief.country('conditioned')} were {percent(100 * study.setting.share)} of encounters in the "
        f"{relief.file.migration.months} months before; that share is held, for nobody knew the next.",
    ]


def lesson_says(study: Study) -> list[str]:
    """What a breach teaches of the other side, and for the next round."""
    one = study.lesson
    before, after = (_interval(values) for values in (one.before, one.after))
    renewed, then = (_interval(values) for values in (one.renewed_before, one.renewed_after))
    return [
        f"A seen breach of the dear clause takes the belief that relief can buy it from {before} to {after}.",
        f"The chance that the same relief is worth renewing for that clause goes from {renewed} to {then}.",
    ]


def people_say(study: Study) -> list[str]:
    """What flights that go on or stop mean in people."""
    setting = study.setting
    course = study.courses[DECLARED]
    monthly = facts.people_returned(setting, course)
    always = (setting.numbers["flights.people"] * setting.numbers["flights.rate"])[:, None]
    low, mid, high = (rounded(float(q), 2) for q in np.quantile(monthly.sum(axis=1), LEVELS))
    fewer_low, fewer, fewer_high = (rounded(float(q), 2) for q in np.quantile((always - monthly).sum(axis=1), LEVELS))
    return [
        f"At {_interval_of(setting.numbers['flights.rate'])} flights a month with "
        f"{_interval_of(setting.numbers['flights.people'])} people each, {mid} people [{low} to {high}] are returned "
        f"over {setting.months} months in the game, {fewer} [{fewer_low} to {fewer_high}] fewer than if flights always "
        "went.",
        *_flown(study, always[:, 0]),
        "Each is a person taken back to the country that he or she left; the count says nothing of what awaits them, "
        "nor of those who stay in detention while no flight goes. Deaths on the way are not modelled here.",
    ]


def _flown(study: Study, monthly: np.ndarray) -> list[str]:
    """About how many flew until flights stopped, at the believed rate."""
    relief = study.setting.relief
    stopped = relief.first("stopped")
    if stopped is None:
        return []
    months = (stopped.month - relief.file.start.month) + (stopped.number - relief.file.start.number) / 30.0
    low, mid, high = (rounded(months * float(q), 2) for q in np.quantile(monthly, LEVELS))
    return [f"Until flights stopped on {stopped}, that rate makes about {mid} people [{low} to {high}] returned."]


def _whole(one: Finding) -> str:
    name = {"partial": "Partial compliance (fact 34)", "graduated": "Late, graduated snapback (fact 35)"}[one.id]
    share = percent(100 * one.chance, 0 if one.chance == 0.0 or one.chance >= 0.01 else 1)
    verdict = (
        "the game has it in most draws" if one.chance >= MOST
        else "the game leaves it open" if one.chance >= FEW
        else "the game as it stands does not produce it"
    )  # fmt: skip
    return f"{name}: {share} of {len(one.holds)} draws have it; {verdict}."


def _parts(found: list[Finding]) -> str:
    return "; ".join(f"{one.says} ({percent(100 * one.chance)})" for one in found)


def _payment(study: Study, unbought: Finding) -> str:
    most = study.setting.relief.file.office.most_payment
    return (
        f"No oil payment from {most.low:g} to {most.high:g} units a month buys the dear clause in "
        f"{percent(100 * unbought.chance)} of draws, even if every breach that is seen is answered."
        if most.low is not None and most.high is not None
        else f"No oil payment believed possible buys the dear clause in {percent(100 * unbought.chance)} of draws, "
        "even if every breach that is seen is answered."
    )


def _due(study: Study) -> list[str]:
    """The month in which the dear clause falls due, and how soon it is broken."""
    setting = study.setting
    dear = setting.relief.file.reading.dear
    month = setting.relief.due()[dear]
    broken = setting.relief.first("broken", dear)
    if month > setting.months or broken is None:
        return []
    kept = float(np.asarray(study.courses[DECLARED].kept)[:, month - 1, setting.place(dear)].mean())
    return [
        f"The dear clause falls due in month {month} of the game, and is kept in that month with a chance of "
        f"{percent(100 * kept, 1)}. It was seen broken on {broken}, in month {setting.relief.month_of(broken)}."
    ]


def _back_and_forth(study: Study) -> list[str]:
    """How often relief is given back, and how often it would be if that were free."""
    clock, numbers = study.setting.clock, study.setting.numbers
    back, free = (float(facts.restored(study.courses[key])[:, :clock].mean()) for key in (DECLARED, "unpriced"))
    if back <= OFTEN:
        return []
    priced = numbers.get("stakes.restore_cost")
    if priced is None:
        return [
            "Restoring costs nothing in the game, and a breach can be punished again the month after: relief comes "
            "and goes where history went one way."
        ]
    return [
        f"Giving relief back costs {float(np.median(priced)):.2g} a unit, at the middle of what is believed, and is "
        f"done with a chance of {percent(100 * back)} a month in place of {percent(100 * free)} were it free: relief "
        "still comes and goes where history went one way."
    ]


def _menu(study: Study) -> list[str]:
    """No answer takes one of two slices whose breach is seen."""
    relief = study.setting.relief
    found = next(one for one in study.findings if one.id == "small_first")
    if found.chance >= FEW:
        return []
    small, large = (relief.clauses[name].slice.name for name in (relief.file.reading.small, relief.file.reading.large))
    return [
        "The answers open in the game are to forbear, to withdraw every slice whose breach was seen, to withdraw all, "
        f"or to restore all. Once both breaches are seen, none of them takes {small} and leaves {large}.",
    ]


def _small(study: Study) -> list[str]:
    """How little hangs on the cheap clauses."""
    setting = study.setting
    size = np.median(setting.each("slice.size"), axis=0)
    cheap = [setting.place(name) for name in setting.relief.file.reading.cheap]
    kept = facts.kept_while_due(setting, study.courses[DECLARED])[:, cheap].mean()
    if kept >= HALF:
        return []
    answer, shares = next(iter(study.once.kept.items()))
    closed = ", ".join(
        f"{clause.name} {percent(100 * share)}"
        for clause, share in zip(setting.relief.clauses.values(), shares, strict=True)
    )
    return [
        f"On the cheap clauses hang {percent(100 * float(size[cheap].sum() / size.sum()))} of the relief, at the "
        f"middle of what is believed; they are kept with a chance of {percent(100 * float(kept))}.",
        f"If {answer}, once and for all, the clauses worth keeping would be, in draws: {closed}.",
    ]


def _rivals(study: Study) -> list[str]:
    setting = study.setting
    said = []
    for key, rival in setting.relief.file.rivals.items():
        cheapest = setting.relief.file.reading.cheap[0]
        at = setting.place(cheapest)
        kept = [float(facts.kept_while_due(setting, study.courses[one])[:, at].mean()) for one in (DECLARED, key)]
        said.append(
            f"{rival.name}: {setting.relief.clauses[cheapest].name.lower()} with a chance of "
            f"{percent(100 * kept[1])}, in place of {percent(100 * kept[0])}."
        )
    return said


def _interval(values: np.ndarray) -> str:
    low, mid, high = (percent(100.0 * float(q)) for q in np.quantile(values, LEVELS))
    return f"{mid} [{low} to {high}]"


def _interval_of(values: np.ndarray) -> str:
    low, high = (f"{float(q):.3g}" for q in (values.min(), values.max()))
    return low if low == high else f"{low} to {high}"
