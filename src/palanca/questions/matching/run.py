"""Runs the rules that are asked for on one market, and reports what each does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from palanca.core.errors import UsageError
from palanca.core.wording import listed, nearest
from palanca.questions.matching import given
from palanca.sharing.matching import dynamic
from palanca.sharing.matching.market import Market
from palanca.sharing.matching.mechanisms import MECHANISMS
from palanca.sharing.matching.optimum import optimum
from palanca.sharing.matching.report import Report, report
from palanca.spec.placement import Placement

GREEDY, HELD_BACK, BEST = "greedy", "held-back", "optimum"
WEEKLY = {
    GREEDY: ("week by week", "every family of a week is placed as well as the room left allows", "room runs out early"),
    HELD_BACK: (
        "week by week, room held back",
        "room is kept for later families where they are expected to gain more",
        "families of the past must be like those to come",
    ),
}


@dataclass(frozen=True, eq=False)
class RuleOutcome:
    """What one rule does.

    Args:
        name: As a user writes it.
        label: As a table shows it.
        guarantees: What holds whatever the market.
        lacks: What may fail.
        places: Place of each family, (family); -1 where it has none.
        report: The matching in numbers.
    """

    name: str
    label: str
    guarantees: str
    lacks: str
    places: np.ndarray
    report: Report


@dataclass(frozen=True, eq=False)
class Matched:
    """A market and what every rule does with it.

    Args:
        market: The families to be placed.
        outcomes: One a rule, in the order in which they were asked for.
        best: Highest sum of scores that any matching reaches; nothing without scores.
        bound: No matching is above it; larger than `best` only if the solver was stopped.
    """

    market: Market
    outcomes: tuple[RuleOutcome, ...]
    best: float | None
    bound: float | None

    def share(self, outcome: RuleOutcome) -> float | None:
        """A rule's sum of scores as a share of the highest [share]."""
        if self.best is None or outcome.report.welfare is None or self.best <= 0.0:
            return None
        return outcome.report.welfare / self.best


def run(placement: Placement, rules: Sequence[str] | None, unit: str, key: int, seconds: float) -> Matched:
    """Match by every rule that is asked for.

    Args:
        placement: As declared.
        rules: Names of rules; every one that the files allow if nothing.
        unit: What capacities count, `people` or `families`.
        key: Key of the futures that the weekly rule draws.
        seconds: How long the solver may search for the optimum [seconds].

    Raises:
        UsageError: No such rule or unit, a rule that the files do not allow, or no family to be placed.
        MatchingError: The market cannot be matched.
    """
    if unit not in given.UNITS:
        raise UsageError("no such unit", where="unit", found=repr(unit), expected=listed(given.UNITS))
    market, past = given.markets(placement, unit)
    if not market.families:
        raise UsageError("no family is to be placed", where="families.csv", found="weeks of 0 or less", expected="some")
    wanted = chosen(rules, market, past, placement)
    top = optimum(market, seconds=seconds) if market.score is not None else None
    outcomes = []
    for name in wanted:
        if name == BEST and top is not None:
            places = top.places
        elif name in WEEKLY:
            places = _weekly(name, market, past, placement, key)
        else:
            places = MECHANISMS[name].run(market)
        label, guarantees, lacks = _words(name)
        outcomes.append(RuleOutcome(name, label, guarantees, lacks, places, report(market, places)))
    best, bound = (None, None) if top is None else (top.welfare, top.bound)
    return Matched(market, tuple(outcomes), best, bound)


def chosen(rules: Sequence[str] | None, market: Market, past: Market, placement: Placement) -> list[str]:
    """Names of the rules to run.

    Raises:
        UsageError: No such rule, or one that the files do not allow.
    """
    missing = {
        **{name: "scores in pairs.csv" for name, one in MECHANISMS.items() if one.scored and market.score is None},
        **({GREEDY: "scores in pairs.csv", HELD_BACK: "scores in pairs.csv"} if market.score is None else {}),
    }
    if len(np.unique(given.weeks(placement))) < 2:
        missing |= dict.fromkeys(WEEKLY, "several weeks in families.csv")
    if not past.families:
        missing.setdefault(HELD_BACK, "families of the past (week 0 or less) in families.csv")
    known = [*MECHANISMS, *WEEKLY]
    if rules is None:
        return [name for name in known if name not in missing]
    for name in rules:
        hint = nearest(name, known)
        if name not in known:
            raise UsageError(
                "no such rule", where="rules", found=repr(name), expected=listed(known, 20),
                way_out=f"Did you mean {hint!r}?" if hint else "",
            )  # fmt: skip
        if name in missing:
            raise UsageError(
                f"the rule {name!r} cannot be run", where="rules", found="files without them", expected=missing[name]
            )
    return list(dict.fromkeys(rules))


def _weekly(name: str, market: Market, past: Market, placement: Placement, key: int) -> np.ndarray:
    week = given.weeks(placement)
    return dynamic.greedy(market, week) if name == GREEDY else dynamic.two_stage(market, week, past, key=key)


def _words(name: str) -> tuple[str, str, str]:
    if name in WEEKLY:
        return WEEKLY[name]
    one = MECHANISMS[name]
    return one.label, one.guarantees, one.lacks
