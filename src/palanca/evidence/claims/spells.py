"""Spells of agreed enforcement in a deal ledger: acts close in time, and how long nothing renewed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from palanca.core.clock import Month
from palanca.spec.ledger import Ledger
from palanca.spec.ledger_schema import LedgerRow

CLOSE = 6  # months between two acts of one spell at most
ENFORCEMENT = "enforcement"
GIVES = ("deal", "renewal", "favour")


@dataclass(frozen=True)
class Spell:
    """Enforcement agreed, and perhaps renewed, within a few months.

    Args:
        first: Month of the first act.
        renewed: Month of the last act.
        until: Last month before anything was agreed, asked under threat, or threatened again; the ledger's last else.
        threatened: Whether a threat to get enforcement stood in the three months before the first act.
        rows: Ids of the acts.
    """

    first: Month
    renewed: Month
    until: Month
    threatened: bool
    rows: tuple[str, ...]


def spells(ledger: Ledger, giver: str, taker: str) -> tuple[Spell, ...]:
    """Spells in which one country gave the other enforcement, in order.

    A favour that answers no act of the ledger neither begins a spell nor renews one.

    Args:
        ledger: The ledger.
        giver: Who enforces.
        taker: Who wants it.
    """
    acts = [
        row
        for row in ledger.of_kind(*GIVES)
        if _between(row, giver, taker) and _names(row.given) and not (row.kind == "favour" and row.of is None)
    ]
    threats = [
        row.date.first.month for row in ledger.of_kind("threat") if _between(row, taker, giver) and _names(row.got)
    ]
    groups: list[list[LedgerRow]] = []
    for row in acts:
        if groups and row.date.first.month - groups[-1][-1].date.first.month <= CLOSE:
            groups[-1].append(row)
        else:
            groups.append([row])
    starts = [group[0].date.first.month for group in groups]
    return tuple(_spell(group, (starts, threats), ledger.span.last) for group in groups)


def _spell(group: Sequence[LedgerRow], others: tuple[list[Month], list[Month]], end: Month) -> Spell:
    starts, threats = others
    first, renewed = group[0].date.first.month, group[-1].date.first.month
    later = [month + -1 for month in (*starts, *threats) if month > renewed]
    return Spell(
        first=first,
        renewed=renewed,
        until=min([*later, end]),
        threatened=any(0 <= first - month <= 3 for month in threats),
        rows=tuple(row.id for row in group),
    )


def _between(row: LedgerRow, giver: str, taker: str) -> bool:
    return giver in row.giver and taker in row.taker


def _names(items: Sequence[object]) -> bool:
    return any(getattr(item, "issue", None) == ENFORCEMENT for item in items)
