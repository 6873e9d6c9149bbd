"""A published CSV read strictly: its header where and what it should be, no line short, no end cut off."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

from palanca.core.clock import Month, fiscal_month
from palanca.core.errors import MonthError
from palanca.core.wording import listed
from palanca.data.importers.release import refuse

MONTHS = dict(
    zip(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
        range(1, 13),
        strict=True,
    )
)
MOST_LINES = 500_000
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)
Line = tuple[str, dict[str, str]]


def text_of(content: bytes, where: str) -> str:
    """The text of a file, lines ending in one character each.

    Raises:
        ReleaseError: The bytes are not text.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise refuse(
            "not a release that palanca can read",
            where,
            found=f"bytes that are not text in UTF-8, at byte {fault.start:,}",
            expected="a CSV file or an .xlsx workbook",
        ) from fault
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plain(name: str) -> str:
    """A name without capitals and signs, so that `Month (abbv)` and `month_abbv` are the same."""
    return " ".join(re.findall(r"[^\W_]+", name.lower()))


def header_of(text: str, known: Iterable[str], where: str, separator: str = ",") -> list[str]:
    """The names on the first line, those that are known as they are usually printed.

    A stray letter before `Fiscal Year`, as CBP once printed, is dropped.
    """
    usual = {plain(name): name for name in known}
    _, names = next(_rows(text.partition("\n")[0], where, separator), (1, []))
    if names and names[0].endswith("Fiscal Year") and len(names[0]) == len("Fiscal Year") + 1:
        names[0] = "Fiscal Year"
    return [usual.get(plain(name), name.strip()) for name in names]


def lines(text: str, names: list[str], where: str, *, separator: str = ",", header: int = 1) -> Iterator[Line]:
    """Every line after the header but blank ones, with the place for a message.

    Args:
        text: The whole file.
        names: Its header.
        where: The file's name, for messages.
        separator: What stands between two values.
        header: Number of the line that the header stands on.

    Raises:
        ReleaseError: The file was cut in mid-line or is too long, or a line has too few or too many values.
    """
    if text.rpartition("\n")[2].strip(", \t"):
        raise refuse(
            "the file is cut off",
            f"{where}:{text.count(chr(10)) + 1}",
            found="a last line without its end",
            expected="a file that ends with a whole line",
        )
    if text.count("\n") > MOST_LINES:
        raise refuse(
            "the file is too long", where, found=f"{text.count(chr(10)):,} lines", expected=f"at most {MOST_LINES:,}"
        )
    for number, row in _rows(text, where, separator):
        if number <= header or not any(value.strip() for value in row):
            continue
        at = f"{where}:{number}"
        if len(row) != len(names):
            raise refuse("a line is cut off", at, found=f"{len(row)} values", expected=f"{len(names)}")
        yield at, dict(zip(names, row, strict=True))


def _rows(text: str, where: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV with their lines."""
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as fault:
        at = f"{where}:{reader.line_num}"
        raise refuse("not a CSV file", at, found=str(fault), expected="one record a line") from fault


def month_of(row: Mapping[str, str], where: str) -> Month:
    """The calendar month of a line with a fiscal year, such as `2024 (FYTD)`, and a month, such as `OCT`.

    Raises:
        ReleaseError: One of the two cannot be read.
    """
    year, month = row["Fiscal Year"].removesuffix("(FYTD)").strip(), row["Month (abbv)"].strip().upper()
    if not _YEAR.fullmatch(year):
        raise refuse("cannot read the fiscal year", where, found=repr(row["Fiscal Year"]), expected="such as 2023")
    if month not in MONTHS:
        raise refuse("cannot read the month", where, found=repr(row["Month (abbv)"]), expected=listed(MONTHS, 12))
    return fiscal_month(int(year), MONTHS[month])


def calendar_month(text: str, where: str) -> str:
    """A month printed as `YYYY-MM`.

    Raises:
        ReleaseError: It is something else.
    """
    try:
        if str(Month.parse(text)) == text:
            return text
    except MonthError:
        pass
    raise refuse("cannot read the month", where, found=repr(text[:40]), expected="YYYY-MM, such as 2025-08")


def label(row: Mapping[str, str], column: str, words: Mapping[str, str], where: str) -> str:
    """Our label for a publisher's word. A new word is never guessed at: likeness of letters says nothing of meaning.

    Raises:
        ReleaseError: The word is not on the list.
    """
    word = row[column].strip()
    if word not in words:
        raise refuse(
            f"unknown {column.lower()}",
            where,
            found=repr(word[:60]),
            expected=listed(words, 24),
            way_out="Nothing was imported. If it is new, the importer has to be taught what it means.",
        )
    return words[word]
