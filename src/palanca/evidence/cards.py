"""Scorecards on disk: one JSON file each that docs read, tied to the fingerprints of what it rests on."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from palanca.core import digest, read_file, save, seal
from palanca.core.clock import Month
from palanca.core.errors import FitError
from palanca.infer import equivalent
from palanca.infer import store as fits
from palanca.spec.declared import FileFormat
from palanca.spec.schema import Case

SHIPPED = Path(__file__).parent / "shipped"
DIGITS = 5


class AbstractCard(Protocol):
    """What every scorecard says of itself."""

    @property
    def case(self) -> str:
        """Name of the case."""
        ...

    @property
    def made(self) -> Mapping[str, str]:
        """Fingerprints of what it rests on."""
        ...


C = TypeVar("C", bound=AbstractCard)


@dataclass(frozen=True)
class CardKind(Generic[C]):
    """One kind of scorecard.

    Args:
        noun: What is scored, `facts` or `schemes`: names its file and the command that makes it.
        record: The record that holds it.
        format: The declared file that it scores.
        judges: Files of code whose change may change a score; the rest tells.
    """

    noun: str
    record: type[C]
    format: FileFormat[Any]
    judges: tuple[Path, ...]

    def fingerprints(self, case: Case, last: Month | None = None) -> dict[str, str]:
        """What a scorecard rests on, as it is now: case, figures, model, the shipped fit, what is scored, what judges.

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
            self.noun: digest.of_file(self.format.find(case.case)),
            "probes": digest.of_files(list(self.judges)),
        }

    def where(self, case: Case) -> Path:
        """Where the shipped scorecard of a case lies."""
        return SHIPPED / f"{case.case}-{self.noun}.json"

    def write(self, path: Path, card: C, case: Case) -> Path:
        """Store it with what it rests on, one score a line.

        Raises:
            OutputError: The folder or the disk refuses; `path` still holds what it held.
        """
        whole = plain(card) | {"made": self.fingerprints(case)}
        scores = whole.pop("scores")
        assert isinstance(scores, list)  # a tuple of records becomes a list
        head = json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False).removesuffix("\n}")
        lines = ",\n".join("  " + json.dumps(one, ensure_ascii=False, allow_nan=False) for one in scores)
        return save.text(path, seal.sealed_json(f'{head},\n "scores": [\n{lines}\n ]\n}}\n'))

    def read(self, case: Case, path: Path | None = None) -> C:
        """The scorecard of a case; `stale` says whether it still holds.

        Args:
            case: The case.
            path: File to read; the shipped one if nothing.

        Raises:
            FitError: It is missing, corrupt, or of another case.
        """
        given, way_out = path or self.where(case), f"Make it with `palanca evidence {self.noun} {case.case} --ship`."
        if not os.path.lexists(given):
            raise FitError("no scorecard for this case", where=str(given), way_out=way_out)
        file = read_file.FileKind(FitError, f"a scorecard of {self.noun}", 50_000_000)
        content = read_file.content(given, replace(file, way_out=way_out))
        try:
            found = TypeAdapter(self.record).validate_python(seal.unsealed_json(content))
        except ValueError as fault:
            told = "another layout" if isinstance(fault, ValidationError) else str(fault)
            raise FitError("cannot read the scorecard", where=str(given), found=told, way_out=way_out) from fault
        if found.case != case.case:
            raise FitError(
                "the scorecard is of another case",
                where=str(given),
                found=found.case,
                expected=case.case,
                way_out=way_out,
            )
        return found

    def stale(self, card: C, case: Case) -> list[str]:
        """What changed since it was made: names of `fingerprints`; empty when nothing has."""
        now = self.fingerprints(case, Month.parse(card.made["last"]) if "last" in card.made else None)
        return [name for name, mark in now.items() if not equivalent.same(name, card.made.get(name, ""), mark)]


def plain(card: Any) -> dict[str, object]:
    """A scorecard as JSON can hold it, numbers short enough to read."""
    whole = _short(asdict(card))
    assert isinstance(whole, dict)  # a record becomes a mapping
    return whole


def _short(value: object) -> object:
    if isinstance(value, dict):
        return {name: _short(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_short(part) for part in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value
