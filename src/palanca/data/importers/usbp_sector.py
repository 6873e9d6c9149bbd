"""The Border Patrol's monthly encounters by sector, FY2000 to FY2020, as the columns of its printed table."""

from __future__ import annotations

from palanca.data.importers import csvfile, words
from palanca.data.importers.counts import count
from palanca.data.importers.release import Release, check_whole, months_of, refuse
from palanca.data.table import Cells

SEPARATOR = "|"
_SECTORS = tuple(words.SECTORS.values())
_ELSEWHERE = ("livermore", "miami", "new_orleans", "ramey", "blaine", "buffalo", "detroit", "grand_forks", "havre",
              "houlton", "spokane", "swanton")  # fmt: skip
_SUM = "southwest_border"
HEADER = (
    "month", *_ELSEWHERE, "big_bend", "del_rio", "el_centro", "el_paso", "laredo", "rio_grande_valley", "san_diego",
    "tucson", "yuma", "coastal_border", "northern_border", _SUM, "monthly_total", "fy", "cy",
)  # fmt: skip
SERIES = ("usbp_by_sector", "usbp_total")
# CBP's own releases tell the total from October 2018.
LAST_TOTAL = "2018-09"


def read(text: str, where: str) -> Release:
    """Read the table into `usbp_by_sector` and `usbp_total`.

    Args:
        text: The whole file.
        where: The file's name, for messages.

    Raises:
        ReleaseError: A line is cut, a month is missing or repeated, a count cannot be read, or the sectors do not add
            up to the printed sum of the southwest border.
    """
    sectors: Cells = {}
    totals: Cells = {}
    for at, row in csvfile.lines(text, list(HEADER), where, separator=SEPARATOR):
        month = _month(row, at)
        if (month,) in totals:
            raise refuse("a month stands twice", at, found=month, expected="each month once")
        counts = {name: count(row[name], f"{at}: {name}") for name in (*_SECTORS, _SUM)}
        if sum(counts[name] for name in _SECTORS) != counts[_SUM]:
            raise refuse(
                "the sectors do not add up to the printed total",
                at,
                found=f"{sum(counts[name] for name in _SECTORS):,}",
                expected=f"{counts[_SUM]:,}",
            )
        sectors |= {(month, name): float(counts[name]) for name in _SECTORS}
        totals[(month,)] = float(counts[_SUM])
    months = months_of(totals)
    check_whole(months, where)
    return Release(
        publication="U.S. Border Patrol Monthly Encounters by sector",
        edition=f"{months[0]} to {months[-1]}",
        as_of=months[-1],
        series={"usbp_by_sector": sectors, "usbp_total": {k: v for k, v in totals.items() if k[0] <= LAST_TOTAL}},
    )


def _month(row: dict[str, str], at: str) -> str:
    number, year = row["month"].strip(), row["cy"].strip()
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(csvfile.MONTHS)):
        raise refuse("cannot read the month", at, found=repr(number), expected="1 to 12")
    return csvfile.calendar_month(f"{year}-{int(number):02d}", at)
