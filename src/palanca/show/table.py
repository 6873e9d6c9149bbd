"""A table of an answer, and the one way to print it: it fits the terminal, and no name in it is ever cut."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from palanca.show.estimate import Estimate
from palanca.show.number import column, is_number, with_interval

Cell = str | int | float | bool | Estimate | None
GAP = "  "
FULL = "with --full"


@dataclass(frozen=True)
class Table:
    """Rows of an answer; an estimate is one cell, with its interval.

    Args:
        name: What it is asked for by, and its heading.
        columns: Names of its columns; the first heads each row.
        rows: Cells, a row each.
        units: Unit of each column that has one, by its name.
        note: A sentence under it; empty for none.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    units: tuple[tuple[str, str], ...] = ()
    note: str = ""

    def frame(self) -> pd.DataFrame:
        """The table for pandas: an estimate takes three columns, `NAME`, `NAME low` and `NAME high`."""
        found: dict[str, list[object]] = {}
        for place, name in enumerate(self.columns):
            cells = [row[place] for row in self.rows]
            if any(isinstance(cell, Estimate) for cell in cells):
                for suffix, field in (("", "estimate"), (" low", "low"), (" high", "high")):
                    found[name + suffix] = [getattr(cell, field, cell) for cell in cells]
            else:
                found[name] = list(cells)
        frame = pd.DataFrame(found)
        frame.attrs = {"name": self.name, "units": dict(self.units), "note": self.note}
        return frame

    def texts(self) -> list[list[str]]:
        """Every cell as it is read, row by row; plain numbers of a column share their decimals."""
        columns = []
        for place in range(len(self.columns)):
            cells = [row[place] for row in self.rows]
            plain = iter(column([cell for cell in cells if not isinstance(cell, Estimate)]))
            columns.append([str(cell) if isinstance(cell, Estimate) else next(plain) for cell in cells])
        return [list(row) for row in zip(*columns, strict=True)]

    def numeric(self, place: int) -> bool:
        """Whether a column holds numbers, which stand to the right."""
        return any(is_number(row[place]) or isinstance(row[place], Estimate) for row in self.rows)

    def headings(self) -> list[str]:
        """Column names with their units."""
        units = dict(self.units)
        return [f"{name} [{units[name]}]" if name in units else name for name in self.columns]

    def first(self, rows: int, rest: str = FULL) -> Table:
        """The same table with only so many rows, and a note on those left out.

        Args:
            rows: How many.
            rest: Where the others are.
        """
        left = len(self.rows) - rows
        if left <= 0:
            return self
        note = f"{self.note} {left} more row{'s' if left > 1 else ''} {rest}.".strip()
        return replace(self, rows=self.rows[:rows], note=note)


def of_rows(
    name: str, rows: Sequence[Mapping[str, Cell]], *, units: Mapping[str, str] | None = None, note: str = ""
) -> Table:
    """A table from records that share their keys; the first key heads each row.

    Args:
        name: What it is asked for by, and its heading.
        rows: Records; an interval is one `Estimate`.
        units: Unit of each column that has one.
        note: A sentence under it.
    """
    columns = tuple(rows[0]) if rows else ()
    return Table(
        name, columns, tuple(tuple(row[key] for key in columns) for row in rows), tuple((units or {}).items()), note
    )


def brief(table: Table, width: int, rows: int, rest: str = FULL) -> Table:
    """The first rows and the leading columns that fit side by side without wrapping, with a note on what is left out.

    Args:
        table: The whole.
        width: Columns of the terminal.
        rows: Most rows.
        rest: Where the others are.
    """
    columns = list(zip(table.headings(), *table.first(rows).texts(), strict=True))
    kept, taken = 0, 0
    for cells in columns:
        taken += max(len(line) for cell in cells for line in cell.split("\n")) + (len(GAP) if kept else 0)
        if taken > width and kept:
            break
        kept += 1
    hidden = [*table.columns[kept:]]
    note = f"{table.note} Columns {rest}: {', '.join(hidden)}.".strip() if hidden else table.note
    part = replace(table, columns=table.columns[:kept], rows=tuple(row[:kept] for row in table.rows), note=note)
    return part.first(rows, rest)


def printed(table: Table, width: int) -> str:
    """The table as lines of text no longer than a width, unless a single name is.

    Where it does not fit side by side, texts wrap between words; then intervals go below their numbers; then every
    row becomes a short block of lines.
    """
    if not table.rows:
        return f"{table.name}: nothing."
    head, body = table.headings(), table.texts()
    right = [table.numeric(place) for place in range(len(head))]
    lines = _wrapped(head, body, right, width) or _wrapped(head, _stacked(table), right, width)
    title = textwrap.wrap(table.name, width, break_long_words=False)
    found = [*title, *(lines or _blocks(head, body, width))]
    if table.note:
        found += textwrap.wrap(table.note, width)
    return "\n".join(line.rstrip() for line in found)


def _stacked(table: Table) -> list[list[str]]:
    """Every cell as it is read, an interval on a line of its own."""
    plain = table.texts()
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row):
            if isinstance(cell, Estimate) and cell.low != cell.high:
                plain[r][c] = "\n".join(with_interval(cell.estimate, cell.low, cell.high))
    return plain


def _wrapped(head: list[str], body: list[list[str]], right: list[bool], width: int) -> list[str]:
    """Lines of a grid with headings; empty where it cannot be made to fit without cutting a word."""
    columns = list(zip(head, *body, strict=True))
    least = [
        max(_longest_word(cell, number=right[k] and r > 0) for r, cell in enumerate(cells))
        for k, cells in enumerate(columns)
    ]
    wanted = [max(len(line) for cell in cells for line in cell.split("\n")) for cells in columns]
    room = width - len(GAP) * (len(head) - 1)
    if sum(least) > room:
        return []
    widths = list(wanted)
    while sum(widths) > room:  # take from the widest column that can still give
        giving = max((k for k in range(len(widths)) if widths[k] > least[k]), key=lambda k: widths[k])
        widths[giving] -= 1
    rule = ["-" * size for size in widths]
    return [
        *_lines(head, widths, right),
        GAP.join(rule),
        *(line for row in body for line in _lines(row, widths, right)),
    ]


def _longest_word(text: str, *, number: bool) -> int:
    """Columns below which a cell cannot go; a number and its interval stay in one line."""
    parts = text.split("\n") if number else text.split()
    return max((len(part) for part in parts), default=0)


def _lines(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    """A row of the grid, as many lines as its tallest cell has."""
    folded = [
        [
            piece
            for line in cell.split("\n")
            for piece in textwrap.wrap(line, size, break_long_words=False, break_on_hyphens=False)
        ]
        or [""]
        for cell, size in zip(cells, widths, strict=True)
    ]
    for place in range(max(len(part) for part in folded)):
        texts = [part[place] if place < len(part) else "" for part in folded]
        yield GAP.join(
            text.rjust(size) if side else text.ljust(size)
            for text, size, side in zip(texts, widths, right, strict=True)
        )


def _blocks(head: Sequence[str], body: Sequence[Sequence[str]], width: int) -> list[str]:
    """Every row as its name and then a line for each other column."""
    found: list[str] = []
    for row in body:
        found += textwrap.wrap(row[0], width, break_long_words=False, break_on_hyphens=False)
        for name, cell in zip(head[1:], row[1:], strict=True):
            text = f"{name}: {cell}".replace("\n", " ")
            found += textwrap.wrap(
                text,
                width,
                initial_indent=GAP,
                subsequent_indent=GAP * 2,
                break_long_words=False,
                break_on_hyphens=False,
            )
    return found
