"""Commands on observed series: list, show, verify, update."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli.show import Format, Row, rows
from palanca.core.wording import counted

if TYPE_CHECKING:
    import xarray as xr

    from palanca.data.vintages import Revision

app = typer.Typer(help="Observed series: what there is, where it comes from, whether it holds.", no_args_is_help=True)

How = Annotated[Format, typer.Option("--format", help="How to print.")]
Store = Annotated[
    Path | None,
    typer.Option("--store", envvar="PALANCA_STORE", help="Folder of newer releases, preferred to the packaged tables."),
]
FAILED = 1
# More labels than this do not fit side by side in a terminal.
MOST_COLUMNS = 6


@app.command("list")
def list_(how: How = Format.table, store: Store = None) -> None:
    """Every series: its axes, unit, span and publisher."""
    from palanca.data import catalogue, read

    found = [read.resolve(series_id, store)[0] for series_id in catalogue.entries()]
    rows(
        [
            {
                "id": series.id,
                "axes": ", ".join(series.dims),
                "unit": series.unit,
                "first": series.first,
                "last": series.last,
                "publisher": series.publisher,
                **({} if how is Format.table else {"what": series.what, "source": series.source}),
            }
            for series in found
        ],
        how,
    )


@app.command()
def show(
    series_id: Annotated[str, typer.Argument(metavar="ID", help="An id that `palanca series list` prints.")],
    last: Annotated[int, typer.Option("--last", min=0, help="Only so many last months or years; 0 for all.")] = 0,
    as_known: Annotated[str | None, typer.Option("--as-known", help="As known in a month, YYYY-MM.")] = None,
    how: How = Format.table,
    store: Store = None,
) -> None:
    """One series: what it counts, its source, and its figures."""
    from palanca.data import read, vintages

    array = vintages.as_known(series_id, as_known, store=store) if as_known else read.read(series_id, store=store)
    hidden = None if as_known else read.read_censored(series_id, store=store)
    if how is Format.table:
        for name in ("what", "unit", "publisher", "table", "edition", "rounding", "gaps_note"):
            if array.attrs[name]:
                typer.echo(f"{name.replace('_note', ''):>9}  {array.attrs[name]}")
    time = str(array.dims[0])
    array = array[-last:] if last else array
    wide = how is Format.table and array.ndim > 1 and array.shape[-1] <= MOST_COLUMNS
    rows(_wide(array, hidden, time) if wide else _long(array, hidden, time), how)


@app.command()
def verify(how: How = Format.table, store: Store = None) -> None:
    """Check every table, the sums that must agree, and known figures; exit 1 if one fails."""
    from palanca.data import agree

    findings = agree.verify(store)
    rows(
        [{"check": f.check, "agrees": f.passed, "found": f.found, "expected": f.expected} for f in findings],
        how,
    )
    if not all(finding.passed for finding in findings):
        raise typer.Exit(FAILED)


@app.command()
def update(
    file: Annotated[Path, typer.Option("--from", help="A release as its publisher lays it out.")],
    store: Annotated[
        Path | None,
        typer.Option("--store", envvar="PALANCA_STORE", help="Folder of newer releases; made if need be."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare, and write nothing.")] = False,
    how: How = Format.table,
) -> None:
    """Take a newer release into a store: every revised cell is shown, and what was known before is kept."""
    from palanca.data import vintages

    folder = store or vintages.default_store()
    found = vintages.update(file, folder, dry_run=dry_run)
    if how is not Format.table:
        rows([_revision(revision) for revision in found], how)
        return
    revised = [revision for revision in found if revision.kind == "revised"]
    if revised:
        rows([_revision(revision) for revision in revised], how, title="Revised")
    for line in _summary(found):
        typer.echo(line)
    done = f"Kept in {folder}; read it with --store {folder}."
    typer.echo("Nothing was written." if dry_run or not found else done)


def _revision(revision: Revision) -> Row:
    return {
        "series": revision.series,
        "month": revision.month,
        "cell": ", ".join(revision.labels),
        "old": revision.old,
        "new": revision.new,
        "kind": revision.kind,
    }


def _summary(found: list[Revision]) -> list[str]:
    """One line for each series and kind of change; a plain sentence when nothing changed."""
    if not found:
        return ["The release says what is known already."]
    words = {
        "revised": "revised",
        "added": "added",
        "older": "told otherwise by this older edition",
    }
    counts = Counter((revision.series, revision.kind) for revision in found)
    return [
        f"{series}: {counted(number, 'cell')} {words[kind]}, {_span(found, series, kind)}"
        for (series, kind), number in counts.items()
    ]


def _span(found: list[Revision], series: str, kind: str) -> str:
    months = sorted({r.month for r in found if (r.series, r.kind) == (series, kind)})
    return months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"


def _long(array: xr.DataArray, hidden: xr.DataArray | None, time: str) -> list[Row]:
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


def _wide(array: xr.DataArray, hidden: xr.DataArray | None, time: str) -> list[Row]:
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


def _figure(array: xr.DataArray, hidden: xr.DataArray | None, at: tuple[int, ...]) -> float | int | str | None:
    value = float(array.values[at])
    if math.isfinite(value):
        return int(value) if value.is_integer() else value
    if hidden is not None and bool(hidden[-array.shape[0] :].values[at]):
        return "0-4"
    return None
