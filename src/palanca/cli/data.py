"""Commands on observed figures: list, show, verify, update, status."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import output
from palanca.cli.listing import print_rows as rows
from palanca.cli.options import AsKnown, CaseFigures, Format, Full, Store
from palanca.core.wording import counted

if TYPE_CHECKING:
    import xarray as xr

    from palanca.core.clock import Month
    from palanca.data.update import Revision, Update

app = typer.Typer(help="Observed figures: what there is, where it comes from, how old it is, whether it holds.",
                  no_args_is_help=True)  # fmt: skip

How = Annotated[Format, typer.Option("--format", help="How to print.")]
Row = dict[str, object]
FAILED = 1
# More labels than this do not fit side by side in a terminal.
MOST_COLUMNS = 6
SHOWN_MONTHS, SHOWN_ROWS = 6, 24  # of a series on a first screen: with labels, and without
FLAT = 2  # axes of a series that can be laid out months side by side
MOST_TEXT = 100


@app.command("list")
def list_(how: How = Format.table, full: Full = False, store: Store = None, case: CaseFigures = "") -> None:
    """Every series: its axes, unit, span and publisher."""
    from palanca.data import read
    from palanca.spec import load

    figures = read.open_figures(store, case=load.find(case) if case else "")
    found = [figures.cells(series_id)[0] if store else series for series_id, series in figures.rows.items()]
    rows(
        [
            {
                "id": series.id,
                "first": series.first,
                "last": series.last,
                "unit": series.unit,
                "axes": ", ".join(series.dims),
                "publisher": series.publisher,
                **({} if how is Format.table else {"what": series.what, "source": series.source}),
            }
            for series in found
        ],
        how,
        f"There are {len(found)} series; `palanca data show ID` prints one.",
        full=full,
    )


@app.command()
def show(
    series_id: Annotated[str, typer.Argument(metavar="ID", help="An id that `palanca data list` prints.")],
    last: Annotated[int, typer.Option("--last", min=0, help="Only so many last months or years; 0 for all.")] = 0,
    as_known: AsKnown = "",
    how: How = Format.table,
    full: Full = False,
    store: Store = None,
    case: CaseFigures = "",
) -> None:
    """One series: what it counts, its source, and its figures."""
    from palanca.data import read
    from palanca.spec import load

    figures = read.open_figures(store, as_known, load.find(case) if case else "")
    array, hidden = figures.read(series_id), figures.read_censored(series_id)
    time = str(array.dims[0])
    if how is Format.table:
        if not full and not last:
            last = SHOWN_MONTHS if array.ndim > 1 else SHOWN_ROWS
        output.say(_head(array, series_id))
    array, hidden = (array[-last:], hidden[-last:]) if last else (array, hidden)
    if how is Format.table and array.ndim == FLAT and array.shape[0] <= SHOWN_MONTHS:
        array, hidden = array.T, hidden.T  # months side by side, a row a label
    wide = how is Format.table and array.ndim > 1 and array.shape[-1] <= MOST_COLUMNS
    listed = _wide(array, hidden, time) if wide else _long(array, hidden, time)
    rows(listed, how, f"The last {last} {time}s; --full prints all." if last else "", full=True)


@app.command()
def verify(how: How = Format.table, full: Full = False, store: Store = None) -> None:
    """Check every table and edition, the sums that must agree, and known figures; exit 1 if one fails."""
    from palanca.data import agree

    findings = agree.verify(store)
    rows(
        [
            {"check": f.check, "agrees": f.passed, "found": f.found, "expected": f.expected}
            for f in sorted(findings, key=lambda f: f.passed)
        ],
        how,
        f"{sum(f.passed for f in findings)} of {len(findings)} checks of the figures hold.",
        full=full,
    )
    if not all(finding.passed for finding in findings):
        raise typer.Exit(FAILED)


@app.command()
def status(as_known: AsKnown = "", how: How = Format.table, full: Full = False, store: Store = None) -> None:
    """How old each series is, the oldest first, who publishes it, and which file brings newer months."""
    from palanca.core.clock import Month
    from palanca.data import read
    from palanca.data.status import status as of

    when = Month.parse(as_known, where="--as-known") if as_known else _now()
    found = of(read.open_figures(store, as_known), when)
    brief = how is Format.table and not full
    rows(
        [
            {
                "id": one.series,
                "last": one.last or None,
                "age": one.age,
                "newer months from": one.brief if brief else "; ".join(one.refresh),
                **({} if brief else {"publisher": one.publisher, "offered": "; ".join(one.offered)}),
            }
            for one in found
        ],
        how,
        f"The newest of {len(found)} series ends in {max(one.last for one in found)}; ages are in months, to {when}.",
        full=full,
    )


@app.command()
def update(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Releases as published, or own tables.")],
    series: Annotated[str, typer.Option("--series", metavar="ID", help="The series of an own table.")] = "",
    store: Annotated[
        Path | None,
        typer.Option("--store", envvar="PALANCA_STORE", help="Folder of releases; made if need be."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare, and write nothing.")] = False,
    how: How = Format.table,
) -> None:
    """Take releases into a store, all of them or none.

    A release is known by its content, whatever its name: CBP's Southwest Land Border Encounters and Nationwide
    Encounters (by state, by area of responsibility), OHSS's monthly tables and key metrics, and others that
    `palanca data status --full` names. A table of one's own has a header such as month,origin,count and any series
    that `palanca data list` prints. Every revised cell is shown, and what was known before is kept.
    """
    from palanca.data import store as stores
    from palanca.data.update import update as take

    folder = store or stores.default_folder()
    found = take(files, folder, today=_now(), series_id=series, dry_run=dry_run)
    revisions = [(one.file, revision) for one in found for revision in one.revisions]
    if how is not Format.table:
        rows([{"file": file, **_revision(revision)} for file, revision in revisions], how)
        return
    revised = [_revision(revision) for _, revision in revisions if revision.kind == "revised"]
    if revised:
        rows(revised, how, f"{counted(len(revised), 'cell')} of what was known told otherwise.", full=dry_run)
    for one in found:
        output.say(_wrapped(f"{one.file}: {one.release}."))
        for line in _summary(one):
            output.say(_wrapped(line, "  "))
    output.say(_wrapped(_outcome(found, folder, dry_run=dry_run)))


def _head(array: xr.DataArray, series_id: str) -> str:
    """What a series counts, and who publishes it, in lines that fit the terminal."""
    columns = min(output.width(), MOST_TEXT)
    named = {name: array.attrs[name] for name in ("unit", "publisher", "table", "edition", "rounding", "gaps_note")}
    lines = textwrap.wrap(f"{series_id}: {array.attrs['what']}", columns)
    for name, text in named.items():
        if text:
            head = f"{name.replace('_note', ''):>9}  "
            lines += textwrap.wrap(str(text), columns, initial_indent=head, subsequent_indent=" " * len(head))
    return "\n".join(lines)


def _now() -> Month:
    """The month that it is on this computer."""
    from palanca.core.clock import Month

    return Month.parse(f"{date.today():%Y-%m}")


def _outcome(found: Sequence[Update], folder: Path, *, dry_run: bool) -> str:
    kept = [row for one in found for row in one.kept]
    if dry_run:
        return "Nothing was written."
    if not kept:
        return "The store holds this already; nothing was written."
    from palanca.data import store as stores

    if folder == stores.default_folder():
        return f"Kept in {folder}, where every command finds it."
    return f"Kept in {folder}. Any command takes it with --store, or with {stores.VARIABLE} set to it."


def _wrapped(line: str, indent: str = "") -> str:
    """A line in as many as the terminal is wide for; names and months are not broken."""
    return textwrap.fill(line, min(output.width(), MOST_TEXT), initial_indent=indent, subsequent_indent=indent + "  ",
                         break_long_words=False, break_on_hyphens=False)  # fmt: skip


def _revision(revision: Revision) -> Row:
    return {
        "series": revision.series,
        "month": revision.month,
        "cell": ", ".join(revision.labels),
        "old": revision.old,
        "new": revision.new,
        "kind": revision.kind,
    }


def _summary(one: Update) -> list[str]:
    """One line for each series and kind of change; a plain sentence when nothing changed."""
    found = one.revisions
    words = {
        "revised": "revised",
        "added": "added",
        "older": "told otherwise by this edition; a newer one holds",
    }
    counts = Counter((revision.series, revision.kind) for revision in found)
    lines = [
        f"{series}: {counted(number, 'cell')} {words[kind]}, {_span(found, series, kind)}"
        for (series, kind), number in counts.items()
    ]
    if not found:
        lines.append("It says what is known already.")
    if one.kept and not any(revision.kind != "older" for revision in found):
        lines.append(f"Its editions, current to {one.kept[0].as_of}, are kept and change nothing.")
    return lines


def _span(found: Sequence[Revision], series: str, kind: str) -> str:
    months = sorted({r.month for r in found if (r.series, r.kind) == (series, kind)})
    return months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"


def _long(array: xr.DataArray, hidden: xr.DataArray, time: str) -> list[Row]:
    """One row per cell."""
    import numpy as np

    axes = [_labels(array, str(dim), time) for dim in array.dims]
    return [
        {
            **{str(dim): axis[i] for dim, axis, i in zip(array.dims, axes, at, strict=True)},
            array.attrs["unit"]: _figure(array, hidden, at),
        }
        for at in np.ndindex(array.shape)
    ]


def _wide(array: xr.DataArray, hidden: xr.DataArray, time: str) -> list[Row]:
    """One row per cell but the last axis, whose labels head the columns."""
    import numpy as np

    axes = [_labels(array, str(dim), time) for dim in array.dims]
    return [
        {
            **{str(dim): axis[i] for dim, axis, i in zip(array.dims, axes, at, strict=False)},
            **{label: _figure(array, hidden, (*at, i)) for i, label in enumerate(axes[-1])},
        }
        for at in np.ndindex(array.shape[:-1])
    ]


def _labels(array: xr.DataArray, dim: str, time: str) -> list[str]:
    values = array[dim].values
    return [str(value)[:7] if dim == time == "month" else str(value) for value in values]


def _figure(array: xr.DataArray, hidden: xr.DataArray, at: tuple[int, ...]) -> float | int | str | None:
    value = float(array.values[at])
    if math.isfinite(value):
        return int(value) if value.is_integer() else value
    if bool(hidden.values[at]):
        return "0-4"
    return None
