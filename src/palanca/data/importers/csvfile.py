"""A published CSV read strictly: its header where and what it should be, no line short, no end cut off."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from palanca.core.clock import Month, fiscal_month
from palanca.core.wording import listed, nearest
from palanca.data.importers.release import refuse

MONTHS = dict(
    zip(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
        range(1, 13),
        strict=True,
    )
)
Line = tuple[str, dict[str, str]]


def text_of(content: bytes, where: str) -> str:
    """The text of a file.

    Raises:
        ReleaseError: The bytes are not text.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise refuse(
            "not a release that palanca can read",
            where,
            found=f"bytes that are not text, at byte {fault.start:,}",
            expected="a CSV file of CBP or a workbook of OHSS",
        ) from fault


def header_of(text: str) -> list[str]:
    """The names on the first line. A stray letter before `Fiscal Year`, as CBP once printed, is dropped."""
    names = next(csv.reader(io.StringIO(text)), [])
    if names and names[0].endswith("Fiscal Year") and len(names[0]) == len("Fiscal Year") + 1:
        names[0] = "Fiscal Year"
    return [name.strip() for name in names]


def header_elsewhere(text: str, expected: tuple[str, ...], within: int = 15) -> int:
    """Number of the line, after the first, on which a header stands; 0 when on none of them."""
    for number, line in enumerate(text.splitlines()[:within], start=1):
        if number > 1 and header_of(line) == list(expected):
            return number
    return 0


def lines(text: str, names: list[str], where: str) -> Iterator[Line]:
    """Every line after the header, with the place for a message.

    Raises:
        ReleaseError: The file was cut in mid-line, or a line has too few or too many values.
    """
    if not text.endswith("\n"):
        raise refuse(
            "the file is cut off",
            f"{where}:{text.count(chr(10)) + 1}",
            found="a last line without its end",
            expected="a file that ends with a whole line",
        )
    reader = csv.reader(io.StringIO(text))
    next(reader)
    for row in reader:
        at = f"{where}:{reader.line_num}"
        if len(row) != len(names):
            raise refuse(
                "a line is cut off",
                at,
                found=f"{len(row)} values",
                expected=f"{len(names)}: {listed(names, 12)}",
            )
        yield at, dict(zip(names, row, strict=True))


def month_of(row: dict[str, str], where: str) -> Month:
    """The calendar month of a line with a fiscal year, such as `2024 (FYTD)`, and a month, such as `OCT`.

    Raises:
        ReleaseError: One of the two cannot be read.
    """
    year, month = row["Fiscal Year"].removesuffix("(FYTD)").strip(), row["Month (abbv)"].strip().upper()
    if not (len(year) == 4 and year.isdigit()):
        raise refuse("cannot read the fiscal year", where, found=repr(row["Fiscal Year"]), expected="such as 2023")
    if month not in MONTHS:
        raise refuse("cannot read the month", where, found=repr(row["Month (abbv)"]), expected=listed(MONTHS, 12))
    return fiscal_month(int(year), MONTHS[month])


def label(row: dict[str, str], column: str, words: dict[str, str], where: str) -> str:
    """Our label for a publisher's word.

    Raises:
        ReleaseError: The word is not on the list; names the nearest one.
    """
    word = row[column].strip()
    if word not in words:
        hint = nearest(word, words)
        raise refuse(
            f"unknown {column.lower()}",
            where,
            found=repr(word),
            expected=listed(words, 24),
            way_out=f"Did the publisher rename {hint!r}? Nothing was imported." if hint else "Nothing was imported.",
        )
    return words[word]
