"""Loads a case with its figures and its fit, ready to be asked."""

from __future__ import annotations

from pathlib import Path

from palanca.api import compiler
from palanca.api.model import Model
from palanca.infer import check_counts, store
from palanca.questions import corridor
from palanca.spec.load import load as load_case
from palanca.spec.schema import Case


def load(case: str | Path | Case = "us-mexico", *, fit: str | Path | None = None, allow_stale: bool = False) -> Model:
    """A case with the official figures and its fitted parameters.

    Args:
        case: Name of a shipped case, path of a case file, or a case already read.
        fit: File of a fit to use in place of the shipped one.
        allow_stale: Whether a fit of another case, other figures or other code may be used; answers then say so.

    Returns:
        A model; every question is one of its methods.

    Raises:
        CaseErrors: The case file has faults; all of them, each with its line.
        FitError: The fit is missing, corrupt or stale.
        UsageError: The case covers only a part of what the figures count.
    """
    declared = case if isinstance(case, Case) else load_case(str(case))
    compiler.start()
    path = Path(fit) if fit is not None else None
    found, note = store.choose(declared, path, stale_too=allow_stale)
    file = path or store.where(declared)
    notes = tuple(text for text in (check_counts.note(file, found), note) if text)
    text = None
    if isinstance(case, str | Path) and Path(case).is_file():
        text = Path(case).read_text(encoding="utf-8")
    return Model(corridor.open(declared, found, notes, file), text)
