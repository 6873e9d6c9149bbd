"""What a sweep is to do: so many numbered jobs of equal size, and the fingerprints of all they depend on."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import numpy as np

import palanca
from palanca.core import digest
from palanca.data.read import Figures, packaged_figures
from palanca.spec import schedule
from palanca.spec.schema import Case

Blocks = dict[str, np.ndarray]

MARKS = {  # how an error names each mark; a plan may carry others, which then go by their own name
    "case": "another version of the case",
    "data": "another edition of the figures",
    "code": "other code of the model",
    "fit": "another fit",
    "question": "another question",
    "size": "another number of draws",
    "versions": "other versions of libraries",
}
SHOWN = ("cli", "show", "api", "web")  # packages that show results and cannot change one
LIBRARIES = ("palanca", "jax", "jaxlib", "numpy", "scipy")


class JobFunction(Protocol):
    """A pure function of a job's number; it can be pickled, and is best a frozen dataclass of what it needs."""

    def __call__(self, job: int, /) -> Blocks:
        """Blocks by name, draws (or items) on the last axis; same names, shapes and kinds for every job."""
        ...


@dataclass(frozen=True)
class SweepPlan:
    """A sweep: what one job does, how many there are, and what the results depend on.

    Args:
        name: What the sweep is called in messages.
        jobs: How many jobs.
        marks: Fingerprints of the case, the data, the code, the fit and the question, by those names (see `marks`).
        work: What one job does.
        last: Draws of the last job that count; the rest is padding. All count if not given.
    """

    name: str
    jobs: int
    marks: Mapping[str, str]
    work: JobFunction
    last: int | None = None


def marks(case: Case, free: np.ndarray, question: object, figures: Figures | None = None) -> dict[str, str]:
    """The fingerprints of a sweep over draws of a case.

    Args:
        case: The case.
        free: Free numbers of the draws as handed to the work, (length, draw).
        question: All else that the results depend on, as something JSON can hold: changes, months, seeds, outcomes.
        figures: The figures in force; the packaged ones if nothing.
    """
    given = (figures or packaged_figures()).until(str(case.span.last))
    drawn = np.ascontiguousarray(free)
    return {
        "case": schedule.fingerprint(case),
        "data": given.fingerprint(),
        "code": code(),
        "fit": digest.of_bytes(drawn.tobytes() + str((drawn.shape, drawn.dtype)).encode()),
        "question": digest.of_record(question),
    }


@cache
def code() -> str:
    """One fingerprint of everything in the package that can change a result."""
    root = Path(palanca.__file__).parent
    named = {path.relative_to(root): path for kind in ("*.py", "*.csv", "*.json") for path in root.rglob(kind)}
    kept = {name.as_posix(): path for name, path in named.items() if name.parts[0] not in SHOWN and not _figures(name)}
    return digest.of_record({name: digest.of_file(path) for name, path in kept.items()})


def _figures(name: Path) -> bool:
    """Whether a file is a table of figures, which have a fingerprint of their own."""
    return name.parts[0] == "data" and name.suffix != ".py"


def versions() -> str:
    """Versions on which the bits of a result depend, in one line."""
    return "; ".join([f"python {platform.python_version()}", *(f"{name} {version(name)}" for name in LIBRARIES)])
