"""What an importer hands over: cells by series, with the edition they come from."""

from __future__ import annotations

from dataclasses import dataclass

from palanca.core.clock import Month
from palanca.core.errors import ReleaseError
from palanca.core.wording import counted
from palanca.data.table import Cells

WAY_OUT = "Download the release again from its publisher; nothing was imported."
WHOLE = "Download the whole file from its publisher, without a filter; nothing was imported."


@dataclass(frozen=True)
class Release:
    """One published release, read whole.

    Attributes:
        publication: Name of the publication.
        edition: Which edition of it, in words.
        as_of: Month through which it is current (`YYYY-MM`): the publisher's statement, else its last month.
        series: Cells of each series by its id. A cell is a month and labels; its value is None when it holds
            0 to 4 and was not printed.
        publisher: Who published it, if the file says so and the catalogue might say otherwise.
    """

    publication: str
    edition: str
    as_of: str
    series: dict[str, Cells]
    publisher: str = ""


def refuse(what: str, where: str, found: str = "", expected: str = "", way_out: str = WAY_OUT) -> ReleaseError:
    """The error for a release that cannot be read; the caller raises it."""
    return ReleaseError(what, where=where, found=found, expected=expected, way_out=way_out)


def months_of(cells: Cells) -> list[str]:
    """Months that hold at least one cell, in order."""
    return sorted({key[0] for key in cells})


def check_whole(months: list[str], where: str) -> None:
    """Refuse a release that skips a month between its first and its last.

    Raises:
        ReleaseError: The file is empty, or a month is missing: the mark of a file that was cut or edited.
    """
    if not months:
        raise refuse("the release holds no counts", where, expected="at least one month of counts")
    first, last = Month.parse(months[0]), Month.parse(months[-1])
    missing = [str(first + i) for i in range(last - first) if str(first + i) not in set(months)]
    if missing:
        gap = f"{counted(len(missing), 'month')} ({missing[0]} first)"
        raise refuse(
            "months are missing from the middle of the release",
            where,
            found=f"{months[0]} to {months[-1]} without {gap}",
            expected="every month between the first and the last",
        )
