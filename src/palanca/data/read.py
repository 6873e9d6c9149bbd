"""The figures in force: packaged tables, with the releases of a store laid over them, as known now or at a date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import xarray as xr

from palanca.core import digest
from palanca.core.clock import Month, Span
from palanca.core.errors import SeriesError
from palanca.core.wording import listed, nearest
from palanca.data import catalogue, own_series, store, table
from palanca.data.catalogue import SeriesEntry
from palanca.data.store import Store
from palanca.data.table import Cells

_ATTRS = (
    "id", "what", "unit", "publisher", "table", "edition", "as_of", "rounding", "gaps", "gaps_note", "status",
    "checksum",
)  # fmt: skip
MONTHS = 12
LONGEST_LAG = 3  # publishers of monthly figures here take no longer [months]
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class Edition:
    """One edition of a series.

    Attributes:
        row: Its row.
        path: The file of its table.
        of: The row of a table that is joined from this edition and others; nothing for a table of its own.
    """

    row: SeriesEntry
    path: Path
    of: SeriesEntry | None = None

    def cells(self) -> Cells:
        """What it tells.

        Raises:
            SeriesError: The table is missing or was altered.
        """
        if self.of is None:
            return table.load(self.row, self.path)
        whole = table.load(self.of, self.path)
        return {key: value for key, value in whole.items() if self.row.first <= key[0] <= self.row.last}


@dataclass(frozen=True)
class Figures:
    """Every series, from the editions in force.

    A month is told by the latest edition that covers it; where an absent cell is no statement, so is each cell.

    Attributes:
        editions: Of each series, oldest first; those known by the date, if there is one.
        at_hand: The same without regard to the date.
        when: The date, `YYYY-MM`, or the words of an edition; empty for now.
        last: Last month that is told, `YYYY-MM`; empty for all.
        own: The series of the case itself, by id, beside the packaged ones.
        marks: Fingerprints made before, by last month; they are asked for with every question.
    """

    editions: Mapping[str, tuple[Edition, ...]]
    at_hand: Mapping[str, tuple[Edition, ...]]
    when: str = ""
    last: str = ""
    own: Mapping[str, SeriesEntry] = field(default_factory=lambda: own_series.NONE)
    marks: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def until(self, last: str) -> Figures:
        """The same without the months after one, `YYYY-MM`; what is not told stays untold."""
        return replace(self, last=min(filter(None, (last, self.last)), default=""))

    def told(self, span: Span) -> int:
        """How many months of a span may be told."""
        if not self.last:
            return len(span)
        return min(max(Month.parse(self.last) - span.first + 1, 0), len(span))

    def known_by(self, when: str) -> Figures:
        """The same with only those editions that had been published by the end of a month, `YYYY-MM`."""
        known = {name: tuple(_known(editions, when)) for name, editions in self.editions.items()}
        return replace(self, editions=MappingProxyType(known), when=when, marks={})

    def read(self, series_id: str) -> xr.DataArray:
        """One series with its axes labelled.

        Returns:
            Values [the unit in `attrs`], time first. `month` holds month starts without a hole from the first to
            the last; `year` holds whole numbers. A cell that was not observed, or of which only `0-4` is known,
            is NaN. A series that begins after `last` has no months.

        Raises:
            SeriesError: No such series, none known by the date, or a table disagrees with its catalogue.
        """
        return to_array(*self.cells(series_id))[0]

    def read_censored(self, series_id: str) -> xr.DataArray:
        """Where a series is NaN because the publisher withheld a count of 0 to 4; errors as for `read`.

        Returns:
            True or False on the axes of `read`.
        """
        return to_array(*self.cells(series_id))[1]

    def cells(self, series_id: str) -> tuple[SeriesEntry, Cells]:
        """The row in force of a series, and its cells; errors as for `read`."""
        self.entry(series_id)
        editions = self.editions[series_id]
        if not editions:
            dates = (edition.row.as_of or repr(edition.row.edition) for edition in self.at_hand[series_id])
            raise SeriesError(
                f"no edition of {series_id} was known then",
                where="--as-known",
                found=repr(self.when),
                expected=f"a month after one of {listed(dates)}",
                way_out="An older release is taken into a store with `palanca data update FILE`.",
            )
        cells: Cells = {}
        for edition in editions:
            cells = laid_over(edition.row, cells, edition.cells())
        if self.last:
            cells = {key: value for key, value in cells.items() if key[0] <= self.last}
        return _in_force(editions, cells), cells

    @property
    def rows(self) -> Mapping[str, SeriesEntry]:
        """The row of every series there is: those packaged, and those of the case itself."""
        return MappingProxyType({**catalogue.entries(), **self.own}) if self.own else catalogue.entries()

    def entry(self, series_id: str) -> SeriesEntry:
        """The row of one series.

        Raises:
            SeriesError: There is no such series; names the nearest one.
        """
        if series_id in self.own:
            return self.own[series_id]
        if self.own and series_id not in catalogue.entries() and (hint := nearest(series_id, self.own)):
            raise SeriesError(
                "no such series", found=repr(series_id), expected="one of the case or of the catalogue",
                way_out=f"Did you mean {hint!r}?",
            )  # fmt: skip
        return catalogue.get(series_id)

    def months(self) -> dict[str, Span]:
        """The months of each monthly series in force, whatever `last` is."""
        told = {name: [one.row for one in known] for name, known in self.editions.items() if known}
        return {name: catalogue.months_of(rows) for name, rows in told.items() if not rows[0].yearly}

    def digests(self, names: Iterable[str], last: str) -> dict[str, str]:
        """What each series says up to a month: a digest of its cells and their unit, whichever editions tell them.

        Args:
            names: Series; one that says nothing by then, or is not there, has an empty digest.
            last: The month, `YYYY-MM`.
        """
        given = self.until(last)
        return {name: _digest(*given.cells(name)) if given._says(name) else "" for name in names}

    def _says(self, name: str) -> bool:
        """Whether a series has a cell by the last month that is told."""
        known = self.editions.get(name, ())
        return any(edition.row.first <= (self.last or edition.row.first) for edition in known)

    def fingerprint(self) -> str:
        """One digest of what every series says to the last month that is told, whatever its editions are called.

        Raises:
            SeriesError: A table is missing or was altered.
        """
        if self.last not in self.marks:
            self.marks[self.last] = digest.of_record(self.digests(self.rows, self.last))
        return self.marks[self.last]


def open_figures(folder: Path | None = None, as_known: str = "", case: str | Path = "") -> Figures:
    """The figures that a command uses.

    Args:
        folder: A store of newer or older releases; if nothing, that of `$PALANCA_STORE`, or the usual one where there
            is one, or the packaged tables alone.
        as_known: A month, `YYYY-MM`: what had been published by its end. An edition current through a month is
            published after it. Months before it that no edition of then at hand tells are those of later editions,
            as later revised. Or the words of an edition.
        case: The case they are for; a file with a list of its own series beside it adds these.

    Raises:
        SeriesError: There is no store there, or it is damaged; or so is a series of the case.
    """
    return figures_of(store.used(folder), as_known, own_series.folder_of(case) if case else None)


def figures_of(kept: Store, as_known: str = "", folder: Path | None = None) -> Figures:
    """The figures in force with a store that is open, and with the series of a case's own folder."""
    at_hand: dict[str, tuple[Edition, ...]] = {}
    beside = own_series.rows(folder)
    for packaged in catalogue.entries().values():
        own = [Edition(row, kept.folder / row.file) for row in kept.of(packaged.id)]
        both = [*_packaged(packaged), *own]
        at_hand[packaged.id] = tuple(sorted(both, key=lambda edition: edition.row.as_of))
    for row in beside.values():
        assert folder is not None
        at_hand[row.id] = (Edition(row, own_series.place(folder, row)),)
    known = {name: (*_revised(both, as_known), *_known(both, as_known)) for name, both in at_hand.items()}
    return Figures(MappingProxyType(known), MappingProxyType(at_hand), as_known, own=beside)


def _packaged(row: SeriesEntry) -> list[Edition]:
    """The editions of a packaged table, which may be joined from several."""
    path = catalogue.TABLES / row.file
    return [Edition(part, path, row) for part in row.parts()] if row.joined else [Edition(row, path)]


def _known(editions: tuple[Edition, ...], when: str) -> list[Edition]:
    if not when:
        return list(editions)
    if _MONTH.fullmatch(when):
        return [edition for edition in editions if edition.row.as_of and edition.row.as_of < when]
    named = [place for place, edition in enumerate(editions) if edition.row.edition == when]
    return list(editions[: named[-1] + 1]) if named else []


def _revised(editions: tuple[Edition, ...], when: str) -> list[Edition]:
    """Editions published after a month, cut to the times whose first figure was published by then.

    Every time is taken to have been published as long after its end as the last one of the promptest edition was.
    """
    if not _MONTH.fullmatch(when):
        return []
    known, found = _known(editions, when), []
    before = Month.parse(when) + (-1 - min(_lag(edition.row) for edition in editions))
    for edition in editions:
        row = edition.row
        last = min(
            row.last, str(before.year if before.number == MONTHS else before.year - 1) if row.yearly else str(before)
        )
        if edition not in known and row.first <= last:
            cut = replace(row, last=last, edition=f"{row.edition} (as later revised)")
            found.append(Edition(cut, edition.path, edition.of or row))
    return found


def _lag(row: SeriesEntry) -> int:
    """Months from the end of the last time of an edition to the month through which the edition was current."""
    longest = MONTHS if row.yearly else LONGEST_LAG
    if not row.as_of:
        return longest
    end = Month.parse(f"{row.last}-{MONTHS}" if row.yearly else row.last)
    return min(max(Month.parse(row.as_of) - end, 0), longest)


@cache
def packaged_figures() -> Figures:
    """The packaged figures."""
    return figures_of(store.NONE)


def read(series_id: str) -> xr.DataArray:
    """One packaged series with its axes labelled, as `Figures.read` does."""
    return packaged_figures().read(series_id)


def read_censored(series_id: str) -> xr.DataArray:
    """Where a packaged series is withheld, as `Figures.read_censored` does."""
    return packaged_figures().read_censored(series_id)


def laid_over(series: SeriesEntry, under: Cells, over: Cells) -> Cells:
    """Cells of an older edition with those of a newer one laid over them.

    Where an absent cell is a zero, the newer edition tells its months whole. Elsewhere it tells of its months the
    cells of those labels that it has at all, so that a nationality which it does not list stays as known.
    """
    months, labels = {key[0] for key in over}, {key[1:] for key in over}
    whole = series.gaps == "zero"
    kept = {key: value for key, value in under.items() if key[0] not in months or not (whole or key[1:] in labels)}
    return kept | over


def _digest(series: SeriesEntry, cells: Cells) -> str:
    """Stands for cells, their unit and what absent ones mean."""
    return digest.of_record([series.unit, series.gaps, sorted(cells.items())])


def _in_force(editions: Sequence[Edition], cells: Cells) -> SeriesEntry:
    """The catalogue row of editions laid over one another."""
    months = sorted({key[0] for key in cells})
    newest = editions[-1]
    whole = newest.of or newest.row
    if not months:
        return whole
    uncut = newest.of is None or newest.row in newest.of.parts()
    if (
        uncut
        and all((one.of or one.row) is whole for one in editions)
        and months[-1:] == [whole.last] == [newest.row.last]
    ):
        return whole
    words = dict.fromkeys(edition.row.edition for edition in reversed(editions[:-1]))
    earlier = listed((one for one in words if one != newest.row.edition), 3)
    return replace(
        newest.row,
        edition=newest.row.edition + (f"; what it does not tell from: {earlier}" if earlier else ""),
        first=months[0],
        last=months[-1],
        status="revised",
        checksum=table.checksum_of(table.render(newest.row, cells)),
    )


def to_array(series: SeriesEntry, cells: Cells) -> tuple[xr.DataArray, xr.DataArray]:
    """Spread a table over its axes.

    Returns:
        The values, and where they are censored; both on the axes of the series, time first.
    """
    times = _times(series) if cells else []
    axes = [times, *(list(series.labels[dim]) for dim in series.dims[1:])]
    place = [{label: i for i, label in enumerate(axis)} for axis in axes]
    shape = tuple(len(axis) for axis in axes)
    values, censored = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    if series.gaps == "zero":
        values[[place[0][time] for time in {key[0] for key in cells}]] = 0.0
    for key, value in cells.items():
        at = tuple(where[label] for where, label in zip(place, key, strict=True))
        if value is None:
            censored[at] = True
        else:
            values[at] = value
    coords = {dim: np.array(series.labels[dim]) for dim in series.dims[1:]}
    coords[series.dims[0]] = (
        np.array([int(t) for t in times], dtype=int)
        if series.yearly
        else np.array(times, dtype="datetime64[M]").astype("datetime64[ns]")
    )
    attrs = {name: getattr(series, name) for name in _ATTRS}
    return (
        xr.DataArray(values, coords, series.dims, name=series.id, attrs=attrs),
        xr.DataArray(censored, coords, series.dims, name=f"{series.id}_censored", attrs={"id": series.id}),
    )


def _times(series: SeriesEntry) -> list[str]:
    if series.yearly:
        return [str(year) for year in range(int(series.first), int(series.last) + 1)]
    return Span.parse(series.first, series.last, where=f"catalogue.csv: {series.id}").labels()
