"""Tells history: a case run on its figures, with every series that can be checked."""

from __future__ import annotations

import typer

from palanca.cli import opened, output, progress
from palanca.cli.options import AllowStale, AsKnown, CaseName, Draws, Fit, Format, Full, How, Key, Out, Pictures, Store

HELP = """What happened, as the official figures and the fitted model tell it?

Runs history month by month: people who set out, are stopped, wait, cross, and are let in or returned, by origin; deaths
on the way and people on hold; and every published series beside the model. For what would have happened otherwise,
see `palanca whatif`."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("run", help=HELP)(run)


def run(
    case: CaseName = "us-mexico",
    *,
    draws: Draws = 200,
    key: Key = 1,
    how: How = Format.table,
    full: Full = False,
    out: Out = None,
    pictures: Pictures = True,
    fit: Fit = None,
    allow_stale: AllowStale = False,
    store: Store = None,
    as_known: AsKnown = "",
) -> None:
    """Check, run, write, show."""
    from palanca.core import save

    opened.case(case, store, as_known)  # faults of a case are told before anything heavy is loaded
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    with progress.bar("reading the figures, compiling, then running histories") as tell:
        model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
        answer = model.run(draws=draws, key=key, run=RunOptions(progress=tell))
    output.deliver(answer, how, out=out, full=full, pictures=pictures)
