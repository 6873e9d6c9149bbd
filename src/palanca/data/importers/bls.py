"""BLS's flat files and the answers of its public interface: unemployment, and job openings as a rate."""

from __future__ import annotations

import json
import re

from palanca.data.importers import csvfile
from palanca.data.importers.release import Release, months_of, refuse
from palanca.data.table import Cells

SEPARATOR = "\t"
HEADER = ("series_id", "year", "period", "value", "footnote_codes")
SERIES = ("unemployment_rate", "job_openings_rate")
UNEMPLOYMENT, OPENINGS, JOBS = "LNS14000000", "JTS000000000000000JOL", "CES0000000001"
TAKEN = (UNEMPLOYMENT, OPENINGS, JOBS)
NONE = "-"  # not available, as for a month without a survey
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,3})?", re.ASCII)
_MONTH = re.compile(r"M(0[1-9]|1[0-2])", re.ASCII)
_OTHER = re.compile(r"M13|S0[1-3]|Q0[1-5]|A01", re.ASCII)  # means of years, halves and quarters
Levels = dict[str, dict[str, float]]  # by identifier and month


def read(text: str, where: str) -> Release:
    """Read a flat file, or lines of several under one header.

    Args:
        text: The whole file.
        where: The file's name, for messages.

    Raises:
        ReleaseError: A line is cut, repeated or cannot be read, none of the identifiers is there, or openings
            are there without jobs.
    """
    levels: Levels = {}
    for at, row in csvfile.lines(text, list(HEADER), where, separator=SEPARATOR):
        if (identifier := row["series_id"].strip()) in TAKEN:
            _add(levels, identifier, (row["year"].strip(), row["period"].strip(), row["value"].strip()), at)
    return _release(levels, where)


def read_json(text: str, where: str) -> Release:
    """Read an answer of the public interface, version 1 or 2; otherwise as `read`."""
    levels: Levels = {}
    try:
        for series in json.loads(text)["Results"]["series"]:
            if series["seriesID"] in TAKEN:
                for one in series["data"]:
                    told = str(one["year"]), str(one["period"]), str(one["value"])
                    _add(levels, series["seriesID"], told, f"{where}: {series['seriesID']}")
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise refuse(
            "not an answer of BLS's public interface",
            where,
            found=f"{type(fault).__name__}: {str(fault)[:60]}",
            expected="Results, series, each with seriesID and data of year, period and value",
        ) from fault
    return _release(levels, where)


def _add(levels: Levels, identifier: str, told: tuple[str, str, str], at: str) -> None:
    year, period, value = told
    if _OTHER.fullmatch(period) or value == NONE:
        return
    match = _MONTH.fullmatch(period)
    if not match:
        raise refuse("cannot read the period", at, found=repr(period[:20]), expected="M01 to M12")
    month = csvfile.calendar_month(f"{year}-{match[1]}", at)
    if not _NUMBER.fullmatch(value):
        raise refuse("not a number", at, found=repr(value[:40]), expected=f"digits and a point, or {NONE!r}")
    known = levels.setdefault(identifier, {})
    if month in known:
        raise refuse("a month stands twice", at, found=f"{identifier}, {month}", expected="each month once")
    known[month] = float(value)


def _release(levels: Levels, where: str) -> Release:
    if not levels or len({OPENINGS, JOBS} & set(levels)) == 1:
        raise refuse(
            "the openings rate is computed from two levels" if levels else "none of the series that are taken",
            where,
            found=", ".join(levels) or "other series",
            expected=f"{OPENINGS} and {JOBS} together" if levels else " or ".join(TAKEN),
            way_out="Ask BLS for all three at once, or put the lines of its flat files under one header.",
        )
    openings, jobs = levels.get(OPENINGS, {}), levels.get(JOBS, {})
    rate: Cells = {
        (month,): round(100 * level / (level + jobs[month]), 2) for month, level in openings.items() if month in jobs
    }
    series: dict[str, Cells] = {
        "unemployment_rate": {(month,): value for month, value in levels.get(UNEMPLOYMENT, {}).items()},
        "job_openings_rate": rate,
    }
    last = max(month for cells in series.values() for month in months_of(cells))
    return Release("Databases, Tables and Calculators", f"data through {last}", last, series)
