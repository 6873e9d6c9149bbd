"""Listings that are no answers (cases, series, changes): one table, printed like every other."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

from palanca.cli import output
from palanca.cli.options import Format

ROWS = 32  # on a first screen


def print_rows(rows: Sequence[Mapping[str, object]], how: Format, title: str = "", *, full: bool = False) -> None:
    """Print records that share their keys; JSON and CSV keep every digit.

    Args:
        rows: The records.
        how: A table, JSON or CSV.
        title: A sentence above the table.
        full: Whether a table shows every row and column; otherwise those of a first screen.

    Raises:
        OutputError: Standard output refused.
    """
    from palanca.show import document, table

    if how is Format.json:
        output.say(json.dumps([document.plain(dict(row)) for row in rows], indent=2, ensure_ascii=False))
    elif how is Format.csv:
        output.say(as_csv(rows))
    else:
        plain = [{name: document.plain(value) for name, value in row.items()} for row in rows]
        whole = table.of_rows(title, plain)  # type: ignore[arg-type]
        output.say(table.printed(whole if full else table.brief(whole, output.width(), ROWS), output.width()))


def as_csv(rows: Sequence[Mapping[str, object]]) -> str:
    """Records that share their keys as CSV with a header."""
    from palanca.show import document

    stream = io.StringIO()
    if rows:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: document.safe(document.plain(value)) for name, value in row.items()} for row in rows)
    return stream.getvalue()
