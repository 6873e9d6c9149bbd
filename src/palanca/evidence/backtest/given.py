"""What a conditional forecast is told of the months ahead: levers, declared ones, effort alone, or practice too."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np

from palanca.core.clock import Month
from palanca.model import build
from palanca.model.run import CorridorInputs
from palanca.policy.levers import LeverLevels
from palanca.questions.forecast import horizon
from palanca.questions.forecast.worlds import MonthsAhead
from palanca.spec.days import Day
from palanca.spec.schema import Case, Entry

LEVERS, DECLARED, EFFORT, PRACTICE = "levers", "declared", "effort", "practice"
GIVEN = (LEVERS, DECLARED, EFFORT, PRACTICE)
BASIS = "declared"


def path(base: MonthsAhead, what: str, case: Case, later: CorridorInputs, last: int) -> MonthsAhead:
    """The months ahead with what is given of them.

    Args:
        base: Levers as they were, from `horizon.persisting`.
        what: Of `GIVEN`: the whole record; the entries that governments declared, with the rest of the record as it
            stood; the transit country's enforcement alone; the whole record and what followed encounters.
        case: The case with its whole record.
        later: The corridor with all of its figures.
        last: Place of the last known month.
    """
    if what == DECLARED:
        levers = build.levers(as_declared(case, case.span.first + last))
        return replace(base, levers=_ahead(levers, last, len(base.given)))
    told = horizon.recorded(base, later, last, practice=what == PRACTICE)
    return replace(base, levers=replace(base.levers, effort=told.levers.effort)) if what == EFFORT else told


def as_declared(case: Case, last: Month) -> Case:
    """The case with what was in force at the end of a month, and of later months what governments declared.

    Later entries of another basis are judgements from what came, so they are left out; what was in force before one of
    them goes on until a declared entry takes its place; words are not spoken on.

    Args:
        case: The case with its whole record.
        last: The last known month.
    """
    known = Day.end(last)
    told = [entry for entry in case.record if entry.first <= known or entry.basis == BASIS]
    unsaid = [entry for entry in case.record if entry.first > known and entry.basis != BASIS]
    return case.model_copy(update={"record": tuple(_ended(entry, case, told, unsaid, known) for entry in told)})


def _ended(entry: Entry, case: Case, told: list[Entry], unsaid: list[Entry], known: Day) -> Entry:
    """An entry with the end that was declared; where a judgement set it, it goes on until the next that is told."""
    if entry.last is None or entry.last <= known:
        return entry
    if entry.basis != BASIS and case.levers[entry.lever].mechanism in horizon.SPOKEN:
        return entry.model_copy(update={"last": known})
    taken_over = any(one.first == entry.last.after() and _meet(one, entry, case) for one in unsaid)
    if entry.basis == BASIS and not taken_over:
        return entry
    later = [one.first for one in told if one.first > entry.last and _meet(one, entry, case)]
    return entry.model_copy(update={"last": min(later).before() if later else None})


def _meet(one: Entry, other: Entry, case: Case) -> bool:
    """Whether two entries set one lever for some of the same people."""
    names = {"origins": tuple(case.origins), "groups": tuple(case.groups), "sectors": tuple(case.sectors)}
    return one.lever == other.lever and all(
        set(getattr(one, what).among(known)) & set(getattr(other, what).among(known)) for what, known in names.items()
    )


def _ahead(levers: LeverLevels, last: int, months: int) -> LeverLevels:
    """Levers of the months ahead; months beyond the record hold its last."""
    there = np.minimum(last + 1 + np.arange(months), levers.slots.shape[0] - 1)
    found: LeverLevels = jax.tree.map(lambda leaf: leaf[jnp.asarray(there)], levers)
    return found
