"""Loads a case with its figures and its fit, ready to be asked."""

from __future__ import annotations

from pathlib import Path

from palanca.api import compiler
from palanca.api.model import Model
from palanca.data.read import open_figures
from palanca.infer import check_counts
from palanca.infer import store as fits
from palanca.questions import contents, corridor
from palanca.spec.figures import settled
from palanca.spec.load import load as load_case
from palanca.spec.load import shipped
from palanca.spec.schema import Case


def load(
    case: str | Path | Case = "us-mexico",
    *,
    fit: str | Path | None = None,
    allow_stale: bool = False,
    store: str | Path | None = None,
    as_known: str = "",
) -> Model:
    """A case with the official figures and its fitted parameters.

    Args:
        case: Name of a shipped case, path of a case file, or a case already read; or the name of a shipped bargaining
            table that needs no corridor, such as `eu-turkey`.
        fit: File of a fit to use in place of the shipped one.
        allow_stale: Whether a fit of another case, other figures or other code, or one
            stopped before it converged, may be used; answers then say so.
        store: Folder of releases taken in with `palanca data update`, laid over the packaged figures; if nothing, that
            of `$PALANCA_STORE`, or the usual one where there is one.
        as_known: A month, `YYYY-MM`: only figures that had been published by its end.

    Returns:
        A model; every question is one of its methods.

    Raises:
        CaseErrors: The case file has faults; all of them, each with its line.
        SeriesError: There is no store there, it is damaged, or a series was not known by the date.
        FitError: The fit is missing, corrupt, stale or stopped too early.
        UsageError: The case covers only a part of what the figures count.
    """
    if isinstance(case, str) and case not in shipped() and contents.needs_no_corridor(case):
        return bare(case)
    figures = open_figures(Path(store) if store is not None else None, as_known, "" if isinstance(case, Case) else case)
    months = figures.months()
    declared = settled(case, months) if isinstance(case, Case) else load_case(str(case), months)
    compiler.start()
    path = Path(fit) if fit is not None else None
    found, note = fits.choose(declared, path, stale_too=allow_stale, figures=figures)
    file = path or fits.where(declared)
    notes = tuple(text for text in (check_counts.note(file, found), check_counts.convergence(found), note) if text)
    text = None
    if isinstance(case, str | Path) and Path(case).is_file():
        text = Path(case).read_text(encoding="utf-8")
    name = declared.case if isinstance(case, Case) else str(case)
    return Model(corridor.open(declared, found, notes, file, figures), text, name)


def bare(name: str) -> Model:
    """A case or a bargaining table by its name, with no corridor: for `relief`, and `deal` of tables that need none."""
    compiler.start()
    return Model(None, None, name)
