"""How many checks of a stored fit are red: a small file beside the fit, so that every answer can say so at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from palanca.core import save
from palanca.core.errors import FitError
from palanca.core.wording import counted
from palanca.infer import store
from palanca.infer.posterior import LEAST_ESS, MOST_R_HAT, Posterior

SEE = "palanca evidence fit"
UNKNOWN = f"How many checks of the fit are red is not on record; {SEE} counts them."


class State(StrEnum):
    """What a check came to."""

    green = "green"
    red = "red"
    unknown = "not checked"


@dataclass(frozen=True)
class CheckCounts:
    """How the checks of one fit came out.

    Args:
        red: Checks that failed.
        checks: All checks, those that could not be made among them.
        content: Fingerprint of the numbers of the fit.
    """

    red: int
    checks: int
    content: str


def where(path: Path) -> Path:
    """The file of the counts beside that of a fit, `NAME.checks.json`."""
    return path.with_suffix(".checks.json")


def count(found: Posterior, states: Iterable[str]) -> CheckCounts:
    """The counts of a fit whose checks came to these states."""
    came = list(states)
    return CheckCounts(came.count(str(State.red)), len(came), store.content(found))


def write(path: Path, counts: CheckCounts) -> Path:
    """Store counts beside the fit in `path`.

    Raises:
        OutputError: The folder or the disk refuses.
    """
    return save.text(where(path), json.dumps(asdict(counts), indent=2) + "\n")


def read(path: Path, found: Posterior) -> CheckCounts | None:
    """The counts stored beside the fit in `path`; nothing if there are none, or if they are of another fit.

    Raises:
        FitError: They are there but cannot be read.
    """
    beside = where(path)
    if not beside.exists():
        return None
    try:
        held = json.loads(beside.read_text(encoding="utf-8"))
        counts = CheckCounts(int(held["red"]), int(held["checks"]), str(held["content"]))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise FitError("cannot read the counts of checks", where=str(beside), found=str(fault)) from fault
    return counts if counts.content == store.content(found) else None


def note(path: Path, found: Posterior) -> str:
    """What every answer says of the fit in `path`; empty when no check is red.

    Raises:
        FitError: The counts are there but cannot be read.
    """
    counts = read(path, found)
    if counts is None:
        return UNKNOWN
    return words(counts) if counts.red else ""


def convergence(found: Posterior) -> str:
    """What every answer says of a sampled fit whose chains do not agree on every number; empty otherwise."""
    done = found.diagnostics
    if done is None or done.converged:
        return ""
    failing = [
        f"R-hat is above {MOST_R_HAT} for {counted(done.apart, 'number')}" if done.apart else "",
        f"{counted(done.short, 'number has', 'numbers have')} fewer than {LEAST_ESS:.0f} independent draws"
        if done.short
        else "",
    ]
    return f"The chains of the fit have not converged: {' and '.join(filter(None, failing))}; see {SEE}."


def words(counts: CheckCounts) -> str:
    """How many checks are red, and where to see which."""
    return f"{counts.red} of {counts.checks} checks of the fit are red; see {SEE}."
