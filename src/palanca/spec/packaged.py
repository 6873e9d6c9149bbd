"""Finds a file by its path, or by the name under which it comes with the package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from palanca.core.errors import CaseFileError
from palanca.core.wording import nearest

ATLAS = Path(__file__).parent / "atlas"


def of_cases(name: str) -> dict[str, Path]:
    """Files of one name that come with cases or tables, by the folder they lie in."""
    return {path.parent.name: path for path in sorted(ATLAS.glob(f"*/{name}"))}


def in_folder(case: str, folder: str) -> dict[str, Path]:
    """Files that come with one case in a folder of their own, by name."""
    return {path.stem: path for path in sorted((ATLAS / case / folder).glob("*.yaml"))}


def find(what: str | Path, known: Mapping[str, Path], *, noun: str, kind: str, way_out: str) -> Path:
    """The file behind a path or a shipped name.

    Args:
        what: Path or name.
        known: Shipped files by name.
        noun: What is looked for, as in `ledger`.
        kind: What a name is the name of, as in `shipped case with a ledger`.
        way_out: What to do if no shipped name is near.

    Raises:
        CaseFileError: Neither; names the nearest.
    """
    path = Path(what)
    if path.is_file():
        return path
    if str(what) in known:
        return known[str(what)]
    hint = nearest(str(what), list(known))
    raise CaseFileError(
        f"no such {noun}",
        where=str(what),
        found=f"neither a file nor the name of a {kind}",
        expected="a path" + (f", or one of {', '.join(known)}" if known else ""),
        way_out=f"Did you mean {hint!r}?" if hint else way_out,
    )
