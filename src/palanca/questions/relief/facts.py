"""What the game of a relief on conditions says of two facts: cheap clauses kept, and snapback late and by degrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from palanca.bargain import clauses, trackrecord
from palanca.bargain.clauses import Clauses, Office
from palanca.bargain.snapback import RESPONSES, ReliefPath
from palanca.questions.relief import play as playing
from palanca.questions.relief.play import ReliefSetting, ReliefTerms

HALF = 0.5  # more likely than not
MOST, FEW = 0.8, 0.2  # shares of draws from which the game has something, or below which it lacks it
LOWEST = 1e-9  # severities closer than this are the same
STEPS = (0.0, 0.5, 1.0, 2.0)  # factors by which the share of encounters and Mexico's asking are moved
DECLARED = "declared"


@dataclass(frozen=True)
class SeenPart:
    """One thing that was seen, and in which draws the game has it.

    Args:
        id: Short name.
        fact: Number of the fact it belongs to.
        says: What holds or not.
        holds: Whether it holds in each draw.
    """

    id: str
    fact: int
    says: str
    holds: np.ndarray

    @property
    def chance(self) -> float:
        """Share of draws in which it holds."""
        return float(self.holds.mean())


@dataclass(frozen=True)
class Driver:
    """A belief on which a finding hangs.

    Args:
        belief: Its place in the file.
        holding: Median in draws where the finding holds.
        failing: Median in the others.
        gap: Difference of mean ranks between the two, from -1 (holds where it is least) to 1.
    """

    belief: str
    holding: float
    failing: float
    gap: float


@dataclass(frozen=True)
class Lesson:
    """What a seen breach of the dear clause teaches, by draw.

    Args:
        before: Belief that the other side can be bought [chance].
        after: The same once the breach is seen [chance].
        renewed_before: Chance that oil relief would be renewed on the belief before [chance].
        renewed_after: The same on the belief after [chance].
    """

    before: np.ndarray
    after: np.ndarray
    renewed_before: np.ndarray
    renewed_after: np.ndarray


@dataclass(frozen=True)
class OneShot:
    """What is kept if each breach is answered once and for all, in the closed form.

    Args:
        kept: Chance that each clause is in the set that pays best [share of draws], by how breaches are answered.
        bundle: Chance that all are kept as a bundle [share of draws], likewise.
    """

    kept: Mapping[str, np.ndarray]
    bundle: Mapping[str, float]


@dataclass(frozen=True)
class Study:
    """All that is known of a relief on conditions under draws of what is believed.

    Args:
        setting: What is declared, drawn.
        courses: ReliefPath of the game as declared and in every variant.
        severity: Share of relief withheld at the end of a month, mean to the clock [share], by what was moved and by
            what factor.
        findings: What was seen, and how often the game has it.
        lesson: What a breach teaches.
        once: The closed form.
    """

    setting: ReliefSetting
    courses: Mapping[str, ReliefPath]
    severity: Mapping[str, Mapping[float, np.ndarray]]
    findings: tuple[SeenPart, ...]
    lesson: Lesson
    once: OneShot


def variants(setting: ReliefSetting) -> dict[str, tuple[str, ReliefTerms]]:
    """Every variant with its name and terms, as declared first."""
    found = {
        DECLARED: ("As declared", ReliefTerms()),
        "bundled": ("All clauses stand and fall together", ReliefTerms(bundled=True)),
        "distrust": (
            f"{setting.relief.country('conditioned')} expects relief to go anyway",
            ReliefTerms(distrust=True),
        ),
        "no_migration": ("Migration has no weight", ReliefTerms(migration=0.0)),
        "no_clock": ("A licence is withdrawn or stays: no clock", ReliefTerms(clock=False)),
        "at_once": ("All clauses fall due at once", ReliefTerms(dated=False)),
        "unpriced": ("Giving back, and taking what was kept, are free", ReliefTerms(priced=False)),
    }
    rivals = setting.relief.file.rivals
    return found | {key: (rival.name, ReliefTerms(swapped=rival.swap)) for key, rival in rivals.items()}


def study(setting: ReliefSetting) -> Study:
    """Play it as declared and in every variant, and set it beside what was seen."""
    courses = {key: playing.play(setting, terms) for key, (_, terms) in variants(setting).items()}
    severity = {
        what: {step: courses[DECLARED] if step == 1.0 else playing.play(setting, _moved(what, step)) for step in STEPS}
        for what in ("migration", "asked")
    }
    measured = {
        what: {step: withheld(setting, course) for step, course in found.items()} for what, found in severity.items()
    }
    return Study(
        setting=setting,
        courses=courses,
        severity=measured,
        findings=findings(setting, courses[DECLARED], measured),
        lesson=lesson(setting),
        once=once(setting),
    )


def findings(
    setting: ReliefSetting, course: ReliefPath, severity: Mapping[str, Mapping[float, np.ndarray]]
) -> tuple[SeenPart, ...]:
    """Every part of both facts, and both as wholes.

    Args:
        setting: What is declared, drawn.
        course: The course as declared.
        severity: Share of relief withheld, by what was moved and by what factor.
    """
    falls = _falls(setting.relief.country("transit"), severity)
    return (*_partial(setting, course), *_graduated(setting, course), *falls)


def withheld(setting: ReliefSetting, course: ReliefPath) -> np.ndarray:
    """Share of all relief that is withheld at the end of a month, mean from the first to the clock [share], by draw."""
    relief = np.asarray(course.relief)[:, : setting.clock]
    return 1.0 - relief.mean(axis=1) / setting.each("slice.size").sum(axis=1)


def kept_while_due(setting: ReliefSetting, course: ReliefPath, terms: ReliefTerms | None = None) -> np.ndarray:
    """Chance that each clause is kept in a month in which it is owed, mean to the clock [chance], as (draw, clause).

    A clause that falls due after the clock has none: not a number.
    """
    months = np.arange(1, setting.clock + 1)[:, None]
    owed = months >= (terms or ReliefTerms()).due(setting)
    kept = np.asarray(course.kept)[:, : setting.clock]
    return np.where(owed, kept, 0.0).sum(axis=1) / np.where(owed.any(axis=0), owed.sum(axis=0), np.nan)


def first_out(chance: np.ndarray) -> np.ndarray:
    """First month at whose end something is less likely than not to be in force, from 1; infinite if none.

    Args:
        chance: Chance that it is, as (draw, month).
    """
    out = chance < HALF
    return np.where(out.any(axis=1), out.argmax(axis=1) + 1.0, np.inf)


def people_returned(setting: ReliefSetting, course: ReliefPath) -> np.ndarray:
    """People whom flights bring back in each month [people / month], as (draw, month)."""
    carried = setting.numbers["flights.people"] * setting.numbers["flights.rate"]
    return np.asarray(course.flights) * carried[:, None]


def drivers(setting: ReliefSetting, finding: SeenPart, most: int = 5) -> list[Driver]:
    """The beliefs that differ most between draws in which a finding holds and the others.

    Returns:
        None if it holds in all draws or in none.
    """
    holds = finding.holds
    if holds.all() or not holds.any():
        return []
    found = []
    for place, values in setting.numbers.items():
        ranks = np.argsort(np.argsort(values)) / (len(values) - 1.0)
        gap = 2.0 * float(ranks[holds].mean() - ranks[~holds].mean())
        if np.ptp(values) > 0.0:
            found.append(Driver(place, float(np.median(values[holds])), float(np.median(values[~holds])), gap))
    return sorted(found, key=lambda one: -abs(one.gap))[:most]


def lesson(setting: ReliefSetting) -> Lesson:
    """What a seen breach of the dear clause teaches of the other's kind, and what it makes of the next round."""
    file, numbers = setting.relief.file, setting.numbers
    trusted, bought, survivor = (numbers[f"record.{name}"] for name in ("trusted", "keeps_bought", "keeps_survivor"))
    learned = np.asarray(trackrecord.after(trusted, 1.0 - bought, 1.0 - survivor))
    dear = file.reading.dear
    worth = numbers[f"clauses.{dear}.worth"]
    cost = numbers["stakes.relief_cost"] * numbers[f"clauses.{dear}.slice.size"]
    precision = numbers[f"parties.{file.destination}.precision"]
    before, after = (
        np.asarray(trackrecord.renewal_chance(belief, bought, survivor, worth, cost, precision))
        for belief in (trusted, learned)
    )
    return Lesson(trusted, learned, before, after)


def once(setting: ReliefSetting) -> OneShot:
    """The closed form: which clauses are kept if breaches are answered for certain when seen, or as the stakes say.

    Reference:
        `bargain.clauses`; the destination's answer there weighs resolve against the cost of the month of the clock.
    """
    numbers = setting.numbers
    size, survival, seen = (setting.each(name).T for name in ("slice.size", "survival_cost", "seen_chance"))
    cost = playing.costs(setting, ReliefTerms())[:, setting.clock - 1].T
    precision = numbers[f"parties.{setting.relief.file.destination}.precision"]
    as_stakes = np.asarray(clauses.snap_chance(seen, numbers["stakes.resolve"] * size, cost * size, precision))
    nobody = np.zeros_like(precision)
    answers = {
        "every breach that is seen is answered": (seen, nobody),
        "answered as stakes at the clock say": (as_stakes, nobody),
        "the same, and distrusted": (as_stakes, numbers["office.distrust"]),
    }
    kept, bundle = {}, {}
    for name, (chance, distrust) in answers.items():
        given = Clauses(survival, size, chance)
        office = Office(numbers["office.worth"], numbers["office.revenue"], distrust)
        kept[name] = np.asarray(clauses.best_kept(given, office)).mean(axis=1)
        bundle[name] = float(np.asarray(clauses.kept_as_a_bundle(given, office)).mean())
    return OneShot(kept, bundle)


def _moved(what: str, step: float) -> ReliefTerms:
    return ReliefTerms(migration=step) if what == "migration" else ReliefTerms(asked=step)


def _partial(setting: ReliefSetting, course: ReliefPath) -> tuple[SeenPart, ...]:
    """Fact 34: cheap clauses kept, the dear one broken, and no payment that buys it."""
    relief = setting.relief
    reading, numbers = relief.file.reading, setting.numbers
    mean = kept_while_due(setting, course)
    kept = {name: mean[:, setting.place(name)] for name in relief.clauses}
    cheap = np.stack([kept[name] >= HALF for name in reading.cheap])
    dear = kept[reading.dear] < HALF
    order = np.argsort(np.median(setting.each("survival_cost"), axis=0), kind="stable")
    falling = np.all(np.diff(mean[:, order], axis=1) <= LOWEST, axis=1)
    bound = clauses.dearest_clause(
        numbers[f"clauses.{reading.dear}.seen_chance"],
        numbers["office.most_payment"],
        Office(numbers["office.worth"], numbers["office.revenue"]),
    )
    unbought = numbers[f"clauses.{reading.dear}.survival_cost"] >= np.asarray(bound)
    names = {name: clause.name for name, clause in relief.clauses.items()}
    return (
        *(
            SeenPart(f"kept_{name}", 34, f"Kept more often than not: {names[name]}", row)
            for name, row in zip(reading.cheap, cheap, strict=True)
        ),
        SeenPart("dear_broken", 34, f"Broken more often than not: {names[reading.dear]}", dear),
        SeenPart("in_order", 34, "The cheaper a clause, the more often it is kept", falling),
        SeenPart("unbought", 34, f"No oil payment in the declared range buys: {names[reading.dear]}", unbought),
        SeenPart("partial", 34, "Cheap clauses kept and the dear one broken", cheap.all(axis=0) & dear),
    )


def _graduated(setting: ReliefSetting, course: ReliefPath) -> tuple[SeenPart, ...]:
    """Fact 35: the small slice goes first, the large one at the clock; flights stop soon after."""
    relief, reading = setting.relief, setting.relief.file.reading
    clock = relief.clocks().get(reading.large, setting.months)
    in_force = np.asarray(course.in_force)
    small, large = (first_out(in_force[:, :, setting.place(name)]) for name in (reading.small, reading.large))
    flights, snap = first_out(np.asarray(course.flights)), np.minimum(small, large)
    names = {key: relief.clauses[getattr(reading, key)].slice.name for key in ("small", "large")}
    first = np.isfinite(small) & (small < large)
    late = np.isfinite(large) & (large >= clock)
    soon = np.isfinite(snap) & (flights >= snap) & (flights <= snap + 1.0)
    never = ~np.isfinite(snap)
    return (
        SeenPart("never", 35, f"Neither {names['small']} nor {names['large']} is ever likelier out than in", never),
        SeenPart("small_first", 35, f"{names['small']} is withdrawn before {names['large']}", first),
        SeenPart("large_late", 35, f"{names['large']} goes at the clock or after, not before", late),
        SeenPart(
            "graduated",
            35,
            f"{names['small']} is withdrawn first and {names['large']} at the clock or after",
            first & late,
        ),
        SeenPart("flights_stop", 35, "Flights stop within a month of the first withdrawal, not before", soon),
    )


def _falls(transit: str, severity: Mapping[str, Mapping[float, np.ndarray]]) -> tuple[SeenPart, ...]:
    """Fact 35, its comparative statics: from the least to the most of each."""
    words = {
        "migration": "Less relief is withheld, the larger the nationality's share of encounters",
        "asked": f"Less relief is withheld, the harder {transit} asks",
    }
    return tuple(
        SeenPart(f"falls_in_{what}", 35, words[what], found[STEPS[-1]] < found[STEPS[0]] - LOWEST)
        for what, found in severity.items()
    )


def restored(course: ReliefPath) -> np.ndarray:
    """Chance that all relief is given back in a month [chance], as (draw, month)."""
    return np.asarray(course.response)[:, :, RESPONSES.index("restore")]
