"""The table of series, read: the only list of what was observed and may be asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from palanca.core import read_file
from palanca.core.clock import Month, Span
from palanca.core.errors import SeriesError
from palanca.core.wording import listed, nearest

FOLDER = Path(__file__).parent
TABLES = FOLDER / "tables"
REINSTALL = "Install palanca again."
FILE = read_file.FileKind(SeriesError, "a catalogue of series", 5_000_000)
GAPS = ("unknown", "zero", "censored")
COLUMNS = (
    "id", "file", "dims", "labels", "what", "unit", "publisher", "table", "edition", "as_of", "rounding",
    "first", "last", "gaps", "gaps_note", "status", "checksum",
)  # fmt: skip


@dataclass(frozen=True)
class SeriesEntry:
    """One row of the catalogue.

    Attributes:
        id: Name by which the series is asked for.
        file: Name of its table in the folder of tables.
        dims: Axes, time first: `month` or `year`, then those that divide the total.
        labels: For each axis but time, its labels in order.
        what: What is counted, in a sentence or two.
        unit: Unit of the values; one of core/units.py. It also heads the column of values in the table.
        publisher: Who published the figures.
        table: Which publication and table.
        edition: Which edition of it.
        as_of: Month through which that edition was current, `YYYY-MM`, so that it was published after that month;
            empty when it was not recorded.
        rounding: How the publisher rounds.
        first: First month (`YYYY-MM`) or year of the table.
        last: Last month or year of the table.
        gaps: What an absent cell means: `unknown` (not observed), `zero` (not printed because there was
            none, in a month that the table covers), `censored` (as unknown; besides, cells that read `0-4`
            were not printed because they hold 0 to 4).
        gaps_note: The same in words, with dates.
        status: `first release`, `revised` or `final`.
        checksum: Fingerprint of the table's file.
        joined: Where a table is joined from editions: the last month of each but the last, and the month through
            which it was current, in their order. `as_of` is that of the last.
    """

    id: str
    file: str
    dims: tuple[str, ...]
    labels: MappingProxyType[str, tuple[str, ...]] = field(
        hash=False
    )  # a mapping has no hash; the row has one without it
    what: str
    unit: str
    publisher: str
    table: str
    edition: str
    as_of: str
    rounding: str
    first: str
    last: str
    gaps: str
    gaps_note: str
    status: str
    checksum: str
    joined: tuple[tuple[str, str], ...] = ()

    @property
    def source(self) -> str:
        """Publisher, table and edition, as a reader would cite them."""
        return f"{self.publisher}, {self.table}, {self.edition}"

    @property
    def yearly(self) -> bool:
        """Whether the time axis counts years."""
        return self.dims[0] == "year"

    def parts(self) -> list[SeriesEntry]:
        """The editions that the table is joined from, each with its own months and date; itself if it is one."""
        found, first = [], self.first
        for last, as_of in self.joined:
            found.append(replace(self, first=first, last=last, as_of=as_of, joined=()))
            first = str(Month.parse(last) + 1)
        return [*found, replace(self, first=first, joined=())]


def from_row(row: dict[str, str]) -> SeriesEntry:
    """Read one row of the catalogue.

    Raises:
        ValueError: A value is missing or is none of those that may stand there.
    """
    if None in row.values() or None in row or row["gaps"] not in GAPS or not row["dims"].startswith(("month", "year")):
        raise ValueError(f"a row that says {row.get('id')!r}")
    labels = {}
    for part in filter(None, row["labels"].split("; ")):
        name, _, names = part.partition(": ")
        labels[name] = tuple(names.split())
    *joined, as_of = row["as_of"].split("; ")
    pairs = tuple(part.split(" to ") for part in joined)
    if any(len(pair) != len(("date", "last month")) for pair in pairs):
        raise ValueError(f"a row that says {row['as_of']!r} of its dates")
    told: dict[str, object] = {
        **row,
        "as_of": as_of,
        "joined": tuple((last, date) for date, last in pairs),
        "dims": tuple(row["dims"].split(",")),
        "labels": MappingProxyType(labels),
    }
    return SeriesEntry(**told)  # type: ignore[arg-type]


def to_row(series: SeriesEntry) -> dict[str, str]:
    """Write one row of the catalogue; the inverse of `from_row`."""
    row = {name: getattr(series, name) for name in COLUMNS}
    labels = "; ".join(f"{name}: {' '.join(names)}" for name, names in series.labels.items())
    dates = "; ".join([*(f"{date} to {last}" for last, date in series.joined), series.as_of])
    return {**row, "dims": ",".join(series.dims), "labels": labels, "as_of": dates}


@cache
def entries() -> MappingProxyType[str, SeriesEntry]:
    """Every packaged series by its id, in the catalogue's order.

    Raises:
        SeriesError: The catalogue is missing or damaged.
    """
    return MappingProxyType({row.id: row for row in rows_of(FOLDER / "catalogue.csv")})


def rows_of(path: Path, way_out: str = REINSTALL) -> list[SeriesEntry]:
    """The rows of any file laid out as the catalogue is.

    Raises:
        SeriesError: The file is missing or cannot be read, its columns are not those expected, or a row is damaged.
    """
    kind = replace(FILE, way_out=way_out)
    try:
        reader = csv.DictReader(io.StringIO(read_file.content(path, kind).decode("utf-8"), newline=""), strict=True)
        rows, found = list(reader), tuple(reader.fieldnames or ())
        if found != COLUMNS:
            raise SeriesError(
                "the catalogue has other columns",
                where=str(path),
                found=listed(found, 20),
                expected=listed(COLUMNS, 20),
                way_out=way_out,
            )
        return [from_row(row) for row in rows]
    except (csv.Error, ValueError, TypeError, AttributeError) as fault:
        raise SeriesError(
            "the catalogue is damaged", where=str(path), found=str(fault)[:80], way_out=way_out
        ) from fault


def months_of(editions: Iterable[SeriesEntry]) -> Span:
    """From the first to the last month that editions of one series tell."""
    rows = list(editions)
    return Span.parse(min(row.first for row in rows), max(row.last for row in rows))


def get(series_id: str) -> SeriesEntry:
    """One packaged series by its id.

    Raises:
        SeriesError: There is no such series; names the nearest one.
    """
    known = entries()
    if series_id in known:
        return known[series_id]
    hint = nearest(series_id, known)
    raise SeriesError(
        "no such series",
        found=repr(series_id),
        expected="an id that `palanca data list` prints",
        way_out=f"Did you mean {hint!r}?" if hint else "",
    )
