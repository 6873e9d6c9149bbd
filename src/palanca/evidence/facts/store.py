"""The scorecard on disk: one JSON file that docs read, tied to the fingerprints of what it rests on."""

from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from palanca.core import digest, read_file, save, seal
from palanca.core.clock import Month
from palanca.core.errors import FitError
from palanca.evidence.facts.scorecard import Scorecard
from palanca.infer import equivalent
from palanca.infer import store as fits
from palanca.spec import facts
from palanca.spec.schema import Case

SHIPPED = Path(__file__).parents[1] / "shipped"
DIGITS = 5
FILE = read_file.FileKind(FitError, "a scorecard of facts", 50_000_000)
REBUILD = "Make it with `palanca evidence facts {case} --ship`."
PROBES = (
    "bargains",
    "bench",
    "claims",
    "judge",
    "probes",
    "reading",
    "scorecard",
    "worlds",
)  # what judges; the rest tells


def fingerprints(case: Case, last: Month | None = None) -> dict[str, str]:
    """What a scorecard rests on, as it is now: case, figures, model, the shipped fit, the facts, and the probes.

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
        "fit": fits.content_of(fits.where(case)),
        "facts": digest.of_file(facts.FORMAT.find(case.case)),
        "probes": digest.of_files([Path(__file__).with_name(f"{name}.py") for name in PROBES]),
    }


def where(case: Case) -> Path:
    """Where the shipped scorecard of a case lies."""
    return SHIPPED / f"{case.case}-facts.json"


def plain(card: Scorecard) -> dict[str, object]:
    """A scorecard as JSON can hold it, numbers short enough to read."""
    whole = _short(asdict(card))
    assert isinstance(whole, dict)  # a record becomes a mapping
    return whole


def write(path: Path, card: Scorecard, case: Case) -> Path:
    """Store it with what it rests on, one fact a line.

    Raises:
        OutputError: The folder or the disk refuses; `path` still holds what it held.
    """
    whole = plain(replace(card, made=fingerprints(case)))
    scores = whole.pop("scores")
    assert isinstance(scores, list)  # a tuple of records becomes a list
    head = json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False).removesuffix("\n}")
    lines = ",\n".join("  " + json.dumps(one, ensure_ascii=False, allow_nan=False) for one in scores)
    return save.text(path, seal.sealed_json(f'{head},\n "scores": [\n{lines}\n ]\n}}\n'))


def read(case: Case, path: Path | None = None) -> Scorecard:
    """The scorecard of a case; `stale` says whether it still holds.

    Args:
        case: The case.
        path: File to read; the shipped one if nothing.

    Raises:
        FitError: It is missing, corrupt, or of another case.
    """
    given, way_out = path or where(case), REBUILD.format(case=case.case)
    if not os.path.lexists(given):
        raise FitError("no scorecard for this case", where=str(given), way_out=way_out)
    content = read_file.content(given, replace(FILE, way_out=way_out))
    try:
        found = TypeAdapter(Scorecard).validate_python(seal.unsealed_json(content))
    except ValueError as fault:
        told = "another layout" if isinstance(fault, ValidationError) else str(fault)
        raise FitError("cannot read the scorecard", where=str(given), found=told, way_out=way_out) from fault
    if found.case != case.case:
        raise FitError(
            "the scorecard is of another case", where=str(given), found=found.case, expected=case.case, way_out=way_out
        )
    return found


def stale(card: Scorecard, case: Case) -> list[str]:
    """What changed since it was made: names of `fingerprints`; empty when nothing has."""
    now = fingerprints(case, Month.parse(card.made["last"]) if "last" in card.made else None)
    return [name for name, mark in now.items() if not equivalent.same(name, card.made.get(name, ""), mark)]


def _short(value: object) -> object:
    if isinstance(value, dict):
        return {name: _short(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_short(part) for part in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value
