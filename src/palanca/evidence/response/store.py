"""Conditional skill on disk: one JSON file, tied to the fingerprints of what it rests on."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from pathlib import Path

from palanca.core import digest, read_file, save
from palanca.core.clock import Month
from palanca.core.errors import FitError
from palanca.evidence.backtest import store as skills
from palanca.evidence.response.record import ConditionalSkill
from palanca.infer import equivalent
from palanca.spec.schema import Case

HERE = Path(__file__).parent
BASELINES = "baselines-by-month"
FILE = read_file.FileKind(FitError, "forecasts told the levers", 50_000_000)
REBUILD = "Make it with `palanca evidence response {case} --again --ship`; what is on disk is not made again."


def where(case: Case) -> Path:
    """Where the shipped result of a case lies."""
    return skills.SHIPPED / f"{case.case}-response.json"


def fingerprints(case: Case, last: Month | None = None) -> dict[str, str]:
    """What the result rests on, as it is now: that of a backtest, and the code that scores."""
    return skills.fingerprints(case, last) | {"scores": digest.of_file(HERE / "run.py")}


def write(path: Path, found: ConditionalSkill) -> Path:
    """Store it, one row a line.

    Raises:
        OutputError: The folder or the disk refuses; `path` still holds what it held.
    """
    return save.text(path, skills.document(asdict(found), ("scores", "bands")))


def read(case: Case, path: Path | None = None) -> ConditionalSkill:
    """The result of a case; `stale` says whether it still holds.

    Args:
        case: The case.
        path: File to read; the shipped one if nothing.

    Raises:
        FitError: It is missing, corrupt, or of another case.
    """
    given, way_out = path or where(case), REBUILD.format(case=case.case)
    if not os.path.lexists(given):
        raise FitError("nothing was made for this case", where=str(given), way_out=way_out)
    found = skills.read_record(given, ConditionalSkill, replace(FILE, way_out=way_out))
    if found.case != case.case:
        raise FitError(
            "the forecasts are of another case",
            where=str(given),
            found=found.case,
            expected=case.case,
            way_out=way_out,
        )
    return found


def stale(found: ConditionalSkill, case: Case) -> list[str]:
    """What changed since it was made; empty when nothing has."""
    now = fingerprints(case, Month.parse(found.made["last"]) if "last" in found.made else None)
    return [name for name, mark in now.items() if not equivalent.same(name, found.made.get(name, ""), mark)]
