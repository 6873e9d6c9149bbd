"""Reads an answer back from the folder that it was saved in, to be shown again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from palanca.core import digest
from palanca.core.errors import UsageError
from palanca.show import files, manifest
from palanca.show.answer import Answer, Finding, Provenance
from palanca.show.chart import Chart, Kind, Panel, Series
from palanca.show.estimate import Basis, Estimate
from palanca.show.manifest import Manifest
from palanca.show.table import Cell, Table

EXPECTED = "a folder that a command wrote with --out, or `Answer.save`, as it was written"
NUMBERS = ("estimate", "low", "high")


def read(folder: Path) -> Answer:
    """The answer of a folder; its data are rounded, as `data.nc` has them.

    Raises:
        UsageError: It is no folder of an answer, or its files were changed since they were written.
    """
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing"
        raise UsageError("no folder of an answer", where=str(folder), found=found, expected=EXPECTED)
    made = manifest.read(folder)
    try:
        held = json.loads(_content(folder, files.JSON, made))
        numbers = _content(folder, files.NETCDF, made)
        return _answer(held, made, xr.load_dataset(numbers, engine="h5netcdf"))
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise _refused(folder, f"{type(fault).__name__}: {fault}") from fault


def _content(folder: Path, name: str, made: Manifest) -> bytes:
    """A file, which must be the one that the manifest names."""
    try:
        content = (folder / name).read_bytes()
    except OSError as fault:
        raise _refused(folder, f"{name}: {fault.strerror or fault}") from fault
    if digest.of_bytes(content) != made.files.get(name):
        raise _refused(folder, f"{name} is not the file that the manifest names")
    return content


def _refused(folder: Path, found: str) -> UsageError:
    return UsageError(
        "cannot read the answer", where=str(folder), found=found, expected=EXPECTED,
        way_out="`palanca reproduce` answers again from the manifest alone; with --out it writes the folder anew.",
    )  # fmt: skip


def _answer(held: Mapping[str, Any], made: Manifest, data: xr.Dataset) -> Answer:
    told = held["provenance"]
    provenance = Provenance(
        question=told["question"],
        arguments=told["arguments"],
        case=told["case"],
        marks=told["marks"],
        key=told["key"],
        draws=told["draws"],
        inputs=made.inputs,
        notes=tuple(told["notes"]),
    )
    return Answer(
        question=held["question"],
        data=data,
        findings=tuple(_finding(one) for one in held["findings"]),
        tables=tuple(_table(one) for one in held["tables"]),
        charts=tuple(_chart(one) for one in held["charts"]),
        caveats=tuple(held["caveats"]),
        provenance=provenance,
    )


def _finding(held: Mapping[str, Any]) -> Finding:
    numbers = {one["name"]: _estimate(one) for one in held["numbers"]}
    return Finding(held["text"], numbers, Basis(held["basis"]))


def _estimate(held: Mapping[str, Any]) -> Estimate:
    middle, low, high = (float("nan") if held[side] is None else float(held[side]) for side in NUMBERS)
    return Estimate(
        middle, low, high, held["unit"], held["level"], Basis(held["basis"]),
        held.get("assumed_share"), tuple(held.get("assumed_by", ())),
    )  # fmt: skip


def _table(held: Mapping[str, Any]) -> Table:
    columns = tuple(held["columns"])
    rows = tuple(tuple(_cell(row[name]) for name in columns) for row in held["rows"])
    return Table(held["name"], columns, rows, tuple(held["units"].items()), held["note"])


def _cell(held: Any) -> Cell:
    if isinstance(held, dict):
        return _estimate(held)
    if held is None or isinstance(held, str | int | float):
        return held
    raise TypeError(f"a cell that holds {type(held).__name__}")


def _chart(held: Mapping[str, Any]) -> Chart:
    panels = tuple(_panel(one) for one in held["panels"])
    return Chart(**{**held, "kind": Kind(held["kind"]), "panels": panels})


def _panel(held: Mapping[str, Any]) -> Panel:
    series = tuple(Series(**_tuples(one)) for one in held["series"])
    marks = tuple((at, str(word)) for at, word in held["marks"])
    return Panel(**{**held, "series": series, "marks": marks})


def _tuples(held: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else value
            for name, value in held.items()}  # fmt: skip
