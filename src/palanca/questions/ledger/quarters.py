"""What a deal ledger shows of each quarter: whether there was a deal between two countries, and what it held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float

from palanca.bargain.dealing import Recorded
from palanca.core.clock import Month
from palanca.core.errors import UsageError
from palanca.core.wording import nearest
from palanca.spec.ledger import Ledger
from palanca.spec.ledger_schema import Item, LedgerRow

DEALS = ("deal", "renewal")
LEAST_WRONG = 0.01  # chance that even the surest field is miscoded
LAPSE = 0.01


@dataclass(frozen=True)
class Coding:
    """How rows of a ledger become packages of issues.

    Args:
        pair: The two countries.
        covers: For each issue of the talks, in order, the ledger's issues that count as it.
        owners: For each issue of the talks, the country that delivers it.
        favours: Whether one-sided favours count as deals whose other side was not seen.
        inferred: Whether rows count whose link to migration is only inferred.
    """

    pair: tuple[str, str]
    covers: Mapping[str, tuple[str, ...]]
    owners: Mapping[str, str]
    favours: bool = False
    inferred: bool = True

    def check(self, ledger: Ledger) -> None:
        """Refuse names that the ledger or the talks do not have.

        Raises:
            UsageError: Names the issue, with the nearest valid one.
        """
        if tuple(self.covers) != tuple(self.owners):
            raise UsageError(
                "every issue of the talks needs an owner and the ledger's issues that it covers",
                found=", ".join(self.owners) or "no owner",
                expected=", ".join(self.covers),
            )
        for issue, names in self.covers.items():
            for name in names:
                if name not in ledger.issues:
                    hint = nearest(name, list(ledger.issues))
                    raise UsageError(
                        "no such issue in the ledger",
                        where=f"what {issue} covers",
                        found=repr(name),
                        way_out=f"Did you mean {hint!r}?" if hint else "Take a name under `issues` of the ledger.",
                    )
            if self.owners[issue] not in self.pair:
                raise UsageError(
                    "an issue of a country that is not at the table", where=issue, found=self.owners[issue],
                    expected=" or ".join(self.pair),
                )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Quarters:
    """A ledger by quarters.

    Args:
        quarters: First month of each.
        issues: Issues of the talks.
        dealt: Whether a deal was made or renewed.
        flag: Whether the quarter's deals, taken together, hold the issue.
        shown: Whether that can be known: an issue with no flag is not shown where its owner gave something, or is
            thought to have, that no issue of the talks covers.
        confidence: The least confidence of the quarter's rows [chance]; 1 without any.
        threads: Threads of the ledger that the quarter's rows belong to.
        rows: Their ids.
    """

    quarters: tuple[Month, ...]
    issues: tuple[str, ...]
    dealt: Bool[np.ndarray, " quarter"]
    flag: Bool[np.ndarray, "quarter issue"]
    shown: Bool[np.ndarray, "quarter issue"]
    confidence: Float[np.ndarray, " quarter"]
    threads: tuple[frozenset[str], ...]
    rows: tuple[tuple[str, ...], ...]

    def recorded(self) -> Recorded:
        """The same as numbers to learn from.

        A row's confidence is read as the chance that all its fields are right, each on its own: with n fields, each
        is wrong with chance 1 - confidence^(1/n), and never less than `LEAST_WRONG`. Whether there was a deal is
        taken as it is coded.
        """
        wrong = np.maximum(1.0 - self.confidence ** (1.0 / len(self.issues)), LEAST_WRONG)
        every = np.repeat(wrong[:, None], len(self.issues), axis=1)
        return Recorded(
            dealt=self.dealt.astype(float),
            flag=self.flag.astype(float),
            shown=self.shown.astype(float),
            invented=every,
            overlooked=every,
            lapse=LAPSE,
        )


def deal_quarters(ledger: Ledger, coding: Coding) -> Quarters:
    """Read a ledger by quarters, from its first quarter to its last.

    Args:
        ledger: The ledger.
        coding: How its rows become packages.

    Raises:
        UsageError: The coding names an issue or a country that is not there.
    """
    coding.check(ledger)
    kept = replace(ledger, rows=ledger.between(*coding.pair))
    kept = kept if coding.inferred else kept.without_inferred()
    kinds = (*DEALS, "favour") if coding.favours else DEALS
    by_quarter = {
        quarter: tuple(row for row in rows if row.kind in kinds) for quarter, rows in kept.by_quarter().items()
    }
    shape = (len(by_quarter), len(coding.covers))
    flag, shown = np.zeros(shape, dtype=bool), np.ones(shape, dtype=bool)
    for place, rows in enumerate(by_quarter.values()):
        for row in rows:
            held, seen = _coded(row, coding)
            flag[place] |= held
            shown[place] &= seen
    return Quarters(
        quarters=tuple(by_quarter),
        issues=tuple(coding.covers),
        dealt=np.array([bool(rows) for rows in by_quarter.values()]),
        flag=flag,
        shown=shown | flag,
        confidence=np.array([min((row.confidence for row in rows), default=1.0) for rows in by_quarter.values()]),
        threads=tuple(frozenset(ledger.threads[row.id] for row in rows) for rows in by_quarter.values()),
        rows=tuple(tuple(row.id for row in rows) for rows in by_quarter.values()),
    )


def _coded(row: LedgerRow, coding: Coding) -> tuple[np.ndarray, np.ndarray]:
    """Which issues a row holds, and which of the others can be known to be outside it, (issue)."""
    held, seen = np.zeros(len(coding.covers), dtype=bool), np.ones(len(coding.covers), dtype=bool)
    for country, items in _sides(row, coding.pair):
        mine = np.array([owner == country for owner in coding.owners.values()])
        given = {item.issue for item in items}
        covered = np.array([bool(given & set(names)) for names in coding.covers.values()]) & mine
        named = {name for names, own in zip(coding.covers.values(), mine, strict=True) if own for name in names}
        held |= covered
        if not given or given - named:
            seen &= ~mine
    return held, seen


def _sides(row: LedgerRow, pair: tuple[str, str]) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """What each of the two countries delivers."""
    for country in pair:
        if country in row.giver:
            yield country, row.given
        elif country in row.taker:
            yield country, row.got
