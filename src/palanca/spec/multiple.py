"""A lever at a multiple of its record, as `0.5x`: its entries keep their dates, people and unit."""

from __future__ import annotations

import re

from palanca.core.errors import ChangeError
from palanca.spec import carve, check, tables
from palanca.spec.carve import Named, Window
from palanca.spec.schema import Case, Entry

_PATTERN = re.compile(r"([0-9]{1,6}(?:\.[0-9]{0,6})?)x")


def factor(value: float | str) -> float | None:
    """How many times the record a value means; nothing where it means no multiple."""
    found = _PATTERN.fullmatch(value) if isinstance(value, str) else None
    return float(found[1]) if found else None


def scaled(case: Case, lever: str, window: Window, named: Named, times: float, spot: str) -> tuple[Entry, ...]:
    """The record of a case with one lever's entries multiplied within the window, for those named.

    Args:
        case: The case.
        lever: The lever.
        window: First and last day.
        named: Whom it concerns, by axis.
        times: The multiple; where no entry is in force there is nothing to multiply.
        spot: Where messages say the change stands.

    Raises:
        ChangeError: A setting would leave the bounds of the mechanism.
    """
    mechanism = tables.mechanisms()[case.levers[lever].mechanism]
    record: list[Entry] = []
    for entry in case.record:
        if entry.lever != lever or not window.meets(entry):
            record.append(entry)
            continue
        setting = check.measure(entry.amount * times, entry.unit, mechanism)
        if not mechanism.low <= setting <= mechanism.high:
            most = f"; {entry.amount:g} from {entry.first.month} is in the record"
            raise ChangeError(
                "the value does not fit", where=spot, found=f"{setting:g}",
                expected=f"a number from {mechanism.low:g} to {mechanism.high:g} [{mechanism.unit}]{most}",
            )  # fmt: skip
        record += carve.replaced(case, entry, window, named, {mechanism.quantity: entry.amount * times})
    return tuple(record)
