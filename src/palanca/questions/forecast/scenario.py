"""Levers of the months ahead under declared changes; where these change nothing, levers as the path has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np

from palanca.core.clock import Month
from palanca.core.errors import ChangeError
from palanca.model import build
from palanca.policy.levers import LeverLevels
from palanca.questions.forecast.span import ForecastSpan
from palanca.questions.forecast.suppositions import PERSIST, RECORD
from palanca.questions.forecast.worlds import MonthsAhead
from palanca.spec import edit, schedule
from palanca.spec.days import Day
from palanca.spec.edit import Change
from palanca.spec.schema import Case, Entry


def held(case: Case, last: Month, end: Month) -> Case:
    """The case as it stood at the end of a month: what was in force then goes on, what came later has not come.

    A lever that was set only later keeps its entries at zero, so that a change of it knows whom it covers.

    Args:
        case: The case with its whole record.
        last: The last known month.
        end: Last month of the longer span.
    """
    begun = {entry.lever for entry in case.record if entry.first.month <= last}
    record = []
    for entry in case.record:
        if entry.first.month <= last:
            ended = entry.last is not None and entry.last < Day.end(last)
            record.append(entry if ended else entry.model_copy(update={"last": None}))
        elif entry.lever not in begun:
            record.append(_nothing(entry))
    return longer(case, end).model_copy(update={"record": tuple(record)})


def plain(case: Case, span: ForecastSpan, follow: str = PERSIST) -> Case:
    """The case that declared changes are laid over: with its whole record, or as it stood when last known."""
    end = span.last + span.months
    return longer(case, end) if follow == RECORD else held(case, span.last, end)


def recorded(case: Case, span: ForecastSpan) -> LeverLevels:
    """Levers of the months ahead by the dated record, which may go on after the last month of the case."""
    whole = plain(case, span, RECORD)
    first = whole.span.span.position(span.last + 1)
    found: LeverLevels = jax.tree.map(lambda leaf: leaf[first : first + span.months], build.levers(whole))
    return found


def longer(case: Case, end: Month) -> Case:
    """The case with its span drawn out to a month; what is open in its record goes on."""
    return schedule.until(case, max(case.span.last, end))


def check(changes: Sequence[Change]) -> None:
    """Refuse changes of what a forecast takes from the fit.

    Raises:
        ChangeError: A change sets a parameter.
    """
    for change in changes:
        if change.target.startswith("parameters."):
            raise ChangeError(
                "a forecast changes levers, not parameters",
                where=change.spot,
                found=change.target,
                expected="levers.ID.QUANTITY, levers.ID.cap, mechanisms.NAME or basis.NAME",
                way_out="What a parameter makes of history is for `palanca whatif --set`.",
            )


def under(plain: Case, changes: Sequence[Change], last: Month, path: MonthsAhead) -> MonthsAhead:
    """The path with declared changes of its levers.

    Args:
        plain: The case without the changes, from `held` or `longer`, to the last month ahead at least.
        changes: What is declared of the months ahead.
        last: The last known month.
        path: What is given of the months ahead; what the changes leave alone stays as it is there, to the bit.

    Raises:
        ChangeError: A change names nothing, fits nothing, sets a parameter, or alters nothing in the months ahead.
    """
    check(changes)
    months = int(path.given.shape[0])
    changed = edit.apply(plain, list(changes))
    first = plain.span.span.position(last + 1)
    before, after = (
        jax.tree.map(lambda leaf: leaf[first : first + months], build.levers(case)) for case in (plain, changed)
    )
    _check_effect(changes, before, after, f"{last + 1} to {last + months}")
    return replace(
        path, levers=jax.tree.map(lambda old, new, kept: jnp.where(old == new, kept, new), before, after, path.levers)
    )


def _check_effect(changes: Sequence[Change], before: LeverLevels, after: LeverLevels, months: str) -> None:
    pairs = zip(jax.tree.leaves(before), jax.tree.leaves(after), strict=True)
    if all(np.array_equal(old, new) for old, new in pairs):
        raise ChangeError(
            "the changes alter nothing in the months ahead",
            where=", ".join(change.spot for change in changes),
            found=f"the same levers from {months}",
            expected="another value in at least one of these months",
            way_out="Give months that reach into them, start elsewhere with --from, or look further with --ahead.",
        )


def _nothing(entry: Entry) -> Entry:
    still: dict[str, object] = dict.fromkeys(entry.quantities, 0.0)
    return entry.model_copy(update=still | {"cap": None, "cap_unit": None})
