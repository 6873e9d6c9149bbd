"""What the deal ledger shows: how well deals are foreseen, and which claims on deals it bears out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from palanca.cli import opened, output, progress
from palanca.cli.options import AllowStale, AsKnown, CaseName, Fit, Format, Full, How, Key, Out, Pictures, Store

HELP = """What does the ledger of deals between governments show?

Scores how well deals are foreseen by fits that never saw them. --only names other parts: whether effort fades (fading),
need mutes criticism (criticism), matters came to be linked (linked-tone), effort costs more with people stuck (price),
what returns and places do together (pathways), how governments react (reactions), what the origin could do
(discretion); or all. Each claim is borne out, not borne out, or not identified."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("ledger", help=HELP)(ledger)


def ledger(
    case: CaseName = "us-mexico",
    *,
    only: Annotated[
        str | None, typer.Option(metavar="PART,PART", help="Parts, as fading,criticism; by default forecasts.")
    ] = None,
    rows: Annotated[Path | None, typer.Option(help="A ledger of your own in place of the case's.")] = None,
    inferred: Annotated[
        bool, typer.Option("--inferred/--no-inferred", help="Whether rows with an inferred link count.")
    ] = True,
    favours: Annotated[bool, typer.Option("--favours", help="Count one-way favours as deals too.")] = False,
    draws: Annotated[int, typer.Option(min=2, max=500, help="Draws of the fit.")] = 64,
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
    """Count, learn, score, write, show."""
    from palanca.core import save
    from palanca.evidence.ledger import parts

    declared = opened.case(case, store, as_known)
    parts.checked(draws, parts.parsed(only))  # bad input is refused before anything heavy is loaded
    _, text = parts.ledger(declared.case, None if rows is None else str(rows))
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
    with progress.bar("parts of the ledger") as tell:
        answer = model.evidence.ledger(
            only=only,
            rows=text,
            inferred=inferred,
            favours=favours,
            draws=draws,
            key=key,
            run=RunOptions(progress=tell),
        )
    output.deliver(answer, how, out=out, full=full, pictures=pictures)
