"""An answer as one document of plain values for JSON, and as one tidy table for CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import xarray as xr

from palanca.show.answer import Answer, Finding
from palanca.show.estimate import FEWEST, LEVEL, Estimate, bands
from palanca.show.table import Cell, Table

FORMAT = 1
DRAW = "draw"
SIDES = ("estimate", "low", "high")


def of(answer: Answer) -> dict[str, object]:
    """The answer as plain values: question, findings with their numbers, tables, charts, data, caveats, provenance."""
    made = answer.provenance
    return {
        "format": FORMAT,
        "question": answer.question,
        "findings": [_finding(one) for one in answer.findings],
        "tables": [_table(one) for one in answer.tables],
        "charts": [plain(asdict(one)) for one in answer.charts],
        "data": {str(name): _variable(array) for name, array in answer.data.data_vars.items()},
        "caveats": list(answer.caveats),
        "provenance": {
            "question": made.question,
            "arguments": plain(dict(made.arguments)),
            "case": made.case,
            "marks": dict(made.marks),
            "key": made.key,
            "draws": made.draws,
            "notes": list(made.notes),
        },
    }


def as_json(answer: Answer) -> str:
    """The document as JSON; what is no number is null."""
    return json.dumps(answer.document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_csv(answer: Answer) -> str:
    """Every number of the data in one tidy table: variable, unit, a column an axis, estimate, low, high, level."""
    axes = [str(name) for name in answer.data.dims if name != DRAW]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["variable", "unit", *axes, *SIDES, "level"])
    for name, array in answer.data.data_vars.items():
        writer.writerows([str(name), str(array.attrs.get("units", "")), *row] for row in _rows(array, axes))
    return stream.getvalue()


def estimate(given: Estimate) -> dict[str, object]:
    """An estimate with the keys that every document uses."""
    found: dict[str, object] = {
        "estimate": _known(given.estimate),
        "low": _known(given.low),
        "high": _known(given.high),
        "level": given.level,
        "unit": given.unit,
        "basis": str(given.basis),
    }
    if given.assumed_share is not None:
        found |= {"assumed_share": given.assumed_share, "assumed_by": list(given.assumed_by)}
    return found


def plain(value: object) -> object:
    """A value as JSON can hold it; records become tables, NumPy's numbers Python's, and what is no number null."""
    if isinstance(value, dict):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, float):
        return _known(value)
    return value if isinstance(value, str | int | bool) or value is None else str(value)


def _finding(given: Finding) -> dict[str, object]:
    numbers = [{"name": name} | estimate(one) for name, one in given.numbers.items()]
    return {"text": given.text, "basis": str(given.basis), "numbers": numbers}


def _table(given: Table) -> dict[str, object]:
    return {
        "name": given.name,
        "columns": list(given.columns),
        "units": dict(given.units),
        "rows": [{name: _cell(cell) for name, cell in zip(given.columns, row, strict=True)} for row in given.rows],
        "note": given.note,
    }


def _cell(cell: Cell) -> object:
    return estimate(cell) if isinstance(cell, Estimate) else plain(cell)


def _variable(array: xr.DataArray) -> dict[str, object]:
    """One variable with its axes and labels; draws become an estimate and its interval."""
    dims = [str(dim) for dim in array.dims if dim != DRAW]
    found: dict[str, object] = {
        "unit": str(array.attrs.get("units", "")),
        "what": str(array.attrs.get("long_name", "")),
        "dims": dims,
        "coords": {dim: _labels(array, dim) for dim in dims},
    }
    if DRAW not in array.dims:
        return found | {"estimate": plain(array.values), "level": None}
    low, middle, high = bands(np.asarray(array.transpose(*dims, DRAW).values, dtype=float))
    sides = {"estimate": middle, "low": low, "high": high}
    return found | {side: plain(values) for side, values in sides.items()} | {"level": _level(array)}


def _rows(array: xr.DataArray, axes: list[str]) -> Iterator[list[object]]:
    dims = [str(dim) for dim in array.dims if dim != DRAW]
    labels = [_labels(array, dim) for dim in dims]
    level: object = ""
    if DRAW in array.dims:
        low, middle, high = bands(np.asarray(array.transpose(*dims, DRAW).values, dtype=float))
        level = _level(array) or ""
    else:
        middle = np.asarray(array.values)
        low = high = middle
    for place in np.ndindex(middle.shape):
        at = {dim: labels[k][place[k]] for k, dim in enumerate(dims)}
        numbers = [_number(side[place]) for side in (middle, low, high)]
        yield [*(safe(at.get(axis, "")) for axis in axes), *numbers, level]


def _labels(array: xr.DataArray, dim: str) -> list[object]:
    if dim not in array.coords:
        return list(range(array.sizes[dim]))
    values = array.coords[dim].values
    if values.dtype.kind == "M":
        return [str(value) for value in values.astype("datetime64[M]")]
    return [value.item() if isinstance(value, np.generic) else value for value in values]


def _level(array: xr.DataArray) -> float | None:
    return LEVEL if array.sizes[DRAW] >= FEWEST else None


def _number(value: object) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    return "" if isinstance(value, float) and not math.isfinite(value) else safe(value)


def safe(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
