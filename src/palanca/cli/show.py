"""How results look in a terminal: one table function for every listing, as table, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from enum import StrEnum

import typer


class Format(StrEnum):
    """The three ways a listing can be printed."""

    table = "table"
    json = "json"
    csv = "csv"


Row = dict[str, object]
# Output that goes to a file or another program has no window to fit: lines wrap only past this many columns.
UNWATCHED_COLUMNS = 160


def rows(given: Sequence[Row], how: Format, title: str = "") -> None:
    """Print records that share their keys; numbers are right-aligned in a table.

    JSON and CSV keep every digit; what is missing is `null` in JSON and empty in CSV.
    """
    if how is Format.json:
        plain = [{name: _known(value) for name, value in row.items()} for row in given]
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False, default=_plain, allow_nan=False))
    elif how is Format.csv:
        typer.echo(as_csv(given), nl=False)
    else:
        _as_table(given, title)


def cell(value: object) -> str:
    """One value as a reader likes it: thousands apart, three significant digits for fractions."""
    if _known(value) is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 999.5 else f"{value:.3g}"
    return str(value)


def _known(value: object) -> object:
    """The value itself, or nothing for a number that is none."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: object) -> object:
    """What JSON can hold: the Python number inside a NumPy one, else text."""
    item = getattr(value, "item", None)
    return item() if callable(item) else str(value)


def as_csv(given: Sequence[Row]) -> str:
    """Records that share their keys, as CSV text with a header."""
    stream = io.StringIO()
    if given:
        writer = csv.DictWriter(stream, fieldnames=list(given[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _known(value) for name, value in row.items()} for row in given)
    return stream.getvalue()


def _as_table(given: Sequence[Row], title: str) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(title) if title else None,
        box=SIMPLE_HEAD,
        title_justify="left",
        header_style="bold",
        pad_edge=False,
        show_edge=False,
    )
    for name in given[0] if given else ():
        counts = any(isinstance(row[name], int | float) for row in given)
        table.add_column(Text(name), justify="right" if counts else "left")
    for row in given:
        table.add_row(*(Text(cell(value)) for value in row.values()))
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, UNWATCHED_COLUMNS)
    console.print(table)
