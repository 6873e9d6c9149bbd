"""Predicts turns of policy by fits that never saw their months, beside what was counted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from palanca.cli import opened, output, progress
from palanca.cli.options import (
    AllowStale,
    AsKnown,
    CaseName,
    Draws,
    Fit,
    Format,
    Full,
    How,
    Keep,
    Key,
    Out,
    Pictures,
    Store,
)

HELP = """Does the model foresee turns of policy that it never saw?

Each episode is predicted by a fit without its months: encounters of people under its levers against those of others.
Fits are kept in --keep (by default episodes-CASE in this folder), so that the same command goes on where it
was stopped; the first run takes minutes. What one month's change is made of is for `palanca why`."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("episodes", help=HELP)(episodes)


def episodes(
    case: CaseName = "us-mexico",
    *,
    only: Annotated[list[str] | None, typer.Option(help="An episode by its short name; all if not given.")] = None,
    curved: Annotated[
        bool, typer.Option("--curved", help="Let parameters scatter about each fit's maximum; some minutes more each.")
    ] = False,
    draws: Draws = 400,
    key: Key = 1,
    how: How = Format.table,
    full: Full = False,
    out: Out = None,
    pictures: Pictures = True,
    fit: Fit = None,
    allow_stale: AllowStale = False,
    store: Store = None,
    as_known: AsKnown = "",
    keep: Keep = None,
) -> None:
    """Check, predict, write, show."""
    from palanca.core import save
    from palanca.evidence.episodes import declared as declaring

    declared = opened.case(case, store, as_known)
    declaring.chosen(declared, only)  # bad input is refused before anything heavy is loaded
    kept = keep or Path(f"episodes-{declared.case}")
    for folder in (kept, out):
        if folder is not None:
            save.check_folder(folder)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
    with progress.bar("episodes, each fitted without its months") as tell:
        options = RunOptions(store=kept, progress=tell)
        found = model.evidence.episodes(only, draws=draws, key=key, curved=curved, run=options)
    output.deliver(found, how, out=out, full=full, pictures=pictures)
