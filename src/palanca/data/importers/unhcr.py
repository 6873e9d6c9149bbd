"""UNHCR's table of asylum applications, from which those made in Mexico are taken."""

from __future__ import annotations

import re

from palanca.data import catalogue
from palanca.data.importers import csvfile
from palanca.data.importers.counts import count
from palanca.data.importers.release import WHOLE, Release, months_of, refuse
from palanca.data.table import Cells, Key

HEADER = (
    "year",
    "coo_name",
    "coo",
    "coo_iso",
    "coa_name",
    "coa",
    "coa_iso",
    "procedure_type",
    "app_type",
    "dec_level",
    "app_pc",
    "applied",
)
SERIES = ("mx_asylum_claims",)
_ASYLUM = "MEX"
_NEW, _FIRST, _PERSONS = "N", "FI", "P"
_REST = "OTH"
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)


def read(text: str, where: str) -> Release:
    """Read new applications of first instance into `mx_asylum_claims`.

    The last year of a table is left out: until the middle of the year after it counts half a year, and nothing in the
    table says so.

    Args:
        text: The whole file.
        where: The file's name, for messages.

    Raises:
        ReleaseError: A line is cut or repeated, a year or count cannot be read, cases are counted in place of
            persons, or no application in Mexico is there.
    """
    series = catalogue.get(SERIES[0])
    seen: set[Key] = set()
    cells: Cells = {}
    for at, row in csvfile.lines(text, list(HEADER), where):
        key = tuple(row[name] for name in HEADER[:-1])
        if key in seen:
            raise refuse("a cell stands twice", at, found=", ".join(key), expected="each cell once")
        seen.add(key)
        if not _YEAR.fullmatch(row["year"]):
            raise refuse("cannot read the year", at, found=repr(row["year"][:40]), expected="such as 2024")
        if (row["coa_iso"], row["app_type"], row["dec_level"]) != (_ASYLUM, _NEW, _FIRST):
            continue
        if row["app_pc"] != _PERSONS:
            raise refuse("not a count of persons", at, found=repr(row["app_pc"]), expected=repr(_PERSONS))
        origin = row["coo_iso"] if row["coo_iso"] in series.labels["origin"] else _REST
        place = row["year"], origin
        cells[place] = (cells.get(place) or 0.0) + count(row["applied"], f"{at}: applied")
    years = [year for year in months_of(cells) if year >= series.first]
    if len(years) < 2:
        raise refuse(
            "the release holds no counts",
            where,
            found=f"{len(years)} years of new applications in Mexico",
            expected="the whole table, of two years or more",
            way_out=WHOLE,
        )
    return Release(
        publication="Refugee Data Finder: asylum applications",
        edition=f"{years[0]} to {years[-1]}, the last year left out",
        as_of=f"{years[-2]}-12",
        series={SERIES[0]: {key: value for key, value in cells.items() if years[0] <= key[0] < years[-1]}},
    )
