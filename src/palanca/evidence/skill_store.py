"""Skill on disk: one JSON file that pages, docs and forecasts read, tied to the fingerprints of what it rests on."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from palanca.core import read_file, save, seal
from palanca.core.errors import FitError
from palanca.data.read import fingerprint as data_fingerprint
from palanca.evidence import regimes, rivals
from palanca.evidence.backtest import DRAWS, HORIZONS, Backtest, ahead_fingerprint
from palanca.evidence.combine import FACTORS, LEAST_OUTCOMES, WEIGHTS
from palanca.evidence.rivals import LEAST, Rivals
from palanca.evidence.skill import RESAMPLES, SHORTEST_BLOCK, Band, Row, fan, rows, spacing
from palanca.infer import equivalent
from palanca.infer.store import code_fingerprint
from palanca.spec import schedule
from palanca.spec.schema import Case

SHIPPED = Path(__file__).parent / "shipped"
LOOKED_AT = {"structures": 300, "scored rows": 445}
DIGITS = 5
FILE = read_file.FileKind(FitError, "scores of a backtest", 50_000_000)
REBUILD = "Make it with `palanca evidence backtest {case} --ship`; what is already on disk is not made again."


@dataclass(frozen=True)
class Skill:
    """What a backtest found.

    Args:
        case: Name of the case.
        first: First start, the last known month of its forecast.
        last: Last start.
        every: Months from one start to the next.
        rows: Scores.
        fan: The model's forecasts of the total beside what came.
        failures: Baselines that found no model, with start and reason; left out of both sides of a comparison.
        settings: How it was scored, in words and numbers.
        made: Fingerprints of the case, figures, model, forecasts and baselines.
    """

    case: str
    first: str
    last: str
    every: int
    rows: tuple[Row, ...]
    fan: tuple[Band, ...]
    failures: tuple[str, ...]
    settings: Mapping[str, object]
    made: Mapping[str, str]

    def select(self, **wanted: object) -> list[Row]:
        """Rows whose fields equal those given, such as `of="total", window="all"`."""
        return [row for row in self.rows if all(getattr(row, name) == value for name, value in wanted.items())]


def of(case: Case, found: Backtest, compared: Rivals, *, key: int = 1) -> Skill:
    """Score a backtest.

    Args:
        case: The case.
        found: The model's forecasts.
        compared: Forecasts to compare with, from the same starts.
        key: Of the resampling.
    """
    return Skill(
        case=case.case,
        first=str(found.starts[0]),
        last=str(found.starts[-1]),
        every=spacing(found.starts),
        rows=tuple(rows(found, compared, key=key)),
        fan=tuple(fan(found)),
        failures=compared.failures,
        settings=settings(key),
        made=fingerprints(case),
    )


def settings(key: int) -> dict[str, object]:
    """How skill is measured."""
    return {
        "horizons": list(HORIZONS),
        "draws": DRAWS,
        "key": key,
        "interval": f"90 %, {RESAMPLES} resamples of blocks of {SHORTEST_BLOCK} months or twice the horizon",
        "floor of logs": rivals.FLOOR,
        "parameters": "fitted to the months before the calendar year of the start, and held through it",
        "past weights": f"of {', '.join(map(str, WEIGHTS))}: best so far, .5 until {LEAST_OUTCOMES} outcomes are known",
        "past spread": f"of {', '.join(map(str, FACTORS))}: best so far, 1 until {LEAST_OUTCOMES} outcomes are known",
        "parts": f"a series is scored once it shows {LEAST} months without a gap, against persistence of its own",
        "by volume": "sum of scores times mean counts, over that of persistence",
        "candidates looked at": dict(LOOKED_AT),
        "regimes": [
            {"name": one.name, "first": str(one.first), "last": str(one.last or "open"), "why": one.why}
            for one in regimes.EVERY
        ],
    }


def fingerprints(case: Case) -> dict[str, str]:
    """What skill rests on, as it is now."""
    return {
        "case": schedule.fingerprint(case),
        "figures": data_fingerprint(),
        "model": code_fingerprint(),
        "forecasts": ahead_fingerprint(),
        "baselines": rivals.fingerprint(),
    }


def where(case: Case) -> Path:
    """Where the shipped skill of a case lies."""
    return SHIPPED / f"{case.case}-backtest.json"


def write(path: Path, skill: Skill) -> Path:
    """Store it, one row a line.

    Raises:
        OutputError: The folder or the disk refuses; `path` still holds what it held.
    """
    whole = asdict(skill)
    lists = {name: _lines([_plain(one) for one in whole.pop(name)]) for name in ("rows", "fan")}
    head = json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False).removesuffix("\n}")
    body = ",\n".join(f' "{name}": [\n{text}\n ]' for name, text in lists.items())
    return save.text(path, seal.sealed_json(f"{head},\n{body}\n}}\n"))


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
    content = read_file.content(given, replace(FILE, way_out=way_out))
    try:
        found = TypeAdapter(Skill).validate_python(seal.unsealed_json(content))
    except ValueError as fault:
        told = fault.errors()[0]["msg"] if isinstance(fault, ValidationError) else str(fault)
        raise FitError("cannot read the backtest", where=str(given), found=told, way_out=way_out) from fault
    if found.case != case.case:
        raise FitError(
            "the backtest is of another case", where=str(given), found=found.case, expected=case.case, way_out=way_out
        )
    return found


def stale(skill: Skill, case: Case) -> list[str]:
    """What changed since: `case`, `figures`, `model`, `forecasts` or `baselines`; empty when nothing has."""
    return [
        name for name, mark in fingerprints(case).items() if not equivalent.same(name, skill.made.get(name, ""), mark)
    ]


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    """Numbers short enough to read, and nothing for what is none."""
    return {name: _short(value) for name, value in row.items()}


def _short(value: object) -> object:
    if not isinstance(value, float):
        return value
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def _lines(records: Sequence[Mapping[str, object]]) -> str:
    return ",\n".join("  " + json.dumps(one, ensure_ascii=False, allow_nan=False) for one in records)
