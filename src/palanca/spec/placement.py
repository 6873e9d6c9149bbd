"""Families, places and pairs in three CSV files: read strictly, all faults told together, each with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from palanca.core import read_file
from palanca.core.errors import CaseErrors, CaseFileError
from palanca.core.wording import nearest, shown
from palanca.spec import placement_rows as rows
from palanca.spec.placement_rows import CsvTable, FamilyRow, PairRow, PlaceRow

PARTS = ("families", "places", "pairs")
SHIPPED = {"example": Path(__file__).parent / "placement_example"}
FILE = read_file.FileKind(
    CaseFileError, "a CSV file", 400_000_000, "docs/matching.md has the layout; `palanca match example` runs one."
)


@dataclass(frozen=True)
class Placement:
    """Who is to be placed where, as declared.

    Args:
        needs: Capacities that places have and families take.
        families: Families, in the order of their file.
        places: Places, in the order of their file.
        pairs: Pairs that are possible, in the order of their file.
        given: Which of `rank`, `priority` and `score` the file of pairs has.
    """

    needs: tuple[str, ...]
    families: tuple[FamilyRow, ...]
    places: tuple[PlaceRow, ...]
    pairs: tuple[PairRow, ...]
    given: frozenset[str]


def texts(folder: str | Path) -> dict[str, str]:
    """The three files of a folder, or of a shipped example, as text by `families`, `places` and `pairs`.

    Raises:
        CaseFileError: There is no such folder or example, or one of its files cannot be read.
    """
    where = SHIPPED.get(str(folder), Path(folder))
    if not read_file.is_folder(where):
        hint = nearest(str(folder), SHIPPED)
        raise CaseFileError(
            "no such folder of families, places and pairs",
            where=shown(str(folder)),
            found="a file" if read_file.is_file(where) else "nothing",
            expected=f"a folder with {', '.join(f'{part}.csv' for part in PARTS)}, or {', '.join(SHIPPED)}",
            way_out=f"Did you mean {hint!r}?" if hint else FILE.way_out,
        )
    return {part: read_file.text(where / f"{part}.csv", FILE) for part in PARTS}


def loads_placement(given: Mapping[str, str]) -> Placement:
    """Families, places and pairs from the text of their files.

    Args:
        given: Text by `families`, `places` and `pairs`.

    Raises:
        CaseErrors: They have faults; all of them, each with file and line.
    """
    faults = [f"{part}: not given [missing-field]" for part in PARTS if part not in given]
    faults += [f"{part}: no such file among {', '.join(PARTS)} [unknown-key]" for part in given if part not in PARTS]
    _refuse(faults)
    tables = {part: CsvTable.of(given[part], f"{part}.csv", faults) for part in PARTS}
    _refuse(faults)
    needs = rows.needs(tables["places"], faults)
    families = rows.families(tables["families"], needs, faults)
    places = rows.places(tables["places"], needs, faults)
    pairs = rows.pairs(tables["pairs"], families, places, faults)
    _refuse(faults)
    named = frozenset(tables["pairs"].columns) & {"rank", "priority", "score"}
    return Placement(needs, tuple(families), tuple(places), tuple(pairs), named)


def _refuse(faults: list[str]) -> None:
    if len(faults) > rows.MOST_FAULTS:
        left = len(faults) - rows.MOST_FAULTS
        raise CaseErrors([*faults[: rows.MOST_FAULTS], f"and {left:,} more"], "the files")
    if faults:
        raise CaseErrors(faults, "the files")
