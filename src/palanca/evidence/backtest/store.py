"""Skill on disk: one JSON file that pages, docs and forecasts read, tied to the fingerprints of what it rests on."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import TypeAdapter, ValidationError

from palanca.core import digest, read_file, save, seal
from palanca.core.clock import Month
from palanca.core.errors import FitError
from palanca.evidence.backtest.record import Skill
from palanca.infer import equivalent
from palanca.infer import store as fits
from palanca.spec.schema import Case

HERE = Path(__file__).parent
SHIPPED = HERE.parent / "shipped"
DIGITS = 5
Record = TypeVar("Record")
FILE = read_file.FileKind(FitError, "scores of a backtest", 50_000_000)
REBUILD = "Make it with `palanca evidence backtest {case} --again --ship`; what is already on disk is not made again."


def fingerprints(case: Case, last: Month | None = None) -> dict[str, str]:
    """What skill rests on, as it is now.

    Args:
        case: The case.
        last: Month up to which case and figures count; the last of the case if nothing.
    """
    marks = fits.marks(case, last=last)
    return {
        "last": marks.last,
        "case": marks.case,
        "figures": marks.data,
        "model": marks.code,
        "forecasts": ahead_fingerprint(),
        "baselines": baselines_fingerprint(),
    }


def ahead_fingerprint() -> str:
    """One fingerprint of the code that forecasts with a fit."""
    root = HERE.parents[1]
    ahead = root / "questions" / "forecast"
    names = ("project.py", "horizon.py", "reaction_rule.py", "misfits.py", "worlds.py")
    files = [*(ahead / name for name in names), *sorted(ahead.glob("panel*.py")), HERE / "run.py", HERE / "given.py"]
    files.append(root / "model" / "attention.py")
    return digest.of_record({path.name: digest.of_file(path) for path in files})


def baselines_fingerprint(past: np.ndarray | None = None) -> str:
    """Stands for the baselines' code, the library that fits them, and the figures that they are handed, if any are."""
    code = digest.of_files([HERE / "baselines.py", HERE / "rivals.py"])
    data = digest.of_bytes(past.tobytes()) if past is not None else ""
    return digest.of_record({"data": data, "code": code, "library": version("statsforecast")})


def structures_fingerprint(past: np.ndarray) -> str:
    """Stands for the figures handed to structures of the panel, and the code that offers, runs and judges those."""
    ahead = HERE.parents[1] / "questions" / "forecast"
    files = [*sorted(ahead.glob("panel*.py")), HERE / "prequential.py", HERE / "combine.py", HERE / "scores.py"]
    return digest.of_record({"data": digest.of_bytes(past.tobytes()), "code": digest.of_files(files)})


def where(case: Case) -> Path:
    """Where the shipped skill of a case lies."""
    return SHIPPED / f"{case.case}-backtest.json"


def write(path: Path, skill: Skill) -> Path:
    """Store it, one row a line.

    Raises:
        OutputError: The folder or the disk refuses; `path` still holds what it held.
    """
    return save.text(path, document(asdict(skill), ("rows", "fan")))


def document(whole: Mapping[str, object], lists: Sequence[str]) -> str:
    """A record as sealed JSON, with each record of some lists on a line of its own.

    Args:
        whole: The record as plain values.
        lists: Names of its lists of records.
    """
    head = {name: value for name, value in whole.items() if name not in lists}
    start = json.dumps(head, indent=1, ensure_ascii=False, allow_nan=False).removesuffix("\n}")
    body = ",\n".join(f' "{name}": [\n{_lines(whole[name])}\n ]' for name in lists)
    return seal.sealed_json(f"{start},\n{body}\n}}\n")


def read_skill(case: Case, path: Path | None = None) -> Skill:
    """The skill of a case; `stale` says whether it still holds.

    Args:
        case: The case.
        path: File to read; the shipped one if nothing.

    Raises:
        FitError: It is missing, corrupt, or of another case.
    """
    given = path or where(case)
    way_out = REBUILD.format(case=case.case)
    if not os.path.lexists(given):
        raise FitError("no backtest for this case", where=str(given), way_out=way_out)
    found = read_record(given, Skill, replace(FILE, way_out=way_out))
    if found.case != case.case:
        raise FitError(
            "the backtest is of another case", where=str(given), found=found.case, expected=case.case, way_out=way_out
        )
    return found


def read_record(path: Path, kind: type[Record], file: read_file.FileKind) -> Record:
    """A record from sealed JSON.

    Args:
        path: Where it lies.
        kind: Its class.
        file: What it is called, and what mends it.

    Raises:
        FitError: It cannot be read.
    """
    content = read_file.content(path, file)
    try:
        return TypeAdapter(kind).validate_python(seal.unsealed_json(content))
    except ValueError as fault:
        told = fault.errors()[0]["msg"] if isinstance(fault, ValidationError) else str(fault)
        raise file.refusal(path, told, what=f"cannot read {file.expected}") from fault


def stale(skill: Skill, case: Case) -> list[str]:
    """What changed since: `case`, `figures`, `model`, `forecasts` or `baselines`; empty when nothing has."""
    now = fingerprints(case, Month.parse(skill.made["last"]) if "last" in skill.made else None)
    return [name for name, mark in now.items() if not equivalent.same(name, skill.made.get(name, ""), mark)]


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    """Numbers short enough to read, and nothing for what is none."""
    return {name: _short(value) for name, value in row.items()}


def _short(value: object) -> object:
    if not isinstance(value, float):
        return value
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def _lines(records: object) -> str:
    assert isinstance(records, Sequence)  # a list of records
    return ",\n".join("  " + json.dumps(_plain(one), ensure_ascii=False, allow_nan=False) for one in records)
