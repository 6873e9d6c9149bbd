"""Shares of repeat encounters, collected from CBP's monthly operational updates."""

from __future__ import annotations

from palanca.data.importers import csvfile
from palanca.data.importers.counts import count
from palanca.data.importers.release import Release, months_of, refuse
from palanca.data.table import Cells

_SHARE = "pct_with_prior_encounter_12m"
HEADER = (
    "month",
    "swb_total_encounters_as_reported",
    _SHARE,
    "unique_individuals",
    "unique_scope",
    "source_page",
)
SERIES = ("repeat_share",)
MOST = 100


def read(text: str, where: str) -> Release:
    """Read the shares into `repeat_share`; a month whose update gave none is left out.

    Args:
        text: The whole file.
        where: The file's name, for messages.

    Raises:
        ReleaseError: A line is cut, a month is repeated, a share is no whole percent, or there is none.
    """
    cells: Cells = {}
    for at, row in csvfile.lines(text, list(HEADER), where):
        month = csvfile.calendar_month(row["month"], at)
        if not row[_SHARE].strip():
            continue
        share = count(row[_SHARE], f"{at}: {_SHARE}")
        if share > MOST:
            raise refuse("not a share", at, found=str(share), expected="a whole percent from 0 to 100")
        if (month,) in cells:
            raise refuse("a month stands twice", at, found=month, expected="each month once")
        cells[(month,)] = float(share)
    if not cells:
        raise refuse("the release holds no counts", where, expected="at least one share")
    last = months_of(cells)[-1]
    return Release("Monthly Operational Update", f"updates to {last}", last, {"repeat_share": cells})
