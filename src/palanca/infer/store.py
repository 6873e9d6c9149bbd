"""A fit on disk, tied to the fingerprints of case, figures and code that made it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import palanca
from palanca.case import schedule
from palanca.case.schema import Case
from palanca.core import digest, save
from palanca.core.errors import FitError
from palanca.data.read import fingerprint as data_fingerprint
from palanca.infer.fit import Fit
from palanca.simulate.parameters import layout

SHIPPED = Path(__file__).parent / "shipped"
CODE = ("flows", "policy", "simulate", "infer", "kernel")
AFTER = {  # these read or show a fit, and cannot change one
    "simulate/ensemble.py", "simulate/record.py", "kernel/guard.py", "kernel/keys.py",
    "infer/agree.py", "infer/history.py", "infer/store.py", "infer/verdict.py", "infer/whatif.py",
}  # fmt: skip
REBUILD = "Make one with `palanca fit {case}` (a name or a file), and run with `--fit fit-{case}.npz`."


@dataclass(frozen=True)
class Marks:
    """What a fit was made from."""

    case: str
    data: str
    code: str


def marks(case: Case) -> Marks:
    """The fingerprints of a case, of the packaged figures, and of the code of the model."""
    return Marks(schedule.fingerprint(case), data_fingerprint(), code_fingerprint())


def code_fingerprint() -> str:
    """One fingerprint of the model's equations and parameters as they stand in the code."""
    root = Path(palanca.__file__).parent
    files = [path for package in CODE for path in sorted((root / package).glob("*.py"))]
    files += [root / "case" / name for name in ("parameters.csv", "mechanisms.csv")]
    named = {path.relative_to(root).as_posix(): path for path in files}
    return digest.of_record({name: digest.of_file(path) for name, path in named.items() if name not in AFTER})


def where(case: Case) -> Path:
    """Where the shipped fit of a case lies."""
    return SHIPPED / f"{case.case}.npz"


def write(path: Path, found: Fit, given: Marks) -> Path:
    """Store a fit; about a megabyte, since the square root of the covariance is kept in single precision."""
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        mode=found.mode,
        factor=found.factor.astype(np.float32),
        spread=found.spread,
        summary=np.array([found.value, found.steps, found.gradient]),
        names=np.array(found.layout.names()),
        marks=np.array([given.case, given.data, given.code]),
    )
    return save.content(path, stream.getvalue())


def read(path: Path, case: Case) -> tuple[Fit, list[str]]:
    """Read a fit and say in which respects it is stale.

    Args:
        path: File of the fit.
        case: The case it is wanted for.

    Returns:
        The fit, and what has changed since it was made: `case`, `figures`, `code`; empty when nothing has.

    Raises:
        FitError: Missing, corrupt, or of a case with other parameters.
    """
    way_out = REBUILD.format(case=case.case)
    if not path.exists():
        raise FitError("no fit for this case", where=str(path), way_out=way_out)
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as parts:
            held = {name: np.array(parts[name]) for name in parts.files}
        mode, factor, spread = held["mode"], held["factor"].astype(float), held["spread"]
        made = Marks(*(str(mark) for mark in held["marks"]))
        names, summary = [str(name) for name in held["names"]], held["summary"]
    except (KeyError, ValueError, OSError, EOFError, TypeError, zipfile.BadZipFile) as fault:
        raise FitError("cannot read the fit", where=str(path), found=str(fault), way_out=way_out) from fault
    given = layout(case)
    if names != given.names():
        raise FitError(
            "the fit is of other parameters",
            where=str(path),
            found=f"{len(names)} numbers",
            expected=f"{given.length} as the case has them",
            way_out=way_out,
        )
    now = marks(case)
    stale = [
        word
        for word, old, new in (
            ("case", made.case, now.case),
            ("figures", made.data, now.data),
            ("code", made.code, now.code),
        )
        if old != new
    ]
    return Fit(given, mode, factor, spread, float(summary[0]), int(summary[1]), float(summary[2])), stale
