"""Which parts of the ledger are wanted, and of which ledger; refused here if they cannot be, before any work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from palanca.core.errors import UsageError
from palanca.core.wording import nearest
from palanca.evidence.claims.titles import TITLES
from palanca.show.estimate import FEWEST
from palanca.spec import marks
from palanca.spec.ledger import FORMAT, Ledger, load_ledger, loads_ledger

FORECASTS, ALL = "forecasts", "all"
PARTS = (FORECASTS, *TITLES)


@dataclass(frozen=True)
class LedgerParts:
    """What is wanted of the ledger.

    Args:
        parts: Names from `PARTS`.
        inferred: Whether rows count whose link to migration is only inferred.
        favours: Whether one-way favours count as deals too, for forecasts.
    """

    parts: tuple[str, ...] = (FORECASTS,)
    inferred: bool = True
    favours: bool = False


def parsed(only: str | None) -> tuple[str, ...]:
    """Parts written `fading,criticism`; forecasts alone where nothing is, every part of `all`.

    Raises:
        UsageError: There is no such part; names the nearest.
    """
    names = [name.strip() for name in (only or FORECASTS).split(",") if name.strip()]
    if names == [ALL]:
        return PARTS
    for name in names:
        if name not in PARTS:
            hint = nearest(name, PARTS)
            raise UsageError(
                "no such part of the ledger",
                where="--only",
                found=repr(name),
                expected=f"some of {', '.join(PARTS)}, or all",
                way_out=f"Did you mean {hint!r}?" if hint else "",
            )
    return tuple(dict.fromkeys(names))


def checked(draws: int, parts: Sequence[str]) -> None:
    """Refuse to judge claims by a handful of draws.

    Raises:
        UsageError: There are too few to say that a claim is borne out.
    """
    if draws < FEWEST and set(parts) - {FORECASTS}:
        raise UsageError(
            "too few draws to judge a claim", where="--draws", found=str(draws), expected=f"{FEWEST} or more"
        )


def ledger(case: str, rows: str | None) -> tuple[Ledger, str | None]:
    """The ledger of a case, or that of a file or text, with its text.

    Raises:
        CaseFileError: There is no such file, or it is not YAML.
        CaseErrors: It has faults.
    """
    if rows is None:
        return load_ledger(case), None
    if "\n" in rows:
        return loads_ledger(rows), rows
    path = FORMAT.find(rows)
    text = marks.text(path)
    return loads_ledger(text, path.name, path.parent), text
